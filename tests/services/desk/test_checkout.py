"""Out and back: whole and by piece, swapped, too early, with a problem."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Rental
from db.states import ClaimStatus, Condition, ExtensionStatus, RentalStatus, Role
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin, checkout, swaps
from services.inventory import locations
from services.maintenance import damage
from services.messaging import notifications
from services.rentals import approval, extension, queries, reminders
from services.rentals.booking import request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import (
    DAY,
    HOUR,
    MINUTE,
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


def approved(session: Session, c: Club, now: datetime, period: Period, *lines: tuple[Any, int]) -> Rental:
    rental = factories.requested(session, c.kari, now, period, *lines)
    return approval.approve(Tx(session, now, c.anna), rental.id)


def test_the_member_picks_it_up(session: Session, club: Club, now: datetime) -> None:
    """Trusted by the policy, they say so themselves; who and when is kept."""
    rental = approved(session, club, now, days(now, 0, 3), (club.tent, 2))
    at = now + HOUR
    checkout.hand_out(Tx(session, at, club.kari), rental.id)
    assert (rental.status, rental.expires_at) == (RentalStatus.OUT, None)
    assert {(c.status, c.out_at, c.out_by) for c in claims(session, rental)} == {
        (ClaimStatus.OUT, at, club.kari.user_id)
    }
    (entry,) = session.scalars(select(AuditEntry).filter_by(action="hand_out"))
    assert entry.details["items"] == [c.item_id for c in claims(session, rental)]


def test_only_a_lender_hands_out_where_the_policy_says_so(
    session: Session, club: Club, now: datetime
) -> None:
    """The member's own tap is refused, and so is anybody else's without the role."""
    set_policy(session, club.organization, member_picks_up=False)
    rental = approved(session, club, now, days(now, 0, 3), (club.tent, 1))
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LENDER):
        checkout.hand_out(Tx(session, now, club.kari), rental.id)
    with refuses(session, Refused.NOT_FOUND):
        checkout.hand_out(Tx(session, now, club.ola), rental.id)
    checkout.hand_out(Tx(session, now, club.lars), rental.id)
    (card,) = said(session, notifications.RENTAL_CARD)
    assert card.renew, "the member hears of what somebody else did"


def test_handing_out_twice_is_handing_out_once(session: Session, club: Club, now: datetime) -> None:
    """The second tap reads that it is out, whoever taps; before an approval nothing goes out."""
    asked = factories.requested(session, club.kari, now, days(now, 0, 3), (club.tent, 1))
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.REQUESTED):
        checkout.hand_out(Tx(session, now, club.lars), asked.id)
    approval.approve(Tx(session, now, club.anna), asked.id)
    checkout.hand_out(Tx(session, now, club.lars), asked.id)
    for actor in (club.lars, club.kari, club.anna):
        with refuses(session, Refused.ALREADY, rental_status=RentalStatus.OUT):
            checkout.hand_out(Tx(session, now, actor), asked.id)


def test_piece_by_piece(session: Session, club: Club, now: datetime) -> None:
    """Two now, one later; back in two rounds; over when the last one is back."""
    rental = approved(session, club, now, days(now, 0, 3), (club.tent, 2), (club.stove, 1))
    one, two, three = (claim.id for claim in claims(session, rental))
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[one, two])
    assert statuses(session, rental) == [ClaimStatus.OUT, ClaimStatus.OUT, ClaimStatus.HELD]
    checkout.hand_out(Tx(session, now + HOUR, club.lars), rental.id, only=[three])
    checkin.give_back(Tx(session, now + DAY, club.kari), rental.id, only=[one])
    with refuses(session, Refused.ALREADY):
        checkin.give_back(Tx(session, now + DAY, club.kari), rental.id, only=[one])
    checkin.confirm_return(Tx(session, now + DAY, club.lars), rental.id)
    assert statuses(session, rental) == [ClaimStatus.RETURNED, ClaimStatus.OUT, ClaimStatus.OUT]
    assert rental.status is RentalStatus.OUT
    checkin.take_back(Tx(session, now + 2 * DAY, club.lars), rental.id)
    assert (rental.status, rental.ended_at) == (RentalStatus.RETURNED, now + 2 * DAY)


def test_what_was_never_fetched_is_free_when_the_rest_is_back(
    session: Session, club: Club, now: datetime
) -> None:
    """The second tent stayed on its shelf: with the return of the first it is everybody's again."""
    rental = approved(session, club, now, days(now, 0, 3), (club.tent, 2))
    first = claims(session, rental)[0].id
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[first])
    checkin.take_back(Tx(session, now + DAY, club.lars), rental.id)
    assert statuses(session, rental) == [ClaimStatus.RETURNED, ClaimStatus.RELEASED]
    assert rental.status is RentalStatus.RETURNED


