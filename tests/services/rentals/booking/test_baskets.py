"""The basket, its period, and the request that it becomes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Rental, RentalLine
from db.states import ClaimStatus, Condition, RentalStatus
from services.availability import reservations
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import (
    DAY,
    HOUR,
    claims,
    codes,
    end_membership,
    item,
    refuses,
    said,
    set_condition,
    set_policy,
    statuses,
)


def draft_of(session: Session, member: Actor) -> Rental | None:
    """Return the member's basket for themselves; None where there is none."""
    own = {"user_id": member.user_id, "entered_by": None, "status": RentalStatus.DRAFT}
    return session.scalar(select(Rental).filter_by(**own))


def lines(session: Session, rental: Rental) -> dict[int, int]:
    return {line.equipment_id: line.quantity for line in reservations.lines_of(session, rental.id)}


def test_each_member_has_one_basket(session: Session, club: Club, now: datetime) -> None:
    """Opened again it is the same; another member has another."""
    first = request.open_draft(Tx(session, now, club.kari))
    assert request.open_draft(Tx(session, now + HOUR, club.kari)) is first
    assert draft_of(session, club.kari) is first
    assert request.open_draft(Tx(session, now, club.ola)).id != first.id


def test_putting_things_in_and_taking_them_out(session: Session, club: Club, now: datetime) -> None:
    """The number given is the number there is; none takes the line away; empty takes all."""
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 2)
    baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 1)
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 3)
    assert lines(session, basket) == {club.tent.id: 3, club.stove.id: 1}
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 0)
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 0)
    assert lines(session, basket) == {club.stove.id: 1}
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    baskets.set_purpose(session, basket, "  Easter  ")
    assert basket.purpose == "Easter"
    baskets.empty(session, basket)
    assert (lines(session, basket), basket.starts_at, basket.due_at, basket.purpose) == ({}, None, None, "")


@pytest.mark.parametrize("quantity", [-1, 4, 1000, 2**63])
def test_more_than_there_are_cannot_be_put(
    session: Session, club: Club, now: datetime, quantity: int
) -> None:
    """Fewer than none and more than all are refused, with the number there is."""
    basket = request.open_draft(Tx(session, now, club.kari))
    with refuses(session, Refused.BAD_QUANTITY, most=3, name="Tent"):
        baskets.put(Tx(session, now, club.kari), basket, club.tent.id, quantity)
    assert lines(session, basket) == {}


def test_one_particular_item(session: Session, club: Club, now: datetime) -> None:
    """By its code exactly that one is claimed; it is one piece, and has to be lendable."""
    basket = request.open_draft(Tx(session, now, club.kari))
    t2 = item(session, "T2").id
    with refuses(session, Refused.BAD_QUANTITY, most=1):
        baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 2, item_id=t2)
    with refuses(session, Refused.NOT_FOUND):
        baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 1, item_id=t2)
    with refuses(session, Refused.NOT_FOUND):
        baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1, item_id=10**9)
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1, item_id=t2)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    rental = request.request(Tx(session, now, club.kari), basket.id)
    assert codes(session, rental) == ["T2"]
    again = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), again, club.tent.id, 1, item_id=t2)
    with refuses(session, Refused.NOT_FREE, item_id=t2, free=0):
        request.set_period(Tx(session, now), again, days(now, 1, 2))
    set_condition(session, "T2", Condition.IN_REPAIR)
    with refuses(session, Refused.ITEM_NOT_LENDABLE, code="T2", condition=Condition.IN_REPAIR):
        baskets.put(Tx(session, now, club.kari), again, club.tent.id, 1, item_id=t2)


def test_retired_equipment_cannot_be_put(session: Session, club: Club, now: datetime) -> None:
    """Equipment that is not lent any more is not found."""
    club.tent.retired_at = now
    basket = request.open_draft(Tx(session, now, club.kari))
    with refuses(session, Refused.NOT_FOUND):
        baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)


def test_retired_equipment_can_be_taken_out(session: Session, club: Club, now: datetime) -> None:
    """Equipment given up while it lay in somebody's basket does not stay there for good."""
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    club.tent.retired_at = now
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 0)
    assert lines(session, basket) == {}


