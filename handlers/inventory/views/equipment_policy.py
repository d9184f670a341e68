"""The rules of one equipment: what it has of its own, and what is as in the organisation."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.ui.form import Data
from handlers.ui.message import Button, Message
from handlers.ui.refusals import keep, role_name
from services.core.errors import Refusal, Refused
from services.core.policy import Policy

Own = Mapping[str, Any]

RULES = ("approval", "longest_days", "turnaround_hours", "who_may_rent")
"""In the order of the card."""

CHOICES: Mapping[str, Sequence[Any]] = {
    "approval": (True, False),
    "longest_days": (1, 3, 7, 14, 30),
    "turnaround_hours": (0, 2, 12, 24, 48),
    "who_may_rent": (Role.USER, Role.LENDER, Role.ADMIN),
}


def rule_name(t: Texts, rule: str) -> str:
    return {
        "approval": str(t("Needs approval")),
        "longest_days": str(t("Longest rental")),
        "turnaround_hours": str(t("Turnaround")),
        "who_may_rent": str(t("Who may rent it")),
    }[rule]


def _does(t: Texts, rule: str) -> Markup:
    """What the rule does, in a sentence."""
    return {
        "approval": t("Whether somebody has to say yes before it is promised."),
        "longest_days": t("How many days it may be rented at a time."),
        "turnaround_hours": t("How long it rests between two rentals, to dry, charge or check it."),
        "who_may_rent": t("From which role on it may be rented. Others see it, with a lock."),
    }[rule]


def value_name(t: Texts, rule: str, value: Any) -> str:
    if rule == "approval":
        return str(t("always")) if value else str(t("never"))
    if rule == "longest_days":
        return str(t.plural("{n} day", "{n} days", value))
    if rule == "turnaround_hours":
        return str(t.plural("{n} hour", "{n} hours", value))
    if value is Role.USER:
        return str(t("every member"))
    return str(t("from {role} on", role=role_name(t, Role(value))))


def _common(t: Texts, rule: str, common: Policy) -> str:
    value = value_name(t, rule, getattr(common, rule))
    return str(t("{value}, as everywhere", value=value))


def card(t: Texts, name: str, own: Own, common: Policy, data: Data, problem: Markup | None) -> Message:
    """All four, each a tap away."""
    said = [
        Markup("{}: {}").format(
            rule_name(t, rule),
            Markup("<b>{}</b>").format(value_name(t, rule, own[rule]))
            if rule in own
            else _common(t, rule, common),
        )
        for rule in RULES
    ]
    buttons = [Button(rule_name(t, rule), data("rule", rule)) for rule in RULES]
    text = lines(problem, t("<b>Rules for {name}</b>", name=name), *said)
    return Message(
        text, (tuple(buttons[:2]), tuple(buttons[2:]), (Button(str(t("Back")), data("back", "")),))
    )


def choice(
    t: Texts, name: str, rule: str, own: Own, common: Policy, data: Data, problem: Markup | None
) -> Message:
    """One rule: what it does, and what it may be."""

    def button(label: str, value: str, chosen: bool) -> Button:
        return Button(("✓ " if chosen else "") + label, data("set", value))

    text = lines(
        problem,
        Markup("<b>{}: {}</b>").format(name, rule_name(t, rule)),
        _does(t, rule),
        t("Tap it, or write a number.") if rule in ("longest_days", "turnaround_hours") else None,
    )
    values = list(CHOICES[rule])
    if rule in own and own[rule] not in values:
        values.append(own[rule])
    rows = [(button(_common(t, rule, common), "common", rule not in own),)]
    rows += [
        (button(value_name(t, rule, value), _carried(value), rule in own and own[rule] == value),)
        for value in values
    ]
    rows.append((Button(str(t("Back")), data("back", "")),))
    return Message(text, tuple(rows))


def _carried(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def tap_expected() -> dict[str, Any]:
    return keep(Refusal(Refused.TAP_EXPECTED))
