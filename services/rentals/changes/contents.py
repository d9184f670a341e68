"""The basket of a change: what a rental asks for, to be changed and sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from db.models import Claim, Item, Rental, RentalLine
from db.states import ClaimStatus, RentalStatus, Role
from services.availability.reservations import Lines, lines_of
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.hours.periods import Period
from services.core.state_machine import move_claims
from services.core.tx import Tx
from services.rentals import approval
from services.rentals.booking import baskets, direct, request
from services.rentals.booking.direct import Asked, Days
from services.rentals.changes.replacing import open_claims

CHANGEABLE = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT)


def begin(tx: Tx, rental_id: int, revision: int | None = None) -> Rental:
    """Return a basket with what this rental asks for, or with what its waiting change does.

    Of a rental that is out, what is not out. By the member, or a LENDER. Raises NOT_FOUND, ALREADY,
    CHANGED_MEANWHILE, NOT_ALLOWED.
    """
    base = request.get(tx, rental_id)
    tx.session.refresh(base, with_for_update=True)
    waits = select(Rental).filter_by(changes_id=base.id, status=RentalStatus.REQUESTED)
    base = (tx.session.scalar(waits) if base.revision else None) or base
    require_changeable(tx, base)
    if revision is not None and base.id == rental_id:
        require_revision(tx, base, revision)
    draft = _draft(tx, base)
    draft.starts_at, draft.due_at, draft.revision = base.starts_at, base.due_at, base.revision
    draft.purpose, draft.comment, draft.custom = base.purpose, base.comment, dict(base.custom)
    held = _held(tx, base) if base.status is RentalStatus.OUT else None
    for line in lines_of(tx.session, base.id):
        kit: dict[str, int | None] = {"kit_id": line.kit_id, "kit_pieces": line.kit_pieces}
        quantity = line.quantity
        if held is not None:
            quantity, kit = held.get(line.id, 0), {}
        if quantity:
            tx.session.add(
                RentalLine(
                    rental_id=draft.id,
                    equipment_id=line.equipment_id,
                    quantity=quantity,
                    item_id=line.item_id,
                    **kit,
                )
            )
    tx.session.flush()
    return draft


def require_changeable(tx: Tx, base: Rental) -> None:
    """Raise ALREADY where nothing can be changed, else NOT_ALLOWED for who may not change it."""
    is_out = base.status is RentalStatus.OUT
    if base.status not in CHANGEABLE or (is_out and not _held(tx, base)):
        raise state_machine.already(tx.session, base)
    if base.proposed_by is not None:
        raise Refusal(Refused.PROPOSED)
    tx.actor.require_active()
    if base.user_id != tx.actor.user_id:
        tx.actor.require(Role.LENDER)


def require_revision(tx: Tx, rental: Rental, revision: int | None) -> None:
    """Raise CHANGED_MEANWHILE where the rental is not as it was seen; None asks nothing."""
    if revision is not None and rental.revision != revision:
        raise audit.changed_meanwhile(tx.session, rental.organization_id, "rental", rental.id)


def _draft(tx: Tx, base: Rental) -> Rental:
    """Return the actor's basket for this change, emptied, or a new one."""
    entered_by = tx.actor.user_id if base.user_id != tx.actor.user_id else None
    mine = select(Rental).filter_by(changes_id=base.id, status=RentalStatus.DRAFT, entered_by=entered_by)
    found = tx.session.scalar(mine.order_by(Rental.id).limit(1))
    if found is not None:
        baskets.empty(tx.session, found)
        return found
    found = Rental(
        organization_id=base.organization_id,
        user_id=base.user_id,
        entered_by=entered_by,
        entered_token=tx.token_of(entered_by),
        at_once=True,  # beside the member's own basket
        changes_id=base.id,
        created_at=tx.now,
    )
    tx.session.add(found)
    tx.session.flush()
    return found


def _held(tx: Tx, base: Rental) -> Counter[int]:
    """Return the number of pieces of each line that are promised and not out."""
    held = open_claims(tx, base)
    return Counter(claim.line_id for claim in held if claim.line_id is not None)


# What a basket changes


