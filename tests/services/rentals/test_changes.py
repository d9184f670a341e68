"""Changing what was agreed: by the member, by those who answer, and by the desk."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Item, Rental
from db.states import OCCUPYING, ClaimStatus, RentalStatus
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkout, counter
from services.messaging import notifications
from services.rentals import approval
from services.rentals.booking import baskets, request
from services.rentals.changes import contents, due_dates, proposals, saving
from services.rentals.custody import dates as custody_dates
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import DAY, HOUR, refuses, said, set_policy


def change(
    session: Session, actor: Actor, now: datetime, rental: Rental, pieces: dict[int, int], period: Period
) -> Rental:
    """Open the basket, set what is wanted, and send it."""
    tx = Tx(session, now, actor)
    draft = contents.begin(tx, rental.id)
    for equipment_id, number in pieces.items():
        baskets.change_quantity(tx, draft, equipment_id, number)
    if (period.starts_at, period.due_at) != (draft.starts_at, draft.due_at):
        request.set_period(tx, draft, period)
    return saving.send(tx, draft.id)


def taken(session: Session, rental: Rental) -> list[tuple[datetime, datetime]]:
    """When the rental's items are taken for it."""
    query = select(Claim.starts_at, Claim.blocked_until).filter_by(rental_id=rental.id)
    rows = session.execute(query.where(Claim.status.in_(OCCUPYING)).order_by(Claim.starts_at))
    return [(row.starts_at, row.blocked_until) for row in rows]


def approved(session: Session, c: Club, now: datetime, period: Period, pieces: int = 2) -> Rental:
    rental = factories.requested(session, c.kari, now, period, (c.tent, pieces))
    return approval.approve(Tx(session, now, c.anna), rental.id)


def test_fewer_and_shorter_is_saved_at_once(session: Session, club: Club, now: datetime) -> None:
    """Nobody is asked; what stays keeps its items, and what goes is free."""
    rental = approved(session, club, now, days(now, 2, 6))
    items = set(session.scalars(select(Claim.item_id).filter_by(rental_id=rental.id)))
    sent = change(session, club.kari, now + HOUR, rental, {club.tent.id: 1}, days(now, 3, 5))
    assert (sent.id, sent.status, sent.revision) == (rental.id, RentalStatus.APPROVED, 1)
    assert taken(session, rental) == [(now + 3 * DAY, now + 5 * DAY)]
    kept = session.scalars(select(Claim.item_id).filter_by(rental_id=rental.id, status=ClaimStatus.HELD))
    assert set(kept) < items
    assert not [row for row in said(session, notifications.DESK_CARD) if row.renew and row.not_before > now]


@pytest.mark.parametrize("holds", [True, False])
def test_more_is_asked_for_and_the_old_promise_holds(
    session: Session, club: Club, now: datetime, holds: bool
) -> None:
    """Longer on the same items: the extra days are held where requests hold; approved, one promise."""
    set_policy(session, club.organization, request_holds=holds)
    rental = approved(session, club, now, days(now, 2, 4), 3)
    sent = change(session, club.kari, now, rental, {}, days(now, 1, 6))
    assert (sent.changes_id, sent.status, rental.status) == (
        rental.id,
        RentalStatus.REQUESTED,
        RentalStatus.APPROVED,
    )
    assert taken(session, rental) == [(now + 2 * DAY, now + 4 * DAY)] * 3
    extra = [(now + DAY, now + 2 * DAY)] * 3 + [(now + 4 * DAY, now + 6 * DAY)] * 3
    assert taken(session, sent) == (extra if holds else [])
    approval.approve(Tx(session, now, club.anna), sent.id)
    assert (rental.status, rental.reason) == (RentalStatus.CANCELLED, f"replaced:{sent.id}")
    assert (taken(session, rental), taken(session, sent)) == ([], [(now + DAY, now + 6 * DAY)] * 3)