@pytest.mark.parametrize("act", [checkout.hand_out, checkin.give_back, checkin.take_back])
def test_pieces_of_another_rental_are_not_touched(
    session: Session, club: Club, now: datetime, act: Callable[..., object]
) -> None:
    """A button that names claims counts for its own rental alone."""
    other = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    rental = approved(session, club, now, days(now, 0, 3), (club.tent, 2))
    if act is not checkout.hand_out:
        checkout.hand_out(Tx(session, now, club.lars), rental.id)
    actor = club.kari if act is checkin.give_back else club.lars
    before = statuses(session, rental), statuses(session, other)
    with refuses(session, Refused.ALREADY):
        act(Tx(session, now, actor), rental.id, only=[claims(session, other)[0].id])
    assert (statuses(session, rental), statuses(session, other)) == before


def test_ahead_of_time(session: Session, club: Club, now: datetime) -> None:
    """A lender hands out sooner: the booking begins then, unless somebody has the item until it starts."""
    early = approved(session, club, now, days(now, 1, 3), (club.stove, 1))
    checkout.hand_out(Tx(session, now, club.lars), early.id)
    assert [(c.starts_at, c.status) for c in claims(session, early)] == [(now, ClaimStatus.OUT)]
    checkin.take_back(Tx(session, now, club.lars), early.id)
    approved(session, club, now, days(now, 4, 5), (club.stove, 1))
    later = approved(session, club, now, days(now, 6, 8), (club.stove, 1))
    with refuses(session, Refused.TOO_EARLY, starts_at=now + 6 * DAY):
        checkout.hand_out(Tx(session, now + 3 * DAY, club.lars), later.id)
    assert [c.starts_at for c in claims(session, later)] == [now + 6 * DAY]


def test_a_member_picks_up_on_the_first_day(session: Session, club: Club, now: datetime) -> None:
    """From its local midnight on, though the hand-out time is later; not the evening before."""
    start = datetime(2026, 12, 3, 7, 0, tzinfo=UTC)
    rental = approved(session, club, now, Period(start, start + 2 * DAY), (club.tent, 1))
    midnight = datetime(2026, 12, 2, 23, 0, tzinfo=UTC)
    with refuses(session, Refused.NOT_YET, starts_at=start):
        checkout.hand_out(Tx(session, midnight - MINUTE, club.kari), rental.id)
    checkout.hand_out(Tx(session, midnight, club.kari), rental.id)
    assert [c.starts_at for c in claims(session, rental)] == [midnight]
    own = factories.requested(session, club.lars, now, Period(start, start + 2 * DAY), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), own.id)
    checkout.hand_out(Tx(session, now, club.lars), own.id)
    assert own.status is RentalStatus.OUT, "a lender need not ask another lender"


def test_what_is_not_there_cannot_go_out(session: Session, club: Club, now: datetime) -> None:
    """Still with the one before, broken, or over: refused by the item's code, nothing changes."""
    factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    rental = approved(session, club, now, days(now, 1, 3), (club.stove, 1), (club.tent, 1))
    with refuses(session, Refused.ITEM_IS_OUT, code="S1"):
        checkout.hand_out(Tx(session, now + 2 * DAY, club.lars), rental.id)
    assert statuses(session, rental) == [ClaimStatus.HELD] * 2
    set_condition(session, "T1", Condition.IN_REPAIR)
    only = [claims(session, rental)[1].id]
    with refuses(session, Refused.ITEM_NOT_LENDABLE, code="T1"):
        checkout.hand_out(Tx(session, now + 2 * DAY, club.lars), rental.id, only=only)
    with refuses(session, Refused.IN_THE_PAST):
        checkout.hand_out(Tx(session, now + 3 * DAY, club.lars), rental.id, only=only)


