"""A request's answer: yes, no, called off, or none in time."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Claim
from db.states import ClaimStatus, Condition, Lane, RentalStatus, Role
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.messaging import notifications, outbox
from services.rentals import approval
from services.rentals.booking import request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import (
    DAY,
    HOUR,
    MINUTE,
    claims,
    codes,
    end_membership,
    refuses,
    said,
    set_condition,
    set_policy,
    statuses,
)


def test_an_approval_tells_everybody(session: Session, club: Club, now: datetime) -> None:
    """An approval keeps its author and its time; the member hears of it, the desk's card changes."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    at = now + HOUR
    approval.approve(Tx(session, at, club.anna), rental.id)
    assert (rental.status, rental.decided_by, rental.decided_at) == (
        RentalStatus.APPROVED,
        club.anna.user_id,
        at,
    )
    assert statuses(session, rental) == [ClaimStatus.HELD]
    assert rental.expires_at == now + 2 * DAY + timedelta(hours=24)
    (card,) = said(session, notifications.RENTAL_CARD)
    assert (card.chat_id, card.renew) == (club.kari.account_id, True)
    (entry,) = session.scalars(select(AuditEntry).filter_by(action="approve"))
    assert (entry.user_id, entry.subject_id) == (club.anna.user_id, rental.id)


def test_a_refusal_says_why(session: Session, club: Club, now: datetime) -> None:
    """The reason is kept, the things are free again, the member hears of it."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 3))
    with refuses(session, Refused.TOO_MUCH_TEXT, most=300):
        approval.decline(Tx(session, now, club.anna), rental.id, reason="x" * 301)
    approval.decline(Tx(session, now, club.anna), rental.id, reason=" Under <b>repair</b> ")
    assert (rental.status, rental.reason) == (RentalStatus.DECLINED, "Under <b>repair</b>")
    assert statuses(session, rental) == [ClaimStatus.RELEASED] * 3
    assert factories.requested(session, club.ola, now, days(now, 2, 4), (club.tent, 3))
    assert said(session, notifications.RENTAL_CARD) != []


def test_the_second_admin_reads_who_was_first(session: Session, club: Club, now: datetime) -> None:
    """The loser of two taps is told how things stand, before and instead of any lack of permission."""
    boss = factories.member(session, club.organization, now, "Berit Boss", Role.LEADER)
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    for second in (boss, club.anna, club.lars, club.ola):
        for answer in (approval.approve, approval.decline):
            with refuses(session, Refused.ALREADY, rental_status=RentalStatus.APPROVED, by="Anna Admin"):
                answer(Tx(session, now, second), rental.id)
    assert rental.decided_by == club.anna.user_id


@pytest.mark.parametrize("answer", [approval.approve, approval.decline, approval.cancel])
def test_who_may_not_answer(session: Session, club: Club, now: datetime, answer: object) -> None:
    """A member and a lender may not decide about others, nor a former admin; nothing changes."""
    assert callable(answer)
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
        answer(Tx(session, now, club.lars), rental.id)
    stranger = Refused.NOT_FOUND if answer is approval.cancel else Refused.NOT_ALLOWED
    with refuses(session, stranger):
        answer(Tx(session, now, club.ola), rental.id)
    former = end_membership(session, club.anna, now)
    with refuses(session, Refused.NOT_FOUND if answer is approval.cancel else Refused.MEMBERSHIP_ENDED):
        answer(Tx(session, now, former), rental.id)
    assert (rental.status, statuses(session, rental)) == (RentalStatus.REQUESTED, [ClaimStatus.HELD])


def test_the_policy_says_who_approves(session: Session, club: Club, now: datetime) -> None:
    """A club may let its lenders decide, or only its leader."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    set_policy(session, club.organization, approver="leader")
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LEADER):
        approval.approve(Tx(session, now, club.anna), rental.id)
    set_policy(session, club.organization, approver="lender")
    approval.approve(Tx(session, now, club.lars), rental.id)
    assert rental.decided_by == club.lars.user_id


