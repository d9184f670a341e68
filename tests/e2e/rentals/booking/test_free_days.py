"""Lists for some days: their numbers are those of the days, and too little of something has a way on."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Organization, Rental, RentalLine
from db.states import RentalStatus
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import kits
from tests import factories
from tests.e2e.arrange import actor, approved, requested, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, carrying


@pytest.fixture
async def weekend(sqlite_world: World, now: datetime) -> World:
    """Two of three tents and the only stove are taken on the 5th and 6th; domes are like tents."""

    def more(session: Session) -> None:
        club = session.get_one(Organization, sqlite_world.organization_id)
        factories.equipment(session, club, now, "Dome", "D1", "D2", type="shelter")
        session.scalars(select(Equipment).filter_by(name="Tent")).one().type = "shelter"

    await write(sqlite_world, more)
    await approved(sqlite_world, "Ola", first=3, last=5, pieces=2)
    await requested(sqlite_world, "Ola", first=3, last=5, what="Stove")
    return sqlite_world


async def labels(world: World, line: str) -> list[str]:
    """The things that a line lists, with their numbers."""
    await world["Kari"].types(line)
    card = await world["Kari"].sees(asking("rent.pick"))
    return [row[0].text for row in card.keyboard if "·" in row[0].text]


async def basket(world: World) -> tuple[dict[str, int], int, int]:
    """The things in Kari's basket, and the days of the month on which it begins and ends."""

    def look(session: Session) -> tuple[dict[str, int], int, int]:
        found = session.scalars(select(Rental).filter_by(status=RentalStatus.DRAFT)).one()
        rows = session.execute(
            select(Equipment.name, RentalLine.quantity)
            .join(RentalLine, RentalLine.equipment_id == Equipment.id)
            .where(RentalLine.rental_id == found.id)
        )
        assert found.starts_at is not None and found.due_at is not None
        return {row.name: row.quantity for row in rows}, found.starts_at.day, found.due_at.day

    return await world.database.read(look)


async def test_numbers_are_those_of_the_days(weekend: World) -> None:
    """With days in the line, typed into the list, or in the basket; none free comes last, and is marked."""
    for line in ("/items saturday", "/rent saturday to sunday", "saturday"):
        assert [name.partition(" · ")[0] for name in await labels(weekend, line)] == [
            *("Dome", "Tarpaulin 3×4", "Tent", "✕ Stove")
        ]
    assert (await labels(weekend, "/items tents saturday"))[0].startswith("Tent · 1 ")
    assert (await labels(weekend, "/items"))[-1].startswith("Tent · 3 ")


async def test_two_asked_one_free(weekend: World) -> None:
    """The one is taken with a tap, on the days that were said; or as many of something like it."""
    kari = weekend["Kari"]
    await kari.types("/rent 2 tents saturday to sunday")
    await kari.sees(asking("rent.first", Refused.NOT_FREE))
    await kari.taps(carrying("fewer"))
    await kari.sees(asking("rent.basket"))
    assert await basket(weekend) == ({"Tent": 1}, 5, 6)
    await kari.taps(carrying("cancel"))
    await kari.types("/rent 2 tents saturday")
    await kari.sees(asking("rent.first", Refused.NOT_FREE))
    await kari.taps(carrying("like"))
    await kari.sees(asking("rent.pick"))
    await kari.taps(carrying("pick"))
    await kari.sees(asking("rent.last"))
    await kari.types("sunday")
    await kari.sees(asking("rent.basket"))
    assert await basket(weekend) == ({"Dome": 2}, 5, 6)
    await kari.taps(carrying("more"))
    await kari.sees(asking("rent.pick"))


async def test_two_kits_asked_one_free(weekend: World) -> None:
    """Of kits as of things: as many as there are, with a tap."""

    def kit(session: Session) -> None:
        tx = Tx(session, weekend.clock.now(), actor(session, weekend, "Anna"))
        tent = session.scalars(select(Equipment).filter_by(name="Tent")).one()
        made = kits.add(tx, "Weekend kit")
        kits.set_part(tx, made.id, tent.id, 1, seen=made.version)

    await write(weekend, kit)
    await weekend["Kari"].types("/rent 2 weekend kits saturday to sunday")
    await weekend["Kari"].sees(asking("rent.first", Refused.NOT_FREE))
    await weekend["Kari"].taps(carrying("fewer"))
    await weekend["Kari"].sees(asking("rent.basket"))
    assert await basket(weekend) == ({"Tent": 1}, 5, 6)
