"""Rendering of outbox messages, as late as possible: they show the state of the moment they are sent in."""

from collections.abc import Sequence

from db.models import OutboxMessage
from handlers.ui import organization_header
from handlers.ui.limits import sendable
from handlers.ui.message import Message
from handlers.ui.registry import REGISTRY
from handlers.ui.request import reader
from services.core.tx import Tx


def render(tx: Tx, rows: Sequence[OutboxMessage]) -> Message | None:
    """Return the message of one row, or of all rows of a bundle; None drops it, as it is obsolete."""
    first = rows[0]
    t = reader(tx, first.chat_id, organization_id=first.organization_id)
    kind = REGISTRY.messages[first.kind]
    message = kind.render(tx, rows, t)
    if message is None:
        return None
    if kind.names_organization:
        message = organization_header.named(tx, first.chat_id, first.organization_id, message)
    return sendable(message)
