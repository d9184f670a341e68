"""`/export`: choose a table, a period and a format; then get the file."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from re import search

from db.models import Conversation as Row
from db.session import Database
from handlers.exports import views
from handlers.exports.data import ExportData
from handlers.i18n.texts import Texts
from handlers.parsing import rental_line
from handlers.parsing.dates import DateAnswer
from handlers.policy import rules
from handlers.ui import conversation
from handlers.ui.conversation import CANCEL, Conversation, State
from handlers.ui.form import attempt, data_of, problem_of, unclear
from handlers.ui.message import Document, Message
from handlers.ui.request import Request
from services import exports
from services.core import audit
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.text import fold
from services.core.tx import Tx
from services.exports import Export, Format, What

NAME = "export"
WHAT, WHEN, HOW = "what", "when", "how"

_WHATS = {
    **{what.value: what for what in What},
    **{"inventar": What.INVENTORY, "inventaret": What.INVENTORY, "utstyr": What.INVENTORY},
    **{"utlan": What.RENTALS, "utlanene": What.RENTALS},
    **{"medlemmer": What.MEMBERS, "medlemmene": What.MEMBERS},
}
_FORMATS = {"csv": Format.CSV, "xlsx": Format.XLSX, "excel": Format.XLSX}
_PERIODS = {
    **{"this month": "m0", "last month": "m1", "this year": "y0"},
    **{"denne maneden": "m0", "forrige maned": "m1", "i ar": "y0"},
}
"""Names of periods, as `fold` leaves them."""


# Words after the command


def _understand(words: str) -> tuple[What | None, str, Format | None]:
    """Return the table, the words about the period, and the format."""
    said = words.split()
    what = _WHATS.get(fold(said[0])) if said else None
    kind = _FORMATS.get(said[-1].lower()) if len(said) > 1 else None
    return what, " ".join(said[1 : -1 if kind else None]), kind


def asks(words: str) -> bool:
    """Return whether something is still to be asked: `/export inventory csv` says it all."""
    what, when, kind = _understand(words)
    return what is None or kind is None or (what is What.RENTALS and not when)


def begin(step: Request, words: str) -> Document | None:
    """Begin as far along as the words of the command allow."""
    actor = step.active()
    what, when, kind = _understand(words[:200])
    if what is None:
        exports.permit(actor)
        _show(step, actor, WHAT)
        return None
    days = _days(when, step.texts) if when and what is What.RENTALS else None
    if what is What.RENTALS and days is None:
        exports.permit(actor)
        _show(step, actor, WHEN, ExportData(what=what))
        return None
    if kind is None:
        exports.permit(actor)
        _show(step, actor, HOW, ExportData(what=what, days=days))
        return None
    return _document(step, actor, what, days, kind, row_id=None)


def _show(step: Request, actor: Actor, state: str, data: ExportData | None = None) -> None:
    row = conversation.start(step, NAME, state, data, organization_id=actor.organization_id)
    conversation.render(step, row)


# Days


def _days(text: str, t: Texts) -> tuple[date, date]:
    """Return the first and the last day. Raises NOT_A_DATE, NO_SUCH_DAY, AMBIGUOUS_DATE, END_BEFORE_START."""
    named = _PERIODS.get(fold(text))
    if named is not None:
        return _named_days(named, t.today)
    line = rental_line.parse(text[:100], today=t.today, language=t.language, day_first=t.day_first)
    if line.problems:
        raise unclear(line.problems[0])
    if line.words or not isinstance(line.first, DateAnswer):
        raise Refusal(Refused.NOT_A_DATE)
    first = line.first.day
    last = line.last.day if isinstance(line.last, DateAnswer) else first
    if search(r"\d{4}", text) is None:
        # Without a year the last such day is meant: exports are about the past.
        first = _not_after(first, t.today)
        last = _not_after(last, max(t.today, first))
        if last < first:
            last = _a_year_on(last)
    if last < first:
        raise Refusal(Refused.END_BEFORE_START)
    return first, last


def _is_when(step: Request, _row: Row, text: str) -> bool:
    try:
        _days(text, step.texts)
    except Refusal as refusal:
        return refusal.code is not Refused.NOT_A_DATE
    return True


def _not_after(day: date, limit: date) -> date:
    return day if day <= limit else _a_year_on(day, -1)


def _a_year_on(day: date, years: int = 1) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _named_days(named: str, today: date) -> tuple[date, date]:
    """Return the whole period, its future days too: `m0` is this month, `m1` the last one, `y0` this year."""
    if named == "y0":
        return date(today.year, 1, 1), date(today.year, 12, 31)
    first = today.replace(day=1)
    if named == "m1":
        return (first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


# Screens


def _what_screen(tx: Tx, row: Row, t: Texts) -> Message:
    return views.ask_what(t, data_of(row), problem_of(row, t))


def _when_screen(tx: Tx, row: Row, t: Texts) -> Message:
    return views.ask_when(t, data_of(row), problem_of(row, t))


def _how_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = ExportData.of(row)
    return views.ask_how(t, row.id, kept.what, kept.days, data_of(row), problem_of(row, t))


def _over(tx: Tx, row: Row, t: Texts) -> Message | None:
    kept = ExportData.of(row)
    return Message(views.caption(t, kept.what, kept.days, kept.count)) if kept.outcome == "sent" else None


# Taps and typed text


def _tap_what(step: Request, row: Row, value: str) -> None:
    exports.permit(step.active())
    try:
        what = What(value)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    conversation.update(row, ExportData(what=what), to=WHEN if what is What.RENTALS else HOW)
    conversation.render(step, row)


def _tap_when(step: Request, row: Row, value: str) -> None:
    if value not in _PERIODS.values():
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, ExportData(days=_named_days(value, step.texts.today)), to=HOW)
    conversation.render(step, row)


def _typed_when(step: Request, row: Row, text: str) -> None:
    def understand() -> None:
        conversation.update(row, ExportData(days=_days(text.strip(), step.texts)), to=HOW)

    attempt(step, row, understand)


def _back(step: Request, row: Row, _value: str) -> None:
    to = WHEN if row.state == HOW and ExportData.of(row).what == What.RENTALS else WHAT
    conversation.update(row, ExportData(days=None), to=to)
    conversation.render(step, row)


# The file


def _wanted(step: Request, row: Row, value: str) -> Document:
    try:
        kind = Format(value)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    kept = ExportData.of(row)
    return _document(step, step.active(), kept.what, kept.days, kind, row_id=row.id)


def _document(
    step: Request, actor: Actor, what: What, days: tuple[date, date] | None, kind: Format, row_id: int | None
) -> Document:
    t, now = step.texts, step.now
    period = periods.whole_days(*days, t.zone) if days else None
    wanted = exports.ask(
        actor,
        what,
        kind,
        period,
        language=t.language,
        separator=t.separator,
        rule=partial(rules.sentence, t),
    )

    async def make(database: Database, path: Path) -> int:
        return await exports.export_file(database, wanted, path, now)

    return Document(
        name=f"{views.file_name(t, what)}-{t.today}.{kind.value}",
        make=make,
        caption=lambda count: views.caption(t, what, days, count),
        after=partial(_sent, actor=actor, wanted=wanted, row_id=row_id),
    )


def _sent(step: Request, count: int, *, actor: Actor, wanted: Export, row_id: int | None) -> None:
    """Record the export in the audit, and end the conversation."""
    audit.note(
        step.by(actor),
        "export",
        "organization",
        wanted.organization_id,
        what=wanted.what,
        format=wanted.format,
        rows=count,
    )
    if row_id is None:
        return
    row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    if row is not None and row.id == row_id and row.state == HOW:
        conversation.update(row, ExportData(count=count))
        conversation.end(step, row, "sent")


EXPORT = Conversation(
    NAME,
    states={
        WHAT: State(_what_screen, {"what": _tap_what}),
        WHEN: State(_when_screen, {"when": _tap_when}, _typed_when, fits=_is_when),
        HOW: State(_how_screen, document=_wanted),
        conversation.OVER: State(_over),
    },
    fallbacks={"back": _back, **CANCEL},
)
