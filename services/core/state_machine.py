"""The status transitions of rentals, claims, extensions and transfers, guarded against concurrent ones."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import ClauseElement, CursorResult, bindparam, case, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningUpdate

from db.models import Claim, Extension, HandOver, Rental
from db.states import ClaimStatus, ExtensionStatus, HandOverStatus, RentalStatus
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx


def already(session: Session, rental: Rental) -> Refusal:
    """Return the refusal for an action that somebody else completed first, with their name."""
    out = select(Claim.return_claimed_at).filter_by(rental_id=rental.id, status=ClaimStatus.OUT)
    said = session.scalars(out).all() if rental.status is RentalStatus.OUT else []
    return Refusal(
        Refused.ALREADY,
        rental_id=rental.id,
        rental_status=rental.status,
        by=_decider(session, rental),
        said_back=bool(said) and None not in said,
    )


def extension_answered(session: Session, extension: Extension) -> Refusal:
    """Return the refusal for an extension that somebody else answered first, with their name."""
    return Refusal(
        Refused.EXTENSION_ANSWERED, extension_status=extension.status, by=_decider(session, extension)
    )


def _decider(session: Session, decided: Rental | Extension) -> str | None:
    """Return the name of who decided, with that of the API token; None where nobody did."""
    act = decided.decided_by, decided.decided_token
    return identity.doers(session, [act]).get(act)


RENTAL: dict[RentalStatus, set[RentalStatus]] = {
    RentalStatus.DRAFT: {RentalStatus.REQUESTED, RentalStatus.CANCELLED},
    RentalStatus.REQUESTED: {
        RentalStatus.APPROVED,
        RentalStatus.DECLINED,
        RentalStatus.CANCELLED,
        RentalStatus.EXPIRED,
    },
    RentalStatus.APPROVED: {
        RentalStatus.REQUESTED,
        RentalStatus.OUT,
        RentalStatus.CANCELLED,
        RentalStatus.EXPIRED,
    },
    RentalStatus.OUT: {RentalStatus.RETURNED},
    RentalStatus.RETURNED: set(),
    RentalStatus.DECLINED: set(),
    RentalStatus.CANCELLED: set(),
    RentalStatus.EXPIRED: set(),
}

CLAIM: dict[ClaimStatus, set[ClaimStatus]] = {
    ClaimStatus.WANTED: {ClaimStatus.HELD, ClaimStatus.RELEASED},
    ClaimStatus.HELD: {ClaimStatus.OUT, ClaimStatus.RELEASED},
    ClaimStatus.OUT: {ClaimStatus.RETURNED, ClaimStatus.LOST},
    ClaimStatus.RETURNED: set(),
    ClaimStatus.RELEASED: set(),
    ClaimStatus.LOST: set(),
}

EXTENSION: dict[ExtensionStatus, set[ExtensionStatus]] = {
    ExtensionStatus.ASKED: {ExtensionStatus.GRANTED, ExtensionStatus.DECLINED, ExtensionStatus.WITHDRAWN},
    ExtensionStatus.GRANTED: set(),
    ExtensionStatus.DECLINED: set(),
    ExtensionStatus.WITHDRAWN: set(),
}

HAND_OVER: dict[HandOverStatus, set[HandOverStatus]] = {
    HandOverStatus.OFFERED: {HandOverStatus.DONE, HandOverStatus.DECLINED, HandOverStatus.WITHDRAWN},
    HandOverStatus.DONE: set(),
    HandOverStatus.DECLINED: set(),
    HandOverStatus.WITHDRAWN: set(),
}

_READ_ANEW: dict[str, Any] = {"populate_existing": True, "synchronize_session": False}
"""Options of an UPDATE that returns its rows: it refreshes those that the session has loaded."""

S = TypeVar("S", bound=StrEnum)


def sources(moves: dict[S, set[S]], to: S) -> list[S]:
    """Return the statuses from which `to` can be reached."""
    return [status for status, targets in moves.items() if to in targets]


def move_rental(
    session: Session, rental: Rental, to: RentalStatus, *, since: RentalStatus | None = None, **changes: Any
) -> bool:
    """Move this rental to a status that its current one allows; return False, and change nothing, otherwise.

    With `since`, only from that status. The guard is part of the UPDATE: of two concurrent transactions, the
    second finds the row moved.
    """
    allowed = sources(RENTAL, to) if since is None else [since]
    return _move(session, Rental, [rental.id], allowed, to, changes) == 1


def move_claims(session: Session, ids: Iterable[int], to: ClaimStatus, **changes: Any) -> int:
    """Move those claims that may still move to `to`; return their number."""
    return _move(session, Claim, ids, sources(CLAIM, to), to, changes)


def change_items(tx: Tx, moves: Mapping[int, tuple[int, int]]) -> None:
    """Move held claims to other items: `moves` has the old and the new item by claim.

    A claim that has begun holds its new item from `tx.now` on. All claims are set aside at once and restored
    one by one, so that two can change places without ever overlapping in the database. Raises StaleDataError
    where one of them was checked out, released or moved meanwhile; the caller's transaction is retried.
    """
    tx.session.flush()
    aside = tx.session.execute(
        update(Claim)
        .where(
            Claim.status == ClaimStatus.HELD,
            or_(*((Claim.id == claim) & (Claim.item_id == before) for claim, (before, _) in moves.items())),
        )
        .values(status=ClaimStatus.WANTED)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", aside).rowcount != len(moves):
        raise StaleDataError("a claim that was to change items is not where it was")
    begun = Claim.starts_at < tx.now
    for claim, (_, after) in sorted(moves.items()):
        back = (
            update(Claim)
            .where(Claim.id == claim, Claim.status == ClaimStatus.WANTED)
            .values(
                status=ClaimStatus.HELD,
                item_id=after,
                starts_at=case((begun, tx.now), else_=Claim.starts_at),
            )
        )
        tx.session.scalars(back.returning(Claim), execution_options=_READ_ANEW).all()


def move_extension(session: Session, extension: Extension, to: ExtensionStatus, **changes: Any) -> bool:
    """Move this extension if its status allows it; return False, and change nothing, otherwise."""
    return _move(session, Extension, [extension.id], sources(EXTENSION, to), to, changes) == 1


def move_hand_overs(session: Session, ids: Iterable[int], to: HandOverStatus, **changes: Any) -> int:
    """Move those transfers that may still move to `to`; return their number."""
    return _move(session, HandOver, ids, sources(HAND_OVER, to), to, changes)


_Moved = type[Rental] | type[Claim] | type[Extension] | type[HandOver]

_NEW = "new_"
"""The beginning of the parameter with a column's new value."""


