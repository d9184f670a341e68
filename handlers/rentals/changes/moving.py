"""`/move`: all that is due on a day gets another due date: the club is closed, or somebody is ill."""

from collections.abc import Sequence
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

NAME, DAY, TO, CHECK = "move", "day", "to", "check"

MOST_DAYS = 8
MOST_NAMED = 10
"""The most rentals that stay to name with the reason."""


class MoveData(ConversationData):
    """`stays`: what cannot move, with the reason; `moves`: how many can."""

    day: date | None = None
    to: date | None = None
    moves: int = 0
    stays: tuple[tuple[int, dict[str, Any]], ...] = ()


def begin(step: Request, words: str) -> None:
    """Begin with the days on which something is due."""
    actor = step.active()
    row = conversation.start(step, NAME, DAY, MoveData(), organization_id=actor.organization_id)
    if words.strip():
        _typed_day(step, row, words)
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


def _check(tx: Tx, row: Row, t: Texts) -> Message:
    kept, data = MoveData.of(row), data_of(row)
    days = {"day": t.day(there(kept.day)), "to": t.day(there(kept.to))}
    text = lines(
        problem_of(row, t),
        t.plural(
            "<b>{n} rental</b> due {day} is due {to} then. Each member is told.",
            "<b>{n} rentals</b> due {day} are due {to} then. Each member is told.",
            kept.moves,
            **days,
        )
        if kept.moves
        else t("Nothing that is due {day} can be due {to}.", **days),
        *_stays(tx, t, kept.stays),
    )
    move = ((Button(str(t("Move them")), data("move", "")),),) if kept.moves else ()
    return Message(text, (*move, (Button(str(t("Back")), data("back", "")), cancel(t, data))))


def _stays(tx: Tx, t: Texts, stays: Sequence[tuple[int, dict[str, Any]]]) -> list[Markup]:
    """Return what keeps its due date: it is promised to others, or closed."""
    if not stays:
        return []
    named = dict(stays[:MOST_NAMED])
    views = queries.in_list(tx, [queries.rental(tx, id_) for id_ in named])
    shown = [
        lines("", listed(t, v, desk=True, with_status=False), explain_kept(t, named[v.id])) for v in views
    ]
    return [Markup("\n") + t("These stay as they are:"), *shown]


def _over(tx: Tx, row: Row, t: Texts) -> Message | None:
    kept = MoveData.of(row)
    if kept.outcome != "moved":
        return Message(t("Cancelled. Nothing was moved."))
    return Message(
        lines(
            t.plural(
                "{n} rental moved to {to}.",
                "{n} rentals moved to {to}.",
                kept.moves,
                to=t.day(there(kept.to)),
            ),
            *_stays(tx, t, kept.stays),
        )
    )


def _take_day(row: Row, day: date) -> None:
    conversation.update(row, MoveData(day=day, problem=None), to=TO)


def _take_to(step: Request, row: Row, to: date) -> None:
    """See what would move, before anything does."""
    _plan(step, row, to, CHECK)


def _plan(step: Request, row: Row, to: date, state: str, outcome: str = "") -> None:
    day, actor = there(MoveData.of(row).day), step.active()
    found: list[due_dates.Moved] = []
    do = due_dates.move_all if outcome else due_dates.rehearse
    if attempt(step, row, lambda: found.append(do(step.by(actor), day, to))):
        step.session.refresh(row)
        stays = tuple((id_, keep(refusal)) for id_, refusal in found[0].stays)
        changes = MoveData(to=to, moves=len(found[0].moved), stays=stays, outcome=outcome)
        conversation.update(row, changes, to=state)


def _tapped_day(step: Request, row: Row, value: str) -> None:
    _take_day(row, on_button(value))
    conversation.render(step, row)


def _tapped_to(step: Request, row: Row, value: str) -> None:
    _take_to(step, row, on_button(value))
    conversation.render(step, row)


def _move(step: Request, row: Row, _value: str) -> None:
    _plan(step, row, there(MoveData.of(row).to), conversation.OVER, "moved")
    conversation.render(step, row)


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
        DAY: State(_day, {"day": _tapped_day}, _typed_day),
        TO: State(_to, {"to": _tapped_to, "back": conversation.goto(DAY)}, _typed_to),
        CHECK: State(_check, {"move": _move, "back": conversation.goto(TO)}),
        conversation.OVER: State(_over),
    },
    CANCEL,
)
