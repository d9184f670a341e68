"""Today, when it is nearly over: what can still be had is the same typed, tapped and in a line, and says why.

Things come back until 20:00.
"""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from db.models import Rental
from db.states import RentalStatus
from handlers.ui.form import FROM
from handlers.ui.widgets import calendar
from services.core.errors import Refused
from services.core.hours.opening_hours import What
from tests.e2e.conftest import World
from tests.e2e.seen import asking, carrying, plain, refusal

SUNDAY_EVENING = datetime(2026, 12, 6, 20, 30, tzinfo=UTC)
OVER = {"what": What.RETURN, "closes": "20:00"}
NEXT_WEEKEND = refusal(Refused.TODAY_OVER, **OVER, took=["2026-12-11", "2026-12-13"])


@pytest.fixture
async def evening(sqlite_world: World) -> World:
    """Half past nine on a Sunday evening in Oslo."""
    await sqlite_world.clock.advance(SUNDAY_EVENING)
    await sqlite_world.settled()
    return sqlite_world


async def test_a_day_that_is_over(evening: World) -> None:
    """This weekend is the next one, today lasts until tomorrow at least, and each says why."""
    kari = evening["Kari"]
    await kari.types("/rent tent this weekend")
    assert NEXT_WEEKEND in plain((await kari.sees(asking("rent.basket", Refused.TODAY_OVER))).text)
    await kari.taps(carrying("days", ""))
    await kari.sees(asking("rent.first"))
    await kari.types("weekend")
    await kari.sees(asking("rent.basket", Refused.TODAY_OVER))
    await kari.taps(carrying("days", ""))
    await kari.types("today for 1 day")
    card = await kari.sees(asking("rent.first", Refused.TODAY_OVER))
    assert refusal(Refused.TODAY_OVER, **OVER) in plain(card.text)
    await kari.taps(carrying(FROM, "2026-12-06"))
    card = await kari.sees(asking("rent.last"))
    assert calendar.over(What.RETURN) in [button.data for row in card.keyboard for button in row]
    await kari.types("tomorrow")
    await kari.sees(asking("rent.basket"))
    await kari.taps(carrying("days", ""))
    await kari.types("3 days")
    await kari.sees(asking("rent.basket"))
    assert await days(evening) == (6, 8)


async def test_a_day_that_is_past(sqlite_world: World) -> None:
    """Yesterday to tomorrow is no period, in a line and typed; three days begin when they can."""
    kari = sqlite_world["Kari"]
    await kari.types("/rent tent yesterday to tomorrow")
    await kari.sees(asking("rent.first", Refused.IN_THE_PAST))
    await kari.types("yesterday to tomorrow")
    await kari.sees(asking("rent.first", Refused.IN_THE_PAST))
    await kari.types("for 3 days")
    await kari.sees(asking("rent.basket"))
    assert await days(sqlite_world) == (1, 3)


async def days(world: World) -> tuple[int, int]:
    """First and last day of the month of the only basket."""
    basket = await world.database.read(
        lambda session: session.scalars(select(Rental).filter_by(status=RentalStatus.DRAFT)).one()
    )
    assert basket.starts_at is not None and basket.due_at is not None
    return basket.starts_at.day, basket.due_at.day
