"""From one member to the next, without the desk: both say so, and then both records do."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, ChatAccount, Claim, HandOver, Item, Rental
from db.states import ClaimStatus, Condition, HandOverStatus, RentalStatus
from services import periodic
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin, checkout, swaps, transfer
from services.maintenance import loss
from services.members import editing, suspensions
from services.members.departure import leaving
from services.messaging import notifications
from services.rentals import approval, queries
from services.rentals.booking import baskets, request
from services.transfers import candidates, expiry, offers
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import (
    DAY,
    HOUR,
    claims,
    codes,
    end_membership,
    item,
    refuses,
    said,
    set_condition,
    set_policy,
    statuses,
)


def approved(
    session: Session, c: Club, who: Actor, now: datetime, first: int, last: int, *lines: Any
) -> Rental:
    rental = factories.requested(session, who, now, days(now, first, last), *lines)
    approval.approve(Tx(session, now, c.anna), rental.id)
    return rental


def pair(session: Session, c: Club, now: datetime) -> tuple[Rental, Rental]:
    """Kari has the stove until tomorrow; Ola has it next, until the day after that."""
    kari = factories.handed_out(session, c, now, days(now, 0, 1), (c.stove, 1))
    return kari, approved(session, c, c.ola, now, 1, 2, (c.stove, 1))


def offered(session: Session) -> HandOver:
    return session.scalars(select(HandOver).order_by(HandOver.id.desc()).limit(1)).one()


def test_both_say_so(session: Session, club: Club, now: datetime) -> None:
    """Kari's is returned to Ola, Ola's is out by Kari; each record and the audit of each say so."""
    kari, ola = pair(session, club, now)
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    assert (statuses(session, kari), statuses(session, ola)) == ([ClaimStatus.OUT], [ClaimStatus.HELD])
    later = now + HOUR
    transfer.accept(Tx(session, later, club.ola), offered(session).id)
    (from_kari,), (to_ola,) = claims(session, kari), claims(session, ola)
    assert (from_kari.status, from_kari.returned_to, from_kari.returned_at) == (
        ClaimStatus.RETURNED,
        club.ola.user_id,
        later,
    )
    assert (to_ola.status, to_ola.out_by, to_ola.out_at, to_ola.starts_at) == (
        ClaimStatus.OUT,
        club.kari.user_id,
        later,
        later,
    )
    assert (from_kari.return_id, from_kari.returned_location_id, to_ola.out_location_id) == (None, None, None)
    assert (kari.status, ola.status, ola.expires_at) == (RentalStatus.RETURNED, RentalStatus.OUT, None)
    assert (offered(session).status, offered(session).decided_at) == (HandOverStatus.DONE, later)
    notes = session.execute(
        select(AuditEntry.subject_id, AuditEntry.action, AuditEntry.user_id)
        .where(AuditEntry.action.in_(["offer", "hand_over", "take_over"]))
        .order_by(AuditEntry.id)
    )
    assert [tuple(note) for note in notes] == [
        (kari.id, "offer", club.kari.user_id),
        (kari.id, "hand_over", club.ola.user_id),
        (ola.id, "take_over", club.ola.user_id),
    ]
    told = [(p.other, p.code, p.is_outgoing) for r in (kari, ola) for p in offers.of_rental(session, r.id)]
    assert told == [(club.ola.name, "S1", True), (club.kari.name, "S1", False)]


def test_everybody_who_should_know_is_shown(session: Session, club: Club, now: datetime) -> None:
    """The question goes to Ola alone; afterwards both members' cards and both at the desk are drawn."""
    club.organization.group_chat_id = -100
    kari, ola = pair(session, club, now)
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    assert [row.chat_id for row in said(session, expiry.CARD)] == [club.ola.account_id]
    transfer.accept(Tx(session, now, club.ola), offered(session).id)
    chats = {(row.kind, row.chat_id) for row in said(session, notifications.RENTAL_CARD)}
    assert chats == {
        (notifications.RENTAL_CARD, club.kari.account_id),
        (notifications.RENTAL_CARD, club.ola.account_id),
    }
    assert {row.chat_id for row in said(session, notifications.DESK_CARD)} == {-100}


