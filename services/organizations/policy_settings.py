"""Changing an organisation's rules (services/core/policy.py): what each may be, and one change at a time.

A change holds from then on, for whatever is asked, decided or reminded of later: drafts and open requests are
looked at by the rules of the moment in which they are sent or answered. What was computed before stays: when
a waiting request expires, when a rental begins and is due.
"""

from datetime import datetime, time
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from db.models import Organization
from db.states import Role
from services.core import audit, identity, policy
from services.core.errors import Refusal, Refused
from services.core.identity import Actor
from services.core.policy import Policy

NAMES = tuple(Policy.model_fields)
_SCHEMA = Policy.model_json_schema()["properties"]

_HIGHEST = {
    "most_items": 10_000,
    "request_hours": 24 * 365,
    "fetch_hours": 24 * 365,
    "extensions": 100,
    "extension_days": 3650,
    "overdue_every_days": 365,
}
"""Where the rule itself knows no end, what still makes sense; for the others it is in the rule."""

TIMES = tuple(name for name, value in Policy() if isinstance(value, time))

MOST_DAYS_OVER = 365
MOST_ENTRIES = 10
"""Of the days after which somebody is reminded of what is late."""

LOWEST_APPROVER = Role.LENDER
"""Below that everybody could approve their own."""


def bounds(rule: str) -> tuple[int, int]:
    """The least and the most that a rule which is a number may be."""
    found = _SCHEMA[rule]
    return found.get("minimum", 0), found.get("maximum") or _HIGHEST[rule]


def stored(rule: str, value: Any) -> Any:
    """A value as it is kept, in JSON."""
    return Policy.model_validate({rule: value}).model_dump(mode="json")[rule]


def change(
    session: Session, actor: Actor, now: datetime, rule: str, value: object | None, *, seen: object
) -> Organization:
    """From now on this rule is so; None: as it was by default.

    `seen` is the value that the person saw, as `stored`. Raises NOT_ALLOWED, NOT_FOUND, CHANGED_MEANWHILE,
    OUT_OF_RANGE, NOT_A_TIME, NOT_DAYS_OVER.
    """
    actor.require(Role.LEADER)
    if rule not in NAMES:
        raise Refusal(Refused.NOT_FOUND)
    organization = session.get_one(Organization, actor.organization_id)
    session.refresh(organization, with_for_update={"key_share": True})
    identity.require_open(session, organization.id)
    kept = dict(organization.policy)
    before = policy.of(organization).model_dump(mode="json")[rule]
    if rule == "ask":
        # As policies of old say it.
        kept.pop("ask_email", None)
    after = default(rule) if value is None else _valid(rule, value)
    if value is None:
        kept.pop(rule, None)
    else:
        kept[rule] = after
    if kept == organization.policy:
        return organization
    if before == after:
        # It reads the same: a default that was chosen, or one that is let go, is no change of the rule.
        return organization
    if before != seen:
        raise audit.changed_meanwhile(session, organization.id, "organization", organization.id)
    organization.policy = kept
    session.flush()
    audit.note(
        session,
        now,
        organization_id=organization.id,
        user_id=actor.user_id,
        action="change_rule",
        subject="organization",
        subject_id=organization.id,
        **{rule: [before, after]},
    )
    return organization


def default(rule: str) -> Any:
    """What holds where nobody changed it, as `stored`."""
    return Policy().model_dump(mode="json")[rule]


def _valid(rule: str, value: object) -> Any:
    usual = getattr(Policy(), rule)
    if isinstance(usual, int) and not isinstance(usual, bool):
        least, most = bounds(rule)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Refusal(Refused.OUT_OF_RANGE, least=least, most=most)
    if rule in TIMES and not isinstance(value, time):
        raise Refusal(Refused.NOT_A_TIME)
    if isinstance(usual, tuple) and not isinstance(value, tuple) and rule != "overdue_days":
        raise Refusal(Refused.NOT_FOUND)
    if rule == "overdue_days":
        value = _days_over(value)
    try:
        found = Policy.model_validate({rule: value})
    except ValidationError:
        raise Refusal(Refused.NOT_FOUND) from None
    if rule == "approver" and not found.approver.covers(LOWEST_APPROVER):
        raise Refusal(Refused.NOT_FOUND)
    return found.model_dump(mode="json")[rule]


def _days_over(value: object) -> tuple[int, ...]:
    days = sorted(set(value)) if isinstance(value, tuple) else [0]
    fits = all(isinstance(day, int) and 1 <= day <= MOST_DAYS_OVER for day in days)
    if not fits or len(days) > MOST_ENTRIES:
        raise Refusal(Refused.NOT_DAYS_OVER, most=MOST_DAYS_OVER, entries=MOST_ENTRIES)
    return tuple(days)
