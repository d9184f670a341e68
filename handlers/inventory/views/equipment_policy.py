"""Views of the rules of one equipment: its own, and the organization's."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.policy import values
from handlers.policy.rules import does, hint, rule_name, value_name
from handlers.ui.form import Data, side_by_side
from handlers.ui.message import Button, Message
from services.core.policy import OF_EQUIPMENT, Policy

Own = Mapping[str, Any]

COMMON = "common"
"""Button value for the organization's rule."""


def _common(t: Texts, rule: str, common: Policy) -> str:
    value = value_name(t, rule, getattr(common, rule))
    return t("{value}, same as everywhere else", value=value).unescape()


def card(t: Texts, name: str, own: Own, common: Policy, data: Data, problem: Markup | None) -> Message:
    """Show all rules, each a tap away."""
    said = [
        Markup("{}: {}").format(
            rule_name(t, rule, of_one=True),
            Markup("<b>{}</b>").format(value_name(t, rule, own[rule]))
            if rule in own
            else _common(t, rule, common),
        )
        for rule in OF_EQUIPMENT
    ]
    buttons = [Button(rule_name(t, rule, of_one=True), data("rule", rule)) for rule in OF_EQUIPMENT]
    text = lines(problem, t("<b>Rules for {name}</b>", name=name), *said)
    return Message(
        text, (tuple(buttons[:2]), tuple(buttons[2:]), (Button(str(t("Back")), data("back", "")),))
    )


def choice(
    t: Texts, name: str, rule: str, own: Own, common: Policy, data: Data, problem: Markup | None
) -> Message:
    """Show one rule with its choices."""

    text = lines(
        problem,
        Markup("<b>{}: {}</b>").format(name, rule_name(t, rule, of_one=True)),
        does(t, rule, of_one=True),
        hint(t, rule),
    )
    common_button = Button(("" if rule in own else "✓ ") + _common(t, rule, common), data("set", COMMON))
    rows = [(common_button,), *side_by_side(values.buttons(t, rule, own.get(rule), data))]
    return Message(text, (*rows, (Button(str(t("Back")), data("back", "")),)))
