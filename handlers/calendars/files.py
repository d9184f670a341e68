"""A rental as a file that a tap puts into one's calendar."""

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from db.session import Database
from handlers.ui.callbacks import Tap
from handlers.ui.message import Document
from handlers.ui.request import Request
from services.calendars import ical
from services.core.errors import Refusal, Refused
from services.core.tx import Tx


def give(step: Request, tap: Tap) -> Document:
    """Send the member's own rental. Raises NOT_FOUND, NOT_YOURS, ALREADY."""
    actor, rental = step.actor_about(tap.id)
    if rental.user_id != actor.user_id:
        raise Refusal(Refused.NOT_YOURS)
    ical.require_ahead(step.by(actor), rental)
    t = step.texts

    async def make(database: Database, path: Path) -> int:
        content = await database.read(partial(_written, rental_id=tap.id, at=step.now))
        await asyncio.to_thread(path.write_bytes, content)
        return 1

    return Document(
        f"rental-{rental.number}.ics",
        make,
        lambda _: t("Open the file to put rental {id} into your calendar.", id=rental.number),
        lambda _, __: None,
    )


def _written(session: Session, *, rental_id: int, at: datetime) -> bytes:
    return ical.of_rental(Tx(session, at), rental_id)
