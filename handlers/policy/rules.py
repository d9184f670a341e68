"""The table of all rules of a policy: name, explanation, values.

Both editors read it: `/policy` for the organization, and the card of an equipment for its exceptions. A test
holds it complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import N_, Texts
from handlers.members import profile_questions
from handlers.ui.refusals import role_name
from services.core.policy import ASKABLE

ASK = "ask"
"""The rule with several values: the fields that new members are asked for. Each is toggled by itself."""

_TIMES_OF_DAY = (time(7), time(8), time(9), time(12), time(16), time(18))
_HOURS = ("turnaround_hours", "request_hours", "fetch_hours")


@dataclass(frozen=True)
class Rule:
    """One rule. `choices`: usual values, one tap away.

    `name_of_one` and `does_of_one`: its name and explanation as a rule of one equipment, if it can be one.
    """

    name: str
    does: str
    choices: Sequence[Any] = (True, False)
    name_of_one: str = ""
    does_of_one: str = ""


RULES: Mapping[str, Rule] = {
    "approval": Rule(
        N_("Needs approval"),
        N_("Whether somebody has to say yes before a thing is promised."),
        does_of_one=N_("Whether somebody has to say yes before it is promised."),
    ),
    "approver": Rule(
        N_("Who approves"),
        N_("From which role on one may approve, decline and allow more time."),
        (Role.LENDER, Role.ADMIN, Role.LEADER),
    ),
    "who_may_rent": Rule(
        N_("Who may rent"),
        N_("From which role on one may borrow. Others see the things, with a lock."),
        (Role.USER, Role.LENDER, Role.ADMIN),
        N_("Who may rent it"),
        N_("From which role on it may be rented. Others see it, with a lock."),
    ),
    "longest_days": Rule(
        N_("Longest rental"),
        N_("How many days a thing may be rented at a time."),
        (1, 3, 7, 14, 30, 60, 365),
        does_of_one=N_("How many days it may be rented at a time."),
    ),
    "ahead_days": Rule(
        N_("How far ahead"), N_("How many days ahead one may ask."), (14, 30, 90, 180, 365, 730)
    ),
    "most_items": Rule(
        N_("At once"),
        N_("How many things a member may have, or have asked for, at once."),
        (1, 3, 5, 10, 20, 100),
    ),
    "turnaround_hours": Rule(
        N_("Turnaround"),
        N_("How long a thing rests between two rentals, to dry, charge or check it."),
        (0, 1, 2, 12, 24, 48),
        does_of_one=N_("How long it rests between two rentals, to dry, charge or check it."),
    ),
    "request_holds": Rule(
        N_("Requests hold things"),
        N_("Whether what somebody asked for is kept from others until the answer."),
    ),
    "request_hours": Rule(
        N_("Requests expire after"),
        N_("When a request that nobody answers runs out; those that wait keep their time."),
        (12, 24, 48, 72, 168),
    ),
    "fetch_hours": Rule(
        N_("Wait for pick-up"),
        N_("How long an approved rental that nobody fetches is kept, from its beginning."),
        (2, 12, 24, 48, 72, 168),
    ),
    "member_picks_up": Rule(
        N_("Members pick up themselves"), N_("Whether members may tap Picked up without a lender.")
    ),
    "return_confirmed": Rule(
        N_("Returns are confirmed"), N_("Whether a lender confirms what members bring back.")
    ),
    "hand_overs": Rule(
        N_("From member to member"),
        N_("Whether members may hand a thing over to whoever has it next, without the desk."),
    ),
    "hand_out_at": Rule(
        N_("First day begins"),
        N_("When the first day of a rental begins; within the opening hours, if there are any."),
        (time(6), time(8), time(10), time(12), time(16), time(18)),
    ),
    "return_at": Rule(
        N_("Last day ends"),
        N_("When the last day ends, where no opening hours say it; 00:00 is the end of the day."),
        (time(12), time(16), time(18), time(20), time(22), time(0)),
    ),
    "extensions": Rule(N_("How often"), N_("How often one rental may be extended."), (0, 1, 2, 3, 5)),
    "extension_days": Rule(N_("How long at a time"), N_("By how many days at the most."), (1, 3, 7, 14, 30)),
    "extension_approval": Rule(N_("More time needs a yes"), N_("Whether somebody has to allow it.")),
    "remind_day_before": Rule(
        N_("The day before"), N_("Whether members are reminded on the day before a thing is due.")
    ),
    "remind_at": Rule(
        N_("Reminders come at"),
        N_("When the reminders of the day before, and of what is late, come."),
        _TIMES_OF_DAY,
    ),
    "overdue_days": Rule(
        N_("Days late"),
        N_("After how many days late members are reminded."),
        ((1,), (1, 3), (1, 3, 7), (1, 2, 3, 5, 7)),
    ),
    "overdue_every_days": Rule(
        N_("Then again every"),
        N_("How many days after the last of these they are reminded again, and again."),
        (1, 2, 3, 7, 14, 30),
    ),
    "digest_at": Rule(
        N_("List of what is late"),
        N_("When those who approve read each day what is late."),
        _TIMES_OF_DAY,
    ),
    "quiet_from": Rule(
        N_("Quiet from"),
        N_("From then on no reminders are sent; the same time as the end means no quiet hours."),
        (time(20), time(21), time(22), time(23), time(0)),
    ),
    "quiet_until": Rule(
        N_("Quiet until"),
        N_("Until then no reminders are sent."),
        (time(5), time(6), time(7), time(8), time(9), time(10)),
    ),
    ASK: Rule(
        N_("New members are asked for"),
        N_("What new members are asked, beside their name."),
        ((), ("email",), ("email", "phone"), ("email", "phone", "membership_id")),
    ),
    "join_requests": Rule(
        N_("Strangers may ask to join"),
        N_("Whether somebody without an invite may ask to join; you decide it in the group."),
    ),
}


def choices(rule: str) -> Sequence[Any]:
    return RULES[rule].choices


def is_tapped_only(rule: str) -> bool:
    """Return whether its value cannot be typed: yes or no, a role, a set of fields."""
    return rule == ASK or isinstance(choices(rule)[0], str | bool)


def rule_name(t: Texts, rule: str, *, of_one: bool = False) -> str:
    """Return the rule's name; `of_one`: as a rule of one equipment."""
    found = RULES[rule]
    return str(t(found.name_of_one if of_one and found.name_of_one else found.name))


