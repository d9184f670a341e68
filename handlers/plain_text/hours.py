"""The answer to `when are you open?`: the week, the days that are closed soon, and the places."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.organizations import opening_hours_views
from handlers.plain_text import answers
from handlers.ui.form import short
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.hours import opening_hours
from services.core.hours.opening_hours import Timetable, Week, Weekday
from services.inventory import locations

_MOST_PLACES = 8
_MOST_CLOSED = 5
_SOON = timedelta(days=60)
_LONGEST = 120


def told(step: Request, actor: Actor) -> Message:
    """Return when things are handed out and taken back, and where."""
    t, tx = step.texts, step.by(actor)
    timetable = opening_hours.of_all(tx)
    places = [one for one in locations.listed(tx) if not one.off]
    own = [one for one in places if one.id in timetable.weeks]
    common = timetable.week(None)
    said: list[Markup | str] = []
    if common is not None or not own:
        said += [t("<b>Opening hours</b>"), *_week(t, timetable, common)]
    for place in own[:_MOST_PLACES]:
        said += [t("<b>Opening hours at {place}</b>", place=place.name)]
        said += _week(t, timetable, timetable.week(place.id))
    said += _closed(t, timetable)
    if places:
        said += [t("<b>Where</b>"), *(_place(one) for one in places[:_MOST_PLACES])]
    return Message(lines(*said), answers.ways_on(t, actor.role))


def _place(one: locations.Place) -> Markup:
    about = short(one.description, _LONGEST)
    return Markup("{}: {}").format(one.name, about) if about else Markup("{}").format(one.name)


def _week(t: Texts, timetable: Timetable, week: Week | None) -> Iterator[Markup | str]:
    """Yield the days; those that follow each other and are alike, in one line."""
    if week is None:
        usual = timetable.hours
        yield t(
            "Every day: pick-up from {out}, return until {back}.",
            out=f"{usual.hand_out:%H:%M}",
            back=f"{usual.returns:%H:%M}",
        )
        return
    names = [str(name).capitalize() for _, name in sorted(t.locale.days["stand-alone"]["wide"].items())]
    for hours, days in groupby(range(7), lambda day: opening_hours_views.hours(t, week.get(day, Weekday()))):
        first, *rest = days
        named = f"{names[first]}–{names[rest[-1]]}" if rest else names[first]
        yield Markup("{}: {}").format(named, hours)


def _closed(t: Texts, timetable: Timetable) -> Iterator[Markup | str]:
    soon = t.today + _SOON
    found = [
        one for one in timetable.closures if one.hours is None and t.today <= one.last and one.first <= soon
    ]
    if found:
        yield t("<b>Closed</b>")
    for one in found[:_MOST_CLOSED]:
        days = t.day(one.first) if one.first == one.last else f"{t.day(one.first)} – {t.day(one.last)}"
        yield Markup("{}: {}").format(days, one.reason) if one.reason else Markup("{}").format(days)
