"""Several Telegram accounts of one member: linked by a link of their own, and unlinked again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AccountLink, ChatAccount
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.identity import Actor
from services.members import invites, leaving
from services.messaging import notifications

MOST = 4
"""So many accounts lead to one member: a phone, a tablet, work, and one that was forgotten."""

DAYS = 1
"""How long the link to another account works: it is opened at once."""

UNLINKED = "account_unlinked"


def of(session: Session, user_id: int) -> Sequence[ChatAccount]:
    """In the order in which they were linked."""
    return session.scalars(
        select(ChatAccount)
        .join(AccountLink, AccountLink.account_id == ChatAccount.id)
        .where(AccountLink.user_id == user_id)
        .order_by(AccountLink.id)
    ).all()


def require_room(session: Session, user_id: int) -> None:
    """Raises TOO_MANY_ACCOUNTS."""
    linked = session.scalar(select(func.count(AccountLink.id)).filter_by(user_id=user_id))
    if (linked or 0) >= MOST:
        raise Refusal(Refused.TOO_MANY_ACCOUNTS, most=MOST)


def new_link(session: Session, actor: Actor, now: datetime) -> str:
    """A token that links whoever opens it once to the actor; links made before are void.

    Raises MEMBERSHIP_ENDED, SUSPENDED, TOO_MANY_ACCOUNTS.
    """
    actor.require_active()
    require_room(session, actor.user_id)
    invites.withdraw(session, [actor.user_id])
    return invites.new(
        session,
        now,
        organization_id=actor.organization_id,
        role=actor.role,
        user_id=actor.user_id,
        days=DAYS,
        created_by=actor.user_id,
    )


def unlink(session: Session, actor: Actor, account_id: int, now: datetime) -> None:
    """That account is the actor no more, and is told so.

    Raises NOT_FOUND for one that is not theirs (any more), LAST_ACCOUNT.
    """
    # Of two accounts that unlink each other at once, one stays.
    user = leaving.lock(session, actor)
    linked = [account.id for account in of(session, user.id)]
    if account_id not in linked:
        raise Refusal(Refused.NOT_FOUND)
    if len(linked) == 1:
        raise Refusal(Refused.LAST_ACCOUNT)
    leaving.unlink(session, user, account_id, now)
    audit.note(
        session,
        now,
        organization_id=user.organization_id,
        user_id=user.id,
        action="unlink_account",
        subject="user",
        subject_id=user.id,
    )
    notifications.tell_account(session, now, account_id, user.organization_id, UNLINKED)
