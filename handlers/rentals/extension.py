"""The extension conversation: choose a new last day."""

from datetime import date, datetime, timedelta

from markupsafe import Markup

from db.models import Conversation as Row
from db.models import Rental
from handlers.i18n.texts import Texts, lines
from handlers.parsing.sentences import corrections
from handlers.rentals.booking.screens import shut_on
from handlers.rentals.card_views import summed_up
from handlers.rentals.custody import set_date
from handlers.rentals.data import ExtensionData
from handlers.ui import conversation
from handlers.ui.conversation import CANCEL, Conversation, ConversationData, State
from handlers.ui.form import attempt, data_of, on_button, problem_of
from handlers.ui.message import Button, Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from handlers.ui.widgets.calendar import HAD, TOO_LONG, Month, month_rows, next_month
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Timetable, What
from services.core.tx import Tx
from services.rentals import extension, queries
from services.rentals.changes import due_dates
from services.rentals.custody import dates

NAME, ASK = "extend", "ask"


def begin(step: Request, rental_id: int, *, by_desk: bool = False, said: str = "") -> None:
    """Begin an extension, or ask for a date where there is none to extend; `by_desk`: a lender gives it.
    `said`: a day as it was written, which is one tap away.

    Raises NOT_FOUND, as `extension.latest`, CLOSED_DAY, NOT_FREE_UNTIL.
    """
    actor, rental = step.actor_about(rental_id)
    if by_desk:
        due_dates.require_extendable(step.by(actor), rental)
    elif rental.user_id != actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    actor.require_active()
    if not by_desk:
        extension.require_with_member(step.session, rental)
    if dates.is_open(rental):
        set_date.begin(step, rental, by_desk=by_desk)
        return
    end = extension.latest(step.tx, rental, by_desk=by_desk)
    free, shut = _days(opening_hours.for_rental(step.tx, rental), rental, end, step.texts)
    if not free and shut:
        timetable = opening_hours.for_rental(step.tx, rental)
        timetable.require(min(shut), What.RETURN)
    if not free:
        raise Refusal(Refused.NOT_FREE_UNTIL, until=end)
    day = _said(step.texts, rental, said) if said else None
    row = conversation.start(
        step,
        NAME,
        ASK,
        ExtensionData(
            rental_id=rental_id, by_desk=by_desk, said=day, month=day.replace(day=1) if day else None
        ),
        organization_id=actor.organization_id,
    )
    conversation.render(step, row)


def _said(t: Texts, rental: Rental, words: str) -> date | None:
    """Return the day that was said; None for what is none."""
    try:
        return _day(t, rental, words)
    except Refusal:
        return None


def _day(t: Texts, rental: Rental, words: str) -> date:
    """Return a typed day; `two days` are added to those that it has. Raises as `date_range.understood`."""
    due_day = periods.last_day(rental.due_at or t.now, t.zone)
    if longer := corrections.days_longer(words):
        return due_day + timedelta(days=longer)
    return date_range.understood(t, words, after=due_day).day


def _days(
    timetable: Timetable, rental: Rental, end: datetime, t: Texts
) -> tuple[frozenset[date], dict[date, str]]:
    """Return the possible last days; and closed days, with the values of their buttons."""
    assert rental.due_at is not None
    day = periods.last_day(rental.due_at, t.zone) + timedelta(days=1)
    free, shut = set(), {}
    while periods.start_of_day(day, t.zone) <= end:
        why = shut_on(timetable, day, What.RETURN, t)
        if why is None and t.now < timetable.due(day, rental.due_at, t.zone) <= end:
            free.add(day)
        elif why is not None and day >= t.today:
            shut[day] = why
        day += timedelta(days=1)
    return frozenset(free), shut


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = ExtensionData.of(row)
    rental = queries.rental(tx, kept.rental_id)
    data, problem = data_of(row), problem_of(row, t)
    free: frozenset[date] = frozenset()
    shut: dict[date, str] = {}
    try:
        end = extension.latest(tx, rental, by_desk=kept.by_desk)
    except Refusal:
        pass
    else:
        free, shut = _days(opening_hours.for_rental(tx, rental), rental, end, t)
    first = kept.month or (min(free).replace(day=1) if free else t.today.replace(day=1))
    month = Month(
        first=first,
        begin=first,
        free=frozenset(day for day in free if day.replace(day=1) == first),
        taken=frozenset(),
        has_before=any(day < first for day in free),
        has_after=any(day >= next_month(first) for day in free),
        closed={day: why for day, why in shut.items() if day.replace(day=1) == first},
        before=HAD,
        after=TOO_LONG,
    )
    v = queries.view(tx, rental)
    what = t("<b>Rental {id}</b> · {member}: {what}", id=v.number, member=v.member, what=summed_up(v))
    text = lines(
        problem,
        what if kept.by_desk else None,
        t("<b>Rental {id}</b> is due {moment}.", id=v.number, moment=t.moment(v.due_at or t.now)),
        _question(t, by_desk=kept.by_desk),
        t("⊘ closed") if month.closed else None,
    )
    rows = list(month_rows(t, month, data))
    if kept.said is not None and kept.said in free:
        label = t("Until {day}", day=t.day(kept.said)).unescape()
        rows.insert(0, (Button(label, data("day", kept.said.isoformat())),))
    return Message(text, (*rows, (Button(str(t("Cancel")), data("cancel", "")),)))


def _question(t: Texts, *, by_desk: bool) -> Markup:
    if by_desk:
        return t("<b>Until which day may they keep it?</b> Tap it, or write it.")
    return t("<b>Until which day do you need it?</b> Tap it, or write it.")


def _ask(step: Request, row: Row, day: date) -> None:
    kept = ExtensionData.of(row)
    actor, rental = step.actor_about(kept.rental_id)

    def ask() -> None:
        usual = rental.due_at or step.now
        due_at = opening_hours.for_rental(step.tx, rental).due(day, usual, step.texts.zone)
        if kept.by_desk:
            due_dates.give(step.by(actor), rental.id, due_at)
        else:
            extension.ask(step.by(actor), rental.id, due_at)

    if attempt(step, row, ask):
        set_date.show_result(step, row, rental, by_desk=kept.by_desk)


def _tapped(step: Request, row: Row, value: str) -> None:
    _ask(step, row, on_button(value))
    conversation.render(step, row)


_month = conversation.goto(
    changes=lambda value: ExtensionData(month=date_range.month_on_button(value), problem=None)
)


def _typed(step: Request, row: Row, text: str) -> None:
    t = step.texts
    rental = queries.rental(step.tx, ExtensionData.of(row).rental_id)
    try:
        day = _day(t, rental, text)
    except Refusal as refusal:
        conversation.update(row, ConversationData(problem=keep(refusal)))
    else:
        _ask(step, row, day)


EXTEND = Conversation(
    NAME,
    {
        ASK: State(_screen, {"day": _tapped, "month": _month}, _typed, fits=date_range.is_day),
        conversation.OVER: State(conversation.nothing_stays),
    },
    CANCEL,
)
