"""The inventory on each kind of database: found and counted alike, and codes given out at one moment."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Item
from db.session import Database
from db.states import Condition
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import attributes, creation, editing, listing
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import item, set_condition


def test_both_answer_alike(database: Database, now: datetime) -> None:
    """Searching, counting and listing say the same on SQLite and PostgreSQL."""

    def work(session: Session) -> None:
        club = factories.club(session, now)
        of = club.organization.id
        place = attributes.named_place(Tx(session, now, club.anna), "Cellar")
        attributes.move_item(
            Tx(session, now, club.anna), item(session, "T2").id, location_id=place.id, seen=1
        )
        editing.edit_equipment(
            Tx(session, now, club.anna), club.tent.id, field="type", text="Été", seen=club.tent.version
        )
        item(session, "T3").serial_number = "SN-9"
        set_condition(session, "T1", Condition.RETIRED)
        factories.handed_out(session, club, now, factories.days(now, 0, 2), (club.tent, 1))

        for words in ("ete", "t3", "sn-9", "TENT"):
            page = listing.find(Tx(session, now, within=of), words=words)
            assert [(e.name, e.pieces, e.free_now) for e in page.entries] == [("Tent", 2, 1)], words
        assert [e.name for e in listing.find(Tx(session, now, within=of)).entries] == ["Stove", "Tent"]
        page = listing.find(Tx(session, now, within=of), page=99, per_page=1)
        assert (page.total, page.pages, page.page) == (2, 2, 1)
        counts = listing.counts(Tx(session, now), club.tent)
        assert (counts.items, counts.out, counts.free) == (2, 1, 1)
        lines = listing.items(Tx(session, now + timedelta(hours=1)), club.tent.id).lines
        assert [(line.code, line.place) for line in lines] == [("T2", "Cellar"), ("T3", None), ("T1", None)]
        assert sum(line.now is not None for line in lines) == 1
        assert attributes.types(Tx(session, now, within=of)) == ["Été"]
        assert attributes.places(Tx(session, now, within=of)) == [(place.id, "Cellar")]
        assert attributes.labels_of(session, club.tent) == []

    database.write_now(work)


@pytest.mark.parametrize("codes", [("A9", "a9"), (None, None)])
def test_two_who_add_at_once(database: Database, now: datetime, codes: tuple[str | None, str | None]) -> None:
    """The same code is given once, whatever its capitals; proposed codes are two."""
    club: Club = database.write_now(lambda session: factories.club(session, now))
    refused: list[Refused] = []
    begin = threading.Barrier(2)

    def add(code: str | None) -> None:
        def work(session: Session) -> None:
            creation.items(
                Tx(session, now, club.anna), club.tent.id if code == "A9" else club.stove.id, code=code
            )

        begin.wait(20)
        try:
            database.write_now(work)
        except Refusal as refusal:
            refused.append(refusal.code)

    threads = [threading.Thread(target=add, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    made = database.read_now(lambda session: session.scalars(select(Item.code).where(Item.id > 4)).all())
    if codes[0] is None:
        assert sorted(made) == ["STOVE-001", "STOVE-002"]
        assert refused == []
    else:
        assert len(made) == 1
        assert refused == [Refused.CODE_TAKEN]


def test_two_who_add_the_same_name(database: Database, now: datetime) -> None:
    """One is new equipment, the other one more of it."""
    club: Club = database.write_now(lambda session: factories.club(session, now))
    begin = threading.Barrier(2)

    def add(name: str) -> None:
        begin.wait(20)
        database.write_now(lambda session: creation.one(Tx(session, now, club.anna), name=name))

    threads = [threading.Thread(target=add, args=(name,)) for name in ("Kayak", "KAYAK")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    names = database.read_now(
        lambda session: session.scalars(select(Equipment.name).where(Equipment.id > 2)).all()
    )
    assert [name.lower() for name in names] == ["kayak"]
    codes = database.read_now(lambda session: session.scalars(select(Item.code).where(Item.id > 4)).all())
    assert sorted(codes) == ["KAYAK-001", "KAYAK-002"]
