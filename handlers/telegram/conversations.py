"""Conversations of all features: their buttons, files and cards."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import OutboxMessage
from handlers.i18n.texts import N_, Texts
from handlers.ui import conversation
from handlers.ui.callbacks import Tap
from handlers.ui.cards import subject_of
from handlers.ui.message import STRIPPED, Document, Message, Share
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.messaging import conversations, outbox


def converse(step: Request, tap: Tap) -> Markup | None:
    row = conversation.own_row(step, tap.id, or_over=True)
    if row.state == conversation.OVER:
        return None  # the first tap counted, and the card shows what came of it
    step.turn_to(row.organization_id)
    word, _, rest = tap.arg.partition(" ")
    REGISTRY.conversations[row.name].tap(step, row, word, rest)
    return None


def document(step: Request, tap: Tap) -> Document:
    row = conversation.own_row(step, tap.id)
    state = REGISTRY.state(row)
    if state is None or state.document is None:
        raise Refusal(Refused.OUTDATED)
    return state.document(step, row, tap.arg)


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    row = conversations.get(tx.session, subject_of(tx, rows[0]))
    if row is None:
        # Another conversation took its place; a question that was not sent by then is not asked.
        return STRIPPED if outbox.card_of(tx, rows[0]).message_id is not None else None
    state = REGISTRY.state(row)
    return state.draw(tx, row, t) if state is not None else None


def keyboard(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Draw the message that brings a button below the input."""
    chat_id = rows[0].chat_id
    row = conversations.find(tx.session, chat_id, chat_id)
    share = conversation.shares(row) if row is not None else None
    if share is None:
        return None
    text, label = _SHARES[share]
    return Message(t(text), shares=(share, str(t(label))), silent=True)


_SHARES = {
    Share.CONTACT: (
        N_("Or share the number of this Telegram account, with the button below."),
        N_("Share my number"),
    ),
    Share.PERSON: (N_("Choose the person with the button below."), N_("Choose a person")),
}
