"""Cards of members: a QR code that tells at the desk who somebody is, until its member renews it."""

import secrets

from sqlalchemy import select

from db.models import User
from services.core import audit
from services.core.tx import Tx


def token_of(tx: Tx) -> str:
    """Return what the actor's card carries; who has none yet gets one."""
    user = tx.session.get_one(User, tx.actor.user_id)
    return user.card_token or renew(tx)


def renew(tx: Tx) -> str:
    """Return what the actor's new card carries; the earlier one leads to nobody any more."""
    user = tx.session.get_one(User, tx.actor.user_id)
    user.card_token = secrets.token_urlsafe(18)
    audit.note(tx, "renew_card", "user", user.id)
    tx.session.flush()
    return user.card_token


def member_of(tx: Tx, token: str) -> User | None:
    """Return the member of any organization whose card this is; the caller checks who asks."""
    return tx.session.scalar(select(User).filter_by(card_token=token)) if token else None
