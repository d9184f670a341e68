"""Rentals that are asked for in one go, by programs: what, when and for whom, without a basket in between.

The rules are those of a basket, step by step; the member's own basket in the chat stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.models import Rental
from db.states import Described
from services.availability import reservations
from services.core import custom_fields
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.periods import Hours, Period
from services.core.tx import Tx
from services.inventory import catalog
from services.messaging import notifications
from services.rentals.booking import baskets, on_behalf, request

MOST_LINES = 100


@dataclass(frozen=True)
class Asked:
    """A number of pieces of an equipment, or of a kit, or one individual item."""

    equipment_id: int | None = None
    item_id: int | None = None
    kit_id: int | None = None
    quantity: int = 1


@dataclass(frozen=True)
class Days:
    """Local days, both inclusive: from the first day's check-out to the last day's return."""

    first: date
    last: date


def ask(
    tx: Tx,
    asked: Sequence[Asked],
    when: Days | Period,
    *,
    user_id: int | None = None,
    purpose: str = "",
    comment: str = "",
    fields: Mapping[str, str] | None = None,
) -> Rental:
    """Request a rental for the actor, or by a LENDER for a member; approved at once where no approval is due.

    Raises NOT_FOUND, EMPTY_BASKET, FIELD_UNKNOWN, TOO_MUCH_TEXT, and as `baskets.put`, `baskets.put_kit`,
    `on_behalf.renter`, `request.set_period` and `request.request` do.
    """
    tx.actor.require_active()
    renter_id = tx.actor.user_id if user_id is None else on_behalf.renter(tx, user_id).id
    draft = Rental(
        organization_id=tx.organization_id,
        user_id=renter_id,
        entered_by=(by := tx.actor.user_id if renter_id != tx.actor.user_id else None),
        entered_token=tx.token_of(by),
        at_once=True,
        created_at=tx.now,
    )
    tx.session.add(draft)
    tx.session.flush()
    _put_all(tx, draft, asked)
    baskets.set_purpose(tx.session, draft, purpose)
    baskets.set_comment(tx.session, draft, comment)
    for label, text in (fields or {}).items():
        field = custom_fields.labeled(tx.session, tx.organization_id, Described.RENTAL, label)
        baskets.set_detail(tx.session, draft, field.id, text)
    request.set_period(tx, draft, period(tx, draft, when))
    rental = request.request(tx, draft.id)
    if rental.entered_by is None:
        # In the chat it is the answer to the member's own message.
        notifications.update_member_card(tx, rental, notify=True)
    return rental


def fill(tx: Tx, draft: Rental, asked: Sequence[Asked], when: Days | Period | None = None) -> None:
    """Have exactly this in a basket, on these days, or on those that it has. Raises as `ask`."""
    had = Period(draft.starts_at, draft.due_at) if draft.starts_at and draft.due_at else None
    purpose, custom = draft.purpose, draft.custom
    baskets.empty(tx.session, draft)
    draft.purpose, draft.custom = purpose, custom
    _put_all(tx, draft, asked)
    if when is not None:
        request.set_period(tx, draft, period(tx, draft, when))
    elif had is not None:
        draft.starts_at, draft.due_at = had.starts_at, had.due_at
    tx.session.flush()


def _put_all(tx: Tx, draft: Rental, asked: Sequence[Asked]) -> None:
    for one in _joined(asked):
        _put(tx, draft, one)


def period(tx: Tx, draft: Rental, when: Days | Period) -> Period:
    """Return the period of these days, by the opening hours of what is in the basket."""
    if isinstance(when, Period):
        return when
    return opening_hours.for_rental(tx, draft).period(when.first, when.last, tx.zone)


def _joined(asked: Sequence[Asked]) -> list[Asked]:
    """Join what is named twice: a basket has one line for each equipment and each kit."""
    found: dict[tuple[int | None, int | None, int | None], int] = {}
    for one in asked:
        key = one.equipment_id, one.item_id, one.kit_id
        found[key] = found.get(key, 0) + one.quantity
    return [Asked(*key, quantity) for key, quantity in found.items()]


def _put(tx: Tx, draft: Rental, one: Asked) -> None:
    if one.kit_id is not None:
        baskets.put_kit(tx, draft, one.kit_id, one.quantity)
    elif one.item_id is not None:
        item = catalog.get_item(tx, one.item_id)
        if any(
            line.equipment_id == item.equipment_id for line in reservations.lines_of(tx.session, draft.id)
        ):
            raise Refusal(Refused.ONE_ITEM_OF_EACH, code=item.code)
        baskets.put(tx, draft, item.equipment_id, one.quantity, item_id=item.id)
    elif one.equipment_id is not None:
        baskets.put(tx, draft, one.equipment_id, one.quantity)


def usual_period(tx: Tx, first: date, last: date) -> Period:
    """Return the period of these days by the organization's usual times, closed days or not.

    Raises END_BEFORE_START.
    """
    rule = tx.policy
    return periods.of_days(first, last, tx.zone, Hours(rule.hand_out_at, rule.return_at))