def test_a_basket_is_nobodys_business(session: Session, club: Club, now: datetime) -> None:
    """A basket that was not sent cannot be decided about."""
    basket = request.open_draft(Tx(session, now, club.kari))
    with refuses(session, Refused.NOT_FOUND):
        approval.approve(Tx(session, now, club.anna), basket.id)
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.DRAFT):
        approval.cancel(Tx(session, now, club.kari), basket.id)


def test_approval_comes_too_late(session: Session, club: Club, now: datetime) -> None:
    """A rental that would be over already cannot be approved; one that has begun can, and waits from now."""
    rental = factories.requested(session, club.kari, now, Period(now, now + 3 * DAY), (club.tent, 1))
    with refuses(session, Refused.IN_THE_PAST):
        approval.approve(Tx(session, now + 3 * DAY, club.anna), rental.id)
    late = now + DAY + HOUR
    approval.approve(Tx(session, late, club.anna), rental.id)
    assert rental.expires_at == late + timedelta(hours=24)


def test_whoever_asked_has_left(session: Session, club: Club, now: datetime) -> None:
    """A former member's request can be declined and not approved."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    end_membership(session, club.kari, now)
    with refuses(session, Refused.RENTER_LEFT):
        approval.approve(Tx(session, now, club.anna), rental.id)
    approval.decline(Tx(session, now, club.anna), rental.id)


def test_another_item_steps_in_at_approval(session: Session, club: Club, now: datetime) -> None:
    """Broken since it was asked for: a free one of the same equipment is held instead."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 2))
    assert codes(session, rental) == ["T1", "T2"]
    set_condition(session, "T1", Condition.IN_REPAIR)
    approval.approve(Tx(session, now, club.anna), rental.id)
    assert codes(session, rental, ClaimStatus.HELD) == ["T2", "T3"]


def test_an_item_that_is_late_is_not_promised(session: Session, club: Club, now: datetime) -> None:
    """Held, but the one before has not come back: the approval says that none is left."""
    first = factories.handed_out(session, club, now, Period(now, now + DAY), (club.stove, 1))
    rental = factories.requested(session, club.ola, now, days(now, 1, 3), (club.stove, 1))
    late = now + DAY + MINUTE
    with refuses(session, Refused.NOT_FREE, name="Stove", free=0, next_free=None):
        approval.approve(Tx(session, late, club.anna), rental.id)
    assert (rental.status, statuses(session, rental)) == (RentalStatus.REQUESTED, [ClaimStatus.HELD])
    checkin.take_back(Tx(session, late, club.lars), first.id)
    approval.approve(Tx(session, late, club.anna), rental.id)


def test_requests_that_hold_nothing(session: Session, club: Club, now: datetime) -> None:
    """Two may ask for the last stove; whoever is approved first has it, the other is looked at again."""
    set_policy(session, club.organization, request_holds=False)
    one = factories.requested(session, club.kari, now, days(now, 2, 4), (club.stove, 1))
    two = factories.requested(session, club.ola, now, days(now, 2, 4), (club.stove, 1))
    assert statuses(session, one) == statuses(session, two) == [ClaimStatus.WANTED]
    approval.approve(Tx(session, now, club.anna), two.id)
    assert statuses(session, two) == [ClaimStatus.HELD], "the wish itself became the booking"
    with refuses(session, Refused.NOT_FREE, name="Stove", next_free=(now + 4 * DAY, now + 6 * DAY)):
        approval.approve(Tx(session, now, club.anna), one.id)
    assert (one.status, statuses(session, one)) == (RentalStatus.REQUESTED, [ClaimStatus.WANTED])
    approval.cancel(Tx(session, now, club.ola), two.id)
    approval.approve(Tx(session, now, club.anna), one.id)
    assert statuses(session, one) == [ClaimStatus.HELD]


