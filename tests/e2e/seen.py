"""The meaning of what people see, whatever its words: from which row a message was drawn, what a
conversation asks, why something is refused, which button leads where. A copy-edit of any sentence changes
nothing here.

Where a sentence itself is the promise, `wording` has it as the code words it now.
"""

import ast
import html
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from string import Formatter
from types import EllipsisType, ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from db.models import Card, Conversation, OutboxMessage, Rental
from db.states import RentalStatus
from handlers.features import REGISTRY
from handlers.i18n import extraction
from handlers.i18n.extraction import TAG
from handlers.i18n.texts import Texts
from handlers.policy import rules
from handlers.telegram import render as rendering
from handlers.ui import conversation
from handlers.ui.callbacks import AnyVerb, Verb
from handlers.ui.message import Message as Drawing
from handlers.ui.refusals import explain
from handlers.ui.request import SAID
from sandbox.world.records import Button, Message
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.messaging import notifications

NOW = datetime.fromisoformat("2026-12-01T08:00:00+00:00")
"""When most tests begin; it decides whether a day is said with its year."""


def plain(text: str) -> str:
    """Telegram's HTML as people read it."""
    return html.unescape(TAG.sub("", text)).strip()


# From which row a message was drawn


@dataclass(frozen=True)
class Drawn:
    """One drawing of a message. `subject` is what a card is about; `state` is a conversation's, with its name
    before it, or a rental's.
    """

    kind: str
    params: dict[str, Any]
    subject: int | None = None
    state: str | None = None
    problem: str | None = None


_drawn: dict[str, list[Drawn]] = {}
"""By the text, which is all that is known of a message as soon as somebody sees it."""


def forget() -> None:
    """A new test begins."""
    _drawn.clear()


def render(tx: Tx, rows: Sequence[OutboxMessage]) -> Drawing | None:
    """Draw it as the program does, and remember from what: give it to `Program`."""
    drawing = rendering.render(tx, rows)
    if drawing is not None:
        _drawn.setdefault(plain(drawing.text), []).append(_from(tx.session, rows[0]))
    return drawing


def _from(session: Session, row: OutboxMessage) -> Drawn:
    if row.card_id is None:
        return Drawn(row.kind, row.params)
    subject = session.get_one(Card, row.card_id).subject_id
    if row.kind == conversation.CARD:
        talk = session.get(Conversation, subject)
        if talk is None:
            return Drawn(row.kind, row.params, subject)  # only its buttons go
        problem = (talk.data.get("problem") or {}).get("refused")
        return Drawn(row.kind, talk.data, subject, f"{talk.name}.{talk.state}", problem)
    if row.kind in (notifications.RENTAL_CARD, notifications.DESK_CARD):
        return Drawn(row.kind, row.params, subject, session.get_one(Rental, subject).status)
    return Drawn(row.kind, row.params, subject)


@dataclass(frozen=True)
class Sight:
    """A condition on a message; `Person.sees` and `Person.last` take it in the place of a text."""

    fits: Callable[[Drawn], bool]
    name: str

    def __call__(self, message: Message) -> bool:
        return any(self.fits(one) for one in _drawn.get(message.text.strip(), ()))

    def __str__(self) -> str:
        return self.name


def asking(state: str, problem: Refused | None = None) -> Sight:
    """A conversation's card in this state: `asking("rent.first")`; maybe with what was wrong before."""

    def fits(one: Drawn) -> bool:
        return one.state == state and (problem is None or one.problem == problem)

    return Sight(fits, f"what {state} asks" + (f", after {problem}" if problem else ""))


def showing(status: RentalStatus, number: int | None = None) -> Sight:
    """The card of a rental that stands so, the member's or the desk's."""

    def fits(one: Drawn) -> bool:
        return (
            one.kind in (notifications.RENTAL_CARD, notifications.DESK_CARD)
            and one.state == status
            and number in (None, one.subject)
        )

    return Sight(fits, f"the card of a rental that is {status}")


def of_kind(kind: str, subject: int | None = None, **params: Any) -> Sight:
    """A message of this kind, with at least these parameters; a card, about this subject."""

    def fits(one: Drawn) -> bool:
        same = one.kind == kind and subject in (None, one.subject)
        return same and all(one.params.get(key) == value for key, value in params.items())

    return Sight(fits, f"{kind} {params or ''}")


def saying(what: str, **values: Any) -> Sight:
    """A short answer to what was done (handlers/telegram/answers.py)."""
    return of_kind(SAID, what=what, **values)


# Which button leads where


@dataclass(frozen=True)
class Choice:
    """Which button; `Person.taps` takes it in the place of a label."""

    fits: Callable[[Button], bool]
    name: str

    def __call__(self, button: Button) -> bool:
        return self.fits(button)

    def __str__(self) -> str:
        return self.name


def by(verb: AnyVerb, id_: int | None = None, arg: str | int | None = None) -> Choice:
    """The first button with this verb, about this row."""

    def fits(button: Button) -> bool:
        tap = REGISTRY.unpack(button.data)
        return (
            tap is not None
            and tap.verb is verb
            and id_ in (None, tap.id)
            and (arg is None or tap.arg == str(arg))
        )

    return Choice(fits, " ".join(str(part) for part in (verb.name, id_, arg) if part is not None))