def test_late_things_can_be_handed_over(session: Session, club: Club, now: datetime) -> None:
    """Kari is two hours late, Ola's time has begun: what counts is that he has it."""
    kari, ola = pair(session, club, now)
    late = now + DAY + 2 * HOUR
    transfer.offer(Tx(session, late, club.kari), kari.id, ola.id)
    transfer.accept(Tx(session, late, club.ola), offered(session).id)
    assert ola.status is RentalStatus.OUT and kari.status is RentalStatus.RETURNED


@pytest.mark.parametrize("wanted", [[2], [1, 1]])
def test_late_things_are_handed_over_one_by_one(
    session: Session, club: Club, now: datetime, wanted: list[int]
) -> None:
    """Kari has all tents, by three rentals, and is late with each: what she passes on goes to whom she says,
    though the next members wait for the others, too.
    """
    given = [factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1)) for _ in range(3)]
    following = [approved(session, club, club.ola, now, 1, 2, (club.tent, n)) for n in wanted]
    later = now + DAY + HOUR
    for mine, theirs in zip(given[:2], (following[0], following[-1]), strict=True):
        transfer.offer(Tx(session, later, club.kari), mine.id, theirs.id)
        transfer.accept(Tx(session, later, club.ola), offered(session).id)
        assert statuses(session, mine) == [ClaimStatus.RETURNED]
    assert [one.status for one in following] == [RentalStatus.OUT] * len(following)
    assert sorted(code for one in following for code in codes(session, one, ClaimStatus.OUT)) == ["T1", "T2"]


def test_any_item_of_that_equipment_will_do(session: Session, club: Club, now: datetime) -> None:
    """Ola was promised another tent: he gets Kari's, and his own is free for others."""
    kari = factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 1))
    ola = approved(session, club, club.ola, now, 1, 4, (club.tent, 1))
    (had,), (promised,) = codes(session, kari), codes(session, ola)
    assert had != promised
    transfer.offer(Tx(session, now + DAY, club.kari), kari.id, ola.id)
    transfer.accept(Tx(session, now + DAY, club.ola), offered(session).id)
    assert codes(session, ola, ClaimStatus.OUT) == [had]
    assert not session.scalar(select(Claim.id).where(Claim.item_id == item(session, promised).id))


def test_whoever_wants_that_very_item_gets_no_other(session: Session, club: Club, now: datetime) -> None:
    """Ola asked for T3 and no other tent; Kari has T1."""
    kari = factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 1))
    draft = request.open_draft(Tx(session, now, club.ola))
    baskets.put(Tx(session, now, club.ola), draft, club.tent.id, 1, item_id=item(session, "T3").id)
    request.set_period(Tx(session, now), draft, days(now, 1, 2))
    request.request(Tx(session, now, club.ola), draft.id)
    approval.approve(Tx(session, now, club.anna), draft.id)
    assert codes(session, kari) == ["T1"]
    assert candidates.find(Tx(session, now + DAY), kari) == []


def test_others_move_for_it(session: Session, club: Club, now: datetime) -> None:
    """Somebody else is promised Kari's tent for the same days: they get the one that Ola leaves."""
    set_condition(session, "T3", Condition.RETIRED)
    kari = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 1))
    lars = approved(session, club, club.lars, now, 1, 3, (club.tent, 1))
    ola = approved(session, club, club.ola, now, 1, 3, (club.tent, 1))
    for rental, code in ((lars, "T3"), (ola, "T2"), (lars, "T1")):
        claims(session, rental)[0].item_id = item(session, code).id
        session.flush()
    assert codes(session, kari) == ["T1"]
    transfer.offer(Tx(session, now + HOUR, club.kari), kari.id, ola.id)
    transfer.accept(Tx(session, now + HOUR, club.ola), offered(session).id)
    assert (codes(session, ola), codes(session, lars)) == (["T1"], ["T2"])


