"""Late, and somebody waits: another item where there is one, else they are told once, and choose."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Equipment, HandOver, Item, OutboxMessage, Rental, RentalLine
from db.states import ClaimStatus, Condition, RentalStatus
from services import periodic
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin, checkout, transfer
from services.messaging import kinds as messaging_kinds
from services.messaging import notifications
from services.rentals import approval, reminders
from services.rentals.booking import baskets, request
from services.rentals.late import alternatives
from services.rentals.late import conflicts as late_conflicts
from tests import factories
from tests.factories import OSLO, Club, days
from tests.services.permissions.assertions import (
    DAY,
    HOUR,
    claims,
    codes,
    item,
    refuses,
    said,
    set_condition,
    set_policy,
)

GROUP = -100


def approved(
    session: Session, c: Club, who: Actor, now: datetime, first: int, last: int, *lines: Any
) -> Rental:
    rental = factories.requested(session, who, now, days(now, first, last), *lines)
    approval.approve(Tx(session, now, c.anna), rental.id)
    return rental


def exactly(session: Session, c: Club, who: Actor, now: datetime, code: str, first: int, last: int) -> Rental:
    """This very item, approved."""
    draft = request.open_draft(Tx(session, now, who))
    one = item(session, code)
    baskets.put(Tx(session, now, who), draft, one.equipment_id, 1, item_id=one.id)
    request.set_period(Tx(session, now), draft, days(now, first, last))
    request.request(Tx(session, now, who), draft.id)
    approval.approve(Tx(session, now, c.anna), draft.id)
    return draft


@pytest.fixture
def late(session: Session, club: Club, now: datetime) -> Rental:
    """Kari has the stove, due in one day; the club has a group."""
    club.organization.group_chat_id = GROUP
    return factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))


@pytest.fixture
def ola(session: Session, club: Club, now: datetime, late: Rental) -> Rental:
    """He has the stove next: from day two to day four."""
    return approved(session, club, club.ola, now, 2, 4, (club.stove, 1))


def told(session: Session) -> list[tuple[str, int, int]]:
    kinds = [messaging_kinds.LATE, messaging_kinds.LATE_DESK]
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind.in_(kinds)).order_by(OutboxMessage.id)
    )
    return [(row.kind, row.chat_id, row.params["rental_id"]) for row in rows]


def cooker(session: Session, c: Club, now: datetime, *codes_: str) -> Equipment:
    """Other equipment of the stove's type."""
    c.stove.type = "cooking"
    return factories.equipment(session, c.organization, now, "Cooker", *(codes_ or ["C1"]), type="cooking")


