"""A club whose people act in one transaction each, which is held against the audit."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Claim, Equipment, Return
from db.states import Role
from services.core import identity
from services.core.actor import Actor
from services.core.tx import Tx
from services.desk import checkout
from services.rentals import approval
from tests import factories
from tests.audited_database import Audited

T = TypeVar("T")

NEW = 77
"""The account of somebody who is no member."""


class Office:
    """Kari, Ola, Lars, Anna, and Ada, who leads."""

    def __init__(self, database: Audited, now: datetime) -> None:
        self.database, self.now = database, now
        self.club = database.write_now(lambda s: factories.club(s, now))
        self.ada = database.write_now(
            lambda s: factories.member(s, self.club.organization, now, "Ada Leader", Role.LEADER)
        )
        database.problems.clear()

    def does(
        self,
        work: Callable[[Session], T],
        *expected: tuple[str, str],
        optional: tuple[str, str] | None = None,
    ) -> T:
        """The work writes exactly these entries; one more that may come now or later, where it is named."""
        before = self.database.noted.copy()
        result = self.database.write_now(work)
        assert self.database.problems == [], "\n".join(self.database.problems)
        noted = sorted((self.database.noted - before).elements())
        allowed = sorted(expected), sorted([*expected, *([optional] if optional else [])])
        assert noted in allowed, f"noted: {noted}, expected: {allowed[0]}"
        return result

    def prepared(self, work: Callable[[Session], T]) -> T:
        """Prepare what is there before, without judging how it came about."""
        result = self.database.write_now(work)
        self.database.problems.clear()
        return result

    def requested(self, pieces: int = 1, first: int = 1, last: int = 3) -> int:
        return self.requested_by(self.club.kari, pieces, first, last)

    def requested_by(
        self, who: Actor, pieces: int = 1, first: int = 1, last: int = 3, what: Equipment | None = None
    ) -> int:
        """A request for tents, or for this; its number."""
        now, thing = self.now, what or self.club.tent

        def work(session: Session) -> int:
            period = factories.days(now, first, last)
            return factories.requested(session, who, now, period, (thing, pieces)).id

        return self.database.write_now(work)

    def approved(self, who: Actor, first: int, last: int, what: Equipment | None = None) -> int:
        number = self.requested_by(who, 1, first, last, what)
        self.database.write_now(lambda s: approval.approve(Tx(s, self.now, self.club.anna), number))
        return number

    def handed_out(self, who: Actor, first: int, last: int, what: Equipment | None = None) -> int:
        number = self.approved(who, first, last, what)
        self.database.write_now(lambda s: checkout.hand_out(Tx(s, self.now, self.club.lars), number))
        return number

    def stranger(self) -> None:
        """Somebody new has written to the bot."""
        self.prepared(
            lambda s: identity.remember_account(
                Tx(s, self.now), account_id=NEW, first_name="Nora", language="en"
            )
        )

    def claim_of(self, rental_id: int) -> int:
        """The one of a rental of one piece."""
        return self._claim(rental_id).id

    def item_of(self, rental_id: int) -> int:
        return self._claim(rental_id).item_id

    def _claim(self, rental_id: int) -> Claim:
        return self.database.read_now(lambda s: s.scalars(select(Claim).filter_by(rental_id=rental_id)).one())

    def return_of(self, rental_id: int) -> int:
        """The one return of a rental."""
        query = select(Return.id).filter_by(rental_id=rental_id)
        return self.database.read_now(lambda s: s.scalars(query).one())

    def count(self, action: str) -> int:
        query = select(func.count(AuditEntry.id)).filter_by(action=action)
        return self.database.read_now(lambda s: s.scalar(query)) or 0
