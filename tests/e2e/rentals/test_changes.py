"""Changes in the chat of rentals that were agreed, in few taps."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Rental
from db.states import ClaimStatus, RentalStatus
from handlers.rentals.changes.views import Verb as ChangeVerb
from handlers.ui import conversation
from handlers.ui.callbacks import Verb
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkout
from services.rentals.changes import due_dates
from tests.e2e.arrange import actor, approved, write
from tests.e2e.conftest import World
from tests.e2e.desk.test_item_card import statuses
from tests.e2e.seen import asking, by, carrying, showing, wording


async def rental(world: World, rental_id: int) -> Rental:
    def read(session: Session) -> Rental:
        return session.get_one(Rental, rental_id)

    return await world.database.read(read)


async def test_days_are_changed_in_four_taps(sqlite_world: World) -> None:
    """Another last day is asked for; shorter is saved; a change is approved; the days move together."""
    world = sqlite_world
    kari, anna = world["Kari"], world.in_group("Anna")
    await kari.types("/rent tent tomorrow 2 days")
    await kari.taps("Confirm")
    await anna.sees("Kari Berg")
    await anna.taps(by(Verb.APPROVE))
    await kari.sees(showing(RentalStatus.APPROVED))
    day = world.clock.now().date()
    # Change, First day, the day, Confirm: it lasts as long as before.
    await kari.taps(by(ChangeVerb.CHANGE))
    await kari.sees(asking("rent.basket"))
    await kari.taps(carrying("days"))
    await kari.taps(carrying(f"from {day + timedelta(days=3)}"))
    await kari.sees(asking("rent.basket"))
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))
    change = await rental(world, 2)
    assert change.changes_id == 1 and change.due_at is not None
    assert change.due_at.date() == day + timedelta(days=4)
    await anna.sees(showing(RentalStatus.REQUESTED))
    await anna.taps(by(Verb.APPROVE, 2))
    await kari.sees(showing(RentalStatus.APPROVED))
    assert (await rental(world, 1)).status is RentalStatus.CANCELLED
    # Change, Last day, the day, Confirm: shorter, so it is saved.
    await kari.taps(by(ChangeVerb.CHANGE, 2))
    await kari.taps(carrying("until"))
    await kari.taps(carrying(f"until {day + timedelta(days=3)}"))
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.APPROVED))
    assert (await rental(world, 2)).revision == 1


async def test_more_time_takes_three_taps(sqlite_world: World) -> None:
    """A lender's More time and the day; then all that is due that day moves."""
    world = sqlite_world
    kari, lars, anna = world["Kari"], world.in_group("Lars"), world.in_group("Anna")
    await kari.types("/rent tent today 2 days")
    await kari.taps("Confirm")
    await anna.sees("Kari Berg")
    await anna.taps(by(Verb.APPROVE))
    await lars.taps(by(Verb.HAND_OUT))
    day = world.clock.now().date()
    await lars.taps(by(ChangeVerb.MORE_TIME))
    await lars.taps(carrying(f"day {day + timedelta(days=3)}"))
    assert (await rental(world, 1)).due_at is not None
    await anna.types("/out@equiplib_demo_bot")
    await anna.taps(by(ChangeVerb.MOVE))
    await anna.sees(asking("move.day"))
    await anna.taps(carrying(f"day {day + timedelta(days=3)}"))
    await anna.taps(carrying(f"to {day + timedelta(days=6)}"))
    await anna.sees(asking("move.check"))
    told = len(world.rings("Kari"))
    await anna.taps(carrying("move"))
    await anna.sees(asking("move.over"))
    await world.settled()
    assert len(world.rings("Kari")) == told + 1
    moved = await rental(world, 1)
    assert moved.due_at is not None and moved.due_at.date() == day + timedelta(days=6)


