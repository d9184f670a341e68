"""Row locks for decisions that depend on other rows. SQLite, with its single writer, needs none of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization, Rental

SHAPE = {"key_share": True}
"""For `session.refresh(row, with_for_update=SHAPE)`: changes a row while others may still refer to it."""


def one_at_a_time(session: Session, organization_id: int) -> None:
    """Wait for other transactions that assign names or codes in this organization, and hold up later ones."""
    session.execute(
        select(Organization.id).where(Organization.id == organization_id).with_for_update(key_share=True)
    )


def lock_rental(session: Session, rental: Rental) -> None:
    """Lock a rental and read it anew; of a change, the rental that it changes first.

    Whoever hands that one out holds it, and then ends the change: the other order would be a deadlock.
    """
    if rental.changes_id is not None:
        session.execute(select(Rental.id).where(Rental.id == rental.changes_id).with_for_update())
    session.refresh(rental, with_for_update=True)
