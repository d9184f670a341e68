"""An import that is broken off, or taken over: what was written stays, no link is lost, none dies."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ImportRun, Invite, Organization
from db.session import Database
from db.states import Role
from services.core.tx import Tx
from services.imports import MembersReport, import_file, import_members, jobs
from services.imports.jobs import Lease, Lost
from services.imports.report import BaseReport
from services.imports.runner import Watch
from services.members import invites
from tests import factories
from tests.services.imports.conftest import Club
from tests.services.imports.files import CHUNK


class Killed(BaseException):
    """The end of the program, in the middle of an import."""


class Dies(Watch):
    def written(self, report: BaseReport, done: int, size: int) -> None:
        raise Killed


MANY = 2 * CHUNK + 40


def test_a_file_that_was_broken_off_gives_every_member_a_link(sqlite: Database, club: Club) -> None:
    """Those of the lost chunk too, and not those who have theirs, or opened it."""
    text = "first name,email\n" + "".join(f"M{i},m{i}@x.no\n" for i in range(MANY))
    path = club.folder / "members.csv"
    path.write_text(text)

    def run(follow: Watch | None = None) -> MembersReport:
        work = import_members(sqlite, club.id, None, path, {}, club.now, follow=follow)
        return asyncio.run(work)

    with pytest.raises(Killed):
        run(Dies())
    report = run()
    assert (len({one.name for one in report.invited}), report.renewed) == (MANY, CHUNK)

    def good(session: Session) -> int:
        hashes = [invites.hash_of(one.token) for one in report.invited]
        known = session.scalars(select(Invite.token_hash).where(Invite.uses_left > 0))
        return len(set(known) & set(hashes))

    assert sqlite.read_now(good) == MANY
    sqlite.write_now(lambda s: invites.note_delivered(s, [one.token for one in report.invited]))
    again = run()
    assert (again.unchanged, again.invited, sqlite.read_now(good)) == (MANY, [], MANY)


class Leased(Watch):
    """Goes on while the import is its own, and loses it to another program after the first rows."""

    def __init__(self, database: Database, club: Club, lease: Lease) -> None:
        self.database, self.club, self.lease = database, club, lease
        self.then: Lease | None = None

    def within(self, tx: Tx) -> None:
        jobs.require_own(tx, self.lease)

    def written(self, report: BaseReport, done: int, size: int) -> None:
        self.then = self.then or self.database.write_now(self._take_over)

    def _take_over(self, session: Session) -> Lease:
        later = Tx(session, self.club.now + jobs.LEASE)
        job = jobs.claim(later, 8)
        assert job is not None
        with pytest.raises(Lost):
            jobs.note(later, self.lease, rows=9, percent=9, shows=True)
        with pytest.raises(Lost):
            jobs.give_back(later, self.lease, counted=True)
        assert (job.leased_by, job.leased_until, job.rows) == (8, later.now + jobs.LEASE, 0)
        return Lease.of(job)


def test_a_living_program_that_looked_dead_leaves_its_import_to_the_other(
    sqlite: Database, club: Club
) -> None:
    """It writes no more rows, and neither ends the import nor gives it back; the other goes on with it."""
    path = club.folder / "list.csv"
    path.write_text("name,code\n" + "".join(f"Tent,T-{i}\n" for i in range(MANY)))

    def claim(session: Session) -> Lease:
        of = session.get_one(Organization, club.id)
        anna = factories.member(session, of, club.now, "Anna Admin", Role.ADMIN)
        jobs.add(Tx(session, club.now, anna), chat_id=1, message_id=1, file_id="f", name="list.csv")
        job = jobs.claim(Tx(session, club.now), 7)
        assert job is not None
        return Lease.of(job)

    def run(follow: Watch) -> int:
        work = import_file(sqlite, club.id, None, path, {}, club.now, follow=follow, key="job:1")
        return asyncio.run(work).items_new

    first = Leased(sqlite, club, sqlite.write_now(claim))
    with pytest.raises(Lost):
        run(first)
    assert first.then is not None and len(club.items()) == CHUNK
    second = Leased(sqlite, club, first.then)
    second.then = first.then
    assert (run(second), len(club.items())) == (MANY - CHUNK, MANY)
    runs = sqlite.read_now(lambda s: s.scalars(select(ImportRun.ended_at)).all())
    assert runs == [club.now]
