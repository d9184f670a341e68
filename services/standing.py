"""How things stand: what the second person to tap reads."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Extension, Rental, User
from services.errors import Refusal, Refused


def already(session: Session, rental: Rental) -> Refusal:
    """The refusal for somebody who comes after the fact, with who was first."""
    by = session.scalar(select(User).filter_by(id=rental.decided_by)) if rental.decided_by else None
    return Refusal(
        Refused.ALREADY,
        rental_id=rental.id,
        rental_status=rental.status,
        by=by.name if by is not None else None,
    )


def extension_answered(session: Session, extension: Extension) -> Refusal:
    """The same for a question about more time."""
    by = session.scalar(select(User).filter_by(id=extension.decided_by)) if extension.decided_by else None
    return Refusal(
        Refused.EXTENSION_ANSWERED,
        extension_status=extension.status,
        by=by.name if by is not None else None,
    )
