"""Files to import that were sent in the chat, as rows: they can be called off, and survive a kill."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, false, or_, select, update
from sqlalchemy.orm import Session

from db.models import ImportJob
from db.states import ImportStatus, Role
from services.core.errors import Refusal, Refused
from services.core.text import clean
from services.core.tx import Tx
from services.imports.file_kind import About
from services.messaging import outbox

CARD = "import"
"""The card that counts an import's rows; its subject is the job."""

LEASE = timedelta(seconds=60)
"""The time after which a program that did not tell of the import is considered dead."""

MOST_ATTEMPTS = 3
"""Attempts that the program may not survive. Each is counted before it begins."""


def add(
    tx: Tx, *, chat_id: int, message_id: int, file_id: str, name: str, about: About | None = None
) -> ImportJob:
    """Add a file to import; a card says so if it has to wait for another one. Raises NOT_ALLOWED."""
    tx.actor.require(Role.ADMIN)
    busy = ImportJob.status.in_([ImportStatus.WAITING, ImportStatus.RUNNING])
    others = tx.session.scalar(select(ImportJob.id).where(busy).limit(1))
    job = ImportJob(
        organization_id=tx.actor.organization_id,
        user_id=tx.actor.user_id,
        chat_id=chat_id,
        message_id=message_id,
        file_id=file_id,
        file_name=clean(name)[:100],
        about=about,
        created_at=tx.now,
    )
    tx.session.add(job)
    tx.session.flush()
    if others is not None:
        show(tx, job)
    return job


def show(tx: Tx, job: ImportJob) -> None:
    """Show how far the import is."""
    outbox.render_card(tx, CARD, job.id, chat_id=job.chat_id, organization_id=job.organization_id)


def get(session: Session, job_id: int) -> ImportJob | None:
    return session.get(ImportJob, job_id)


def _due(tx: Tx) -> ColumnElement[bool]:
    dead = and_(ImportJob.status == ImportStatus.RUNNING, ImportJob.leased_until <= tx.now)
    return or_(ImportJob.status == ImportStatus.WAITING, dead)


def is_due(tx: Tx) -> bool:
    return tx.session.scalar(select(ImportJob.id).where(_due(tx)).limit(1)) is not None


def claim(tx: Tx, by: int | None = None) -> ImportJob | None:
    """Return the next import, with this attempt counted; None where there is none.

    `by`: the number of the program that asks.
    """
    job = tx.session.scalar(
        select(ImportJob).where(_due(tx)).order_by(ImportJob.id).limit(1).with_for_update(skip_locked=True)
    )
    if job is not None:
        job.status, job.leased_until, job.leased_by = ImportStatus.RUNNING, tx.now + LEASE, by
        job.attempts += 1
        tx.session.flush()
    return job


@dataclass(frozen=True)
class Lease:
    """One attempt at an import, by one program."""

    job_id: int
    by: int | None
    attempt: int

    @classmethod
    def of(cls, job: ImportJob) -> "Lease":
        """Return the attempt that `claim` began."""
        return cls(job.id, job.leased_by, job.attempts)


class Lost(Exception):
    """Raised where another program has begun an import again, as it took this one for dead."""


def require_own(tx: Tx, lease: Lease) -> None:
    """Raise Lost where the import is another program's by now; none takes it until the commit."""
    query = select(ImportJob.status, ImportJob.leased_by, ImportJob.attempts).filter_by(id=lease.job_id)
    found = tx.session.execute(query.with_for_update(read=True)).one()
    if tuple(found) != (ImportStatus.RUNNING, lease.by, lease.attempt):
        raise Lost


def note(tx: Tx, lease: Lease, *, rows: int, percent: int, shows: bool) -> bool:
    """Note how far an import is, and show it; return whether it goes on. Raises Lost."""
    require_own(tx, lease)
    job = tx.session.get_one(ImportJob, lease.job_id, with_for_update=True)
    job.rows, job.percent, job.leased_until = rows, percent, tx.now + LEASE
    if shows:
        show(tx, job)
    return job.cancelled_at is None


def cancel(tx: Tx, job_id: int) -> None:
    """Call an import off, as soon as its chunk is written; one that asks is over at once.

    Raises NOT_FOUND, NOT_ALLOWED, IMPORT_OVER.
    """
    job = tx.session.get(ImportJob, job_id, with_for_update=True)
    if job is None or job.organization_id != tx.actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    if job.status is ImportStatus.OVER:
        raise Refusal(Refused.IMPORT_OVER)
    tx.actor.require(Role.ADMIN)
    job.cancelled_at = job.cancelled_at or tx.now
    if job.status is ImportStatus.ASKS:
        end(tx, job_id)
    else:
        show(tx, job)


def end(tx: Tx, job_id: int) -> None:
    """Note that an import is over, and what came of it is said: its card goes."""
    job = tx.session.get_one(ImportJob, job_id, with_for_update=True)
    job.status, job.leased_until, job.leased_by, job.file_id = ImportStatus.OVER, None, None, ""
    job.plan = job.choices = None
    outbox.refresh_card(tx, kind=CARD, subject_id=job_id)


def give_back(tx: Tx, lease: Lease, *, counted: bool) -> None:
    """Let an import wait again; `counted`: this attempt was one. Raises Lost."""
    require_own(tx, lease)
    job = tx.session.get_one(ImportJob, lease.job_id, with_for_update=True)
    job.status, job.leased_until, job.leased_by = ImportStatus.WAITING, None, None
    job.attempts -= 0 if counted else 1


def holders(session: Session) -> set[int | None]:
    """Return the numbers of the programs that run imports now; None for one without a number."""
    running = ImportJob.status == ImportStatus.RUNNING
    return set(session.scalars(select(ImportJob.leased_by).where(running).distinct()))


def release(tx: Tx, dead: Collection[int | None]) -> int:
    """Let the imports that these programs ran begin again; return their number."""
    by_dead = ImportJob.leased_by.in_([number for number in dead if number is not None])
    by_unknown = ImportJob.leased_by.is_(None) if None in dead else false()
    done = tx.session.execute(
        update(ImportJob)
        .where(ImportJob.status == ImportStatus.RUNNING, or_(by_dead, by_unknown))
        .values(leased_until=tx.now)
    )
    return cast("CursorResult[Any]", done).rowcount
