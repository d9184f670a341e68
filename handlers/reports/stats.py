"""`/stats [year]`: one picture, with its main numbers in words."""

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.reports import stats_chart
from handlers.ui.limits import cut
from handlers.ui.message import Message, Picture
from handlers.ui.request import Request
from services.reports import stats
from services.reports.figures import Figures

_UNSAVED = 0
"""In place of a photo's id: the picture is drawn, sent and forgotten."""


def command(step: Request, words: str) -> Message:
    """Show the statistics. Raises NOT_ALLOWED, NOT_FOUND."""
    found = stats.of_year(step.by(step.active()), words)
    t = step.texts
    if not found.rentals:
        nothing = t(
            "Nothing was handed out from {first} to {last}: there is nothing to show yet.",
            first=t.day(found.first),
            last=t.day(found.last),
        )
        return Message(lines(nothing, _missed(t, found), _as_of(t, found)))
    return Message(_caption(t, found), picture=Picture(_UNSAVED, None, stats_chart.draw(t, found)))


def _missed(t: Texts, f: Figures) -> Markup | None:
    """Tell what members looked for in vain."""
    words = ", ".join(f"{cut(words, 40)} ({times})" for words, times in f.missed)
    return t("Looked for and not found: {words}", words=words) if words else None


def _as_of(t: Texts, f: Figures) -> Markup | None:
    """Tell when it was counted, if not just now."""
    return t("As of {time}; counted anew each night.", time=t.moment(f.as_of)) if f.as_of else None


def _caption(t: Texts, f: Figures) -> Markup:
    name, count = f.most_rented[0]
    return lines(
        t.plural(
            "<b>{n} rental</b>, {first} – {last}",
            "<b>{n} rentals</b>, {first} – {last}",
            f.rentals,
            first=t.day(f.first),
            last=t.day(f.last),
        ),
        t.plural("{n} member borrowed something.", "{n} members borrowed something.", f.borrowers),
        t.plural(
            "Most rented: {name}, {n} time.", "Most rented: {name}, {n} times.", count, name=cut(name, 80)
        ),
        t("Late: {late} of {due} ({percent} %).", late=f.late, due=f.due, percent=f.late_share),
        t.plural("Until further notice: {n} thing", "Until further notice: {n} things", f.open_ended)
        if f.open_ended
        else None,
        t("Idle for half a year: {n} of {all}", n=f.idle_total, all=f.equipment),
        _missed(t, f),
        _as_of(t, f),
        t("Another year: <code>/stats {year}</code>", year=f.first.year - (1 if f.first.month == 1 else 0)),
    )