def test_a_former_member_fetches_nothing(session: Session, club: Club, now: datetime) -> None:
    """Their membership ended between the approval and the day."""
    rental = approved(session, club, now, days(now, 0, 3), (club.tent, 1))
    with refuses(session, Refused.MEMBERSHIP_ENDED):
        checkout.hand_out(Tx(session, now, end_membership(session, club.kari, now)), rental.id)


def test_a_former_member_brings_things_back(session: Session, club: Club, now: datetime) -> None:
    """And may say what is wrong with them; nothing more is lent to them."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    gone = end_membership(session, club.kari, now)
    checkin.report_problem(Tx(session, now, gone), rental.id, note="torn")
    checkin.give_back(Tx(session, now, gone), rental.id)
    checkin.confirm_return(Tx(session, now, club.lars), rental.id)
    assert rental.status is RentalStatus.RETURNED


def test_swapping_for_another_of_the_same(session: Session, club: Club, now: datetime) -> None:
    """Only free ones of the same equipment are offered and taken; the claim keeps its period."""
    rental = approved(session, club, now, days(now, 0, 3), (club.tent, 1))
    other = approved(session, club, now, days(now, 1, 2), (club.tent, 1))
    checkout.hand_out(Tx(session, now, club.lars), other.id)
    (claim,) = claims(session, rental)
    assert [i.code for i in swaps.alternatives(Tx(session, now, club.lars), claim.id)] == ["T3"]
    with refuses(session, Refused.NOT_FREE, name="T2"):
        swaps.swap(Tx(session, now, club.lars), claim.id, item(session, "T2").id)
    with refuses(session, Refused.WRONG_EQUIPMENT, code="S1"):
        swaps.swap(Tx(session, now, club.lars), claim.id, item(session, "S1").id)
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LENDER):
        swaps.swap(Tx(session, now, club.kari), claim.id, item(session, "T3").id)
    swaps.swap(Tx(session, now, club.lars), claim.id, item(session, "T3").id)
    swaps.swap(Tx(session, now, club.lars), claim.id, item(session, "T3").id)
    assert codes(session, rental) == ["T3"]
    checkout.hand_out(Tx(session, now, club.lars), rental.id)
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.OUT):
        swaps.swap(Tx(session, now, club.lars), claim.id, item(session, "T1").id)


def test_what_is_over_is_not_swapped(session: Session, club: Club, now: datetime) -> None:
    """Nobody came for it and its time has passed: there is nothing left to hand out instead."""
    rental = approved(session, club, now, days(now, 0, 3), (club.tent, 1))
    (claim,) = claims(session, rental)
    for at in (now + 3 * DAY, now + 4 * DAY):
        with refuses(session, Refused.IN_THE_PAST):
            swaps.swap(Tx(session, at, club.lars), claim.id, item(session, "T2").id)


def test_swapping_for_one_that_was_needed_until_now(session: Session, club: Club, now: datetime) -> None:
    """Past bookings of the other item do not stand in the way of one that goes out late."""
    early = approved(session, club, now, Period(now, now + DAY), (club.tent, 1))
    late = approved(session, club, now, Period(now, now + 3 * DAY), (club.tent, 1))
    (claim,) = claims(session, late)
    at = now + DAY + HOUR
    swaps.swap(Tx(session, at, club.lars), claim.id, claims(session, early)[0].item_id)
    checkout.hand_out(Tx(session, at, club.lars), late.id)
    assert codes(session, late, ClaimStatus.OUT) == codes(session, early)


def test_a_return_is_a_claim_until_somebody_has_looked(session: Session, club: Club, now: datetime) -> None:
    """The member says so, a lender confirms it; both only once, and the state comes before the permission."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 2))
    checkin.give_back(Tx(session, now + DAY, club.kari), rental.id)
    assert statuses(session, rental) == [ClaimStatus.OUT] * 2
    assert {c.return_claimed_at for c in claims(session, rental)} == {now + DAY}
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.OUT):
        checkin.give_back(Tx(session, now + DAY, club.kari), rental.id)
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LENDER):
        checkin.confirm_return(Tx(session, now + DAY, club.kari), rental.id)
    checkin.confirm_return(Tx(session, now + 2 * DAY, club.lars), rental.id)
    assert {(c.status, c.returned_at, c.returned_to) for c in claims(session, rental)} == {
        (ClaimStatus.RETURNED, now + 2 * DAY, club.lars.user_id)
    }
    for actor in (club.anna, club.kari):
        for again in (checkin.confirm_return, checkin.take_back):
            with refuses(session, Refused.ALREADY, rental_status=RentalStatus.RETURNED):
                again(Tx(session, now + 3 * DAY, actor), rental.id)


