"""A return that nobody confirms: who hears of it, who may say so instead, and when it counts as back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from db.models import Rental
from db.states import ClaimStatus, RentalStatus
from services import periodic
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin, checkout, worklist
from services.messaging import kinds
from services.rentals import approval, extension, records, reminders
from tests import factories
from tests.factories import OSLO, Club
from tests.services.permissions.assertions import HOUR, MINUTE, claims, refuses, said, set_policy, statuses


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in December 2026 by clocks in Oslo; Wednesday is the 2nd."""
    return datetime(2026, 12, day, hour, minute, tzinfo=OSLO).astimezone(UTC)


@pytest.fixture
def kari_has_it(session: Session, club: Club, now: datetime) -> Rental:
    """The stove is with Kari until Wednesday at 20:00."""
    return factories.handed_out(session, club, now, Period(now, at(2, 20)), (club.stove, 1))


@pytest.fixture
def ola_is_next(session: Session, club: Club, now: datetime, kari_has_it: Rental) -> Rental:
    """Ola has it from Thursday at 08:00 until Saturday."""
    period = Period(at(3, 8), at(5, 20))
    rental = factories.requested(session, club.ola, now, period, (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    return rental


def sweep(session: Session, *moments: datetime) -> None:
    for moment in moments:
        periodic.run(Tx(session, moment))


def told(session: Session, who: Actor) -> list[str]:
    """The names of the reminders to one person."""
    return [row.params["moment"] for row in said(session, kinds.REMINDER) if row.chat_id == who.account_id]


def test_who_has_it_next_is_told_and_her_word_confirms_it(
    session: Session, club: Club, kari_has_it: Rental, ola_is_next: Rental
) -> None:
    """Kari says on Wednesday that it is back, no lender does anything: on Thursday Ola hears so, and may say
    that she has it, which is Kari's return.
    """
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    sweep(session, at(3, 7, 59))
    assert told(session, club.ola) == []
    sweep(session, at(3, 8), at(3, 8, 1))
    assert told(session, club.ola) == [reminders.SAID_BACK]
    checkout.hand_out(Tx(session, at(3, 9), club.ola), ola_is_next.id)
    assert (kari_has_it.status, statuses(session, kari_has_it)) == (
        RentalStatus.RETURNED,
        [ClaimStatus.RETURNED],
    )
    assert (ola_is_next.status, statuses(session, ola_is_next)) == (RentalStatus.OUT, [ClaimStatus.OUT])
    assert claims(session, kari_has_it)[0].returned_to == club.ola.user_id


def test_the_lenders_are_reminded_at_once_where_somebody_has_it_next(
    session: Session, club: Club, kari_has_it: Rental, ola_is_next: Rental
) -> None:
    """An hour after the return, once; not at all where it is confirmed before."""
    checkin.give_back(Tx(session, at(2, 18), club.kari), kari_has_it.id)
    sweep(session, at(2, 18, 30))
    assert said(session, kinds.UNCONFIRMED) == []
    sweep(session, at(2, 19), at(2, 19, 1), at(3, 8))
    assert [(row.chat_id, row.params["rental_id"]) for row in said(session, kinds.UNCONFIRMED)] == [
        (club.anna.account_id, kari_has_it.id)
    ]


def test_where_somebody_waits_for_it_already_nobody_waits_an_hour(
    session: Session, club: Club, kari_has_it: Rental, ola_is_next: Rental
) -> None:
    """It comes late, on Thursday at ten, and Ola's time has begun: all hear with the next sweep."""
    checkin.give_back(Tx(session, at(3, 10), club.kari), kari_has_it.id)
    sweep(session, at(3, 10, 1))
    assert len(said(session, kinds.UNCONFIRMED)) == 1
    assert told(session, club.ola) == [reminders.SAID_BACK]


def test_where_nobody_has_it_next_the_digest_reminds(
    session: Session, club: Club, kari_has_it: Rental
) -> None:
    """Every morning until it is confirmed."""
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    sweep(session, at(2, 21), at(3, 9))
    assert said(session, kinds.UNCONFIRMED) == []
    first = {row.dedup_key for row in said(session, kinds.DIGEST)}
    sweep(session, at(4, 9))
    second = {row.dedup_key for row in said(session, kinds.DIGEST)}
    assert (len(first), first & second) == (1, set())
    checkin.confirm_return(Tx(session, at(4, 10), club.lars), kari_has_it.id)
    sweep(session, at(5, 9))
    assert {row.dedup_key for row in said(session, kinds.DIGEST)} <= second


@pytest.mark.parametrize("hours", [None, 3])
def test_what_nobody_contradicts_counts_as_back(
    session: Session, club: Club, kari_has_it: Rental, hours: int | None
) -> None:
    """After two days, or as long as the rules say; nobody is named who took it back."""
    if hours is not None:
        set_policy(session, club.organization, confirm_hours=hours)
    claimed = at(2, 19)
    checkin.give_back(Tx(session, claimed, club.kari), kari_has_it.id)
    end = claimed + (hours or 48) * HOUR
    sweep(session, end - MINUTE)
    assert statuses(session, kari_has_it) == [ClaimStatus.OUT]
    sweep(session, end, end)
    (claim,) = claims(session, kari_has_it)
    assert (kari_has_it.status, claim.status) == (RentalStatus.RETURNED, ClaimStatus.RETURNED)
    assert (claim.returned_at, claim.returned_to) == (end, None)


def test_what_a_lender_contradicts_does_not_count_as_back(
    session: Session, club: Club, kari_has_it: Rental, ola_is_next: Rental
) -> None:
    """It is out and late again; Kari is told, and who waits for it. The second lender is too late."""
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    checkin.contradict_return(Tx(session, at(3, 8), club.lars), kari_has_it.id)
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.OUT):
        checkin.contradict_return(Tx(session, at(3, 8), club.anna), kari_has_it.id)
    assert [row.chat_id for row in said(session, checkin.CONTRADICTED)] == [club.kari.account_id]
    sweep(session, at(5, 19))
    assert kari_has_it.status is RentalStatus.OUT
    assert told(session, club.ola) == []
    assert {row.params["rental_id"] for row in said(session, kinds.LATE)} == {ola_is_next.id}


def test_ready_is_told_once_more_when_a_lender_confirms(
    session: Session, club: Club, kari_has_it: Rental, ola_is_next: Rental
) -> None:
    """Ola left it at what she was told; now it is sure."""
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    sweep(session, at(3, 8))
    checkin.confirm_return(Tx(session, at(3, 10), club.lars), kari_has_it.id)
    sweep(session, at(3, 10, 1), at(3, 11))
    assert told(session, club.ola) == [reminders.SAID_BACK, reminders.PICK_UP]


def test_the_time_to_fetch_it_begins_when_it_is_back(
    session: Session, club: Club, now: datetime, kari_has_it: Rental, ola_is_next: Rental
) -> None:
    """Until then Ola's rental does not end as not picked up; where it never was there in time, it says so."""
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    sweep(session, at(4, 8), at(4, 18, 59))
    assert ola_is_next.status is RentalStatus.APPROVED
    sweep(session, at(4, 19))
    assert (kari_has_it.status, ola_is_next.status) == (RentalStatus.RETURNED, RentalStatus.APPROVED)
    assert ola_is_next.expires_at is not None and ola_is_next.expires_at >= at(5, 8)


def test_it_says_so_where_the_item_was_never_there(
    session: Session, club: Club, kari_has_it: Rental, ola_is_next: Rental
) -> None:
    """An item that is late for all of somebody's time is no neglect of theirs."""
    sweep(session, at(5, 20))
    assert (ola_is_next.status, ola_is_next.reason) == (RentalStatus.EXPIRED, approval.NEVER_THERE)


@pytest.mark.parametrize("days", [1, 3, 10])
def test_whatever_the_clock_jumps_over_is_nobodys_neglect(
    session: Session, club: Club, kari_has_it: Rental, ola_is_next: Rental, days: int
) -> None:
    """Kari says in time that it is back, and the program is away for days: Ola's rental ends neither as not
    picked up nor as if Kari had been late; while its time runs, she can still fetch it.
    """
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    after = at(2 + days, 19)
    sweep(session, after, after + MINUTE)
    assert kari_has_it.status is (RentalStatus.RETURNED if days > 1 else RentalStatus.OUT)
    if days < 10:
        assert ola_is_next.status is RentalStatus.APPROVED
        assert ola_is_next.expires_at is not None and ola_is_next.expires_at > after
    else:
        assert (ola_is_next.status, ola_is_next.reason) == (RentalStatus.EXPIRED, approval.NEVER_CONFIRMED)


def test_it_can_be_booked_again(session: Session, club: Club, kari_has_it: Rental) -> None:
    """From when it counts as back on, though nobody has confirmed it yet."""
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    with refuses(session, Refused.NOT_FREE):
        factories.requested(session, club.ola, at(3, 10), Period(at(4, 10), at(5, 20)), (club.stove, 1))
    factories.requested(session, club.ola, at(3, 10), Period(at(5, 8), at(6, 20)), (club.stove, 1))


def test_what_is_really_out_refuses_a_member_in_words_for_members(
    session: Session, club: Club, kari_has_it: Rental, ola_is_next: Rental
) -> None:
    """Take it back first is for lenders."""
    with refuses(session, Refused.ITEM_IS_OUT, for_lender=False):
        checkout.hand_out(Tx(session, at(3, 9), club.ola), ola_is_next.id)
    with refuses(session, Refused.ITEM_IS_OUT, for_lender=True):
        checkout.hand_out(Tx(session, at(3, 9), club.lars), ola_is_next.id)


def test_it_weighs_on_nobody_who_brought_it_back(
    session: Session, club: Club, now: datetime, kari_has_it: Rental
) -> None:
    """Not as out or late on the card that an approver reads, nor at the desk; who has as much as they may
    reads why it still counts.
    """
    set_policy(session, club.organization, most_items=1)
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    later = at(3, 10)
    assert records.of(Tx(session, later), club.kari.user_id).out_now == 0
    with refuses(session, Refused.TOO_MANY, already=1, said_back=1):
        factories.requested(session, club.kari, later, Period(later, at(4, 20)), (club.tent, 1))
    tasks = [entry.task for entry in worklist.day(Tx(session, later, club.lars), at(4, 0))]
    assert tasks == [worklist.Task.CONFIRM]


def test_twice_is_once(session: Session, club: Club, kari_has_it: Rental, ola_is_next: Rental) -> None:
    """Ola taps twice; a lender confirms what she has said before."""
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    checkout.hand_out(Tx(session, at(3, 9), club.ola), ola_is_next.id)
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.OUT):
        checkout.hand_out(Tx(session, at(3, 9), club.ola), ola_is_next.id)
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.RETURNED):
        checkin.confirm_return(Tx(session, at(3, 9), club.lars), kari_has_it.id)


def test_who_returned_it_twice_reads_what_it_waits_for(
    session: Session, club: Club, kari_has_it: Rental
) -> None:
    """It is not handed out, it waits for a lender; and nothing is left to keep longer."""
    checkin.give_back(Tx(session, at(2, 19), club.kari), kari_has_it.id)
    with refuses(session, Refused.ALREADY, said_back=True):
        checkin.give_back(Tx(session, at(2, 20), club.kari), kari_has_it.id)
    with refuses(session, Refused.ALREADY, said_back=True):
        extension.ask(Tx(session, at(2, 20), club.kari), kari_has_it.id, at(4, 20))
