"""The rows of rentals and of members: how each came to its end, and who is still there."""

import asyncio
import csv
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from db.models import CustomField, Rental, User
from db.session import Database
from db.states import Described
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin
from services.exports import Export, Format, What, export_file, runner
from services.exports import inventory as inventory_rows
from services.exports import members as member_rows
from services.exports import rentals as rental_rows
from services.exports.writers import Cell
from services.rentals import approval
from services.rentals.booking import request
from tests import factories
from tests.factories import Club

ALWAYS = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@pytest.fixture
def club(database: Database, now: datetime) -> Club:
    return database.write_now(lambda s: factories.club(s, now))


def rows(
    database: Database, club: Club, folder: Path, what: What, now: datetime, period: Period | None = None
) -> list[dict[str, str]]:
    path = folder / "out.csv"
    wanted = Export(club.organization.id, what, Format.CSV, period or ALWAYS)
    count = asyncio.run(export_file(database, wanted, path, now))
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert len(found) == count
    return found


def test_how_a_rental_ended(database: Database, club: Club, now: datetime, tmp_path: Path) -> None:
    """Handed out, back an hour and a bit late; declined; called off. Baskets are nobody's business."""

    def work(session: Session) -> None:
        period = factories.days(now, 0, 2)
        late = factories.handed_out(session, club, now, period, (club.tent, 2), (club.stove, 1))
        checkin.give_back(Tx(session, period.due_at + timedelta(hours=1, minutes=1), club.kari), late.id)
        checkin.confirm_return(Tx(session, period.due_at + timedelta(days=3), club.lars), late.id)
        declined = factories.requested(session, club.ola, now, factories.days(now, 3, 5), (club.tent, 1))
        approval.decline(Tx(session, now, club.anna), declined.id, reason="no")
        gone = factories.requested(session, club.ola, now, factories.days(now, 3, 5), (club.stove, 1))
        approval.cancel(Tx(session, now, club.ola), gone.id)
        request.open_draft(Tx(session, now, club.ola))

    database.write_now(work)
    first, declined, gone = rows(database, club, tmp_path, What.RENTALS, now + timedelta(days=9))
    assert first == {
        "number": first["number"],
        "member": "Kari Nordmann",
        "equipment": "2 × Tent, Stove",
        "codes": "S1, T1, T2",
        "from": "2026-12-01 09:00",
        "due": "2026-12-03 09:00",
        "out": "2026-12-01 09:00",
        "back": "2026-12-03 10:01",
        "status": "returned",
        "purpose": "",
        "decided by": "Anna Admin",
        "hours late": "2",
        **{"comment": "", "out from": "", "out by": "Lars Lender", "back to": "", "taken by": "Lars Lender"},
    }
    assert [(r["status"], r["codes"], r["out"], r["hours late"]) for r in (declined, gone)] == [
        ("declined", "", "", ""),
        ("cancelled", "", "", ""),
    ]


def test_what_touches_the_period_is_in_it(
    database: Database, club: Club, now: datetime, tmp_path: Path
) -> None:
    """With an hour of it at either end; what is out still counts until it is back."""

    def work(session: Session) -> tuple[int, int]:
        out = factories.handed_out(session, club, now, factories.days(now, 0, 1), (club.tent, 1))
        later = factories.requested(session, club.ola, now, factories.days(now, 10, 12), (club.tent, 1))
        return out.id, later.id

    out, later = database.write_now(work)

    def within(first: timedelta, last: timedelta) -> list[int]:
        period = Period(now + first, now + last)
        found = rows(database, club, tmp_path, What.RENTALS, now + timedelta(days=20), period)
        return [int(row["number"]) for row in found]

    hour, day = timedelta(hours=1), timedelta(days=1)
    assert within(-2 * day, -day) == []
    assert within(-day, hour) == [out]
    assert within(5 * day, 6 * day) == [out]
    assert within(9 * day, 10 * day) == [out]
    assert within(10 * day - hour, 10 * day + hour) == [out, later]
    assert within(12 * day - hour, 13 * day) == [out, later]
    assert within(12 * day, 13 * day) == [out]


