"""A member who may not borrow any more keeps nothing back, and is not told to fetch it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from db.models import Rental, User
from db.states import ClaimStatus, RentalStatus, Role
from services import periodic
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkout
from services.members import editing, promises, suspensions
from services.messaging import kinds
from services.rentals import approval, obstacles, queries
from services.rentals.obstacles import Why
from tests import factories
from tests.factories import OSLO, Club
from tests.services.permissions.assertions import refuses, said, set_policy, still_holds


def at(day: int, hour: int) -> datetime:
    """A moment in December 2026 by clocks in Oslo."""
    return datetime(2026, 12, day, hour, tzinfo=OSLO).astimezone(UTC)


@pytest.fixture
def promised(session: Session, club: Club, now: datetime) -> Rental:
    """Kari is approved for the 5th and 6th."""
    period = Period(at(5, 8), at(6, 20))
    rental = factories.requested(session, club.kari, now, period, (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    return rental


def kari(session: Session, club: Club) -> User:
    return session.get_one(User, club.kari.user_id)


def suspended(session: Session, club: Club, now: datetime, until: datetime | None) -> None:
    suspensions.suspend(Tx(session, now, club.anna), club.kari.user_id, reason="late", until=until)


def ends(session: Session, club: Club, now: datetime, moment: datetime) -> None:
    editing.set_moment(
        Tx(session, now, club.anna), club.kari.user_id, field="active_until", moment=moment, seen=""
    )


def why(session: Session, club: Club, now: datetime) -> list[Why]:
    return [one.obstacle.why for one in promises.of(Tx(session, now), kari(session, club))]


def test_who_is_suspended_is_not_told_to_fetch_it(
    session: Session, club: Club, now: datetime, promised: Rental
) -> None:
    """Until the 31st, approved for the 5th: no reminder, nor the one that was queued; later it is said."""
    periodic.run(Tx(session, at(5, 8)))
    (queued,) = said(session, kinds.REMINDER)
    suspended(session, club, at(5, 9), datetime(2027, 1, 1, tzinfo=OSLO).astimezone(UTC))
    assert still_holds(Tx(session, at(5, 9)), queued) is None
    session.delete(queued)
    periodic.run(Tx(session, at(5, 9)))
    assert said(session, kinds.REMINDER) == []
    suspensions.reactivate(Tx(session, at(5, 10), club.anna), club.kari.user_id)
    periodic.run(Tx(session, at(5, 10)))
    assert len(said(session, kinds.REMINDER)) == 1


def test_what_is_promised_is_said_and_freed(
    session: Session, club: Club, now: datetime, promised: Rental
) -> None:
    """One call by whoever suspends, also where only a leader approves; twice is once."""
    set_policy(session, club.organization, approver=Role.LEADER)
    suspended(session, club, now, None)
    (promise,) = promises.of(Tx(session, now), kari(session, club))
    assert (promise.rental.id, promise.obstacle.why) == (promised.id, Why.SUSPENDED)
    assert promises.free(Tx(session, now, club.anna), club.kari.user_id) == [promised.id]
    assert promised.status is RentalStatus.CANCELLED
    assert promises.free(Tx(session, now, club.anna), club.kari.user_id) == []
    factories.requested(session, club.ola, now, Period(at(5, 8), at(6, 20)), (club.stove, 1))


def test_members_free_nobody(session: Session, club: Club, now: datetime, promised: Rental) -> None:
    """It is for admins, of nobody above them."""
    suspended(session, club, now, None)
    for who in (club.ola, club.lars):
        with refuses(session, Refused.NOT_ALLOWED):
            promises.free(Tx(session, now, who), club.kari.user_id)


@pytest.mark.parametrize(
    "end, expected",
    [
        (at(3, 0), Why.ENDED),  # the last day is the 2nd
        (at(5, 8), Why.ENDED),
        (at(6, 0), Why.ENDS),  # it begins before, and ends after
        (at(7, 0), None),
    ],
)
def test_a_membership_that_ends_before_stands_on_the_card(
    session: Session, club: Club, now: datetime, promised: Rental, end: datetime, expected: Why | None
) -> None:
    """Before it begins it bars, before it is over it is told."""
    ends(session, club, now, end)
    found = queries.view(Tx(session, now), promised).obstacle
    assert (found.why if found is not None else None) == expected
    assert why(session, club, now) == ([expected] if expected is Why.ENDED else [])


def test_a_suspension_that_is_over_by_then_bars_nothing(
    session: Session, club: Club, now: datetime, promised: Rental
) -> None:
    """Until the 4th, approved for the 5th."""
    suspended(session, club, now, at(5, 0))
    assert why(session, club, now) == []


def test_the_rest_of_what_is_out_is_not_handed_out(session: Session, club: Club, now: datetime) -> None:
    """Two tents, one of them fetched, and then a suspension: the other one stays here, and it is said why."""
    rental = factories.requested(session, club.kari, now, Period(now, at(6, 20)), (club.tent, 2))
    approval.approve(Tx(session, now, club.anna), rental.id)
    first, second = (claim.id for claim in checkout.claims_of(session, rental, ClaimStatus.HELD))
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[first])
    assert [one.claim_id for one in queries.view(Tx(session, now), rental).to_hand_out] == [second]
    suspended(session, club, now, None)
    shown = queries.view(Tx(session, now), rental)
    assert shown.to_hand_out == [] and shown.obstacle == obstacles.Obstacle(Why.SUSPENDED)


def test_a_role_that_was_taken_frees_what_needs_it(session: Session, club: Club, now: datetime) -> None:
    """Equipment for lenders, promised to one who is none any more."""
    club.stove.policy = {"who_may_rent": "lender"}
    rental = factories.requested(session, club.lars, now, Period(at(5, 8), at(6, 20)), (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    editing.change_role(Tx(session, now, club.anna), club.lars.user_id, role=Role.USER, seen=Role.LENDER)
    lars = session.get_one(User, club.lars.user_id)
    assert [one.obstacle.why for one in promises.of(Tx(session, now), lars)] == [Why.ROLE]
    assert promises.free(Tx(session, now, club.anna), lars.id) == [rental.id]


def test_approving_all_leaves_who_could_not_fetch_it(session: Session, club: Club, now: datetime) -> None:
    """One by one an admin reads it on the card, and may approve it all the same."""
    rental = factories.requested(session, club.kari, now, Period(at(5, 8), at(6, 20)), (club.stove, 1))
    ends(session, club, now, at(3, 0))
    done = approval.approve_all(Tx(session, now, club.anna), until=now)
    assert [(number, refusal.code) for number, refusal in done.refused] == [
        (rental.id, Refused.RENTER_BARRED)
    ]
    approval.approve(Tx(session, now, club.anna), rental.id)
    assert rental.status is RentalStatus.APPROVED


def test_the_digest_tells_what_is_promised_in_vain(
    session: Session, club: Club, now: datetime, promised: Rental
) -> None:
    """Two days before it begins, however the membership came to end."""
    kari(session, club).active_until = at(3, 0)
    session.flush()
    periodic.run(Tx(session, at(2, 9)))
    assert said(session, kinds.DIGEST) == []
    periodic.run(Tx(session, at(3, 9)))
    assert len(said(session, kinds.DIGEST)) == 1
    own = Tx(session, at(3, 9), within=club.organization.id)
    assert [rental.id for rental in obstacles.in_vain(own)] == [promised.id]


def test_who_cannot_fetch_it_is_not_asked_to_choose(session: Session, club: Club, now: datetime) -> None:
    """A late thing that a suspended member was to have next troubles neither them nor the desk."""
    factories.handed_out(session, club, now, Period(now, at(4, 20)), (club.stove, 1))
    period = Period(at(5, 8), at(6, 20))
    rental = factories.requested(session, club.ola, now, period, (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    suspensions.suspend(Tx(session, now, club.anna), club.ola.user_id, reason="late", until=None)
    periodic.run(Tx(session, at(5, 8)))
    assert said(session, kinds.LATE) == said(session, kinds.LATE_DESK) == []
