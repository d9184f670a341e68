"""Views of the policy: the card of all rules by group, a group, and a rule."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.members import profile_questions
from handlers.policy import rules as words
from handlers.policy import values
from handlers.ui.form import _BESIDE, Data, folded, short, side_by_side
from handlers.ui.message import Button, Message
from services.core.policy import ASKABLE, Policy

GROUPS: Mapping[str, Sequence[str]] = {
    "approval": ("approval", "approver"),
    "limits": (
        "who_may_rent",
        "longest_days",
        "open_days_only",
        "ahead_days",
        "most_items",
        "overdue_blocks",
        "turnaround_hours",
    ),
    "requests": ("request_holds", "request_hours", "request_reminder_hours", "fetch_hours"),
    "handovers": (
        "desk_hands_out",
        "member_picks_up",
        "return_confirmed",
        "confirm_hours",
        "hand_overs",
        "hand_out_at",
        "return_at",
        "serial_numbers_shown",
    ),
    "extensions": ("extensions", "extension_days", "extension_approval"),
    "reminders": (
        "remind_day_before",
        "remind_at",
        "overdue_days",
        "overdue_every_days",
        "custody_reminder_days",
        "digest_at",
    ),
    "quiet": ("quiet_from", "quiet_until"),
    "joining": ("ask", "join_requests", "passwords"),
    "kept": ("forget_after_months",),
}
"""Rules by group, in the order of the card."""

_BESIDE_MARKED = 15
"""Like `_BESIDE` in handlers/ui/form.py, for labels that get a ✓ when tapped: the rows stay as they are."""


def group_name(t: Texts, group: str) -> str:
    return {
        "approval": str(t("Approval")),
        "limits": str(t("What may be rented")),
        "requests": str(t("Requests")),
        "handovers": str(t("Pick-up and return")),
        "extensions": str(t("Extensions")),
        "reminders": str(t("Reminders")),
        "quiet": str(t("Quiet hours")),
        "joining": str(t("Joining")),
        "kept": str(t("What is kept")),
    }[group]


def _back(t: Texts, data: Data) -> tuple[Button, ...]:
    return (Button(str(t("Back")), data("back", "")),)


def card(t: Texts, organization: str, rule: Policy, data: Data, problem: Markup | None) -> Message:
    """Return all rules with their values; a tap on a group explains its rules."""
    said: list[Markup | str] = []
    for group, rules in GROUPS.items():
        said += ["", Markup("<b>{}</b>").format(group_name(t, group))]
        said += [_line(t, name, getattr(rule, name)) for name in rules]
    buttons = [Button(group_name(t, group), data("group", group)) for group in GROUPS]
    rows = [*side_by_side(buttons), (Button(str(t("Opening days")), data("opening", "")),)]
    rows.append((Button(str(t("Done")), data("cancel", "")),))
    text = lines(
        problem, t("<b>The rules of {organization}</b>", organization=organization), folded(said[1:])
    )
    return Message(text, tuple(rows))


def _line(t: Texts, rule: str, value: Any) -> Markup:
    return Markup("{}: {}").format(words.rule_name(t, rule), words.value_name(t, rule, value))


def group(t: Texts, name: str, rule: Policy, data: Data, problem: Markup | None, *, changes: bool) -> Message:
    """Return the rules of one group, each with an explanation."""
    said: list[Markup | str] = []
    for one in GROUPS[name]:
        value = words.value_name(t, one, getattr(rule, one))
        said += ["", Markup("{}: <b>{}</b>").format(words.rule_name(t, one), value), words.does(t, one)]
    if not changes:
        said += ["", t("Only a leader can change the rules.")]
    buttons = [Button(words.rule_name(t, one), data("rule", one)) for one in GROUPS[name]]
    rows = [*(side_by_side(buttons) if changes else ()), _back(t, data)]
    text = lines(problem, Markup("<b>{}</b>").format(group_name(t, name)), *said)
    return Message(text, tuple(rows))


def choice(
    t: Texts,
    rule: str,
    value: Any,
    default: Any,
    data: Data,
    problem: Markup | None,
    own: Mapping[str, str] | None = None,
    said: int | None = None,
) -> Message:
    """Return one rule: its explanation and values. `own`: custom fields of members, with labels; `said`: a
    value that was asked for in words, first.
    """
    wanted: list[Button] = []
    if said is not None:
        label = t("Set to {value}", value=words.value_name(t, rule, said)).unescape()
        wanted = [Button(label, data("set", str(said)))]
    if rule == words.ASK:
        fields = {field: profile_questions.name(t, field) for field in ASKABLE} | dict(own or {})
        buttons = [
            Button(("✓ " if field in value else "") + short(label, 36), data("ask", field))
            for field, label in fields.items()
        ]
    else:
        known = {one.data for one in wanted}
        buttons = [one for one in values.buttons(t, rule, value, data) if one.data not in known]
    reset = Button(
        t("Reset to the default ({value})", value=words.value_name(t, rule, default)).unescape(),
        data("default", ""),
    )
    rows = [
        *((one,) for one in wanted),
        *side_by_side(buttons, _BESIDE_MARKED if rule == words.ASK else _BESIDE),
        *([(reset,)] if value != default else []),
        _back(t, data),
    ]
    name, now = words.rule_name(t, rule), words.value_name(t, rule, value)
    text = lines(problem, Markup("<b>{}: {}</b>").format(name, now), words.does(t, rule), words.hint(t, rule))
    return Message(text, tuple(rows))