def test_a_wish_for_a_tent_gets_another_tent(session: Session, club: Club, now: datetime) -> None:
    """Both wished for T1; the second to be approved gets T2."""
    set_policy(session, club.organization, request_holds=False)
    one = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    two = factories.requested(session, club.ola, now, days(now, 2, 4), (club.tent, 1))
    assert codes(session, one) == codes(session, two) == ["T1"]
    approval.approve(Tx(session, now, club.anna), one.id)
    approval.approve(Tx(session, now, club.anna), two.id)
    assert codes(session, two, ClaimStatus.HELD) == ["T2"]
    assert codes(session, two, ClaimStatus.RELEASED) == ["T1"]


def test_a_wish_is_approved_after_it_should_have_begun(session: Session, club: Club, now: datetime) -> None:
    """It is held from now: what others had until this morning does not stand in its way."""
    set_policy(session, club.organization, request_holds=False)
    rental = factories.requested(session, club.kari, now, Period(now + HOUR, now + DAY), (club.stove, 1))
    other = factories.requested(session, club.ola, now, Period(now, now + 2 * HOUR), (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), other.id)
    at = now + 3 * HOUR
    approval.approve(Tx(session, at, club.anna), rental.id)
    assert [(c.status, c.starts_at) for c in claims(session, rental)] == [(ClaimStatus.HELD, at)]


def test_calling_it_off(session: Session, club: Club, now: datetime) -> None:
    """Before it is out, by the member or an approver; the things are free, the others hear of it."""
    asked = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    approval.cancel(Tx(session, now, club.kari), asked.id)
    assert asked.status is RentalStatus.CANCELLED
    approved = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 2))
    approval.approve(Tx(session, now, club.anna), approved.id)
    approval.cancel(Tx(session, now, club.anna), approved.id)
    assert statuses(session, approved) == [ClaimStatus.RELEASED] * 2
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.CANCELLED, by="Anna Admin"):
        approval.cancel(Tx(session, now, club.kari), approved.id)
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.CANCELLED, by="Kari Nordmann"):
        approval.approve(Tx(session, now, club.anna), asked.id)


def test_what_is_out_cannot_be_called_off(session: Session, club: Club, now: datetime) -> None:
    """Not even when only a part of it was fetched."""
    rental = factories.requested(session, club.kari, now, days(now, 0, 4), (club.tent, 2))
    approval.approve(Tx(session, now, club.anna), rental.id)
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[claims(session, rental)[0].id])
    for actor in (club.kari, club.anna):
        with refuses(session, Refused.ALREADY, rental_status=RentalStatus.OUT):
            approval.cancel(Tx(session, now, actor), rental.id)


def test_a_former_member_may_call_off_their_own(session: Session, club: Club, now: datetime) -> None:
    """It only gives something back."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    approval.cancel(Tx(session, now, end_membership(session, club.kari, now)), rental.id)
    assert rental.status is RentalStatus.CANCELLED


def test_a_request_without_an_answer_expires(session: Session, club: Club, now: datetime) -> None:
    """Not a moment before its time, and once."""
    rental = factories.requested(session, club.kari, now, days(now, 9, 10), (club.tent, 1))
    over = now + timedelta(hours=72)
    assert approval.expire(Tx(session, over - MINUTE), rental) is False
    assert approval.expire(Tx(session, over), rental) is True
    assert approval.expire(Tx(session, over), rental) is False
    assert (rental.status, rental.ended_at) == (RentalStatus.EXPIRED, over)
    assert statuses(session, rental) == [ClaimStatus.RELEASED]
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.EXPIRED, by=None):
        approval.approve(Tx(session, over, club.anna), rental.id)
    (card,) = said(session, notifications.RENTAL_CARD)
    assert (card.chat_id, card.renew) == (club.kari.account_id, True)


@pytest.mark.parametrize("hours", [3, 48])
def test_how_long_it_waits_to_be_fetched_is_the_policys(
    session: Session, club: Club, now: datetime, hours: int
) -> None:
    """From its begin on, or from the answer where that came later; never beyond its own end."""
    set_policy(session, club.organization, fetch_hours=hours)
    early = factories.requested(session, club.kari, now, days(now, 1, 9), (club.tent, 1))
    late = factories.requested(session, club.ola, now, days(now, 0, 1), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), early.id)
    approval.approve(Tx(session, now + HOUR, club.anna), late.id)
    assert early.expires_at == now + DAY + hours * HOUR
    assert late.expires_at == min(now + HOUR + hours * HOUR, now + DAY)


def test_an_approved_one_that_nobody_fetches_expires(session: Session, club: Club, now: datetime) -> None:
    """A day after it should have begun; once the first piece is out it does not any more."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 9), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    assert approval.expire(Tx(session, now + 3 * DAY - MINUTE), rental) is False
    fetched = factories.handed_out(session, club, now, days(now, 0, 9), (club.tent, 1))
    assert approval.expire(Tx(session, now + 5 * DAY), fetched) is False
    assert approval.expire(Tx(session, now + 3 * DAY), rental) is True


