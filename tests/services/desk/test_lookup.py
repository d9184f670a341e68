"""An item in somebody's hand at the desk: what it is for today, and what else is known of it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from db.models import Block, Claim, Item, Rental
from db.states import ClaimStatus, Condition
from services.core.actor import Actor
from services.core.tx import Tx
from services.desk import checkout, lookup, swaps
from services.rentals import approval
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import claims
from tests.services.permissions.assertions import item as item_named


def named(session: Session, c: Club, now: datetime, code: str) -> lookup.AtHand:
    return lookup.at_hand(Tx(session, now, c.lars), item_named(session, code))


def approved(
    session: Session, c: Club, who: Actor, now: datetime, first: int, last: int, code: str = ""
) -> Rental:
    """A tent, or this very one, approved from so many days ahead."""
    draft = request.open_draft(Tx(session, now, who))
    item_id = item_named(session, code).id if code else None
    baskets.put(Tx(session, now, who), draft, c.tent.id, 1, item_id=item_id)
    request.set_period(Tx(session, now), draft, days(now, first, last))
    rental = request.request(Tx(session, now, who), draft.id)
    return approval.approve(Tx(session, now, c.anna), rental.id)


def piece(session: Session, rental: Rental) -> tuple[str, ClaimStatus]:
    (claim,) = claims(session, rental)
    return session.get_one(Item, claim.item_id).code, claim.status


def test_todays_rental_comes_before_a_later_one(session: Session, club: Club, now: datetime) -> None:
    """Kari has T1 promised today and T2 from 10 December: with T2 in hand it is today's that goes out."""
    today = approved(session, club, club.kari, now, 0, 2)
    later = approved(session, club, club.kari, now, 9, 11, "T2")
    assert [piece(session, r)[0] for r in (today, later)] == ["T1", "T2"]
    found = named(session, club, now, "T2")
    assert found.today is None and found.later is not None and found.later.rental.id == later.id
    assert [use.rental.id for use in found.instead] == [today.id]
    swaps.hand_out_instead(
        Tx(session, now, club.lars), found.instead[0].claim.id, item_named(session, "T2").id
    )
    assert piece(session, today) == ("T2", ClaimStatus.OUT)
    assert piece(session, later) == ("T2", ClaimStatus.HELD)


def test_several_go_out_today_and_nobody_is_chosen(session: Session, club: Club, now: datetime) -> None:
    """Kari and Ola each fetch a tent: T3 could be either's, in the order of their times."""
    rentals = [approved(session, club, who, now, 0, 2) for who in (club.kari, club.ola)]
    found = named(session, club, now, "T3")
    assert [use.rental.id for use in found.instead] == [r.id for r in rentals]


def test_who_asked_for_this_very_item_is_not_offered_another(
    session: Session, club: Club, now: datetime
) -> None:
    """Kari asked for T1 by its code: T2 in hand is not for her."""
    approved(session, club, club.kari, now, 0, 2, "T1")
    assert named(session, club, now, "T2").instead == ()


def test_an_item_that_cannot_stand_in_is_offered_to_nobody(
    session: Session, club: Club, now: datetime
) -> None:
    """T2 is promised by its code to Ola from tomorrow: Kari, today until Thursday, cannot have it. Nor one
    in repair."""
    approved(session, club, club.kari, now, 0, 2, "")
    approved(session, club, club.ola, now, 1, 3, "T2")
    assert named(session, club, now, "T2").instead == ()
    item_named(session, "T3").condition = Condition.IN_REPAIR
    session.flush()
    assert named(session, club, now, "T3").instead == ()


def test_what_is_known_of_the_others(session: Session, club: Club, now: datetime) -> None:
    """One that is out is with its rental, a free one has nothing, and a blocked one says until when."""
    rental = factories.handed_out(session, club, now, days(now, 0, 2), (club.stove, 1))
    found = named(session, club, now, "S1")
    assert found.today is not None and found.today.rental.id == rental.id
    assert named(session, club, now, "T3") == lookup.AtHand(None)
    until = now + timedelta(days=4)
    session.add(
        Claim(
            organization_id=club.organization.id,
            item_id=item_named(session, "T3").id,
            block_id=block(session, club, now),
            status=ClaimStatus.HELD,
            starts_at=now - timedelta(days=1),
            blocked_until=until,
        )
    )
    session.flush()
    assert named(session, club, now, "T3").blocked_until == until
    assert checkout.current_claim(Tx(session, now, club.lars), item_named(session, "T3").id) is None


def block(session: Session, c: Club, now: datetime) -> int:
    row = Block(organization_id=c.organization.id, created_at=now)
    session.add(row)
    session.flush()
    return row.id