def test_from_and_to_which_place(session: Session, club: Club, now: datetime) -> None:
    """Each piece goes back to where it was taken from, unless somebody says otherwise."""
    shelf, attic = (locations.add(Tx(session, now, club.anna), name) for name in ("Shelf", "Attic"))
    item(session, "T1").location_id = shelf.id
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 2))
    assert [c.out_location_id for c in claims(session, rental)] == [shelf.id, None]
    checkin.take_back(Tx(session, now + DAY, club.lars), rental.id)
    assert [c.returned_location_id for c in claims(session, rental)] == [shelf.id, None]
    (number,) = {c.return_id for c in claims(session, rental)}
    assert number is not None and number == locations.last_return(session, rental.id)
    locations.put_away(Tx(session, now + DAY, club.lars), number, attic.id)
    assert [(c.out_location_id, c.returned_location_id) for c in claims(session, rental)] == [
        (shelf.id, attic.id),
        (None, attic.id),
    ]


def test_confirming_takes_only_what_was_claimed(session: Session, club: Club, now: datetime) -> None:
    """Pieces that the member still has stay out; if none was said to be back there is nothing to confirm."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 2))
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.OUT):
        checkin.confirm_return(Tx(session, now, club.lars), rental.id)
    checkin.give_back(Tx(session, now, club.kari), rental.id, only=[claims(session, rental)[1].id])
    checkin.confirm_return(Tx(session, now, club.lars), rental.id)
    assert statuses(session, rental) == [ClaimStatus.OUT, ClaimStatus.RETURNED]


def test_a_return_that_nobody_has_to_confirm(session: Session, club: Club, now: datetime) -> None:
    """A return is final at once if the policy trusts the member."""
    set_policy(session, club.organization, return_confirmed=False)
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    checkin.give_back(Tx(session, now, club.kari), rental.id)
    assert (rental.status, statuses(session, rental)) == (RentalStatus.RETURNED, [ClaimStatus.RETURNED])


def test_taking_back_without_a_claim(session: Session, club: Club, now: datetime) -> None:
    """A lender has it in hand: that is enough. A member cannot take back, not even their own."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LENDER):
        checkin.take_back(Tx(session, now, club.kari), rental.id)
    with refuses(session, Refused.NOT_FOUND):
        checkin.give_back(Tx(session, now, club.lars), rental.id)
    checkin.take_back(Tx(session, now, club.lars), rental.id)
    assert rental.status is RentalStatus.RETURNED


def test_a_problem_takes_the_return_back(session: Session, club: Club, now: datetime) -> None:
    """A lender finds nothing on the shelf: it counts as out again, and the reminders go on."""
    rental = factories.handed_out(session, club, now, Period(now, now + DAY), (club.tent, 1))
    late = now + 2 * DAY
    checkin.give_back(Tx(session, late, club.kari), rental.id)
    assert reminders.overdue(Tx(session, late, within=club.organization.id), per_page=9) == ([], 0)
    checkin.report_problem(Tx(session, late, club.lars), rental.id, note=" not on the shelf ")
    assert [(c.return_claimed_at, c.problem) for c in claims(session, rental)] == [(None, "not on the shelf")]
    assert reminders.overdue(Tx(session, late, within=club.organization.id), per_page=9) == ([rental], 1)
    checkin.give_back(Tx(session, late, club.kari), rental.id)
    checkin.confirm_return(Tx(session, late, club.lars), rental.id)
    assert item(session, "T1").condition is Condition.DAMAGED
    assert item(session, "T1").version == 2


