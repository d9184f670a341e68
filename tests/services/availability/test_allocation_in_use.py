"""A request fits whenever each day has an item free: others change items to make room, and nobody notices."""

import threading
from datetime import datetime
from functools import partial
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db.models import AuditEntry, Block, Card, Claim, Equipment, Item, OutboxMessage, Rental, RentalLine
from db.session import Database, met_another
from db.states import OCCUPYING, ClaimStatus, Condition, Role
from services.availability import schedules
from services.availability.schedules import Demand
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.state_machine import change_items
from services.core.tx import Tx
from services.desk import checkin, checkout, swaps
from services.messaging import notifications
from services.rentals import approval, extension
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import DAY, claims, codes, item, refuses, set_condition, set_policy
from tests.transactions import in_tx


def seated(session: Session, c: Club, now: datetime, code: str, first: int, last: int) -> Rental:
    """Ola is promised this tent, as it happens, and not because it is this one."""
    rental = factories.requested(session, c.ola, now, days(now, first, last), (c.tent, 1))
    approval.approve(Tx(session, now, c.anna), rental.id)
    (claim,) = claims(session, rental)
    claim.item_id = item(session, code).id
    session.flush()
    return rental


def scattered(session: Session, c: Club, now: datetime) -> tuple[Rental, Rental]:
    """Two tents; one is free until day 4, the other from day 4 on."""
    set_condition(session, "T3", Condition.RETIRED)
    return seated(session, c, now, "T1", 2, 4), seated(session, c, now, "T2", 4, 6)


def reseats(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).filter_by(action="reseat").order_by(AuditEntry.id)))


def test_a_request_makes_room(session: Session, club: Club, now: datetime) -> None:
    """No tent is free from day 2 to 6, but each day has one: Kari gets it, and Ola another than before."""
    first, second = scattered(session, club, now)
    schedule = schedules.load(Tx(session, now), club.organization.id, [club.tent.id])
    assert schedule.free(club.tent.id, now + 2 * DAY, now + 6 * DAY) == []
    assert schedule.count(club.tent.id, now + 2 * DAY, now + 6 * DAY) == 1
    assert schedule.has([Demand(club.tent.id, 1)], now + 2 * DAY, now + 6 * DAY)
    shortage = schedule.shortage([Demand(club.tent.id, 2)], now + 2 * DAY, now + 6 * DAY)
    assert shortage is not None and shortage.free == 1
    kari = factories.requested(session, club.kari, now, days(now, 2, 6), (club.tent, 1))
    assert len({*codes(session, first), *codes(session, second)}) == 1
    assert codes(session, kari) != codes(session, first)
    (entry,) = reseats(session)
    assert (entry.user_id, entry.subject) == (None, "rental")
    assert entry.subject_id in (first.id, second.id)
    assert entry.details in ({"items": [[1, 2]]}, {"items": [[2, 1]]})


def test_nobody_is_told(session: Session, club: Club, now: datetime) -> None:
    """The cards that show codes are drawn again where they are; no message, and no card where none was."""
    first, second = scattered(session, club, now)
    session.query(OutboxMessage).delete()
    factories.requested(session, club.kari, now, days(now, 2, 6), (club.tent, 1))
    (entry,) = reseats(session)
    others = {first.id, second.id} - {entry.subject_id}
    drawn = session.execute(
        select(Card.kind, Card.subject_id, OutboxMessage.renew, OutboxMessage.chat_id).join(
            Card, Card.id == OutboxMessage.card_id
        )
    ).all()
    assert (notifications.RENTAL_CARD, entry.subject_id, False, club.ola.account_id) in drawn
    assert not any(row.renew and row.chat_id == club.ola.account_id for row in drawn)
    assert not others & {row.subject_id for row in drawn}
    assert session.query(OutboxMessage).filter(OutboxMessage.card_id.is_(None)).count() == 0


def test_a_request_that_holds_nothing_moves_nobody(session: Session, club: Club, now: datetime) -> None:
    """A request that does not hold the stock makes others move when it is approved, not before."""
    set_policy(session, club.organization, request_holds=False)
    scattered(session, club, now)
    kari = factories.requested(session, club.kari, now, days(now, 2, 6), (club.tent, 1))
    assert reseats(session) == []
    approval.approve(Tx(session, now, club.anna), kari.id)
    assert len(reseats(session)) == 1
    assert [c.status for c in claims(session, kari)].count(ClaimStatus.HELD) == 1


