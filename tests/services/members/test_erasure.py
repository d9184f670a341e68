"""Being forgotten, where the whole program does not show it: see tests/e2e/members/test_me.py."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import FORMER_MEMBER, AuditEntry, Card, Claim, Invite, JoinRequest, OutboxMessage
from db.states import OutboxStatus, Role
from services.core import identity
from services.core.tx import Tx
from services.desk import checkin
from services.maintenance import damage
from services.members import invites
from services.members.departure import erasure
from services.messaging import conversations, kinds, notifications, outbox
from services.onboarding import join_requests
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import set_policy

NORA = 77
"""Her account."""

GROUP = -100


def test_what_somebody_said_when_asking_to_join_goes(session: Session, club: Club, now: datetime) -> None:
    """Name, answers and why not, in the request, in the audit, and in a link that was made out to that
    name; that somebody asked, and was let in, stays.
    """
    of = club.organization.id
    invites.new(Tx(session, now, within=of), role=Role.USER, first_name="Nora", last_name="Dahl")
    set_policy(session, club.organization, join_requests=True, ask=("email",))
    identity.remember_account(Tx(session, now), account_id=NORA, first_name="Nora", language="en")

    def asks() -> int:
        return join_requests.ask(
            Tx(session, now),
            account_id=NORA,
            organization_id=of,
            first_name="Nora",
            last_name="Dahl",
            told={"email": "nora@example.org"},
        ).id

    join_requests.decline(Tx(session, now, club.anna), asks(), reason="Nora Dahl is too young")
    join_requests.approve(Tx(session, now, club.anna), asks())
    nora = identity.resolve(Tx(session, now), account_id=NORA, organization_id=of)
    erasure.forget(Tx(session, now, nora), seen=[])
    session.expire_all()
    kept = session.scalars(select(JoinRequest)).all()
    assert session.scalars(select(Invite.first_name)).all() == [None]
    assert [(k.first_name, k.last_name, k.told, k.reason) for k in kept] == [(FORMER_MEMBER, "", {}, "")] * 2
    told = [str(entry.details) for entry in session.scalars(select(AuditEntry))]
    assert [words for words in told if "Nora" in words or "Dahl" in words or "example" in words] == []
    assert "admit" in session.scalars(select(AuditEntry.action)).all()


def test_a_question_that_is_over_still_loses_its_buttons(session: Session, club: Club, now: datetime) -> None:
    """The message that takes them away may wait behind other answers; what was sent before is erased."""
    of = club.organization.id
    chat = identity.accounts_of(session, club.kari.user_id)[0]
    tx = Tx(session, now, within=of)
    for number in (1, 2):
        outbox.render_card(tx, conversations.CARD, number, chat_id=chat, organization_id=of)
        if number == 1:
            session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT))
    session.expire_all()
    erasure.forget(Tx(session, now, club.kari), seen=[])
    own = select(Card.subject_id).where(Card.chat_id == chat, Card.kind == conversations.CARD)
    assert session.scalars(own).all() == [2]
    assert session.scalars(own.join(OutboxMessage, OutboxMessage.card_id == Card.id)).all() == [2]


def test_the_questions_in_the_group_lose_the_name(session: Session, club: Club, now: datetime) -> None:
    """About a return, and about damage: they are drawn once more, without the name."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    claim = session.scalars(select(Claim).filter_by(rental_id=rental.id)).one()
    note = damage.report(Tx(session, now, club.kari), rental.id, claim.id, "pole broken")
    checkin.take_back(Tx(session, now, club.lars), rental.id)
    tx = Tx(session, now, within=club.organization.id)
    for kind, subject in ((kinds.UNCONFIRMED, rental.id), (notifications.DAMAGE_CARD, note.id)):
        outbox.render_card(tx, kind, subject, chat_id=GROUP)
    session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT))
    session.expire_all()
    erasure.forget(Tx(session, now, club.kari), seen=[])
    drawn = session.scalars(select(OutboxMessage.kind).filter_by(chat_id=GROUP, status=OutboxStatus.PENDING))
    assert {kinds.UNCONFIRMED, notifications.DAMAGE_CARD} <= set(drawn)
