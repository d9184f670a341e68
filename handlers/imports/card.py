"""The card of an import: asks about a list, counts its rows, and calls it off."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from db.models import ImportJob, OutboxMessage
from db.states import ImportStatus
from handlers.i18n.texts import Texts
from handlers.imports import plan_views
from handlers.ui import cards
from handlers.ui.callbacks import AnyVerb, Tap, pack
from handlers.ui.callbacks import Verb as Common
from handlers.ui.form import short
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import jobs


class Verb(AnyVerb):
    CANCEL_IMPORT = "ic"  # id: import job


def draw(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Draw the card. None once the import is over: what came of it is a message of its own."""
    job = jobs.get(tx.session, cards.subject_of(tx, rows[0]))
    if job is None or job.status is ImportStatus.OVER:
        return None
    if job.cancelled_at is not None:
        return Message(t("{file}: cancelling …", file=_name(t, job)))
    if job.status is ImportStatus.ASKS:
        return asked(t, job)
    # Cancel is not where Import was, or an answer.
    busy = (Button("⏳", pack(Common.NOTHING)),)
    return Message(_state(t, job), (busy, _cancel_row(t, job)))


def asked(t: Texts, job: ImportJob, page: int = 0) -> Message:
    """Show what was understood of a list, or ask about it; the import waits for a tap."""
    shown = plan_views.card(t, job, _name(t, job), page)
    return replace(shown, buttons=(*shown.buttons, _cancel_row(t, job)))


def _cancel_row(t: Texts, job: ImportJob) -> tuple[Button, ...]:
    return (Button(str(t("Cancel")), pack(Verb.CANCEL_IMPORT, job.id)),)


def _state(t: Texts, job: ImportJob) -> Markup:
    if job.status is ImportStatus.WAITING and job.plan is None:
        return t("{file}: waiting for another import …", file=_name(t, job))
    if not job.rows:
        return t("{file}: reading …", file=_name(t, job))
    return t("{file}: {n} rows read, {percent} %", file=_name(t, job), n=job.rows, percent=job.percent)


def _name(t: Texts, job: ImportJob) -> str:
    return short(job.file_name, 60) or str(t("The file"))


def cancel(step: Request, tap: Tap) -> Markup | None:
    job = jobs.get(step.session, tap.id)
    if job is None:
        raise Refusal(Refused.NOT_FOUND)
    jobs.cancel(step.by(step.actor_in(job.organization_id)), job.id)
    return step.texts("Cancelling …")