def test_a_problem_by_the_member_is_news_for_the_desk(session: Session, club: Club, now: datetime) -> None:
    """A broken pole is told before the return; the return itself still stands."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    checkin.give_back(Tx(session, now, club.kari), rental.id)
    checkin.report_problem(Tx(session, now, club.kari), rental.id, note="pole broken <i>")
    assert [(c.return_claimed_at, c.problem) for c in claims(session, rental)] == [(now, "pole broken <i>")]
    checkin.confirm_return(Tx(session, now, club.lars), rental.id)
    assert item(session, "T1").condition is Condition.DAMAGED


def test_a_second_problem_stands_beside_the_first(session: Session, club: Club, now: datetime) -> None:
    """The cards tell both, and the same one once; what is reworded later keeps its place."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 2))
    by_kari, by_lars = Tx(session, now, club.kari), Tx(session, now, club.lars)
    first = claims(session, rental)[0]
    note = damage.report(by_kari, rental.id, first.id, "pole broken")
    for tx, words in ((by_lars, "no pegs"), (by_kari, "no pegs")):
        checkin.report_problem(tx, rental.id, note=words)
    assert queries.view(by_kari, rental).problems == ["pole broken", "no pegs"]
    damage.reword(Tx(session, now, club.anna), note.id, "pole bent")
    assert queries.view(by_kari, rental).problems == ["pole bent", "no pegs"]


def test_problems_that_cannot_be(session: Session, club: Club, now: datetime) -> None:
    """Too much text, nothing out, or somebody else's business."""
    rental = approved(session, club, now, days(now, 0, 3), (club.tent, 1))
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.APPROVED):
        checkin.report_problem(Tx(session, now, club.kari), rental.id, note="x")
    checkout.hand_out(Tx(session, now, club.lars), rental.id)
    with refuses(session, Refused.TOO_MUCH_TEXT, most=500):
        checkin.report_problem(Tx(session, now, club.kari), rental.id, note="x" * 501)
    with refuses(session, Refused.NOT_FOUND):
        checkin.report_problem(Tx(session, now, club.ola), rental.id, note="x")
    assert item(session, "T1").condition is Condition.OK


def test_the_end_withdraws_the_question_for_more_time(session: Session, club: Club, now: datetime) -> None:
    """Everything is back: nobody has to answer any more, and whoever does reads so."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1))
    question = extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)
    checkin.take_back(Tx(session, now, club.lars), rental.id)
    assert question.status is ExtensionStatus.WITHDRAWN
    with refuses(session, Refused.EXTENSION_ANSWERED, extension_status=ExtensionStatus.WITHDRAWN, by=None):
        extension.grant(Tx(session, now, club.anna), question.id)


def test_the_claim_that_a_scanned_label_is_about(session: Session, club: Club, now: datetime) -> None:
    """A claim that is out comes first, then the one that begins next; a claim that is over is forgotten."""
    s1 = item(session, "S1").id
    assert checkout.current_claim(Tx(session, now), s1) is None
    later = approved(session, club, now, days(now, 5, 6), (club.stove, 1))
    soon = approved(session, club, now, days(now, 2, 3), (club.stove, 1))
    found = checkout.current_claim(Tx(session, now), s1)
    assert found is not None and found.rental_id == soon.id
    out = factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    found = checkout.current_claim(Tx(session, now), s1)
    assert found is not None and found.rental_id == out.id
    checkin.take_back(Tx(session, now, club.lars), out.id)
    found = checkout.current_claim(Tx(session, now + 4 * DAY), s1)
    assert found is not None and found.rental_id == later.id


def test_an_overdue_rental_is_not_handed_out_further(session: Session, club: Club, now: datetime) -> None:
    """The second piece was promised until the due time; after it, it may be promised to somebody else."""
    rental = approved(session, club, now, days(now, 0, 2), (club.tent, 2))
    one, two = (claim.id for claim in claims(session, rental))
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[one])
    with refuses(session, Refused.IN_THE_PAST):
        checkout.hand_out(Tx(session, now + 2 * DAY, club.lars), rental.id, only=[two])
    assert request.get(Tx(session, now, club.lars), rental.id).status is RentalStatus.OUT
