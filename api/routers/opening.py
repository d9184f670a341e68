"""`/organizations/me/opening-hours` and `/closed-days`: when things are handed out and taken back."""

from collections.abc import Sequence
from datetime import time
from typing import Annotated

from fastapi import Depends, Query

from api import endpoints
from api.calls import Call, Reads, Writes
from api.models.common import Id, RowId
from api.models.opening import ClosedDaysIn, ClosedDaysOut, DayHours, Hours, WeekdayName, WeekIn, WeekOut
from api.paging import Page
from services.access import rights
from services.core.errors import Refusal, Refused
from services.core.hours.opening_hours import Weekday
from services.core.hours.periods import Closure, Span, joined
from services.core.tx import Tx
from services.organizations import opening_hours_settings as settings

router = endpoints.router(tag="opening hours")

Look = Annotated[Call, Depends(Reads(rights.MEMBER))]
Set = Annotated[Call, Depends(Writes(rights.LEAD))]
Location = Annotated[
    RowId | None, Query(description="Id of a location; without, all that have none of their own.")
]

_NAMES = tuple(WeekdayName)


def _shown(span: Span | None) -> list[Hours] | None:
    if span is None:
        return None
    return [Hours(opens=f"{one.opens:%H:%M}", closes=f"{one.closes:%H:%M}") for one in span.parts()]


def _meant(hours: Sequence[Hours] | None) -> Span | None:
    return joined(Span(time.fromisoformat(one.opens), time.fromisoformat(one.closes)) for one in hours or ())


def _week(tx: Tx, place: int | None) -> WeekOut:
    settings.place_name(tx, place)
    own = settings.own_week(tx, place)
    days = {
        _NAMES[day]: DayHours(hand_out=_shown(one.hand_out), take_back=_shown(one.take_back))
        for day, one in sorted(settings.week_of(tx, place).items())
    }
    return WeekOut(own=own is not None, days=days)


@router.get("/organizations/me/opening-hours")
def get_opening_hours(call: Look, location: Location = None) -> WeekOut:
    """Return the week of your organization, or of a location. Days that are not in it are closed."""
    return call.read(lambda tx: _week(tx, location))


@router.put("/organizations/me/opening-hours")
def set_opening_hours(call: Set, body: WeekIn, location: Location = None) -> WeekOut:
    """Set a week as a whole. Rentals that are agreed keep their times."""
    week = {
        _NAMES.index(name): Weekday(_meant(one.hand_out), _meant(one.take_back))
        for name, one in body.days.items()
    }

    def work(tx: Tx) -> WeekOut:
        settings.set_week(tx, location, week)
        return _week(tx, location)

    return call.write(work)


@router.delete("/organizations/me/opening-hours", status_code=204)
def clear_opening_hours(call: Set, location: Location = None) -> None:
    """Remove a week: the common one holds, or the times of the rules on every day."""
    return call.write(lambda tx: settings.clear(tx, location))


def _closed(one: Closure) -> ClosedDaysOut:
    return ClosedDaysOut(
        id=one.id,
        first=one.first,
        last=one.last,
        reason=one.reason,
        yearly=one.yearly,
        hours=_shown(one.hours),
        location_id=one.place,
    )


@router.get("/closed-days")
def list_closed_days(call: Look, location: Location = None) -> Page[ClosedDaysOut]:
    """Return the closed and extra days to come, by date: the common ones, or those of a location."""

    def work(tx: Tx) -> Page[ClosedDaysOut]:
        settings.place_name(tx, location)
        found = [_closed(one) for one in settings.closures(tx, location)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.post("/closed-days", status_code=201)
def add_closed_days(call: Set, body: ClosedDaysIn) -> ClosedDaysOut:
    """Close days, or open them for some hours. What was said of the same days is replaced."""
    days = settings.Days(body.first, body.last, body.reason.strip(), body.yearly, _meant(body.hours))

    def work(tx: Tx) -> ClosedDaysOut:
        settings.close_days(tx, body.location_id, [days])
        found = settings.closures(tx, body.location_id)
        return _closed(next(one for one in found if (one.first, one.last) == (body.first, body.last)))

    return call.write(work)


@router.delete("/closed-days/{closed_days_id}", status_code=204)
def remove_closed_days(call: Set, closed_days_id: Id) -> None:
    """Let the week hold on these days again."""

    def work(tx: Tx) -> None:
        if settings.reason_of(tx, closed_days_id) is None:
            raise Refusal(Refused.NOT_FOUND)
        settings.open_days(tx, closed_days_id)

    return call.write(work)
