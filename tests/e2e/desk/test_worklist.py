"""`/desk`: the day's list does what is tapped on it, and shows itself again.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Item, Organization, Rental, RentalLine
from db.states import ClaimStatus, RentalStatus
from handlers.desk import worklist as desk_screens
from handlers.desk import worklist_views as desk_views
from handlers.desk.item_card_views import Verb as ItemVerb
from handlers.features import REGISTRY
from handlers.rentals import card_views, reminder_views
from handlers.ui.callbacks import Verb, pack
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkout
from services.rentals import numbers
from tests import factories
from tests.e2e.arrange import actor, approved, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.replies import NOT_FOUND, OUTDATED, asked, at_hand
from tests.e2e.seen import by, refusal, wording


async def desk(world: World, who: str = "Lars") -> str:
    await world[who].types("/desk")
    await world.settled()
    return world[who].last().text


def status(world: World, number: int) -> RentalStatus:
    return world.database.read_now(lambda s: s.scalars(select(Rental.status).filter_by(id=number)).one())


async def test_an_empty_day_says_so(sqlite_world: World) -> None:
    """And looks again at a tap."""
    assert await desk(sqlite_world) == wording(desk_views.day)
    again, hand_out = sqlite_world["Lars"].last().buttons
    assert again.text == "↻" and by(ItemVerb.HAND_OUT_NOW, 0)(hand_out)
    number = await approved(sqlite_world, first=0, last=2)
    await sqlite_world["Lars"].taps("↻")
    await sqlite_world.settled()
    assert any(by(Verb.DESK, number)(one) for one in sqlite_world["Lars"].last().buttons)


@pytest.mark.both_databases
async def test_one_tap_hands_out_and_takes_back(world: World) -> None:
    """The list is the same message all the while, and the rental moves on in it once it is asked for anew."""
    number = await approved(world, first=0, last=0)
    lars = world["Lars"]
    assert wording(desk_views._heading, "HAND_OUT", n=1) in await desk(world)
    list_id = lars.last().id
    await lars.taps(by(Verb.DESK, number))
    assert await lars.toast() == wording(desk_screens._do, "HAND_OUT")
    await world.settled()
    assert status(world, number) is RentalStatus.OUT
    await lars.taps("↻")
    await world.settled()
    assert wording(desk_views._heading, "TAKE_BACK", n=1) in lars.last().text and lars.last().id == list_id
    await world["Kari"].taps("Return")
    await world.settled()
    await lars.taps("↻")
    await world.settled()
    assert wording(desk_views._heading, "CONFIRM", n=1) in lars.last().text
    await lars.taps(by(Verb.DESK, number), lars.last())
    await world.settled()
    assert status(world, number) is RentalStatus.RETURNED
    await lars.taps("↻")
    await world.settled()
    assert any(wording(desk_views.day) in m.text for m in world.sandbox.world.newest_first(lars.chat))


async def test_what_was_done_keeps_its_row(sqlite_world: World) -> None:
    """Of three that go out, the second is handed out, then the first: no other rental's button comes under
    the finger that tapped, and no Take back, until the list is asked for anew."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    numbers = [await approved(world, first=0, last=0) for _ in range(3)]
    await desk(world)

    def tasks() -> list[int | None]:
        taps = [REGISTRY.unpack(row[0].data) for row in lars.last().keyboard[:3]]
        return [tap.id if tap is not None and tap.verb is Verb.DESK else None for tap in taps]

    first, second, third = numbers
    assert tasks() == [first, second, third]
    await lars.taps(by(Verb.DESK, second))
    await world.settled()
    assert tasks() == [first, None, third]
    await lars.taps(by(Verb.DESK, first))
    await world.settled()
    assert tasks() == [None, None, third]
    await lars.taps("↻")
    await world.settled()
    assert tasks() == [third, first, second]


async def test_what_is_overdue_is_taken_back_from_the_list(sqlite_world: World) -> None:
    """One tap as well."""
    number = await handed_out(sqlite_world, last=1)
    await sqlite_world.clock.advance(sqlite_world.clock.now() + timedelta(days=3))
    await sqlite_world.settled()
    assert "Overdue (1)" in await desk(sqlite_world)
    await sqlite_world["Lars"].taps(by(Verb.DESK, number))
    await sqlite_world.settled()
    assert status(sqlite_world, number) is RentalStatus.RETURNED


