"""The statements that run most: each by an index of what it asks for, however much a club has."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from db.models import Base
from db.session import Database
from services import periodic
from services.access import member_search
from services.availability import schedules
from services.core.hours.periods import days_later
from services.core.tx import Tx
from services.desk import worklist
from services.inventory import catalog, listing
from services.labels import selection
from services.labels.selection import By, Chosen
from services.members import directory
from services.messaging import delivery_queue, pending_requests
from services.rentals import records, reminders
from services.rentals.late import conflicts as late_conflicts
from services.reports import audit_log, nightly, stats
from services.reports.audit_log import ITEM, About
from tests import factories
from tests.factories import Club, days

BIG = "claims|items|rentals|rental_lines|audit|outbox|equipment_parts"

_SCAN = re.compile(rf"^SCAN ({BIG})\b|\b(Seq Scan) on ({BIG})\b")
_WHOLE = re.compile(rf"^SEARCH ({BIG})\b.*\((organization_id|status)=\?\)$")
"""All that an organization has, in SQLite; but not by an index of the few that wait for something."""

_UNBOUND = re.compile(rf"\bIndex (Only )?Scan using (\w+) on ({BIG})\b")
"""PostgreSQL's, where no condition of the index follows."""

_UNKNOWN_SIZES = (
    "UPDATE pg_class SET reltuples = -1, relpages = 0"
    " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')",
    "DELETE FROM pg_statistic WHERE starelid IN"
    " (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
)
"""PostgreSQL may know by now, from another test, that a table is tiny; it then reads all of an index."""

_FEW = "ix_claims_said_back"

_PARTIAL = {
    index.name for table in Base.metadata.tables.values() for index in table.indexes if "where" in index.info
}
"""Indexes of few rows: in the test's small tables PostgreSQL reads all of one."""

Asked = list[tuple[str, Any]]
Question = Callable[[Tx, Club], object]


def _tonight(tx: Tx) -> datetime:
    return days_later(tx.now, 1, tx.zone)


HOTTEST: dict[str, Question] = {
    "search": lambda tx, club: catalog.search(tx, words="tents big"),
    "all equipment": lambda tx, club: catalog.search(tx),
    "a typed line": lambda tx, club: catalog.meant(tx, ["tent", "tent 2"]),
    "a code": lambda tx, club: catalog.item_by_code(tx, "T1"),
    "what is free": lambda tx, club: schedules.load(tx, tx.organization_id, [club.tent.id]),
    "inventory": lambda tx, club: listing.find(tx, words="tent"),
    "the desk's list": lambda tx, club: worklist.day(tx, _tonight(tx)),
    "the desk's days ahead": lambda tx, club: worklist.ahead(
        tx, _tonight(tx), days_later(tx.now, 3, tx.zone)
    ),
    "one's rentals": lambda tx, club: records.of(tx, club.kari.user_id),
    "requests": lambda tx, club: pending_requests.page(tx.session, tx.organization_id, page=0, per_page=6),
    "members": lambda tx, club: directory.find(tx),
    "members by name": lambda tx, club: directory.find(tx, words="kari"),
    "what an audit may be about": lambda tx, club: audit_log.find(tx, "T1"),
    "all labels": lambda tx, club: selection.count(tx, Chosen(By.ALL)),
    "audit of an item": lambda tx, club: audit_log.page(tx, about=About(ITEM, 1, "T1")),
    "messages to send": lambda tx, club: delivery_queue.due_lanes(tx, replies=1, notices=1),
    "what is due": lambda tx, club: periodic.jobs(tx),
    "reminders": lambda tx, club: reminders.watched(tx),
    "what is late": lambda tx, club: late_conflicts.queue(tx),
    "statistics of a large club": lambda tx, club: stats.of_year(tx),
}


def _asked(session: Session, work: Callable[[], object]) -> Asked:
    found: Asked = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        found.append((statement, values))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    work()
    event.remove(session.get_bind(), "before_cursor_execute", note)
    return [(statement, values) for statement, values in found if statement.lstrip().startswith("SELECT")]


def _plan(connection: Connection, statement: str, values: Any) -> list[str]:
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{explain} {statement}", values)
    return [str(row[-1]).strip() for row in rows]


def test_they_read_what_they_ask_for(database: Database, now: datetime) -> None:
    """No scan of a big table; in SQLite nor of all that is an organization's. PostgreSQL would scan small
    tables for speed: it is asked not to, so that a scan means that no index serves.
    """

    def work(session: Session) -> dict[str, list[str]]:
        club = factories.club(session, now)
        factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 1))
        tx = Tx(session, now, club.anna)
        store = nightly.count(tx)
        assert store is not None
        store(tx)
        asked = {name: _asked(session, partial(ask, tx, club)) for name, ask in HOTTEST.items()}
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            for statement in _UNKNOWN_SIZES:
                connection.exec_driver_sql(statement)
        return {name: list(_faults(connection, some)) for name, some in asked.items()}

    assert {name: faults for name, faults in database.write_now(work).items() if faults} == {}


def test_no_member_is_read_who_is_not_shown(sqlite: Database, now: datetime) -> None:
    """A name is looked for in an index alone, and a list begins where its page does."""

    def work(session: Session) -> list[list[str]]:
        tx = Tx(session, now, factories.club(session, now).anna)
        names = _asked(session, lambda: member_search.ids(tx, "kari"))
        lists = _asked(session, lambda: directory.find(tx))
        return [
            [line for statement in some for line in _plan(session.connection(), *statement)]
            for some in (names, lists)
        ]

    names, lists = sqlite.write_now(work)
    assert [line for line in names if line.startswith("SEARCH")] == [
        "SEARCH users USING COVERING INDEX ix_users_search_text (organization_id=?)"
    ]
    assert not any("TEMP B-TREE" in line for line in lists), lists


def _faults(connection: Connection, asked: Asked) -> Iterator[str]:
    for statement, values in asked:
        plan = _plan(connection, statement, values)
        for line, following in pairwise([*plan, ""]):
            index = _UNBOUND.search(line)
            unbound = index and index[2] not in _PARTIAL and not following.startswith("Index Cond")
            if _SCAN.search(line) or unbound or (_WHOLE.search(line) and _FEW not in line):
                print(f"{line} in {statement}")  # noqa: T201 - pytest would cut it
                yield line
