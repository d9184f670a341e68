"""Tap by tap: something goes out without a last day, and came back earlier than it was entered."""

from datetime import timedelta

from sqlalchemy import select

from db.models import Claim, Rental
from db.states import ClaimStatus, RentalStatus
from handlers.desk import item_card_views
from handlers.rentals.custody.buttons import Verb as Custody
from handlers.ui.callbacks import Verb
from services.messaging.kinds import REMINDER
from tests.e2e.arrange import handed_out
from tests.e2e.conftest import World
from tests.e2e.desk.test_item_card import scans
from tests.e2e.seen import by, carrying, of_kind, showing


async def days_pass(world: World, days: int) -> None:
    await world.clock.advance(world.clock.now() + timedelta(days=days))
    await world.program.wake_sweep()
    await world.settled()


async def test_from_the_counter_to_a_date_and_back(sqlite_world: World) -> None:
    """Four taps give it; Kari is asked, and suggests a date; Lars sets one, and notes when it really came."""
    world, lars, kari = sqlite_world, sqlite_world["Lars"], sqlite_world["Kari"]
    await handed_out(world)  # Kari was at the desk today
    await scans(world, "Lars", "T2")
    for tap in (
        by(item_card_views.Verb.HAND_OUT_NOW),
        carrying("member"),
        carrying("open"),
        carrying("do"),
        by(Verb.OUT_EARLIER),
        carrying("at"),
    ):
        await lars.taps(tap)
        await world.settled()
    number = world.database.read_now(lambda s: s.scalars(select(Rental.id).filter_by(due_at=None)).one())
    assert kari.last(showing(RentalStatus.OUT, number))
    await days_pass(world, 91)
    assert kari.last(of_kind(REMINDER)).text
    await kari.taps(by(Verb.EXTEND, number))
    await world.settled()
    await kari.types("in 2 weeks")
    await world.settled()
    await lars.types(f"/handout {number}")
    await world.settled()
    await lars.taps(by(Custody.SET_DATE, number))
    await world.settled()
    await lars.types("tomorrow")
    await world.settled()

    def due() -> object:
        return world.database.read_now(lambda s: s.get_one(Rental, number).due_at)

    assert due() is not None
    await days_pass(world, 3)
    await lars.types(f"/handout {number}")
    await world.settled()
    for tap in (by(Verb.TAKE_BACK, number), by(Verb.BACK_EARLIER), carrying("at")):
        await lars.taps(tap)
        await world.settled()
    claim = world.database.read_now(lambda s: s.scalars(select(Claim).filter_by(rental_id=number)).one())
    assert (claim.status, claim.returned_at) == (ClaimStatus.RETURNED, due())