async def test_who_comes_second_reads_how_things_stand(sqlite_world: World) -> None:
    """The tap says what somebody else did meanwhile, and the list is shown again."""
    world = sqlite_world
    number = await approved(world, first=0, last=2)
    await desk(world)
    await write(world, lambda s: checkout.hand_out(Tx(s, world.clock.now(), actor(s, world, "Anna")), number))
    async with world.unchanged():
        await world["Lars"].taps(by(Verb.DESK, number))
        await world.settled()
    assert await world["Lars"].toast() == refusal(Refused.ALREADY, rental_status="out")
    assert "✓ Kari Berg · Tent" in world["Lars"].button_labels()
    assert not any(by(Verb.DESK, number)(button) for button in world["Lars"].last().buttons)


def many(session: Session, world: World, number: int) -> None:
    """Add this many ropes to hand out to Kari today, one rental each."""
    now, kari = world.clock.now(), actor(session, world, "Kari")
    of = session.get_one(Organization, world.organization_id)
    rope = factories.equipment(session, of, now, "Rope", *(f"R{i:03}" for i in range(number)))
    items = session.scalars(select(Item).filter_by(equipment_id=rope.id)).all()
    for item in items:
        rental = Rental(
            organization_id=of.id,
            user_id=kari.user_id,
            status=RentalStatus.APPROVED,
            starts_at=now,
            due_at=now + timedelta(days=2),
            created_at=now,
            requested_at=now,
            number=numbers.take(session, of.id),
        )
        session.add(rental)
        session.flush()
        line = RentalLine(rental_id=rental.id, equipment_id=rope.id, quantity=1)
        session.add(line)
        session.flush()
        session.add(
            Claim(
                organization_id=of.id,
                item_id=item.id,
                rental_id=rental.id,
                line_id=line.id,
                status=ClaimStatus.HELD,
                starts_at=now,
                blocked_until=now + timedelta(days=2),
            )
        )


async def test_a_list_of_many_has_pages(sqlite_world: World) -> None:
    """A tap on a page leaves one on that page; when the last page is done, the one before is shown next."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await write(world, lambda s: many(s, world, 200))
    assert wording(desk_views._heading, "HAND_OUT", n=200) in await desk(world)
    await lars.taps("‹")
    await world.settled()
    assert "34/34 ↻" in lars.button_labels()
    for _ in range(2):
        await lars.taps(by(Verb.DESK))
        assert await lars.toast() == wording(desk_screens._do, "HAND_OUT")
        await world.settled()
        assert "34/34 ↻" in lars.button_labels()
    await lars.taps("34/34 ↻")
    await world.settled()
    assert "33/33 ↻" in lars.button_labels()


async def test_no_one_else_uses_it(sqlite_world: World) -> None:
    """A member's hand-made buttons change nothing, nor do ones that were never made."""
    world = sqlite_world
    number = await approved(world, "Ola", first=0, last=2)
    async with world.unchanged():
        kari = world["Kari"]
        message = await asked(world, kari)
        assert await at_hand(world, kari, pack(Verb.DESK, number, "o0"), message) == NOT_FOUND
        lars = world["Lars"]
        message = await asked(world, lars)
        for arg in ("", "x0", "o", "o-1", "o1234567", "0o", "a0"):
            assert await at_hand(world, lars, pack(Verb.DESK, number, arg), message) == OUTDATED


async def test_some_back_and_some_not(sqlite_world: World) -> None:
    """The list names which items go out; cards, list and reminder tell what is still there of two tents."""
    world, lars, kari = sqlite_world, sqlite_world["Lars"], sqlite_world["Kari"]
    number = await approved(world, first=0, last=1, pieces=2)
    assert "2 × Tent" in await desk(world) and "T1, T2" in lars.last().text
    await lars.taps(by(Verb.DESK, number))
    await world.settled()
    await kari.taps(by(Verb.SOME_BACK))
    await kari.taps("T1 · Tent")
    assert (
        wording(card_views._claimed, codes="T1")
        in (await kari.sees(wording(card_views._claimed, codes=...))).text
    )
    await world.settled()
    assert (
        wording(card_views._claimed, codes="T1")
        in world["Anna"].in_group(world.group).last(wording(card_views._claimed, codes=...)).text
    )
    await world.clock.advance(world.clock.now() + timedelta(hours=35))
    assert (await kari.sees(wording(reminder_views._sentence, "DUE", what=...))).text == wording(
        reminder_views._sentence, "DUE", what="Tent"
    )
    assert f"{number} · Kari Berg: Tent\n" in await desk(world)
