"""Answers, hand-overs, baskets and limits: the same thing done by two processes at the same moment."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Rental
from db.session import Database
from db.states import OCCUPYING, ClaimStatus, RentalStatus, Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkout
from services.rentals import approval
from services.rentals.booking import baskets, on_behalf, request
from tests import factories
from tests.factories import days
from tests.races.harness.acting import claim_statuses, members, noted, prepared, race, require_one
from tests.races.harness.processes import DONE, Racers
from tests.races.harness.rounds import each_round, round_count
from tests.transactions import in_tx


def test_one_of_two_answers_counts(database: Database, racers: Racers, now: datetime) -> None:
    """One admin approves, another declines: the request has one answer, its stock follows that one."""

    def prepare(session: Session) -> tuple[list[int], Actor, Actor]:
        club = factories.club(session, now)
        berit = factories.member(session, club.organization, now, "Berit Admin", Role.ADMIN)
        asked = [
            factories.requested(session, member, now, days(now, 1, 3), (club.tent, 1)).id
            for member in members(session, club, now)
        ]
        return asked, club.anna, berit

    asked, anna, berit = prepared(database, prepare)
    outcomes = race(
        racers,
        database,
        [
            (
                in_tx(approval.approve, now, anna, rental_id=rental_id),
                in_tx(approval.decline, now, berit, rental_id=rental_id),
            )
            for rental_id in asked
        ],
    )
    require_one(outcomes, Refused.ALREADY)

    def check(session: Session) -> None:
        for rental_id, (approved, _) in zip(asked, outcomes, strict=True):
            rental = session.get_one(Rental, rental_id)
            stands = rental.status, rental.decided_by, claim_statuses(session, rental_id)
            if approved.result == DONE:
                assert stands == (RentalStatus.APPROVED, anna.user_id, [ClaimStatus.HELD])
            else:
                assert stands == (RentalStatus.DECLINED, berit.user_id, [ClaimStatus.RELEASED])
            assert noted(session, rental_id, "approve", "decline") == 1

    database.read_now(check)


def test_one_of_two_lenders_hands_out(database: Database, racers: Racers, now: datetime) -> None:
    """The other reads that it is out; it went out once, from one of them."""

    def prepare(session: Session) -> tuple[list[int], Actor, Actor]:
        club = factories.club(session, now)
        approved = []
        for member in members(session, club, now):
            rental = factories.requested(session, member, now, days(now, 0, 3), (club.tent, 2))
            approved.append(approval.approve(Tx(session, now, club.anna), rental.id).id)
        return approved, club.lars, club.anna

    approved, lars, anna = prepared(database, prepare)
    outcomes = race(
        racers,
        database,
        [
            (
                in_tx(checkout.hand_out, now, lars, rental_id=rental_id),
                in_tx(checkout.hand_out, now, anna, rental_id=rental_id),
            )
            for rental_id in approved
        ],
    )
    require_one(outcomes, Refused.ALREADY)

    def check(session: Session) -> None:
        for rental_id, (by_lars, _) in zip(approved, outcomes, strict=True):
            by = lars if by_lars.result == DONE else anna
            out = session.scalars(select(Claim).filter_by(rental_id=rental_id)).all()
            assert [(claim.status, claim.out_by) for claim in out] == 2 * [(ClaimStatus.OUT, by.user_id)]
            assert noted(session, rental_id, "hand_out") == 1

    database.read_now(check)


def test_one_basket_sent_twice_is_one_request(database: Database, racers: Racers, now: datetime) -> None:
    """A double tap that reaches two processes: asked for once, with the stock for one."""

    def prepare(session: Session) -> list[tuple[Actor, int]]:
        club = factories.club(session, now)
        return [(member, basket(session, member, club.tent, now)) for member in members(session, club, now)]

    baskets = prepared(database, prepare)
    sent = [in_tx(request.request, now, member, rental_id=draft) for member, draft in baskets]
    require_one(race(racers, database, [(act, act) for act in sent]), Refused.ALREADY)

    def check(session: Session) -> None:
        for _, rental_id in baskets:
            assert claim_statuses(session, rental_id) == [ClaimStatus.HELD]
            assert noted(session, rental_id, "request") == 1

    database.read_now(check)


def basket(session: Session, member: Actor, equipment: Equipment, now: datetime) -> int:
    draft = request.open_draft(Tx(session, now, member))
    baskets.put(Tx(session, now, member), draft, equipment.id, 1)
    request.set_period(Tx(session, now), draft, days(now, 1, 3))
    return draft.id


def test_the_limit_of_a_member_holds(database: Database, racers: Racers, now: datetime) -> None:
    """One piece at most. What the member sends, and what a lender sends for them: one is too many."""

    def prepare(session: Session) -> list[tuple[tuple[Actor, int], tuple[Actor, int]]]:
        club = factories.club(session, now, most_items=1)
        found = []
        # Different equipment, in baskets that are there already: only the limit brings the two together.
        lamp = factories.equipment(session, club.organization, now, "Lamp", *(f"L{n}" for n in each_round()))
        for number, member in enumerate(members(session, club, now)):
            lender = factories.member(session, club.organization, now, f"Lender {number}", Role.LENDER)
            own, others = basket(session, member, club.tent, now), basket(session, lender, lamp, now)
            on_behalf.enter_for(Tx(session, now, lender), others, member.user_id)
            found.append(((member, own), (lender, others)))
        return found

    baskets = prepared(database, prepare)
    send = request.request
    outcomes = race(
        racers,
        database,
        [
            (in_tx(send, now, member, rental_id=own), in_tx(send, now, lender, rental_id=others))
            for (member, own), (lender, others) in baskets
        ],
    )
    require_one(outcomes, Refused.TOO_MANY)
    counted = select(func.count(Claim.id)).join(Rental, Rental.id == Claim.rental_id)
    counted = counted.where(Claim.status.in_(OCCUPYING)).group_by(Rental.user_id)
    assert database.read_now(lambda s: list(s.scalars(counted))) == round_count() * [1]
