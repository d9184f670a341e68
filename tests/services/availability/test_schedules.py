"""Free, or why not and until when: one place computes it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.models import Block, Claim, Equipment
from db.states import ClaimStatus, Condition
from services.availability import next_available, schedules
from services.availability.schedules import Busy, Demand, Schedule, Slots
from services.core.hours.periods import FOREVER
from services.core.tx import Tx
from services.desk import checkin
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import DAY, HOUR, MINUTE, item, set_condition, set_policy


def free_codes(session: Session, c: Club, kind: Equipment, now: datetime, first: float, last: float) -> str:
    schedule = schedules.load(Tx(session, now), c.organization.id, [kind.id])
    return " ".join(s.code for s in schedule.free(kind.id, now + first * DAY, now + last * DAY))


def block(session: Session, c: Club, code: str, now: datetime, first: float, last: float) -> None:
    reason = Block(organization_id=c.organization.id, reason="repair", created_at=now)
    session.add(reason)
    session.flush()
    session.add(
        Claim(
            organization_id=c.organization.id,
            item_id=item(session, code).id,
            block_id=reason.id,
            status=ClaimStatus.HELD,
            starts_at=now + first * DAY,
            blocked_until=now + last * DAY,
        )
    )
    session.flush()


def test_everything_is_free_before_anybody_asked(session: Session, club: Club, now: datetime) -> None:
    """All pieces, in the order of their codes."""
    assert free_codes(session, club, club.tent, now, 0, 300) == "T1 T2 T3"
    schedule = schedules.load(Tx(session, now), club.organization.id, [club.tent.id, club.stove.id])
    assert (schedule.pieces(club.tent.id), schedule.pieces(club.stove.id), schedule.pieces(0)) == (3, 1, 0)


def test_periods_are_half_open(session: Session, club: Club, now: datetime) -> None:
    """At the moment one rental ends the next may begin, and the other way round."""
    factories.requested(session, club.kari, now, days(now, 3, 5), (club.stove, 1))
    assert free_codes(session, club, club.stove, now, 5, 7) == "S1"
    assert free_codes(session, club, club.stove, now, 1, 3) == "S1"
    for first, last in [(2.9, 3.1), (4.9, 6), (3.5, 4), (1, 9)]:
        assert free_codes(session, club, club.stove, now, first, last) == ""


def test_turnaround_keeps_the_item_a_while(session: Session, club: Club, now: datetime) -> None:
    """Two hours for drying: the next one may begin after them, and has to leave room for its own."""
    set_policy(session, club.organization, turnaround_hours=2)
    factories.requested(session, club.kari, now, days(now, 3, 5), (club.stove, 1))
    schedule = schedules.load(Tx(session, now), club.organization.id, [club.stove.id])
    wish = Demand(club.stove.id, 1, turnaround=2 * HOUR)
    for start, end, fits in [
        (5 * DAY + 2 * HOUR, 6 * DAY, True),
        (5 * DAY + 2 * HOUR - MINUTE, 6 * DAY, False),
        (1 * DAY, 3 * DAY - 2 * HOUR, True),
        (1 * DAY, 3 * DAY - 2 * HOUR + MINUTE, False),
    ]:
        assert schedule.has([wish], now + start, now + end) is fits


def test_equipment_may_have_a_turnaround_of_its_own(session: Session, club: Club, now: datetime) -> None:
    """The tent has to dry, the stove has not."""
    club.tent.policy = {"turnaround_hours": 24}
    session.flush()
    rental = factories.requested(session, club.kari, now, days(now, 3, 5), (club.tent, 1), (club.stove, 1))
    until = {
        session.get_one(Claim, claim).blocked_until
        for claim in [c.id for c in session.query(Claim).filter_by(rental_id=rental.id)]
    }
    assert until == {now + 5 * DAY, now + 6 * DAY}


def test_what_is_out_too_long_is_never_offered(session: Session, club: Club, now: datetime) -> None:
    """An overdue stove is busy without an end, whatever its due date said; back, it is free at once."""
    rental = factories.handed_out(session, club, now, days(now, 0, 2), (club.stove, 1))
    just_before = now + 2 * DAY - MINUTE
    assert free_codes(session, club, club.stove, just_before, 1, 2) == "S1"
    at = now + 2 * DAY
    schedule = schedules.load(Tx(session, at), club.organization.id, [club.stove.id])
    assert schedule.free(club.stove.id, at + 300 * DAY, at + 301 * DAY) == []
    assert schedule.next_free_moment(club.stove.id, at) is None
    checkin.give_back(Tx(session, at, club.kari), rental.id)
    assert free_codes(session, club, club.stove, at, 1, 2) == "", "nobody has seen it yet"
    checkin.confirm_return(Tx(session, at, club.lars), rental.id)
    assert free_codes(session, club, club.stove, at, 0, 2) == "S1"


def test_what_comes_back_early_is_free_early(session: Session, club: Club, now: datetime) -> None:
    """The rest of the period is everybody's again."""
    rental = factories.handed_out(session, club, now, days(now, 0, 9), (club.stove, 1))
    checkin.take_back(Tx(session, now + 2 * DAY, club.lars), rental.id)
    assert free_codes(session, club, club.stove, now, 2, 9) == "S1"


