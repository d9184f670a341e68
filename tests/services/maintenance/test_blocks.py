"""Items out of lending for a while, or for good: who moves, who loses a piece, and what they read."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Block, Claim, Equipment, Rental
from db.session import Database
from db.states import ClaimStatus, Condition, RentalStatus, Role
from services.availability import reallocation, reservations, schedules
from services.availability.reallocation import WITHDRAWN, instead
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.maintenance import blocks
from services.maintenance.blocks import Asked
from services.messaging import notifications
from services.rentals import approval
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import (
    DAY,
    HOUR,
    claims,
    codes,
    item,
    refuses,
    said,
    set_condition,
    statuses,
)


def asked(kind: Equipment, now: datetime, first: float, last: float, pieces: int = 0, *items: int) -> Asked:
    return Asked(kind.id, now + first * DAY, now + last * DAY, pieces, items)


def approved(
    session: Session, c: Club, now: datetime, first: int, last: int, *what: tuple[Equipment, int]
) -> Rental:
    rental = factories.requested(session, c.kari, now, days(now, first, last), *what)
    approval.approve(Tx(session, now, c.anna), rental.id)
    return rental


def pinned(session: Session, c: Club, now: datetime, code: str, first: int, last: int) -> Rental:
    """Ola asked for this very item."""
    one = item(session, code)
    draft = request.open_draft(Tx(session, now, c.ola))
    baskets.put(Tx(session, now, c.ola), draft, one.equipment_id, 1, item_id=one.id)
    request.set_period(Tx(session, now), draft, days(now, first, last))
    return request.request(Tx(session, now, c.ola), draft.id)


def count(session: Session, c: Club, kind: Equipment, now: datetime, first: float, last: float) -> int:
    schedule = schedules.load(Tx(session, now), c.organization.id, [kind.id])
    return schedule.count(kind.id, now + first * DAY, now + last * DAY)


def test_a_block_takes_pieces_for_its_time(session: Session, club: Club, now: datetime) -> None:
    """Two of three, from day 1 to 3: one is left then, all before and after; it is written down by whom."""
    block = blocks.create(Tx(session, now, club.anna), asked(club.tent, now, 1, 3, 2), reason=" Repair ")
    assert [count(session, club, club.tent, now, *d) for d in ((0, 1), (1, 3), (3, 9))] == [3, 1, 3]
    assert (block.reason, block.created_by) == ("Repair", club.anna.user_id)
    (entry,) = session.scalars(select(AuditEntry).filter_by(subject="block"))
    assert (entry.action, entry.subject_id, entry.user_id) == ("block", block.id, club.anna.user_id)
    assert entry.details["reason"] == "Repair"


def test_a_block_ends_by_itself(session: Session, club: Club, now: datetime) -> None:
    """When its time is over nothing has to be done: everything may be lent, and no list shows it."""
    blocks.create(Tx(session, now, club.anna), asked(club.tent, now, 0, 2, 3), reason="Own use")
    at = now + 2 * DAY
    assert count(session, club, club.tent, at, 2 - 2, 3) == 3
    assert [blocks.current(Tx(session, moment, within=club.organization.id))[1] for moment in (now, at)] == [
        1,
        0,
    ]
    factories.requested(session, club.kari, at, days(at, 0, 1), (club.tent, 3))


def test_ending_a_block_early(session: Session, club: Club, now: datetime) -> None:
    """From that moment on; once; by whoever was first. One that has not begun never was."""
    running = blocks.create(Tx(session, now, club.anna), asked(club.tent, now, 0, 5, 3), reason="Repair")
    later = blocks.create(Tx(session, now, club.anna), asked(club.stove, now, 3, 5, 1), reason="Repair")
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
        blocks.end(Tx(session, now + DAY, club.lars), running.id)
    for block in (running, later):
        blocks.end(Tx(session, now + DAY, club.anna), block.id)
        with refuses(session, Refused.BLOCK_OVER, by=club.anna.name):
            blocks.end(Tx(session, now + DAY, club.anna), block.id)
    assert count(session, club, club.tent, now + DAY, 0, 9) == 3
    assert count(session, club, club.stove, now + DAY, 0, 9) == 1
    assert blocks.current(Tx(session, now + DAY, within=club.organization.id)) == ([], 0)
    factories.requested(session, club.kari, now + DAY, days(now, 1, 9), (club.tent, 3), (club.stove, 1))


def test_blocks_are_listed(session: Session, club: Club, now: datetime) -> None:
    """Of the organisation or of one equipment, those that begin first, page by page."""
    blocks.create(Tx(session, now, club.anna), asked(club.tent, now, 3, 4, 2), reason="Own use")
    blocks.create(Tx(session, now, club.anna), asked(club.stove, now, 1, 2, 1), reason="Repair")
    found, total = blocks.current(Tx(session, now, within=club.organization.id))
    assert [(v.equipment, v.codes, v.reason) for v in found] == [
        (("Stove",), ("S1",), "Repair"),
        (("Tent",), ("T1", "T2"), "Own use"),
    ]
    assert (total, found[0].starts_at, found[0].until) == (2, now + DAY, now + 2 * DAY)
    of_tents, _ = blocks.current(Tx(session, now, within=club.organization.id), equipment_id=club.tent.id)
    assert [v.id for v in of_tents] == [found[1].id]
    second, _ = blocks.current(Tx(session, now, within=club.organization.id), page=1, per_page=1)
    assert [v.id for v in second] == [found[1].id]
    other = factories.club(session, now, "Another")
    assert blocks.current(Tx(session, now, within=other.organization.id)) == ([], 0)
    with refuses(session, Refused.NOT_FOUND):
        blocks.end(Tx(session, now, other.anna), found[0].id)


def test_what_is_free_is_taken_first(session: Session, club: Club, now: datetime) -> None:
    """Nobody loses anything while there is another way, and nobody is told."""
    kari = approved(session, club, now, 1, 3, (club.tent, 1))
    before = said(session, notifications.RENTAL_CARD)
    seen = blocks.preview(Tx(session, now, club.anna), asked(club.tent, now, 0, 5, 2))
    assert (seen.losses, seen.moved) == ((), 0)
    blocks.create(Tx(session, now, club.anna), asked(club.tent, now, 0, 5, 2), reason="Repair")
    assert statuses(session, kari) == [ClaimStatus.HELD]
    assert said(session, WITHDRAWN) == []
    assert said(session, notifications.RENTAL_CARD) == before


def test_who_can_have_another_one_moves(session: Session, club: Club, now: datetime) -> None:
    """T1 is blocked: Kari, who was promised it, gets another tent without a word."""
    kari = approved(session, club, now, 1, 3, (club.tent, 1))
    (code,) = codes(session, kari)
    one = item(session, code)
    seen = blocks.preview(Tx(session, now, club.anna), asked(club.tent, now, 0, 5, 0, one.id))
    assert (seen.codes, seen.losses, seen.moved) == ((code,), (), 1)
    blocks.create(Tx(session, now, club.anna), asked(club.tent, now, 0, 5, 0, one.id), reason="Repair")
    assert codes(session, kari, ClaimStatus.HELD) != [code]
    assert said(session, WITHDRAWN) == []


def test_who_can_not_loses_a_piece_and_is_told(session: Session, club: Club, now: datetime) -> None:
    """Three tents were promised and two are left: the rental goes on with two, and says what is missing."""
    kari = approved(session, club, now, 1, 3, (club.tent, 3), (club.stove, 1))
    ask = asked(club.tent, now, 0, 5, 1)
    (loss,) = blocks.preview(Tx(session, now, club.anna), ask).losses
    assert (loss.rental_id, loss.member, loss.things, loss.is_all) == (
        kari.id,
        "Kari Nordmann",
        (("Tent", 1),),
        False,
    )
    assert statuses(session, kari).count(ClaimStatus.HELD) == 4, "a preview changes nothing"
    blocks.create(Tx(session, now, club.anna), ask, reason="A pole is broken")
    assert [(line.equipment_id, line.quantity) for line in reservations.lines_of(session, kari.id)] == [
        (club.tent.id, 2),
        (club.stove.id, 1),
    ]
    assert kari.status is RentalStatus.APPROVED
    (message,) = said(session, WITHDRAWN)
    assert message.chat_id == club.kari.account_id
    assert message.params == {
        "rental_id": kari.id,
        "things": [[club.tent.id, "Tent", 1]],
        "reason": "A pole is broken",
        "cancelled": False,
    }
    checkout.hand_out(Tx(session, now + DAY, club.lars), kari.id)


def test_a_line_without_pieces_goes(session: Session, club: Club, now: datetime) -> None:
    """The stove is taken out of a rental of a tent and a stove; the log keeps it."""
    kari = approved(session, club, now, 1, 3, (club.tent, 1), (club.stove, 1))
    blocks.create(Tx(session, now, club.anna), asked(club.stove, now, 2, 4, 1), reason="Repair")
    assert [line.equipment_id for line in reservations.lines_of(session, kari.id)] == [club.tent.id]
    assert len(codes(session, kari)) == 1
    (entry,) = session.scalars(select(AuditEntry).filter_by(action="withdraw"))
    assert entry.details == {"items": [item(session, "S1").id], "reason": "Repair", "cancelled": False}
    assert count(session, club, club.stove, now, 2, 4) == 0


def test_a_rental_with_nothing_left_is_cancelled(session: Session, club: Club, now: datetime) -> None:
    """With the reason, by whoever blocked it; the member is told once, and the desk's card says so."""
    kari = approved(session, club, now, 1, 3, (club.stove, 1))
    blocks.create(Tx(session, now, club.anna), asked(club.stove, now, 2, 4, 1), reason="Repair")
    assert (kari.status, kari.reason, kari.decided_by) == (
        RentalStatus.CANCELLED,
        "Repair",
        club.anna.user_id,
    )
    assert statuses(session, kari) == [ClaimStatus.RELEASED]
    assert [m.params["cancelled"] for m in said(session, WITHDRAWN)] == [True]
    assert not any(m.renew for m in said(session, notifications.RENTAL_CARD) if m.created_at > now)