def test_what_was_asked_for_as_that_very_one_stays(session: Session, club: Club, now: datetime) -> None:
    """A line for T1 is a line for T1: it moves for nobody, and others move for it."""
    scattered(session, club, now)
    draft = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), draft, club.tent.id, 1, item_id=item(session, "T1").id)
    request.set_period(Tx(session, now), draft, days(now, 2, 4))
    request.request(Tx(session, now, club.kari), draft.id)
    assert codes(session, draft) == ["T1"]
    assert len(reseats(session)) == 1
    lars = request.open_draft(Tx(session, now, club.lars))
    baskets.put(Tx(session, now, club.lars), lars, club.tent.id, 1)
    with refuses(session, Refused.NOT_FREE, wanted=1, free=0):
        request.set_period(Tx(session, now), lars, days(now, 3, 5))


def test_two_lines_of_one_equipment_are_served_together(session: Session, club: Club, now: datetime) -> None:
    """Two and two of three tents are one too many, and the refusal says so of all four."""
    schedule = schedules.load(Tx(session, now), club.organization.id, [club.tent.id])
    wishes = [Demand(club.tent.id, 2), Demand(club.tent.id, 2)]
    shortage = schedule.shortage(wishes, now, now + DAY)
    assert shortage is not None and (shortage.demand.quantity, shortage.free) == (4, 3)
    draft = request.open_draft(Tx(session, now, club.kari))
    session.add_all([RentalLine(rental_id=draft.id, equipment_id=club.tent.id, quantity=n) for n in (1, 2)])
    request.set_period(Tx(session, now), draft, days(now, 1, 2))
    request.request(Tx(session, now, club.kari), draft.id)
    assert codes(session, draft) == ["T1", "T2", "T3"]


def test_who_is_promised_what_is_broken_keeps_a_place(session: Session, club: Club, now: datetime) -> None:
    """T1 is lost: Ola's promise counts for one of the others, and the next booking moves it there."""
    ola = seated(session, club, now, "T1", 2, 4)
    set_condition(session, "T1", Condition.LOST)
    schedule = schedules.load(Tx(session, now), club.organization.id, [club.tent.id])
    assert schedule.count(club.tent.id, now + 2 * DAY, now + 4 * DAY) == 1
    factories.requested(session, club.kari, now, days(now, 2, 4), (club.tent, 1))
    assert codes(session, ola) in (["T2"], ["T3"])


def test_keeping_it_longer_moves_the_next_one(session: Session, club: Club, now: datetime) -> None:
    """Kari has T1, and Ola is next: another tent is as good, so she may keep hers."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    (mine,) = codes(session, rental)
    ola = seated(session, club, now, mine, 4, 6)
    assert extension.latest(Tx(session, now), rental) == now + 17 * DAY
    question = extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)
    assert codes(session, ola) == [mine], "only asked so far"
    extension.grant(Tx(session, now, club.anna), question.id)
    assert codes(session, rental) == [mine]
    assert codes(session, ola) != [mine]
    assert [e.subject_id for e in reseats(session)] == [ola.id]


def test_keeping_it_as_long_as_the_others_can_be_served(session: Session, club: Club, now: datetime) -> None:
    """All three tents are promised from day 6 on: until then, whichever of them she has."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    factories.requested(session, club.ola, now, days(now, 4, 8), (club.tent, 2))
    factories.requested(session, club.ola, now, days(now, 6, 8), (club.tent, 1))
    assert extension.latest(Tx(session, now), rental) == now + 6 * DAY
    with refuses(session, Refused.NOT_FREE_UNTIL, until=now + 6 * DAY):
        extension.ask(Tx(session, now, club.kari), rental.id, now + 7 * DAY)


