"""From an outbox row to a message, as late as can be: what is shown is how things stand when it is sent."""

from collections.abc import Sequence

from db.models import OutboxMessage
from handlers.ui import organization_header
from handlers.ui.limits import sendable
from handlers.ui.message import Message
from handlers.ui.registry import REGISTRY
from handlers.ui.request import reader
from services.core.tx import Tx


def render(tx: Tx, rows: Sequence[OutboxMessage]) -> Message | None:
    """The message for one row, or for all rows of a bundle. None: it no longer holds, drop it."""
    first = rows[0]
    t = reader(tx, first.chat_id, organization_id=first.organization_id)
    kind = REGISTRY.messages[first.kind]
    message = kind.render(tx, rows, t)
    if message is None:
        return None
    if kind.names_organization:
        message = organization_header.named(tx, first.chat_id, first.organization_id, message)
    return sendable(message)