def test_who_is_approved_comes_first(session: Session, club: Club, now: datetime) -> None:
    """Two promises and one tent left for them: who only asked loses theirs, though they asked first."""
    waiting = factories.requested(session, club.ola, now, days(now, 1, 3), (club.tent, 1))
    promised = approved(session, club, now, 1, 3, (club.tent, 1))
    both = [item(session, code).id for code in codes(session, waiting) + codes(session, promised)]
    blocks.create(Tx(session, now, club.anna), asked(club.tent, now, 0, 9, 0, *both), reason="Repair")
    assert codes(session, promised, ClaimStatus.HELD) == ["T3"]
    assert waiting.status is RentalStatus.CANCELLED


def test_a_wish_for_that_very_one_cannot_move(session: Session, club: Club, now: datetime) -> None:
    """Ola asked for T1 by its code: another tent is not it. Blocking some tent takes another one."""
    ola = pinned(session, club, now, "T1", 1, 3)
    seen = blocks.preview(Tx(session, now, club.anna), asked(club.tent, now, 0, 5, 2))
    assert (seen.codes, seen.losses) == (("T2", "T3"), ())
    one = item(session, "T1").id
    (loss,) = blocks.preview(Tx(session, now, club.anna), asked(club.tent, now, 0, 5, 0, one)).losses
    assert (loss.rental_id, loss.is_all) == (ola.id, True)