async def test_a_full_day_moves_in_portions(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The card says how many are left, and goes on with them; a second or late tap moves nothing more."""
    monkeypatch.setattr(due_dates, "MOST_AT_ONCE", 1)
    world = sqlite_world
    anna = world["Anna"]
    for _ in range(3):
        await approved(world, first=1, last=3)
    day = world.clock.now().date() + timedelta(days=3)

    async def still_due() -> int:
        def read(session: Session) -> int:
            dues = session.scalars(select(Rental.due_at)).all()
            return sum(due is not None and due.date() == day for due in dues)

        return await world.database.read(read)

    await anna.types("/move")
    await anna.taps(carrying(f"day {day}"))
    await anna.taps(carrying(f"to {day + timedelta(days=2)}"))
    card = await anna.sees(asking("move.check"))
    await anna.taps(carrying("move"), card)
    await anna.taps(carrying("move"), card)
    card = await anna.sees(asking("move.more"))
    await world.settled()
    assert await still_due() == 2
    await anna.taps(carrying("next 1"))
    await anna.sees(asking("move.check"))
    await anna.taps(carrying("move"))
    await anna.sees(asking("move.more"))
    await anna.taps(carrying("next 1"), card)
    assert await anna.toast() is None
    assert await still_due() == 1
    await anna.taps(carrying("next 2"))
    await anna.taps(carrying("move"))
    await anna.sees(asking("move.over"))
    assert await still_due() == 0


async def test_an_approver_proposes_and_approves_a_part(sqlite_world: World) -> None:
    """Other days, and the member takes them; of another request, some."""
    world = sqlite_world
    kari, anna = world["Kari"], world.in_group("Anna")
    await kari.types("/rent tent tomorrow 2 days")
    await kari.taps("Confirm")
    await anna.sees("Kari Berg")
    day = world.clock.now().date() + timedelta(days=4)
    await anna.taps(by(ChangeVerb.PROPOSE))
    card = await anna.sees(wording(conversation.written_here))  # the bot sees no other texts of a group
    await anna.replies(card, f"{day.day}.{day.month}.")
    await anna.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))
    await kari.taps(by(ChangeVerb.TAKE_IT))
    await kari.sees(showing(RentalStatus.APPROVED))
    await kari.types("/rent 2 tents tomorrow 2 days")
    await kari.taps("Confirm")
    await anna.taps(by(ChangeVerb.APPROVE_SOME, 3))
    await anna.sees(asking("rent.basket"))
    await anna.taps("−")
    await anna.taps("Confirm")
    await kari.sees(showing(RentalStatus.APPROVED))
    assert (await rental(world, 3)).status is RentalStatus.APPROVED


async def test_what_was_not_fetched_is_given_up(sqlite_world: World) -> None:
    """A day later, with the last piece of it: three taps, and nothing to tap that cannot be had."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    number = await approved(world, first=0, last=3, pieces=2)

    def fetch_one(session: Session) -> None:
        tx = Tx(session, world.clock.now(), actor(session, world, "Lars"))
        first = session.scalars(select(Claim.id).filter_by(rental_id=number)).first()
        checkout.hand_out(tx, number, only=[first or 0])

    await write(world, fetch_one)
    await world.clock.advance(world.clock.now() + timedelta(days=1))
    await kari.types("/rentals")
    await kari.taps(by(Verb.SHOW_RENTAL, number))
    await kari.taps(by(ChangeVerb.CHANGE, number))
    card = await kari.sees(asking("rent.basket"))
    for word in ("more", "days", "until"):
        assert not any(carrying(word)(button) for button in card.buttons)
    await kari.taps(carrying("put"))
    await kari.taps(carrying("confirm"))
    await kari.sees(showing(RentalStatus.OUT, number))
    await world.settled()
    assert sorted(statuses(world, number)) == [ClaimStatus.OUT, ClaimStatus.RELEASED]


async def test_a_change_of_what_moved_meanwhile_is_over(sqlite_world: World) -> None:
    """It was handed out while Kari chose: her card says so, and offers nothing that cannot be."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    number = await approved(world, first=0, last=2)
    await kari.taps(by(ChangeVerb.CHANGE, number))
    await kari.taps(carrying("until"))
    await kari.taps(carrying(f"until {world.clock.now().date() + timedelta(days=3)}"))
    card = await kari.sees(asking("rent.basket"))

    def hand_out(session: Session) -> None:
        checkout.hand_out(Tx(session, world.clock.now(), actor(session, world, "Lars")), number)

    await write(world, hand_out)
    for _ in range(2):
        await kari.taps(carrying("confirm"), card)
        await world.settled()
        assert kari.last(asking("rent.over", Refused.ALREADY)).buttons == []
    assert statuses(world, number) == [ClaimStatus.OUT]
