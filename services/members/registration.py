"""New members, and the account that is linked to each."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from db.models import AccountLink, ChatAccount, FormerLink, User
from db.states import Role
from services.core import audit, text
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import invites, namesakes, profile
from services.members.departure import former_members
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
    namesakes.settle(tx.session, user.organization_id)
    return user


def enter(
    tx: Tx, *, role: Role, first_name: str, last_name: str = "", told: Mapping[str, str | date] | None = None
) -> User:
    """Add a member whom an ADMIN knows, with what is told of them by field; they need an invite to come in.

    Raises NOT_ALLOWED, also for a role above the actor's, and as `new_user` and `profile.checked` do.
    """
    tx.actor.require(Role.ADMIN)
    if not tx.actor.role.covers(role):
        raise Refusal(Refused.NOT_ALLOWED, needed=role)
    user = new_user(tx, role, first_name, last_name)
    for field, value in (told or {}).items():
        profile.put(tx, user, field, profile.checked(tx, field, value, but=user.id, tell=True))
    tx.session.flush()
    audit.note(tx, "add", "user", user.id, role=role)
    return user


def at_the_desk(tx: Tx, account_id: int, first_name: str, last_name: str = "") -> tuple[User, str | None]:
    """Return the member with this Telegram account; who is none yet becomes one, with the token of a link.

    Who is known by the same name, and has no account, is taken for the same: a link of theirs may be on its
    way. Raises NOT_ALLOWED below LENDER, and as `new_user` does.
    """
    tx.actor.require(Role.LENDER)
    known = tx.session.scalar(
        select(AccountLink.user_id).filter_by(account_id=account_id, organization_id=tx.organization_id)
    ) or tx.session.scalar(
        select(FormerLink.user_id)
        .join(User, User.id == FormerLink.user_id)
        .where(FormerLink.account_id == account_id, User.organization_id == tx.organization_id)
    )
    if known is not None:
        return tx.session.get_one(User, known), None
    linked = select(AccountLink.id).where(AccountLink.user_id == User.id).exists()
    same = tx.session.scalars(
        select(User).where(
            User.organization_id == tx.organization_id,
            User.forgotten_at.is_(None),
            User.first_name == first_name.strip(),
            User.last_name == last_name.strip(),
            ~linked,
        )
    ).all()
    if len(same) == 1:
        return same[0], None
    user = new_user(tx, Role.USER, first_name, last_name)
    tx.session.flush()
    audit.note(tx, "add", "user", user.id, role=Role.USER)
    days = invites.PERSONAL_DAYS
    token = invites.new(tx, role=Role.USER, user_id=user.id, days=days, created_by=tx.actor.user_id)
    return user, token


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
