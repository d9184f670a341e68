"""Numbers of rentals: what people read and type. In each organization they count from 1 on, without gaps.

A basket has none, so that one which is discarded takes none. Buttons and programs know a rental by its id.
"""

from collections.abc import Iterable

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from db.models import Rental
from services.core.tx import Tx

_TAKE = text(
    "INSERT INTO rental_numbers (organization_id, last) VALUES (:organization, 1)"
    " ON CONFLICT (organization_id) DO UPDATE SET last = rental_numbers.last + 1 RETURNING last"
)
_FIND = select(Rental).where(
    Rental.organization_id == bindparam("organization"), Rental.number == bindparam("number")
)


def take(session: Session, organization_id: int) -> int:
    """Return the next number of the organization, for a rental that is no basket any more.

    Others who want one wait until this transaction ends: take it after all other locks. Where it is rolled
    back, the next one gets the number.
    """
    return int(session.scalar(_TAKE, {"organization": organization_id}) or 0)


def find(tx: Tx, words: str) -> Rental | None:
    """Return the rental of the organization with the number that the words are; None for other words.

    The caller checks the permission.
    """
    number = words.strip().removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    return tx.session.scalar(_FIND, {"organization": tx.organization_id, "number": int(number)})


def of_changed(session: Session, rental: Rental) -> int | None:
    """Return the number of the rental that this one changes; None where it changes none."""
    return session.get_one(Rental, rental.changes_id).number if rental.changes_id is not None else None


def of(session: Session, rental_ids: Iterable[int]) -> dict[int, int]:
    """Return the numbers of these rentals, by id; baskets have none."""
    ids = set(rental_ids)
    if not ids:
        return {}
    rows = session.execute(select(Rental.id, Rental.number).where(Rental.id.in_(ids)))
    return {id_: number for id_, number in rows if number is not None}