def test_a_purpose_has_an_end(session: Session, club: Club, now: datetime) -> None:
    """Five hundred characters are enough; markup and right-to-left text are kept as they are."""
    basket = request.open_draft(Tx(session, now, club.kari))
    with refuses(session, Refused.TOO_MUCH_TEXT, most=500):
        baskets.set_purpose(session, basket, "x" * 501)
    odd = "<b>&amp; رحلة 🏕️ " + "x" * 400
    baskets.set_purpose(session, basket, odd)
    assert basket.purpose == odd


@pytest.mark.parametrize(
    "first, last, code, data",
    [
        (-3, -1, Refused.IN_THE_PAST, {}),
        (-1, 0, Refused.IN_THE_PAST, {}),
        (1, 32, Refused.TOO_LONG, {"days": 30}),
        (366, 367, Refused.TOO_FAR_AHEAD, {"days": 365}),
    ],
)
def test_periods_that_cannot_be(
    session: Session, club: Club, now: datetime, first: int, last: int, code: Refused, data: dict[str, int]
) -> None:
    """In the past, too long, too far ahead: refused with the limit, and the basket keeps its old period."""
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    with refuses(session, code, **data):
        request.set_period(Tx(session, now), basket, days(now, first, last))
    assert (basket.starts_at, basket.due_at) == (now + DAY, now + 2 * DAY)


def test_limits_themselves_are_allowed(session: Session, club: Club, now: datetime) -> None:
    """Thirty days are thirty days, and the last day ahead counts."""
    basket = request.open_draft(Tx(session, now, club.kari))
    request.set_period(Tx(session, now), basket, days(now, 365, 395))
    with refuses(session, Refused.TOO_LONG):
        request.set_period(Tx(session, now), basket, Period(now, now + 30 * DAY + HOUR))


def test_a_day_is_a_day_also_with_twenty_five_hours(session: Session, club: Club) -> None:
    """The night the clocks go back a whole day is an hour longer, and still one day of a limit of one."""
    set_policy(session, club.organization, longest_days=1)
    early = datetime(2026, 10, 1, tzinfo=UTC)
    basket = request.open_draft(Tx(session, early, club.kari))
    whole_day = Period(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))
    request.set_period(Tx(session, early), basket, whole_day)
    with refuses(session, Refused.TOO_LONG, days=1):
        request.set_period(Tx(session, early), basket, Period(whole_day.starts_at, whole_day.due_at + HOUR))


def test_equipment_may_be_lent_for_shorter(session: Session, club: Club, now: datetime) -> None:
    """The narrowest rule in the basket holds."""
    club.stove.policy = {"longest_days": 2}
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 1, 9))
    baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 1)
    with refuses(session, Refused.TOO_LONG, days=2):
        request.request(Tx(session, now, club.kari), basket.id)


def test_today_begins_now(session: Session, club: Club, now: datetime) -> None:
    """Asked for at half past nine, a rental of today begins at half past nine."""
    basket = request.open_draft(Tx(session, now, club.kari))
    at = now + timedelta(minutes=30, seconds=12)
    request.set_period(Tx(session, at), basket, Period(now - HOUR, now + 11 * HOUR))
    assert basket.starts_at == now + timedelta(minutes=30)


def test_not_free_says_why_and_what_else(session: Session, club: Club, now: datetime) -> None:
    """The equipment, how many are free, and the nearest period in which all of it is."""
    factories.requested(session, club.ola, now, days(now, 1, 3), (club.tent, 2))
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 2)
    with refuses(
        session,
        Refused.NOT_FREE,
        equipment_id=club.tent.id,
        name="Tent",
        wanted=2,
        free=1,
        next_free=(now + 3 * DAY, now + 5 * DAY),
    ):
        request.set_period(Tx(session, now), basket, days(now, 2, 4))