def test_what_is_out_is_left_out(session: Session, club: Club, now: datetime) -> None:
    """Asked for by name it is refused with the time it is due; among several, others are taken."""
    out = factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 1))
    one = item(session, codes(session, out)[0])
    with refuses(session, Refused.OUT_THEN, code=one.code, until=now + 2 * DAY):
        blocks.preview(Tx(session, now, club.anna), asked(club.tent, now, 1, 3, 0, one.id))
    seen = blocks.preview(Tx(session, now, club.anna), asked(club.tent, now, 1, 3, 2))
    assert one.code not in seen.codes
    assert [(left.code, left.is_out, left.until) for left in seen.left_out] == [
        (one.code, True, now + 2 * DAY)
    ]
    with refuses(session, Refused.ONLY_SOME_THEN, most=2):
        blocks.preview(Tx(session, now, club.anna), asked(club.tent, now, 1, 3, 3))
    blocks.preview(Tx(session, now, club.anna), asked(club.tent, now, 2, 3, 0, one.id))
    with refuses(session, Refused.OUT_THEN, until=now + 2 * DAY):
        blocks.preview(Tx(session, now + 3 * DAY, club.anna), asked(club.tent, now, 5, 6, 0, one.id))


def test_what_is_blocked_is_left_out(session: Session, club: Club, now: datetime) -> None:
    """Twice is not once more: refused by its code, or another one is taken."""
    blocks.create(Tx(session, now, club.anna), asked(club.stove, now, 1, 3, 1), reason="Repair")
    one = item(session, "S1").id
    for ask in (asked(club.stove, now, 2, 4, 0, one), asked(club.stove, now, 2, 4, 1)):
        with refuses(session, Refused.BLOCKED_THEN, code="S1", until=now + 3 * DAY):
            blocks.create(Tx(session, now, club.anna), ask, reason="Repair")
    blocks.create(Tx(session, now, club.anna), asked(club.stove, now, 3, 4, 1), reason="Repair")


