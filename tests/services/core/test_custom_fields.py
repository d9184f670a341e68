"""Fields of an organisation's own: their labels, their order, and the values that follow."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Equipment, Item, Organization, Rental, User
from db.session import Database
from db.states import Described, Role
from services.core import custom_fields
from services.core.errors import Refused
from services.core.tx import Tx
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import refuses

ITEM = Described.ITEM


def labels(session: Session, club: Club, describes: Described = ITEM, **which: bool) -> list[str]:
    return [field.label for field in custom_fields.of(session, club.organization.id, describes, **which)]


def test_fields_have_an_order(session: Session, club: Club, now: datetime) -> None:
    """As they were made, until somebody moves one; beyond the ends is at the end."""
    made = [
        custom_fields.add(Tx(session, now, club.anna), ITEM, label) for label in ("Size", "Colour", "Year")
    ]
    assert labels(session, club) == ["Size", "Colour", "Year"]
    custom_fields.move(Tx(session, now, club.anna), made[2].id, 1)
    assert labels(session, club) == ["Year", "Size", "Colour"]
    custom_fields.move(Tx(session, now, club.anna), made[2].id, 1)
    custom_fields.move(Tx(session, now, club.anna), made[0].id, 99)
    assert labels(session, club) == ["Year", "Colour", "Size"]


def test_each_kind_has_its_own_fields(session: Session, club: Club, now: datetime) -> None:
    """The same label may describe items and rentals; twice for one kind it may not."""
    custom_fields.add(Tx(session, now, club.anna), ITEM, "Size")
    custom_fields.add(Tx(session, now, club.anna), Described.RENTAL, "Size")
    with refuses(session, Refused.NAME_TAKEN):
        custom_fields.add(Tx(session, now, club.anna), ITEM, " size ")
    with refuses(session, Refused.TOO_MUCH_TEXT, most=100):
        custom_fields.add(Tx(session, now, club.anna), ITEM, "x" * 101)
    assert labels(session, club, Described.RENTAL) == ["Size"]


def test_only_admins_keep_fields(session: Session, club: Club, now: datetime) -> None:
    """A lender is refused; another club's admin does not find them."""
    field = custom_fields.add(Tx(session, now, club.anna), ITEM, "Size")
    changes: tuple[Callable[[], object], ...] = (
        lambda: custom_fields.add(Tx(session, now, club.lars), ITEM, "Colour"),
        lambda: custom_fields.rename(Tx(session, now, club.lars), field.id, "Colour"),
        lambda: custom_fields.move(Tx(session, now, club.lars), field.id, 1),
        lambda: custom_fields.switch(Tx(session, now, club.lars), field.id, on=False),
    )
    for change in changes:
        with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
            change()
    other = factories.club(session, now, "Another club")
    with refuses(session, Refused.NOT_FOUND):
        custom_fields.rename(Tx(session, now, other.anna), field.id, "Mine")


@pytest.mark.parametrize("label", ["Colour", 'Size "EU"', "Größe.cm", "a'b$[0]"])
def test_values_follow_a_renamed_field(session: Session, club: Club, now: datetime, label: str) -> None:
    """In every row of the organisation that has one, and nowhere else; an edit begun before is refused."""
    field = custom_fields.add(Tx(session, now, club.anna), ITEM, label)
    other = factories.club(session, now, "Another club")
    t1, t2 = item_of(session, club, "T1"), item_of(session, club, "T2")
    foreign = item_of(session, other, "T1")
    t1.custom = {"Before": "1", label: "red", "After": "2"}
    t2.custom = {"Before": "1"}
    foreign.custom = {label: "blue"}
    session.flush()
    versions = (t1.version, t2.version)
    custom_fields.rename(Tx(session, now, club.anna), field.id, "Paint")
    for row in (t1, t2, foreign):
        session.refresh(row)
    assert t1.custom == {"Before": "1", "Paint": "red", "After": "2"}
    assert list(t1.custom) == ["Before", "Paint", "After"]
    assert (t2.custom, foreign.custom) == ({"Before": "1"}, {label: "blue"})
    assert (t1.version, t2.version) == (versions[0] + 1, versions[1])
    entry = session.scalars(select(AuditEntry).filter_by(subject="field", action="rename")).one()
    assert entry.details == {"label": [label, "Paint"], "rows": 1}


