"""The directory of members for admins: search, and everything about one of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from db.models import AccountLink, Claim, Equipment, Item, Rental, User
from db.states import ClaimStatus, Role
from services.access import member_search
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.text import key
from services.core.tx import Tx
from services.members import profile
from services.rentals import records
from services.rentals.records import Record

_MOST_CALLED = 8
_LONGEST_NAME = 100
MOST_OUT = 8
"""Items that a card lists; of the rest it gives the number."""


@dataclass(frozen=True)
class Entry:
    user_id: int
    name: str
    role: Role
    suspended: bool
    active: bool


@dataclass(frozen=True)
class Page:
    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Out:
    number: int
    code: str
    name: str
    due_at: datetime | None


@dataclass(frozen=True)
class Card:
    """A member's card. `fields`: values by their name in profile.FIELDS or `field:7`; `labels` of the latter.

    `by`: the name of the person who suspended them. `accounts`: the number of linked Telegram accounts.
    """

    user: User
    fields: tuple[tuple[str, Any], ...]
    labels: dict[str, str]
    out: tuple[Out, ...]
    record: Record
    rentals: int
    accounts: int
    by: str | None


def find(
    tx: Tx,
    *,
    words: str = "",
    page: int = 0,
    per_page: int = 8,
    active: bool = False,
    for_admins: bool = False,
) -> Page:
    """Find members whose name, username, email, phone or membership id have all the words, best first.

    `active`: without words, return only current members; a search finds the others too. Case, accents, and
    the separators of a telephone number do not matter. A page beyond the end is the last. `for_admins`: tell
    those of one name apart by their contact, too.
    """
    those = [*_of(tx), *(_active(tx.now) if active else ())]
    if words.strip():
        total = member_search.number(tx, words)
    else:
        total = tx.session.scalar(select(func.count(User.id)).where(*those)) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(page, 0), pages - 1)
    begin = page * per_page
    if not words.strip():
        query = select(User).where(*those)
        query = query.order_by(func.lower(User.first_name), func.lower(User.last_name), User.id)
        users = list(tx.session.scalars(query.limit(per_page).offset(begin)))
    else:
        shown = member_search.ids(tx, words, limit=per_page, offset=begin)
        known = {user.id: user for user in tx.session.scalars(select(User).where(User.id.in_(shown)))}
        users = [known[i] for i in shown]
    entries = (
        Entry(u.id, u.name_for_others(admins=for_admins), u.role, u.is_suspended(tx.now), u.is_active(tx.now))
        for u in users
    )
    return Page(tuple(entries), total, page, pages)


def called(tx: Tx, words: str) -> list[int]:
    """Return the current members whose names have all of these words, in whole: of a sentence, where `the` is
    not the beginning of Theodor.
    """
    said = set(key(words).split())
    if not said or len(words) > _LONGEST_NAME:
        return []
    found = find(tx, words=words, per_page=_MOST_CALLED).entries
    return [one.user_id for one in found if one.active and said <= set(key(one.name).split())]


def select_users(
    tx: Tx,
    *,
    words: str = "",
    role: Role | None = None,
    active: bool | None = None,
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[User], int]:
    """Return members that fit, by name or with words best first, from `offset` on; and the number of all.

    `active`: only those who are members now, or only the others. Raises NOT_ALLOWED.
    """
    tx.actor.require(Role.ADMIN)
    query = select(User).where(*_of(tx))
    if role is not None:
        query = query.where(User.role == role)
    found = list(
        tx.session.scalars(query.order_by(func.lower(User.first_name), func.lower(User.last_name), User.id))
    )
    if active is not None:
        found = [user for user in found if user.is_active(tx.now) is active]
    if words.strip():
        place = {user_id: number for number, user_id in enumerate(member_search.ids(tx, words))}
        found = sorted((user for user in found if user.id in place), key=lambda user: place[user.id])
    return found[offset : offset + limit], len(found)


def _of(tx: Tx) -> list[ColumnElement[bool]]:
    return [User.organization_id == tx.organization_id, User.forgotten_at.is_(None)]


def _active(now: datetime) -> list[ColumnElement[bool]]:
    return [
        or_(User.active_from.is_(None), User.active_from <= now),
        or_(User.active_until.is_(None), User.active_until > now),
    ]


def user(session: Session, user_id: int) -> User:
    """Return a user's row by its id, of any organization. Raises NoResultFound."""
    return session.get_one(User, user_id)


def get(tx: Tx, user_id: int) -> User:
    """Return a member of the actor's organization.

    Raises NOT_FOUND for any other, NOT_ALLOWED below ADMIN.
    """
    tx.actor.require(Role.ADMIN)
    user = tx.session.get(User, user_id)
    if user is None or user.organization_id != tx.actor.organization_id or user.forgotten_at is not None:
        raise Refusal(Refused.NOT_FOUND)
    return user


def card(tx: Tx, user: User, *, for_admins: bool = False) -> Card:
    """Return a member's card; `for_admins` with what admins noted."""
    labels = profile.own_fields(tx.of(user.organization_id))
    fields = [
        (field, profile.value_of(tx, user, field))
        for field in (*profile.FIELDS, *(profile.FOR_ADMINS if for_admins else ()))
    ]
    fields += [(field, user.custom.get(label)) for field, label in labels.items()]
    known = set(labels.values())
    # Values of a disabled field, or from an import.
    others = {label: label for label in sorted(user.custom) if label not in known}
    fields += [(label, user.custom[label]) for label in others]
    by = tx.session.get(User, user.suspended_by) if user.suspended_by is not None else None
    links = select(func.count(AccountLink.id)).where(AccountLink.user_id == user.id)
    rentals = select(func.count(Rental.id)).where(Rental.user_id == user.id, Rental.requested_at.is_not(None))
    return Card(
        user=user,
        fields=tuple((field, value) for field, value in fields if value not in (None, "")),
        labels=labels | others,
        out=_out(tx.session, user.id),
        record=records.of(tx, user.id),
        rentals=tx.session.scalar(rentals) or 0,
        accounts=tx.session.scalar(links) or 0,
        by=by.name if by is not None else None,
    )


def _out(session: Session, user_id: int) -> tuple[Out, ...]:
    """Return the items that are out to them, the next due first."""
    rows = session.execute(
        select(Rental.number, Item.code, Equipment.name, Rental.due_at)
        .join(Claim, Claim.rental_id == Rental.id)
        .join(Item, Item.id == Claim.item_id)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(
            Rental.user_id == user_id,
            Claim.status == ClaimStatus.OUT,
            Claim.return_claimed_at.is_(None),
        )
        .order_by(Rental.due_at.nulls_last(), Rental.id, Item.code)
        .limit(MOST_OUT)
    )
    return tuple(Out(number or 0, code, name, due_at) for number, code, name, due_at in rows)


def has_ended(user: User, now: datetime) -> bool:
    return user.active_until is not None and user.active_until <= now


def plain(value: Any) -> str:
    """Return a value as text, to compare it with what somebody saw."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def changed_meanwhile(session: Session, user: User) -> Refusal:
    """Return the refusal for the second of two people who changed a member, with the name of the first."""
    return audit.changed_meanwhile(session, user.organization_id, "user", user.id)
