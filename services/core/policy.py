"""The rules that an organization sets for itself, with defaults for a small club.

An organization stores only the rules that it changed; equipment may override some of them.
"""

import re
from datetime import time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from db.models import Equipment, Organization
from db.states import Role
from services.core.errors import Refusal, Refused

ASKABLE = ("email", "phone", "membership_id", "postal_code", "city", "born_on", "other_id")
"""Details that new members can be asked for beside their name; own fields are added as `field:7`."""

_OWN_FIELD = re.compile(r"field:[0-9]{1,18}")


class Policy(BaseModel):
    """All rules with their defaults. Hours and days are whole numbers; times are local."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    approval: bool = True
    approver: Role = Role.ADMIN
    who_may_rent: Role = Role.USER
    longest_days: int = Field(default=30, ge=1, le=3650)
    open_days_only: bool = False
    ahead_days: int = Field(default=365, ge=1, le=3650)
    most_items: int = Field(default=20, ge=1)
    overdue_blocks: bool = False
    turnaround_hours: int = Field(default=0, ge=0, le=24 * 30)
    request_holds: bool = True
    request_hours: int = Field(default=72, ge=1)
    request_reminder_hours: int = Field(default=6, ge=1, le=24 * 30)
    fetch_hours: int = Field(default=24, ge=1)
    desk_hands_out: bool = True
    member_picks_up: bool = True
    return_confirmed: bool = True
    confirm_hours: int = Field(default=48, ge=1)
    hand_overs: bool = True
    extensions: int = Field(default=2, ge=0)
    extension_days: int = Field(default=14, ge=1)
    extension_approval: bool = True
    remind_day_before: bool = True
    remind_at: time = time(9, 0)
    overdue_days: tuple[int, ...] = (1, 3, 7)
    overdue_every_days: int = Field(default=7, ge=1)
    custody_reminder_days: int = Field(default=90, ge=0, le=3650)
    quiet_from: time = time(22, 0)
    quiet_until: time = time(7, 0)
    digest_at: time = time(9, 0)
    hand_out_at: time = time(8, 0)
    return_at: time = time(20, 0)
    serial_numbers_shown: bool = False
    ask: tuple[str, ...] = ()
    join_requests: bool = False
    passwords: bool = False
    forget_after_months: int = Field(default=0, ge=0, le=120)

    @model_validator(mode="before")
    @classmethod
    def _ask_email(cls, rules: Any) -> Any:
        """Read the older rule `ask_email` as asking for the email address."""
        if isinstance(rules, dict) and rules.get("ask_email") and "ask" not in rules:
            return {**rules, "ask": ("email",)}
        return rules

    @field_validator("ask")
    @classmethod
    def _askable(cls, ask: tuple[str, ...]) -> tuple[str, ...]:
        """Validate the details and drop duplicates, in order."""
        for one in ask:
            if one not in ASKABLE and not _OWN_FIELD.fullmatch(one):
                raise ValueError(f"cannot be asked for: {one}")
        return tuple(dict.fromkeys(ask))

    @property
    def turnaround(self) -> timedelta:
        return timedelta(hours=self.turnaround_hours)


_USUAL = Policy()


def of(organization: Organization, equipment: Equipment | None = None) -> Policy:
    """Return the rules that apply to this equipment, or to the organization as a whole.

    Raises SETTINGS_WRONG for stored rules that are impossible.
    """
    try:
        return Policy.model_validate(_merged(organization, equipment))
    except ValidationError as error:
        first = error.errors()[0]
    rule = str(first["loc"][0]) if first["loc"] else "policy"
    of_one = equipment is not None and (not isinstance(equipment.policy, dict) or rule in equipment.policy)
    raise Refusal(
        Refused.SETTINGS_WRONG,
        organization=organization.name,
        setting=rule,
        value=str(first["input"])[:100],
        equipment=equipment.name if equipment is not None and of_one else None,
    )


def _merged(organization: Organization, equipment: Equipment | None) -> Any:
    own = equipment.policy if equipment is not None else {}
    if isinstance(organization.policy, dict) and isinstance(own, dict):
        return organization.policy | own
    # Whichever is no table of rules at all: refused as a whole.
    return own if isinstance(organization.policy, dict) else organization.policy


def readable(rules: object) -> tuple[Policy, tuple[str, ...]]:
    """Return stored rules with defaults in place of impossible ones, for those who can set them anew; and the
    names of those.
    """
    if not isinstance(rules, dict):
        return Policy(), NAMES
    stored: dict[str, Any] = rules
    wrong = tuple(name for name, value in stored.items() if not _is_possible(name, value))
    return Policy.model_validate({k: v for k, v in stored.items() if k not in wrong}), wrong


def who_may_rent(rules: dict[str, Any]) -> Role:
    """Return the minimum role that stored rules ask for, the usual one for an impossible one: a list that
    one rule empties could not lead to where it is set anew.
    """
    own = {name: value for name, value in rules.items() if name == "who_may_rent"}
    return readable(own)[0].who_may_rent if own else _USUAL.who_may_rent


def _is_possible(rule: str, value: Any) -> bool:
    try:
        Policy.model_validate({rule: value})
    except ValidationError:
        return False
    return True


TIMEZONE = "timezone"
"""The setting of an organization beside its rules, in the data of SETTINGS_WRONG."""


def zone_of(organization: Organization) -> ZoneInfo:
    """Return the zone of an organization's days and opening hours. Raises SETTINGS_WRONG."""
    try:
        return ZoneInfo(organization.timezone)
    # A name that leads out of the zones' folder is a ValueError, one of a folder in it an OSError.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(
            Refused.SETTINGS_WRONG,
            organization=organization.name,
            setting=TIMEZONE,
            value=organization.timezone[:100],
            equipment=None,
        ) from None