def test_the_member_and_the_admins_are_told_once(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """However often it is swept: one to Ola, one to the group."""
    for moment in (now + DAY + HOUR, now + DAY + 2 * HOUR, now + 2 * DAY, now + 3 * DAY):
        periodic.run(Tx(session, moment))
    assert told(session) == [
        (messaging_kinds.LATE, club.ola.account_id, ola.id),
        (messaging_kinds.LATE_DESK, GROUP, ola.id),
    ]


def test_not_before_it_is_an_hour_late(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """Most come a little late; nobody is alarmed by that."""
    periodic.run(Tx(session, now + DAY + HOUR - timedelta(seconds=1)))
    assert told(session) == []
    periodic.run(Tx(session, now + DAY + HOUR))
    assert len(told(session)) == 2


def test_at_once_when_their_time_has_begun(session: Session, club: Club, now: datetime, late: Rental) -> None:
    """Ola's rental begins when Kari's ends: he stands there."""
    ola = approved(session, club, club.ola, now, 1, 2, (club.stove, 1))
    periodic.run(Tx(session, now + DAY + timedelta(minutes=1)))
    assert (messaging_kinds.LATE, club.ola.account_id, ola.id) in told(session)


def test_not_long_before_their_time(session: Session, club: Club, now: datetime, late: Rental) -> None:
    """Ola needs it in a week: that is early enough two days before."""
    ola = approved(session, club, club.ola, now, 7, 8, (club.stove, 1))
    periodic.run(Tx(session, now + 5 * DAY - HOUR))
    assert told(session) == []
    periodic.run(Tx(session, now + 5 * DAY + HOUR))
    assert [number for _, _, number in told(session)] == [ola.id] * 2


def test_the_clock_stops_where_they_are_told(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """The moment that is foreseen is the one at which a sweep tells them."""
    (moment,) = late_conflicts.moments(Tx(session, now, within=club.organization.id))
    periodic.run(Tx(session, moment - timedelta(minutes=1)))
    assert told(session) == []
    periodic.run(Tx(session, moment))
    assert told(session) != []


def test_in_quiet_hours_it_waits(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """Found at 23:00, it is told at 07:00."""
    periodic.run(Tx(session, now + DAY + 14 * HOUR))
    assert {row.not_before for row in said(session, messaging_kinds.LATE)} == {now + DAY + 22 * HOUR}


def test_whoever_can_have_another_item_hears_nothing(session: Session, club: Club, now: datetime) -> None:
    """Ola was promised Kari's tent: he gets another, silently."""
    set_condition(session, "T3", Condition.RETIRED)
    kari = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    ola = approved(session, club, club.ola, now, 2, 4, (club.tent, 1))
    claims(session, ola)[0].item_id = claims(session, kari)[0].item_id
    session.flush()
    periodic.run(Tx(session, now + DAY + HOUR))
    assert told(session) == []
    assert codes(session, ola) == ["T2"] and codes(session, kari) == ["T1"]
    (entry,) = session.scalars(select(AuditEntry).filter_by(action="reseat"))
    assert entry.subject_id == ola.id


def test_of_two_who_wait_one_gets_the_other_item(session: Session, club: Club, now: datetime) -> None:
    """Two tents, one is late, two are promised: who begins first is served, the other is told."""
    set_condition(session, "T3", Condition.RETIRED)
    factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    first = approved(session, club, club.ola, now, 2, 4, (club.tent, 1))
    second = approved(session, club, club.lars, now, 2, 4, (club.tent, 1))
    periodic.run(Tx(session, now + DAY + HOUR))
    assert {number for _, _, number in told(session)} in ({first.id}, {second.id})


def test_who_asked_for_that_very_item_is_asked_and_not_moved(
    session: Session, club: Club, now: datetime
) -> None:
    """Others are free, but Ola wanted T1: another tent is one of the choices."""
    kari = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    assert codes(session, kari) == ["T1"]
    ola = exactly(session, club, club.ola, now, "T1", 2, 4)
    at = now + DAY + HOUR
    periodic.run(Tx(session, at))
    assert {number for _, _, number in told(session)} == {ola.id}
    choices = alternatives.find(Tx(session, at), ola, late_conflicts.of(Tx(session, at), ola))
    assert (choices.others[0].gone_id, choices.others[0].equipment_id) == (club.tent.id, club.tent.id)
    alternatives.other_equipment(Tx(session, at, club.ola), ola.id, club.tent.id, club.tent.id)
    assert codes(session, ola, ClaimStatus.HELD)[0] in ("T2", "T3")


@pytest.mark.parametrize("how", ["given back", "taken back", "extended", "cancelled"])
def test_what_is_solved_meanwhile_is_not_said(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental, how: str
) -> None:
    """Asked again right before it is sent."""
    at = now + DAY + HOUR
    periodic.run(Tx(session, at))
    assert late_conflicts.of(Tx(session, at), ola)
    if how == "given back":
        checkin.give_back(Tx(session, at, club.kari), late.id)
    elif how == "taken back":
        checkin.take_back(Tx(session, at, club.lars), late.id)
    elif how == "extended":
        late.due_at = at + HOUR
        session.flush()
    else:
        approval.cancel(Tx(session, at, club.ola), ola.id)
    assert late_conflicts.of(Tx(session, at), ola) == []


def second_stove(session: Session, c: Club, now: datetime) -> None:
    session.add(
        Item(
            organization_id=c.organization.id,
            equipment_id=c.stove.id,
            code="S2",
            label_token="label-of-s2",
            created_at=now,
        )
    )
    session.flush()


def test_what_can_be_chosen(session: Session, club: Club, now: datetime, late: Rental) -> None:
    """Other equipment of the type on the same days, and the nearest days when a stove is there."""
    second_stove(session, club, now)
    exactly(session, club, club.lars, now, "S2", 1, 4)
    ola = approved(session, club, club.ola, now, 2, 4, (club.stove, 1))
    other = cooker(session, club, now)
    factories.equipment(session, club.organization, now, "Lamp", "L1", type="light")
    at = now + DAY + HOUR
    choices = alternatives.find(Tx(session, at), ola, late_conflicts.of(Tx(session, at), ola))
    assert [(one.gone_id, one.equipment_id) for one in choices.others] == [(club.stove.id, other.id)]
    assert [period.starts_at - now for period in choices.days] == [4 * DAY, 5 * DAY, 6 * DAY]


def test_nothing_is_offered_that_is_not_free(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """The only cooker is rented then, and nobody knows when the only stove comes back."""
    other = cooker(session, club, now)
    approved(session, club, club.lars, now, 2, 3, (other, 1))
    at = now + DAY + HOUR
    choices = alternatives.find(Tx(session, at), ola, late_conflicts.of(Tx(session, at), ola))
    assert (choices.others, choices.days) == ((), ())


def test_other_equipment_and_asked_again(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """The line is another one; those who decide are asked again, and it holds what it needs."""
    other = cooker(session, club, now)
    at = now + DAY + HOUR
    periodic.run(Tx(session, at))
    alternatives.other_equipment(Tx(session, at, club.ola), ola.id, club.stove.id, other.id)
    assert (ola.status, ola.decided_by, ola.requested_at) == (RentalStatus.REQUESTED, None, at)
    assert codes(session, ola, ClaimStatus.HELD) == ["C1"]
    lines = session.scalars(select(RentalLine).filter_by(rental_id=ola.id)).all()
    assert [(line.equipment_id, line.quantity) for line in lines] == [(other.id, 1)]
    (entry,) = session.scalars(select(AuditEntry).filter_by(action="change"))
    assert (entry.user_id, entry.subject_id) == (club.ola.user_id, ola.id)
    assert entry.details == {"again": True, "equipment": [club.stove.id, other.id], "pieces": 1}
    assert said(session, notifications.DESK_CARD)[-1].renew
    approval.approve(Tx(session, at, club.anna), ola.id)
    assert ola.status is RentalStatus.APPROVED


def test_other_days_and_asked_again(session: Session, club: Club, now: datetime, late: Rental) -> None:
    """The whole rental moves by as many days; what it held then is free."""
    second_stove(session, club, now)
    exactly(session, club, club.lars, now, "S2", 1, 4)
    ola = approved(session, club, club.ola, now, 2, 4, (club.stove, 1), (club.tent, 3))
    at = now + DAY + HOUR
    first = (now + 4 * DAY).astimezone(OSLO).date()
    alternatives.other_days(Tx(session, at, club.ola), ola.id, first)
    assert (ola.starts_at, ola.due_at) == (now + 4 * DAY, now + 6 * DAY)
    assert ola.status is RentalStatus.REQUESTED
    held = [c for c in claims(session, ola) if c.status is ClaimStatus.HELD]
    assert len(held) == 4 and {c.starts_at for c in held} == {now + 4 * DAY}
    assert factories.requested(session, club.kari, at, days(now, 2, 4), (club.tent, 3))


def test_where_nobody_is_asked_it_stays_approved(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """By the policy; or because an admin chose for the member."""
    other = cooker(session, club, now)
    at = now + DAY + HOUR
    with session.begin_nested() as undone:
        alternatives.other_equipment(Tx(session, at, club.anna), ola.id, club.stove.id, other.id)
        assert ola.status is RentalStatus.APPROVED
        assert said(session, notifications.RENTAL_CARD)[-1].chat_id == club.ola.account_id
        undone.rollback()
    session.expire_all()
    set_policy(session, club.organization, approval=False)
    alternatives.other_equipment(Tx(session, at, club.ola), ola.id, club.stove.id, other.id)
    assert ola.status is RentalStatus.APPROVED
    assert ola.expires_at == now + 2 * DAY + timedelta(hours=24)


def test_only_the_pieces_that_are_late_change(session: Session, club: Club, now: datetime) -> None:
    """Of three tents one is late: two stay, and with them what else there is."""
    tarp = factories.equipment(session, club.organization, now, "Tarp", "P1", "P2", type="shelter")
    club.tent.type = "shelter"
    factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    ola = approved(session, club, club.ola, now, 2, 4, (club.tent, 3), (tarp, 1))
    at = now + DAY + HOUR
    assert len(late_conflicts.of(Tx(session, at), ola)) == 1
    alternatives.other_equipment(Tx(session, at, club.ola), ola.id, club.tent.id, tarp.id)
    lines = session.scalars(select(RentalLine).filter_by(rental_id=ola.id).order_by(RentalLine.id)).all()
    assert [(line.equipment_id, line.quantity) for line in lines] == [(club.tent.id, 2), (tarp.id, 2)]
    assert sorted(codes(session, ola, ClaimStatus.HELD)) == ["P1", "P2", "T2", "T3"]


def test_a_choice_that_was_made_is_made_once(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """The second tap, on whatever, reads how things stand."""
    other = cooker(session, club, now, "C1", "C2")
    set_policy(session, club.organization, approval=False)
    at = now + DAY + HOUR
    alternatives.other_equipment(Tx(session, at, club.ola), ola.id, club.stove.id, other.id)
    with refuses(session, Refused.NOT_LATE):
        alternatives.other_equipment(Tx(session, at, club.ola), ola.id, club.stove.id, other.id)
    with refuses(session, Refused.NOT_LATE):
        alternatives.other_days(Tx(session, at, club.ola), ola.id, date(2026, 12, 20))
    checkout.hand_out(Tx(session, now + 2 * DAY, club.lars), ola.id)
    with refuses(session, Refused.ALREADY):
        alternatives.other_days(Tx(session, now + 2 * DAY, club.ola), ola.id, date(2026, 12, 20))


def test_nothing_is_changed_for_nothing(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """Taken since, of another kind, another club's, past or far away: refused; all is as before."""
    other = cooker(session, club, now)
    lamp = factories.equipment(session, club.organization, now, "Lamp", "L1", type="light")
    theirs = factories.club(session, now, "Turlaget")
    theirs.stove.type = "cooking"
    at = now + DAY + HOUR
    for equipment in (lamp, theirs.stove):
        with refuses(session, Refused.NOT_FOUND):
            alternatives.other_equipment(Tx(session, at, club.ola), ola.id, club.stove.id, equipment.id)
    factories.requested(session, club.kari, at, days(now, 2, 4), (other, 1))
    with refuses(session, Refused.NOT_FREE, name="Cooker"):
        alternatives.other_equipment(Tx(session, at, club.ola), ola.id, club.stove.id, other.id)
    with refuses(session, Refused.NOT_FREE, name="Stove"):
        alternatives.other_days(Tx(session, at, club.ola), ola.id, date(2026, 12, 20))
    with refuses(session, Refused.IN_THE_PAST):
        alternatives.other_days(Tx(session, at, club.ola), ola.id, date(2026, 11, 1))
    with refuses(session, Refused.TOO_FAR_AHEAD):
        alternatives.other_days(Tx(session, at, club.ola), ola.id, date(9999, 12, 31))
    assert (ola.status, codes(session, ola, ClaimStatus.HELD)) == (RentalStatus.APPROVED, ["S1"])


def test_who_may_choose(session: Session, club: Club, now: datetime, late: Rental, ola: Rental) -> None:
    """The member and who approves; not a lender, another member, another club."""
    theirs = factories.club(session, now, "Turlaget")
    other = cooker(session, club, now)
    at = now + DAY + HOUR
    for actor, why in (
        (club.kari, Refused.NOT_FOUND),
        (theirs.anna, Refused.NOT_FOUND),
        (club.lars, Refused.NOT_ALLOWED),
    ):
        with refuses(session, why):
            alternatives.other_equipment(Tx(session, at, actor), ola.id, club.stove.id, other.id)
        with refuses(session, why):
            alternatives.other_days(Tx(session, at, actor), ola.id, date(2026, 12, 20))


def test_what_was_offered_once_does_not_bar_the_choice(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """Kari had offered to hand it over, and took that back: the line that it was for may go."""
    other = cooker(session, club, now)
    transfer.offer(Tx(session, now + DAY, club.kari), late.id, ola.id)
    transfer.withdraw(Tx(session, now + DAY, club.kari), session.scalars(select(HandOver.id)).one())
    alternatives.other_equipment(Tx(session, now + DAY + HOUR, club.ola), ola.id, club.stove.id, other.id)
    assert codes(session, ola, ClaimStatus.HELD) == ["C1"]


def test_who_waits_in_vain_does_not_run_out(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """They could not fetch it; once it is there they have as long as anybody; at the end it is over."""
    assert ola.expires_at is not None
    over = ola.expires_at + HOUR
    periodic.run(Tx(session, over))
    assert (ola.status, ola.expires_at) == (RentalStatus.APPROVED, now + 4 * DAY)
    periodic.run(Tx(session, now + 4 * DAY))
    assert ola.status is RentalStatus.EXPIRED


def test_nobody_reads_that_it_is_ready_while_it_is_not(
    session: Session, club: Club, now: datetime, late: Rental, ola: Rental
) -> None:
    """The reminder to pick it up comes once it is back."""

    def picked_up() -> list[int]:
        rows = said(session, messaging_kinds.REMINDER)
        return [r.params["rental_id"] for r in rows if r.params["moment"] == reminders.PICK_UP]

    periodic.run(Tx(session, now + 2 * DAY + HOUR))
    assert picked_up() == []
    checkin.take_back(Tx(session, now + 2 * DAY + 2 * HOUR, club.lars), late.id)
    periodic.run(Tx(session, now + 2 * DAY + 2 * HOUR))
    assert picked_up() == [ola.id]