@cache
def _moving(table: _Moved, changed: tuple[str, ...]) -> ReturningUpdate[Any]:
    """Build the UPDATE that moves rows and sets these columns; building it takes as long as running it."""
    return (
        update(table)
        .where(
            table.id.in_(bindparam("ids", expanding=True)),
            table.status.in_(bindparam("allowed", expanding=True)),
        )
        .values(status=bindparam("to"), **{name: bindparam(_NEW + name) for name in changed})
        .returning(table)
    )


def _move(
    session: Session,
    table: _Moved,
    ids: Iterable[int],
    allowed: list[Any],
    to: StrEnum,
    changes: dict[str, Any],
) -> int:
    """Move the rows whose status is `allowed`; return their number.

    Moved rows are refreshed by the same statement, since others may have changed them; the rest are expired.
    """
    asked = sorted(ids)
    if not asked:
        return 0
    moved: set[int] = set()
    session.flush()
    plain = {name: value for name, value in changes.items() if not isinstance(value, ClauseElement)}
    moving = _moving(table, tuple(plain))
    if len(plain) < len(changes):
        moving = moving.values({name: value for name, value in changes.items() if name not in plain})
    values = {"ids": asked, "allowed": allowed, "to": to}
    values |= {_NEW + name: value for name, value in plain.items()}
    for row in session.scalars(moving, values, execution_options=_READ_ANEW):
        moved.add(cast("Any", row).id)
    for id_ in set(asked) - moved:
        loaded = session.identity_map.get(identity_key(table, id_))
        if loaded is not None:
            session.expire(loaded)
    return len(moved)