def does(t: Texts, rule: str, *, of_one: bool = False) -> Markup:
    """Return the rule's explanation, in a sentence."""
    found = RULES[rule]
    return t(found.does_of_one if of_one and found.does_of_one else found.does)


def value_name(t: Texts, rule: str, value: Any) -> str:
    """Return the value as text for people."""
    if isinstance(value, bool):
        if rule == "approval":
            return str(t("always")) if value else str(t("never"))
        return str(t("yes")) if value else str(t("no"))
    if value is Role.USER:
        return str(t("every member"))
    if isinstance(value, Role):
        return str(t("from {role} on", role=role_name(t, value)))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if rule == ASK:
        return asked_name(t, value)
    if isinstance(value, tuple):
        return ", ".join(str(day) for day in value) or str(t("no"))
    if rule == "extensions":
        return str(t.plural("{n} time", "{n} times", value)) if value else str(t("never"))
    if rule == "most_items":
        return str(t.plural("{n} thing", "{n} things", value))
    if rule in _HOURS:
        return str(t.plural("{n} hour", "{n} hours", value))
    return str(t.plural("{n} day", "{n} days", value))


def asked_name(t: Texts, fields: Sequence[str]) -> str:
    """Return the names of the fields; of custom fields only the number."""
    known = [str(profile_questions.name(t, field)) for field in fields if field in ASKABLE]
    own = len(fields) - len(known)
    known += [str(t.plural("{n} field of your own", "{n} fields of your own", own))] if own else []
    return ", ".join(known) or str(t("nothing"))


def hint(t: Texts, rule: str) -> Markup:
    """Return how the value can be typed instead of tapped."""
    usual = choices(rule)[0]
    if rule == ASK:
        return t("Tap what is asked; tap it again, and it is not.")
    if isinstance(usual, time):
        return t("Tap it, or write a time, such as <i>17:30</i>.")
    if isinstance(usual, tuple):
        return t("Tap it, or write the days, such as <i>1, 3, 7</i>.")
    if isinstance(usual, int) and not isinstance(usual, bool):
        return t("Tap it, or write a number.")
    return t("Tap it.")