@pytest.mark.parametrize("condition", [Condition.IN_REPAIR, Condition.LOST, Condition.RETIRED])
def test_what_cannot_be_lent_is_not_there(
    session: Session, club: Club, now: datetime, condition: Condition
) -> None:
    """In repair, lost or retired: neither free nor counted. Damaged things go on being lent."""
    set_condition(session, "T1", condition)
    set_condition(session, "T2", Condition.DAMAGED)
    assert free_codes(session, club, club.tent, now, 0, 1) == "T2 T3"
    assert schedules.load(Tx(session, now), club.organization.id, [club.tent.id]).pieces(club.tent.id) == 2


def test_retired_equipment_has_nothing(session: Session, club: Club, now: datetime) -> None:
    """Retired as a whole, its items are not offered any more."""
    club.tent.retired_at = now
    session.flush()
    assert free_codes(session, club, club.tent, now, 0, 1) == ""


def test_blocks_take_items_too(session: Session, club: Club, now: datetime) -> None:
    """Repair and own use are claims like any other."""
    block(session, club, "S1", now, 1, 4)
    assert free_codes(session, club, club.stove, now, 0, 1) == "S1"
    assert free_codes(session, club, club.stove, now, 3, 5) == ""


def test_the_smallest_gap_is_filled_first(session: Session, club: Club, now: datetime) -> None:
    """The item that is wanted again soonest goes first: long stretches stay whole for long rentals."""
    block(session, club, "T2", now, 3, 5)
    block(session, club, "T3", now, 9, 10)
    assert free_codes(session, club, club.tent, now, 0, 2) == "T2 T3 T1"


def test_a_rental_does_not_stand_in_its_own_way(session: Session, club: Club, now: datetime) -> None:
    """To move a rental, its own claims are left out."""
    rental = factories.requested(session, club.kari, now, days(now, 1, 3), (club.stove, 1))
    org = club.organization.id
    schedule = schedules.load(Tx(session, now), org, [club.stove.id], without_rentals=[rental.id])
    assert len(schedule.free(club.stove.id, now + 2 * DAY, now + 4 * DAY)) == 1


def test_when_the_next_one_comes_free(session: Session, club: Club, now: datetime) -> None:
    """The first moment at which an item has nobody, not merely the first end of a claim."""
    block(session, club, "S1", now, 0, 2)
    block(session, club, "S1", now, 2, 3)
    schedule = schedules.load(Tx(session, now), club.organization.id, [club.stove.id])
    assert schedule.free_at(club.stove.id, now) == 0
    assert schedule.next_free_moment(club.stove.id, now) == now + 3 * DAY
    (slots,) = schedule.slots[club.stove.id]
    assert slots.free_until(now + DAY) == now + DAY
    assert slots.free_until(now + 3 * DAY) == FOREVER


def test_next_free_serves_all_wishes_at_once(session: Session, club: Club, now: datetime) -> None:
    """Stove free on one day and tents on another is no period for both."""
    block(session, club, "S1", now, 0, 3)
    for code in ("T1", "T2"):
        block(session, club, code, now, 4, 6)
    ids = [club.tent.id, club.stove.id]
    schedule = schedules.load(Tx(session, now), club.organization.id, ids)
    wishes = [Demand(club.tent.id, 2), Demand(club.stove.id, 1)]
    zone = factories.OSLO
    found = next_available.next_free(schedule, wishes, now, now + 2 * DAY, zone, days=30)
    assert found == (now + 6 * DAY, now + 8 * DAY)
    assert next_available.next_free(schedule, wishes, now, now + 2 * DAY, zone, days=5) is None


@pytest.mark.parametrize(
    "start, shifted",
    [
        (datetime(2026, 10, 23, 6, 0, tzinfo=UTC), datetime(2026, 10, 26, 7, 0, tzinfo=UTC)),
        (datetime(2027, 3, 26, 7, 0, tzinfo=UTC), datetime(2027, 3, 29, 6, 0, tzinfo=UTC)),
    ],
    ids=["back", "forward"],
)
def test_another_period_keeps_its_hours_when_the_clocks_change(start: datetime, shifted: datetime) -> None:
    """Asked from eight to twenty, offered from eight to twenty: by local clocks, in October and in March."""
    slots = Slots(1, "S1", [Busy(start, start + 2.9 * DAY, 1)])
    found = next_available.next_free(
        Schedule(start, {1: [slots]}), [Demand(1, 1)], start, start + 12 * HOUR, factories.OSLO, days=10
    )
    assert found == (shifted, shifted + 12 * HOUR)


MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=6)


@given(spans, st.integers(0, 60), st.integers(1, 20))
def test_free_means_that_no_hour_is_taken(taken: Sequence[tuple[int, int]], first: int, length: int) -> None:
    """Against the plainest model there is: a set of taken hours."""
    ordered = sorted(taken)
    slots = Slots(
        1, "X", [Busy(MOMENT + a * HOUR, MOMENT + (a + n) * HOUR, i) for i, (a, n) in enumerate(ordered)]
    )
    hours = {hour for a, n in ordered for hour in range(a, a + n)}
    wanted = set(range(first, first + length))
    start = MOMENT + first * HOUR
    assert slots.is_free(start, start + timedelta(hours=length)) is (not hours & wanted)
    following = min((h for h in hours if h >= first), default=None)
    until = slots.free_until(start)
    assert until == (FOREVER if following is None else MOMENT + following * HOUR)
