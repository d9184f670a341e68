"""Views of opening hours: the week, one day of it, and the closed days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.rentals.changes.views import move_row
from handlers.ui.form import Data, short, side_by_side
from handlers.ui.message import Button, Message
from handlers.ui.widgets import pager
from services.core.hours.opening_hours import Week, Weekday
from services.core.hours.periods import Closure, Span

BOTH, HAND_OUT, RETURN = "both", "out", "back"
"""The hours being set: both, hand-out, or return."""

USUAL = ((8, 16), (9, 17), (10, 18), (10, 20), (12, 16), (16, 20))
"""Usual hours, one tap away."""

PER_PAGE = 8


@dataclass(frozen=True)
class WeekView:
    """A location's week. `place`: its name, None for everywhere. `own`: whether the week is its own."""

    place: str | None
    week: Week | None
    own: bool
    closures: int
    has_places: bool
    changes: bool


def _day_name(t: Texts, weekday: int) -> str:
    return str(t.locale.days["stand-alone"]["wide"][weekday]).capitalize()


def span(found: Span) -> str:
    """Return `10:00–18:00`, or `10:00–12:00, 16:00–18:00`."""
    return ", ".join(f"{one.opens:%H:%M}–{one.closes:%H:%M}" for one in found.parts())


def hours(t: Texts, day: Weekday) -> str:
    """Return `10:00–18:00`, or the hours of hand-out and return where they differ."""
    if day.hand_out == day.take_back:
        return span(day.hand_out) if day.hand_out else str(t("closed"))
    out = span(day.hand_out) if day.hand_out else str(t("no"))
    back = span(day.take_back) if day.take_back else str(t("no"))
    return t("hand-out {out}, return {back}", out=out, back=back).unescape()


def _heading(t: Texts, place: str | None) -> Markup:
    return t("<b>Opening days at {place}</b>", place=place) if place else t("<b>Opening days</b>")


def week(t: Texts, v: WeekView, data: Data, problem: Markup | None) -> Message:
    """Return the week, with buttons for each day, the closed days and the locations."""
    said: list[Markup | str] = []
    if v.week is None:
        said.append(
            t("Always open, at the times set in the rules. Tap a day to give it hours or to close it.")
        )
    else:
        found = v.week
        said += [
            Markup("{}: {}").format(_day_name(t, day), hours(t, found.get(day, Weekday())))
            for day in range(7)
        ]
    if v.place and not v.own:
        said.append(t("Same as everywhere else. Tap a day to give this place its own week."))
    rows: list[tuple[Button, ...]] = []
    if v.changes:
        names = [Button(name, data("day", str(day))) for day, name in enumerate(t.weekdays())]
        rows += [tuple(names[:4]), tuple(names[4:])]
    else:
        said += ["", t("Only a leader can change the opening days.")]
    rows.append((Button(t("Closed and extra dates ({n})", n=v.closures).unescape(), data("closed", "0")),))
    if v.has_places:
        rows.append((Button(str(t("Places")), data("places", "0")),))
    if v.own and v.changes:
        label = t("Same as everywhere else") if v.place else t("Always open")
        rows.append((Button(str(label), data("clear", "")),))
    rows.append((Button(str(t("Back")), data("back", "")),))
    return Message(lines(problem, _heading(t, v.place), *said), tuple(rows))