@pytest.mark.parametrize(
    ("first", "last", "pieces", "reason", "why"),
    [
        (1, 2, 0, "x", Refused.BAD_QUANTITY),
        (1, 2, 4, "x", Refused.BAD_QUANTITY),
        (-3, 0, 1, "x", Refused.IN_THE_PAST),
        (2, 1, 1, "x", Refused.END_BEFORE_START),
        (1, 2, 1, "  ", Refused.TEXT_EXPECTED),
        (1, 2, 1, "x" * 301, Refused.TOO_MUCH_TEXT),
    ],
)
def test_blocks_that_cannot_be(
    session: Session,
    club: Club,
    now: datetime,
    first: int,
    last: int,
    pieces: int,
    reason: str,
    why: Refused,
) -> None:
    """None, too many, over already, turned round, without a reason, or with a novel for one."""
    with refuses(session, why):
        blocks.create(Tx(session, now, club.anna), asked(club.tent, now, first, last, pieces), reason=reason)
    assert session.query(Block).count() == 0


def test_who_may_block(session: Session, club: Club, now: datetime) -> None:
    """An admin of this organisation, and of their own things alone."""
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
        blocks.create(Tx(session, now, club.lars), asked(club.tent, now, 1, 2, 1), reason="Repair")
    tent = item(session, "T1").id
    with refuses(session, Refused.NOT_FOUND):
        blocks.preview(Tx(session, now, club.anna), asked(club.stove, now, 1, 2, 0, tent))
    other = factories.club(session, now, "Another")
    with refuses(session, Refused.NOT_FOUND):
        blocks.preview(Tx(session, now, other.anna), asked(club.tent, now, 1, 2, 1))


