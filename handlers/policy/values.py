"""A rule's value, as buttons offer and carry it, and as people write it."""

from datetime import time
from typing import Any

from db.states import Role
from handlers.i18n.texts import Texts
from handlers.parsing.opening_hours import clock, is_number
from handlers.policy import rules
from handlers.ui.form import Data
from handlers.ui.message import Button


def buttons(t: Texts, rule: str, value: Any, data: Data) -> list[Button]:
    """Each value that makes sense, and the present one, which is marked; None: none of them is."""
    known = list(rules.choices(rule))
    if value is not None and value not in known:
        known.append(value)
    return [
        Button(
            ("✓ " if value is not None and one == value else "") + rules.value_name(t, rule, one),
            data("set", carried(one)),
        )
        for one in known
    ]


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
    known = rules.choices(rule)
    found = {carried(one): one for one in known}
    if said in found:
        return found[said]
    if isinstance(known[0], Role | bool):
        return said
    return written(rule, said)


def written(rule: str, said: str) -> Any:
    """What somebody wrote as the rule's value; the text itself where it is none."""
    said = said.strip()
    usual = rules.choices(rule)[0]
    if isinstance(usual, time):
        return clock(said) or said
    if isinstance(usual, tuple):
        numbers = said.replace(",", " ").split()
        return tuple(int(one) for one in numbers) if numbers and all(map(is_number, numbers)) else said
    # "14 days" says it as well.
    number, _, unit = said.partition(" ")
    return int(number) if is_number(number) and (not unit or unit.strip().isalpha()) else said
