"""From when until when something is blocked, and what that brings."""

from datetime import date

from db.models import Conversation as Row
from db.states import Role
from handlers.maintenance import block_screens as screens
from handlers.parsing import dates, rental_line
from handlers.parsing.dates import DateAnswer
from handlers.ui import conversation
from handlers.ui.form import attempt, on_button, unclear
from handlers.ui.refusals import keep
from handlers.ui.request import Step
from handlers.ui.routes import PIECES
from services.core.errors import Refusal, Refused
from services.maintenance import blocks

FIRST, LAST, CHECK = "first", "last", "check"


def problem(row: Row, refusal: Refusal) -> None:
    """What is wrong with the answer stands above the question."""
    conversation.move(row, problem=keep(refusal))


def tap_first(step: Step, row: Row, value: str) -> None:
    take_first(step, row, on_button(value).isoformat())


def take_first(step: Step, row: Row, first: str) -> None:
    if date.fromisoformat(first[:10]) < step.texts.today:
        problem(row, Refusal(Refused.IN_THE_PAST))
    else:
        conversation.move(row, LAST, first=first, month=None)


def tap_last(step: Step, row: Row, value: str) -> None:
    take_last(step, row, on_button(value).isoformat())


def take_last(step: Step, row: Row, last: str) -> None:
    """On to what it brings, if it can be at all; else the problem stands on the calendar."""
    conversation.move(row, last=last)
    if attempt(step, row, lambda: look(step, row)):
        conversation.move(row, CHECK, month=None)
    else:
        conversation.move(row, LAST, last=None)


def look(step: Step, row: Row) -> None:
    """What it brings, as it is shown next: nobody else is to lose something unseen."""
    found = blocks.preview(step.session, step.active(), screens.asked_of(row, step.texts), step.now)
    conversation.move(row, seen=[loss.rental_id for loss in found.losses])


def typed_first(step: Step, row: Row, text: str) -> None:
    """One day, or both at once: `1.12. - 3.12.`"""
    step.active().require(Role.ADMIN)
    t = step.texts
    both = rental_line.both_days(text, today=t.today, language=t.language)
    if both is not None:
        take_first(step, row, _written(both[0]))
        if row.state == LAST:
            take_last(step, row, _written(both[1]))
        return
    answer = dates.understand(text, today=t.today)
    if isinstance(answer, DateAnswer):
        take_first(step, row, _written(answer))
    else:
        problem(row, unclear(answer))


def typed_last(step: Step, row: Row, text: str) -> None:
    t = step.texts
    begin = date.fromisoformat(row.data["first"][:10])
    answer = dates.understand(text, today=t.today, expect_after=begin)
    if isinstance(answer, DateAnswer):
        take_last(step, row, _written(answer))
    else:
        problem(row, unclear(answer))


def _written(answer: DateAnswer) -> str:
    return answer.day.isoformat() + (f" {answer.clock:%H:%M}" if answer.clock else "")


def show_month(step: Step, row: Row, value: str) -> None:
    conversation.move(row, month=on_button(value).replace(day=1).isoformat())


def back_to_first(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, PIECES if "item_id" in row.data else FIRST, first=None, month=None)


def back_to_last(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, LAST, last=None, month=None)
