"""News for a member reaches a lender if nobody can write to the member."""

from datetime import datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db.models import AccountLink, Card, ChatAccount, OutboxMessage, Rental, User
from db.states import ClaimStatus, Condition, OutboxStatus, Role
from services.availability import reallocation
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.inventory import condition
from services.messaging import kinds, notifications, recipients
from services.rentals import approval, extension, reminders
from services.rentals.booking import baskets, on_behalf, request
from services.rentals.late import alternatives
from services.rentals.late import conflicts as late_conflicts
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import DAY, HOUR, codes, item, refuses, set_policy

GROUP = -100


@pytest.fixture
def gro(session: Session, club: Club, now: datetime) -> Actor:
    """A member without Telegram; the club has a group."""
    club.organization.group_chat_id = GROUP
    made = factories.member(session, club.organization, now, "Gro Moe")
    session.execute(delete(AccountLink).where(AccountLink.user_id == made.user_id))
    return made


def entered(
    session: Session, c: Club, by: Actor, gro: Actor, now: datetime, first: int = 0, last: int = 2
) -> Rental:
    """The stove for Gro, asked for by this lender."""
    draft = request.open_draft(Tx(session, now, by))
    baskets.put(Tx(session, now, by), draft, c.stove.id, 1)
    on_behalf.enter_for(Tx(session, now, by), draft.id, gro.user_id)
    request.set_period(Tx(session, now), draft, days(now, first, last))
    return request.request(Tx(session, now, by), draft.id)


def news(session: Session, who: Actor) -> list[str]:
    """List what goes to this person's chat: each card or message, by its kind."""
    rows = session.execute(
        select(OutboxMessage.kind, Card.kind)
        .outerjoin(Card, Card.id == OutboxMessage.card_id)
        .where(OutboxMessage.chat_id == who.account_id)
        .order_by(OutboxMessage.id)
    ).all()
    return [card or kind for kind, card in rows]


def forget_news(session: Session) -> None:
    session.execute(delete(OutboxMessage))
    session.execute(delete(Card))


def test_the_answer_goes_to_who_asked(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """A rental's yes, no, cancellation and expiry reach the person who entered it, except their own acts."""
    rental = entered(session, club, club.lars, gro, now, 1, 2)
    assert news(session, club.lars) == []
    approval.approve(Tx(session, now, club.anna), rental.id)
    assert (news(session, club.lars), news(session, club.anna)) == ([notifications.DESK_CARD], [])
    forget_news(session)
    approval.cancel(Tx(session, now, club.anna), rental.id)
    assert news(session, club.lars) == [notifications.DESK_CARD]
    forget_news(session)
    rental = entered(session, club, club.lars, gro, now, 1, 2)
    approval.decline(Tx(session, now, club.anna), rental.id, reason="Too long")
    assert news(session, club.lars) == [notifications.DESK_CARD]
    forget_news(session)
    rental = entered(session, club, club.anna, gro, now, 1, 2)
    approval.approve(Tx(session, now, club.anna), rental.id)
    assert news(session, club.anna) == []
    approval.expire(Tx(session, rental.expires_at or now), rental)
    assert (news(session, club.anna), news(session, club.lars)) == ([notifications.DESK_CARD], [])


def test_then_to_who_handed_it_out(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """A damage, more time and the return: of what is out, and afterwards of what was."""
    rental = entered(session, club, club.lars, gro, now)
    approval.approve(Tx(session, now, club.anna), rental.id)
    forget_news(session)
    checkout.hand_out(Tx(session, now, club.anna), rental.id)
    assert recipients.stand_ins(Tx(session, now), rental) == [club.anna.account_id]
    assert (news(session, club.anna), news(session, club.lars)) == ([], [])
    checkin.report_problem(Tx(session, now, club.lars), rental.id, note="Leaks")
    assert (news(session, club.anna), news(session, club.lars)) == ([notifications.DESK_CARD], [])
    forget_news(session)
    checkin.take_back(Tx(session, now, club.lars), rental.id)
    assert (news(session, club.anna), news(session, club.lars)) == ([notifications.DESK_CARD], [])


def test_a_reminder_of_who_stands_in(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """It goes to who handed it out, and changes there when another lender takes it back; Kari's does not."""
    rental = entered(session, club, club.lars, gro, now)
    approval.approve(Tx(session, now, club.anna), rental.id)
    checkout.hand_out(Tx(session, now, club.anna), rental.id)
    factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 1))
    forget_news(session)
    assert reminders.queue(Tx(session, now + 2 * DAY, within=club.organization.id)) == 2
    assert (news(session, club.anna), news(session, club.kari)) == 2 * ([kinds.REMINDER],)
    session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT))
    session.expire_all()
    checkin.take_back(Tx(session, now + 2 * DAY, club.lars), rental.id)
    changed = session.scalars(select(OutboxMessage).filter_by(kind=kinds.REMINDER, renew=False)).all()
    assert [(row.chat_id, row.rings) for row in changed] == [(club.anna.account_id, False)]