@dataclass(frozen=True)
class Bounds:
    """The most pieces of each equipment that a change can have, and whether the days are to stay."""

    most: Mapping[int, int]
    keeps_days: bool


def bounds(tx: Tx, draft: Rental) -> Bounds | None:
    """Return the bounds of a change of what is partly out, or of an approver's answer; None for others."""
    base = tx.session.get_one(Rental, draft.changes_id)
    if base.status is RentalStatus.OUT:
        items = [claim.item_id for claim in open_claims(tx, base)]
        equipment = tx.session.scalars(select(Item.equipment_id).where(Item.id.in_(items)))
        return Bounds(Counter(equipment), keeps_days=True)
    if base.status is RentalStatus.REQUESTED and answers(tx, base):
        return Bounds(_numbers(lines_of(tx.session, base.id)), keeps_days=False)
    return None


def fill(tx: Tx, draft: Rental, asked: Sequence[Asked], when: Days | Period) -> None:
    """Have exactly this in the basket of a change; days that it has already stay. Raises as `direct.ask`."""
    if not _are_own_days(tx, draft, when):
        direct.fill(tx, draft, asked, when)
        return
    direct.fill(tx, draft, asked)
    settle_days(tx, draft)


def _are_own_days(tx: Tx, draft: Rental, when: Days | Period) -> bool:
    if draft.starts_at is None or draft.due_at is None:
        return False
    if isinstance(when, Period):
        return when == Period(draft.starts_at, draft.due_at)
    first, last = periods.first_day(draft.starts_at, tx.zone), periods.last_day(draft.due_at, tx.zone)
    return (when.first, when.last) == (first, last)


def settle_days(tx: Tx, draft: Rental) -> None:
    """Check a basket's days anew after something went in or out; a change that has less keeps its days.

    They may have begun: what is out or was asked for today would otherwise begin now, which is another day
    to whoever answers. Raises as `request.set_period`.
    """
    if draft.starts_at is None or draft.due_at is None:
        return
    if draft.changes_id is not None:
        base = tx.session.get_one(Rental, draft.changes_id)
        lines, before = lines_of(tx.session, draft.id), lines_of(tx.session, base.id)
        keeps = has_nothing_more(lines, before) and not has_other_days(draft, base)
        if keeps or base.status is RentalStatus.OUT:
            return
    request.set_period(tx, draft, Period(draft.starts_at, draft.due_at))


def may_be_empty(tx: Tx, draft: Rental) -> bool:
    """Return whether a basket may have nothing: it gives up all that was not fetched of what is out."""
    if draft.changes_id is None:
        return False
    return tx.session.get_one(Rental, draft.changes_id).status is RentalStatus.OUT


def answers(tx: Tx, base: Rental) -> bool:
    """Return whether the actor's change of a rental is an approver's: of somebody else's."""
    return base.user_id != tx.actor.user_id and tx.actor.has_role(tx.policy.approver)


def _numbers(lines: Lines) -> Counter[int]:
    found: Counter[int] = Counter()
    for line in lines:
        found[line.equipment_id] += line.quantity
    return found


def _named(lines: Lines) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for line in lines:
        found.setdefault(line.equipment_id, set()).update({line.item_id} - {None})  # type: ignore[arg-type]
    return found


def has_nothing_more(lines: Lines, before: Lines) -> bool:
    """Return whether there is nothing in `lines` that is not in `before`: the same, or fewer pieces."""
    numbers, old = _numbers(lines), _numbers(before)
    named, old_named = _named(lines), _named(before)
    return all(n <= old[i] and named[i] == old_named.get(i) for i, n in numbers.items())


def is_within(draft: Rental, base: Rental) -> bool:
    """Return whether the days are those of the base, or fewer of them."""
    assert draft.starts_at and draft.due_at and base.starts_at and base.due_at
    return base.starts_at <= draft.starts_at and draft.due_at <= base.due_at


def has_other_days(draft: Rental, base: Rental) -> bool:
    return (draft.starts_at, draft.due_at) != (base.starts_at, base.due_at)


def removed(lines: Lines, before: Lines) -> list[list[int]]:
    """Return the equipment and the number of pieces that went, for the audit and for the member."""
    left = _numbers(before) - _numbers(lines)
    return [[i, n] for i, n in sorted(left.items())]