def test_gone_for_good(session: Session, club: Club, now: datetime) -> None:
    """T1 is lost: whoever is promised it gets another tent; where there is none, they lose it."""
    soon = approved(session, club, now, 1, 3, (club.tent, 1))
    full = approved(session, club, now, 30, 33, (club.tent, 3))
    one = item(session, codes(session, soon)[0])
    (loss,) = reallocation.affected(Tx(session, now), [one.id])
    assert (loss.rental_id, loss.things) == (full.id, (("Tent", 1),))
    assert reallocation.withdraw(Tx(session, now, club.anna), [one.id], reason="Lost") == [loss]
    set_condition(session, one.code, Condition.LOST)
    assert one.code not in codes(session, soon, ClaimStatus.HELD)
    assert statuses(session, soon) == [ClaimStatus.HELD]
    assert len(codes(session, full, ClaimStatus.HELD)) == 2
    assert reallocation.affected(Tx(session, now), [one.id]) == []
    assert reallocation.withdraw(Tx(session, now, club.anna), [one.id], reason="Lost") == []
    assert len(said(session, WITHDRAWN)) == 1


def test_gone_before_it_is_withdrawn(session: Session, club: Club, now: datetime) -> None:
    """It is the same when the items, or the whole equipment, were retired first."""
    soon = approved(session, club, now, 1, 3, (club.tent, 1))
    one = item(session, codes(session, soon)[0])
    set_condition(session, one.code, Condition.RETIRED)
    assert reallocation.withdraw(Tx(session, now, club.anna), [one.id], reason="Retired") == []
    assert one.code not in codes(session, soon, ClaimStatus.HELD)
    club.tent.retired_at = now
    session.flush()
    tents = [item(session, code).id for code in ("T1", "T2", "T3")]
    (loss,) = reallocation.withdraw(Tx(session, now, club.anna), tents, reason="Retired")
    assert (loss.rental_id, loss.is_all, soon.status) == (soon.id, True, RentalStatus.CANCELLED)


def test_what_is_out_stays_out(session: Session, club: Club, now: datetime) -> None:
    """A thing that is retired while somebody has it is brought back all the same."""
    out = factories.handed_out(session, club, now, days(now, 0, 2), (club.stove, 1))
    later = approved(session, club, now, 5, 6, (club.stove, 1))
    reallocation.withdraw(Tx(session, now + HOUR, club.anna), [item(session, "S1").id], reason="Retired")
    assert (out.status, statuses(session, out)) == (RentalStatus.OUT, [ClaimStatus.OUT])
    assert later.status is RentalStatus.CANCELLED


def test_half_of_a_rental_is_out(session: Session, club: Club, now: datetime) -> None:
    """A fetched piece stays out; one that was not fetched is gone, and the rental is not cancelled."""
    kari = approved(session, club, now, 0, 3, (club.tent, 1), (club.stove, 1))
    tent, _ = claims(session, kari)
    checkout.hand_out(Tx(session, now, club.lars), kari.id, only=[tent.id])
    blocks.create(Tx(session, now, club.anna), asked(club.stove, now, 1, 4, 1), reason="Repair")
    assert (kari.status, statuses(session, kari)) == (RentalStatus.OUT, [ClaimStatus.OUT])
    checkin.take_back(Tx(session, now + DAY, club.lars), kari.id)
    assert kari.status is RentalStatus.RETURNED


def test_what_is_offered_instead(session: Session, club: Club, now: datetime) -> None:
    """Other equipment of the same type, for this member and free on the rental's days, four at most."""
    club.stove.type = "Cooking"
    for name in "ABCDEF":
        factories.equipment(session, club.organization, now, f"Burner {name}", f"B{name}", type="Cooking")
    factories.equipment(session, club.organization, now, "Lamp", "L1", type="Light")
    burner = session.scalars(select(Equipment).filter_by(name="Burner A")).one()
    factories.requested(session, club.ola, now, days(now, 2, 4), (burner, 1))
    kari = approved(session, club, now, 1, 3, (club.stove, 1))
    found = instead(Tx(session, now), kari, club.stove.id)
    assert [name for _, name in found] == ["Burner B", "Burner C", "Burner D", "Burner E"]
    for name in "BD":
        session.scalars(select(Equipment).filter_by(name=f"Burner {name}")).one().policy = {
            "who_may_rent": "lender"
        }
    session.flush()
    found = instead(Tx(session, now), kari, club.stove.id)
    assert [name for _, name in found] == ["Burner C", "Burner E", "Burner F"]
    assert instead(Tx(session, now + 4 * DAY), kari, club.stove.id) == []
    club.stove.type = ""
    assert instead(Tx(session, now), kari, club.stove.id) == []


