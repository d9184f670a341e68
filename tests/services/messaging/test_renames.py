"""Names and codes that are changed: the cards that show them are drawn once more."""

from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import Equipment, Item, Location, OutboxMessage, Rental
from db.states import OutboxStatus
from services.core.actor import Actor
from services.core.tx import Tx
from services.inventory import attributes, locations
from services.inventory import editing as inventory
from services.members import editing as members
from services.messaging import notifications, outbox
from services.rentals import approval
from tests import factories
from tests.factories import Club, days

DESK = -100


def rename(tx: Tx, what: str, rental: Rental, kari: Actor) -> None:
    item = tx.session.scalars(select(Item).filter_by(code="T1")).one()
    if what == "equipment":
        equipment = tx.session.get_one(Equipment, item.equipment_id)
        inventory.edit_equipment(tx, equipment.id, field="name", text="Big tent", seen=equipment.version)
    elif what == "item":
        inventory.edit_item(tx, item.id, field="code", text="T-01", seen=item.version)
    elif what == "location":
        locations.rename(tx, tx.session.scalars(select(Location)).one().id, "Attic")
    elif what == "oneself":
        members.edit_own(tx.by(kari), {"first_name": "Karianne"})
    else:
        members.edit(tx, rental.user_id, field="first_name", value="Karianne", seen="Kari")


@pytest.mark.parametrize("what", ["equipment", "item", "location", "member", "oneself"])
def test_cards_follow(session: Session, club: Club, now: datetime, what: str) -> None:
    """Those of a rental that goes on; what is over keeps its card as it is."""
    tx = Tx(session, now, club.anna)
    for code in ("T1", "T2", "T3"):
        item = session.scalars(select(Item).filter_by(code=code)).one()
        place = locations.listed(tx)[0].id if locations.listed(tx) else locations.add(tx, "Cellar").id
        attributes.move_item(tx, item.id, location_id=place, seen=item.version)
    over = factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 3))
    approval.decline(tx, over.id, reason="no")
    rental = factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 3))
    approval.approve(tx, rental.id)
    for one in (over, rental):
        outbox.render_card(tx, notifications.DESK_CARD, one.id, chat_id=DESK)
    session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT))
    session.expire_all()
    rename(tx, what, rental, club.kari)
    waiting = session.scalars(select(OutboxMessage).filter_by(chat_id=DESK, status=OutboxStatus.PENDING))
    assert [outbox.card_of(tx, row).subject_id for row in waiting] == [rental.id]
