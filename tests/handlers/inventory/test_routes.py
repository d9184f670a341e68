"""The cards of the inventory lead to those conversations that there are, and back."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Item
from db.session import Database
from handlers.i18n.texts import Texts
from handlers.inventory import conversation
from handlers.ui import conversation as ui_conversation
from handlers.ui import routes
from handlers.ui.message import Message
from handlers.ui.request import Place, Request, Sender
from services.core.errors import Refusal, Refused
from tests import factories
from tests.factories import Club

KNOWN = frozenset({routes.BLOCK, routes.LABELS, routes.TAGS})
INVENTORY = conversation.conversation(KNOWN)


@pytest.fixture
def session(sqlite: Database) -> Iterator[Session]:
    writers = sqlite.engine.execution_options(equiplib_writes=True)
    with Session(writers, expire_on_commit=False) as session, session.begin() as transaction:
        yield session
        transaction.rollback()


@pytest.fixture
def club(session: Session, now: datetime) -> Club:
    return factories.club(session, now)


def step_of(session: Session, c: Club, now: datetime) -> Request:
    account = c.anna.account_id
    return Request(session, now, Sender(account, "Anna", "en"), Place(account, False, None, None))


def at(step: Request, c: Club, state: str, **data: int) -> Row:
    subject = routes.Subject(equipment_id=data.get("equipment_id", 0), item_id=data.get("item_id", 0))
    return ui_conversation.start(step, routes.INVENTORY, state, subject, organization_id=c.organization.id)


def labels(step: Request, row: Row) -> list[str]:
    state = INVENTORY.state(row)
    assert state is not None
    message = state.draw(step.tx, row, Texts(now=step.now))
    assert isinstance(message, Message)
    return [button.label for buttons in message.buttons for button in buttons]


def test_buttons_lead_to_what_there_is(session: Session, club: Club, now: datetime) -> None:
    """A conversation that is not there has no button."""
    step = step_of(session, club, now)
    item = session.scalars(select(Item).filter_by(code="T1")).one()
    wanted = {"Kits", "Places", "Tags", "Fields", "Block", "Rules", "Labels"}
    seen = {
        routes.LIST: wanted & set(labels(step, at(step, club, routes.LIST))),
        routes.EQUIPMENT: wanted
        & set(labels(step, at(step, club, routes.EQUIPMENT, equipment_id=club.tent.id))),
        routes.ITEM: wanted & set(labels(step, at(step, club, routes.ITEM, item_id=item.id))),
    }
    assert seen == {
        routes.LIST: {"Block", "Tags"},
        routes.EQUIPMENT: {"Block", "Labels"},
        routes.ITEM: {"Block", "Labels"},
    }


def test_they_take_along_what_it_is_about(session: Session, club: Club, now: datetime) -> None:
    """From an item its equipment too; from the list nothing."""
    step = step_of(session, club, now)
    item = session.scalars(select(Item).filter_by(code="T1")).one()
    row = at(step, club, routes.ITEM, item_id=item.id)
    INVENTORY.tap(step, row, "go", routes.BLOCK)
    assert (row.name, row.state) == (routes.BLOCK, routes.PIECES)
    assert row.data == {"equipment_id": club.tent.id, "item_id": item.id}
    row = at(step, club, routes.EQUIPMENT, equipment_id=club.tent.id)
    INVENTORY.tap(step, row, "go", routes.LABELS)
    assert (row.name, row.state, row.data) == (routes.LABELS, routes.LABELS, {"equipment_id": club.tent.id})
    row = at(step, club, routes.LIST)
    INVENTORY.tap(step, row, "go", routes.BLOCK)
    assert (row.name, row.state, row.data) == (routes.BLOCK, routes.BLOCKS, {})
    row = at(step, club, routes.LIST)
    INVENTORY.tap(step, row, "go", routes.TAGS)
    assert (row.name, row.state, row.data) == (routes.TAGS, routes.TAGS, {})


@pytest.mark.parametrize("name", [routes.RULES, "rent", ""])
def test_they_lead_nowhere_else(session: Session, club: Club, now: datetime, name: str) -> None:
    """A button made by hand is out of date."""
    step = step_of(session, club, now)
    row = at(step, club, routes.EQUIPMENT, equipment_id=club.tent.id)
    with pytest.raises(Refusal) as refusal:
        INVENTORY.tap(step, row, "go", name)
    assert refusal.value.code is Refused.OUTDATED


@pytest.mark.parametrize("word", ["items", "equipment", "card", "edit", "photo", "more"])
def test_a_tap_that_comes_too_late_does_nothing(
    session: Session, club: Club, now: datetime, word: str
) -> None:
    """The list is shown by now, and it is about nothing."""
    step = step_of(session, club, now)
    row = at(step, club, routes.LIST)
    INVENTORY.tap(step, row, word, "1")
    assert (row.name, row.state) == (routes.INVENTORY, routes.LIST)
