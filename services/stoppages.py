"""Periodic work that stopped for an organization: the operator and its leaders are told once, and again when
it works again.

What was told is known by the messages' own keys, so that a restart repeats nothing.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import OutboxMessage
from services.core import identity
from services.core.tx import Tx
from services.messaging import outbox

STOPPED, RESUMED = "work_stopped", "work_resumed"
"""Kinds of the two messages. `params`: work (its name in services/periodic.py), and why it stopped: either
`settings`, the data of SETTINGS_WRONG, or `error`, which only the operator reads.
"""


TOGETHER = timedelta(seconds=10)
"""The wait of a message for others of the same sweep."""


def told(session: Session) -> set[tuple[int, str]]:
    """Return the organizations and works that were told to have stopped, and not yet to work again."""
    query = select(OutboxMessage.dedup_key).where(
        OutboxMessage.dedup_key.startswith(f"{STOPPED}:", autoescape=True)
    )
    parts = [str(key).split(":") for key in session.scalars(query)]
    return {(int(organization_id), work) for _, organization_id, work, _ in parts}


def stopped(tx: Tx, work: str, why: dict[str, Any], *, operator: int | None) -> None:
    """Tell that this work stopped for the transaction's organization."""
    leaders = identity.leaders(tx)
    for chat in dict.fromkeys([*([operator] if operator is not None else []), *leaders]):
        reason = why if chat == operator else {key: why[key] for key in why if key != "error"}
        _say(tx, STOPPED, chat, {"work": work, **reason}, key=f"{STOPPED}:{tx.organization_id}:{work}:{chat}")


def resumed(tx: Tx, work: str) -> None:
    """Tell whoever was told that it stopped that it works again."""
    begin = f"{STOPPED}:{tx.organization_id}:{work}:"
    query = select(OutboxMessage).where(OutboxMessage.dedup_key.startswith(begin, autoescape=True))
    for row in tx.session.scalars(query.order_by(OutboxMessage.id)).all():
        row.dedup_key = None
        _say(tx, RESUMED, row.chat_id, {"work": work})


def _say(tx: Tx, kind: str, chat: int, params: dict[str, Any], key: str | None = None) -> None:
    params = {"organization_id": tx.organization_id, **params}
    # What stops together is one message.
    bundle = f"{kind}:{tx.organization_id}:{chat}"
    outbox.send(
        tx,
        kind,
        chat_id=chat,
        params=params,
        organization_id=tx.organization_id,
        dedup_key=key,
        bundle=bundle,
        not_before=tx.now + TOGETHER,
    )
