"""The statements that operators run in the database by hand do what their guide says."""

import re
import sqlite3
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.demo import sample_data
from db.copying import CannotCopy, copy
from db.models import Base, Equipment, InboxUpdate, Organization, Rental, User
from db.session import Database
from db.states import InboxStatus, Role
from services.core import policy
from services.messaging import inbox
from tests import factories

GUIDE = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")


def test_statements_do_what_they_say(sqlite: Database, now: datetime) -> None:
    """Rules, roles, the end of a membership, an update tried again: the program goes by them."""

    def prepare(session: Session) -> factories.Club:
        club = factories.club(session, now, "Fjellklubben")
        session.add(User(id=12, organization_id=club.organization.id, first_name="Ada", created_at=now))
        aside = InboxStatus.SET_ASIDE
        session.add(
            InboxUpdate(
                id=77, update_id=1, chat_key=1, payload="{}", status=aside, attempts=5, received_at=now
            )
        )
        return club

    club = sqlite.write_now(prepare)
    statements = re.findall(r"^```sql\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    with closing(sqlite3.connect(str(sqlite.url.database))) as connection:
        connection.executescript("\n".join(statements))

    def check(session: Session) -> None:
        organization = session.get_one(Organization, club.organization.id)
        rule = policy.of(organization)
        assert (rule.approval, rule.longest_days, rule.return_at) == (False, 14, time(18, 0))
        tent = policy.of(organization, session.get_one(Equipment, club.tent.id))
        assert (tent.turnaround, tent.longest_days) == (timedelta(hours=24), 14)
        ada = session.get_one(User, 12)
        assert ada.role is Role.LENDER
        assert ada.is_active(datetime.fromisoformat("2026-12-31T22:59:00+00:00"))
        assert not ada.is_active(datetime.fromisoformat("2026-12-31T23:01:00+00:00"))
        assert inbox.waiting(session) == [(77, 1)]

    sqlite.read_now(check)


def test_everything_moves_to_postgresql(sqlite: Database, postgresql_url: str, now: datetime) -> None:
    """Every row as it was; the next one gets a number that was never given out, and twice is refused."""

    def draft_that_was_deleted(session: Session) -> int:
        sample_data.populate(session, now, -100)
        user = session.scalars(select(User)).first()
        assert user is not None
        gone = Rental(organization_id=user.organization_id, user_id=user.id, created_at=now)
        session.add(gone)
        session.flush()
        session.delete(gone)
        return gone.id

    last_number = sqlite.write_now(draft_that_was_deleted)
    postgresql = Database(postgresql_url)
    steps: list[tuple[str, int, int]] = []
    copied = copy(sqlite, postgresql, lambda *step: steps.append(step))
    assert copied["rentals"] == 2
    assert set(copied) == set(Base.metadata.tables)
    assert steps[-1][1:] == (2 * sum(copied.values()),) * 2
    for table in Base.metadata.sorted_tables:
        query = select(table).order_by(*table.primary_key)
        before, after = (
            database.read_now(lambda session, query=query: session.execute(query).all())  # type: ignore[misc]
            for database in (sqlite, postgresql)
        )
        assert before == after, table.name

    def next_number(session: Session) -> int:
        club = factories.club(session, now, "Another club")
        return factories.requested(session, club.kari, now, factories.days(now, 1, 2), (club.tent, 1)).id

    assert postgresql.write_now(next_number) == last_number + 1
    with pytest.raises(CannotCopy, match="not empty"):
        copy(sqlite, postgresql)
    postgresql.close()


def test_a_row_that_arrives_otherwise_undoes_the_copy(
    sqlite: Database, postgresql_url: str, now: datetime
) -> None:
    """Whatever changed it on the way: nothing is kept."""
    sqlite.write_now(lambda session: factories.club(session, now))
    postgresql = Database(postgresql_url)
    with postgresql.engine.begin() as connection:
        connection.execute(
            text("CREATE RULE odd AS ON INSERT TO items DO ALSO UPDATE items SET code = 'x' WHERE id = 1")
        )
    with pytest.raises(CannotCopy, match="items 1 did not arrive as it was"):
        copy(sqlite, postgresql)
    assert postgresql.read_now(lambda session: session.scalars(select(User)).all()) == []
    with postgresql.engine.begin() as connection:
        connection.execute(text("DROP RULE odd ON items"))
    postgresql.close()