def test_nobody_loses_what_they_were_promised(session: Session, club: Club, now: datetime) -> None:
    """The stove is promised to Lars for today; Ola, who has it tomorrow, does not get it before him."""
    kari = factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    ola = approved(session, club, club.ola, now, 1, 2, (club.stove, 1))
    at = now + HOUR
    claims(session, kari)[0].blocked_until = at
    kari.due_at = at
    session.flush()
    draft = request.open_draft(Tx(session, at, club.lars))
    baskets.put(Tx(session, now, club.lars), draft, club.stove.id, 1)
    request.set_period(Tx(session, at - HOUR), draft, Period(at, now + DAY))
    request.request(Tx(session, at - HOUR, club.lars), draft.id)
    approval.approve(Tx(session, at - HOUR, club.anna), draft.id)
    with refuses(session, Refused.NOT_FREE, name="S1"):
        transfer.offer(Tx(session, at - HOUR, club.kari), kari.id, ola.id)


def test_several_pieces_some_or_all(session: Session, club: Club, now: datetime) -> None:
    """Kari has two tents and a stove, Ola needs one tent and the stove: those two, or one of them."""
    kari = factories.handed_out(session, club, now, days(now, 0, 1), (club.tent, 2), (club.stove, 1))
    ola = approved(session, club, club.ola, now, 1, 2, (club.tent, 1), (club.stove, 1))
    (following,) = candidates.find(Tx(session, now), kari)
    assert (following.rental_id, following.member) == (ola.id, club.ola.name)
    assert sorted(pair.name for pair in following.pairs) == ["Stove", "Tent"]
    stove = next(pair for pair in following.pairs if pair.name == "Stove")
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id, only=[stove.claim_id])
    first = offered(session).id
    transfer.offer(Tx(session, now + HOUR, club.kari), kari.id, ola.id)
    assert session.query(HandOver).filter_by(status=HandOverStatus.OFFERED).count() == 2
    transfer.accept(Tx(session, now + HOUR, club.ola), offered(session).id)
    assert (kari.status, ola.status) == (RentalStatus.OUT, RentalStatus.OUT)
    assert sorted(statuses(session, kari)) == [ClaimStatus.OUT, ClaimStatus.OUT, ClaimStatus.RETURNED]
    assert sorted(statuses(session, ola)) == [ClaimStatus.HELD, ClaimStatus.OUT]
    # The offer of the stove is not touched by that.
    transfer.accept(Tx(session, now + HOUR, club.ola), first)
    assert statuses(session, ola) == [ClaimStatus.OUT] * 2


def test_what_is_broken_stays_known_to_be(session: Session, club: Club, now: datetime) -> None:
    """A problem that was said is not forgotten on the way."""
    kari, ola = pair(session, club, now)
    checkin.report_problem(Tx(session, now, club.kari), kari.id, note="leaks")
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    transfer.accept(Tx(session, now, club.ola), offered(session).id)
    assert item(session, "S1").condition is Condition.DAMAGED


def nobody(session: Session, club: Club, kari: Rental, ola: Rental, now: datetime) -> None:
    assert candidates.find(Tx(session, now), kari) == []
    with refuses(session, Refused.NOBODY_NEXT):
        transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)


@pytest.mark.parametrize("rule", [{"hand_overs": False}, {"member_picks_up": False}, {"turnaround_hours": 2}])
def test_only_where_the_policy_lets_them(
    session: Session, club: Club, now: datetime, rule: dict[str, Any]
) -> None:
    """Not where it is switched off, a lender hands out, or things are looked after in between."""
    kari = factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    ola = approved(session, club, club.ola, now + 3 * HOUR, 1, 2, (club.stove, 1))
    assert candidates.find(Tx(session, now), kari)
    set_policy(session, club.organization, **rule)
    nobody(session, club, kari, ola, now)


def test_not_before_it_is_within_reach(session: Session, club: Club, now: datetime) -> None:
    """Ola begins in three days: from the day before that on it can be handed over."""
    kari = factories.handed_out(session, club, now, days(now, 0, 3), (club.stove, 1))
    ola = approved(session, club, club.ola, now, 3, 4, (club.stove, 1))
    nobody(session, club, kari, ola, now + DAY)
    assert [one.rental_id for one in candidates.find(Tx(session, now + 2 * DAY), kari)] == [ola.id]


