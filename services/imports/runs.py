"""Imports of an inventory from their beginning to their end, as rows that can be undone for a while."""

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db.models import Claim, ImportJob, ImportRun
from services.core.text import clean
from services.core.tx import Tx
from services.messaging import outbox

CARD = "import_run"
"""The card of an import that is over; its subject is the run."""


def key_of_job(job: ImportJob) -> str:
    return f"job:{job.id}"


def key_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return f"file:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def begin(tx: Tx, key: str, file_name: str, user_id: int | None) -> int:
    """Return the run of an import: that of an attempt which was broken off, or a new one."""
    going = select(ImportRun.id).where(
        ImportRun.organization_id == tx.organization_id,
        ImportRun.key == key,
        ImportRun.ended_at.is_(None),
        ImportRun.undone_at.is_(None),
    )
    found = tx.session.scalar(going.order_by(ImportRun.id.desc()).limit(1))
    if found is not None:
        return found
    run = ImportRun(
        organization_id=tx.organization_id,
        user_id=user_id,
        key=key,
        file_name=clean(file_name)[:100],
        last_claim_id=select(func.coalesce(func.max(Claim.id), 0)).scalar_subquery(),
        created_at=tx.now,
    )
    tx.session.add(run)
    tx.session.flush()
    return run.id


def end(tx: Tx, run_id: int) -> None:
    """Note that all rows are read: what is imported from now on is another run."""
    tx.session.execute(update(ImportRun).where(ImportRun.id == run_id).values(ended_at=tx.now))


def get(session: Session, run_id: int) -> ImportRun | None:
    return session.get(ImportRun, run_id)


def of_job(tx: Tx, job: ImportJob) -> ImportRun | None:
    """Return the run of a file that was sent in the chat, if it came so far."""
    query = select(ImportRun).filter_by(organization_id=job.organization_id, key=key_of_job(job))
    return tx.session.scalar(query.order_by(ImportRun.id.desc()).limit(1))


def show(tx: Tx, run: ImportRun, chat_id: int, params: dict[str, Any] | None = None) -> None:
    """Show the card with which the import can be undone."""
    of = run.organization_id
    outbox.render_card(tx, CARD, run.id, chat_id=chat_id, organization_id=of, params=params)
