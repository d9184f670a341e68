"""What an organisation has by name, as a list that is kept from a phone: places, tags, fields.

The list is searched by writing; a tap opens one, to rename it and to switch it off and on. What is peculiar
to each is in its own module.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.inventory.views import named_lists as views
from handlers.inventory.views.named_lists import Entry, Words
from handlers.ui import conversation, routes
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation, OnTap, State
from handlers.ui.form import attempt, data_of, number, problem_of
from handlers.ui.message import Message
from handlers.ui.request import Step
from services.core.identity import Actor
from services.core.text import fold

ONE, NEW, NAME = "one", "new", "name"


@dataclass(frozen=True)
class Kind:
    """One kind of named thing. `list_state`: the state of its list.

    `entries` are all there are, in order; `about` the lines on the card of one, with its further buttons.
    """

    name: str
    list_state: str
    words: Callable[[Texts, Row], Words]
    entries: Callable[[Session, Row, Texts], list[Entry]]
    about: Callable[[Session, Row, Texts, int], views.About]
    add: Callable[[Step, Actor, Row, str], int]
    rename: Callable[[Step, Actor, int, str], object]
    switch: Callable[[Step, Actor, int, bool], object]
    back: OnTap
    """From the list to where it was opened."""
    taps: Mapping[str, OnTap] = field(default_factory=dict)
    """Further buttons on the card of one."""


def keeper(step: Step) -> Actor:
    """Whoever acts, if they keep the inventory."""
    actor = step.active()
    actor.require(Role.ADMIN)
    return actor


def for_keepers(states: Mapping[str, State]) -> Mapping[str, State]:
    """The same states for whoever keeps the inventory, and nobody else: roles may have been taken away."""
    return {
        name: State(
            state.screen,
            {word: _for_keeper(tap) for word, tap in state.taps.items()},
            _for_keeper(state.text) if state.text is not None else None,
            state.photo,
        )
        for name, state in states.items()
    }


def _for_keeper(work: OnTap) -> OnTap:
    def checked(step: Step, row: Row, value: str) -> None:
        keeper(step)
        work(step, row, value)

    return checked


def to_inventory(step: Step, row: Row, _value: str) -> None:
    conversation.become(row, routes.INVENTORY, routes.LIST)
    conversation.show(step, row)


def conversation_of(kind: Kind, states: Mapping[str, State] | None = None) -> Conversation:
    """The conversation that keeps this kind of list; `states` are those before it."""

    def found(session: Session, row: Row, t: Texts) -> list[Entry]:
        words = fold(row.data.get("words", "")).split()
        return [e for e in kind.entries(session, row, t) if all(w in fold(e.name) for w in words)]

    def list_screen(session: Session, row: Row, t: Texts) -> Message:
        return views.named_list(
            t,
            kind.words(t, row),
            found(session, row, t),
            row.data.get("words", ""),
            row.data.get("page", 0),
            data_of(row),
            problem_of(row, t),
        )

    def one_screen(session: Session, row: Row, t: Texts) -> Message:
        about = kind.about(session, row, t, row.data["id"])
        return views.one(t, about, data_of(row), problem_of(row, t))

    def new_screen(session: Session, row: Row, t: Texts) -> Message:
        return views.ask_name(kind.words(t, row).ask_new, t, data_of(row), problem_of(row, t))

    def name_screen(session: Session, row: Row, t: Texts) -> Message:
        about = kind.about(session, row, t, row.data["id"])
        asks = t("<b>{name}</b>: what shall it be called?", name=about.name)
        return views.ask_name(asks, t, data_of(row), problem_of(row, t))

    def to_list(step: Step, row: Row, _value: str) -> None:
        conversation.move(row, kind.list_state, id=None)
        conversation.show(step, row)

    def everything(step: Step, row: Row, _value: str) -> None:
        conversation.move(row, kind.list_state, words=None, page=None)
        conversation.show(step, row)

    def turn(step: Step, row: Row, value: str) -> None:
        conversation.move(row, page=number(value))
        conversation.show(step, row)

    def open_one(step: Step, row: Row, value: str) -> None:
        conversation.move(row, ONE, id=number(value))
        conversation.show(step, row)

    def search(step: Step, row: Row, text: str) -> None:
        conversation.move(row, words=" ".join(text.split())[:100] or None, page=None, problem=None)

    def ask_new(step: Step, row: Row, _value: str) -> None:
        conversation.move(row, NEW)
        conversation.show(step, row)

    def typed_new(step: Step, row: Row, text: str) -> None:
        actor = keeper(step)
        made: list[int] = []
        if attempt(step, row, lambda: made.append(kind.add(step, actor, row, text))):
            conversation.move(row, ONE, id=made[0], words=None, page=None)

    def add_words(step: Step, row: Row, _value: str) -> None:
        """What was searched for and is not there, made at once."""
        typed_new(step, row, row.data.get("words", ""))
        conversation.show(step, row)

    def ask_rename(step: Step, row: Row, _value: str) -> None:
        conversation.move(row, NAME)
        conversation.show(step, row)

    def typed_name(step: Step, row: Row, text: str) -> None:
        actor = keeper(step)
        if attempt(step, row, lambda: kind.rename(step, actor, row.data["id"], text)):
            conversation.move(row, ONE)

    def to_one(step: Step, row: Row, _value: str) -> None:
        conversation.move(row, ONE if "id" in row.data else kind.list_state)
        conversation.show(step, row)

    def switch(on: bool) -> OnTap:
        def tapped(step: Step, row: Row, _value: str) -> None:
            actor = keeper(step)
            attempt(step, row, lambda: kind.switch(step, actor, row.data["id"], on))
            conversation.show(step, row)

        return tapped

    list_taps = {"open": open_one, "page": turn, "new": ask_new, "add": add_words, "all": everything}
    one_taps = {"rename": ask_rename, "off": switch(False), "on": switch(True), **kind.taps}
    kept = {
        **(states or {}),
        kind.list_state: State(list_screen, {**list_taps, "back": kind.back}, search),
        ONE: State(one_screen, {**one_taps, "back": to_list}),
        NEW: State(new_screen, {"back": to_list}, typed_new),
        NAME: State(name_screen, {"back": to_one}, typed_name),
    }
    over = {conversation.OVER: State(conversation.nothing_stays)}
    return Conversation(kind.name, {**for_keepers(kept), **over}, CANCEL, SAVED_STAYS)