def test_an_approved_one_does_not_wait_beyond_its_end(session: Session, club: Club, now: datetime) -> None:
    """Three hours of this morning are over at noon, not tomorrow: nobody may fetch it after its end."""
    rental = factories.requested(session, club.kari, now, Period(now, now + 3 * HOUR), (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    assert rental.expires_at == now + 3 * HOUR
    with refuses(session, Refused.IN_THE_PAST):
        checkout.hand_out(Tx(session, now + 3 * HOUR, club.lars), rental.id)


def test_what_was_answered_meanwhile_does_not_expire(session: Session, club: Club, now: datetime) -> None:
    """The sweep found it unanswered; by the time it gets to it, it is approved."""
    rental = factories.requested(session, club.kari, now, days(now, 9, 10), (club.tent, 1))
    over = now + timedelta(hours=72)
    approval.approve(Tx(session, over, club.anna), rental.id)
    assert approval.expire(Tx(session, over), rental) is False
    assert rental.status is RentalStatus.APPROVED


def test_the_desk_is_the_group_or_each_admin(session: Session, club: Club, now: datetime) -> None:
    """A bound group (and its topic) gets the card; without one, everybody who may decide and is a member."""
    boss = factories.member(session, club.organization, now, "Berit Boss", Role.LEADER)
    factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    assert {row.chat_id for row in said(session, notifications.DESK_CARD)} == {
        club.anna.account_id,
        boss.account_id,
    }
    end_membership(session, boss, now)
    club.organization.group_chat_id, club.organization.group_thread_id = -100, 7
    two = factories.requested(session, club.kari, now, days(now, 5, 6), (club.tent, 1))
    assert [(row.chat_id, row.thread_id) for row in said(session, notifications.DESK_CARD)][2:] == [(-100, 7)]
    approval.approve(Tx(session, now, club.anna), two.id)
    pending = [row for row in said(session, notifications.DESK_CARD) if row.chat_id == -100]
    assert len(pending) == 1, "one drawing of a card waits, however often it changes"


def test_a_card_is_drawn_once_however_often_it_changes(session: Session, club: Club, now: datetime) -> None:
    """Later news only make the waiting row stronger: sent anew, sooner, as a reply."""
    draw = partial(outbox.render_card, kind="k", subject_id=1, chat_id=9)
    draw(Tx(session, now + DAY), lane=Lane.NOTICE)
    draw(Tx(session, now), renew=True)
    draw(Tx(session, now + DAY), lane=Lane.NOTICE)
    (row,) = said(session, "k")
    assert (row.renew, row.not_before, row.lane) == (True, now, Lane.REPLY)


def test_a_key_is_said_once(session: Session, now: datetime) -> None:
    """The same dedup key again queues nothing; without one everything is said."""
    assert outbox.send(Tx(session, now), "k", chat_id=1, dedup_key="due:1")
    assert not outbox.send(Tx(session, now + DAY), "k", chat_id=1, dedup_key="due:1")
    assert outbox.send(Tx(session, now), "k", chat_id=1)
    assert outbox.send(Tx(session, now), "k", chat_id=1)
    assert len(said(session, "k")) == 3


def test_claims_stay_with_their_organisation(session: Session, club: Club, now: datetime) -> None:
    """Each claim names the organisation of its rental, so that every query can be scoped."""
    factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    assert set(session.scalars(select(Claim.organization_id))) == {club.organization.id}
