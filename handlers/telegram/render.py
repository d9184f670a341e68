"""Rendering of outbox messages, as late as possible: they show the state of the moment they are sent in."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import OutboxMessage
from handlers.ui import conversation
from handlers.ui.limits import sendable
from handlers.ui.message import Message
from handlers.ui.refusals import explain
from handlers.ui.registry import REGISTRY
from handlers.ui.request import SAID, reader
from handlers.ui.sentences import organization_header
from services.core.errors import Refusal
from services.core.tx import Tx


def instead_of_file(tx: Tx, row: OutboxMessage, message: Message) -> Markup | None:
    """Return the line that stands for the photo or file of a message where its chat takes none."""
    if message.picture is None and message.attachment is None:
        return None
    t = reader(tx, row.chat_id, organization_id=row.organization_id)
    if message.attachment is not None:
        return t("There should be a file here, but it could not be sent to this chat.")
    return t("There should be a photo here, but it could not be sent to this chat.")


def render(tx: Tx, rows: Sequence[OutboxMessage]) -> Message | None:
    """Return the message of one row, or of all rows of a bundle; None drops it, as it is obsolete."""
    first = rows[0]
    t = reader(tx, first.chat_id, organization_id=first.organization_id)
    kind = REGISTRY.messages[first.kind]
    try:
        message = kind.render(tx, rows, t)
    except Refusal as refusal:
        # What somebody is answered or asked says how things stand by now, as after a return that was quicker;
        # all else waits, and is drawn when it can be.
        if first.kind not in (SAID, conversation.CARD):
            raise
        message = Message(explain(t, refusal))
    if message is None or message.only_strips:
        return message
    if kind.names_organization:
        message = organization_header.named(tx, first.chat_id, first.organization_id, message)
    return sendable(message)
