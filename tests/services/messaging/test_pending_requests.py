"""Requests that pile up have one card for all of them, and are answered together or one by one."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import AuditEntry, Card, OutboxMessage, Rental
from db.states import Condition, OutboxStatus, RentalStatus
from handlers.i18n.texts import Texts
from handlers.rentals import cards
from services import periodic
from services.core.errors import Refused
from services.core.tx import Tx
from services.messaging import notifications, outbox, pending_requests
from services.rentals import approval
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import (
    DAY,
    MINUTE,
    claims,
    refuses,
    said,
    set_condition,
    set_policy,
)

GROUP = -100


@pytest.fixture
def crowd(session: Session, club: Club, now: datetime) -> Club:
    """A club with a group and many tents."""
    club.organization.group_chat_id = GROUP
    set_policy(session, club.organization, most_items=1000)
    factories.equipment(session, club.organization, now, "Mat", *(f"M{n}" for n in range(80)))
    return club


def asks(session: Session, c: Club, now: datetime, number: int = 1, first: int = 2) -> list[Rental]:
    """Kari asks so many times for a stove, each on days of its own."""
    return [
        factories.requested(session, c.kari, now, days(now, first + 2 * n, first + 2 * n + 1), (c.stove, 1))
        for n in range(number)
    ]


def singles(session: Session) -> set[int]:
    """The rentals that have a card of their own in the group."""
    return set(
        session.scalars(select(Card.subject_id).filter_by(kind=notifications.DESK_CARD, chat_id=GROUP))
    )


def drawings(session: Session) -> list[OutboxMessage]:
    return said(session, pending_requests.PILE)


def deliver(session: Session, at: datetime) -> None:
    """Mark the due messages as sent."""
    for row in session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.status == OutboxStatus.PENDING, OutboxMessage.not_before <= at
        )
    ):
        row.status, row.sent_at, row.message_id = OutboxStatus.SENT, at, 1000 + row.id
        if row.card_id is not None:
            session.get_one(Card, row.card_id).message_id = row.message_id
    session.flush()


def the_pile(session: Session) -> Card | None:
    return session.scalar(select(Card).filter_by(kind=pending_requests.PILE, chat_id=GROUP))


def test_three_have_cards_the_fourth_makes_a_pile(session: Session, crowd: Club, now: datetime) -> None:
    """The first three are shown one by one; from the fourth on one card has them all."""
    first = asks(session, crowd, now, 3)
    assert singles(session) == {r.id for r in first} and the_pile(session) is None
    asks(session, crowd, now, 2, first=20)
    assert singles(session) == {r.id for r in first}
    (row,) = drawings(session)
    assert (row.chat_id, row.renew, row.not_before) == (GROUP, True, now)


def played(session: Session, crowd: Club, now: datetime, seconds: float, number: int) -> list[timedelta]:
    """Play requests, one in so many seconds, while messages are sent and the periodic work is done each
    second; how long each waited until the pile was drawn after it.
    """
    asked = [now + timedelta(seconds=seconds * n) for n in range(number)]
    waited: list[timedelta] = []
    waiting: list[datetime] = []
    end = asked[-1] + timedelta(minutes=4)
    seen: set[int] = set()
    left = list(enumerate(asked))
    for second in range(int((end - now).total_seconds()) + 1):
        at = now + timedelta(seconds=second)
        while left and left[0][1] <= at:
            n, _ = left.pop(0)
            factories.requested(session, crowd.kari, at, days(now, 2 + 2 * n, 3 + 2 * n), (crowd.stove, 1))
            waiting.append(at)
        if second % 30 == 0:
            periodic.run(Tx(session, at))
        deliver(session, at)
        drawn = {row.id for row in drawings(session) if row.status is OutboxStatus.SENT} - seen
        has_own_card = not seen and len(singles(session)) == len(waiting) + len(waited)
        if drawn or has_own_card:
            waited += [at - one for one in waiting]
            waiting.clear()
        seen |= drawn
    assert waiting == []
    return waited


def in_a_minute(session: Session) -> int:
    """The most messages and edits that the group got within a minute."""
    sent = [
        row.sent_at for row in session.scalars(select(OutboxMessage).filter_by(chat_id=GROUP)) if row.sent_at
    ]
    return max(sum(one <= other < one + timedelta(seconds=61) for other in sent) for one in sent)


@pytest.mark.parametrize(("seconds", "number", "rings"), [(15, 20, 3), (15, 40, 4), (1, 60, 2)])
def test_the_pile_shows_each_request_within_seconds(
    session: Session, crowd: Club, now: datetime, seconds: int, number: int, rings: int
) -> None:
    """Twenty requests in five minutes, forty in ten, or sixty in one: none waits five seconds to be seen, the
    group gets at most twenty messages and edits a minute, and it rings at most every three minutes.
    """
    waited = played(session, crowd, now, seconds, number)
    assert len(waited) == number and max(waited) <= timedelta(seconds=5)
    assert in_a_minute(session) <= 20
    rang = [row.sent_at for row in drawings(session) if row.renew and row.sent_at is not None]
    assert all(b - a >= pending_requests.RENEW_EVERY for a, b in pairwise(rang))
    assert len(rang) == rings, "what came since the last ring has rung in the end"


def test_much_else_in_the_group_bundles_more(session: Session, crowd: Club, now: datetime) -> None:
    """While the group gets other messages, the pile leaves them room: and is drawn within a minute still."""
    asks(session, crowd, now, 4)
    for n in range(pending_requests.BUSY):
        outbox.send(Tx(session, now), f"other {n}", chat_id=GROUP, organization_id=crowd.organization.id)
    deliver(session, now)
    asks(session, crowd, now + timedelta(seconds=1), first=20)
    row = drawings(session)[-1]
    assert (row.renew, row.not_before) == (False, now + pending_requests.EDIT_EVERY_UNDER_LOAD)
    assert pending_requests.EDIT_EVERY_UNDER_LOAD <= MINUTE


def test_what_the_pile_lists_has_no_buttons_of_its_own(session: Session, crowd: Club, now: datetime) -> None:
    """The first three lose theirs as soon as the pile lists them; one that is asked for from it has them."""
    first, *_ = asks(session, crowd, now, 3)
    deliver(session, now)
    asks(session, crowd, now, first=20)
    redrawn = [row for row in said(session, notifications.DESK_CARD) if row.status is OutboxStatus.PENDING]
    assert len(redrawn) == pending_requests.MOST_SINGLE

    def verbs(row: OutboxMessage) -> list[str]:
        drawn = cards.desk_card(Tx(session, now), [row], Texts("en", now=now))
        return [button.label for line in drawn.buttons for button in line] if drawn is not None else []

    assert [verbs(row) for row in redrawn] == [[], [], []]
    deliver(session, now)
    tx = Tx(session, now)
    outbox.render_card(
        tx,
        notifications.DESK_CARD,
        first.id,
        chat_id=GROUP,
        organization_id=crowd.organization.id,
        renew=True,
        params=cards.ASKED_FOR,
    )
    assert len(verbs(said(session, notifications.DESK_CARD)[-1])) == 3
    deliver(session, now)
    notifications.redraw(tx, first)
    assert len(verbs(said(session, notifications.DESK_CARD)[-1])) == 3, "also when it is drawn again"


def test_an_answer_shows_at_once_in_place(session: Session, crowd: Club, now: datetime) -> None:
    """Approved on its own card, it is gone from the pile, which stays where it is."""
    first, *_ = asks(session, crowd, now, 4)
    deliver(session, now)
    approval.approve(Tx(session, now + MINUTE, crowd.anna), first.id)
    row = drawings(session)[-1]
    assert (row.status, row.renew, row.not_before) == (OutboxStatus.PENDING, False, now + MINUTE)


def test_while_there_is_a_pile_nothing_is_shown_singly(session: Session, crowd: Club, now: datetime) -> None:
    """Even when only one is left in it."""
    first, second, third, _ = asks(session, crowd, now, 4)
    deliver(session, now)
    for rental in (first, second, third):
        approval.decline(Tx(session, now, crowd.anna), rental.id)
    (new,) = asks(session, crowd, now, first=30)
    assert new.id not in singles(session)
    assert pending_requests.count(session, crowd.organization.id) == 2


def test_a_pile_that_is_worked_off_says_so_and_the_next_is_another(
    session: Session, crowd: Club, now: datetime
) -> None:
    """Its card is not used again; afterwards requests have cards of their own again."""
    rentals = asks(session, crowd, now, 4)
    deliver(session, now)
    shown = the_pile(session)
    assert shown is not None
    for rental in rentals:
        approval.decline(Tx(session, now, crowd.anna), rental.id)
    assert the_pile(session) is None
    (done,) = said(session, pending_requests.PILE_DONE)
    assert (done.card_id, done.renew) == (shown.id, False)
    (new,) = asks(session, crowd, now)
    assert new.id in singles(session)
    asks(session, crowd, now, 3, first=20)
    again = the_pile(session)
    assert again is not None and again.id != shown.id


def test_a_pile_that_nobody_saw_is_not_said_to_be_over(session: Session, crowd: Club, now: datetime) -> None:
    """All called off before it was sent: nothing is said."""
    for rental in asks(session, crowd, now, 4):
        approval.cancel(Tx(session, now, crowd.kari), rental.id)
    assert [row.status for row in said(session, pending_requests.PILE_DONE)] == [OutboxStatus.DROPPED]


@pytest.mark.parametrize("how", ["cancel", "expire"])
def test_what_ends_without_an_answer_leaves_the_pile(
    session: Session, crowd: Club, now: datetime, how: str
) -> None:
    """Called off by the member, or run out of time."""
    rentals = asks(session, crowd, now, 4)
    deliver(session, now)
    if how == "cancel":
        approval.cancel(Tx(session, now, crowd.kari), rentals[0].id)
    else:
        assert approval.expire(Tx(session, now + 4 * DAY), rentals[0])
    assert drawings(session)[-1].status is OutboxStatus.PENDING


def test_all_are_approved_each_for_itself(session: Session, crowd: Club, now: datetime) -> None:
    """Each is noted with who approved it, and each member hears."""
    rentals = asks(session, crowd, now, 5)
    done = approval.approve_all(Tx(session, now, crowd.anna), until=now)
    assert (done.approved, done.refused, done.left) == (5, (), 0)
    assert {r.status for r in rentals} == {RentalStatus.APPROVED}
    notes = session.execute(select(AuditEntry.user_id, AuditEntry.subject_id).filter_by(action="approve"))
    assert sorted(map(tuple, notes)) == [(crowd.anna.user_id, r.id) for r in rentals]


def test_what_cannot_be_approved_stays_and_is_named(session: Session, crowd: Club, now: datetime) -> None:
    """The stove broke: those who asked for it wait on, the others are approved."""
    stoves = asks(session, crowd, now, 2)
    tents = [
        factories.requested(session, crowd.ola, now, days(now, 2 + n, 3 + n), (crowd.tent, 1))
        for n in range(3)
    ]
    set_condition(session, "S1", Condition.IN_REPAIR)
    done = approval.approve_all(Tx(session, now, crowd.anna), until=now)
    assert (done.approved, done.left) == (3, 0)
    assert [(i, r.code) for i, r in done.refused] == [(r.id, Refused.NOT_FREE) for r in stoves]
    assert [r.status for r in (*stoves, *tents)] == [RentalStatus.REQUESTED] * 2 + [RentalStatus.APPROVED] * 3
    assert {c.status for r in stoves for c in claims(session, r)} == {"held"}


def test_what_came_after_the_list_was_drawn_is_not_approved(
    session: Session, crowd: Club, now: datetime
) -> None:
    """Nobody says yes to what they have not seen."""
    seen = asks(session, crowd, now, 2)
    (unseen,) = asks(session, crowd, now + MINUTE, first=20)
    approval.approve_all(Tx(session, now + 2 * MINUTE, crowd.anna), until=now)
    assert [r.status for r in (*seen, unseen)] == [RentalStatus.APPROVED] * 2 + [RentalStatus.REQUESTED]


def test_the_state_comes_before_the_permission(session: Session, crowd: Club, now: datetime) -> None:
    """If nothing waits everybody reads that; a lack of permission is told only while something does."""
    asks(session, crowd, now, 4)
    with refuses(session, Refused.NOT_ALLOWED):
        approval.approve_all(Tx(session, now, crowd.lars), until=now)
    approval.approve_all(Tx(session, now, crowd.anna), until=now)
    for late in (crowd.lars, crowd.anna):
        with refuses(session, Refused.NO_PENDING_REQUESTS):
            approval.approve_all(Tx(session, now, late), until=now)


def test_another_clubs_requests_are_not_touched(session: Session, crowd: Club, now: datetime) -> None:
    """Neither counted nor approved."""
    other = factories.club(session, now, "Turlaget")
    theirs = asks(session, other, now, 4)
    asks(session, crowd, now, 1)
    assert pending_requests.count(session, crowd.organization.id) == 1
    approval.approve_all(Tx(session, now, crowd.anna), until=now)
    assert {r.status for r in theirs} == {RentalStatus.REQUESTED}


def test_very_many_are_approved_some_at_a_time(session: Session, crowd: Club, now: datetime) -> None:
    """One tap approves as many as are allowed at once, the next tap the others."""
    asks(session, crowd, now, 28)
    first = approval.approve_all(Tx(session, now, crowd.anna), until=now)
    assert (first.approved, first.left) == (approval.MOST_AT_ONCE, 3)
    assert approval.approve_all(Tx(session, now, crowd.anna), until=now).approved == 3


def test_without_a_group_each_admin_has_the_pile(session: Session, crowd: Club, now: datetime) -> None:
    """In private, as single requests are."""
    session.execute(update(type(crowd.organization)).values(group_chat_id=None))
    session.expire_all()
    asks(session, crowd, now, 4)
    assert [row.chat_id for row in drawings(session)] == [crowd.anna.account_id]


def test_what_waits_for_the_member_is_not_approved_with_the_others(
    session: Session, crowd: Club, now: datetime
) -> None:
    """Neither approved nor named as refused; where nothing else waits, nothing is waiting."""
    proposed, *others = asks(session, crowd, now, 4)
    proposed.proposed_by = crowd.anna.user_id
    session.flush()
    done = approval.approve_all(Tx(session, now, crowd.anna), until=now)
    assert (done.approved, done.refused, done.left) == (3, (), 0)
    assert proposed.status is RentalStatus.REQUESTED
    assert {other.status for other in others} == {RentalStatus.APPROVED}
    with refuses(session, Refused.NO_PENDING_REQUESTS):
        approval.approve_all(Tx(session, now, crowd.anna), until=now)