def test_who_cannot_say_yes_is_not_asked(session: Session, club: Club, now: datetime) -> None:
    """Somebody who blocked the bot, or whose membership has ended."""
    kari, ola = pair(session, club, now)
    session.get_one(ChatAccount, club.ola.account_id).blocked_at = now
    session.flush()
    nobody(session, club, kari, ola, now)
    session.get_one(ChatAccount, club.ola.account_id).blocked_at = None
    end_membership(session, club.ola, now)
    nobody(session, club, kari, ola, now)


def test_what_is_brought_back_is_not_handed_over(session: Session, club: Club, now: datetime) -> None:
    """Said to be back, waiting for a lender: nothing is with Kari any more."""
    kari, ola = pair(session, club, now)
    checkin.give_back(Tx(session, now, club.kari), kari.id)
    with refuses(session, Refused.ALREADY):
        transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)


def test_asked_twice_is_asked_once(session: Session, club: Club, now: datetime) -> None:
    """The second tap changes nothing and says nothing new."""
    kari, ola = pair(session, club, now)
    for _ in range(2):
        transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    assert session.query(HandOver).count() == 1
    assert len(said(session, expiry.CARD)) == 1


def test_answered_twice_is_answered_once(session: Session, club: Club, now: datetime) -> None:
    """Another tap on an answered offer tells how things stand, whichever button it is."""
    kari, ola = pair(session, club, now)
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    number = offered(session).id
    transfer.accept(Tx(session, now, club.ola), number)
    for again in (
        partial(transfer.accept, Tx(session, now, club.ola)),
        partial(transfer.decline, Tx(session, now, club.ola)),
        partial(transfer.withdraw, Tx(session, now, club.kari)),
    ):
        with refuses(session, Refused.HAND_OVER_ANSWERED, hand_over_status=HandOverStatus.DONE):
            again(number)


def test_declined_it_stays_where_it_was(session: Session, club: Club, now: datetime) -> None:
    """Kari is told, still has it, and may offer it again."""
    kari, ola = pair(session, club, now)
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    transfer.decline(Tx(session, now, club.ola), offered(session).id)
    (told,) = said(session, transfer.DECLINED)
    assert told.chat_id == club.kari.account_id
    assert (kari.status, ola.status) == (RentalStatus.OUT, RentalStatus.APPROVED)
    transfer.offer(Tx(session, now + HOUR, club.kari), kari.id, ola.id)
    assert offered(session).status is HandOverStatus.OFFERED


def test_taken_back_it_cannot_be_accepted(session: Session, club: Club, now: datetime) -> None:
    """By Kari, before Ola answers."""
    kari, ola = pair(session, club, now)
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    transfer.withdraw(Tx(session, now, club.kari), offered(session).id)
    with refuses(session, Refused.HAND_OVER_ANSWERED, hand_over_status=HandOverStatus.WITHDRAWN):
        transfer.accept(Tx(session, now, club.ola), offered(session).id)


def test_only_who_is_asked_answers(session: Session, club: Club, now: datetime) -> None:
    """Neither lenders, nor who offered, nor another organisation's members know of it; nor withdraw it."""
    other = factories.club(session, now, "Turlaget")
    kari, ola = pair(session, club, now)
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    number = offered(session).id
    for stranger in (club.kari, club.lars, club.anna, other.ola, other.anna):
        for answer in (transfer.accept, transfer.decline):
            with refuses(session, Refused.NOT_FOUND):
                answer(Tx(session, now, stranger), number)
    for stranger in (club.ola, club.lars, other.kari):
        with refuses(session, Refused.NOT_FOUND):
            transfer.withdraw(Tx(session, now, stranger), number)
    for stranger in (club.lars, club.anna, other.kari):
        with refuses(session, Refused.NOT_FOUND):
            transfer.offer(Tx(session, now, stranger), kari.id, ola.id)


