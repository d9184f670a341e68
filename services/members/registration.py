"""New members, and the account that is linked to each."""

from sqlalchemy import select

from db.models import AccountLink, ChatAccount, User
from db.states import Role
from services.core import text
from services.core.tx import Tx
from services.members import former_members
from services.messaging import notifications


def new_user(tx: Tx, role: Role, first_name: str, last_name: str) -> User:
    """Add a member. Raises NAME_EMPTY, TOO_MUCH_TEXT."""
    first_name, last_name = first_name.strip(), last_name.strip()
    text.check_person_name(first_name, last_name)
    user = User(
        organization_id=tx.organization_id,
        first_name=first_name,
        last_name=last_name,
        role=role,
        custom={},
        created_at=tx.now,
    )
    tx.session.add(user)
    tx.session.flush()
    return user


def link(tx: Tx, user: User, account_id: int) -> None:
    """Link an account to a user, and let it act there from now on.

    Accounts linked before are told: it may not have been their owner who did it.
    """
    before = tx.session.scalars(select(AccountLink.account_id).filter_by(user_id=user.id)).all()
    tx.session.add(
        AccountLink(
            account_id=account_id, organization_id=user.organization_id, user_id=user.id, created_at=tx.now
        )
    )
    former_members.drop(tx.session, user.id)
    tx.session.get_one(ChatAccount, account_id).organization_id = user.organization_id
    tx.session.flush()
    if before:
        notifications.tell_user(tx, user, "account_linked", accounts=before)
