"""Things that somebody outside the organization found: the desk is told once."""

from datetime import timedelta

from sqlalchemy import func, select

from db.models import Item, OutboxMessage
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.messaging import outbox

FOUND = "found"
"""The kind of message to the desk."""

MOST_BY_ONE = 5
"""Finds of one account in a day."""

MOST_OF_ONE = 20
"""Finds that one organization is told of in a day."""

_DAY = timedelta(days=1)


def tell(tx: Tx, item: Item, account_id: int) -> bool:
    """Tell the desk that this account has the item; return False where it was told within a day.

    Raises TOO_MANY_FINDS for an account, or about an organization, that has had enough of them.
    """
    chats = identity.desk_chats(tx, tx.organization_of(item.organization_id))
    keys = _keys(tx, account_id)
    told = [key for key in keys if key.split(":")[2] == str(item.id)]
    if told:
        return False
    about = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.kind == FOUND,
        OutboxMessage.organization_id == item.organization_id,
        OutboxMessage.created_at > tx.now - _DAY,
    )
    of_one = len({key.split(":")[2] for key in keys})
    if of_one >= MOST_BY_ONE or (tx.session.scalar(about) or 0) >= MOST_OF_ONE * max(1, len(chats)):
        raise Refusal(Refused.TOO_MANY_FINDS)
    for chat, thread in chats:
        outbox.send(
            tx,
            FOUND,
            chat_id=chat,
            thread_id=thread,
            organization_id=item.organization_id,
            params={"item": item.id, "account": account_id},
            dedup_key=f"{FOUND}:{account_id}:{item.id}:{chat}:{tx.now:%Y-%m-%d}",
        )
    return True


def _keys(tx: Tx, account_id: int) -> list[str]:
    """Return the keys of what was told for this account within a day."""
    return [
        key
        for key in tx.session.scalars(
            select(OutboxMessage.dedup_key).where(
                OutboxMessage.dedup_key.startswith(f"{FOUND}:{account_id}:", autoescape=True),
                OutboxMessage.created_at > tx.now - _DAY,
            )
        )
        if key is not None
    ]
