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
_HOURS = ("turnaround_hours", "request_hours", "request_reminder_hours", "fetch_hours", "confirm_hours")


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
        N_("Whether somebody has to approve each request."),
        does_of_one=N_("Whether somebody has to approve each request for it."),
    ),
    "approver": Rule(
        N_("Who approves"),
        N_("Minimum role for answering requests and extensions."),
        (Role.LENDER, Role.ADMIN, Role.LEADER),
    ),
    "who_may_rent": Rule(
        N_("Who may rent"),
        N_("Minimum role for borrowing. Others see the equipment with a lock."),
        (Role.USER, Role.LENDER, Role.ADMIN),
        N_("Who may rent it"),
        N_("Minimum role for borrowing it. Others see it with a lock."),
    ),
    "longest_days": Rule(
        N_("Longest rental"),
        N_("How many days equipment may be rented at a time."),
        (1, 3, 7, 14, 30, 60, 365),
        does_of_one=N_("How many days it may be rented at a time."),
    ),
    "open_days_only": Rule(
        N_("Only open days count"),
        N_("Whether the longest rental counts only days on which you are open."),
    ),
    "ahead_days": Rule(
        N_("How far ahead"), N_("How many days ahead a rental may begin."), (14, 30, 90, 180, 365, 730)
    ),
    "most_items": Rule(
        N_("Things at once"),
        N_("How many things a member may have or have requested at once."),
        (1, 3, 5, 10, 20, 100),
    ),
    "overdue_blocks": Rule(
        N_("Nothing new while overdue"),
        N_("Whether members who have something overdue can borrow nothing new until it is back."),
    ),
    "turnaround_hours": Rule(
        N_("Turnaround"),
        N_("How long a thing stays in between two rentals, to be dried, charged or checked."),
        (0, 1, 2, 12, 24, 48),
        does_of_one=N_("How long it stays in between two rentals, to be dried, charged or checked."),
    ),
    "request_holds": Rule(
        N_("Requests hold equipment"),
        N_("Whether requested equipment is held until the request is answered."),
    ),
    "request_hours": Rule(
        N_("Requests expire after"),
        N_(
            "How long a request waits for an answer before it expires, at most until it begins. "
            "Open requests keep their deadline."
        ),
        (12, 24, 48, 72, 168),
    ),
    "request_reminder_hours": Rule(
        N_("Remind of requests after"),
        N_(
            "How many open hours a request waits before it is shown again to those who answer it. "
            "A day before it expires it is shown once more."
        ),
        (2, 4, 6, 12, 24, 48),
    ),
    "fetch_hours": Rule(
        N_("Pick-up deadline"),
        N_("How long after its start an approved rental is kept if nobody picks it up."),
        (2, 12, 24, 48, 72, 168),
    ),
    "desk_hands_out": Rule(
        N_("Hand out without approval"),
        N_(
            "Whether lenders may hand out at the desk what nobody has approved. "
            "Equipment whose own rules ask for approval still needs it."
        ),
    ),
    "serial_numbers_shown": Rule(
        N_("Members see serial numbers"),
        N_("Whether members see an item’s serial number on its card. Lenders always do."),
    ),
    "member_picks_up": Rule(
        N_("Members pick up themselves"),
        N_("Whether members may tap Picked up without a lender being there."),
    ),
    "return_confirmed": Rule(
        N_("Returns need confirmation"), N_("Whether a lender has to confirm what members bring back.")
    ),
    "confirm_hours": Rule(
        N_("Counts as back after"),
        N_("How long a return that a member reports waits for confirmation before it counts as back."),
        (12, 24, 48, 72, 168),
    ),
    "hand_overs": Rule(
        N_("Transfers between members"),
        N_("Whether members may hand equipment over directly to the member who has it next."),
    ),
    "hand_out_at": Rule(
        N_("First day begins"),
        N_("When the first day of a rental begins, within the opening hours if there are any."),
        (time(6), time(8), time(10), time(12), time(16), time(18)),
    ),
    "return_at": Rule(
        N_("Last day ends"),
        N_("When the last day ends if there are no opening hours. 00:00 is midnight at the end of that day."),
        (time(12), time(16), time(18), time(20), time(22), time(0)),
    ),
    "extensions": Rule(
        N_("Extensions per rental"), N_("How many times one rental may be extended."), (0, 1, 2, 3, 5)
    ),
    "extension_days": Rule(
        N_("Longest extension"), N_("How many days one extension may add."), (1, 3, 7, 14, 30)
    ),
    "extension_approval": Rule(
        N_("Extensions need approval"), N_("Whether an extension has to be approved.")
    ),
    "remind_day_before": Rule(
        N_("Reminder the day before"), N_("Whether members are reminded the day before a thing is due.")
    ),
    "remind_at": Rule(
        N_("Reminder time"),
        N_("When reminders are sent the day before and after the due date."),
        _TIMES_OF_DAY,
    ),
    "overdue_days": Rule(
        N_("Overdue reminders"),
        N_("How many days after the due date members are reminded."),
        ((1,), (1, 3), (1, 3, 7), (1, 2, 3, 5, 7)),
    ),
    "overdue_every_days": Rule(
        N_("Then every"),
        N_("How often the reminder is repeated after the last of these."),
        (1, 2, 3, 7, 14, 30),
    ),
    "custody_reminder_days": Rule(
        N_("Still have it"),
        N_(
            "How often members are asked whether they still have what they have until further notice. "
            "0 is never."
        ),
        (0, 30, 60, 90, 180, 365),
    ),
    "digest_at": Rule(
        N_("Daily overdue list"),
        N_("When approvers receive the daily list of what is overdue."),
        _TIMES_OF_DAY,
    ),
    "quiet_from": Rule(
        N_("Quiet from"),
        N_("No reminders are sent after this time. If it is the same as the end, there are no quiet hours."),
        (time(20), time(21), time(22), time(23), time(0)),
    ),
    "quiet_until": Rule(
        N_("Quiet until"),
        N_("No reminders are sent before this time."),
        (time(5), time(6), time(7), time(8), time(9), time(10)),
    ),
    ASK: Rule(
        N_("New members are asked for"),
        N_("What new members are asked for besides their name."),
        ((), ("email",), ("email", "phone"), ("email", "phone", "membership_id")),
    ),
    "passwords": Rule(
        N_("Passwords"),
        N_("Whether members may sign in to the HTTP API with a password, besides tokens and QR codes."),
    ),
    "join_requests": Rule(
        N_("Strangers may ask to join"),
        N_("Whether people without an invite may ask to join. You decide in the group."),
    ),
    "forget_after_months": Rule(
        N_("Forget who borrowed after"),
        N_(
            "How long a rental that is over still says who had it and what they wrote. After that"
            " both are removed for good, and so are the entries of /audit from that time. What "
            "was out, and when, is kept and counted in /stats. 0 is never."
        ),
        (0, 6, 12, 24, 36, 60),
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
        return t("{role} or above", role=role_name(t, value)).unescape()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if rule == ASK:
        return asked_name(t, value)
    if isinstance(value, tuple):
        return ", ".join(str(day) for day in value) or str(t("no"))
    if rule == "extensions":
        return str(t.plural("{n} time", "{n} times", value)) if value else str(t("never"))
    if rule in ("custody_reminder_days", "forget_after_months") and not value:
        return str(t("never"))
    if rule == "forget_after_months":
        return str(t.plural("{n} month", "{n} months", value))
    if rule == "most_items":
        return str(t.plural("{n} thing", "{n} things", value))
    if rule in _HOURS:
        return str(t.plural("{n} hour", "{n} hours", value))
    return str(t.plural("{n} day", "{n} days", value))


def sentence(t: Texts, rule: str, value: Any) -> str:
    """Return a rule of one equipment with its value."""
    return f"{rule_name(t, rule, of_one=True)}: {value_name(t, rule, value)}"


def asked_name(t: Texts, fields: Sequence[str]) -> str:
    """Return the names of the fields; of custom fields only the number."""
    known = [profile_questions.name(t, field) for field in fields if field in ASKABLE]
    own = len(fields) - len(known)
    known += [str(t.plural("{n} field of your own", "{n} fields of your own", own))] if own else []
    return ", ".join(known) or str(t("nothing"))


def hint(t: Texts, rule: str) -> Markup:
    """Return how the value can be typed instead of tapped."""
    usual = choices(rule)[0]
    if rule == ASK:
        return t("Tap what to ask for. Tap again to stop asking for it.")
    if isinstance(usual, time):
        return t("Tap it, or write a time, such as <i>17:30</i>.")
    if isinstance(usual, tuple):
        return t("Tap it, or write the days, such as <i>1, 3, 7</i>.")
    if isinstance(usual, int) and not isinstance(usual, bool):
        return t("Tap it, or write a number.")
    return t("Tap it.")
