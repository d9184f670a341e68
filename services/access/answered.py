"""Requests that were answered: the same request with the same key gets the same answer, and acts once."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from db.models import ApiRequest
from services.core.errors import Refusal, Refused
from services.core.tx import Tx

KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Return what tells one request from another."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode("utf-8", "replace"), body))).hexdigest()


def begin(tx: Tx, key: str, of: str) -> ApiRequest | Answer:
    """Return the answer that this request got before, or a row for the one that it gets now.

    The row is written first: a second request at the same time waits for this transaction to end, and then
    finds the answer. Raises KEY_REUSED where the key was used for another request.
    """
    user_id = tx.actor.user_id
    known = tx.session.scalar(select(ApiRequest).filter_by(user_id=user_id, key=key))
    if known is not None:
        if known.fingerprint != of:
            raise Refusal(Refused.KEY_REUSED)
        return Answer(known.status, json.loads(known.headers), known.body)
    row = ApiRequest(user_id=user_id, key=key, fingerprint=of, created_at=tx.now)
    tx.session.add(row)
    tx.session.flush()
    return row


def finish(row: ApiRequest, answer: Answer) -> None:
    """Keep the answer, in the transaction of what it tells."""
    row.status, row.headers, row.body = answer.status, json.dumps(answer.headers), answer.body


def tidy(tx: Tx) -> None:
    """Delete old answers: after two days a key may be used for something else."""
    tx.session.execute(
        delete(ApiRequest)
        .where(ApiRequest.created_at < tx.now - KEPT)
        .execution_options(synchronize_session=False)
    )
