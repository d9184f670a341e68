"""`/rent` where the equipment lies in two places with days of their own.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import time

from sqlalchemy import update
from sqlalchemy.orm import Session

from db.models import Item, Location, OpeningHours
from db.states import RentalStatus
from handlers.rentals import refusals
from handlers.ui.callbacks import Verb
from handlers.ui.widgets import calendar
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import attributes
from services.messaging import notifications
from tests.e2e.arrange import actor, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, of_kind, showing, wording


def two_places(session: Session, world: World) -> None:
    """T1 in the shed, open on Fridays and Saturdays; the others in the cellar, on Mondays only."""
    for name, codes, days in (("Shed", ["T1"], (4, 5)), ("Cellar", ["T2", "T3"], (0,))):
        where = Location(organization_id=world.organization_id, name=name)
        session.add(where)
        session.flush()
        session.execute(update(Item).where(Item.code.in_(codes)).values(location_id=where.id))
        for day in days:
            session.add(
                OpeningHours(
                    organization_id=world.organization_id,
                    location_id=where.id,
                    weekday=day,
                    opens=time(10),
                    closes=time(18),
                    hands_out=True,
                    takes_back=True,
                )
            )


async def test_three_are_not_to_be_had_where_one_is_open(sqlite_world: World) -> None:
    """`/rent tent x3 fri sat` is refused with the place that is closed; one tent is T1 of the shed. When it
    is put into the cellar, the member is told."""
    world, kari, group = sqlite_world, sqlite_world["Kari"], sqlite_world.in_group("Anna")
    await write(world, lambda s: two_places(s, world))
    await kari.types("/rent tent x3 fri sat")
    refused = await kari.sees(asking("rent.first", Refused.NOT_FREE))
    assert wording(refusals._not_free, "closed", places="Cellar") in refused.text
    # Friday is not taken: what is free lies in the cellar.
    assert any(by(Verb.NOTHING, arg=calendar.SHUT_PLACE)(button) for button in refused.buttons)
    assert not any(by(Verb.NOTHING, arg="taken")(button) for button in refused.buttons)
    await kari.types("/rent tent fri sat")
    await kari.sees(asking("rent.basket"))
    await kari.taps("Confirm")
    await world.settled()
    await group.taps("Approve")
    await world.settled()
    approved = kari.last(showing(RentalStatus.APPROVED)).text
    assert "T1" in approved and "Shed" in approved

    def moved(session: Session) -> None:
        item = session.query(Item).filter_by(code="T1").one()
        cellar = session.query(Location).filter_by(name="Cellar").one()
        anna = actor(session, world, "Anna")
        attributes.move_item(
            Tx(session, world.clock.now(), anna), item.id, location_id=cellar.id, seen=item.version
        )

    await write(world, moved)
    assert "Cellar" in kari.last(of_kind(notifications.PLACE_CHANGED)).text
