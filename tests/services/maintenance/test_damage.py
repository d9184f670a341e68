"""Damages are written down, told, taken to repair and closed; lost things are lost until they are found."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Card, Claim, DamageNote, Item, Organization, OutboxMessage, Rental
from db.states import ClaimStatus, Condition, RentalStatus
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.inventory import condition
from services.maintenance import damage, loss
from services.messaging import notifications
from services.rentals import approval, extension, reminders
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import refuses


def item(session: Session, club: Club, code: str = "T1") -> Item:
    session.expire_all()
    return session.scalars(select(Item).filter_by(organization_id=club.organization.id, code=code)).one()


def claim(session: Session, rental: Rental) -> Claim:
    session.expire_all()
    return session.scalars(select(Claim).filter_by(rental_id=rental.id)).one()


def actions(session: Session, club: Club, code: str = "T1") -> list[str]:
    """List the audit's actions on an item."""
    return list(
        session.scalars(
            select(AuditEntry.action)
            .filter_by(subject="item", subject_id=item(session, club, code).id)
            .order_by(AuditEntry.id)
        )
    )


@pytest.fixture
def out(session: Session, club: Club, now: datetime) -> Rental:
    return factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 1))


def report(session: Session, club: Club, now: datetime, rental: Rental, note: str = "Bent") -> DamageNote:
    return damage.report(Tx(session, now, club.kari), rental.id, claim(session, rental).id, note)


def test_a_member_says_what_is_wrong(session: Session, club: Club, now: datetime, out: Rental) -> None:
    """On the rental and on the thing; the thing is damaged when it is back, not before."""
    row = report(session, club, now, out)
    assert [n.id for n in damage.open_ones(session, item(session, club).id)] == [row.id]
    assert (row.note, row.reported_by, row.claim_id) == ("Bent", club.kari.user_id, claim(session, out).id)
    assert claim(session, out).problem == "Bent"
    assert item(session, club).condition is Condition.OK
    checkin.take_back(Tx(session, now, club.lars), out.id)
    assert item(session, club).condition is Condition.DAMAGED
    assert actions(session, club) == ["damage", "condition"]


def test_what_is_in_repair_stays_there_when_it_comes_back(
    session: Session, club: Club, now: datetime, out: Rental
) -> None:
    """A return with a problem makes nothing better than it is."""
    row = report(session, club, now, out)
    damage.take_out(Tx(session, now, club.lars), row.id)
    checkin.take_back(Tx(session, now, club.lars), out.id)
    assert item(session, club).condition is Condition.IN_REPAIR


def test_others_say_nothing_about_it(session: Session, club: Club, now: datetime, out: Rental) -> None:
    """Neither through somebody else's rental nor through another item or organisation."""
    held = claim(session, out)
    with refuses(session, Refused.NOT_FOUND):
        damage.report(Tx(session, now, club.ola), out.id, held.id, "Bent")
    with refuses(session, Refused.NOT_ALLOWED):
        damage.open_note(Tx(session, now, club.ola), held.item_id, "Bent")
    with refuses(session, Refused.NOT_ALLOWED):
        damage.open_note(Tx(session, now, club.ola), held.item_id, "Bent", claim_id=held.id)
    with refuses(session, Refused.NOT_FOUND):
        damage.open_note(Tx(session, now, club.kari), item(session, club, "T3").id, "Bent", claim_id=held.id)
    other = factories.club(session, now, "Turlaget")
    for work in (
        lambda: damage.open_note(Tx(session, now, other.anna), held.item_id, "Bent"),
        lambda: loss.declare(Tx(session, now, other.anna), held.item_id, reason=""),
        lambda: loss.declare_of(Tx(session, now, other.anna), held.id, reason=""),
        lambda: condition.change(Tx(session, now, other.anna), held.item_id, Condition.OK),
    ):
        with refuses(session, Refused.NOT_FOUND):
            work()


