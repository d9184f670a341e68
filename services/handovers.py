"""The two hand-overs: out (picked up, handed out) and back (returned, taken back). Whole or by piece."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Item, Organization, Rental
from db.states import LENDABLE, ClaimStatus, ExtensionStatus, RentalStatus, Role
from services import (
    audit,
    availability,
    fitness,
    notices,
    passing_ends,
    people,
    periods,
    policy,
    rentals,
    standing,
    stock,
)
from services.errors import Refusal, Refused
from services.people import Actor
from services.seating import Wanted
from services.swaps import alternatives as alternatives  # part of handing out
from services.swaps import swap as swap
from services.transitions import move_claims, move_extension, move_rental

LONGEST_NOTE = 500


def claims_of(
    session: Session, rental: Rental, status: ClaimStatus, only: Collection[int] | None = None
) -> list[Claim]:
    """The rental's claims in this status; of those, `only` the named ones."""
    found = session.scalars(
        select(Claim)
        .where(Claim.rental_id == rental.id, Claim.status == status)
        .order_by(Claim.line_id, Claim.item_id)
    )
    return [claim for claim in found if only is None or claim.id in only]


def current_claim(session: Session, item_id: int, now: datetime) -> Claim | None:
    """The claim that matters for an item in somebody's hand: what is out, else what begins next."""
    return session.scalar(
        select(Claim)
        .where(
            Claim.item_id == item_id,
            Claim.rental_id.is_not(None),
            (Claim.status == ClaimStatus.OUT)
            | ((Claim.status == ClaimStatus.HELD) & (Claim.blocked_until > now)),
        )
        .order_by(Claim.status.desc(), Claim.starts_at)
        .limit(1)
    )


def _locked(session: Session, actor: Actor, rental_id: int) -> Rental:
    rental = rentals.get(session, actor, rental_id)
    session.refresh(rental, with_for_update=True)
    return rental


def hand_out(
    session: Session, actor: Actor, rental_id: int, now: datetime, *, only: Collection[int] | None = None
) -> Rental:
    """The things go out: by a LENDER, or picked up by the member where the policy trusts them to.

    A member fetches on the first day at the earliest; a LENDER hands out earlier too, if nobody has it then.
    Raises ALREADY (nothing left to hand out), NOT_ALLOWED, NOT_YET, TOO_EARLY, IN_THE_PAST (it would be late
    at once), ITEM_IS_OUT, ITEM_NOT_LENDABLE.
    """
    rental = _locked(session, actor, rental_id)
    if rental.status not in (RentalStatus.APPROVED, RentalStatus.OUT):
        raise standing.already(session, rental)
    stock.lock(session, [line.equipment_id for line in stock.lines_of(session, rental.id)])
    # Nobody moves them to other items from here on.
    session.expire_all()
    claims = claims_of(session, rental, ClaimStatus.HELD, only)
    if not claims:
        raise standing.already(session, rental)
    organization = session.get_one(Organization, rental.organization_id)
    if not (rental.user_id == actor.user_id and policy.of(organization).member_picks_up):
        actor.require(Role.LENDER)
    actor.require_active()
    people.require_renter(session, rental.user_id, now)
    if rental.due_at is None or rental.due_at <= now:
        raise Refusal(Refused.IN_THE_PAST)
    if not actor.may(Role.LENDER):
        _require_first_day(organization, rental, now)
    for claim in claims:
        _require_here(session, claim)
    _begin_now(session, claims, now)
    move_claims(session, [c.id for c in claims], ClaimStatus.OUT, out_at=now, out_by=actor.user_id)
    if rental.status is RentalStatus.APPROVED:
        move_rental(session, rental, RentalStatus.OUT, expires_at=None)
    audit.rental(session, now, rental, actor.user_id, "hand_out", items=[c.item_id for c in claims])
    by_member = rental.user_id == actor.user_id
    notices.show_member(session, now, rental, news=not by_member, by=actor.user_id)
    notices.show_desk(session, now, rental)
    passing_ends.settle(session, now, rental.id)
    return rental


def _require_first_day(organization: Organization, rental: Rental, now: datetime) -> None:
    zone = organization.zone
    if rental.starts_at is not None and now < periods.start_of_day(
        periods.first_day(rental.starts_at, zone), zone
    ):
        raise Refusal(Refused.NOT_YET, starts_at=rental.starts_at)


def _require_here(session: Session, claim: Claim) -> None:
    item = session.get_one(Item, claim.item_id)
    if item.condition not in LENDABLE:
        raise Refusal(Refused.ITEM_NOT_LENDABLE, code=item.code, condition=item.condition)
    if session.scalar(select(Claim.id).filter_by(item_id=claim.item_id, status=ClaimStatus.OUT)):
        raise Refusal(Refused.ITEM_IS_OUT, code=item.code)


def _begin_now(session: Session, claims: Sequence[Claim], now: datetime) -> None:
    """Handed out ahead of time: the claims begin now, and whoever has the items until then gets others."""
    early = [claim for claim in claims if now < claim.starts_at]
    by_equipment: dict[int, list[Claim]] = {}
    for claim in early:
        by_equipment.setdefault(session.get_one(Item, claim.item_id).equipment_id, []).append(claim)
    for equipment_id, some in sorted(by_equipment.items()):
        schedule = availability.load(
            session, some[0].organization_id, [equipment_id], now, without_claims=[c.id for c in claims]
        )
        # The others that go out now stay as well.
        together = [
            Wanted(now, claim.blocked_until, item_id=claim.item_id)
            for claim in claims
            if claim in some or session.get_one(Item, claim.item_id).equipment_id == equipment_id
        ]
        seating = schedule.seat(equipment_id, together)
        if seating is None:
            raise Refusal(Refused.TOO_EARLY, starts_at=max(claim.starts_at for claim in some))
        stock.reseat(session, seating, now)
    for claim in early:
        claim.starts_at = now
    session.flush()