def test_a_request_holds_what_it_asks_for(session: Session, club: Club, now: datetime) -> None:
    """One claim per piece, the desk is told, and the clock for an answer runs."""
    rental = factories.requested(session, club.kari, now, days(now, 10, 12), (club.tent, 2), (club.stove, 1))
    assert rental.status is RentalStatus.REQUESTED
    assert statuses(session, rental) == [ClaimStatus.HELD] * 3
    assert {(c.starts_at, c.blocked_until) for c in claims(session, rental)} == {
        (now + 10 * DAY, now + 12 * DAY)
    }
    assert (rental.requested_at, rental.expires_at) == (now, now + timedelta(hours=72))
    assert [row.chat_id for row in said(session, "desk")] == [club.anna.account_id]
    (entry,) = session.scalars(select(AuditEntry).filter_by(action="request"))
    assert (entry.user_id, entry.subject_id, entry.at) == (club.kari.user_id, rental.id, now)


def test_the_answer_is_due_before_the_end(session: Session, club: Club, now: datetime) -> None:
    """A request for this afternoon does not wait for three days."""
    rental = factories.requested(session, club.kari, now, Period(now, now + 5 * HOUR), (club.tent, 1))
    assert rental.expires_at == now + 5 * HOUR


def test_without_approval_it_is_approved_at_once(session: Session, club: Club, now: datetime) -> None:
    """Nobody is asked, nobody decided, and it waits a day to be fetched."""
    set_policy(session, club.organization, approval=False, request_holds=False)
    rental = factories.requested(session, club.kari, now, days(now, 2, 9), (club.tent, 1))
    assert (rental.status, rental.decided_by, rental.decided_at) == (RentalStatus.APPROVED, None, now)
    assert statuses(session, rental) == [ClaimStatus.HELD]
    assert rental.expires_at == now + 2 * DAY + timedelta(hours=24)
    assert said(session, "desk") == []


def test_one_thing_that_asks_for_approval_is_enough(session: Session, club: Club, now: datetime) -> None:
    """The organisation asks nobody, the stove does: the whole rental waits."""
    set_policy(session, club.organization, approval=False)
    club.stove.policy = {"approval": True}
    rental = factories.requested(session, club.kari, now, days(now, 2, 9), (club.tent, 1), (club.stove, 1))
    assert rental.status is RentalStatus.REQUESTED


def test_what_a_request_needs(session: Session, club: Club, now: datetime) -> None:
    """Something in the basket, and a period."""
    basket = request.open_draft(Tx(session, now, club.kari))
    with refuses(session, Refused.EMPTY_BASKET):
        request.request(Tx(session, now, club.kari), basket.id)
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    with refuses(session, Refused.NO_PERIOD):
        request.request(Tx(session, now, club.kari), basket.id)
    assert basket.status is RentalStatus.DRAFT


def test_asking_twice_asks_once(session: Session, club: Club, now: datetime) -> None:
    """The second tap on Confirm reads how things stand, and so does the basket's every other button."""
    rental = factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 1))
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.REQUESTED):
        request.request(Tx(session, now, club.kari), rental.id)
    with refuses(session, Refused.ALREADY):
        baskets.put(Tx(session, now, club.kari), rental, club.tent.id, 2)
    with refuses(session, Refused.ALREADY):
        request.set_period(Tx(session, now), rental, days(now, 3, 4))
    with refuses(session, Refused.ALREADY):
        baskets.set_purpose(session, rental, "x")
    with refuses(session, Refused.ALREADY):
        request.discard(Tx(session, now, club.kari), rental.id)
    assert statuses(session, rental) == [ClaimStatus.HELD]


def test_the_same_message_begins_a_rental_once(session: Session, club: Club, now: datetime) -> None:
    """Delivered again after its basket was sent, it opens no new one."""
    key = "1001:55"
    basket = request.open_draft(Tx(session, now, club.kari), request_key=key)
    assert request.open_draft(Tx(session, now, club.kari), request_key=key) is basket
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    request.request(Tx(session, now, club.kari), basket.id)
    with refuses(session, Refused.ALREADY, rental_id=basket.id):
        request.open_draft(Tx(session, now, club.kari), request_key=key)
    assert draft_of(session, club.kari) is None


