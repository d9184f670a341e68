"""The outcome of merging two members who are one person: told before it is done, and again when it is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from db import aliases
from db.models import (
    AccountLink,
    ApiToken,
    Block,
    Claim,
    DamageNote,
    Equipment,
    Rental,
    RentalLine,
    User,
)
from db.states import ClaimStatus, RentalStatus, Role
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import directory, linked_accounts, profile

_OPEN = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT)


@dataclass(frozen=True)
class Same:
    """The same equipment on the same days, in an open rental of each of the two."""

    name: str
    kept_rental: int
    gone_rental: int
    kept_number: int
    gone_number: int


@dataclass(frozen=True)
class Plan:
    """All that goes from `gone` to `kept`: numbers of rows, and what both have and only one can stay.

    `role` is the one afterwards. `fields`: those that `kept` lacks and gets; `differing`: with the value that
    stays and the one that goes. `same`: rentals to look at, which both stay. `suspends`: a suspension of
    `gone` holds afterwards.
    """

    kept: User
    gone: User
    rentals: int
    open_rentals: int
    items_out: int
    tokens: int
    blocks: int
    notes: int
    accounts: tuple[int, int]
    role: Role
    fields: dict[str, Any]
    differing: dict[str, tuple[Any, Any]]
    same: tuple[Same, ...]
    suspends: bool


def make(tx: Tx, kept_id: int, gone_id: int) -> Plan:
    """Return what merging these two would do.

    Raises NOT_FOUND, NOT_ALLOWED (below ADMIN, and where one of them is above the actor), MERGE_SAME,
    MERGE_ONESELF (the actor would be the one who goes), TOO_MANY_ACCOUNTS.
    """
    tx.actor.require(Role.ADMIN)
    if kept_id == gone_id:
        raise Refusal(Refused.MERGE_SAME)
    kept, gone = directory.get(tx, kept_id), directory.get(tx, gone_id)
    for user in (kept, gone):
        if not tx.actor.role.covers(user.role):
            raise Refusal(Refused.NOT_ALLOWED, needed=user.role)
    if gone.id == tx.actor.user_id:
        raise Refusal(Refused.MERGE_ONESELF)
    accounts = tuple(_count(tx, AccountLink, user.id) for user in (kept, gone))
    if sum(accounts) > linked_accounts.MOST:
        raise Refusal(Refused.TOO_MANY_ACCOUNTS, most=linked_accounts.MOST)
    fields, differing = _details(kept, gone)
    return Plan(
        kept=kept,
        gone=gone,
        rentals=_rentals(tx, gone.id),
        open_rentals=_rentals(tx, gone.id, _OPEN),
        items_out=_items_out(tx, gone.id),
        tokens=_tokens(tx, gone.id),
        blocks=_count(tx, Block, gone.id),
        notes=_count(tx, DamageNote, gone.id),
        accounts=(accounts[0], accounts[1]),
        role=max(kept.role, gone.role, key=lambda role: role.rank),
        fields=fields,
        differing=differing,
        same=_same(tx, kept.id, gone.id),
        suspends=gone.is_suspended(tx.now) and not kept.is_suspended(tx.now),
    )


_OF = {AccountLink: AccountLink.user_id, Block: Block.created_by, DamageNote: DamageNote.reported_by}


def _count(tx: Tx, table: type[AccountLink] | type[Block] | type[DamageNote], user_id: int) -> int:
    return tx.session.scalar(select(func.count(table.id)).where(_OF[table] == user_id)) or 0


def _rentals(tx: Tx, user_id: int, statuses: tuple[RentalStatus, ...] = ()) -> int:
    query = select(func.count(Rental.id)).where(Rental.user_id == user_id, Rental.requested_at.is_not(None))
    return tx.session.scalar(query.where(Rental.status.in_(statuses)) if statuses else query) or 0


def _items_out(tx: Tx, user_id: int) -> int:
    query = select(func.count(Claim.id)).join(Rental, Rental.id == Claim.rental_id)
    return tx.session.scalar(query.where(Rental.user_id == user_id, Claim.status == ClaimStatus.OUT)) or 0


def _tokens(tx: Tx, user_id: int) -> int:
    query = select(func.count(ApiToken.id)).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    return tx.session.scalar(query.where(ApiToken.expires_at > tx.now)) or 0


def _details(kept: User, gone: User) -> tuple[dict[str, Any], dict[str, tuple[Any, Any]]]:
    """Return the details that `kept` gets, and those that differ: what stays, and what goes.

    The organization's own fields are by their labels.
    """
    pairs: dict[str, tuple[Any, Any]] = {
        field: (getattr(kept, field), getattr(gone, field))
        for field in (*profile.FIELDS, *profile.FOR_ADMINS)
    }
    pairs |= {label: (kept.custom.get(label), value) for label, value in gone.custom.items()}
    had = {field: pair for field, pair in pairs.items() if pair[1] not in (None, "")}
    fields = {field: new for field, (old, new) in had.items() if old in (None, "")}
    differing = {field: pair for field, pair in had.items() if field not in fields and pair[0] != pair[1]}
    return fields, differing


def plain(value: Any) -> Any:
    """Return a detail as the audit keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


_MINE, _THEIRS = aliases.kept(Rental, "now"), aliases.kept(Rental, "next")
_MY_LINE, _THEIR_LINE = aliases.kept(RentalLine, "kept"), aliases.kept(RentalLine, "gone")


def _same(tx: Tx, kept_id: int, gone_id: int) -> tuple[Same, ...]:
    rows = tx.session.execute(
        select(Equipment.name, _MINE.id, _THEIRS.id, _MINE.number, _THEIRS.number)
        .join(_MY_LINE, _MY_LINE.rental_id == _MINE.id)
        .join(_THEIR_LINE, _THEIR_LINE.equipment_id == _MY_LINE.equipment_id)
        .join(_THEIRS, _THEIRS.id == _THEIR_LINE.rental_id)
        .join(Equipment, Equipment.id == _MY_LINE.equipment_id)
        .where(
            *(_MINE.user_id == kept_id, _THEIRS.user_id == gone_id),
            *(_MINE.status.in_(_OPEN), _THEIRS.status.in_(_OPEN)),
            *(_MINE.starts_at < _THEIRS.due_at, _THEIRS.starts_at < _MINE.due_at),
        )
        .distinct()
        .order_by(_MINE.id, _THEIRS.id, Equipment.name)
    )
    return tuple(Same(*row) for row in rows)
