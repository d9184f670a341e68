"""Photos of damage and of returns: one may be shown by several notes and claims."""

from sqlalchemy import delete, select

from db.models import Claim, DamageNote, Equipment, Photo
from services.core.tx import Tx

_SHOWN_BY = (DamageNote.photo_id, Claim.returned_photo_id, Equipment.photo_id)


def add(tx: Tx, file_id: str | None, content: bytes | None) -> Photo:
    """Add a photo by its Telegram file id, or by its bytes, which Telegram gets when it is first shown."""
    photo = Photo(organization_id=tx.actor.organization_id, telegram_file_id=file_id, content=content)
    tx.session.add(photo)
    tx.session.flush()
    return photo


def drop_unused(tx: Tx, photo_id: int | None) -> None:
    """Delete a photo that was replaced, unless something else shows it."""
    if photo_id is None:
        return
    tx.session.flush()
    if all(
        tx.session.scalar(select(column).where(column == photo_id).limit(1)) is None for column in _SHOWN_BY
    ):
        tx.session.execute(delete(Photo).where(Photo.id == photo_id))
