"""Every rule of an organisation in words: its name, what it does, its values. A test holds them complete."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts
from handlers.members import profile_questions
from handlers.ui.refusals import role_name
from services.core.policy import ASKABLE

GROUPS: Mapping[str, Sequence[str]] = {
    "approval": ("approval", "approver"),
    "limits": ("who_may_rent", "longest_days", "ahead_days", "most_items", "turnaround_hours"),
    "requests": ("request_holds", "request_hours", "fetch_hours"),
    "handovers": ("member_picks_up", "return_confirmed", "hand_overs", "hand_out_at", "return_at"),
    "extensions": ("extensions", "extension_days", "extension_approval"),
    "reminders": ("remind_day_before", "remind_at", "overdue_days", "overdue_every_days", "digest_at"),
    "quiet": ("quiet_from", "quiet_until"),
    "joining": ("ask", "join_requests"),
}
"""In the order of the card."""

ASK = "ask"
"""The rule that is several things at once: what new members are asked. Each is tapped by itself."""

_HOURS = ("turnaround_hours", "request_hours", "fetch_hours")

CHOICES: Mapping[str, Sequence[Any]] = {
    "approver": (Role.LENDER, Role.ADMIN, Role.LEADER),
    "who_may_rent": (Role.USER, Role.LENDER, Role.ADMIN),
    "longest_days": (3, 7, 14, 30, 60, 365),
    "ahead_days": (14, 30, 90, 180, 365, 730),
    "most_items": (1, 3, 5, 10, 20, 100),
    "turnaround_hours": (0, 1, 2, 12, 24, 48),
    "request_hours": (12, 24, 48, 72, 168),
    "fetch_hours": (2, 12, 24, 48, 72, 168),
    "hand_out_at": (time(6), time(8), time(10), time(12), time(16), time(18)),
    "return_at": (time(12), time(16), time(18), time(20), time(22), time(0)),
    "extensions": (0, 1, 2, 3, 5),
    "extension_days": (1, 3, 7, 14, 30),
    "remind_at": (time(7), time(8), time(9), time(12), time(16), time(18)),
    "overdue_days": ((1,), (1, 3), (1, 3, 7), (1, 2, 3, 5, 7)),
    "overdue_every_days": (1, 2, 3, 7, 14, 30),
    "digest_at": (time(7), time(8), time(9), time(12), time(16), time(18)),
    ASK: ((), ("email",), ("email", "phone"), ("email", "phone", "membership_id")),
    "quiet_from": (time(20), time(21), time(22), time(23), time(0)),
    "quiet_until": (time(5), time(6), time(7), time(8), time(9), time(10)),
}
"""What makes sense, one tap away. A rule that is not here is yes or no."""


def choices(rule: str) -> Sequence[Any]:
    return CHOICES.get(rule, (True, False))


def group_name(t: Texts, group: str) -> str:
    return {
        "approval": str(t("Approval")),
        "limits": str(t("What may be rented")),
        "requests": str(t("Requests")),
        "handovers": str(t("Pick-up and return")),
        "extensions": str(t("More time")),
        "reminders": str(t("Reminders")),
        "quiet": str(t("Quiet hours")),
        "joining": str(t("Joining")),
    }[group]


def rule_name(t: Texts, rule: str) -> str:
    return {
        "approval": str(t("Needs approval")),
        "approver": str(t("Who approves")),
        "who_may_rent": str(t("Who may rent")),
        "longest_days": str(t("Longest rental")),
        "ahead_days": str(t("How far ahead")),
        "most_items": str(t("At once")),
        "turnaround_hours": str(t("Turnaround")),
        "request_holds": str(t("Requests hold things")),
        "request_hours": str(t("Requests expire after")),
        "fetch_hours": str(t("Wait for pick-up")),
        "member_picks_up": str(t("Members pick up themselves")),
        "return_confirmed": str(t("Returns are confirmed")),
        "hand_overs": str(t("From member to member")),
        "hand_out_at": str(t("First day begins")),
        "return_at": str(t("Last day ends")),
        "extensions": str(t("How often")),
        "extension_days": str(t("How long at a time")),
        "extension_approval": str(t("More time needs a yes")),
        "remind_day_before": str(t("The day before")),
        "remind_at": str(t("Reminders come at")),
        "overdue_days": str(t("Days late")),
        "overdue_every_days": str(t("Then again every")),
        "digest_at": str(t("List of what is late")),
        "quiet_from": str(t("Quiet from")),
        "quiet_until": str(t("Quiet until")),
        "ask": str(t("New members are asked for")),
        "join_requests": str(t("Strangers may ask to join")),
    }[rule]


def does(t: Texts, rule: str) -> Markup:
    """What the rule does, in a sentence."""
    return {
        "approval": t("Whether somebody has to say yes before a thing is promised."),
        "approver": t("From which role on one may approve, decline and allow more time."),
        "who_may_rent": t("From which role on one may borrow. Others see the things, with a lock."),
        "longest_days": t("How many days a thing may be rented at a time."),
        "ahead_days": t("How many days ahead one may ask."),
        "most_items": t("How many things a member may have, or have asked for, at once."),
        "turnaround_hours": t("How long a thing rests between two rentals, to dry, charge or check it."),
        "request_holds": t("Whether what somebody asked for is kept from others until the answer."),
        "request_hours": t("When a request that nobody answers runs out; those that wait keep their time."),
        "fetch_hours": t("How long an approved rental that nobody fetches is kept, from its beginning."),
        "member_picks_up": t("Whether members may tap Picked up without a lender."),
        "return_confirmed": t("Whether a lender confirms what members bring back."),
        "hand_overs": t("Whether members may hand a thing over to whoever has it next, without the desk."),
        "hand_out_at": t(
            "When the first day of a rental begins; within the opening hours, if there are any."
        ),
        "return_at": t("When the last day ends, where no opening hours say it; 00:00 is the end of the day."),
        "extensions": t("How often one rental may be extended."),
        "extension_days": t("By how many days at the most."),
        "extension_approval": t("Whether somebody has to allow it."),
        "remind_day_before": t("Whether members are reminded on the day before a thing is due."),
        "remind_at": t("When the reminders of the day before, and of what is late, come."),
        "overdue_days": t("After how many days late members are reminded."),
        "overdue_every_days": t("How many days after the last of these they are reminded again, and again."),
        "digest_at": t("When those who approve read each day what is late."),
        "quiet_from": t("From then on no reminders are sent; the same time as the end means no quiet hours."),
        "quiet_until": t("Until then no reminders are sent."),
        "ask": t("What new members are asked, beside their name."),
        "join_requests": t("Whether somebody without an invite may ask to join; you decide it in the group."),
    }[rule]


def value_name(t: Texts, rule: str, value: Any) -> str:
    """The value as people say it."""
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
    """What is asked; of the organisation's own fields only how many."""
    known = [str(profile_questions.name(t, field)) for field in fields if field in ASKABLE]
    own = len(fields) - len(known)
    known += [str(t.plural("{n} field of your own", "{n} fields of your own", own))] if own else []
    return ", ".join(known) or str(t("nothing"))


def hint(t: Texts, rule: str) -> Markup:
    """How else it may be written than by tapping."""
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
