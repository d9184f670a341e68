"""Identity: resolves a Telegram account to an actor in an organization."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.orm.util import identity_key

from db import aliases
from db.models import AccountLink, ApiToken, ChatAccount, Organization, User
from db.states import Role
from services.core.actor import Actor, Suspension
from services.core.errors import Refusal, Refused
from services.core.text import clean
from services.core.tx import Tx


def remember_account(tx: Tx, *, account_id: int, first_name: str, language: str | None) -> ChatAccount:
    """Create or update the account of somebody who writes, which shows that they have not blocked the bot."""
    account = tx.session.get(ChatAccount, account_id)
    if account is None:
        account = ChatAccount(id=account_id, created_at=tx.now)
        tx.session.add(account)
    now = {
        "first_name": clean(first_name)[:100],
        "telegram_language": clean(language)[:16] if language else None,
        "blocked_at": None,
    }
    for column, value in now.items():
        if getattr(account, column) != value:  # what is set is written, also where it is the same
            setattr(account, column, value)
    tx.session.flush()
    return account


Known = dict[int, tuple[AccountLink, User]]
"""The members that one account is linked to, by organization, as far as they were read."""


LINKED = "linked_to"
"""Key in the `info` of a session that only renders messages: `linked_to` of their readers, read with them."""

_OF, _LINK = aliases.kept(Organization, "of"), aliases.kept(AccountLink, "of")


def linked_to(account_id: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """Build the query for the number of open organizations that this account is linked to."""
    return (
        select(func.count(_LINK.id))
        .join(_OF, _OF.id == _LINK.organization_id)
        .where(_LINK.account_id == account_id, _OF.closed_at.is_(None))
        .scalar_subquery()
    )


def _recognized(here: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Build the query for an account, its organization `here`, its member there, and its organizations."""
    return (
        select(ChatAccount, Organization, AccountLink, User, linked_to(ChatAccount.id))
        .select_from(ChatAccount)
        .outerjoin(Organization, here)
        .outerjoin(
            AccountLink,
            (AccountLink.account_id == ChatAccount.id) & (AccountLink.organization_id == Organization.id),
        )
        .outerjoin(User, User.id == AccountLink.user_id)
        .where(ChatAccount.id == bindparam("account"))
    )


_IN_PRIVATE = _recognized(Organization.id == ChatAccount.organization_id)
_IN_GROUP = _recognized(Organization.group_chat_id == bindparam("group"))


def recognize(session: Session, account_id: int, known: Known, *, group_chat_id: int | None = None) -> bool:
    """Read the account with its organization and its member there in one statement, into the session and
    `known`, where later code finds them.

    The organization is that of the group, else the account's current one. Return whether the account is
    linked to more than one organization.
    """
    statement = _IN_PRIVATE if group_chat_id is None else _IN_GROUP
    row = session.execute(statement, {"account": account_id, "group": group_chat_id}).one_or_none()
    if row is None:
        return False
    _, organization, link, user, number = row
    if link is not None and user is not None:
        known[organization.id] = link, user
    return bool(number > 1)


_MEMBER = (
    select(AccountLink, User)
    .join(User, User.id == AccountLink.user_id)
    .where(
        AccountLink.account_id == bindparam("account"),
        AccountLink.organization_id == bindparam("organization"),
    )
)


def resolve(
    tx: Tx, *, account_id: int, organization_id: int | None = None, known: Known | None = None
) -> Actor:
    """Return the actor of an account in the given organization, or in the account's current one.

    `known` caches the account's members within this transaction and is added to. A former member is an
    inactive actor, who may still return equipment. Raises NOT_A_MEMBER, and CLOSED for a closed organization.
    """
    if organization_id is None:
        account = tx.session.get(ChatAccount, account_id)
        organization_id = account.organization_id if account is not None else None
    if organization_id is None:
        raise Refusal(Refused.NOT_A_MEMBER)
    known = {} if known is None else known
    link, user = known.get(organization_id, (None, None))
    # The link may have gone since, or lead to another.
    if link is None or user is None or link not in tx.session or link.user_id != user.id:
        row = tx.session.execute(
            _MEMBER, {"account": account_id, "organization": organization_id}
        ).one_or_none()
        if row is None:
            raise Refusal(Refused.NOT_A_MEMBER)
        link, user = row
        known[organization_id] = link, user
    require_open(tx.session, organization_id)
    return as_actor(user, account_id, tx.now)


def as_actor(user: User, account_id: int, now: datetime) -> Actor:
    """Return the actor of a member at `now`."""
    suspended = user.is_suspended(now)
    return Actor(
        organization_id=user.organization_id,
        user_id=user.id,
        account_id=account_id,
        name=user.name_for_others(),
        role=user.role,
        active=user.is_active(now),
        suspension=Suspension(user.suspended_until, user.suspended_reason or "") if suspended else None,
        begins=user.active_from if user.active_from is not None and user.active_from > now else None,
    )


