"""A thing as members see it, and all that is kept of their rental: from the card to the desk and the file."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CustomField, Equipment, Item, Location, Organization, Rental
from db.states import Described, RentalStatus
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.exports.rentals import COLUMNS
from services.exports.runner import Export, Format, What, export_file
from services.inventory import locations
from services.rentals import approval
from tests.e2e.arrange import actor, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, carrying, showing
from tests.factories import days


async def test_from_the_card_to_the_file(sqlite_world: World, tmp_path: Path) -> None:
    """The place, fields for members, the serial number by a rule; a comment; who and where, out and in."""
    world, kari = sqlite_world, sqlite_world["Kari"]

    def prepare(session: Session) -> None:
        anna = Tx(session, world.clock.now(), actor(session, world, "Anna"))
        place = locations.add(anna, "Cellar")
        locations.describe(anna, place.id, "Down the stairs,\nbehind <the> door")
        item = session.scalars(select(Item).filter_by(code="S1")).one()
        item.location_id, item.serial_number = place.id, "SN-7"
        item.custom = {"Colour": "red", "Key": "K-9"}
        stove = session.get_one(Equipment, item.equipment_id)
        stove.custom = {"Fuel": "gas", "Price": "900"}
        for of, label in (
            *((Described.ITEM, label) for label in ("Colour", "Key")),
            *((Described.EQUIPMENT, label) for label in ("Fuel", "Price")),
        ):
            shown = label in ("Colour", "Fuel")
            field = CustomField(organization_id=world.organization_id, describes=of, label=label, position=1)
            field.for_members = shown
            session.add(field)

    await write(world, prepare)
    await kari.types("/rent S1")
    card = (await kari.sees(asking("rent.first"))).text
    assert all(word in card for word in ("Cellar", "Colour: red", "Fuel: gas"))
    assert not any(word in card for word in ("SN-7", "K-9", "900"))

    def show_numbers(session: Session) -> None:
        of = session.get_one(Organization, world.organization_id)
        of.policy = {**of.policy, "serial_numbers_shown": True}

    await write(world, show_numbers)
    await kari.types("/rent S1")
    assert "SN-7" in (await kari.sees(asking("rent.first"))).text
    await kari.types("today 2 days")
    await kari.taps(carrying("comment"))
    await kari.types("Gro <b> & Per")
    assert "Gro <b> & Per" in (await kari.sees(asking("rent.basket"))).text
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))
    await world.settled()
    desk = world.in_group("Anna").last(showing(RentalStatus.REQUESTED))
    assert "Gro <b> & Per" in desk.text and desk.chat_id == world.group.id

    def approve(session: Session) -> int:
        number = session.scalars(select(Rental.id).filter_by(status=RentalStatus.REQUESTED)).one()
        approval.approve(Tx(session, world.clock.now(), actor(session, world, "Anna")), number)
        return number

    number = await write(world, approve)
    assert "Cellar (Down the stairs, behind <the> door)" in kari.last(showing(RentalStatus.APPROVED)).text

    def describe(session: Session) -> None:
        place = session.scalars(select(Location)).one()
        anna = Tx(session, world.clock.now(), actor(session, world, "Anna"))
        locations.describe(anna, place.id, "Left of the stairs")

    await write(world, describe)
    assert "Left of the stairs" in kari.last(showing(RentalStatus.APPROVED)).text

    def lend(session: Session) -> None:
        now = world.clock.now()
        checkout.hand_out(Tx(session, now, actor(session, world, "Lars")), number)
        checkin.take_back(Tx(session, now, actor(session, world, "Ada")), number)

    await write(world, lend)
    path, now = tmp_path / "rentals.csv", world.clock.now()
    wanted = Export(world.organization_id, What.RENTALS, Format.CSV, days(now, -1, 9))
    await export_file(world.database, wanted, path, now)
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert [row[name] for name in COLUMNS[-5:]] == [
        "Gro <b> & Per",
        *("Cellar", "Lars Berg"),
        *("Cellar", "Ada Berg"),
    ]
