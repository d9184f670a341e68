"""Changing an organisation's rules (services/core/policy.py), one at a time.

A change holds from then on, for whatever is asked, decided or reminded of later: drafts and open requests are
looked at by the rules of the moment in which they are sent or answered. What was computed before stays: when
a waiting request expires, when a rental begins and is due.
"""

from db.models import Organization
from db.states import Role
from services.core import audit, policy
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.organizations import management


def change(tx: Tx, rule: str, value: object | None, *, seen: object) -> Organization:
    """From now on this rule is so; None: as it was by default.

    `seen` is the value that the person saw, as `policy.stored`. Raises NOT_ALLOWED, NOT_FOUND,
    CHANGED_MEANWHILE, OUT_OF_RANGE, NOT_A_TIME, NOT_DAYS_OVER.
    """
    tx.actor.require(Role.LEADER)
    if rule not in policy.NAMES:
        raise Refusal(Refused.NOT_FOUND)
    organization = management.locked(tx)
    kept = dict(organization.policy)
    before = policy.of(organization).model_dump(mode="json")[rule]
    if rule == "ask":
        # As policies of old say it.
        kept.pop("ask_email", None)
    after = policy.default(rule) if value is None else policy.valid(rule, value)
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
        raise audit.changed_meanwhile(tx.session, organization.id, "organization", organization.id)
    organization.policy = kept
    tx.session.flush()
    audit.note(
        tx,
        organization_id=organization.id,
        user_id=tx.actor.user_id,
        action="change_rule",
        subject="organization",
        subject_id=organization.id,
        **{rule: [before, after]},
    )
    return organization