def is_active(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Build the condition that a user is an active member, as `User.is_active`."""
    return and_(
        or_(User.active_from.is_(None), User.active_from <= now),
        or_(User.active_until.is_(None), User.active_until > now),
        or_(User.suspended_at.is_(None), User.suspended_until <= now),
    )


def people(session: Session, user_ids: Iterable[int | None]) -> dict[int, User]:
    """Return members by id; those that the session has loaded are not read again."""
    asked = {i for i in user_ids if i is not None}
    loaded = [session.identity_map.get(identity_key(User, i)) for i in asked]
    known = {user.id: user for user in loaded if isinstance(user, User)}
    missing = asked - known.keys()
    if missing:
        known |= {user.id: user for user in session.scalars(select(User).where(User.id.in_(missing)))}
    return known


Act = tuple[int | None, int | None]
"""A member who did something, and the API token with which they did it."""


def doers(session: Session, acts: Collection[Act]) -> dict[Act, str]:
    """Return the names of those who acted, as other people read them, with the token's, but for a login's."""
    found, used = people(session, (user for user, _ in acts)), {token for _, token in acts if token}
    programs: dict[int | None, str] = {}
    if used:
        of_tokens = select(ApiToken.id, ApiToken.name).where(
            ApiToken.id.in_(used), ApiToken.is_login.is_(False)
        )
        programs.update((account, name) for account, name in session.execute(of_tokens))
    return {
        (user, token): with_program(found[user].name_for_others(), programs.get(token))
        for user, token in acts
        if user is not None
    }


def with_program(name: str, program: str | None) -> str:
    """Return the name of somebody who acted by a program, with the token's: as its actor is called."""
    return f"{name} ({program})" if program else name


def require_renter(tx: Tx, user_id: int) -> None:
    """Raise RENTER_SUSPENDED or RENTER_LEFT for a member who may not be given equipment now."""
    user = tx.session.get_one(User, user_id)
    if user.is_suspended(tx.now):
        raise Refusal(Refused.RENTER_SUSPENDED, name=user.name_for_others())
    if not user.is_active(tx.now):
        raise Refusal(Refused.RENTER_LEFT, name=user.name_for_others())


def require_open(session: Session, organization_id: int, *, stays: bool = False) -> None:
    """Raise CLOSED for a closed organization; with `stays`, lock it open until the transaction ends."""
    organization = session.get_one(Organization, organization_id)
    if stays:
        session.refresh(organization, with_for_update={"read": True})
    if organization.closed_at is not None:
        raise Refusal(Refused.CLOSED, organization=organization.name)


def reached(user_id: int | BindParameter[int]) -> Select[int]:
    """Build the query for the accounts that reach a member."""
    return (
        select(ChatAccount.id)
        .join(AccountLink, AccountLink.account_id == ChatAccount.id)
        .where(AccountLink.user_id == user_id, ChatAccount.blocked_at.is_(None))
    )


_REACHED = reached(bindparam("user")).order_by(ChatAccount.id)


def accounts_of(session: Session, user_id: int) -> list[int]:
    """Return the accounts that reach a member: private chat ids, without those that blocked the bot."""
    return list(session.scalars(_REACHED, {"user": user_id}))


def accounts_by_user(session: Session, user_ids: Collection[int]) -> dict[int, list[int]]:
    """Return `accounts_of` by member; members that cannot be reached are left out."""
    rows = session.execute(
        select(AccountLink.user_id, ChatAccount.id)
        .join(ChatAccount, ChatAccount.id == AccountLink.account_id)
        .where(AccountLink.user_id.in_(user_ids), ChatAccount.blocked_at.is_(None))
        .order_by(ChatAccount.id)
    )
    found: dict[int, list[int]] = {}
    for user_id, account_id in rows:
        found.setdefault(user_id, []).append(account_id)
    return found


def desk_chats(tx: Tx, organization: Organization) -> list[tuple[int, int | None]]:
    """Return the chats and topics that requests go to: the bound group, else each admin in private."""
    if organization.group_chat_id is not None:
        return [(organization.group_chat_id, organization.group_thread_id)]
    return [(account, None) for account in admin_accounts(tx, organization)]


def admin_accounts(tx: Tx, organization: Organization) -> list[int]:
    """Return the accounts of all admins of an organization who can be reached in private."""
    admins = tx.session.scalars(
        select(User)
        .where(User.organization_id == organization.id, User.role.in_([Role.ADMIN, Role.LEADER]))
        .order_by(User.id)
    )
    return [
        account for user in admins if user.is_active(tx.now) for account in accounts_of(tx.session, user.id)
    ]


def leaders(tx: Tx) -> list[int]:
    """Return the accounts that reach the active leaders of the transaction's organization."""
    users = tx.session.scalars(
        select(User).filter_by(organization_id=tx.organization_id, role=Role.LEADER).order_by(User.id)
    )
    return [
        account for user in users if user.is_active(tx.now) for account in accounts_of(tx.session, user.id)
    ]


def names(session: Session, user_ids: Iterable[int | None], *, told_apart: bool = True) -> dict[int, str]:
    """Return the names of members by id; those that the session has loaded are not read again.

    `told_apart`: as other people read them, where two have the same name; for files and programs without.
    """
    found = people(session, user_ids)
    return {i: user.name_for_others() if told_apart else user.name for i, user in found.items()}
