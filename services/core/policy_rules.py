"""What each rule of a policy (services/core/policy.py) may be, for an organisation and for one equipment."""

from datetime import time
from typing import Any

from pydantic import ValidationError

from db.states import Role
from services.core.errors import Refusal, Refused
from services.core.policy import Policy

NAMES = tuple(Policy.model_fields)
_SCHEMA = Policy.model_json_schema()["properties"]

OF_EQUIPMENT = ("approval", "longest_days", "turnaround_hours", "who_may_rent")
"""The rules in which an equipment may differ from its organisation, in the order of its card."""

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


def default(rule: str) -> Any:
    """What holds where nobody changed it, as `stored`."""
    return Policy().model_dump(mode="json")[rule]


def valid(rule: str, value: object) -> Any:
    """The value as it is kept, if the rule may be so.

    Raises OUT_OF_RANGE, NOT_A_TIME, NOT_DAYS_OVER, and NOT_FOUND for what is no value of it at all.
    """
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