@pytest.mark.parametrize("holds", [True, False])
def test_a_change_that_waits_counts_once(session: Session, club: Club, now: datetime, holds: bool) -> None:
    """Towards the limit of pieces, with the greater number: not the old one and the new one."""
    set_policy(session, club.organization, request_holds=holds, most_items=5)
    rental = approved(session, club, now, days(now, 2, 4), 2)
    sent = change(session, club.kari, now, rental, {club.tent.id: 3}, days(now, 1, 6))
    assert sent.changes_id == rental.id
    with refuses(session, Refused.TOO_MANY, already=3):
        factories.requested(session, club.kari, now, days(now, 20, 22), (club.tent, 3))
    other = factories.requested(session, club.kari, now, days(now, 20, 22), (club.tent, 2))
    set_policy(session, club.organization, most_items=4)
    with refuses(session, Refused.TOO_MANY, already=2):
        change(session, club.kari, now, rental, {}, days(now, 1, 7))
    set_policy(session, club.organization, most_items=5)
    approval.approve(Tx(session, now, club.anna), sent.id)
    approval.approve(Tx(session, now, club.anna), other.id)
    assert change(session, club.kari, now, sent, {}, days(now, 1, 8)).changes_id == sent.id
    with refuses(session, Refused.TOO_MANY, already=5):
        factories.requested(session, club.kari, now, days(now, 40, 42), (club.tent, 1))


def test_declined_the_old_stands(session: Session, club: Club, now: datetime) -> None:
    """And what the change held is free again."""
    rental = approved(session, club, now, days(now, 2, 4))
    sent = change(session, club.kari, now, rental, {club.tent.id: 3}, days(now, 2, 4))
    approval.decline(Tx(session, now, club.anna), sent.id)
    assert (rental.status, taken(session, sent)) == (RentalStatus.APPROVED, [])
    assert taken(session, rental) == [(now + 2 * DAY, now + 4 * DAY)] * 2


