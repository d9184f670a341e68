"""The question after a return where things were put: answered with a tap, and never in anybody's way."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Item, Location, Organization, OutboxMessage
from db.states import RentalStatus
from handlers.desk import return_views
from handlers.ui.callbacks import Verb
from services.core.errors import Refused
from services.messaging import notifications
from tests.e2e.arrange import handed_out, write
from tests.e2e.conftest import World
from tests.e2e.replies import NO_CODE, OUTDATED
from tests.e2e.seen import by, refusal, showing, wording
from tests.services.permissions.assertions import set_policy

ASKED = wording(return_views._asks, "has_places", name=...)


async def with_places(world: World, *names: str) -> None:
    """The club has these places; all tents lie at the first."""

    def work(session: Session) -> None:
        made = [Location(organization_id=world.organization_id, name=name) for name in names]
        session.add_all(made)
        session.flush()
        for item in session.scalars(select(Item).where(Item.code.startswith("T"))):
            item.location_id = made[0].id

    await write(world, work)


def where(world: World) -> dict[str, str | None]:
    def work(session: Session) -> dict[str, str | None]:
        rows = session.execute(
            select(Item.code, Location.name)
            .outerjoin(Location, Location.id == Item.location_id)
            .where(Item.code.startswith("T"))
        )
        return {row.code: row.name for row in rows}

    return world.database.read_now(work)


@pytest.mark.both_databases(long=True)
async def test_one_tap_says_where_all_of_it_was_put(world: World) -> None:
    """Asked of whoever took it back, the place where it was first and marked."""
    await with_places(world, "Shelf", "Cellar")
    await handed_out(world, pieces=2)
    lars = world.in_group("Lars")
    await lars.taps("Take back")
    question = await lars.sees(wording(return_views._asks, "has_places", name="Lars Berg"))
    assert "Tent: T1, T2" in question.text
    assert [button.text for button in question.buttons][:2] == ["✓ Shelf", "Cellar"]
    await lars.taps("Cellar", message=question)
    answer = await lars.sees(wording(return_views.answer, place="Cellar"))
    assert answer.id == question.id
    assert where(world) == {"T1": "Cellar", "T2": "Cellar", "T3": "Shelf"}


async def test_a_return_is_over_without_an_answer(world: World) -> None:
    """Nothing waits for it, and everything is where it was."""
    await with_places(world, "Shelf", "Cellar")
    await handed_out(world)
    await world["Kari"].taps("Return")
    lars = world.in_group("Lars")
    await lars.taps("Confirm return")
    await lars.sees(ASKED)
    await world["Kari"].sees(showing(RentalStatus.RETURNED))
    assert set(where(world).values()) == {"Shelf"}


async def test_it_is_asked_once(sqlite_world: World) -> None:
    """However often the button is tapped, and whoever else taps it."""
    world = sqlite_world
    await with_places(world, "Shelf", "Cellar")
    await handed_out(world)
    lars, anna = world.in_group("Lars"), world.in_group("Anna")
    card = lars.last(showing(RentalStatus.OUT))
    for person in (lars, lars, anna):
        await person.taps("Take back", message=card)
        await world.settled()
    asked = world.database.read_now(
        lambda session: session.scalars(
            select(OutboxMessage.id).filter_by(kind=notifications.PUT_AWAY_CARD)
        ).all()
    )
    assert len(asked) == 1


async def test_where_there_is_one_place_nobody_is_asked(sqlite_world: World) -> None:
    """One that is switched off does not count."""
    world = sqlite_world
    await with_places(world, "Shelf", "Cellar")

    def work(session: Session) -> None:
        cellar = session.scalars(select(Location).filter_by(name="Cellar")).one()
        cellar.disabled_at = world.clock.now()

    await write(world, work)
    await handed_out(world)
    await world.in_group("Lars").taps("Take back")
    await world["Kari"].sees(showing(RentalStatus.RETURNED))
    await world.settled()
    assert ASKED not in world.in_group("Lars").transcript()


async def test_piece_by_piece_each_is_asked_for(sqlite_world: World) -> None:
    """Of two, one in the cellar and the other where it was; the second answer can be mended."""
    world = sqlite_world
    await with_places(world, "Shelf", "Cellar")
    await handed_out(world, pieces=2)
    lars = world.in_group("Lars")
    await lars.taps(by(Verb.SOME_BACK))
    await lars.taps("T1 · Tent")
    first = await lars.sees("Tent: T1")
    await lars.taps("Cellar", message=first)
    await lars.sees(wording(return_views.answer, place="Cellar"))
    await lars.taps("T2 · Tent")
    second = await lars.sees("Tent: T2")
    await lars.taps("✓ Shelf", message=second)
    await lars.sees(wording(return_views.answer, place="Shelf"))
    assert where(world) == {"T1": "Cellar", "T2": "Shelf", "T3": "Shelf"}
    await lars.taps(by(Verb.PUT_PLACES), message=lars.last("Tent: T2"))
    again = await lars.sees(ASKED)
    await lars.taps("Cellar", message=again)
    await lars.sees(wording(return_views.answer, place="Cellar"))
    assert where(world)["T2"] == "Cellar"


async def test_members_do_not_say_where(sqlite_world: World) -> None:
    """Somebody in the group who is no lender is refused; so is a place that no button of ours names."""
    world = sqlite_world
    await with_places(world, "Shelf", "Cellar")
    await handed_out(world)
    lars = world.in_group("Lars")
    await lars.taps("Take back")
    question = await lars.sees(ASKED)
    async with world.unchanged():
        data = question.buttons[1].data
        assert data is not None
        world.group.members.setdefault(world["Kari"].id, "member")
        await world.in_group("Kari").taps_data(data, question)
        assert await world["Kari"].toast() == refusal(Refused.NOT_ALLOWED, needed="lender")
        for made_up in (data[:-1] + "99", data[:-1] + "x", "1:pa:99:1", "1:pp:99:0", "1:pp:1:x"):
            await lars.taps_data(made_up, question)
            assert await lars.toast()


async def test_many_places_are_turned_over(sqlite_world: World) -> None:
    """Those that hold most come first, eight at a time beside the one where it was."""
    world = sqlite_world
    await with_places(world, "Shelf", *(f"Box {n:02}" for n in range(20)))
    await handed_out(world)
    lars = world.in_group("Lars")
    await lars.taps("Take back")
    question = await lars.sees(ASKED)
    labels = [button.text for button in question.buttons]
    assert labels[:12] == ["✓ Shelf", *(f"Box {n:02}" for n in range(8)), "‹", "1/3", "›"]
    await lars.taps("›", message=question)
    second = await lars.sees(ASKED)
    await lars.taps("Box 15", message=second)
    await lars.sees(wording(return_views.answer, place="Box 15"))
    assert where(world)["T1"] == "Box 15"


async def test_who_brings_back_alone_says_where(world: World) -> None:
    """A member whose return no lender confirms is asked, for a day, and need not answer; once is enough."""
    await with_places(world, "Shelf", "Cellar")
    await write(world, lambda s: set_policy(s, of(s, world), return_confirmed=False))
    await handed_out(world)
    kari = world["Kari"]
    await kari.taps("Return")
    question = await kari.sees(wording(return_views._asks, "has_places", name="Kari Berg"))
    assert [button.text for button in question.buttons] == ["✓ Shelf", "Cellar"]
    assert wording(return_views._hints) not in question.text
    await kari.taps("Cellar")
    await kari.sees(wording(return_views.answer, place="Cellar"))
    assert where(world)["T1"] == "Cellar"
    await kari.taps(by(Verb.PUT_PLACES))
    await world.settled()
    async with world.unchanged():
        await kari.sends_photo()
        await kari.sees(NO_CODE)
    await world.clock.advance(world.clock.now() + timedelta(days=2))
    async with world.unchanged():
        await kari.taps("✓ Cellar")
        assert await kari.toast() == OUTDATED


async def test_who_has_a_lender_is_not_asked(sqlite_world: World) -> None:
    """Nor is a member where there is one place only."""
    world = sqlite_world
    await with_places(world, "Shelf", "Cellar")
    await handed_out(world)
    await world["Kari"].taps("Return")
    await world.settled()
    assert ASKED not in world.sandbox.transcript(world["Kari"])
    await world.in_group("Lars").taps("Confirm return")
    await world.in_group("Lars").sees(ASKED)
    await write(world, lambda s: set_policy(s, of(s, world), return_confirmed=False))

    def closed(session: Session) -> None:
        session.scalars(select(Location).filter_by(name="Cellar")).one().disabled_at = world.clock.now()

    await write(world, closed)
    await handed_out(world)
    await world["Kari"].taps("Return")
    await world["Kari"].sees(showing(RentalStatus.RETURNED))
    assert ASKED not in world.sandbox.transcript(world["Kari"])


def of(session: Session, world: World) -> Organization:
    return session.get_one(Organization, world.organization_id)
