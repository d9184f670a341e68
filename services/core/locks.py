"""Rows held still while others are decided by them. SQLite has one writer at a time and needs none of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization

SHAPE = {"key_share": True}
"""`session.refresh(row, with_for_update=SHAPE)`: to change a row while others may go on to refer to it."""


def one_at_a_time(session: Session, organization_id: int) -> None:
    """Whoever gives out names or codes in this organisation waits for the other who does."""
    session.execute(
        select(Organization.id).where(Organization.id == organization_id).with_for_update(key_share=True)
    )
