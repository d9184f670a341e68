"""`/audit`: entries, the newest first; words narrow them to a person or a thing."""

from db.models import Conversation as Row
from handlers.i18n.texts import Texts
from handlers.reports import audit_views as views
from handlers.reports.data import AuditData
from handlers.ui import conversation
from handlers.ui.callbacks import number
from handlers.ui.conversation import CANCEL, OVER, Conversation, State
from handlers.ui.form import data_of, problem_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.reports import audit_log
from services.reports.audit_log import About

AUDIT = "audit"
LIST, CHOICE = "list", "choice"
_LONGEST_WORDS = 100
_DEEPEST = 500
"""The most pages for which the way back to newer entries is kept."""


def begin(step: Request, words: str) -> Message | None:
    """Begin with `/audit [words]`. Raises NOT_ALLOWED."""
    actor = step.active()
    audit_log.require_reader(actor)
    row = conversation.start(step, AUDIT, LIST, organization_id=actor.organization_id)
    if words.strip():
        _look_for(step, row, actor, words)
    conversation.render(step, row)
    return None


def _reader(step: Request, row: Row) -> Actor:
    """Return the reader, checked with every tap: a former leader reads no further. Raises as `begin`."""
    actor = step.active()
    audit_log.require_reader(actor)
    if actor.organization_id != row.organization_id:
        raise Refusal(Refused.OUTDATED)
    return actor


def _look_for(step: Request, row: Row, actor: Actor, words: str) -> None:
    words = " ".join(words.split())[:_LONGEST_WORDS]
    found = audit_log.find(step.by(actor), words)
    if len(found) == 1:
        _narrow(row, found[0])
    else:
        conversation.update(row, AuditData(words=words), to=CHOICE)


def _narrow(row: Row, about: About | None) -> None:
    kept = (about.kind, about.id) if about is not None else None
    conversation.update(row, AuditData(about=kept, before=(), words=""), to=LIST)


def _written(step: Request, row: Row, text: str) -> None:
    _look_for(step, row, _reader(step, row), text)


def _older(step: Request, row: Row, value: str) -> None:
    _reader(step, row)
    before = number(value)
    if before is None:
        raise Refusal(Refused.OUTDATED)
    pages = AuditData.of(row).before
    if before not in pages:
        conversation.update(row, AuditData(before=(*pages, before)[-_DEEPEST:]))
    conversation.render(step, row)


def _newer(step: Request, row: Row, value: str) -> None:
    _reader(step, row)
    conversation.update(row, AuditData(before=AuditData.of(row).before[:-1]))
    conversation.render(step, row)


def _everything(step: Request, row: Row, value: str) -> None:
    _reader(step, row)
    _narrow(row, None)
    conversation.render(step, row)


def _about(step: Request, row: Row, value: str) -> None:
    actor = _reader(step, row)
    kind, _, id_ = value.partition(" ")
    found = audit_log.about(step.by(actor), kind, number(id_) or 0)
    if found is None:
        raise Refusal(Refused.NOT_FOUND)
    _narrow(row, found)
    conversation.render(step, row)


def _list(tx: Tx, row: Row, t: Texts) -> Message:
    own = tx.of(row.organization_id or 0)
    kept, pages = AuditData.of(row).about, AuditData.of(row).before
    about = audit_log.about(own, *kept) if kept else None
    before = pages[-1] if pages else None
    shown, older = audit_log.page(own, about=about, before=before)
    return views.card(
        t, shown, about, data_of(row), problem_of(row, t), newer=before is not None, older=older
    )


def _choice(tx: Tx, row: Row, t: Texts) -> Message:
    words = AuditData.of(row).words
    found = audit_log.find(tx.of(row.organization_id or 0), words)
    return views.choice(t, words, found, data_of(row), problem_of(row, t))


def _over(tx: Tx, row: Row, t: Texts) -> Message:
    return views.closed(t)


AUDITING = Conversation(
    AUDIT,
    {
        LIST: State(_list, {"older": _older, "newer": _newer}, _written),
        CHOICE: State(_choice, {"about": _about}, _written),
        OVER: State(_over),
    },
    {**CANCEL, "all": _everything},
    stopped="closed",
)
