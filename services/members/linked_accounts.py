"""Several Telegram accounts of one member: linked by a link of their own, and unlinked again."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AccountLink, ChatAccount
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import invites
from services.members.departure import leaving
from services.messaging import notifications

MOST = 4
"""Accounts that one member may link: a phone, a tablet, work, and a forgotten one."""

DAYS = 1
"""Days until the link for another account expires: it is opened at once."""

UNLINKED = "account_unlinked"


def of(session: Session, user_id: int) -> Sequence[ChatAccount]:
    """Return the accounts in the order in which they were linked."""
    return session.scalars(
        select(ChatAccount)
        .join(AccountLink, AccountLink.account_id == ChatAccount.id)
        .where(AccountLink.user_id == user_id)
        .order_by(AccountLink.id)
    ).all()


def require_room(session: Session, user_id: int) -> None:
    """Raise TOO_MANY_ACCOUNTS where no further account fits."""
    linked = session.scalar(select(func.count(AccountLink.id)).filter_by(user_id=user_id))
    if (linked or 0) >= MOST:
        raise Refusal(Refused.TOO_MANY_ACCOUNTS, most=MOST)


def new_link(tx: Tx) -> str:
    """Return a single-use token that links another account to the actor; earlier ones are void.

    Raises MEMBERSHIP_ENDED, SUSPENDED, TOO_MANY_ACCOUNTS.
    """
    tx.actor.require_active()
    require_room(tx.session, tx.actor.user_id)
    invites.withdraw(tx.session, [tx.actor.user_id])
    return invites.new(
        tx,
        role=tx.actor.role,
        user_id=tx.actor.user_id,
        days=DAYS,
        created_by=tx.actor.user_id,
    )


def unlink(tx: Tx, account_id: int) -> None:
    """Unlink an account from the actor, and tell it so.

    Raises NOT_FOUND for an account that is not theirs (any more), LAST_ACCOUNT.
    """
    # Of two accounts that unlink each other concurrently, one stays.
    user = leaving.lock(tx)
    linked = [account.id for account in of(tx.session, user.id)]
    if account_id not in linked:
        raise Refusal(Refused.NOT_FOUND)
    if len(linked) == 1:
        raise Refusal(Refused.LAST_ACCOUNT)
    leaving.unlink(tx, user, account_id)
    audit.note(tx, "unlink_account", "user", user.id)
    notifications.tell_account(tx, account_id, user.organization_id, UNLINKED)
