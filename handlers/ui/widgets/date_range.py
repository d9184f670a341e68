"""A date range, asked for in two steps: each day is tapped on a calendar, or typed.

A day is stored as `2026-12-01`, or as `2026-12-01 14:00` where a time was typed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from db.models import Conversation as Row
from handlers.i18n.texts import Texts
from handlers.parsing import dates, rental_line
from handlers.parsing.dates import DateAnswer
from handlers.ui import conversation
from handlers.ui.conversation import ConversationData
from handlers.ui.form import on_button, unclear
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused


def kept(answer: DateAnswer) -> str:
    """Return a typed day as it is stored."""
    return answer.day.isoformat() + (f" {answer.clock:%H:%M}" if answer.clock else "")


def day_of(kept: str) -> date:
    """Return the stored day, without its time."""
    return date.fromisoformat(kept[:10])


def understood(t: Texts, text: str, *, after: date | None = None) -> DateAnswer:
    """Return a typed day; `after`: `3 days` and `friday` count from there.

    Raises NOT_A_DATE, NO_SUCH_DAY, AMBIGUOUS_DATE.
    """
    answer = dates.understand(text, today=t.today, expect_after=after, day_first=t.day_first)
    if not isinstance(answer, DateAnswer):
        raise unclear(answer)
    return answer


def is_day(step: Request, _row: Row, text: str) -> bool:
    """Return whether a text answers the question for a day."""
    return names_day(step.texts, text)


def names_day(t: Texts, text: str) -> bool:
    """Return whether the words are a day, or two, or would be if there were such a day."""
    if rental_line.both_days(text, today=t.today, language=t.language, day_first=t.day_first) is not None:
        return True
    try:
        understood(t, text, after=t.today)
    except Refusal as refusal:
        return refusal.code is not Refused.NOT_A_DATE
    return True


def days_said(t: Texts, text: str) -> tuple[date, date] | None:
    """Return the first and the last day that the words are, which may be one; None for others."""
    if both := rental_line.both_days(text, today=t.today, language=t.language, day_first=t.day_first):
        return both[0].day, max(both[0].day, both[1].day)
    answer = dates.understand(text, today=t.today, expect_after=None, day_first=t.day_first)
    return (answer.day, answer.day) if isinstance(answer, DateAnswer) else None


def month_on_button(value: str) -> date:
    """Return the first day of the month that an arrow of the calendar leads to. Raises OUTDATED."""
    return on_button(value).replace(day=1)


def _nothing(step: Request, row: Row) -> None:
    """Permit everybody who is asked."""


@dataclass(frozen=True)
class DateRange:
    """The two questions of one conversation, which supplies the actions on the answers.

    `first_day` returns the chosen one, while the last is asked for. `both`: the action when both were typed
    at once, as in `1.12. - 3.12.`. `permit` raises where this person may not answer (any more).
    """

    first: Callable[[Request, Row, str], None]
    last: Callable[[Request, Row, str], None]
    both: Callable[[Request, Row, str, str], None]
    first_day: Callable[[Row], date]
    permit: Callable[[Request, Row], None] = _nothing

    def tapped_first(self, step: Request, row: Row, value: str) -> None:
        self.first(step, row, on_button(value).isoformat())

    def tapped_last(self, step: Request, row: Row, value: str) -> None:
        self.last(step, row, on_button(value).isoformat())

    def typed_first(self, step: Request, row: Row, text: str) -> None:
        """Take one day, or both at once."""
        self.permit(step, row)
        t = step.texts
        both = rental_line.both_days(text, today=t.today, language=t.language, day_first=t.day_first)
        if both is not None:
            self.both(step, row, kept(both[0]), kept(both[1]))
        else:
            self._typed(step, row, text, self.first, after=None)

    def typed_last(self, step: Request, row: Row, text: str) -> None:
        self._typed(step, row, text, self.last, after=self.first_day(row))

    def _typed(
        self,
        step: Request,
        row: Row,
        text: str,
        take: Callable[[Request, Row, str], None],
        *,
        after: date | None,
    ) -> None:
        try:
            answer = understood(step.texts, text, after=after)
        except Refusal as refusal:
            conversation.update(row, ConversationData(problem=keep(refusal)))
            return
        take(step, row, kept(answer))