def item_of(session: Session, club: Club, code: str) -> Item:
    return session.scalars(select(Item).filter_by(code=code, organization_id=club.organization.id)).one()


@pytest.mark.parametrize("describes", list(Described))
def test_values_follow_whatever_is_described(database: Database, now: datetime, describes: Described) -> None:
    """Equipment, items, members, rentals and the organization, on both databases."""

    def work(session: Session) -> dict[str, object]:
        club = factories.club(session, now)
        basket = request.open_draft(Tx(session, now, club.kari))
        rows: dict[Described, Equipment | Item | User | Rental | Organization] = {
            Described.ORGANIZATION: club.organization,
            Described.EQUIPMENT: club.tent,
            Described.ITEM: item_of(session, club, "T1"),
            Described.USER: session.get_one(User, club.kari.user_id),
            Described.RENTAL: basket,
        }
        row = rows[describes]
        row.custom = {"Old": "value"}
        session.flush()
        field = custom_fields.add(Tx(session, now, club.anna), describes, "Old")
        custom_fields.rename(Tx(session, now, club.anna), field.id, "New")
        session.refresh(row)
        return dict(row.custom)

    assert database.write_now(work) == {"New": "value"}


def test_a_switched_off_field_is_not_asked_and_still_shown(
    session: Session, club: Club, now: datetime
) -> None:
    """Values are shown in the fields' order, then what no field is known for; empty ones are not."""
    for label in ("Size", "Colour", "Year"):
        custom_fields.add(Tx(session, now, club.anna), ITEM, label)
    colour = custom_fields.of(session, club.organization.id, ITEM)[1]
    custom_fields.switch(Tx(session, now, club.anna), colour.id, on=False)
    assert labels(session, club) == ["Size", "Year"]
    assert labels(session, club, switched_off=True) == ["Size", "Colour", "Year"]
    custom = {"Zip": "1", "Year": "", "Colour": "red", "Size": "M"}
    assert custom_fields.values(session, club.organization.id, ITEM, custom) == [
        *(("Size", "M"), ("Colour", "red"), ("Zip", "1")),
    ]


def test_labels_of_a_file_become_fields_once(session: Session, club: Club, now: datetime) -> None:
    """In the file's order, behind those that there are; one too long for a field stays a value alone."""
    custom_fields.add(Tx(session, now, club.anna), ITEM, "Size")
    of = club.organization.id
    custom_fields.register(session, of, ITEM, ["Colour", "Size", "x" * 101, "Colour", "Year"])
    custom_fields.register(session, of, ITEM, ["Year", "Colour"])
    assert labels(session, club) == ["Size", "Colour", "Year"]


def test_a_basket_says_what_the_fields_ask(session: Session, club: Club, now: datetime) -> None:
    """Of rentals' own fields that are switched on; nothing takes an answer away; emptied it says nothing."""
    size = custom_fields.add(Tx(session, now, club.anna), ITEM, "Size")
    place = custom_fields.add(Tx(session, now, club.anna), Described.RENTAL, "Where to")
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.set_detail(session, basket, place.id, "  Jotunheimen ")
    assert basket.custom == {"Where to": "Jotunheimen"}
    with refuses(session, Refused.NOT_FOUND):
        baskets.set_detail(session, basket, size.id, "M")
    with refuses(session, Refused.TOO_MUCH_TEXT, most=500):
        baskets.set_detail(session, basket, place.id, "x" * 501)
    baskets.set_detail(session, basket, place.id, " ")
    assert basket.custom == {}
    baskets.set_detail(session, basket, place.id, "Rondane")
    baskets.empty(session, basket)
    assert basket.custom == {}
    custom_fields.switch(Tx(session, now, club.anna), place.id, on=False)
    with refuses(session, Refused.NOT_FOUND):
        baskets.set_detail(session, basket, place.id, "Rondane")
