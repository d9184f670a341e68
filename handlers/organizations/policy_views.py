"""The organisation's rules on one card, by group; and the card of one rule."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.members import profile_questions
from handlers.organizations import policy_labels as words
from handlers.parsing.opening_hours import clock, is_number
from handlers.ui.form import _BESIDE, Data, short, side_by_side
from handlers.ui.message import Button, Message
from services.core.policy import ASKABLE, Policy

_BESIDE_MARKED = 15
"""The same for labels that a tap puts a ✓ before: the rows stay as they are."""


def _back(t: Texts, data: Data) -> tuple[Button, ...]:
    return (Button(str(t("Back")), data("back", "")),)


def card(t: Texts, organization: str, rule: Policy, data: Data, problem: Markup | None) -> Message:
    """All rules with their values; a tap on a group says what its rules do."""
    said: list[Markup | str] = []
    for group, rules in words.GROUPS.items():
        said += ["", Markup("<b>{}</b>").format(words.group_name(t, group))]
        said += [_line(t, name, getattr(rule, name)) for name in rules]
    buttons = [Button(words.group_name(t, group), data("group", group)) for group in words.GROUPS]
    rows = [*side_by_side(buttons), (Button(str(t("Opening days")), data("opening", "")),)]
    rows.append((Button(str(t("Done")), data("cancel", "")),))
    text = lines(problem, t("<b>The rules of {organization}</b>", organization=organization), *said)
    return Message(text, tuple(rows))


def _line(t: Texts, rule: str, value: Any) -> Markup:
    return Markup("{}: {}").format(words.rule_name(t, rule), words.value_name(t, rule, value))


def group(t: Texts, name: str, rule: Policy, data: Data, problem: Markup | None, *, changes: bool) -> Message:
    """The rules of one group, each with what it does."""
    said: list[Markup | str] = []
    for one in words.GROUPS[name]:
        value = words.value_name(t, one, getattr(rule, one))
        said += ["", Markup("{}: <b>{}</b>").format(words.rule_name(t, one), value), words.does(t, one)]
    if not changes:
        said += ["", t("Only a leader can change the rules.")]
    buttons = [Button(words.rule_name(t, one), data("rule", one)) for one in words.GROUPS[name]]
    rows = [*(side_by_side(buttons) if changes else ()), _back(t, data)]
    text = lines(problem, Markup("<b>{}</b>").format(words.group_name(t, name)), *said)
    return Message(text, tuple(rows))


def choice(
    t: Texts,
    rule: str,
    value: Any,
    default: Any,
    data: Data,
    problem: Markup | None,
    own: Mapping[str, str] | None = None,
) -> Message:
    """One rule: what it does, and what it may be. `own`: fields that members can be asked, with labels."""
    known = list(words.choices(rule))
    if value not in known:
        known.append(value)
    buttons = [
        Button(("✓ " if one == value else "") + words.value_name(t, rule, one), data("set", carried(one)))
        for one in known
    ]
    if rule == words.ASK:
        fields = {field: str(profile_questions.name(t, field)) for field in ASKABLE} | dict(own or {})
        buttons = [
            Button(("✓ " if field in value else "") + short(label, 36), data("ask", field))
            for field, label in fields.items()
        ]
    reset = Button(
        str(t("As it was by default ({value})", value=words.value_name(t, rule, default))),
        data("default", ""),
    )
    rows = [
        *side_by_side(buttons, _BESIDE_MARKED if rule == words.ASK else _BESIDE),
        *([(reset,)] if value != default else []),
        _back(t, data),
    ]
    name, now = words.rule_name(t, rule), words.value_name(t, rule, value)
    text = lines(problem, Markup("<b>{}: {}</b>").format(name, now), words.does(t, rule), words.hint(t, rule))
    return Message(text, tuple(rows))


def carried(value: Any) -> str:
    """A value as a button carries it; `meant` is the way back."""
    match value:
        case bool():
            return "yes" if value else "no"
        case time():
            return f"{value:%H:%M}"
        case tuple():
            return ",".join(str(one) for one in value)
    return str(value)


def meant(rule: str, said: str) -> Any:
    """The value that a button carries; the text itself where it is none."""
    known = words.choices(rule)
    found = {carried(one): one for one in known}
    if said in found:
        return found[said]
    if isinstance(known[0], Role | bool):
        return said
    return written(rule, said)


def written(rule: str, said: str) -> Any:
    """What somebody wrote as the rule's value; the text itself where it is none."""
    said = said.strip()
    usual = words.choices(rule)[0]
    if isinstance(usual, time):
        return clock(said) or said
    if isinstance(usual, tuple):
        numbers = said.replace(",", " ").split()
        return tuple(int(one) for one in numbers) if numbers and all(map(is_number, numbers)) else said
    # "14 days" says it as well.
    number, _, unit = said.partition(" ")
    return int(number) if is_number(number) and (not unit or unit.strip().isalpha()) else said
