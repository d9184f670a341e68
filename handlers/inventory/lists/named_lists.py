"""Lists of an organization's named entries: locations, tags, custom fields.

Typing searches the list; a tap opens an entry, to rename, disable or enable it. The differences of each kind
are in its own module.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from db.models import Conversation as Row
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.inventory.data import ListData
from handlers.inventory.views import named_lists as views
from handlers.inventory.views.named_lists import Entry, Words
from handlers.ui import conversation, routes
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation, OnTap, State
from handlers.ui.form import attempt, data_of, number, problem_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.text import fold
from services.core.tx import Tx

ONE, NEW, NAME = "one", "new", "name"


@dataclass(frozen=True)
class Kind:
    """One kind of named entry. `list_state`: the state of its list.

    `entries` returns all of them in order; `about` the lines on the card of one, with its extra buttons.
    """

    name: str
    list_state: str
    words: Callable[[Texts, Row], Words]
    entries: Callable[[Tx, Row, Texts], list[Entry]]
    about: Callable[[Tx, Row, Texts, int], views.About]
    add: Callable[[Request, Actor, Row, str], int]
    rename: Callable[[Request, Actor, int, str], object]
    switch: Callable[[Request, Actor, int, bool], object]
    back: OnTap
    """Back from the list to the screen that opened it."""
    taps: Mapping[str, OnTap] = field(default_factory=dict)
    """Extra buttons on the card of an entry."""


def keeper(step: Request) -> Actor:
    """Return the acting admin. Raises NOT_ALLOWED."""
    actor = step.active()
    actor.require(Role.ADMIN)
    return actor


def for_keepers(states: Mapping[str, State]) -> Mapping[str, State]:
    """Return the same states for admins only: the role may have been taken away since."""
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
    def checked(step: Request, row: Row, value: str) -> None:
        keeper(step)
        work(step, row, value)

    return checked


def to_inventory(step: Request, row: Row, _value: str) -> None:
    conversation.switch_to(row, routes.INVENTORY, routes.LIST)
    conversation.render(step, row)


def conversation_of(kind: Kind, states: Mapping[str, State] | None = None) -> Conversation:
    """Return the conversation for this kind of list; `states` come before the list."""

    def found(tx: Tx, row: Row, t: Texts) -> list[Entry]:
        words = fold(ListData.of(row).words).split()
        return [e for e in kind.entries(tx, row, t) if all(w in fold(e.name) for w in words)]

    def list_screen(tx: Tx, row: Row, t: Texts) -> Message:
        kept = ListData.of(row)
        return views.named_list(
            t,
            kind.words(t, row),
            found(tx, row, t),
            kept.words,
            kept.page,
            data_of(row),
            problem_of(row, t),
        )

    def one_screen(tx: Tx, row: Row, t: Texts) -> Message:
        about = kind.about(tx, row, t, ListData.of(row).id)
        return views.one(t, about, data_of(row), problem_of(row, t))

    def new_screen(tx: Tx, row: Row, t: Texts) -> Message:
        return views.ask_name(kind.words(t, row).ask_new, t, data_of(row), problem_of(row, t))

    def name_screen(tx: Tx, row: Row, t: Texts) -> Message:
        about = kind.about(tx, row, t, ListData.of(row).id)
        asks = t("<b>{name}</b>: what should it be called?", name=about.name)
        return views.ask_name(asks, t, data_of(row), problem_of(row, t))

    to_list = conversation.goto(kind.list_state, ListData(id=0))

    everything = conversation.goto(kind.list_state, ListData(words="", page=0))

    turn = conversation.goto(changes=lambda value: ListData(page=number(value)))

    open_one = conversation.goto(ONE, lambda value: ListData(id=number(value)))

    def search(step: Request, row: Row, text: str) -> None:
        conversation.update(row, ListData(words=" ".join(text.split())[:100], page=0, problem=None))

    ask_new = conversation.goto(NEW)

    def typed_new(step: Request, row: Row, text: str) -> None:
        actor = keeper(step)
        made: list[int] = []
        if attempt(step, row, lambda: made.append(kind.add(step, actor, row, text))):
            conversation.update(row, ListData(id=made[0], words="", page=0), to=ONE)

    def add_words(step: Request, row: Row, _value: str) -> None:
        """Add the words of a search without matches."""
        typed_new(step, row, ListData.of(row).words)
        conversation.render(step, row)

    ask_rename = conversation.goto(NAME)

    def typed_name(step: Request, row: Row, text: str) -> None:
        actor = keeper(step)
        if attempt(step, row, lambda: kind.rename(step, actor, ListData.of(row).id, text)):
            conversation.update(row, to=ONE)

    def to_one(step: Request, row: Row, _value: str) -> None:
        conversation.update(row, to=ONE if ListData.of(row).id else kind.list_state)
        conversation.render(step, row)

    def switch(on: bool) -> OnTap:
        def tapped(step: Request, row: Row, _value: str) -> None:
            actor = keeper(step)
            attempt(step, row, lambda: kind.switch(step, actor, ListData.of(row).id, on))
            conversation.render(step, row)

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
