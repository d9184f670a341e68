"""Fields that all organizations have, under the names that this one gave them, wherever people meet them."""

import csv
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Item, Organization, User
from handlers.i18n import field_names
from handlers.i18n.texts import Texts
from handlers.imports.plan_views import Verb as Asked
from handlers.members.own import me_views
from handlers.rentals.booking import views as booking_views
from handlers.rentals.booking.basket import basket_views
from handlers.ui import routes
from sandbox.world.records import Happening
from services.core.tx import Tx
from services.exports.runner import Export, Format, What, export_file
from services.imports import jobs
from services.inventory import locations, tags
from services.organizations import standard_labels
from tests.e2e.arrange import actor, write
from tests.e2e.conftest import World
from tests.e2e.inventory.inventory_steps import enters
from tests.e2e.seen import asking, by, carrying, of_kind, wording
from tests.factories import days

USUAL = {name: str(field_names.usual(Texts(), name)) for name in standard_labels.NAMES}
LEADS = {
    wording(basket_views._else),
    wording(me_views._change, "email"),
    wording(booking_views._by_type),
    wording(booking_views._narrowed_by),
}
"""Buttons that lead to a field with its usual name."""


def mark(name: str) -> str:
    """Return a name that stands nowhere else; with what has to be escaped."""
    return f"<{standard_labels.NAMES.index(name)}> & co"


def old_names(shown: Iterable[str]) -> set[str]:
    """Return the usual names that stand where a field is named: alone, or before its value."""
    said = {line.removeprefix("✓ ") for line in shown}
    named = {line.partition(":")[0] for line in said if ":" in line} | said
    return named & ({*USUAL.values()} | LEADS)


async def test_no_field_keeps_its_old_name(sqlite_world: World, tmp_path: Path) -> None:
    """From the basket to the audit and the files: each under its new name, none under the usual one."""
    world = sqlite_world
    anna, kari, nora = (world[name] for name in ("Anna", "Kari", "Nora"))

    def prepare(session: Session) -> tuple[int, int]:
        tx = Tx(session, world.clock.now(), actor(session, world, "Anna"))
        of = session.get_one(Organization, world.organization_id)
        of.policy = {**of.policy, "ask": [*_ASKED], "serial_numbers_shown": True, "join_requests": True}
        of.labels = {name: {"label": mark(name), "hint": f"hint {name}"} for name in standard_labels.NAMES}
        tent = session.scalars(select(Equipment).filter_by(name="Tent")).one()
        tent.type = "Tents"
        tags.add(tx, "winter")
        item = session.scalars(select(Item).filter_by(code="S1")).one()
        item.location_id = locations.add(tx, "Cellar").id
        item.serial_number, item.comment = "SN1", "Bent"
        user = session.scalars(select(User).filter_by(first_name="Kari")).one()
        user.email, user.city = "kari@club.no", "Oslo"
        return item.id, tent.id

    item_id, tent_id = await write(world, prepare)
    shown: list[str] = []

    def keep(happening: Happening) -> None:
        if happening.message is not None and happening.message.sender.is_bot:
            shown.extend(happening.message.text.split("\n"))
            shown.extend(button.text for button in happening.message.buttons)

    world.sandbox.world.listeners.append(keep)
    # A member rents, and looks at things and at what is known about them.
    await kari.types("/rent S1 3.12. 4.12.")
    for word, text in (("purpose", "Tour"), ("comment", "Ola comes along")):
        await kari.taps(carrying(word))
        await kari.sees(f"hint rental.{word}")
        await kari.types(text)
        await kari.sees(asking("rent.basket"))
    await kari.taps(carrying("confirm"))
    await kari.types("/items")
    await world.settled()
    await kari.taps(carrying("types"))
    await kari.taps(carrying("narrowing"))
    await kari.types("/items stove")
    await kari.taps(carrying("pick"))
    await kari.types("/me")
    await kari.taps(carrying("change", "email"))
    await world.settled()
    # Somebody asks to become one.
    await nora.types("/start")
    await nora.taps(carrying("club"))
    await nora.types("Nora Dahl")
    for field, answer in _ASKED.items():
        await nora.sees(f"hint user.{field}")
        await nora.types(answer)
    # A lender and an admin.
    await world["Lars"].types("S1")
    await world.settled()
    await enters(world, "Anna", routes.INVENTORY, routes.EQUIPMENT, equipment_id=tent_id)
    await anna.taps(carrying("edit"))
    await anna.taps(carrying("field", "brand"))
    await anna.sees("hint equipment.brand")
    await enters(world, "Anna", routes.INVENTORY, routes.ITEM, item_id=item_id)
    await anna.taps(carrying("edit"))
    await anna.taps(carrying("field", "comment"))
    await anna.types("Dented")
    await enters(world, "Anna", routes.INVENTORY)
    await enters(world, "Anna", routes.TAGS)
    await enters(world, "Anna", routes.POLICY, "rule", rule="ask")
    for command in ("/inventory", "/labels", "/audit", "/members kari"):
        await anna.types(command)
        await world.settled()
    await anna.taps(carrying("fields", 0))
    await world.settled()
    await anna.sends_document("list.csv", _LIST.encode())
    await anna.sees(of_kind(jobs.CARD))
    await anna.taps(by(Asked.LIST_COLUMNS))
    await world.settled()
    assert {name for name in USUAL if not any(mark(name) in line for line in shown)} == set()
    assert old_names(shown) == set()
    serial_number = USUAL["item.serial_number"].casefold()
    assert [line for line in shown if serial_number in line.casefold()] == []
    headers = [header for what in What for header in await exported(world, what, tmp_path)]
    assert {name for name in USUAL if mark(name) not in headers} == {"item.label"}  # nothing has one
    assert old_names(header.capitalize() for header in headers) == set()


async def exported(world: World, what: What, folder: Path) -> list[str]:
    """Export it; return the headers."""
    path, now = folder / f"{what}.csv", world.clock.now()
    wanted = Export(world.organization_id, what, Format.CSV, days(now, -1, 9))
    await export_file(world.database, wanted, path, now)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


_ASKED = {
    "email": "nora@club.no",
    "phone": "+47 99 99 99 99",
    "membership_id": "M 7",
    "postal_code": "0150",
    "city": "Oslo",
    "born_on": "24.12.1990",
    "other_id": "X 1",
}
_LIST = (
    "Navn;Merke;Modell;Serienummer;Plassering;Merknad;Stikkord;Kategori;Inventarnummer;Beskrivelse\n"
    "Axe;Gr;3;SN 3;Attic;Blunt;wood;Tool;A-1;Of steel\n"
)
