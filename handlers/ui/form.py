"""The kit shared by all forms: callback data, attempts, typed numbers and days."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from markupsafe import Markup

from db.models import Conversation as Row
from handlers.i18n.texts import Texts, lines
from handlers.parsing import dates
from handlers.parsing.dates import Unclear
from handlers.ui import conversation
from handlers.ui.callbacks import Verb, pack
from handlers.ui.conversation import ConversationData
from handlers.ui.limits import unfolding
from handlers.ui.message import Button
from handlers.ui.refusals import explain_kept, keep
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.members.directory import Entry

T = TypeVar("T")

Data = Callable[[str, str], str]
"""Makes a button's callback data in this conversation, from a word and a value."""

FROM, UNTIL = "from", "until"
"""The words of days on the two calendars."""

_LONGEST_LABEL = 40


def short(text: str, most: int = _LONGEST_LABEL) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def quoted(text: str, most: int) -> Markup:
    """Return what a person wrote: as it is, or where it is long as a quote that opens with a tap."""
    return unfolding(short(text, most))


def folded(rows: Sequence[Markup | str], most: int = 8) -> Markup:
    """Return the rows of a list below each other: where there are many, as a quote that opens with a tap."""
    text = lines(*rows)
    return Markup("<blockquote expandable>{}</blockquote>").format(text) if len(rows) > most else text


def cancel(t: Texts, data: Data) -> Button:
    return Button(str(t("Cancel")), data("cancel", ""))


def number(value: str) -> int:
    """Parse a number from a button. Raises OUTDATED for anything else."""
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        raise Refusal(Refused.OUTDATED)
    return int(value)


def there(value: T | None) -> T:
    """Return what the conversation remembers. Raises OUTDATED where it does not."""
    if value is None:
        raise Refusal(Refused.OUTDATED)
    return value


def attempt(step: Request, row: Row, work: Callable[[], object]) -> bool:
    """Run it in a savepoint; a refusal is shown on the card, and nothing has changed."""
    conversation.update(row, ConversationData(problem=None))
    step.session.flush()
    try:
        with step.session.begin_nested():
            work()
    except Refusal as refusal:
        step.session.refresh(row)
        conversation.update(row, ConversationData(problem=keep(refusal)))
        return False
    return True


def on_button(value: str) -> date:
    """Parse the day that a button carries. Raises OUTDATED for anything else."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    if day.year not in dates.YEARS:
        raise Refusal(Refused.OUTDATED)
    return day


def unclear(problem: dates.Problem) -> Refusal:
    """Return the refusal of a date that was not understood."""
    if problem.code is Unclear.NO_SUCH_DAY:
        return Refusal(Refused.NO_SUCH_DAY, day=problem.day, month=problem.month)
    if problem.code is Unclear.AMBIGUOUS:
        return Refusal(Refused.AMBIGUOUS_DATE, choices=[day.isoformat() for day in problem.choices])
    if problem.code is Unclear.SOME_DAYS:
        first, last = (day.isoformat() for day in problem.choices)
        return Refusal(Refused.WHICH_DAYS, first=first, last=last)
    return Refusal(Refused.NOT_A_DATE)


def data_of(row: Row) -> Data:
    return lambda word, value: pack(Verb.CONVERSATION, row.id, f"{word} {value}".strip())


def problem_of(row: Row, t: Texts) -> Markup | None:
    kept = ConversationData.of(row).problem
    return Markup("⚠️ ") + explain_kept(t, kept) + "\n" if kept else None


_BESIDE = 20
"""Characters of labels that fit side by side on a phone."""


def side_by_side(buttons: Sequence[Button], beside: int = _BESIDE) -> list[tuple[Button, ...]]:
    """Put buttons two in a row where their labels are short: `beside` characters at most."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        room = len(button.label) <= beside and rows and len(rows[-1]) == 1
        if room and len(rows[-1][0].label) <= beside:
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return rows


def mark(entry: Entry) -> str:
    """Return the mark before the name of somebody who may not borrow now."""
    return "⛔ " if entry.suspended else "" if entry.active else "⏸ "