def test_a_note_says_something_and_not_too_much(session: Session, club: Club, now: datetime) -> None:
    """An empty one and a long one are refused."""
    stove = item(session, club, "S1").id
    with refuses(session, Refused.TEXT_EXPECTED):
        damage.open_note(Tx(session, now, club.lars), stove, "  ")
    with refuses(session, Refused.TOO_MUCH_TEXT):
        damage.open_note(Tx(session, now, club.lars), stove, "x" * 501)


def test_what_lies_here_is_damaged_at_once(session: Session, club: Club, now: datetime) -> None:
    """And still lent."""
    damage.open_note(Tx(session, now, club.lars), item(session, club, "S1").id, "Leaks")
    assert item(session, club, "S1").condition is Condition.DAMAGED
    assert item(session, club, "S1").version == 2


def test_out_of_lending_moves_those_who_are_promised_it(session: Session, club: Club, now: datetime) -> None:
    """A member who can have another item gets it and hears nothing; one who cannot reads what is wrong."""
    ola = factories.requested(session, club.ola, now, days(now, 3, 4), (club.tent, 3))
    approval.approve(Tx(session, now, club.anna), ola.id)
    kari = factories.requested(session, club.kari, now, days(now, 6, 7), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), kari.id)
    which = claim(session, kari).item_id
    code = session.get_one(Item, which).code
    row = damage.open_note(Tx(session, now, club.lars), which, "Torn")
    told = damage.take_out(Tx(session, now, club.lars), row.id)
    assert [loss.rental_id for loss in told] == [ola.id]
    assert claim(session, kari).item_id != which
    assert item(session, club, code).condition is Condition.IN_REPAIR
    said = session.scalars(select(OutboxMessage).filter_by(kind="withdrawn")).all()
    assert [message.params["reason"] for message in said] == ["Torn"]
    assert damage.take_out(Tx(session, now, club.lars), row.id) == []


def test_repaired_is_lent_again_when_nothing_else_is_wrong(
    session: Session, club: Club, now: datetime
) -> None:
    """By an admin; the second time is told who did."""
    stove = item(session, club, "S1").id
    first = damage.open_note(Tx(session, now, club.lars), stove, "Leaks")
    second = damage.open_note(Tx(session, now, club.lars), stove, "Smells")
    damage.take_out(Tx(session, now, club.lars), first.id)
    with refuses(session, Refused.NOT_ALLOWED):
        damage.close(Tx(session, now, club.lars), first.id)
    damage.close(Tx(session, now, club.anna), first.id)
    assert item(session, club, "S1").condition is Condition.IN_REPAIR
    damage.close(Tx(session, now, club.anna), second.id)
    assert item(session, club, "S1").condition is Condition.OK
    assert damage.open_ones(session, stove) == []
    with pytest.raises(Refusal) as again:
        damage.close(Tx(session, now, club.anna), second.id)
    assert (again.value.code, again.value.data["by"]) == (Refused.DAMAGE_CLOSED, "Anna Admin")
    with refuses(session, Refused.DAMAGE_CLOSED):
        damage.take_out(Tx(session, now, club.lars), second.id)


def test_those_who_decide_are_told_once(session: Session, club: Club, now: datetime, out: Rental) -> None:
    """Not before the picture may have come; with it at once."""
    session.get_one(Organization, club.organization.id).group_chat_id = -500
    session.flush()
    row = report(session, club, now, out)
    damage.tell(Tx(session, now), row, not_before=now + timedelta(minutes=3))
    damage.tell(Tx(session, now + timedelta(minutes=1)), row)
    card = session.scalars(select(Card).filter_by(kind=notifications.DAMAGE_CARD)).one()
    message = session.scalars(select(OutboxMessage).filter_by(card_id=card.id)).one()
    assert (card.chat_id, card.subject_id) == (-500, row.id)
    assert message.not_before == now + timedelta(minutes=1)


# Lost


