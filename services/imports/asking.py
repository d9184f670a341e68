"""Imports that ask before they write: the list as it was understood, and the decisions about it."""

import hashlib
import json
from typing import Any

from sqlalchemy.orm import Session

from db.models import ImportJob, ListChoices
from db.states import ImportStatus, Role
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import jobs
from services.imports.inventory.preview import Preview
from services.imports.understanding.choices import Choices


def ask(tx: Tx, job_id: int, plan: Preview, choices: Choices) -> None:
    """Let an import wait for a tap, with the list as it was understood on its card."""
    job = tx.session.get_one(ImportJob, job_id, with_for_update=True)
    if job.cancelled_at is not None:
        raise Refusal(Refused.IMPORT_CANCELLED)
    job.plan, job.choices = plan.to_json(), choices.to_json()
    job.status, job.attempts = ImportStatus.ASKS, 0
    job.leased_until = job.leased_by = None
    jobs.show(tx, job)


def plan_of(job: ImportJob) -> Preview:
    """Return the list as it was understood. Raises OUTDATED where the import does not ask."""
    if job.status is not ImportStatus.ASKS or job.plan is None:
        raise Refusal(Refused.OUTDATED)
    return Preview.of(job.plan)


def choices_of(job: ImportJob) -> Choices:
    return Choices.of(job.choices or {})


def stamp(job: ImportJob) -> str:
    """Return what tells a card from those drawn before another decision."""
    text = json.dumps([job.choices, job.plan and job.plan["rows"]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def asking(tx: Tx, job_id: int, seen: str) -> ImportJob:
    """Return an import that asks, for somebody who saw this stamp.

    Raises NOT_FOUND, NOT_ALLOWED, OUTDATED.
    """
    job = tx.session.get(ImportJob, job_id, with_for_update=True)
    if job is None or job.organization_id != tx.actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    tx.actor.require(Role.ADMIN)
    if job.status is not ImportStatus.ASKS or seen != stamp(job):
        raise Refusal(Refused.OUTDATED)
    return job


def choose(tx: Tx, job: ImportJob, choices: Choices) -> None:
    """Have the list understood again, by these decisions."""
    job.choices, job.status = choices.to_json(), ImportStatus.WAITING
    jobs.show(tx, job)


def confirm(tx: Tx, job: ImportJob) -> None:
    """Have the list written as it was understood, and keep the decisions.

    Raises OUTDATED where a question is open.
    """
    plan = plan_of(job)
    if plan.questions:
        raise Refusal(Refused.OUTDATED)
    job.confirmed, job.status = True, ImportStatus.WAITING
    keep(tx, job.organization_id, plan.headers, choices_of(job))
    jobs.show(tx, job)


def kept(session: Session, organization_id: int, headers: str) -> Choices | None:
    """Return the decisions about an earlier list with the same headers."""
    found = session.get(ListChoices, (organization_id, headers)) if headers else None
    return Choices.of(found.choices) if found is not None else None


def keep(tx: Tx, organization_id: int, headers: str, choices: Choices) -> None:
    """Keep what holds for any list with these headers: numbers of pieces and encodings are this file's."""
    said: dict[str, Any] = Choices(
        columns=choices.columns, names=choices.names, make_codes=choices.make_codes
    ).to_json()
    found = tx.session.get(ListChoices, (organization_id, headers))
    if found is not None:
        found.choices, found.chosen_at = said, tx.now
    elif headers and said:
        tx.session.add(
            ListChoices(organization_id=organization_id, headers=headers, choices=said, chosen_at=tx.now)
        )
