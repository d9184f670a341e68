"""Values of a rule: on buttons, and as people type them."""

from datetime import time
from typing import Any

from db.states import Role
from handlers.i18n.texts import Texts
from handlers.parsing.opening_hours import clock, is_number
from handlers.policy import rules
from handlers.ui.form import Data
from handlers.ui.message import Button


def buttons(t: Texts, rule: str, value: Any, data: Data) -> list[Button]:
    """Return buttons for the usual values and the present one, which is marked; None marks none."""
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
    """Return a value as a button carries it; `meant` is the inverse."""
    match value:
        case bool():
            return "yes" if value else "no"
        case time():
            return f"{value:%H:%M}"
        case tuple():
            return ",".join(str(one) for one in value)
    return str(value)


def meant(rule: str, said: str) -> Any:
    """Return the value that a button carries; the text itself where it is none."""
    known = rules.choices(rule)
    found = {carried(one): one for one in known}
    if said in found:
        return found[said]
    if isinstance(known[0], Role | bool):
        return said
    return written(rule, said)


def written(rule: str, said: str) -> Any:
    """Parse a typed value; return the text itself where it is none."""
    said = said.strip()
    usual = rules.choices(rule)[0]
    if isinstance(usual, time):
        return clock(said) or said
    if isinstance(usual, tuple):
        numbers = said.replace(",", " ").split()
        return tuple(int(one) for one in numbers) if numbers and all(map(is_number, numbers)) else said
    # "14 days" is accepted too.
    number, _, unit = said.partition(" ")
    return int(number) if is_number(number) and (not unit or unit.strip().isalpha()) else said
