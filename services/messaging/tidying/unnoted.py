"""Messages that people may see before we have noted that they are sent: we were killed, or did not hear."""

from sqlalchemy import BindParameter, and_, bindparam, exists, or_, select

from db import aliases
from db.models import Card, OutboxMessage
from db.states import OutboxStatus
from services.core.tx import Tx
from services.messaging.delivery_queue import LEASE

_NOTED = aliases.kept(OutboxMessage, "noted")

_HERE: dict[str, BindParameter[int]] = {"chat": bindparam("chat"), "message": bindparam("message")}

_UNNOTED = (
    select(OutboxMessage.id)
    .where(
        OutboxMessage.chat_id == _HERE["chat"],
        OutboxMessage.message_id.is_(None),  # for the index
        or_(
            OutboxMessage.status == OutboxStatus.SENDING,
            and_(
                OutboxMessage.status == OutboxStatus.PENDING,
                OutboxMessage.unsure_at.is_not(None),
                OutboxMessage.not_before <= bindparam("soon", type_=OutboxMessage.not_before.type),
            ),
        ),
        ~exists().where(Card.chat_id == _HERE["chat"], Card.message_id == _HERE["message"]),
        ~exists().where(_NOTED.chat_id == _HERE["chat"], _NOTED.message_id == _HERE["message"]),
    )
    .limit(1)
)


def may_be(tx: Tx, chat_id: int, message_id: int) -> bool:
    """Return whether this message may be one that is being sent just now, or that is about to be sent again
    as nobody heard that it arrived.
    """
    values = {"chat": chat_id, "message": message_id, "soon": tx.now + LEASE}
    return tx.session.scalar(_UNNOTED, values) is not None
