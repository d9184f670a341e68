"""The audit only tells: a club whose audit is emptied after every step gets on as any other."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from db.models import AuditEntry, DamageNote, Item
from db.session import Database
from db.states import Condition
from handlers.ui.callbacks import Verb
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import editing
from services.labels import SHEETS, history
from services.messaging import notifications
from tests.e2e.arrange import actor, handed_out, write
from tests.e2e.conftest import World, running
from tests.e2e.desk.test_put_away import where, with_places
from tests.e2e.desk.test_return_report import claims, conditions, taken_back
from tests.e2e.onboarding.test_join_requests import asks, rules
from tests.e2e.rentals.stage import InProcess, telegram
from tests.e2e.rentals.story import WHOLE
from tests.e2e.seen import asking, by, of_kind
from tests.services.permissions.assertions import refuses

T = TypeVar("T")


class Forgetful(Database):
    """Whatever a transaction wrote into the audit, and all that stood there, goes at its end."""

    forgotten = 0

    def _transaction(self, work: Callable[[Session], T]) -> T:
        return super()._transaction(lambda session: self._without_audit(session, work))

    def _without_audit(self, session: Session, work: Callable[[Session], T]) -> T:
        result = work(session)
        session.flush()
        self.forgotten += session.scalar(select(func.count(AuditEntry.id))) or 0
        session.execute(delete(AuditEntry))
        return result


@pytest.fixture
def forgetful(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Forgetful]:
    path = tmp_path / "forgetful.db"
    shutil.copy(migrated_sqlite, path)
    database = Forgetful(f"sqlite:///{path}", durable=False)
    yield database
    database.close()


@pytest.fixture
async def forgetful_world(
    sandbox: Sandbox, forgetful: Forgetful, clock: MovableClock
) -> AsyncIterator[World]:
    async with running(sandbox, forgetful, clock) as one:
        yield one


@pytest.mark.long
async def test_the_whole_story_needs_no_audit(forgetful: Forgetful) -> None:
    """Everybody reads what they would have read, from the first link to the last return."""
    async with telegram() as sandbox, InProcess(sandbox, forgetful) as stage:
        await stage.play(WHOLE)
    assert forgetful.forgotten > 30


async def test_things_are_put_away_without_the_audit(forgetful_world: World) -> None:
    """The question after a return, its answer, and another answer; the next return is another."""
    world = forgetful_world
    await with_places(world, "Shelf", "Cellar")
    await handed_out(world, pieces=2)
    lars = world.in_group("Lars")
    await lars.taps("Take back")
    await lars.taps("Cellar", await lars.sees(of_kind(notifications.PUT_AWAY_CARD)))
    await world.settled()
    assert where(world) == {"T1": "Cellar", "T2": "Cellar", "T3": "Shelf"}
    await lars.taps(by(Verb.PUT_PLACES))
    await lars.taps("Shelf", await lars.sees(of_kind(notifications.PUT_AWAY_CARD)))
    await world.settled()
    assert set(where(world).values()) == {"Shelf"}


async def test_how_things_came_back_without_the_audit(forgetful_world: World) -> None:
    """A slip of the finger is mended; words and a picture without a reply are about the last return."""
    world, lars = forgetful_world, forgetful_world["Lars"]
    number, question = await taken_back(world)
    await lars.taps("In repair", question)
    await world.settled()
    assert conditions(world)["T1"] is Condition.IN_REPAIR
    await lars.taps("Fine")
    await world.settled()
    assert conditions(world)["T1"] is Condition.OK
    await lars.taps("Damaged")
    await world.settled()
    await lars.types("The zip is torn")
    await world.in_group("Anna").sees("“The zip is torn”")
    await lars.sends_photo()
    await world.settled()
    assert claims(world, number) == [(Condition.DAMAGED, True)]
    notes = world.database.read_now(lambda s: s.scalars(select(DamageNote)).all())
    assert [(note.note, note.photo_id is not None) for note in notes] == [("The zip is torn", True)]


async def test_what_others_changed_stays_without_the_audit(forgetful_world: World) -> None:
    """Said to be damaged, sent to repair by an admin: fine does not fetch it from there."""
    world, lars = forgetful_world, forgetful_world["Lars"]
    _, question = await taken_back(world)
    await lars.taps("Damaged", question)
    await world.settled()
    await lars.types("The zip is torn")
    anna = world.in_group("Anna")
    await anna.taps(by(Verb.TAKE_OUT), await anna.sees("“The zip is torn”"))
    await world.settled()
    assert conditions(world)["T1"] is Condition.IN_REPAIR
    await lars.taps("Fine", lars.last(of_kind(notifications.PUT_AWAY_CARD)))
    await world.settled()
    assert conditions(world)["T1"] is Condition.IN_REPAIR


async def test_why_somebody_was_turned_down_without_the_audit(forgetful_world: World) -> None:
    """The card says it, and goes on saying it whenever it is drawn."""
    world = forgetful_world

    await rules(world, join_requests=True)
    await asks(world)
    anna = world.in_group("Anna")
    await anna.taps("Decline", await anna.sees("Nora Dahl asks", chat=world.group))
    question = await anna.sees(asking("turn_away.ask"), chat=world.group)
    await anna.replies(question, "We are full")
    card = await anna.sees("We are full", chat=world.group)
    assert "Nora Dahl" in card.text


async def test_labels_go_on_without_the_audit(forgetful: Forgetful, forgetful_world: World) -> None:
    """Before the first print the usual sheet is proposed, afterwards the one that was used."""
    world, sheet = forgetful_world, SHEETS["l7163"]

    def last() -> tuple[str, int]:
        found = forgetful.read_now(
            lambda s: history.last(Tx(s, world.clock.now(), within=world.organization_id))
        )
        return found.sheet.key, found.next

    assert last()[0] != sheet.key
    await write(
        world,
        lambda s: history.note(
            Tx(s, world.clock.now(), actor(s, world, "Anna")), sheet=sheet, first=12, labels=3
        ),
    )
    assert last() == (sheet.key, 1)


async def test_nothing_is_overwritten_without_the_audit(forgetful_world: World) -> None:
    """The second to edit is refused, and reads that somebody was faster: who it was nobody knows."""
    world = forgetful_world

    def edit(text: str) -> Callable[[Session], Item]:
        def work(session: Session) -> Item:
            anna, now = actor(session, world, "Anna"), world.clock.now()
            item = session.scalars(select(Item).filter_by(code="T1")).one()
            return editing.edit_item(Tx(session, now, anna), item.id, field="label", text=text, seen=1)

        return work

    await write(world, edit("Blue"))

    def second(session: Session) -> None:
        with refuses(session, Refused.CHANGED_MEANWHILE, by=None):
            edit("Red")(session)

    await write(world, second)
