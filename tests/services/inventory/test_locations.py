"""Places: their names, and where things are put when they come back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Location
from db.session import Database
from db.states import Condition, Role
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkin
from services.inventory import locations
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import HOUR, claims, item, refuses, set_condition


@pytest.fixture
def shelf(session: Session, club: Club, now: datetime) -> Location:
    return locations.add(Tx(session, now, club.anna), "Shelf")


@pytest.fixture
def cellar(session: Session, club: Club, now: datetime) -> Location:
    return locations.add(Tx(session, now, club.anna), "Cellar")


def put(session: Session, place: Location, *codes: str) -> None:
    for code in codes:
        item(session, code).location_id = place.id
    session.flush()


def where(session: Session, code: str) -> str | None:
    location_id = item(session, code).location_id
    return session.get_one(Location, location_id).name if location_id is not None else None


def test_a_renamed_place_keeps_its_things(
    session: Session, club: Club, now: datetime, shelf: Location
) -> None:
    """They lie there under its new name, and the audit says who renamed it from what."""
    put(session, shelf, "T1", "T2")
    locations.rename(Tx(session, now, club.anna), shelf.id, " Shelf   A ")
    assert where(session, "T1") == "Shelf A"
    entry = session.scalars(select(AuditEntry).filter_by(subject="location", action="rename")).one()
    assert (entry.details, entry.user_id) == ({"name": ["Shelf", "Shelf A"]}, club.anna.user_id)


def test_a_switched_off_place_is_not_offered_and_still_shown(
    session: Session, club: Club, now: datetime, shelf: Location, cellar: Location
) -> None:
    """A place that is switched off keeps its items; switched on it is offered again."""
    put(session, shelf, "T1", "T2", "T3")
    set_condition(session, "T3", Condition.RETIRED)
    locations.switch(Tx(session, now, club.anna), shelf.id, on=False)
    of = club.organization.id
    assert [p.name for p in locations.listed(Tx(session, now, within=of))] == ["Cellar"]
    assert [
        (p.name, p.items, p.off) for p in locations.listed(Tx(session, now, within=of), switched_off=True)
    ] == [
        ("Cellar", 0, False),
        ("Shelf", 2, True),
    ]
    assert where(session, "T1") == "Shelf"
    locations.switch(Tx(session, now, club.anna), shelf.id, on=True)
    assert [p.name for p in locations.listed(Tx(session, now, within=of))] == ["Cellar", "Shelf"]


def test_a_place_has_its_name_alone(session: Session, club: Club, now: datetime, shelf: Location) -> None:
    """Capitals do not make another; one that is switched off is told apart."""
    with refuses(session, Refused.NAME_TAKEN, off=False):
        locations.add(Tx(session, now, club.anna), "shelf")
    locations.switch(Tx(session, now, club.anna), shelf.id, on=False)
    with refuses(session, Refused.NAME_TAKEN, off=True):
        locations.add(Tx(session, now, club.anna), "SHELF")
    with refuses(session, Refused.NAME_EMPTY):
        locations.add(Tx(session, now, club.anna), "  ")
    with refuses(session, Refused.TOO_MUCH_TEXT, most=200):
        locations.rename(Tx(session, now, club.anna), shelf.id, "x" * 201)
    assert locations.rename(Tx(session, now, club.anna), shelf.id, "SHELF").name == "SHELF"


def test_only_admins_keep_places(session: Session, club: Club, now: datetime, shelf: Location) -> None:
    """A lender is refused; another club's admin does not find them."""
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
        locations.add(Tx(session, now, club.lars), "Attic")
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
        locations.switch(Tx(session, now, club.lars), shelf.id, on=False)
    other = factories.club(session, now, "Another club")
    with refuses(session, Refused.NOT_FOUND):
        locations.rename(Tx(session, now, other.anna), shelf.id, "Mine")


def returned(session: Session, club: Club, now: datetime, pieces: int = 2) -> int:
    """The return of so many tents."""
    rental = factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, pieces))
    checkin.take_back(Tx(session, now + HOUR, club.lars), rental.id)
    return_id = locations.last_return(session, rental.id)
    assert return_id is not None
    return return_id


