"""`/move`: all that is due on a day gets another due date: the club is closed, or somebody is ill."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from db.models import Conversation as Row
from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.rentals.card_views import listed
from handlers.ui import conversation
from handlers.ui.callbacks import Tap
from handlers.ui.conversation import CANCEL, Conversation, ConversationData, State
from handlers.ui.form import attempt, cancel, data_of, on_button, problem_of, side_by_side, there
from handlers.ui.message import Button, Message
from handlers.ui.refusals import explain_kept, keep
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours
from services.core.hours.opening_hours import What
from services.core.tx import Tx
from services.rentals import queries
from services.rentals.changes import due_dates

NAME, DAY, TO, CHECK, MORE = "move", "day", "to", "check", "more"

MOST_DAYS = 8
MOST_NAMED = 10
"""The most rentals that stay to name with the reason."""


Stays = tuple[tuple[int, dict[str, Any]], ...]


class MoveData(ConversationData):
    """`moves`: how many of this portion can move; `left`: how many are due that day after it. It is what
    comes after the rental `after`, up to `last`. `moved`: how many have moved in all.

    `stay`: how many cannot move, `stays`: the first of them, with the reason; `stayed` and `stay_before`: of
    the portions before.
    """

    day: date | None = None
    to: date | None = None
    moves: int = 0
    left: int = 0
    last: int = 0
    after: int = 0
    moved: int = 0
    stays: Stays = ()
    stay: int = 0
    stayed: Stays = ()
    stay_before: int = 0


def begin(step: Request, words: str, *, to: str = "") -> None:
    """Begin with the days on which something is due; `to`: and when it is due instead, as it was said."""
    actor = step.active()
    row = conversation.start(step, NAME, DAY, MoveData(), organization_id=actor.organization_id)
    if words.strip():
        _typed_day(step, row, words)
    if to and row.state == TO:
        _typed_to(step, row, to)
    conversation.render(step, row)


def tapped(step: Request, tap: Tap) -> Markup | None:
    """Begin in this organization. Raises NOT_FOUND, NOT_ALLOWED."""
    step.actor_in(tap.id).require(Role.ADMIN)
    step.turn_to(tap.id)
    begin(step, "")
    return None


def _day(tx: Tx, row: Row, t: Texts) -> Message:
    days = due_dates.days_due(tx, MOST_DAYS)
    data = data_of(row)
    buttons = [
        Button(f"{t.day(day)} · {number}", data("day", day.isoformat())) for day, number in days.items()
    ]
    text = lines(
        problem_of(row, t),
        t("<b>Which day’s due dates do you want to move?</b> Tap it, or write it.")
        if days
        else t("Nothing is due."),
    )
    return Message(text, (*((one,) for one in buttons), (cancel(t, data),)))


def _to(tx: Tx, row: Row, t: Texts) -> Message:
    day, data = there(MoveData.of(row).day), data_of(row)
    timetable = opening_hours.of_all(tx)
    ahead = (day + timedelta(days=n) for n in range(1, 3 * MOST_DAYS))
    days = [one for one in ahead if one >= t.today and timetable.shut(one, What.RETURN) is None][:MOST_DAYS]
    buttons = [Button(str(t.day(one)), data("to", one.isoformat())) for one in days]
    text = lines(
        problem_of(row, t),
        t("<b>What is due {day}: when should it be due instead?</b> Tap a day, or write it.", day=t.day(day)),
    )
    return Message(
        text, (*side_by_side(buttons), (Button(str(t("Back")), data("back", "")), cancel(t, data)))
    )


def _days(kept: MoveData, t: Texts) -> dict[str, str]:
    return {"day": t.day(there(kept.day)), "to": t.day(there(kept.to))}


def _check(tx: Tx, row: Row, t: Texts) -> Message:
    kept, data = MoveData.of(row), data_of(row)
    portion, days = kept.moves + kept.stay, _days(kept, t)
    if kept.moves:
        would = t.plural(
            "<b>{n} rental</b> due {day} is due {to} then. Each member is told.",
            "<b>{n} rentals</b> due {day} are due {to} then. Each member is told.",
            kept.moves,
            **days,
        )
    elif kept.left:
        would = t("None of these {n} that are due {day} can be due {to}.", n=portion, **days)
    else:
        would = t("Nothing that is due {day} can be due {to}.", **days)
    text = lines(
        problem_of(row, t),
        would,
        t.plural(
            "{n} more is due {day}: it comes after these.",
            "{n} more are due {day}: they come after these.",
            kept.left,
            day=days["day"],
        )
        if kept.left
        else None,
        *_stays(tx, t, kept.stays, kept.stay),
    )
    act = [Button(str(t("Move them")), data("move", ""))] if kept.moves else _next(kept, t, data)
    back = Button(str(t("Back")), data("back", ""))
    # Once some have moved, that day stays the day; the rest can be left as it is.
    end = (Button(str(t("Leave the rest")), data("leave", "")),) if kept.after else (back, cancel(t, data))
    return Message(text, (*((one,) for one in act), end))


def _next(kept: MoveData, t: Texts, data: Callable[[str, str], str]) -> list[Button]:
    """Return the button that looks at the next portion; it changes nothing."""
    if not kept.left:
        return []
    number = min(kept.left, due_dates.MOST_AT_ONCE)
    return [Button(str(t.plural("One more", "The next {n}", number)), data("next", str(kept.last)))]


def _stays(tx: Tx, t: Texts, stays: Sequence[tuple[int, dict[str, Any]]], number: int) -> list[Markup]:
    """Return what keeps its due date: it is promised to others, or closed."""
    if not stays:
        return []
    named = dict(stays[:MOST_NAMED])
    views = queries.in_list(tx, [queries.rental(tx, id_) for id_ in named])
    shown = [
        lines("", listed(t, v, desk=True, with_status=False), explain_kept(t, named[v.id])) for v in views
    ]
    more = number - len(named)
    rest = [Markup("\n") + t.plural("… and {n} more", "… and {n} more", more)] if more > 0 else []
    return [Markup("\n") + t("These stay as they are:"), *shown, *rest]


def _so_far(tx: Tx, row: Row, t: Texts) -> Markup:
    """Return what has moved, what is left, and what stays."""
    kept = MoveData.of(row)
    return lines(
        t.plural(
            "{n} rental moved to {to}.", "{n} rentals moved to {to}.", kept.moved, to=_days(kept, t)["to"]
        ),
        t.plural(
            "<b>{n} more</b> is still due {day}.",
            "<b>{n} more</b> are still due {day}.",
            kept.left,
            day=_days(kept, t)["day"],
        )
        if kept.left
        else None,
        *_stays(tx, t, kept.stayed + kept.stays, kept.stay_before + kept.stay),
    )


def _more(tx: Tx, row: Row, t: Texts) -> Message:
    kept, data = MoveData.of(row), data_of(row)
    leave = Button(str(t("Leave the rest")), data("leave", ""))
    return Message(_so_far(tx, row, t), ((leave,), *((one,) for one in _next(kept, t, data))))


def _over(tx: Tx, row: Row, t: Texts) -> Message | None:
    kept = MoveData.of(row)
    if kept.outcome != "moved" and not kept.moved:
        return Message(t("Cancelled. Nothing was moved."))
    return Message(_so_far(tx, row, t))


def _take_day(row: Row, day: date) -> None:
    conversation.update(row, MoveData(day=day, problem=None), to=TO)


def _take_to(step: Request, row: Row, to: date) -> None:
    """See what would move, before anything does."""
    _plan(step, row, to)


def _plan(step: Request, row: Row, to: date, *, after: int = 0, move: bool = False) -> None:
    """See what of the portion after this rental would move, or move it."""
    kept, actor = MoveData.of(row), step.active()
    day, found = there(kept.day), list[due_dates.Moved]()
    do = due_dates.move_all if move else due_dates.rehearse
    if not attempt(step, row, lambda: found.append(do(step.by(actor), day, to, after=after))):
        return
    step.session.refresh(row)
    done, stays = found[0], found[0].stays
    changes = MoveData(
        to=to,
        after=after,
        moves=len(done.moved),
        moved=kept.moved + (len(done.moved) if move else 0),
        left=done.left,
        last=done.last,
        stays=tuple((id_, keep(refusal)) for id_, refusal in stays[:MOST_NAMED]),
        stay=len(stays),
    )
    if not move:
        conversation.update(row, changes, to=CHECK)
    elif done.left:
        conversation.update(row, changes, to=MORE)
    else:
        conversation.update(row, changes.model_copy(update={"outcome": "moved"}), to=conversation.OVER)


def _tapped_day(step: Request, row: Row, value: str) -> None:
    _take_day(row, on_button(value))
    conversation.render(step, row)


def _tapped_to(step: Request, row: Row, value: str) -> None:
    _take_to(step, row, on_button(value))
    conversation.render(step, row)


def _move(step: Request, row: Row, _value: str) -> None:
    kept = MoveData.of(row)
    _plan(step, row, there(kept.to), after=kept.after, move=True)
    conversation.render(step, row)


def _look_on(step: Request, row: Row, value: str) -> None:
    """See what of the next portion would move; a second tap on the same button does no more."""
    kept = MoveData.of(row)
    if value == str(kept.last):
        stayed = (kept.stayed + kept.stays)[:MOST_NAMED]
        conversation.update(row, MoveData(stayed=stayed, stay_before=kept.stay_before + kept.stay))
        _plan(step, row, there(kept.to), after=kept.last)
    conversation.render(step, row)


def _leave(step: Request, row: Row, _value: str) -> None:
    conversation.end(step, row, "moved")


def _understood(step: Request, row: Row, text: str, after: date) -> date | None:
    try:
        return date_range.understood(step.texts, text, after=after).day
    except Refusal as refusal:
        conversation.update(row, ConversationData(problem=keep(refusal)))
        return None


def _typed_day(step: Request, row: Row, text: str) -> None:
    day = _understood(step, row, text, step.texts.today)
    if day is not None and day < step.texts.today:
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.IN_THE_PAST))))
    elif day is not None:
        _take_day(row, day)


def _typed_to(step: Request, row: Row, text: str) -> None:
    to = _understood(step, row, text, there(MoveData.of(row).day))
    if to is not None:
        _take_to(step, row, to)


TALK = Conversation(
    NAME,
    {
        DAY: State(_day, {"day": _tapped_day}, _typed_day, fits=date_range.is_day),
        TO: State(_to, {"to": _tapped_to, "back": conversation.goto(DAY)}, _typed_to, fits=date_range.is_day),
        CHECK: State(
            _check, {"move": _move, "next": _look_on, "leave": _leave, "back": conversation.goto(TO)}
        ),
        MORE: State(_more, {"next": _look_on, "leave": _leave}),
        conversation.OVER: State(_over),
    },
    CANCEL,
    stopped="nothing_changed",
)
