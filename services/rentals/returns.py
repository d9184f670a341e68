"""Returns: items that come back, and those that a member says are back and no lender has confirmed.

What is said to be back is neither late nor sure to be there. Whoever has it next may confirm it by having it;
what nobody contradicts for as long as the policy says counts as back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session

from db.aliases import kept
from db.models import Claim, Equipment, Item, Rental, Return, User
from db.states import ClaimStatus, ExtensionStatus, Lane, RentalStatus
from services.availability.schedules import counts_as_back_at
from services.core import audit, identity
from services.core.hours import periods
from services.core.state_machine import move_claims, move_extension, move_rental
from services.core.tx import Tx
from services.inventory import condition
from services.messaging import notifications, outbox
from services.messaging.kinds import UNCONFIRMED
from services.messaging.quiet_hours import after_quiet_hours
from services.rentals.booking import request
from services.rentals.late import conflicts as late_conflicts
from services.transfers import expiry

_CLAIMS_OF = (
    select(Claim)
    .where(Claim.rental_id == bindparam("rental"), Claim.status == bindparam("status"))
    .order_by(Claim.line_id, Claim.item_id)
)


def claims_of(
    session: Session, rental: Rental, status: ClaimStatus, only: Collection[int] | None = None
) -> list[Claim]:
    """Return the rental's claims in this status, read anew; of those, `only` the ones with these ids."""
    those = {"rental": rental.id, "status": status}
    found = session.scalars(_CLAIMS_OF, those, execution_options={"populate_existing": True})
    return [claim for claim in found if only is None or claim.id in only]


def where_it_lies() -> ScalarSelect[int | None]:
    """Return the location of a claim's item: by default it goes back to where it was taken from."""
    return select(Item.location_id).where(Item.id == Claim.item_id).scalar_subquery()