def by_with(verb: AnyVerb, label: str) -> Choice:
    """The first button with this verb whose label begins so."""

    def fits(button: Button) -> bool:
        tap = REGISTRY.unpack(button.data)
        return tap is not None and tap.verb is verb and button.text.startswith(label)

    return Choice(fits, f"{verb.name} {label}")


def carrying(name: str, value: str | int | None = None) -> Choice:
    """The first button of a conversation that carries this word, and after it this value, or more than it; an
    empty one for nothing after it.
    """

    def fits(button: Button) -> bool:
        tap = REGISTRY.unpack(button.data)
        if tap is None or tap.verb not in (Verb.CONVERSATION, Verb.PAPER):
            return False
        if value == "":
            return tap.arg == name
        wanted = name if value is None else f"{name} {value}"
        return f"{tap.arg} ".startswith(f"{wanted} ")

    return Choice(fits, f"{name} {value or ''}".strip())


# The words themselves


def refusal(code: Refused, /, **data: Any) -> str:
    """Word a refusal for this reason, in English."""
    t = Texts(zone=ZoneInfo("Europe/Oslo"), now=NOW)
    return plain(explain(t, Refusal(code, **data)))


def rule_says(rule: str, value: object, *, of_one: bool = False) -> str:
    """The line of a rule on a card of rules; `of_one`: on the card of one equipment."""
    t = Texts(zone=ZoneInfo("Europe/Oslo"), now=NOW)
    return f"{rules.rule_name(t, rule, of_one=of_one)}: {rules.value_name(t, rule, value)}"


def value_says(rule: str, value: object) -> str:
    """A rule's value as people say it in English."""
    return rules.value_name(Texts(zone=ZoneInfo("Europe/Oslo"), now=NOW), rule, value)


@dataclass(frozen=True)
class _Worded:
    """A message in the code: its forms, the conditions or keys under which it is said, and what stands beside
    it: where its values come from, or what its button carries.
    """

    forms: tuple[str, ...]
    under: tuple[str, ...]
    beside: str
    is_label: bool

    @property
    def fields(self) -> set[str]:
        return {field for form in self.forms for _, field, _, _ in Formatter().parse(form) if field}

    @property
    def weight(self) -> tuple[bool, int]:
        """The less has to be so for it to be said, the plainer it is."""
        return self.is_label, len(" ".join(self.under))

    def is_under(self, key: str) -> bool:
        return any(re.search(rf"\b{re.escape(key)}\b", part) for part in (*self.under, self.beside))


def wording(where: ModuleType | Callable[..., object], /, *under: Enum | str, **values: object) -> str:
    """Find the wording that this view, or something in this module, has for these values, in English.

    Of several it is the one with the fewest conditions, and of those the first. `under`: a status or a key
    that decides which other one, as the code has it in the condition, the values or the button. A value of
    `...` is not known: then it is the longest part of the sentence without it.
    """
    keys = [one.name if isinstance(one, Enum) else one for one in under]
    found = [
        message
        for message in _worded(where)
        if message.fields - {"n"} == set(values) - {"n"} and all(message.is_under(key) for key in keys)
    ]
    if not found:
        raise LookupError(f"{where.__name__} words nothing with {sorted(values)} under {keys}")
    one, *many = min(found, key=lambda message: message.weight).forms
    text = many[0] if many and values.get("n") != 1 else one
    gaps = {key: "\0" if isinstance(value, EllipsisType) else value for key, value in values.items()}
    return max(plain(Texts()(text, **gaps)).split("\0"), key=len).strip()


@cache
def _worded(where: ModuleType | Callable[..., object]) -> tuple[_Worded, ...]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(where)))
    return tuple(_messages(tree, ()))


def _messages(node: ast.AST, under: tuple[str, ...], label_of: str | None = None) -> Iterator[_Worded]:
    """The messages below a node, each with what decides that it is said."""
    if isinstance(node, ast.Call) and node.args:
        values = " ".join(ast.unparse(one) for one in (*node.args[1:], *node.keywords))
        for text, more in _choices(node.args[0], under):
            forms = [text, *(one for one in node.args[1:2] if isinstance(one, ast.Constant))]
            call = ast.unparse(ast.Call(node.func, forms, []))
            for found in extraction.in_source(call, "here"):
                yield _Worded(found.forms, more, f"{label_of or ''} {values}", label_of is not None)
        label_of = values if isinstance(node.func, ast.Name) and node.func.id == "Button" else label_of
    for child, more in _parts(node):
        yield from _messages(child, (*under, *more), label_of)


def _choices(argument: ast.expr, under: tuple[str, ...]) -> Iterator[tuple[ast.expr, tuple[str, ...]]]:
    match argument:
        case ast.Constant():
            yield argument, under
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield from _choices(body, (*under, ast.unparse(test)))
            yield from _choices(orelse, (*under, f"not {ast.unparse(test)}"))


def _parts(node: ast.AST) -> Iterator[tuple[ast.AST, tuple[str, ...]]]:
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            yield test, ()
            yield from ((one, (ast.unparse(test),)) for one in body)
            yield from ((one, (f"not {ast.unparse(test)}",)) for one in orelse)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield test, ()
            yield body, (ast.unparse(test),)
            yield orelse, (f"not {ast.unparse(test)}",)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield value, (ast.unparse(key),) if key is not None else ()
        case ast.match_case(pattern=pattern, body=body):
            yield from ((one, (ast.unparse(pattern),)) for one in body)
        case _:
            yield from ((child, ()) for child in ast.iter_child_nodes(node))