def give_back(
    session: Session, actor: Actor, rental_id: int, now: datetime, *, only: Collection[int] | None = None
) -> Rental:
    """The member says it is back. A claim until a LENDER confirms it; final where the policy needs none.

    It stops the overdue messages. Former members may still bring things back. Raises ALREADY.
    """
    rental = rentals.own(session, actor, rental_id)
    session.refresh(rental, with_for_update=True)
    claims = [c for c in claims_of(session, rental, ClaimStatus.OUT, only) if c.return_claimed_at is None]
    if not claims:
        raise standing.already(session, rental)
    organization = session.get_one(Organization, rental.organization_id)
    if not policy.of(organization).return_confirmed:
        return _take(session, actor, rental, now, claims)
    for claim in claims:
        claim.return_claimed_at = now
    audit.rental(session, now, rental, actor.user_id, "give_back", items=[c.item_id for c in claims])
    notices.show_member(session, now, rental)
    notices.show_desk(session, now, rental, news=True)
    passing_ends.settle(session, now, rental.id)
    return rental


def take_back(
    session: Session, actor: Actor, rental_id: int, now: datetime, *, only: Collection[int] | None = None
) -> Rental:
    """A LENDER has the things in hand: what the member returned, or all that is out. Raises ALREADY."""
    rental = _locked(session, actor, rental_id)
    claims = claims_of(session, rental, ClaimStatus.OUT, only)
    if not claims:
        raise standing.already(session, rental)
    actor.require(Role.LENDER)
    return _take(session, actor, rental, now, claims)


def confirm_return(session: Session, actor: Actor, rental_id: int, now: datetime) -> Rental:
    """A LENDER confirms what the member says is back, and nothing else. Raises ALREADY."""
    rental = _locked(session, actor, rental_id)
    claims = [c for c in claims_of(session, rental, ClaimStatus.OUT) if c.return_claimed_at is not None]
    if not claims:
        raise standing.already(session, rental)
    actor.require(Role.LENDER)
    return _take(session, actor, rental, now, claims)


def report_problem(
    session: Session,
    actor: Actor,
    rental_id: int,
    now: datetime,
    *,
    note: str,
    only: Collection[int] | None = None,
) -> Rental:
    """Something is wrong with all of it, or `only` these: missing, broken. By the member or a LENDER.

    By a LENDER while a return waits, it takes the return back: the things count as out again. The note
    stays on the claims, and the other side is told. Raises ALREADY, TOO_MUCH_TEXT.
    """
    rental = _locked(session, actor, rental_id)
    claims = [c for c in require_problem(session, actor, rental) if only is None or c.id in only]
    if not claims:
        raise standing.already(session, rental)
    by_member = rental.user_id == actor.user_id
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NOTE)
    for claim in claims:
        claim.problem = note
        if not by_member:
            claim.return_claimed_at = None
    audit.rental(session, now, rental, actor.user_id, "problem", items=[c.item_id for c in claims])
    notices.show_member(session, now, rental, news=not by_member, by=actor.user_id)
    # About one piece those who decide hear more than the card says (services/damage.py).
    notices.show_desk(session, now, rental, news=by_member and only is None)
    return rental


def require_problem(session: Session, actor: Actor, rental: Rental) -> list[Claim]:
    """What a problem could be about now. Raises ALREADY where nothing is out, NOT_ALLOWED."""
    claims = claims_of(session, rental, ClaimStatus.OUT)
    if not claims:
        raise standing.already(session, rental)
    if rental.user_id != actor.user_id:
        actor.require(Role.LENDER)
    return claims


def _take(session: Session, actor: Actor, rental: Rental, now: datetime, claims: list[Claim]) -> Rental:
    move_claims(
        session, [c.id for c in claims], ClaimStatus.RETURNED, returned_at=now, returned_to=actor.user_id
    )
    for claim in claims:
        if claim.problem:
            fitness.mark_damaged(session, actor, now, session.get_one(Item, claim.item_id))
    audit.rental(session, now, rental, actor.user_id, "take_back", items=[c.item_id for c in claims])
    end_if_done(session, rental, now)
    by_member = rental.user_id == actor.user_id
    notices.show_member(session, now, rental, news=not by_member, by=actor.user_id)
    notices.show_desk(session, now, rental)
    passing_ends.settle(session, now, rental.id)
    return rental


def end_if_done(session: Session, rental: Rental, now: datetime) -> None:
    """Nothing out any more: the rental is over, and what was never fetched is free again."""
    session.flush()
    if claims_of(session, rental, ClaimStatus.OUT):
        return
    move_claims(session, [c.id for c in claims_of(session, rental, ClaimStatus.HELD)], ClaimStatus.RELEASED)
    move_rental(session, rental, RentalStatus.RETURNED, ended_at=now)
    from_member = rentals.open_extension(session, rental)
    if from_member is not None:
        move_extension(session, from_member, ExtensionStatus.WITHDRAWN, decided_at=now)
