"""Changes and what crosses them, by two processes at the same moment."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Rental
from db.session import Database
from db.states import OCCUPYING, RentalStatus, Role
from services.availability import reservations
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkout
from services.rentals import approval
from services.rentals.booking import baskets, request
from services.rentals.changes import contents, saving
from tests import factories
from tests.factories import days
from tests.races.harness.acting import claim_statuses, members, prepared, race, require_one
from tests.races.harness.processes import DONE, Act, Racers
from tests.transactions import in_tx

FEW = 5
"""Rounds of a race whose sides are held up by the same row anyway."""


class One(NamedTuple):
    """A rental of a round, its member, and those of the desk."""

    rental_id: int
    member: Actor
    anna: Actor
    berit: Actor


def rentals(session: Session, now: datetime, approves: bool) -> list[One]:
    """Each member asked for two tarps; approved where `approves`."""
    club = factories.club(session, now)
    berit = factories.member(session, club.organization, now, "Berit Admin", Role.ADMIN)
    found = []
    for member in members(session, club, now):
        rental = factories.requested(session, member, now, days(now, 0, 3), (club.tent, 2))
        if approves:
            approval.approve(Tx(session, now, club.anna), rental.id)
        found.append(One(rental.id, member, club.anna, berit))
    return found


def change(
    session: Session, actor: Actor, rental_id: int, now: datetime, until: int = 3, pieces: int = 2
) -> None:
    """From the basket to what is sent, in one transaction."""
    tx = Tx(session, now, actor)
    draft = contents.begin(tx, rental_id, 0)
    ((_, equipment_id, _, _),) = baskets.contents(session, draft.id)
    baskets.change_quantity(tx, draft, equipment_id, pieces)
    if until != 3:
        request.set_period(tx, draft, days(now, 0, until))
    saving.send(tx, draft.id)


def act(work: str, one: One, now: datetime) -> Act:
    """One side of a race, by its name."""
    acts: dict[str, Callable[[], Act]] = {
        "fewer": lambda: partial(change, actor=one.member, rental_id=one.rental_id, now=now, pieces=1),
        "hand out": lambda: in_tx(checkout.hand_out, now, one.anna, rental_id=one.rental_id),
        "approve": lambda: in_tx(approval.approve, now, one.anna, rental_id=one.rental_id, revision=0),
        "propose": lambda: partial(change, actor=one.berit, rental_id=one.rental_id, now=now, until=5),
        "some": lambda: partial(change, actor=one.berit, rental_id=one.rental_id, now=now, pieces=1),
        "cancel": lambda: in_tx(approval.cancel, now, one.member, rental_id=one.rental_id),
    }
    return acts[work]()


@pytest.mark.parametrize(
    ("sides", "approves", "ends"),
    [
        # Handed out as it was, or with one piece less: never a piece that was given up.
        (("fewer", "hand out"), True, {RentalStatus.OUT}),
        (("fewer", "approve"), False, {RentalStatus.APPROVED, RentalStatus.REQUESTED}),
        (("propose", "cancel"), False, {RentalStatus.CANCELLED}),
        (("some", "approve"), False, {RentalStatus.APPROVED}),
    ],
)
def test_the_second_reads_how_it_stands(
    database: Database,
    racers: Racers,
    now: datetime,
    sides: tuple[str, str],
    approves: bool,
    ends: set[RentalStatus],
) -> None:
    """Either order, and nothing in between: claims are those of the lines, and somebody always did it."""
    rounds = prepared(database, rentals, now, approves)
    outcomes = race(racers, database, [(act(sides[0], one, now), act(sides[1], one, now)) for one in rounds])
    for pair in outcomes:
        results = Counter(outcome.result for outcome in pair)
        assert results[DONE] >= 1
        assert set(results) <= {DONE, Refused.ALREADY, Refused.CHANGED_MEANWHILE}

    def check(session: Session) -> None:
        for one in rounds:
            rental = session.get_one(Rental, one.rental_id)
            assert rental.status in ends
            pieces = sum(line.quantity for line in reservations.lines_of(session, rental.id))
            alive = rental.status is not RentalStatus.CANCELLED
            taken = [status for status in claim_statuses(session, rental.id) if status in OCCUPYING]
            assert len(taken) == (pieces if alive else 0)

    database.read_now(check)


def asked(session: Session, now: datetime) -> list[tuple[One, int]]:
    """Of each approved rental, a longer time is asked for."""
    found = []
    for one in rentals(session, now, True):
        change(session, one.member, one.rental_id, now, until=5)
        waits = select(Rental.id).filter_by(changes_id=one.rental_id, status=RentalStatus.REQUESTED)
        found.append((one, session.scalars(waits).one()))
    return found


@pytest.mark.parametrize("answer", ["one", "all"])
def test_a_change_is_approved_or_its_rental_handed_out(
    database: Database, racers: Racers, now: datetime, answer: str
) -> None:
    """Never both and never neither; nobody waits for the other for ever."""
    rounds = prepared(database, asked, now)

    def approves(one: One, number: int) -> Act:
        if answer == "all":
            return in_tx(approval.approve_all, now, one.anna, until=now)
        return in_tx(approval.approve, now, one.anna, rental_id=number)

    outcomes = race(
        racers, database, [(approves(one, number), act("hand out", one, now)) for one, number in rounds]
    )
    for pair in outcomes:
        results = {outcome.result for outcome in pair}
        assert results <= {DONE, Refused.ALREADY, Refused.NO_PENDING_REQUESTS}

    def check(session: Session) -> None:
        for one, number in rounds:
            both = session.get_one(Rental, one.rental_id).status, session.get_one(Rental, number).status
            assert both in (
                (RentalStatus.OUT, RentalStatus.CANCELLED),
                (RentalStatus.CANCELLED, RentalStatus.APPROVED),
            )

    database.read_now(check)


class Two(NamedTuple):
    """A rental of one member, and the request of another, for the same only tent."""

    rental_id: int
    member: Actor
    wanted_id: int
    anna: Actor
    berit: Actor


def contested(session: Session, now: datetime) -> list[Two]:
    """One is promised the tent until the third day; another asks for it from the fifth on."""
    club = factories.club(session, now, request_holds=False)
    berit = factories.member(session, club.organization, now, "Berit Admin", Role.ADMIN)
    found = []
    for number, member in enumerate(members(session, club, now)[:FEW]):
        only = factories.equipment(session, club.organization, now, f"Dome {number}", f"D{number}")
        rental = factories.requested(session, member, now, days(now, 0, 3), (only, 1))
        approval.approve(Tx(session, now, club.anna), rental.id)
        wanted = factories.requested(session, club.ola, now, days(now, 4, 6), (only, 1))
        found.append(Two(rental.id, member, wanted.id, club.anna, berit))
    return found


def test_longer_for_one_or_the_request_of_another(database: Database, racers: Racers, now: datetime) -> None:
    """Two admins at once, one makes a rental longer, one approves what somebody else wants then: one wins."""
    rounds = prepared(database, contested, now)

    def acts(one: Two) -> tuple[Act, Act]:
        longer = partial(change, actor=one.berit, rental_id=one.rental_id, now=now, until=5, pieces=1)
        return longer, in_tx(approval.approve, now, one.anna, rental_id=one.wanted_id)

    require_one(race(racers, database, [acts(one) for one in rounds]), Refused.NOT_FREE)

    def check(session: Session) -> None:
        for one in rounds:
            rental, wanted = session.get_one(Rental, one.rental_id), session.get_one(Rental, one.wanted_id)
            is_longer = rental.due_at == days(now, 0, 5).due_at
            assert is_longer is (wanted.status is RentalStatus.REQUESTED)

    database.read_now(check)