def one_day(
    t: Texts,
    place: str | None,
    weekday: int,
    hours_: Weekday,
    applies: str,
    data: Data,
    problem: Markup | None,
) -> Message:
    """Return one weekday: closed, or its hours, for hand-out, return or both."""

    def mark(chosen: bool, label: str) -> str:
        return ("✓ " if chosen else "") + label

    now = {BOTH: hours_.hand_out, HAND_OUT: hours_.hand_out, RETURN: hours_.take_back}[applies]
    if applies == BOTH and hours_.hand_out != hours_.take_back:
        now = None
    kinds = {BOTH: t("Both"), HAND_OUT: t("Hand-out"), RETURN: t("Return")}
    usual = [Span(time(opens), time(closes)) for opens, closes in USUAL]
    times = [
        Button(mark(one == now, span(one)), data("hours", f"{one.opens:%H:%M}-{one.closes:%H:%M}"))
        for one in usual
    ]
    closed = (hours_.hand_out, hours_.take_back) == (None, None) if applies == BOTH else now is None
    rows = [
        tuple(Button(mark(kind == applies, str(name)), data("for", kind)) for kind, name in kinds.items()),
        *side_by_side(times),
        (Button(mark(closed, str(t("Closed"))), data("hours", "closed")),),
    ]
    if weekday < 5:
        rows.append((Button(str(t("The same from Monday to Friday")), data("workdays", "")),))
    rows.append((Button(str(t("Back")), data("back", "")),))
    text = lines(
        problem,
        _heading(t, place),
        Markup("<b>{}: {}</b>").format(_day_name(t, weekday), hours(t, hours_)),
        t("Tap the hours, or write them, such as <i>9:30-17</i> or <i>10-12, 16-18</i>."),
    )
    return Message(text, tuple(rows))


def closed_dates(
    t: Texts,
    place: str | None,
    found: Sequence[Closure],
    page: int,
    data: Data,
    problem: Markup | None,
    *,
    changes: bool,
    touched: int,
    organization_id: int,
) -> Message:
    """Return the closed days, each with a button to remove it; typed lines add to them.

    `touched`: the number of rentals that begin or end on those just closed, whose due dates can be moved.
    """
    part = pager.cut(found, page, PER_PAGE)
    said: list[Markup | str] = [
        Markup("{}: {}" if one.reason else "{}").format(exception(t, one), short(one.reason, 100))
        for one in part.shown
    ]
    if not found:
        said.append(t("There are no closed or extra dates."))
    rows: list[tuple[Button, ...]] = []
    if changes:
        rows += [(Button(f"🗑 {exception(t, one)}", data("open", str(one.id))),) for one in part.shown]
        said += [
            "",
            t(
                "Write dates to close, or extra days to be open, one to a line:\n"
                "<i>24.12.-2.1. Christmas</i>\n<i>17.5. every year</i>\n<i>5.12. open 10-14 Open house</i>"
            ),
        ]
    rows += pager.arrows(part.number, part.pages, lambda to: data("closed", str(to)))
    if touched:
        rows.append(move_row(t, organization_id))
    rows.append((Button(str(t("Back")), data("back", "")),))
    heading = (
        t("<b>Closed and extra dates at {place}</b>", place=place)
        if place
        else t("<b>Closed and extra dates</b>")
    )
    stays = (
        t.plural(
            "{n} rental begins or ends then; it stays as it is.",
            "{n} rentals begin or end then; they stay as they are.",
            touched,
        )
        if touched
        else None
    )
    return Message(lines(problem, heading, *said, stays), tuple(rows))


def exception(t: Texts, one: Closure) -> str:
    """Return the days, in which years, and when they are open if they are."""
    first = one.following(t.today)
    days = dates(t, first, first + (one.last - one.first))
    if one.yearly:
        days = t("{days}, every year", days=days).unescape()
    return t("{days}, open {hours}", days=days, hours=span(one.hours)).unescape() if one.hours else days


def dates(t: Texts, first: date, last: date) -> str:
    return t.day(first) if first == last else f"{t.day(first)} – {t.day(last)}"


def places(
    t: Texts, found: Sequence[tuple[int, str]], page: int, data: Data, problem: Markup | None
) -> Message:
    part = pager.cut(found, page, PER_PAGE)
    rows: list[tuple[Button, ...]] = [(Button(str(t("Everywhere")), data("place", "")),)]
    rows += [(Button(short(name), data("place", str(number))),) for number, name in part.shown]
    rows += pager.arrows(part.number, part.pages, lambda to: data("places", str(to)))
    rows.append((Button(str(t("Back")), data("back", "")),))
    return Message(lines(problem, t("<b>Whose opening days?</b> Tap a place.")), tuple(rows))