def test_half_fetched_and_kept_longer(session: Session, club: Club, now: datetime) -> None:
    """The piece on the shelf may become another one, the one she has may not."""
    rental = factories.requested(session, club.kari, now, days(now, 0, 3), (club.tent, 2))
    approval.approve(Tx(session, now, club.anna), rental.id)
    has, waits = claims(session, rental)
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[has.id])
    shelf = session.get_one(Item, waits.item_id)
    draft = request.open_draft(Tx(session, now, club.ola))
    baskets.put(Tx(session, now, club.ola), draft, club.tent.id, 1, item_id=shelf.id)
    request.set_period(Tx(session, now), draft, days(now, 4, 6))
    request.request(Tx(session, now, club.ola), draft.id)
    question = extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)
    before = has.item_id
    extension.grant(Tx(session, now, club.anna), question.id)
    assert has.item_id == before
    assert waits.item_id != shelf.id
    assert {has.blocked_until, waits.blocked_until} == {now + 5 * DAY}


def test_an_overdue_one_that_somebody_waits_for(session: Session, club: Club, now: datetime) -> None:
    """Ola should have T1 by now; he gets another, from now on, and Kari more time."""
    rental = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    ola = seated(session, club, now, codes(session, rental)[0], 2, 6)
    at = now + 3 * DAY
    question = extension.ask(Tx(session, at, club.kari), rental.id, now + 5 * DAY)
    extension.grant(Tx(session, at, club.anna), question.id)
    assert codes(session, ola) != codes(session, rental)
    assert [(c.starts_at, c.blocked_until) for c in claims(session, ola)] == [(at, now + 6 * DAY)]


def test_a_promise_that_ran_out_bars_the_overdue(session: Session, club: Club, now: datetime) -> None:
    """Half of Ola's rental was never fetched, because Kari was late: her time cannot reach over his."""
    rental = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    ola = factories.requested(session, club.ola, now, days(now, 2, 3), (club.tent, 1), (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), ola.id)
    tent, stove = claims(session, ola)
    tent.item_id = claims(session, rental)[0].item_id
    session.flush()
    checkout.hand_out(Tx(session, now + 2 * DAY, club.lars), ola.id, only=[stove.id])
    at = now + 4 * DAY
    assert extension.latest(Tx(session, at), rental) == rental.due_at
    with refuses(session, Refused.NOT_FREE_UNTIL):
        extension.ask(Tx(session, at, club.kari), rental.id, now + 5 * DAY)


