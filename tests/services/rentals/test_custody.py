"""Lending until further notice: who gives it, what it keeps, and how it gets an end."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Extension, OutboxMessage, Rental
from db.states import ClaimStatus, RentalStatus
from services.availability import schedules
from services.calendars import ical
from services.core.errors import Refused
from services.core.hours.periods import FOREVER
from services.core.tx import Tx
from services.desk import checkin, counter
from services.inventory import listing as inventory
from services.maintenance import blocks
from services.messaging.kinds import REMINDER
from services.rentals import approval, extension, listing, obstacles, queries, records, reminders
from services.rentals.booking import baskets, request
from services.rentals.custody import dates
from tests.factories import Club, days
from tests.services.permissions.assertions import DAY, claims, refuses, set_policy, still_holds
from tests.services.permissions.assertions import item as item_named


def lent(session: Session, c: Club, now: datetime, code: str = "T2") -> Rental:
    """To Kari, by Lars, until further notice."""
    tx = Tx(session, now, c.lars)
    return counter.hand_out_now(tx, c.kari.user_id, [item_named(session, code).id], None)


def due(now: datetime, ahead: int = 10) -> datetime:
    return days(now, 1, ahead).due_at


def test_it_is_out_without_a_due_time(session: Session, club: Club, now: datetime) -> None:
    """Its claim runs for ever, so nobody is promised the item, this year or another; it is never overdue."""
    rental = lent(session, club, now)
    (claim,) = claims(session, rental)
    assert (rental.status, rental.due_at) == (RentalStatus.OUT, None)
    assert (claim.status, claim.blocked_until) == (ClaimStatus.OUT, FOREVER)
    later = now + timedelta(days=3650)
    tents = schedules.load(Tx(session, now), club.organization.id, [club.tent.id])
    for at in (now, later):
        assert claim.item_id not in {
            one.item_id for one in tents.free(club.tent.id, at, at + timedelta(days=2))
        }
    assert reminders.overdue(Tx(session, later, within=club.organization.id), per_page=9) == ([], 0)
    assert records.of(Tx(session, later), club.kari.user_id).late == 0


def test_members_and_promises_keep_it_away(session: Session, club: Club, now: datetime) -> None:
    """Members may not give it; what this very one is promised for later goes out with a last day only."""
    with refuses(session, Refused.NOT_ALLOWED):
        counter.hand_out_now(
            Tx(session, now, club.kari), club.kari.user_id, [item_named(session, "T1").id], None
        )
    t1 = item_named(session, "T1")
    draft = request.open_draft(Tx(session, now, club.ola))
    baskets.put(Tx(session, now, club.ola), draft, t1.equipment_id, 1, item_id=t1.id)
    request.set_period(Tx(session, now), draft, days(now, 60, 62))
    request.request(Tx(session, now, club.ola), draft.id)
    approval.approve(Tx(session, now, club.anna), draft.id)
    tx = Tx(session, now, club.lars)
    found = counter.outlook(tx, [t1.id])
    assert (found.allows(None), [one.code for one in found.promised]) == (False, ["T1"])
    assert counter.outlook(tx, [item_named(session, "T2").id]).allows(None)
    with refuses(session, Refused.ONLY_UNTIL):
        counter.require_until(tx, [t1.id], None)
    with refuses(session, Refused.NOT_FREE):
        counter.hand_out_now(tx, club.kari.user_id, [t1.id], None)


def test_a_lender_sets_a_date(session: Session, club: Club, now: datetime) -> None:
    """From then on it is a rental like any other, with its turnaround; the second lender reads the date."""
    set_policy(session, club.organization, turnaround_hours=2)
    rental, at = lent(session, club, now), due(now)
    with refuses(session, Refused.NOT_ALLOWED):
        dates.set_date(Tx(session, now, club.kari), rental.id, at)
    with refuses(session, Refused.IN_THE_PAST):
        dates.set_date(Tx(session, now, club.lars), rental.id, now)
    dates.set_date(Tx(session, now, club.lars), rental.id, at)
    (claim,) = claims(session, rental)
    assert (rental.due_at, claim.blocked_until) == (at, at + timedelta(hours=2))
    with refuses(session, Refused.HAS_DATE, due_at=at):
        dates.set_date(Tx(session, now, club.anna), rental.id, due(now, 5))
    assert queries.view(Tx(session, at + DAY), rental).is_overdue


@pytest.mark.parametrize("approval_needed", [True, False])
def test_the_member_suggests_a_date(
    session: Session, club: Club, now: datetime, approval_needed: bool
) -> None:
    """It is asked as an extension is, where those need approval, and does not count as one."""
    set_policy(session, club.organization, extension_approval=approval_needed, extensions=1)
    rental, at = lent(session, club, now), due(now)
    extension.ask(Tx(session, now, club.kari), rental.id, at)
    if approval_needed:
        question = queries.view(Tx(session, now), rental).question
        assert question is not None and question.sets_date and rental.due_at is None
        extension.grant(Tx(session, now, club.anna), question.extension_id)
    assert rental.due_at == at
    assert extension.latest(Tx(session, now), rental) > at


def test_what_is_set_answers_what_was_suggested(session: Session, club: Club, now: datetime) -> None:
    """No question stays open, whoever asked it."""
    rental = lent(session, club, now)
    extension.ask(Tx(session, now, club.kari), rental.id, due(now))
    dates.set_date(Tx(session, now, club.lars), rental.id, due(now, 5))
    assert request.open_extension(session, rental) is None
    assert len(session.scalars(select(Extension)).all()) == 1


def test_the_member_is_asked_every_so_many_days(session: Session, club: Club, now: datetime) -> None:
    """Once for each time, not before, and never by the rule 0, nor once it has a date."""
    set_policy(session, club.organization, custody_reminder_days=30, quiet_from="00:00", quiet_until="00:00")
    rental = lent(session, club, now)

    def asked(ahead: int) -> int:
        tx = Tx(session, now + timedelta(days=ahead), within=club.organization.id)
        reminders.queue(tx)
        return len(session.scalars(select(OutboxMessage).filter_by(kind=REMINDER)).all())

    assert [asked(ahead) for ahead in (29, 31, 32, 61)] == [0, 1, 1, 2]
    row = session.scalars(select(OutboxMessage).filter_by(kind=REMINDER)).first()
    assert row is not None and still_holds(Tx(session, now), row) is not None
    set_policy(session, club.organization, custody_reminder_days=0)
    assert asked(91) == 2
    dates.set_date(Tx(session, now, club.lars), rental.id, due(now))
    assert still_holds(Tx(session, now), row) is None


def test_the_next_question_wakes_the_sweep(session: Session, club: Club, now: datetime) -> None:
    """The scheduler knows when the member is asked next."""
    set_policy(session, club.organization, custody_reminder_days=2)
    lent(session, club, now)
    upcoming = reminders.upcoming(Tx(session, now))
    assert upcoming is not None and upcoming < now + timedelta(days=3)


def test_it_comes_back(session: Session, club: Club, now: datetime) -> None:
    """Reported, confirmed, over; it was on time, and has no due time for good. Then the item is free."""
    rental, later = lent(session, club, now), now + timedelta(days=100)
    checkin.give_back(Tx(session, later, club.kari), rental.id)
    checkin.confirm_return(Tx(session, later, club.lars), rental.id)
    view = queries.view(Tx(session, later), rental)
    assert (view.status, view.due_at, view.back_at) == (RentalStatus.RETURNED, None, later)
    assert counter.is_free(Tx(session, later, club.lars), item_named(session, "T2"))


def test_everything_that_shows_it_can_bear_it(session: Session, club: Club, now: datetime) -> None:
    """Lists sort it last; search, obstacles, calendar and the item's card know no end either."""
    open_one = lent(session, club, now)
    dated = counter.hand_out_now(
        Tx(session, now, club.lars), club.kari.user_id, [item_named(session, "S1").id], due(now, 3)
    )
    tx = Tx(session, now + DAY, club.lars)
    assert [one.id for one in queries.current(session, club.kari.user_id)] == [dated.id, open_one.id]
    found, _ = queries.in_status(tx, RentalStatus.OUT, page=0, per_page=6)
    assert [one.id for one in found] == [dated.id, open_one.id]
    since = listing.Filter(since=now + timedelta(days=300), user_id=club.kari.user_id)
    assert [one.rental.id for one in listing.find(tx, since)[0]] == [open_one.id]
    (stay,) = inventory.stays(tx, [item_named(session, "T2").id])
    assert stay.until == FOREVER
    member = queries.member(session, open_one)
    member.active_until = now + timedelta(days=400)
    obstacle = obstacles.of(member, open_one, now)
    assert obstacle is not None and obstacle.why is obstacles.Why.ENDS
    event = ical.written(tx, queries.in_list(tx, [open_one]), names_member=False).decode()
    today = (now + DAY).astimezone(tx.zone).date()
    assert f"DTSTART;VALUE=DATE:{today - DAY:%Y%m%d}" in event
    assert f"DTEND;VALUE=DATE:{today + DAY:%Y%m%d}" in event


def test_a_block_leaves_it_out(session: Session, club: Club, now: datetime) -> None:
    """An item that is out until further notice cannot be blocked at any time."""
    lent(session, club, now)
    t2 = item_named(session, "T2")
    later = now + timedelta(days=1000)
    with refuses(session, Refused.OUT_THEN, until=FOREVER):
        blocks.preview(
            Tx(session, now, club.anna), blocks.Asked(t2.equipment_id, later, later + DAY, item_ids=(t2.id,))
        )
    assert session.scalars(select(Claim).where(Claim.block_id.is_not(None))).all() == []
