"""The rule that who has something overdue borrows nothing new."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from db.states import RentalStatus
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import refuses


def test_nothing_new_while_something_is_overdue(session: Session, club: Club, now: datetime) -> None:
    """Off by default; with it the overdue rental is named, until it is said to be back."""
    late = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    later = now + timedelta(days=2)
    allowed = factories.requested(session, club.kari, later, days(later, 1, 2), (club.stove, 1))
    assert allowed.status is RentalStatus.REQUESTED
    club.organization.policy = {**club.organization.policy, "overdue_blocks": True}
    session.flush()
    with refuses(session, Refused.OVERDUE_FIRST, rental_id=late.id, name=None):
        factories.requested(session, club.kari, later, days(later, 4, 5), (club.stove, 1))
    assert factories.requested(session, club.ola, later, days(later, 6, 7), (club.stove, 1)).id
    checkin.give_back(Tx(session, later, club.kari), late.id)
    assert factories.requested(session, club.kari, later, days(later, 8, 9), (club.stove, 1)).id
