"""An import of members that is broken off: no link is lost, and none that somebody has dies."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Invite
from db.session import Database
from services.imports import MembersReport, import_members
from services.imports.report import BaseReport
from services.imports.runner import CHUNK, Watch
from services.members import invites
from tests.services.imports.conftest import Club


class Killed(BaseException):
    """The end of the program, in the middle of an import."""


class Dies(Watch):
    def written(self, report: BaseReport, done: int, size: int) -> None:
        raise Killed


def test_a_file_that_was_broken_off_gives_every_member_a_link(sqlite: Database, club: Club) -> None:
    """Those of the lost chunk too, and not those who have theirs, or opened it."""
    text = "first name,email\n" + "".join(f"M{i},m{i}@x.no\n" for i in range(1_200))
    path = club.folder / "members.csv"
    path.write_text(text)

    def run(follow: Watch | None = None) -> MembersReport:
        work = import_members(sqlite, club.id, None, path, {}, club.now, follow=follow)
        return asyncio.run(work)

    with pytest.raises(Killed):
        run(Dies())
    report = run()
    assert (len({one.name for one in report.invited}), report.renewed) == (1_200, CHUNK)

    def good(session: Session) -> int:
        hashes = [invites.hash_of(one.token) for one in report.invited]
        known = session.scalars(select(Invite.token_hash).where(Invite.uses_left > 0))
        return len(set(known) & set(hashes))

    assert sqlite.read_now(good) == 1_200
    sqlite.write_now(lambda s: invites.note_delivered(s, [one.token for one in report.invited]))
    again = run()
    assert (again.unchanged, again.invited, sqlite.read_now(good)) == (1_200, [], 1_200)