def test_members_with_what_is_known_of_them(
    database: Database, club: Club, now: datetime, tmp_path: Path
) -> None:
    """Those who left too; rentals are counted without baskets; the organisation's own fields follow."""

    def work(session: Session) -> None:
        factories.requested(session, club.kari, now, factories.days(now, 1, 2), (club.tent, 1))
        request.open_draft(Tx(session, now, club.ola))
        kari, ola = session.get_one(User, club.kari.user_id), session.get_one(User, club.ola.user_id)
        kari.email, kari.phone, kari.custom = "kari@example.org", "+47 22 33 44", {"Team": "=red"}
        kari.membership_id, kari.born_on = "7", date(1990, 5, 1)
        ola.active_from, ola.active_until = now - timedelta(days=30), now
        rental = session.query(Rental).filter_by(user_id=kari.id).one()
        rental.custom = {"Trip": "Jotunheimen"}
        for described in (Described.USER, Described.RENTAL):
            session.add(
                CustomField(
                    organization_id=club.organization.id, describes=described, label="Asked", position=1
                )
            )

    database.write_now(work)
    kari, ola, *_ = rows(database, club, tmp_path, What.MEMBERS, now)
    assert kari == {
        "number": str(club.kari.user_id),
        "first name": "Kari",
        "last name": "Nordmann",
        "username": "",
        "email": "kari@example.org",
        "phone": "+47 22 33 44",
        "membership number": "7",
        "city": "",
        "date of birth": "1990-05-01",
        "other id": "",
        "role": "user",
        "active": "yes",
        "active from": "",
        "active until": "",
        "postcode": "",
        "note": "",
        "since": "2026-12-01 09:00",
        "rentals": "1",
        "Asked": "",
        "Team": "'=red",
    }
    assert (ola["active"], ola["since"], ola["rentals"]) == ("no", "2026-11-01 09:00", "0")
    assert (ola["active from"], ola["active until"]) == ("2026-11-01", "2026-12-01")
    (rental,) = rows(database, club, tmp_path, What.RENTALS, now)
    assert (rental["Asked"], rental["Trip"]) == ("", "Jotunheimen")


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two rows at a time."""
    for module in (inventory_rows, member_rows, rental_rows):
        monkeypatch.setattr(module, "CHUNK", 2)
    yield


@pytest.mark.usefixtures("small_chunks")
def test_chunks_meet_without_a_gap(database: Database, club: Club, now: datetime, tmp_path: Path) -> None:
    """However many rows: each is there once, and none of another organisation's in between."""

    def work(session: Session) -> None:
        other = factories.club(session, now, "Another")
        for day in range(1, 5):
            for one in (club, other):
                factories.requested(session, one.kari, now, factories.days(now, day, day + 1), (one.tent, 1))

    database.write_now(work)
    assert [r["code"] for r in rows(database, club, tmp_path, What.INVENTORY, now)] == [
        "T1",
        "T2",
        "T3",
        "S1",
    ]
    assert [r["first name"] for r in rows(database, club, tmp_path, What.MEMBERS, now)] == [
        *("Kari", "Ola", "Lars", "Anna")
    ]
    found = [int(r["number"]) for r in rows(database, club, tmp_path, What.RENTALS, now)]
    assert found == sorted(set(found)) and len(found) == 4


class Slow:
    """A writer whose first row takes until it may end."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.story: list[str] = []

    def row(self, cells: Sequence[Cell]) -> None:
        self.begun.set()
        self.may_end.wait(10)
        self.story.append("row")

    def finish(self) -> None:
        self.story.append("finished")

    def abandon(self) -> None:
        self.story.append("abandoned")


async def test_an_export_that_is_broken_off_ends_its_row_first(
    sqlite: Database, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the program ends: the file is given up when nobody writes to it any more, and not finished."""
    club, slow = sqlite.write_now(lambda s: factories.club(s, now)), Slow()
    monkeypatch.setitem(runner._WRITERS, Format.CSV, lambda path, look: slow)
    wanted = Export(club.organization.id, What.INVENTORY, Format.CSV)
    task = asyncio.create_task(export_file(sqlite, wanted, tmp_path / "out", now))
    await asyncio.to_thread(slow.begun.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    slow.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert slow.story == ["row", "abandoned"]