def test_a_request_becomes_the_new_one(session: Session, club: Club, now: datetime) -> None:
    """Under its number; who saw the old one and approves reads that it was changed."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    sent = change(session, club.kari, now + HOUR, rental, {club.tent.id: 2}, days(now, 3, 7))
    assert (sent.id, sent.status, sent.requested_at) == (rental.id, RentalStatus.REQUESTED, now + HOUR)
    assert taken(session, rental) == [(now + 3 * DAY, now + 7 * DAY)] * 2
    with refuses(session, Refused.CHANGED_MEANWHILE, by=club.kari.name):
        approval.approve(Tx(session, now, club.anna), rental.id, revision=0)
    approval.approve(Tx(session, now, club.anna), rental.id, revision=1)


def test_without_approval_and_by_approvers_it_is_done_at_once(
    session: Session, club: Club, now: datetime
) -> None:
    """The same number, the new days; the member is told of what an admin changed."""
    rental = approved(session, club, now, days(now, 2, 4), 1)
    assert change(session, club.anna, now, rental, {club.tent.id: 2}, days(now, 2, 8)).id == rental.id
    assert taken(session, rental) == [(now + 2 * DAY, now + 8 * DAY)] * 2
    assert [row.renew for row in said(session, notifications.RENTAL_CARD)][-1]
    set_policy(session, club.organization, approval=False)
    assert change(session, club.kari, now, rental, {club.tent.id: 3}, days(now, 3, 9)).id == rental.id
    assert (rental.status, len(taken(session, rental))) == (RentalStatus.APPROVED, 3)
    assert change(session, club.lars, now, rental, {}, days(now, 3, 8)).id == rental.id


def test_the_second_reads_how_it_stands(session: Session, club: Club, now: datetime) -> None:
    """Two baskets of one rental: the first that is sent counts; and one that was handed out is out."""
    rental = approved(session, club, now, days(now, 0, 4))
    mine, theirs = (contents.begin(Tx(session, now, who), rental.id) for who in (club.kari, club.anna))
    baskets.change_quantity(Tx(session, now, club.anna), theirs, club.tent.id, 1)
    saving.send(Tx(session, now, club.anna), theirs.id)
    with refuses(session, Refused.CHANGED_MEANWHILE, by=club.anna.name):
        saving.send(Tx(session, now, club.kari), mine.id)
    longer = change(session, club.kari, now, rental, {}, days(now, 0, 6))
    checkout.hand_out(Tx(session, now, club.lars), rental.id)
    assert (longer.status, longer.reason) == (RentalStatus.CANCELLED, "lapsed")
    with refuses(session, Refused.ALREADY):
        contents.begin(Tx(session, now, club.kari), rental.id)


def test_what_is_out_changes_only_in_what_is_not(session: Session, club: Club, now: datetime) -> None:
    """A piece that was not fetched can be given up, and no more can be had."""
    rental = approved(session, club, now, days(now, 0, 4), 3)
    first = session.scalars(select(Claim.id).filter_by(rental_id=rental.id)).first()
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[first or 0])
    with refuses(session, Refused.ONLY_FEWER):
        change(session, club.kari, now, rental, {}, days(now, 0, 5))
    change(session, club.kari, now, rental, {club.tent.id: 1}, days(now, 0, 4))
    assert len(taken(session, rental)) == 2


@pytest.mark.parametrize("later", [HOUR, 6 * DAY])
def test_all_that_was_not_fetched_is_given_up(
    session: Session, club: Club, now: datetime, later: timedelta
) -> None:
    """Also hours after it began, and when it is overdue: what is out stays, on its days."""
    rental = approved(session, club, now, days(now, 0, 4), 3)
    first = session.scalars(select(Claim.id).filter_by(rental_id=rental.id)).first()
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[first or 0])
    tx = Tx(session, now + later, club.kari)
    draft = contents.begin(tx, rental.id)
    assert contents.bounds(tx, draft) == contents.Bounds({club.tent.id: 2}, keeps_days=True)
    for number in (1, 0):
        baskets.change_quantity(tx, draft, club.tent.id, number)
        contents.settle_days(tx, draft)
    saving.send(tx, draft.id)
    assert len(taken(session, rental)) == 1
    assert (rental.status, rental.due_at) == (RentalStatus.OUT, days(now, 0, 4).due_at)


def test_a_part_is_approved_after_it_began(session: Session, club: Club, now: datetime) -> None:
    """The days of today are not taken for other days: the approver who takes out a piece says yes."""
    rental = factories.requested(session, club.kari, now, days(now, 0, 4), (club.tent, 2))
    tx = Tx(session, now + HOUR, club.anna)
    draft = contents.begin(tx, rental.id)
    assert contents.bounds(tx, draft) == contents.Bounds({club.tent.id: 2}, keeps_days=False)
    baskets.change_quantity(tx, draft, club.tent.id, 1)
    contents.settle_days(tx, draft)
    saving.send(tx, draft.id)
    assert (rental.status, rental.proposed_by) == (RentalStatus.APPROVED, None)


def test_some_of_it_is_approved(session: Session, club: Club, now: datetime) -> None:
    """Approvers take out what cannot be had; the member is told which."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 2), (club.stove, 1))
    with refuses(session, Refused.ONLY_FEWER):
        change(session, club.anna, now, rental, {club.tent.id: 3}, days(now, 2, 4))
    change(session, club.anna, now, rental, {club.tent.id: 1, club.stove.id: 0}, days(now, 2, 4))
    assert (rental.status, len(taken(session, rental))) == (RentalStatus.APPROVED, 1)
    (told,) = said(session, notifications.ONLY_PART)
    assert told.params["less"] == [[club.tent.id, 1], [club.stove.id, 1]]


