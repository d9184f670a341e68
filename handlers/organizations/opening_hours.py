"""Opening hours, from the card of the policy: the week, its days, closed days; common or of one location."""

from datetime import timedelta

from db.models import Conversation as Row
from handlers.i18n.texts import Texts
from handlers.organizations import opening_hours_views as views
from handlers.organizations.access import leader, may_change, reader
from handlers.organizations.data import OpeningData
from handlers.organizations.opening_hours_views import BOTH, HAND_OUT, RETURN
from handlers.parsing import opening_hours
from handlers.ui import conversation, routes
from handlers.ui.callbacks import number
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation, ConversationData, State, nothing_stays
from handlers.ui.form import attempt, data_of, problem_of, there
from handlers.ui.message import Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.hours.opening_hours import Place, Weekday
from services.core.hours.periods import Closure, Span
from services.core.tx import Tx
from services.inventory import locations
from services.organizations import opening_hours_settings

DAY = "day"
"""data: place, weekday, applies (both, out or back), seen (the day's hours as they were shown)."""

CLOSED = "closed"
"""data: place, page."""

PLACES = "places"
"""data: page."""

WORKDAYS = range(5)


def _place(row: Row) -> Place:
    found = OpeningData.of(row).place
    return int(found) if found is not None else None


def _place_name(tx: Tx, row: Row) -> str | None:
    try:
        return opening_hours_settings.place_name(tx, _place(row))
    except Refusal:
        return None


def _weekday(tx: Tx, row: Row, weekday: int) -> Weekday:
    """Return the hours of that day in the location's week, or in the one that a first change starts from."""
    week = opening_hours_settings.week_of(tx, _place(row))
    return week.get(weekday, Weekday())


def _week(tx: Tx, row: Row, t: Texts) -> Message:
    place = _place(row)
    own = opening_hours_settings.own_week(tx, place)
    common = opening_hours_settings.own_week(tx, None)
    view = views.WeekView(
        place=_place_name(tx, row),
        week=own if own is not None else common,
        own=own is not None,
        closures=len(_closures(tx, row, t)),
        has_places=bool(locations.listed(tx)),
        changes=may_change(tx, row, t),
    )
    return views.week(t, view, data_of(row), problem_of(row, t))


def _closures(tx: Tx, row: Row, t: Texts) -> list[Closure]:
    return opening_hours_settings.closures(tx, _place(row))


def _day(tx: Tx, row: Row, t: Texts) -> Message:
    kept = OpeningData.of(row)
    weekday = kept.weekday
    if weekday is None:
        return _week(tx, row, t)
    return views.one_day(
        t,
        _place_name(tx, row),
        weekday,
        _weekday(tx, row, weekday),
        kept.applies,
        data_of(row),
        problem_of(row, t),
    )


def _closed(tx: Tx, row: Row, t: Texts) -> Message:
    kept = OpeningData.of(row)
    return views.closed_dates(
        t,
        _place_name(tx, row),
        _closures(tx, row, t),
        kept.page,
        data_of(row),
        problem_of(row, t),
        changes=may_change(tx, row, t),
        touched=kept.touched,
        organization_id=row.organization_id or 0,
    )


def _places(tx: Tx, row: Row, t: Texts) -> Message:
    found = [(one.id, one.name) for one in locations.listed(tx)]
    return views.places(t, found, OpeningData.of(row).page, data_of(row), problem_of(row, t))


# The week


def _number(value: str, most: int) -> int:
    found = number(value)
    if found is None or found > most:
        raise Refusal(Refused.OUTDATED)
    return found


def _open_day(step: Request, row: Row, value: str) -> None:
    actor = leader(step, row)
    conversation.update(row, OpeningData(weekday=_number(value, 6), applies="both"), to=DAY)
    _remember(step.by(actor), row)
    conversation.render(step, row)


def _remember(tx: Tx, row: Row) -> None:
    """Remember the hours that the card shows now."""
    hours = _weekday(tx, row, there(OpeningData.of(row).weekday))
    conversation.update(row, OpeningData(seen=opening_hours_settings.as_text(hours)))


def _seen(row: Row) -> dict[int, Weekday]:
    kept = OpeningData.of(row)
    spans = [opening_hours.hours(one) if one else None for one in there(kept.seen)]
    return {there(kept.weekday): Weekday(*spans)}


def _open_closed(step: Request, row: Row, value: str) -> None:
    reader(step, row)
    conversation.update(row, OpeningData(page=_number(value, 10_000), touched=0), to=CLOSED)
    conversation.render(step, row)


def _open_places(step: Request, row: Row, value: str) -> None:
    reader(step, row)
    conversation.update(row, OpeningData(page=_number(value, 10_000)), to=PLACES)
    conversation.render(step, row)