def test_a_promise_of_what_cannot_be_lent_any_more(session: Session, club: Club, now: datetime) -> None:
    """Kari has T1, which was found to be broken; Ola is next. With another tent for him she may keep hers."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    (mine,) = codes(session, rental)
    ola = seated(session, club, now, mine, 4, 6)
    set_condition(session, mine, Condition.IN_REPAIR)
    with session.begin_nested() as free:
        question = extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)
        extension.grant(Tx(session, now, club.anna), question.id)
        assert codes(session, ola) != [mine]
        free.rollback()
    for code in {"T1", "T2", "T3"} - {mine}:
        set_condition(session, code, Condition.LOST)
    assert extension.latest(Tx(session, now), rental) == now + 4 * DAY
    with refuses(session, Refused.NOT_FREE_UNTIL, until=now + 4 * DAY):
        extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)


def test_handed_out_ahead_of_time(session: Session, club: Club, now: datetime) -> None:
    """The member who is promised the tent until then gets another one."""
    ola = seated(session, club, now, "T1", 1, 3)
    kari = seated(session, club, now, "T1", 4, 6)
    checkout.hand_out(Tx(session, now, club.lars), kari.id)
    assert codes(session, kari, ClaimStatus.OUT) == ["T1"]
    assert codes(session, ola) in (["T2"], ["T3"])


def test_swapping_changes_places(session: Session, club: Club, now: datetime) -> None:
    """All tents are promised: Kari and Ola exchange theirs, the lender hears nothing of that."""
    kari = seated(session, club, now, "T1", 0, 3)
    ola = seated(session, club, now, "T2", 1, 4)
    seated(session, club, now, "T3", 0, 9)
    (claim,) = claims(session, kari)
    assert [i.code for i in swaps.alternatives(Tx(session, now, club.lars), claim.id)] == ["T2", "T3"]
    swaps.swap(Tx(session, now, club.lars), claim.id, item(session, "T2").id)
    assert (codes(session, kari), codes(session, ola)) == (["T2"], ["T1"])
    assert [e.subject_id for e in reseats(session)] == [ola.id]


def test_handed_out_meanwhile_is_another_look(session: Session, club: Club, now: datetime) -> None:
    """A move of a claim that is no longer where it was starts again; nothing has moved."""
    ola = seated(session, club, now, "T1", 1, 3)
    (claim,) = claims(session, ola)
    first, second = claim.item_id, item(session, "T2").id
    with pytest.raises(StaleDataError) as caught, session.begin_nested():
        change_items(Tx(session, now), {claim.id: (second, first)})
    assert met_another(caught.value)
    checkout.hand_out(Tx(session, now + DAY, club.lars), ola.id)
    with pytest.raises(StaleDataError), session.begin_nested():
        change_items(Tx(session, now), {claim.id: (first, second)})
    session.refresh(claim)
    assert (claim.item_id, claim.status) == (first, ClaimStatus.OUT)


def overlaps(session: Session) -> int:
    """Count the pairs of claims that share an item at some time; the constraint allows none."""
    found = session.scalars(select(Claim).where(Claim.status.in_(OCCUPYING))).all()
    return sum(
        a.id < b.id
        and a.item_id == b.item_id
        and a.starts_at < b.blocked_until
        and b.starts_at < a.blocked_until
        for a in found
        for b in found
    )


def test_changing_places_in_each_database(database: Database, now: datetime) -> None:
    """Two claims of the same days exchange their items in one transaction."""

    def work(session: Session) -> list[list[str]]:
        c = factories.club(session, now)
        kari, ola = seated(session, c, now, "T1", 1, 3), seated(session, c, now, "T2", 1, 3)
        (a,), (b,) = claims(session, kari), claims(session, ola)
        change_items(Tx(session, now), {a.id: (a.item_id, b.item_id), b.id: (b.item_id, a.item_id)})
        return [codes(session, kari, ClaimStatus.HELD), codes(session, ola, ClaimStatus.HELD)]

    assert database.write_now(work) == [["T2"], ["T1"]]
    assert database.read_now(overlaps) == 0


def populate(session: Session, now: datetime) -> tuple[int, list[Actor]]:
    """Four lamps, a member for each racer, and a first use that leaves holes everywhere.

    No lamp is free from day 1 to 15, but on each day two are.
    """
    c = factories.club(session, now, most_items=99, approval=False)
    lamp = factories.equipment(session, c.organization, now, "Lamp", "L1", "L2", "L3", "L4")
    used = [("L1", 1, 4), ("L2", 4, 7), ("L3", 7, 10), ("L4", 10, 13), ("L3", 2, 5), ("L1", 13, 15)]
    for code, first, last in used:
        rental = factories.requested(session, c.ola, now, days(now, first, last), (lamp, 1))
        (claim,) = claims(session, rental)
        claim.item_id = item(session, code).id
        session.flush()
    return lamp.id, [
        factories.member(session, c.organization, now, f"Racer {n}", Role.LENDER) for n in range(8)
    ]


def test_no_double_booking_while_everybody_moves(database_url: str, now: datetime) -> None:
    """Eight at once ask, hand out and bring back where others have to move for them, in two processes' ways.

    First all want a lamp for the whole time: the two that there are find takers, no more and no fewer. Each
    is served or told that none is free; nobody meets the constraint, and no item is promised twice.
    """
    databases = [Database(database_url) for _ in range(2)]
    lamp, racers = databases[0].write_now(lambda s: populate(s, now))
    together = threading.Barrier(len(racers))
    told: list[Refused] = []
    served: list[int] = []
    at_first: list[int] = []
    faults: list[BaseException] = []

    def ask(session: Session, racer: Actor, first: int, last: int) -> int:
        return factories.requested(
            session, racer, now, days(now, first, last), (session.get_one(Equipment, lamp), 1)
        ).id

    def race(number: int) -> None:
        random, database, racer = Random(number), databases[number % 2], racers[number]
        together.wait()
        for turn in range(8):
            first, last = 1, 15
            if turn == 1:
                together.wait()
                at_first.append(len(served))
                together.wait()
            if turn > 0:
                first = random.randint(1, 12)
                last = first + random.randint(1, 4)
            try:
                if turn > 0 and random.random() < 0.25:
                    mine = random.choice(served)
                    for step in (checkout.hand_out, checkin.take_back):
                        database.write_now(in_tx(step, now, racer, rental_id=mine))
                else:
                    served.append(database.write_now(partial(ask, racer=racer, first=first, last=last)))
            except Refusal as refusal:
                told.append(refusal.code)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it must not be
                faults.append(error)

    threads = [threading.Thread(target=race, args=(number,)) for number in range(len(racers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moved = databases[0].read_now(lambda s: len(reseats(s)))
    assert databases[0].read_now(overlaps) == 0
    for database in databases:
        database.close()
    assert faults == []
    assert set(told) <= {Refused.NOT_FREE, Refused.ALREADY, Refused.TOO_EARLY, Refused.ITEM_IS_OUT}
    assert set(at_first) == {2}
    assert moved > 0


def fixed(session: Session) -> dict[int, int]:
    """The items of claims that are out, blocked, or were asked for by code."""
    found = session.execute(
        select(Claim.id, Claim.item_id)
        .outerjoin(RentalLine, RentalLine.id == Claim.line_id)
        .where(
            Claim.status.in_(OCCUPYING),
            (Claim.status == ClaimStatus.OUT) | Claim.rental_id.is_(None) | RentalLine.item_id.is_not(None),
        )
    )
    return {row.id: row.item_id for row in found}


def somebody(session: Session, c: Club, now: datetime, random: Random) -> None:
    """Ask, or ask for one by its code, block one, hand out, bring back, or swap."""
    first = random.randint(0, 9)
    period = days(now, first, first + random.randint(1, 4))
    code = item(session, f"T{random.randint(1, 3)}").id
    held = session.scalars(
        select(Claim).where(Claim.status == ClaimStatus.HELD, Claim.rental_id.is_not(None))
    ).all()
    movable = [claim for claim in held if claim.id not in fixed(session)]
    out = session.scalars(select(Claim).filter_by(status=ClaimStatus.OUT)).all()
    match random.choice(["ask", "ask", "pin", "block", "out", "back", "swap", "swap"]):
        case "ask":
            factories.requested(session, c.kari, now, period, (c.tent, random.randint(1, 2)))
        case "pin":
            draft = request.open_draft(Tx(session, now, c.ola))
            baskets.put(Tx(session, now, c.ola), draft, c.tent.id, 1, item_id=code)
            request.set_period(Tx(session, now), draft, period)
            request.request(Tx(session, now, c.ola), draft.id)
        case "block":
            schedule = schedules.load(Tx(session, now), c.organization.id, [c.tent.id])
            if schedule.free(c.tent.id, period.starts_at, period.due_at, item_id=code):
                block = Block(organization_id=c.organization.id, created_at=now)
                session.add(block)
                session.flush()
                session.add(
                    Claim(
                        organization_id=c.organization.id,
                        item_id=code,
                        block_id=block.id,
                        status=ClaimStatus.HELD,
                        starts_at=period.starts_at,
                        blocked_until=period.due_at,
                    )
                )
        case "out" if held:
            checkout.hand_out(Tx(session, now, c.lars), random.choice(held).rental_id or 0)
        case "back" if out:
            checkin.take_back(Tx(session, now, c.lars), random.choice(out).rental_id or 0)
        case "swap" if movable:
            swaps.swap(Tx(session, now, c.lars), random.choice(movable).id, code)


MORE = [pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 12)]


@pytest.mark.parametrize("seed", [*range(4), *MORE])
def test_whatever_happens_nothing_fixed_moves(session: Session, now: datetime, seed: int) -> None:
    """In any order of things: what is out, blocked or named stays, and nothing overlaps."""
    c = factories.club(session, now, approval=False, most_items=99)
    random = Random(seed)
    refused = 0
    for _ in range(40):
        before = fixed(session)
        try:
            with session.begin_nested():
                somebody(session, c, now, random)
        except Refusal:
            refused += 1
        after = fixed(session)
        assert [claim for claim in before if after.get(claim, before[claim]) != before[claim]] == []
    assert overlaps(session) == 0
    assert refused < 36