# Taking it over


def shorten(tx: Tx, base: Rental, draft: Rental) -> None:
    """Make the rental what the basket is, which has nothing more: what stays keeps its items."""
    assert draft.starts_at and draft.due_at and base.starts_at and base.due_at
    claims = open_claims(tx, base)
    _take_lines(tx, base, draft)
    spare: dict[int, list[Claim]] = {}
    kept: list[Claim] = []
    lines = lines_of(tx.session, base.id)
    room = {line.id: line.quantity for line in lines}
    for claim in claims:
        if claim.line_id is not None and room.get(claim.line_id, 0):
            room[claim.line_id] -= 1
            kept.append(claim)
        else:
            equipment_id = tx.session.get_one(Item, claim.item_id).equipment_id
            spare.setdefault(equipment_id, []).append(claim)
    for line in lines:
        some = spare.get(line.equipment_id, [])
        while room[line.id] and some:
            claim = some.pop()
            claim.line_id, room[line.id] = line.id, room[line.id] - 1
            kept.append(claim)
    tx.session.flush()
    move_claims(tx.session, [claim.id for some in spare.values() for claim in some], ClaimStatus.RELEASED)
    later, earlier = draft.starts_at > base.starts_at, base.due_at - draft.due_at
    for claim in kept:
        if later:
            claim.starts_at = max(claim.starts_at, draft.starts_at)
        claim.blocked_until -= earlier
    base.starts_at, base.due_at = draft.starts_at, draft.due_at
    _finish(tx, base, draft)


def release_unfetched(tx: Tx, base: Rental, draft: Rental) -> None:
    """Leave of what is not out only what the basket has."""
    left = _numbers(lines_of(tx.session, draft.id))
    gone: Counter[int] = Counter()
    given_up = []
    for claim in open_claims(tx, base):
        equipment_id = tx.session.get_one(Item, claim.item_id).equipment_id
        if left[equipment_id]:
            left[equipment_id] -= 1
        else:
            given_up.append(claim.id)
            gone[claim.line_id or 0] += 1
    move_claims(tx.session, given_up, ClaimStatus.RELEASED)
    for line in lines_of(tx.session, base.id):
        if gone[line.id] >= line.quantity:
            _set_aside(tx, line, draft)
        elif gone[line.id]:
            line.quantity -= gone[line.id]
            line.kit_id = line.kit_pieces = None
    _finish(tx, base, draft)


def replace_all(tx: Tx, base: Rental, draft: Rental) -> Lines:
    """Make the rental what the basket is, and release what it holds: the caller reserves anew."""
    approval.release(tx.session, base)
    _take_lines(tx, base, draft)
    base.starts_at, base.due_at = draft.starts_at, draft.due_at
    _finish(tx, base, draft)
    return lines_of(tx.session, base.id)


def _take_lines(tx: Tx, base: Rental, draft: Rental) -> None:
    """Give the rental the basket's lines; those that it had and the basket has not go to the basket."""
    before = {(line.kit_id, line.equipment_id): line for line in lines_of(tx.session, base.id)}
    for line in lines_of(tx.session, draft.id):
        old = before.pop((line.kit_id, line.equipment_id), None)
        if old is None:
            line.rental_id = base.id
        else:
            old.quantity, old.item_id, old.kit_pieces = line.quantity, line.item_id, line.kit_pieces
    for line in before.values():
        _set_aside(tx, line, draft)
    tx.session.flush()


def _set_aside(tx: Tx, line: RentalLine, draft: Rental) -> None:
    """Keep a line that is gone with the basket that took it out, and what it had held."""
    line.rental_id = draft.id
    over: Sequence[Claim] = tx.session.scalars(
        select(Claim).filter_by(line_id=line.id, status=ClaimStatus.RELEASED)
    ).all()
    for claim in over:
        claim.rental_id = draft.id


def _finish(tx: Tx, base: Rental, draft: Rental) -> None:
    base.purpose, base.comment, base.custom = draft.purpose, draft.comment, dict(draft.custom)
    base.revision += 1
    tx.session.flush()
    request.throw_away(tx, draft)
