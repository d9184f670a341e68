"""What a member is to know reaches a lender where nobody can write to the member."""

from datetime import datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import AccountLink, Card, ChatAccount, OutboxMessage, Rental, User
from db.states import ClaimStatus, Condition, Role
from services import (
    behalf,
    choosing,
    decisions,
    extensions,
    fitness,
    handovers,
    notices,
    reach,
    rentals,
    waiting,
    withdrawals,
)
from services.errors import Refused
from services.people import Actor
from tests import support
from tests.services.asking import DAY, HOUR, codes, item, refuses, set_policy
from tests.support import Club, days

GROUP = -100


@pytest.fixture
def gro(session: Session, club: Club, now: datetime) -> Actor:
    """A member without Telegram; the club has a group."""
    club.organization.group_chat_id = GROUP
    made = support.member(session, club.organization, now, "Gro Moe")
    session.execute(delete(AccountLink).where(AccountLink.user_id == made.user_id))
    return made


def entered(
    session: Session, c: Club, by: Actor, gro: Actor, now: datetime, first: int = 0, last: int = 2
) -> Rental:
    """The stove for Gro, asked for by this lender."""
    draft = rentals.open_draft(session, by, now)
    rentals.put(session, by, draft, c.stove.id, 1)
    behalf.enter_for(session, by, draft.id, gro.user_id, now)
    rentals.set_period(session, draft, days(now, first, last), now)
    return rentals.request(session, by, draft.id, now)


def news(session: Session, who: Actor) -> list[str]:
    """What goes to this person's chat: each card or message, by its kind."""
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
    """Whoever entered it hears of a yes, a no, a cancellation and the end of its time; not of their own."""
    rental = entered(session, club, club.lars, gro, now, 1, 2)
    assert news(session, club.lars) == []
    decisions.approve(session, club.anna, rental.id, now)
    assert (news(session, club.lars), news(session, club.anna)) == ([notices.DESK_CARD], [])
    forget_news(session)
    decisions.cancel(session, club.anna, rental.id, now)
    assert news(session, club.lars) == [notices.DESK_CARD]
    forget_news(session)
    rental = entered(session, club, club.lars, gro, now, 1, 2)
    decisions.decline(session, club.anna, rental.id, now, reason="Too long")
    assert news(session, club.lars) == [notices.DESK_CARD]
    forget_news(session)
    rental = entered(session, club, club.anna, gro, now, 1, 2)
    decisions.approve(session, club.anna, rental.id, now)
    assert news(session, club.anna) == []
    decisions.expire(session, rental, rental.expires_at or now)
    assert (news(session, club.anna), news(session, club.lars)) == ([notices.DESK_CARD], [])


def test_then_to_who_handed_it_out(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """A damage, more time and the return: of what is out, and afterwards of what was."""
    rental = entered(session, club, club.lars, gro, now)
    decisions.approve(session, club.anna, rental.id, now)
    forget_news(session)
    handovers.hand_out(session, club.anna, rental.id, now)
    assert reach.stand_ins(session, rental, now) == [club.anna.account_id]
    assert (news(session, club.anna), news(session, club.lars)) == ([], [])
    handovers.report_problem(session, club.lars, rental.id, now, note="Leaks")
    assert (news(session, club.anna), news(session, club.lars)) == ([notices.DESK_CARD], [])
    forget_news(session)
    handovers.take_back(session, club.lars, rental.id, now)
    assert (news(session, club.anna), news(session, club.lars)) == ([notices.DESK_CARD], [])


def test_who_blocked_the_bot(session: Session, club: Club, now: datetime) -> None:
    """The answer to a member's question for more time goes to who handed it out, once they block the bot."""
    rental = support.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    set_policy(session, club.organization, extension_approval=True)
    asked = extensions.ask(session, club.kari, rental.id, now + 2 * DAY, now)
    session.get_one(ChatAccount, club.kari.account_id).blocked_at = now
    session.flush()
    forget_news(session)
    extensions.decline(session, club.anna, asked.id, now)
    assert news(session, club.lars) == ["extension_declined"]
    assert news(session, club.kari) == []


def test_what_is_taken_from_them(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """What goes to repair is told to who entered it."""
    rental = entered(session, club, club.lars, gro, now, 1, 2)
    decisions.approve(session, club.anna, rental.id, now)
    forget_news(session)
    fitness.change(session, club.anna, now, item(session, "S1").id, Condition.IN_REPAIR, reason="Leaks")
    assert news(session, club.lars) == [withdrawals.WITHDRAWN]


def test_late_and_waiting(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """Who entered it is told as the desk is, and chooses something else; another lender may not."""
    late = support.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    rental = entered(session, club, club.lars, gro, now, 2, 3)
    decisions.approve(session, club.anna, rental.id, now)
    forget_news(session)
    later = (late.due_at or now) + 2 * HOUR
    for _ in range(2):
        waiting.queue(session, club.organization, later)
    assert news(session, club.lars) == [waiting.LATE_DESK]
    rows = session.scalars(select(OutboxMessage.chat_id).filter_by(kind=waiting.LATE_DESK)).all()
    assert sorted(rows) == [GROUP, club.lars.account_id]
    club.stove.type = "cooking"
    cooker = support.equipment(session, club.organization, now, "Cooker", "C1", type="cooking")
    other = support.member(session, club.organization, now, "Liv Lender", Role.LENDER)
    with refuses(session, Refused.NOT_ALLOWED):
        choosing.other_equipment(session, other, rental.id, club.stove.id, cooker.id, later)
    choosing.other_equipment(session, club.lars, rental.id, club.stove.id, cooker.id, later)
    assert codes(session, rental, ClaimStatus.HELD) == ["C1"]


def test_only_who_still_lends(session: Session, club: Club, gro: Actor, now: datetime) -> None:
    """A former lender reads nothing of others any more; then the next closest does."""
    rental = entered(session, club, club.lars, gro, now)
    decisions.approve(session, club.anna, rental.id, now)
    handovers.hand_out(session, club.anna, rental.id, now)
    session.get_one(User, club.anna.user_id).role = Role.USER
    assert reach.accounts(session, rental, now) == [club.lars.account_id]
    session.get_one(User, club.lars.user_id).active_until = now
    assert reach.accounts(session, rental, now) == []


def test_who_can_be_written_to_is(session: Session, club: Club, now: datetime) -> None:
    """Nobody stands in for them."""
    rental = support.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    assert reach.stand_ins(session, rental, now) == []
    assert reach.accounts(session, rental, now) == [club.kari.account_id]
