"""The members, a row each."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Rental, User
from services.core.hours import periods
from services.exports.custom_columns import Labels, values
from services.exports.writers import Chunk
from services.imports.headings import Headings, Kind
from services.imports.members import mapping

CHUNK = 1_000
COLUMNS = (*mapping.COLUMNS, *mapping.COUNTED)


class Members:
    """Columns that can be imported again unchanged; and `rentals`: the number of all requests."""

    def __init__(self, organization_id: int, headings: Headings, zone: ZoneInfo, now: datetime) -> None:
        self.organization_id, self.headings, self.zone, self.now = organization_id, headings, zone, now
        self._labels = Labels(User, organization_id)
        self.labels: Sequence[Labels] = (self._labels,)
        self._own: list[str] = []

    def header(self, session: Session) -> list[str]:
        self._own = self._labels.listed(session)
        return [*self.headings.of(Kind.MEMBERS, COLUMNS), *self._own]

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
                user.id,
                user.first_name,
                user.last_name,
                user.username,
                user.email,
                user.phone,
                user.membership_id,
                user.city,
                user.born_on,
                user.other_id,
                self.headings.word(user.role),
                self.headings.word("yes" if user.is_active(self.now) else "no"),
                periods.day_of(user.active_from, self.zone),
                periods.last_day_of(user.active_until, self.zone),
                user.postal_code,
                user.note,
                (user.active_from or user.created_at).astimezone(self.zone).replace(tzinfo=None),
                rentals.get(user.id, 0),
                *values(user.custom, self._own),
            ]
            for user in users
        ]
        return Chunk(rows, users[-1].id if len(users) == CHUNK else None)
