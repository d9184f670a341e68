"""The members, a row each."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Rental, User
from services.exporting.fields import Labels, values
from services.exporting.table import Chunk

CHUNK = 1_000
COLUMNS = ("name", "email", "phone", "role", "active", "since", "rentals")


class Members:
    """`rentals`: how many they have asked for so far, whatever became of them."""

    def __init__(self, organization_id: int, zone: ZoneInfo, now: datetime) -> None:
        self.organization_id, self.zone, self.now = organization_id, zone, now
        self.labels = Labels(User, organization_id)
        self._own: list[str] = []

    def header(self, session: Session) -> list[str]:
        self._own = self.labels.listed(session)
        return [*COLUMNS, *self._own]

    def chunk(self, session: Session, after: int) -> Chunk:
        users = session.scalars(
            select(User)
            .where(User.organization_id == self.organization_id, User.id > after)
            .order_by(User.id)
            .limit(CHUNK)
        ).all()
        counted = session.execute(
            select(Rental.user_id, func.count(Rental.id).label("number"))
            .where(Rental.user_id.in_([user.id for user in users]), Rental.requested_at.is_not(None))
            .group_by(Rental.user_id)
        )
        rentals = {row.user_id: row.number for row in counted}
        rows = [
            [
                user.name,
                user.email,
                user.phone,
                user.role.value,
                "yes" if user.is_active(self.now) else "no",
                (user.active_from or user.created_at).astimezone(self.zone).replace(tzinfo=None),
                rentals.get(user.id, 0),
                *values(user.custom, self._own),
            ]
            for user in users
        ]
        return Chunk(rows, users[-1].id if len(users) == CHUNK else None)