def test_nobody_loses_anything_unseen(session: Session, club: Club, now: datetime) -> None:
    """A block that hits a rental not yet seen needs a second look; one that hits fewer than seen does not."""
    ask = asked(club.stove, now, 1, 3, 1)
    assert blocks.preview(Tx(session, now, club.anna), ask).losses == ()
    kari = factories.requested(session, club.kari, now, days(now, 1, 3), (club.stove, 1))
    with refuses(session, Refused.MORE_RENTALS_AFFECTED):
        blocks.create(Tx(session, now, club.anna), ask, reason="Repair", seen=[])
    blocks.create(Tx(session, now, club.anna), ask, reason="Repair", seen=[kari.id, 99])
    assert kari.status is RentalStatus.CANCELLED


def test_a_promise_that_nothing_can_keep_bars_no_block(session: Session, club: Club, now: datetime) -> None:
    """T1 is late, and Ola is next: the last tent can be blocked all the same, and he may still get his."""
    set_condition(session, "T3", Condition.RETIRED)
    late = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    ola = factories.requested(session, club.ola, now, days(now, 3, 5), (club.tent, 1))
    (claim,) = claims(session, ola)
    claim.item_id = claims(session, late)[0].item_id
    session.flush()
    at = now + 2 * DAY
    blocks.create(Tx(session, at, club.anna), asked(club.tent, now, 2, 9, 1), reason="Own use")
    assert (ola.status, statuses(session, ola)) == (RentalStatus.REQUESTED, [ClaimStatus.HELD])
    assert codes(session, ola) == codes(session, late)


def race(database_url: str, now: datetime) -> tuple[list[BaseException], int, int]:
    """Four ask for tents while four block them, all for the same days; faults, blocks, requests."""
    databases = [Database(database_url) for _ in range(2)]
    c = databases[0].write_now(lambda s: factories.club(s, now, approval=False))
    together = threading.Barrier(8)
    faults: list[BaseException] = []
    done: list[int] = []

    def one(number: int) -> None:
        together.wait()

        def block(session: Session) -> int:
            return blocks.create(Tx(session, now, c.anna), asked(c.tent, now, 1, 3, 1), reason="Own use").id

        def ask(session: Session) -> int:
            member = factories.member(session, c.organization, now, f"Racer {number}", account=5000 + number)
            tent = session.get_one(Equipment, c.tent.id)
            return factories.requested(session, member, now, days(now, 2, 4), (tent, 1)).id

        try:
            databases[number // 4].write_now(block if number % 2 else ask)
            done.append(number % 2)
        except Refusal:
            pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, it must not be
            faults.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    return faults, done.count(1), done.count(0)


def test_blocking_while_others_ask(database_url: str, now: datetime) -> None:
    """Three tents, four blocks: three are made, whoever asked when, and nobody meets the constraint."""
    faults, made, _ = race(database_url, now)
    assert (faults, made) == ([], 3)


def test_blocking_in_each_database(database: Database, now: datetime) -> None:
    """Three tents, all promised, T1 blocked: one piece is lost, two change places, in one transaction."""

    def work(session: Session) -> tuple[list[str], int]:
        c = factories.club(session, now)
        kari = approved(session, c, now, 1, 3, (c.tent, 2))
        ola = pinned(session, c, now, "T3", 1, 3)
        one = item(session, "T1").id
        blocks.create(Tx(session, now, c.anna), asked(c.tent, now, 0, 5, 0, one), reason="Repair")
        block = session.scalars(select(Claim).where(Claim.block_id.is_not(None))).one()
        assert (block.item_id, codes(session, ola)) == (one, ["T3"])
        return codes(session, kari, ClaimStatus.HELD), len(said(session, WITHDRAWN))

    assert database.write_now(work) == (["T2"], 1)