def _clear(step: Request, row: Row, _value: str) -> None:
    actor = leader(step, row)
    attempt(step, row, lambda: opening_hours_settings.clear(step.by(actor), _place(row)))
    conversation.render(step, row)


def _to_rules(step: Request, row: Row, _value: str) -> None:
    conversation.switch_to(row, routes.POLICY, routes.POLICY)
    conversation.render(step, row)


# One day


def _applies_to(step: Request, row: Row, value: str) -> None:
    leader(step, row)
    if value not in (BOTH, HAND_OUT, RETURN):
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, OpeningData(applies=value))
    conversation.render(step, row)


def _tap_hours(step: Request, row: Row, value: str) -> None:
    _set_hours(step, row, value)
    conversation.render(step, row)


def _typed_hours(step: Request, row: Row, text: str) -> None:
    closed = (str(step.texts("closed")), "closed", "stengt")
    _set_hours(step, row, "closed" if text.strip().casefold() in closed else text[:40])


def _set_hours(step: Request, row: Row, said: str) -> None:
    actor = leader(step, row)
    span = opening_hours.hours(said)
    if span is None and said != "closed":
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.NOT_HOURS))))
        return
    weekday, seen = there(OpeningData.of(row).weekday), _seen(row)
    hours = _with(seen[weekday], OpeningData.of(row).applies, span)

    def change() -> None:
        opening_hours_settings.set_days(step.by(actor), _place(row), [weekday], hours, seen=seen)

    attempt(step, row, change)
    _remember(step.by(actor), row)


def _with(hours: Weekday, applies: str, span: Span | None) -> Weekday:
    return Weekday(
        span if applies in (BOTH, HAND_OUT) else hours.hand_out,
        span if applies in (BOTH, RETURN) else hours.take_back,
    )


def _workdays(step: Request, row: Row, _value: str) -> None:
    """Copy this day's hours to all days from Monday to Friday."""
    actor = leader(step, row)
    seen = _seen(row)

    def change() -> None:
        hours = seen[there(OpeningData.of(row).weekday)]
        opening_hours_settings.set_days(step.by(actor), _place(row), WORKDAYS, hours, seen=seen)

    if attempt(step, row, change):
        conversation.update(row, OpeningData(weekday=None, applies="both", seen=None), to=routes.OPENING)
    else:
        _remember(step.by(actor), row)
    conversation.render(step, row)


_to_week = conversation.goto(
    routes.OPENING, OpeningData(weekday=None, applies="both", seen=None, page=0, touched=0)
)


# Closed dates


def _typed_closed(step: Request, row: Row, text: str) -> None:
    actor, t = leader(step, row), step.texts
    found = opening_hours.closed_days(text, today=t.today, language=t.language)
    if isinstance(found, str):
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.NOT_CLOSED_DAYS, line=found))))
        return
    if attempt(
        step,
        row,
        lambda: opening_hours_settings.close_days(step.by(actor), _place(row), found),
    ):
        days = {
            one.first + timedelta(days=n)
            for one in found
            if one.hours is None
            for n in range((one.last - one.first).days + 1)
        }
        conversation.update(
            row, OpeningData(touched=opening_hours_settings.rentals_affected(step.by(actor), days))
        )


def _open_again(step: Request, row: Row, value: str) -> None:
    actor = leader(step, row)
    closure = _number(value, 10**18)
    attempt(step, row, lambda: opening_hours_settings.open_days(step.by(actor), closure))
    conversation.update(row, OpeningData(touched=0))
    conversation.render(step, row)


# Places


def _choose_place(step: Request, row: Row, value: str) -> None:
    actor = reader(step, row)
    place = _number(value, 10**18) if value else None
    opening_hours_settings.place_name(step.by(actor), place)
    conversation.update(row, OpeningData(place=place, page=0), to=routes.OPENING)
    conversation.render(step, row)


OPENING = Conversation(
    routes.OPENING,
    {
        routes.OPENING: State(
            _week,
            {
                "day": _open_day,
                "closed": _open_closed,
                "places": _open_places,
                "clear": _clear,
                "back": _to_rules,
            },
        ),
        DAY: State(
            _day,
            {"for": _applies_to, "hours": _tap_hours, "workdays": _workdays, "back": _to_week},
            _typed_hours,
        ),
        CLOSED: State(
            _closed, {"open": _open_again, "closed": _open_closed, "back": _to_week}, _typed_closed
        ),
        PLACES: State(_places, {"place": _choose_place, "places": _open_places, "back": _to_week}),
        conversation.OVER: State(nothing_stays),
    },
    CANCEL,
    SAVED_STAYS,
)
