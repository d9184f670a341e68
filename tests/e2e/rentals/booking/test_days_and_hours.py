"""Days and deadlines as people see them: local days, and hours in which somebody is there."""

from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from db.models import OpeningHours, Organization
from db.states import RentalStatus
from handlers.ui.callbacks import Verb
from sandbox.person import find
from services.core.errors import Refused
from tests.e2e.arrange import approved, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.rentals.test_late_conflicts import passes, status
from tests.e2e.seen import asking, by, carrying, showing
from tests.services.permissions.assertions import set_policy


async def moved_to(world: World, *moment: int) -> None:
    await world.clock.advance(datetime(*moment, tzinfo=UTC))  # type: ignore[misc, arg-type]
    await world.program.wake_sweep()
    await world.settled()


async def test_who_is_late_chooses_from_days_to_come(sqlite_world: World) -> None:
    """Due on the 2nd, asked on the 5th, two days at a time: until the 7th can be tapped, and is."""
    world = sqlite_world

    def rule(session: Session) -> None:
        set_policy(session, session.get_one(Organization, world.organization_id), extension_days=2)

    await write(world, rule)
    number = await handed_out(world, last=1)
    await moved_to(world, 2026, 12, 5, 9)
    await world["Kari"].taps(by(Verb.EXTEND, number))
    await world["Kari"].sees(asking("extend.ask"))
    await world["Kari"].taps(carrying("day", "2026-12-07"))
    await world["Kari"].sees(showing(RentalStatus.OUT, number))


async def test_what_was_missed_on_friday_is_kept_until_monday(sqlite_world: World) -> None:
    """Open on Mondays and Fridays at 20:00 for an hour: kept on Saturday and until Monday's close."""
    world = sqlite_world

    def hours(session: Session) -> None:
        for weekday in (0, 4):
            session.add(
                OpeningHours(
                    organization_id=world.organization_id, weekday=weekday, opens=time(20), closes=time(21)
                )
            )

    await write(world, hours)
    number = await approved(world, first=3, last=13)
    await moved_to(world, 2026, 12, 7, 19, 30)
    assert status(world, number) is RentalStatus.APPROVED
    await passes(world, 0.5)
    await world["Kari"].sees(showing(RentalStatus.EXPIRED, number))


async def test_a_month_opens_the_calendar_there(sqlite_world: World) -> None:
    """It is longer than anything is lent, so the day is asked for, in the month that was named."""
    kari = sqlite_world["Kari"]
    await kari.types("/rent tent in january")
    card = await kari.sees(asking("rent.first", Refused.TOO_LONG))
    assert find(card, carrying("from", "2027-01-15")), card.keyboard
    await kari.types("in march")
    await sqlite_world.settled()
    assert find(kari.last(asking("rent.first")), carrying("from", "2027-03-15"))
