"""Row locks for decisions that depend on other rows. SQLite, with its single writer, needs none of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization

SHAPE = {"key_share": True}
"""For `session.refresh(row, with_for_update=SHAPE)`: changes a row while others may still refer to it."""


def one_at_a_time(session: Session, organization_id: int) -> None:
    """Wait for other transactions that assign names or codes in this organization, and hold up later ones."""
    session.execute(
        select(Organization.id).where(Organization.id == organization_id).with_for_update(key_share=True)
    )