def test_a_lost_piece_ends_the_rental(session: Session, club: Club, now: datetime, out: Rental) -> None:
    """Claim and item are lost, the rental is over, nobody is reminded, and an open question is withdrawn."""
    extension.ask(Tx(session, now, club.kari), out.id, now + timedelta(days=3))
    loss.declare_of(Tx(session, now, club.lars), claim(session, out).id, reason="Lost")
    assert claim(session, out).status is ClaimStatus.LOST
    assert session.get_one(Rental, out.id).status is RentalStatus.RETURNED
    assert item(session, club).condition is Condition.LOST
    assert actions(session, club) == ["condition"]
    late = now + timedelta(days=9)
    assert reminders.overdue(Tx(session, late, within=club.organization.id), per_page=9) == ([], 0)
    assert reminders.queue(Tx(session, late, within=club.organization.id)) == 0
    with refuses(session, Refused.ALREADY):
        loss.declare_of(Tx(session, now, club.lars), claim(session, out).id, reason="Lost")


def test_what_else_is_out_stays_out(session: Session, club: Club, now: datetime) -> None:
    """The rental goes on with the rest, and ends when that is back."""
    rental = factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 2))
    first, second = checkout.claims_of(session, rental, ClaimStatus.OUT)
    loss.declare_of(Tx(session, now, club.lars), first.id, reason="Lost")
    assert session.get_one(Rental, rental.id).status is RentalStatus.OUT
    checkin.take_back(Tx(session, now, club.lars), rental.id)
    assert session.get_one(Rental, rental.id).status is RentalStatus.RETURNED
    session.expire_all()
    assert (first.status, second.status) == (ClaimStatus.LOST, ClaimStatus.RETURNED)


def test_a_lost_thing_is_promised_to_nobody(session: Session, club: Club, now: datetime, out: Rental) -> None:
    """A member who was to have the lost thing next gets another, or is told."""
    ola = factories.requested(session, club.ola, now, days(now, 3, 4), (club.tent, 3))
    told = loss.declare(Tx(session, now, club.lars), claim(session, out).item_id, reason="Lost")
    assert [loss.rental_id for loss in told] == [ola.id]
    assert loss.declare(Tx(session, now, club.lars), item(session, club).id, reason="Lost") == []


def test_members_do_not_declare_things_lost(session: Session, club: Club, now: datetime, out: Rental) -> None:
    """Not even what they have themselves."""
    with refuses(session, Refused.NOT_ALLOWED):
        loss.declare_of(Tx(session, now, club.kari), claim(session, out).id, reason="Lost")
    with refuses(session, Refused.NOT_FOUND):
        loss.declare_of(Tx(session, now, club.ola), claim(session, out).id, reason="Lost")


@pytest.mark.parametrize("condition", [Condition.OK, Condition.DAMAGED])
def test_found_again(session: Session, club: Club, now: datetime, out: Rental, condition: Condition) -> None:
    """It is lent again; that it was lost then stays on the rental and in the audit."""
    loss.declare_of(Tx(session, now, club.lars), claim(session, out).id, reason="Lost")
    loss.find(Tx(session, now, club.lars), item(session, club).id, condition)
    assert item(session, club).condition is condition
    assert claim(session, out).status is ClaimStatus.LOST
    assert actions(session, club) == ["condition", "condition"]
    with refuses(session, Refused.NOT_LOST):
        loss.find(Tx(session, now, club.lars), item(session, club).id, condition)


def test_what_is_retired_and_out_may_be_lost(
    session: Session, club: Club, now: datetime, out: Rental
) -> None:
    """The rental ends; the thing stays retired."""
    item(session, club).condition = Condition.RETIRED
    session.flush()
    loss.declare_of(Tx(session, now, club.lars), claim(session, out).id, reason="Lost")
    assert session.get_one(Rental, out.id).status is RentalStatus.RETURNED
    assert item(session, club).condition is Condition.RETIRED
    with refuses(session, Refused.ITEM_NOT_LENDABLE):
        loss.declare(Tx(session, now, club.lars), item(session, club).id, reason="Lost")