def test_nothing_goes_to_another_club(session: Session, club: Club, now: datetime) -> None:
    """A rental of another organisation is nobody who could have it next."""
    other = factories.club(session, now, "Turlaget")
    kari = factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    theirs = approved(session, other, other.ola, now, 1, 2, (other.stove, 1))
    nobody(session, club, kari, theirs, now)


def fetched_another(session: Session, c: Club, ola: Rental, at: datetime) -> None:
    """The desk had a second stove all the same."""
    second = Item(
        organization_id=c.organization.id,
        equipment_id=c.stove.id,
        code="S2",
        label_token="label-of-s2",
        created_at=at,
    )
    session.add(second)
    session.flush()
    (claim,) = claims(session, ola)
    swaps.swap(Tx(session, at, c.lars), claim.id, second.id)
    checkout.hand_out(Tx(session, at, c.lars), ola.id)


ENDS: dict[str, Callable[[Session, Club, Rental, Rental, datetime], object]] = {
    "given back": lambda s, c, kari, ola, at: checkin.give_back(Tx(s, at, c.kari), kari.id),
    "taken back": lambda s, c, kari, ola, at: checkin.take_back(Tx(s, at, c.lars), kari.id),
    "called off": lambda s, c, kari, ola, at: approval.cancel(Tx(s, at, c.ola), ola.id),
    "fetched another": lambda s, c, kari, ola, at: fetched_another(s, c, ola, at),
    "suspended": lambda s, c, kari, ola, at: suspensions.suspend(
        Tx(s, at, c.anna), c.ola.user_id, reason="", until=None
    ),
    "no member": lambda s, c, kari, ola, at: editing.set_moment(
        Tx(s, at, c.anna), c.ola.user_id, field="active_until", moment=at, seen=""
    ),
    "left": lambda s, c, kari, ola, at: leaving.leave(Tx(s, at, c.ola), seen=[ola.id]),
    "lost its item": lambda s, c, kari, ola, at: loss.declare(
        Tx(s, at, c.lars), claims(s, kari)[0].item_id, reason="lost"
    ),
    "run out": lambda s, c, kari, ola, at: approval.expire(Tx(s, at), ola),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_offer_is_over_when_either_side_moves_on(
    session: Session, club: Club, now: datetime, end: str
) -> None:
    """At once, and its card says so; who still has the thing is told, once, and nobody else."""
    kari, ola = pair(session, club, now)
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    at = ola.expires_at if end == "run out" else now + HOUR
    assert at is not None
    ENDS[end](session, club, kari, ola, at)
    assert offered(session).status is HandOverStatus.WITHDRAWN
    with refuses(session, Refused.HAND_OVER_ANSWERED, hand_over_status=HandOverStatus.WITHDRAWN):
        transfer.accept(Tx(session, at, club.ola), offered(session).id)
    periodic.run(Tx(session, at))
    told = [(row.chat_id, row.params["things"]) for row in said(session, expiry.OFF)]
    assert told == (
        []
        if end in ("given back", "taken back", "lost its item")
        else [(club.kari.account_id, [["Stove", "S1"]])]
    )
    assert queries.view(Tx(session, at), kari).passed == ()


def test_a_stale_offer_does_not_bar_the_next(session: Session, club: Club, now: datetime) -> None:
    """Ola called off; before anything swept, Lars is next, and can be asked at once."""
    kari, ola = pair(session, club, now)
    transfer.offer(Tx(session, now, club.kari), kari.id, ola.id)
    approval.cancel(Tx(session, now, club.ola), ola.id)
    lars = approved(session, club, club.lars, now, 1, 2, (club.stove, 1))
    transfer.offer(Tx(session, now, club.kari), kari.id, lars.id)
    transfer.accept(Tx(session, now, club.lars), offered(session).id)
    assert lars.status is RentalStatus.OUT


def test_former_members_may_still_hand_over(session: Session, club: Club, now: datetime) -> None:
    """As they may bring back; what they have does not stay with them."""
    kari, ola = pair(session, club, now)
    former = end_membership(session, club.kari, now)
    transfer.offer(Tx(session, now, former), kari.id, ola.id)
    transfer.accept(Tx(session, now, club.ola), offered(session).id)
    assert kari.status is RentalStatus.RETURNED