def zone_for_texts(organization: Organization) -> ZoneInfo:
    """Return the zone for a reader's texts; without one, those can be read that tell no time."""
    try:
        return zone_of(organization)
    except Refusal as refusal:
        return _Nowhere.of(refusal)


class _Nowhere(ZoneInfo):
    """A time zone that cannot tell any time: raises SETTINGS_WRONG when asked for one."""

    refusal: Refusal

    @classmethod
    def of(cls, refusal: Refusal) -> "_Nowhere":
        zone = cls.no_cache("UTC")
        zone.refusal = refusal
        return zone

    def utcoffset(self, *_: object) -> None:
        raise self.refusal

    def fromutc(self, *_: object) -> None:  # type: ignore[override]
        raise self.refusal


NAMES = tuple(Policy.model_fields)

OF_EQUIPMENT = ("approval", "longest_days", "turnaround_hours", "who_may_rent")
"""The rules that equipment may override, in the order of its card."""

_HIGHEST = {
    "most_items": 10_000,
    "request_hours": 24 * 365,
    "fetch_hours": 24 * 365,
    "confirm_hours": 24 * 365,
    "extensions": 100,
    "extension_days": 3650,
    "overdue_every_days": 365,
}
"""Sensible maxima of rules whose field has none."""

TIMES = tuple(name for name, value in Policy() if isinstance(value, time))

MOST_DAYS_OVER = 365
MOST_ENTRIES = 10
"""Limits of `overdue_days`: the latest day after the due date, and the number of entries."""

LOWEST_APPROVER = Role.LENDER
"""The lowest role that may approve; below it everybody could approve their own rentals."""


@cache
def _schema() -> dict[str, Any]:
    """Return the rules' bounds as JSON schema: made when first used, as that takes long."""
    properties: dict[str, Any] = Policy.model_json_schema()["properties"]
    return properties


def bounds(rule: str) -> tuple[int, int]:
    """Return the minimum and maximum of a numeric rule."""
    found = _schema()[rule]
    return found.get("minimum", 0), found.get("maximum") or _HIGHEST[rule]


def stored(rule: str, value: Any) -> Any:
    """Return a value as it is stored, in JSON."""
    return Policy.model_validate({rule: value}).model_dump(mode="json")[rule]


def default(rule: str) -> Any:
    """Return the default value as it is stored."""
    return Policy().model_dump(mode="json")[rule]


def valid(rule: str, value: object) -> Any:
    """Return the value as it is stored, if the rule allows it.

    Raises OUT_OF_RANGE, NOT_A_TIME, NOT_DAYS_OVER, and NOT_FOUND for a value of another type.
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


def of_json(rule: str, value: object) -> Any:
    """Return the value that JSON stands for. Raises as `valid` does, but VALUE_EMPTY for another type."""
    try:
        meant = getattr(Policy.model_validate({rule: value}), rule)
        valid(rule, meant)
    except (ValidationError, OverflowError):
        raise Refusal(Refused.VALUE_EMPTY) from None
    except Refusal as refusal:
        raise Refusal(Refused.VALUE_EMPTY) if refusal.code is Refused.NOT_FOUND else refusal from None
    return meant


def _days_over(value: object) -> tuple[int, ...]:
    days = sorted(set(value)) if isinstance(value, tuple) else [0]
    fits = all(isinstance(day, int) and 1 <= day <= MOST_DAYS_OVER for day in days)
    if not fits or len(days) > MOST_ENTRIES:
        raise Refusal(Refused.NOT_DAYS_OVER, most=MOST_DAYS_OVER, entries=MOST_ENTRIES)
    return tuple(days)
