"""Views of handing out over the counter: to whom, until when, and all of it together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.ui.form import Data, cancel, short, side_by_side
from handlers.ui.message import Button, Message, Rows
from handlers.ui.widgets.calendar import Month, month_rows, next_month
from services.desk.counter import Needed, Outlook

_MOST_LINES = 20


@dataclass(frozen=True)
class Thing:
    item_id: int
    code: str
    name: str


@dataclass(frozen=True)
class HandOutView:
    """The items that go out, and to whom; `member` is empty until somebody is chosen.

    `left_out`: what was beside the things on the last picture.
    """

    things: tuple[Thing, ...]
    member: str = ""
    left_out: tuple[Markup, ...] = ()


def _things(t: Texts, v: HandOutView) -> Markup:
    shown = [
        t("• {code} · {name}", code=short(one.code, 60), name=short(one.name, 80))
        for one in v.things[:_MOST_LINES]
    ]
    more = len(v.things) - _MOST_LINES
    if more > 0:
        shown.append(t.plural("… and {n} more", "… and {n} more", more))
    return lines(*shown, *v.left_out)


def _heading(t: Texts, v: HandOutView) -> Markup:
    if v.member:
        return t("Hand out to <b>{name}</b>:", name=short(v.member, 80))
    return t("<b>Hand out now</b>")


def who(t: Texts, v: HandOutView, problem: Markup | None, nobody: str, rows: Rows, data: Data) -> Message:
    """Ask for the member; `rows` has the buttons of those that can be tapped; `nobody` is called so."""
    text = lines(
        problem,
        _heading(t, v),
        _things(t, v) if v.things else None,
        t("I found nobody called “{words}”.", words=short(nobody, 60)) if nobody else None,
        t("<b>To whom?</b> Tap, or write a name."),
        None if v.things else t("You can scan the thing first, too, or write its code."),
    )
    return Message(text, (*rows, (cancel(t, data),)))


def person(t: Texts, v: HandOutView, problem: Markup | None, data: Data) -> Message:
    """Ask for somebody of Telegram's own list; the button for that is below the input."""
    text = lines(
        problem,
        _heading(t, v),
        _things(t, v),
        t("<b>To whom?</b> Somebody who is not a member yet becomes one."),
    )
    return Message(text, ((Button(str(t("Back")), data("who", "")), cancel(t, data)),))


def until(t: Texts, v: HandOutView, problem: Markup | None, found: Outlook, data: Data) -> Message:
    """Ask for the last day."""
    question = t("<b>Until when?</b> Tap, or write the day.") if found.days else None
    text = lines(problem, _heading(t, v), _things(t, v), *needed(t, found), question)
    rows: list[tuple[Button, ...]] = [
        (Button(label, data("day", day.isoformat())),) for label, day in usual(t, found.days)
    ]
    if found.has_no_end:
        rows.append((Button(str(t("Until further notice")), data("open", "")),))
    rows += [
        (Button(t("{other}, not {code}", other=one.other, code=one.code).unescape(), _swap(one, data)),)
        for one in found.needed
        if one.other is not None
    ]
    if len(v.things) > 1:
        rows += _without(t, [(one.item_id, one.code) for one in found.needed[:_MOST_LINES]], data)
    if len(found.days) > 1:
        rows.append((Button(str(t("Another day")), data("days", "")),))
    rows.append((Button(str(t("Somebody else")), data("who", "")), cancel(t, data)))
    return Message(text, tuple(rows))


def _swap(one: Needed, data: Data) -> str:
    return data("other", f"{one.item_id}.{one.other_id}")


def _without(t: Texts, things: Sequence[tuple[int, str]], data: Data) -> list[tuple[Button, ...]]:
    return side_by_side(
        [
            Button(t("Without {code}", code=short(code, 24)).unescape(), data("without", str(item_id)))
            for item_id, code in things
        ]
    )


def needed(t: Texts, found: Outlook) -> list[Markup]:
    """Return what others need soon, and until when it can go."""
    told = []
    for one in found.needed:
        values = {"code": short(one.code, 40), "moment": t.moment(one.since)}
        if found.days:
            last = t.day(found.days[-1])
            told.append(t("⚠️ {code} is needed from {moment}. It can go out until {day}.", day=last, **values))
        else:
            told.append(t("⚠️ {code} is needed from {moment}. It cannot go out now.", **values))
    told += [
        t("{code} is promised from {moment}: it needs a last day.", code=short(one.code, 40),
          moment=t.moment(one.since))
        for one in found.promised[:_MOST_LINES]
    ]  # fmt: skip
    return told


def usual(t: Texts, days: Sequence[date]) -> list[tuple[str, date]]:
    """Return the days that are one tap away: today, 3 days, a week, and where that is less, the last one.

    Each counts today. A closed day gives way to the next open one; the label says which it is.
    """
    found: dict[date, str] = {}
    for ahead, name in ((0, t("Today")), (2, t("3 days")), (6, t("A week"))):
        wanted = t.today + timedelta(days=ahead)
        day = next((one for one in days if one >= wanted), None)
        if day is not None and (ahead or day == wanted):
            found.setdefault(day, str(name))
    if days and days[-1] not in found and days[-1] < t.today + timedelta(days=6):
        found[days[-1]] = ""
    labels = {day: name if day == t.today else _until(t, name, day) for day, name in found.items()}
    return [(labels[day], day) for day in sorted(found)]


def _until(t: Texts, name: str, day: date) -> str:
    if not name:
        return t("Until {day}", day=t.day(day)).unescape()
    return t("{name}: until {day}", name=name, day=t.day(day)).unescape()


def calendar(
    t: Texts, v: HandOutView, problem: Markup | None, found: Outlook, month: date | None, data: Data
) -> Message:
    """Ask for another last day."""
    days = frozenset(found.days)
    first = month or (found.days[0] if found.days else t.today).replace(day=1)
    shown = Month(
        first=first,
        begin=t.today,
        free=days,
        taken=frozenset(),
        has_before=any(day < first for day in days),
        has_after=any(day >= next_month(first) for day in days),
    )
    text = lines(
        problem,
        _heading(t, v),
        _things(t, v),
        *needed(t, found),
        t("<b>Until when?</b> Tap, or write the day."),
    )
    rows = month_rows(t, shown, data)
    return Message(text, (*rows, (Button(str(t("Back")), data("until", "")), cancel(t, data))))


def check(t: Texts, v: HandOutView, problem: Markup | None, due_at: datetime | None, data: Data) -> Message:
    """Show all of it. Hand out is on the right: on the card that follows, Take back is on the left."""
    text = lines(
        problem,
        _heading(t, v),
        _things(t, v),
        t("Until {moment}", moment=t.moment(due_at)) if due_at is not None else t("Until further notice"),
        t("Something else too? Scan it now, or write its code."),
    )
    rows: list[tuple[Button, ...]] = [
        (Button(str(t("Another day")), data("until", "")), Button(str(t("Hand out")), data("do", ""))),
        (Button(str(t("Somebody else")), data("who", "")),),
    ]
    if len(v.things) > 1:
        rows += _without(t, [(one.item_id, one.code) for one in v.things], data)
    rows.append((cancel(t, data),))
    return Message(text, tuple(rows))