def test_a_basket_that_waited_too_long_is_looked_at_again(
    session: Session, club: Club, now: datetime
) -> None:
    """Taken meanwhile, or in the past by now: the request is refused, however free it was."""
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 1, 3))
    with refuses(session, Refused.IN_THE_PAST):
        request.request(Tx(session, now + 3 * DAY, club.kari), basket.id)
    factories.requested(session, club.ola, now, days(now, 2, 4), (club.stove, 1))
    with refuses(session, Refused.NOT_FREE, free=0, next_free=(now + 4 * DAY, now + 6 * DAY)):
        request.request(Tx(session, now, club.kari), basket.id)
    assert (basket.status, statuses(session, basket)) == (RentalStatus.DRAFT, [])


def test_a_request_sent_late_begins_when_it_is_sent(session: Session, club: Club, now: datetime) -> None:
    """An item that somebody else had until this morning does not stand in the request's way."""
    factories.requested(session, club.ola, now, Period(now, now + 2 * HOUR), (club.stove, 1))
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 1)
    basket.starts_at, basket.due_at = now + HOUR, now + 9 * HOUR
    rental = request.request(Tx(session, now + 3 * HOUR, club.kari), basket.id)
    assert [c.starts_at for c in claims(session, rental)] == [now + 3 * HOUR]


def test_a_discarded_basket_is_gone(session: Session, club: Club, now: datetime) -> None:
    """The next one is new and empty; the old one's buttons lead nowhere."""
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    request.discard(Tx(session, now, club.kari), basket.id)
    assert basket.status is RentalStatus.CANCELLED
    assert draft_of(session, club.kari) is None
    with refuses(session, Refused.ALREADY):
        request.request(Tx(session, now, club.kari), basket.id)
    assert request.open_draft(Tx(session, now, club.kari)).id != basket.id


def test_the_limit_of_things_at_once(session: Session, club: Club, now: datetime) -> None:
    """Asked for, held and out count together; what came back does not count any more."""
    set_policy(session, club.organization, most_items=3)
    out = factories.handed_out(session, club, now, days(now, 0, 5), (club.tent, 2))
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 1)
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 20, 22))
    with refuses(session, Refused.TOO_MANY, limit=3, already=2):
        request.request(Tx(session, now, club.kari), basket.id)
    only_two = [claims(session, out)[0].id]
    checkin.take_back(Tx(session, now, club.lars), out.id, only=only_two)
    request.request(Tx(session, now, club.kari), basket.id)
    with refuses(session, Refused.TOO_MANY, limit=3, already=3):
        factories.requested(session, club.kari, now, days(now, 50, 51), (club.tent, 1))
    assert factories.requested(session, club.ola, now, days(now, 50, 51), (club.tent, 3))


def test_wishes_count_for_the_limit_too(session: Session, club: Club, now: datetime) -> None:
    """A member cannot ask for everything, even if requests hold nothing."""
    set_policy(session, club.organization, most_items=3, request_holds=False)
    factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 2))
    with refuses(session, Refused.TOO_MANY, already=2):
        factories.requested(session, club.kari, now, days(now, 5, 6), (club.tent, 2))


def test_a_former_member_rents_nothing(session: Session, club: Club, now: datetime) -> None:
    """Neither a new basket nor the old one leads to a rental."""
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    gone = end_membership(session, club.kari, now)
    with refuses(session, Refused.MEMBERSHIP_ENDED):
        request.open_draft(Tx(session, now, gone))
    with refuses(session, Refused.MEMBERSHIP_ENDED):
        request.request(Tx(session, now, gone), basket.id)
    assert session.scalars(select(RentalLine.id)).all() != []


def test_a_basket_that_became_somebody_elses_keeps_its_message(
    session: Session, club: Club, now: datetime
) -> None:
    """The same button tapped again by its lender opens a basket of their own."""
    tx = Tx(session, now, club.lars)
    began = request.open_draft(tx, request_key="1:2")
    began.user_id, began.entered_by = club.kari.user_id, club.lars.user_id
    session.flush()
    own = request.open_draft(tx, request_key="1:2")
    assert (own.user_id, own.request_key, began.request_key) == (club.lars.user_id, None, "1:2")
