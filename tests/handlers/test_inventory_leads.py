"""The cards of the inventory lead to those conversations that there are, and back."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Item
from db.session import Database
from handlers import conversation
from handlers.inventory import inventory, names
from handlers.message import Message
from handlers.step import Place, Sender, Step
from handlers.texts import Texts
from services.errors import Refusal, Refused
from tests import support
from tests.support import Club

KNOWN = frozenset({names.BLOCK, names.LABELS, names.TAGS})
INVENTORY = inventory.conversation(KNOWN)


@pytest.fixture
def session(sqlite: Database) -> Iterator[Session]:
    writers = sqlite.engine.execution_options(equiplib_writes=True)
    with Session(writers, expire_on_commit=False) as session, session.begin() as transaction:
        yield session
        transaction.rollback()


@pytest.fixture
def club(session: Session, now: datetime) -> Club:
    return support.club(session, now)


def step_of(session: Session, c: Club, now: datetime) -> Step:
    account = c.anna.account_id
    return Step(session, now, Sender(account, "Anna", "en"), Place(account, False, None, None))


def at(step: Step, c: Club, state: str, **data: int) -> Row:
    return conversation.begin(step, names.INVENTORY, state, organization_id=c.organization.id, **data)


def labels(step: Step, row: Row) -> list[str]:
    state = INVENTORY.state(row)
    assert state is not None
    message = state.screen(step.session, row, Texts(now=step.now))
    assert isinstance(message, Message)
    return [button.label for buttons in message.buttons for button in buttons]


def test_buttons_lead_to_what_there_is(session: Session, club: Club, now: datetime) -> None:
    """A conversation that is not there has no button."""
    step = step_of(session, club, now)
    item = session.scalars(select(Item).filter_by(code="T1")).one()
    wanted = {"Kits", "Places", "Tags", "Fields", "Block", "Rules", "Labels"}
    seen = {
        names.LIST: wanted & set(labels(step, at(step, club, names.LIST))),
        names.EQUIPMENT: wanted
        & set(labels(step, at(step, club, names.EQUIPMENT, equipment_id=club.tent.id))),
        names.ITEM: wanted & set(labels(step, at(step, club, names.ITEM, item_id=item.id))),
    }
    assert seen == {
        names.LIST: {"Block", "Tags"},
        names.EQUIPMENT: {"Block", "Labels"},
        names.ITEM: {"Block", "Labels"},
    }


def test_they_take_along_what_it_is_about(session: Session, club: Club, now: datetime) -> None:
    """From an item its equipment too; from the list nothing."""
    step = step_of(session, club, now)
    item = session.scalars(select(Item).filter_by(code="T1")).one()
    row = at(step, club, names.ITEM, item_id=item.id)
    INVENTORY.tap(step, row, "go", names.BLOCK)
    assert (row.name, row.state) == (names.BLOCK, names.PIECES)
    assert row.data == {"equipment_id": club.tent.id, "item_id": item.id}
    row = at(step, club, names.EQUIPMENT, equipment_id=club.tent.id)
    INVENTORY.tap(step, row, "go", names.LABELS)
    assert (row.name, row.state, row.data) == (names.LABELS, names.LABELS, {"equipment_id": club.tent.id})
    row = at(step, club, names.LIST)
    INVENTORY.tap(step, row, "go", names.BLOCK)
    assert (row.name, row.state, row.data) == (names.BLOCK, names.BLOCKS, {})
    row = at(step, club, names.LIST)
    INVENTORY.tap(step, row, "go", names.TAGS)
    assert (row.name, row.state, row.data) == (names.TAGS, names.TAGS, {})


@pytest.mark.parametrize("name", [names.RULES, "rent", ""])
def test_they_lead_nowhere_else(session: Session, club: Club, now: datetime, name: str) -> None:
    """A button made by hand is out of date."""
    step = step_of(session, club, now)
    row = at(step, club, names.EQUIPMENT, equipment_id=club.tent.id)
    with pytest.raises(Refusal) as refusal:
        INVENTORY.tap(step, row, "go", name)
    assert refusal.value.code is Refused.OUTDATED


@pytest.mark.parametrize("word", ["items", "equipment", "card", "edit", "photo", "more"])
def test_a_tap_that_comes_too_late_does_nothing(
    session: Session, club: Club, now: datetime, word: str
) -> None:
    """The list is shown by now, and it is about nothing."""
    step = step_of(session, club, now)
    row = at(step, club, names.LIST)
    INVENTORY.tap(step, row, word, "1")
    assert (row.name, row.state) == (names.INVENTORY, names.LIST)
