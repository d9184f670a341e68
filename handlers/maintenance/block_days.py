"""Dates of a block, and a preview of its effects."""

from datetime import date

from db.models import Conversation as Row
from db.states import Role
from handlers.maintenance import block_screens as screens
from handlers.maintenance.data import BlockData
from handlers.ui import conversation
from handlers.ui.conversation import ConversationData
from handlers.ui.form import attempt
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from handlers.ui.routes import PIECES
from handlers.ui.widgets import date_range
from handlers.ui.widgets.date_range import DateRange
from services.core.errors import Refusal, Refused
from services.maintenance import blocks

FIRST, LAST, CHECK = "first", "last", "check"


def problem(row: Row, refusal: Refusal) -> None:
    """Show the refusal above the question."""
    conversation.update(row, ConversationData(problem=keep(refusal)))


def take_first(step: Request, row: Row, first: str) -> None:
    if date_range.day_of(first) < step.texts.today:
        problem(row, Refusal(Refused.IN_THE_PAST))
    else:
        conversation.update(row, BlockData(first=first, month=None), to=LAST)


def take_last(step: Request, row: Row, last: str) -> None:
    """Preview the block and continue; where it is refused, show why on the calendar."""
    conversation.update(row, BlockData(last=last))
    if attempt(step, row, lambda: look(step, row)):
        conversation.update(row, BlockData(month=None), to=CHECK)
    else:
        conversation.update(row, BlockData(last=""), to=LAST)


def look(step: Request, row: Row) -> None:
    """Remember the losses that the preview shows: the block confirms these and no others."""
    found = blocks.preview(step.by(step.active()), screens.asked_of(row, step.texts))
    conversation.update(row, BlockData(seen=tuple(loss.rental_id for loss in found.losses)))


def _take_both(step: Request, row: Row, first: str, last: str) -> None:
    take_first(step, row, first)
    if row.state == LAST:
        take_last(step, row, last)


def take_said(step: Request, row: Row) -> None:
    """Take the days that were said before it was clear of which pieces, as far as they were."""
    kept = BlockData.of(row)
    if kept.first and kept.last:
        _take_both(step, row, kept.first, kept.last)
    elif kept.first:
        take_first(step, row, kept.first)


def _first_day(row: Row) -> date:
    return date_range.day_of(BlockData.of(row).first)


def _permit(step: Request, row: Row) -> None:
    step.active().require(Role.ADMIN)


DAYS = DateRange(take_first, take_last, _take_both, _first_day, _permit)


def show_month(step: Request, row: Row, value: str) -> None:
    conversation.update(row, BlockData(month=date_range.month_on_button(value)))


def back_to_first(step: Request, row: Row, _value: str) -> None:
    conversation.update(
        row, BlockData(first="", month=None), to=PIECES if BlockData.of(row).item_id else FIRST
    )


def back_to_last(step: Request, row: Row, _value: str) -> None:
    conversation.update(row, BlockData(last="", month=None), to=LAST)