_PROMISED, _OUT = kept(Claim, "promised"), kept(Claim, "out")
_SOURCES = (
    select(_OUT.rental_id)
    .join(_PROMISED, _PROMISED.item_id == _OUT.item_id)
    .where(
        _PROMISED.rental_id == bindparam("rental"),
        _PROMISED.status == ClaimStatus.HELD,
        _OUT.status == ClaimStatus.OUT,
        _OUT.return_claimed_at.is_not(None),
    )
)
_WITH_SOURCES = (
    select(Rental)
    .where(or_(Rental.id == bindparam("rental"), Rental.id.in_(_SOURCES)))
    .order_by(Rental.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def lock_with_sources(session: Session, rental_id: int) -> None:
    """Lock a rental, and those whose items are said to be back and it has next, in order of their ids."""
    session.scalars(_WITH_SOURCES, {"rental": rental_id}).all()


def take(
    tx: Tx,
    rental: Rental,
    claims: Sequence[Claim],
    *,
    passed_to: int | None = None,
    at: datetime | None = None,
) -> Rental:
    """Check in these claims, by the actor, or by nobody: they count as back.

    `passed_to`: the rental whose member has them now. `at`: they came back then. What is over with it is
    ended, and told.
    """
    by = tx.acting.user_id if tx.acting is not None else None
    back = Return(
        organization_id=rental.organization_id,
        rental_id=rental.id,
        returned_at=tx.now,
        returned_to=by,
    )
    tx.session.add(back)
    tx.session.flush()
    move_claims(
        tx.session,
        [c.id for c in claims],
        ClaimStatus.RETURNED,
        returned_at=tx.now,
        returned_to=by,
        return_id=back.id,
        returned_location_id=where_it_lies(),
    )
    if at is not None:
        came_back(claims, at)
        tx.session.flush()
    for claim in claims:
        if claim.problem:
            condition.mark_damaged(tx, tx.session.get_one(Item, claim.item_id))
    items = [c.item_id for c in claims]
    when: dict[str, Any] = {"at": at.isoformat()} if at is not None else {}
    if passed_to is not None:
        to = tx.session.get_one(Rental, passed_to).number
        audit.rental(tx, rental, "hand_over", items=items, to=to, **when)
    else:
        action = "take_back" if by is not None else "count_as_back"
        audit.rental(tx, rental, action, user_id=by, items=items, **when)
    end_if_done(tx, rental)
    if at is not None:
        end_when(tx, rental)
    # What only time decided rings nowhere.
    notifications.update_member_card(tx, rental, notify=by not in (None, rental.user_id), by=by)
    notifications.update_desk_card(tx, rental)
    expiry.settle(tx, rental.id)
    return rental


def came_back(claims: Sequence[Claim], at: datetime) -> None:
    """Let these claims, checked in, have come back at that moment; nobody reported it before then."""
    for claim in claims:
        claim.returned_at = at
        if claim.return_claimed_at is not None:
            claim.return_claimed_at = min(claim.return_claimed_at, at)


def end_when(tx: Tx, rental: Rental) -> None:
    """Let a rental that is over have ended when the last of it came back; nothing changes for others."""
    if rental.status is not RentalStatus.RETURNED:
        return
    last = tx.session.scalar(select(func.max(Claim.returned_at)).filter_by(rental_id=rental.id))
    rental.ended_at = last or rental.ended_at
    tx.session.flush()


def end_if_done(tx: Tx, rental: Rental) -> None:
    """End the rental if nothing is out any more, and release what was never picked up."""
    tx.session.flush()
    if claims_of(tx.session, rental, ClaimStatus.OUT):
        return
    move_claims(
        tx.session, [c.id for c in claims_of(tx.session, rental, ClaimStatus.HELD)], ClaimStatus.RELEASED
    )
    move_rental(tx.session, rental, RentalStatus.RETURNED, ended_at=tx.now)
    from_member = request.open_extension(tx.session, rental)
    if from_member is not None:
        move_extension(tx.session, from_member, ExtensionStatus.WITHDRAWN, decided_at=tx.now)


# Said to be back


@dataclass(frozen=True)
class Following:
    """The next rental of an item that is said to be back."""

    claim_id: int
    rental_id: int
    member: str
    code: str
    name: str
    starts_at: datetime


@dataclass(frozen=True)
class Unconfirmed:
    """A rental of which some items are said to be back: their claims, and when that was last said."""

    rental: Rental
    claims: tuple[Claim, ...]
    at: datetime


SAID_BACK = and_(Claim.status == literal_column("'out'"), Claim.return_claimed_at.is_not(None))
"""The condition that a claim is said to be back, and not confirmed, in the words of its index."""


def is_said_back() -> ColumnElement[bool]:
    """Build the condition that something of a rental is said to be back, and not confirmed."""
    return exists().where(
        Claim.rental_id == Rental.id, Claim.status == ClaimStatus.OUT, Claim.return_claimed_at.is_not(None)
    )


def unconfirmed(tx: Tx, those: Sequence[Rental] | None = None) -> list[Unconfirmed]:
    """Return the organization's returns that nobody has confirmed, the longest waiting first.

    `those`: the rentals that have one, where they are known.
    """
    if those is not None and not those:
        return []
    query = (
        select(Rental, Claim)
        .join(Claim, Claim.rental_id == Rental.id)
        .where(
            Rental.organization_id == tx.organization_id,
            Rental.status == RentalStatus.OUT,
            Claim.status == ClaimStatus.OUT,
            Claim.return_claimed_at.is_not(None),
        )
        .order_by(Claim.id)
    )
    rows = tx.session.execute(query)
    by_rental: dict[int, tuple[Rental, list[Claim]]] = {}
    for rental, claim in rows:
        by_rental.setdefault(rental.id, (rental, []))[1].append(claim)
    found = [Unconfirmed(rental, tuple(claims), _last_said(claims)) for rental, claims in by_rental.values()]
    return sorted(found, key=lambda one: (one.at, one.rental.id))


def _last_said(claims: Sequence[Claim]) -> datetime:
    return max(claim.return_claimed_at for claim in claims if claim.return_claimed_at is not None)


def count_as_back(tx: Tx, those: Sequence[Rental] | None = None) -> list[Unconfirmed]:
    """Take back what nobody has contradicted for long enough; return what still waits.

    `those`: as for `unconfirmed`.
    """
    left = []
    for one in unconfirmed(tx, those):
        due = [c for c in one.claims if _counts(tx, one.rental, c)]
        if due:
            tx.session.refresh(one.rental, with_for_update=True)
            # Confirmed, or contradicted, since it was found.
            now = claims_of(tx.session, one.rental, ClaimStatus.OUT, [c.id for c in due])
            due = [c for c in now if _counts(tx, one.rental, c)]
        if due:
            take(tx, one.rental, due)
        rest = tuple(c for c in one.claims if c.status is ClaimStatus.OUT and c.return_claimed_at is not None)
        if rest:
            left.append(Unconfirmed(one.rental, rest, _last_said(rest)))
    return left


def _counts(tx: Tx, rental: Rental, claim: Claim) -> bool:
    said_at = claim.return_claimed_at
    return said_at is not None and counts_as_back_at(tx, rental, said_at) <= tx.now


def following(tx: Tx, rental_id: int) -> list[Following]:
    """Return who has the items of a rental next that are said to be back: each item once, soonest first."""
    return _following(tx, [rental_id]).get(rental_id, [])


_HELD, _TAKER = kept(Claim, "promised"), kept(Rental, "next")
_NEXT = (
    select(_OUT.rental_id, _OUT.id, _TAKER.id, _TAKER.user_id, Item.code, Equipment.name, _HELD.starts_at)
    .join(_HELD, _HELD.item_id == _OUT.item_id)
    .join(_TAKER, _TAKER.id == _HELD.rental_id)
    .join(User, and_(User.id == _TAKER.user_id, identity.is_active(bindparam("now"))))
    .join(Item, Item.id == _OUT.item_id)
    .join(Equipment, Equipment.id == Item.equipment_id)
    .where(
        _OUT.rental_id.in_(bindparam("rentals", expanding=True)),
        _OUT.status == ClaimStatus.OUT,
        _OUT.return_claimed_at.is_not(None),
        _HELD.status == ClaimStatus.HELD,
        _TAKER.status.in_([RentalStatus.APPROVED, RentalStatus.OUT]),
        _TAKER.due_at > bindparam("now"),
    )
    .order_by(_HELD.starts_at, _HELD.id)
)


def _following(tx: Tx, rental_ids: Collection[int]) -> dict[int, list[Following]]:
    rows = tx.session.execute(_NEXT, {"rentals": list(rental_ids), "now": tx.now}).all()
    names = identity.names(tx.session, [row[3] for row in rows])
    found: dict[int, dict[int, Following]] = {}
    for giver_id, claim_id, taker_id, user_id, code, name, starts_at in rows:
        one = Following(claim_id, taker_id, names[user_id], code, name, starts_at)
        found.setdefault(giver_id or 0, {}).setdefault(claim_id, one)
    return {giver_id: list(by_claim.values()) for giver_id, by_claim in found.items()}


def ask_lenders(tx: Tx, waiting: Sequence[Unconfirmed]) -> None:
    """Remind the desk of returns to confirm that somebody else has next, once for each of them."""
    if not waiting:
        return
    following = _following(tx, [one.rental.id for one in waiting])
    for one in waiting:
        said = {claim.id: claim.return_claimed_at or one.at for claim in one.claims}
        for next_ in following.get(one.rental.id, ()):
            at = said.get(next_.claim_id)
            if at is not None and _pressing_at(at, next_.starts_at, tx.zone) <= tx.now:
                _ask(tx, one.rental, next_, at)


def _pressing_at(said_at: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when a return has to be confirmed for the next member, as for what is late."""
    soonest = max(said_at, min(said_at + late_conflicts.GRACE, starts_at))
    return max(soonest, periods.days_later(starts_at, -late_conflicts.AHEAD_DAYS, zone))


def _ask(tx: Tx, rental: Rental, next_: Following, said_at: datetime) -> None:
    for chat_id, thread_id in identity.desk_chats(tx, tx.organization):
        once = f"{UNCONFIRMED}:{next_.claim_id}:{next_.rental_id}:{said_at.isoformat()}:{chat_id}"
        if outbox.was_said(tx.session, once):
            continue
        # A card, so that it loses its buttons however the return is settled.
        outbox.render_card(
            tx,
            UNCONFIRMED,
            rental.id,
            chat_id=chat_id,
            thread_id=thread_id,
            lane=Lane.NOTICE,
            renew=True,
            params={"rental_id": rental.id},
            dedup_key=once,
            not_before=after_quiet_hours(tx.now, tx.policy, tx.zone),
        )


def moments(tx: Tx) -> list[datetime]:
    """Return the moments after `now` at which somebody is asked, or something counts as back."""
    waiting = unconfirmed(tx)
    found = [
        counts_as_back_at(tx, one.rental, claim.return_claimed_at)
        for one in waiting
        for claim in one.claims
        if claim.return_claimed_at is not None
    ]
    following = _following(tx, [one.rental.id for one in waiting]) if waiting else {}
    for one in waiting:
        said = {claim.id: claim.return_claimed_at or one.at for claim in one.claims}
        found += [
            _pressing_at(said[next_.claim_id], next_.starts_at, tx.zone)
            for next_ in following.get(one.rental.id, ())
            if next_.claim_id in said
        ]
    return [moment for moment in found if moment > tx.now]
