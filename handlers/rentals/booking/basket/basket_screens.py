"""Screens of the basket, with data from the database."""

from collections.abc import Sequence

from db.models import Conversation as Row
from db.models import Rental
from db.states import Described
from handlers.i18n.texts import Texts
from handlers.rentals.booking.basket import basket_views as views
from handlers.rentals.booking.data import RentData
from handlers.rentals.booking.screens import days_changed, draft, picture, retired_kit, short, way_on
from handlers.ui.form import data_of, problem_of
from handlers.ui.message import Message
from services.availability import reservations
from services.availability.schedules import Demand, Schedule
from services.core import custom_fields, identity
from services.core.hours import periods
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.rentals import numbers, queries
from services.rentals.changes import contents
from services.rentals.changes.contents import Bounds
from services.rentals.queries import Line


def basket(tx: Tx, row: Row, t: Texts) -> Message:
    found = draft(tx, row)
    lines = queries.lines_of(tx.session, found)
    asked = reservations.lines_of(tx.session, found.id)
    demands = reservations.demands(tx.session, found, asked)
    schedule = reservations.schedule_for(tx, found, asked)
    days = 0
    if found.starts_at is not None and found.due_at is not None:
        days = periods.days(Period(found.starts_at, found.due_at), t.zone)
    only = lines[0].equipment_id if len(lines) == 1 else None
    bounds = _bounds(tx, row, found)
    view = views.BasketView(
        lines=tuple(
            views.BasketLine(line, _most(found, line, lines, demands, schedule, bounds)) for line in lines
        ),
        starts_at=found.starts_at,
        due_at=found.due_at,
        days=days,
        purpose=found.purpose,
        comment=found.comment,
        way_on=way_on(row),
        retired_kit=retired_kit(row),
        picture=picture(tx, found.organization_id, only) if only is not None else None,
        fields=_fields(tx, found),
        details=queries.details_of(tx.session, found),
        changes_id=found.changes_id,
        changes_number=numbers.of_changed(tx.session, found),
        bounds=bounds,
        asked_days=days_changed(tx, found, t) or "",
        short=short(tx, row, t, found),
    )
    return views.basket(t, view, data_of(row), problem_of(row, t))


def _bounds(tx: Tx, row: Row, found: Rental) -> Bounds | None:
    if found.changes_id is None:
        return None
    actor = identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)
    return contents.bounds(tx.by(actor), found)


def _fields(tx: Tx, found: Rental) -> tuple[tuple[int, str], ...]:
    known = custom_fields.of(tx.session, found.organization_id, Described.RENTAL)
    return tuple((field.id, field.label) for field in known)


def _most(
    found: Rental,
    line: Line,
    lines: tuple[Line, ...],
    demands: Sequence[Demand],
    schedule: Schedule,
    bounds: Bounds | None,
) -> int:
    """Return the most of a line that the chosen days allow besides the rest; without days, all there are.
    A change may be bounded by what it changes.

    Of an item that was demanded individually there is one.
    """
    if line.code is not None:
        return 1
    return min(
        (
            (_free(found, one, demands, schedule, bounds) - _elsewhere(one, line, lines))
            // (one.quantity // line.quantity)
            for one in (line.parts or (line,))
        ),
        default=0,
    )


def _free(
    found: Rental, one: Line, demands: Sequence[Demand], schedule: Schedule, bounds: Bounds | None
) -> int:
    equipment_id = one.equipment_id or 0
    if bounds is not None:
        return bounds.most.get(equipment_id, 0)
    if found.starts_at is None or found.due_at is None:
        return schedule.pieces(equipment_id)
    until = found.due_at + next(w.turnaround for w in demands if w.equipment_id == equipment_id)
    return schedule.count(equipment_id, found.starts_at, until, due_at=found.due_at)


def _elsewhere(one: Line, line: Line, lines: tuple[Line, ...]) -> int:
    """Return the number of pieces of the same equipment in the other lines of the basket."""
    parts = [part for other in lines if other is not line for part in (other.parts or (other,))]
    return sum(part.quantity for part in parts if part.equipment_id == one.equipment_id)


def purpose(tx: Tx, row: Row, t: Texts) -> Message:
    return views.ask_purpose(t, draft(tx, row).purpose, data_of(row), problem_of(row, t))


def comment(tx: Tx, row: Row, t: Texts) -> Message:
    return views.ask_comment(t, draft(tx, row).comment, data_of(row), problem_of(row, t))


def details(tx: Tx, row: Row, t: Texts) -> Message:
    found = draft(tx, row)
    said = queries.details_of(tx.session, found)
    return views.detail_list(t, _fields(tx, found), said, data_of(row), problem_of(row, t))


def detail(tx: Tx, row: Row, t: Texts) -> Message:
    found = draft(tx, row)
    label = next((name for i, name in _fields(tx, found) if i == RentData.of(row).field_id), None)
    if label is None:
        # The field was disabled since it was asked for.
        return views.not_asked(t, data_of(row))
    value = str(found.custom.get(label, ""))
    return views.ask_detail(t, label, value, data_of(row), problem_of(row, t))