@pytest.mark.parametrize("answer", [proposals.take, proposals.refuse])
def test_other_days_are_proposed(session: Session, club: Club, now: datetime, answer: object) -> None:
    """They are held until the member answers; with No, the request is as it was."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.stove, 1))
    change(session, club.anna, now, rental, {}, days(now, 5, 7))
    assert (rental.status, rental.proposed_by) == (RentalStatus.REQUESTED, club.anna.user_id)
    assert taken(session, rental) == [(now + 5 * DAY, now + 7 * DAY)]
    with refuses(session, Refused.PROPOSED):
        approval.approve(Tx(session, now, club.anna), rental.id)
    with refuses(session, Refused.NOT_FOUND):
        proposals.take(Tx(session, now, club.ola), rental.id)
    if answer is proposals.take:
        proposals.take(Tx(session, now, club.kari), rental.id, revision=rental.revision)
        assert (rental.status, rental.decided_by) == (RentalStatus.APPROVED, club.anna.user_id)
        assert taken(session, rental) == [(now + 5 * DAY, now + 7 * DAY)]
        return
    proposals.refuse(Tx(session, now, club.kari), rental.id)
    assert (rental.status, rental.proposed_by) == (RentalStatus.REQUESTED, None)
    assert taken(session, rental) == [(now + 2 * DAY, now + 4 * DAY)]


def test_days_that_were_refused_are_wanted_again(session: Session, club: Club, now: datetime) -> None:
    """As they were asked for, where requests do not hold the stock."""
    set_policy(session, club.organization, request_holds=False)
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.stove, 1))
    change(session, club.anna, now, rental, {}, days(now, 5, 7))
    proposals.refuse(Tx(session, now, club.kari), rental.id)
    query = select(Claim.starts_at).filter_by(rental_id=rental.id, status=ClaimStatus.WANTED)
    assert session.scalars(query).all() == [now + 2 * DAY]


@pytest.mark.parametrize("answer", [proposals.take, proposals.refuse])
def test_other_days_are_proposed_for_a_change(
    session: Session, club: Club, now: datetime, answer: object
) -> None:
    """Until it is answered the old promise holds; taken, it has the proposed days and ends the old one."""
    rental = approved(session, club, now, days(now, 2, 4))
    sent = change(session, club.kari, now, rental, {}, days(now, 2, 8))
    proposed = change(session, club.anna, now, sent, {}, days(now, 2, 6))
    assert (proposed.id, sent.status, rental.status) == (
        sent.id,
        RentalStatus.REQUESTED,
        RentalStatus.APPROVED,
    )
    assert taken(session, rental) == [(now + 2 * DAY, now + 4 * DAY)] * 2
    assert taken(session, sent) == [(now + 4 * DAY, now + 6 * DAY)] * 2
    with refuses(session, Refused.PROPOSED):
        approval.approve(Tx(session, now, club.anna), sent.id)
    if answer is proposals.take:
        proposals.take(Tx(session, now, club.kari), sent.id)
        assert (rental.status, sent.status) == (RentalStatus.CANCELLED, RentalStatus.APPROVED)
        assert (taken(session, rental), taken(session, sent)) == ([], [(now + 2 * DAY, now + 6 * DAY)] * 2)
    else:
        proposals.refuse(Tx(session, now, club.kari), sent.id)
        assert (rental.status, sent.status) == (RentalStatus.APPROVED, RentalStatus.REQUESTED)
        assert taken(session, sent) == [(now + 4 * DAY, now + 8 * DAY)] * 2


def test_a_change_ends_with_what_it_was_to_change(session: Session, club: Club, now: datetime) -> None:
    """Also with other days proposed for it: what is handed out is as it was promised."""
    rental = approved(session, club, now, days(now, 0, 4))
    sent = change(session, club.kari, now, rental, {}, days(now, 0, 8))
    change(session, club.anna, now, sent, {}, days(now, 0, 6))
    checkout.hand_out(Tx(session, now, club.lars), rental.id)
    assert (sent.status, sent.reason, taken(session, sent)) == (RentalStatus.CANCELLED, "lapsed", [])
    with refuses(session, Refused.ALREADY):
        proposals.take(Tx(session, now, club.kari), sent.id)


def test_what_has_no_end_gets_a_date_and_no_more_time(session: Session, club: Club, now: datetime) -> None:
    """Until further notice there is nothing to extend, to move or to change; a date can be set."""
    tx = Tx(session, now, club.lars)
    item = session.scalars(select(Item.id).filter_by(equipment_id=club.tent.id)).first()
    rental = counter.hand_out_now(tx, club.kari.user_id, [item or 0], None)
    with refuses(session, Refused.ALREADY):
        due_dates.give(tx, rental.id, now + DAY)
    with refuses(session, Refused.ALREADY):
        contents.begin(Tx(session, now, club.kari), rental.id)
    assert due_dates.move_all(Tx(session, now, club.anna), now.date(), now.date() + DAY).moved == ()
    custody_dates.set_date(tx, rental.id, now + 3 * DAY)
    due_dates.give(tx, rental.id, now + 5 * DAY)
    assert rental.due_at == now + 5 * DAY


def test_a_proposal_ends_with_its_time(session: Session, club: Club, now: datetime) -> None:
    """As a request that nobody answers does, and at the latest when it begins."""
    rental = factories.requested(session, club.kari, now, days(now, 2, 4), (club.stove, 1))
    change(session, club.anna, now, rental, {}, days(now, 5, 7))
    until = rental.expires_at
    assert until is not None and until <= now + 5 * DAY
    assert approval.expire(Tx(session, until), rental)
    assert taken(session, rental) == []


def test_more_time_and_due_dates_that_move_together(session: Session, club: Club, now: datetime) -> None:
    """A lender gives time without counting extensions; what is promised in between stays, and is named."""
    set_policy(session, club.organization, extensions=0)
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.stove, 1))
    other = factories.requested(session, club.ola, now, days(now, 1, 3), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), other.id)
    with refuses(session, Refused.NOT_ALLOWED):
        due_dates.give(Tx(session, now, club.kari), rental.id, now + 4 * DAY)
    due_dates.give(Tx(session, now, club.lars), rental.id, now + 3 * DAY + HOUR)
    factories.requested(session, club.ola, now, days(now, 4, 6), (club.stove, 1))
    day = (now + 3 * DAY).date()
    anna = Tx(session, now, club.anna)
    planned = due_dates.rehearse(anna, day, day + 2 * DAY)
    assert (planned.moved, [i for i, _ in planned.stays]) == ((other.id,), [rental.id])
    assert other.due_at == now + 3 * DAY
    assert due_dates.move_all(anna, day, day + 2 * DAY).moved == (other.id,)
    assert other.due_at == now + 5 * DAY


def test_a_full_day_moves_in_portions(
    session: Session, club: Club, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that stay hold up no others; each is looked at once, and days are counted whole."""
    monkeypatch.setattr(due_dates, "MOST_AT_ONCE", 2)
    first = factories.handed_out(session, club, now, days(now, 0, 3), (club.stove, 1))
    others = [approved(session, club, now, days(now, 1, 3), 1).id for _ in range(2)]
    factories.requested(session, club.ola, now, days(now, 4, 6), (club.stove, 1))
    midnight = datetime(2026, 12, 6, tzinfo=factories.OSLO).astimezone(now.tzinfo)
    approved(session, club, now, Period(now + DAY, midnight), 1)
    anna, day = Tx(session, now, club.anna), (now + 3 * DAY).date()
    assert due_dates.days_due(anna, 8) == {day: 3, day + DAY: 1}
    assert due_dates.days_due(anna, 1) == {day: 3}
    planned = due_dates.rehearse(anna, day, day + 2 * DAY)
    done = due_dates.move_all(anna, day, day + 2 * DAY)
    assert planned.moved == done.moved == (others[0],)
    assert ([id_ for id_, _ in done.stays], done.left, done.last) == ([first.id], 1, others[0])
    rest = due_dates.move_all(anna, day, day + 2 * DAY, after=done.last)
    assert (rest.moved, rest.left) == (tuple(others[1:]), 0)
    assert due_dates.move_all(anna, day, day + 2 * DAY, after=done.last).moved == ()
    assert due_dates.move_all(anna, day + DAY, day + 3 * DAY).left == 0
    assert due_dates.days_due(anna, 8) == {day: 1, day + 2 * DAY: 2, day + 3 * DAY: 1}
