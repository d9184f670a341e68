"""The sweep's way with the organization that it cannot work for, and with all the others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.scheduler import Scheduler
from db.models import Claim, Organization, OutboxMessage, Rental
from db.session import Database
from db.states import ClaimStatus, RentalStatus, Role
from services import periodic, stoppages
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.messaging import kinds
from tests import factories
from tests.transactions import in_tx

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
LATE = NOW + timedelta(days=5)
OPERATOR, LEADER = 7, 8


def two_clubs(session: Session) -> tuple[int, int]:
    """In each a request that has expired by LATE, and a thing that is overdue; return the ids."""
    made: list[int] = []
    for name in ("Alpin", "Brevandring"):
        club = factories.organization(session, NOW, name)
        tent = factories.equipment(session, club, NOW, "Tent", f"{name}-1", f"{name}-2")
        kari = factories.member(session, club, NOW, "Kari Berg")
        factories.member(session, club, NOW, "Lars Vik", Role.LEADER, account=LEADER if not made else None)
        factories.requested(session, kari, NOW, factories.days(NOW, 9, 10), (tent, 1))
        rental = factories.requested(session, kari, NOW, Period(NOW, NOW + timedelta(days=1)), (tent, 1))
        session.execute(
            update(Rental).where(Rental.id == rental.id).values(status=RentalStatus.OUT, expires_at=None)
        )
        out = {"status": ClaimStatus.OUT, "out_at": NOW}
        session.execute(update(Claim).where(Claim.rental_id == rental.id).values(**out))
        made.append(club.id)
    return made[0], made[1]


def said(database: Database, organization_id: int) -> set[str]:
    query = select(OutboxMessage.kind).where(OutboxMessage.organization_id == organization_id)
    return set(database.read_now(lambda s: s.scalars(query).all()))


def expired(database: Database, organization_id: int) -> int:
    query = select(Rental.id).filter_by(organization_id=organization_id, status=RentalStatus.EXPIRED)
    return len(database.read_now(lambda s: s.scalars(query).all()))


@pytest.mark.parametrize(
    ("broken", "works"),
    [
        ({"policy": {"longest_days": -5}}, {"reminders", "digest"}),
        ({"timezone": "Mars/Olympus"}, {"late_conflicts", "reminders", "digest"}),
        ({"policy": ["none"]}, {"reminders", "digest"}),
    ],
)
async def test_an_organization_with_impossible_settings_stops_no_other(
    sqlite: Database, broken: dict[str, object], works: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The others' requests expire and their people are reminded; its own that need no such rule expire, too.

    The operator and its leader are told once, however often the sweep meets it, also after a restart; and
    when it works again.
    """
    bad, good = sqlite.write_now(two_clubs)
    sqlite.write_now(lambda s: s.execute(update(Organization).where(Organization.id == bad).values(**broken)))
    for _ in range(2):
        scheduler = Scheduler(sqlite, lambda: LATE, operator_chat_id=OPERATOR)
        for _ in range(3):
            with pytest.raises(ExceptionGroup):
                await scheduler.sweep()
    assert expired(sqlite, good) == expired(sqlite, bad) == 1
    assert {kinds.REMINDER, kinds.DIGEST} <= said(sqlite, good)
    assert not {kinds.REMINDER, kinds.DIGEST} & said(sqlite, bad)
    assert stopped(sqlite, stoppages.STOPPED) == {
        (chat, work) for chat in (OPERATOR, LEADER) for work in works
    }
    assert len(stopped_rows(sqlite, stoppages.STOPPED)) == 2 * len(works)
    printed = capsys.readouterr().out
    assert printed.count("periodic work stopped") == 2 * len(works)  # each once in the life of a program
    assert "Traceback" not in printed
    right = {"policy": {}, "timezone": "Europe/Oslo"}
    sqlite.write_now(lambda s: s.execute(update(Organization).where(Organization.id == bad).values(**right)))
    for _ in range(3):
        await scheduler.sweep()
    assert {kinds.REMINDER, kinds.DIGEST} <= said(sqlite, bad)
    assert stopped(sqlite, stoppages.RESUMED) == stopped(sqlite, stoppages.STOPPED)
    assert len(stopped_rows(sqlite, stoppages.RESUMED)) == 2 * len(works)


def stopped_rows(database: Database, kind: str) -> list[OutboxMessage]:
    return list(database.read_now(lambda s: s.scalars(select(OutboxMessage).filter_by(kind=kind)).all()))


def stopped(database: Database, kind: str) -> set[tuple[int, str]]:
    return {(row.chat_id, row.params["work"]) for row in stopped_rows(database, kind)}


async def test_a_fault_of_ours_in_one_kind_of_work_stops_no_other_kind(
    sqlite: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """One traceback for all the sweeps that meet it, with the organization and the work."""
    bad, good = sqlite.write_now(two_clubs)

    def breaks(tx: Tx) -> None:
        if tx.organization_id == bad:
            raise RuntimeError("our own fault")
        periodic.WORK["reminders"].run(tx)

    work = {**periodic.WORK, "reminders": replace(periodic.WORK["reminders"], run=breaks)}
    scheduler = Scheduler(sqlite, lambda: LATE, work, operator_chat_id=OPERATOR)
    for _ in range(3):
        with pytest.raises(ExceptionGroup):
            await scheduler.sweep()
    assert kinds.DIGEST in said(sqlite, bad) and kinds.REMINDER in said(sqlite, good)
    printed = capsys.readouterr().out
    assert printed.count("Traceback") == printed.count("periodic work stopped") == 1
    assert stopped(sqlite, stoppages.STOPPED) == {(OPERATOR, "reminders"), (LEADER, "reminders")}


async def test_a_kill_between_two_kinds_of_work_loses_and_doubles_nothing(sqlite: Database) -> None:
    """The next program does what the last one did not, and repeats nothing that it did."""
    sqlite.write_now(two_clubs)
    jobs = sqlite.read_now(in_tx(periodic.jobs, LATE))

    def rows() -> list[tuple[str, int]]:
        query = select(OutboxMessage.kind, OutboxMessage.chat_id).order_by(OutboxMessage.id)
        return [(kind, chat) for kind, chat in sqlite.read_now(lambda s: s.execute(query).all())]

    whole: list[tuple[str, int]] | None = None
    for job in jobs:
        sqlite.write_now(in_tx(job.do, LATE))
        again = Scheduler(sqlite, lambda: LATE)
        if whole is None:
            await again.sweep()
            whole = rows()
        await again.sweep()
        assert rows() == whole