def test_one_answer_is_for_all_that_came_back(
    session: Session, club: Club, now: datetime, shelf: Location, cellar: Location
) -> None:
    """Each item lies there now, with an audit row of its own; twice is once."""
    put(session, shelf, "T1", "T2")
    return_id = returned(session, club, now)
    before = [item(session, code).version for code in ("T1", "T2")]
    for _ in range(2):
        locations.put_away(Tx(session, now + HOUR, club.lars), return_id, cellar.id)
    assert [where(session, code) for code in ("T1", "T2", "T3")] == ["Cellar", "Cellar", None]
    assert [item(session, code).version for code in ("T1", "T2")] == [version + 1 for version in before]
    told = session.scalars(select(AuditEntry).filter_by(subject="item", action="put_away")).all()
    assert [entry.details for entry in told] == [{"location": ["Shelf", "Cellar"]}] * 2
    found = locations.returned(Tx(session, now, within=club.organization.id), return_id)
    assert (found.answered, found.put_at, found.by) == (True, "Cellar", "Lars Lender")


def test_where_it_was_before_moves_nothing(
    session: Session, club: Club, now: datetime, shelf: Location, cellar: Location
) -> None:
    """That is an answer too, and things from different places go back to them."""
    put(session, shelf, "T1")
    put(session, cellar, "T2")
    return_id = returned(session, club, now)
    locations.put_away(Tx(session, now + HOUR, club.lars), return_id, None)
    assert [where(session, code) for code in ("T1", "T2")] == ["Shelf", "Cellar"]
    assert locations.returned(Tx(session, now, within=club.organization.id), return_id).answered


def test_piece_by_piece_each_has_its_own_place(
    session: Session, club: Club, now: datetime, shelf: Location, cellar: Location
) -> None:
    """Of two that come back one after the other, each answer moves its own."""
    rental = factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 2))
    entries = []
    for claim in claims(session, rental):
        checkin.take_back(Tx(session, now + HOUR, club.lars), rental.id, only=[claim.id])
        entries.append(locations.last_return(session, rental.id) or 0)
    locations.put_away(Tx(session, now + HOUR, club.lars), entries[1], cellar.id)
    locations.put_away(Tx(session, now + HOUR, club.lars), entries[0], shelf.id)
    assert [where(session, code) for code in ("T1", "T2")] == ["Shelf", "Cellar"]


def test_an_old_question_does_not_move_what_went_out_again(
    session: Session, club: Club, now: datetime, shelf: Location, cellar: Location
) -> None:
    """An answer given after the items went out again finds the button out of date."""
    return_id = returned(session, club, now)
    factories.handed_out(session, club, now + 2 * HOUR, days(now + timedelta(hours=2), 0, 1), (club.tent, 2))
    with refuses(session, Refused.OUTDATED):
        locations.put_away(Tx(session, now + 3 * HOUR, club.lars), return_id, cellar.id)
    assert where(session, "T1") is None


def test_who_may_say_where_it_was_put(
    session: Session, club: Club, now: datetime, shelf: Location, cellar: Location
) -> None:
    """A lender, at a place that is offered, in their own club."""
    return_id = returned(session, club, now)
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LENDER):
        locations.put_away(Tx(session, now, club.kari), return_id, cellar.id)
    other = factories.club(session, now, "Another club")
    with refuses(session, Refused.NOT_FOUND):
        locations.put_away(Tx(session, now, other.lars), return_id, None)
    elsewhere = locations.add(Tx(session, now, other.anna), "Shelf")
    with refuses(session, Refused.NOT_FOUND):
        locations.put_away(Tx(session, now, club.lars), return_id, elsewhere.id)
    locations.switch(Tx(session, now, club.anna), cellar.id, on=False)
    with refuses(session, Refused.OUTDATED):
        locations.put_away(Tx(session, now, club.lars), return_id, cellar.id)
    with refuses(session, Refused.NOT_FOUND):
        locations.put_away(Tx(session, now, club.lars), return_id + 1, cellar.id)


def test_of_two_who_add_the_same_place_at_once_one_is_refused(database: Database, now: datetime) -> None:
    """In words, on both databases: the second waits for the first, and reads that the name is taken."""
    club = database.write_now(lambda session: factories.club(session, now))

    def add(_: int) -> str:
        try:
            database.write_now(lambda session: locations.add(Tx(session, now, club.anna), "Cellar"))
        except Refusal as refusal:
            return refusal.code
        return "added"

    with ThreadPoolExecutor(4) as threads:
        outcomes = sorted(threads.map(add, range(8)))
    assert outcomes == ["added", *[Refused.NAME_TAKEN] * 7]