def test_who_blocked_the_bot(session: Session, club: Club, now: datetime) -> None:
    """The answer to a member's question for more time goes to who handed it out, once they block the bot."""
    rental = factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    set_policy(session, club.organization, extension_approval=True)
    asked = extension.ask(Tx(session, now, club.kari), rental.id, now + 2 * DAY)
    session.get_one(ChatAccount, club.kari.account_id).blocked_at = now
    session.flush()
    forget_news(session)
    extension.decline(Tx(session, now, club.anna), asked.id)
    assert news(session, club.lars) == ["extension_declined"]
    assert news(session, club.kari) == []


def test_what_is_taken_from_them(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """The person who entered a rental is told of an item that goes to repair."""
    rental = entered(session, club, club.lars, gro, now, 1, 2)
    approval.approve(Tx(session, now, club.anna), rental.id)
    forget_news(session)
    condition.change(Tx(session, now, club.anna), item(session, "S1").id, Condition.IN_REPAIR, reason="Leaks")
    assert news(session, club.lars) == [reallocation.WITHDRAWN]


def test_late_and_waiting(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """The person who entered it is told as the desk is and chooses something else; another lender may not."""
    late = factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    rental = entered(session, club, club.lars, gro, now, 2, 3)
    approval.approve(Tx(session, now, club.anna), rental.id)
    forget_news(session)
    later = (late.due_at or now) + 2 * HOUR
    for _ in range(2):
        late_conflicts.queue(Tx(session, later, within=club.organization.id))
    assert news(session, club.lars) == [kinds.LATE_DESK]
    rows = session.scalars(select(OutboxMessage.chat_id).filter_by(kind=kinds.LATE_DESK)).all()
    assert sorted(rows) == [GROUP, club.lars.account_id]
    club.stove.type = "cooking"
    cooker = factories.equipment(session, club.organization, now, "Cooker", "C1", type="cooking")
    other = factories.member(session, club.organization, now, "Liv Lender", Role.LENDER)
    with refuses(session, Refused.NOT_ALLOWED):
        alternatives.other_equipment(Tx(session, later, other), rental.id, club.stove.id, cooker.id)
    alternatives.other_equipment(Tx(session, later, club.lars), rental.id, club.stove.id, cooker.id)
    assert codes(session, rental, ClaimStatus.HELD) == ["C1"]


def test_only_who_still_lends(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """A former lender reads nothing of others any more; then the next closest does."""
    rental = entered(session, club, club.lars, gro, now)
    approval.approve(Tx(session, now, club.anna), rental.id)
    checkout.hand_out(Tx(session, now, club.anna), rental.id)
    session.get_one(User, club.anna.user_id).role = Role.USER
    assert recipients.accounts(Tx(session, now), rental) == [club.lars.account_id]
    session.get_one(User, club.lars.user_id).active_until = now
    assert recipients.accounts(Tx(session, now), rental) == []


def test_who_can_be_written_to_is(session: Session, club: Club, now: datetime) -> None:
    """Nobody stands in for them."""
    rental = factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    assert recipients.stand_ins(Tx(session, now), rental) == []
    assert recipients.accounts(Tx(session, now), rental) == [club.kari.account_id]
