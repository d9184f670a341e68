"""What came of an inventory file that was sent: the numbers, then what did not come in, and why."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from db.states import Condition
from handlers.message import Attachment, Message
from handlers.texts import Texts, lines
from handlers.views.refusals import condition_name
from handlers.views.rent import short
from services.importing import Reason, RefusedRow, Report

_MOST_LISTED = 10
"""More refused rows than that come as a file."""

_Data = dict[str, Any]

REASONS: dict[Reason, Callable[[Texts, _Data], Markup]] = {
    Reason.NO_NAME: lambda t, d: t("there is no name"),
    Reason.NO_CODE_OR_SERIAL: lambda t, d: t(
        "neither a code nor a serial number, so I could not know it again"
    ),
    Reason.CODE_TWICE: lambda t, d: t("line {line} has this code already", line=d["first_line"]),
    Reason.SERIAL_TWICE: lambda t, d: t(
        "line {line} is this item already; give each a code", line=d["first_line"]
    ),
    Reason.SERIAL_AMBIGUOUS: lambda t, d: t(
        "{n} items have this serial number; tell them apart by code", n=d["items"]
    ),
    Reason.TOO_LONG: lambda t, d: t("longer than {n} characters", n=d["most"]),
    Reason.BAD_CONDITION: lambda t, d: t(
        "not a condition I know; there are {known}", known=", ".join(condition_name(t, c) for c in Condition)
    ),
    Reason.IN_USE: lambda t, d: t(
        "it is promised or out as {name}, and cannot become something else", name=d["equipment"]
    ),
    Reason.TOO_MANY_CELLS: lambda t, d: t("more cells than the {n} of the header", n=d["most"]),
    Reason.BAD_QUOTES: lambda t, d: t("a quotation mark is not closed, or stands in the middle of a text"),
    Reason.UNREADABLE: lambda t, d: t("some of it cannot be read as text"),
}


def summary(t: Texts, report: Report) -> Message:
    """The numbers, the first refused rows, and all of them as a file where there are many."""
    text = lines(
        t.plural("<b>{n} row read</b>", "<b>{n} rows read</b>", report.rows),
        t(
            "Items: {new} new, {changed} changed, {unchanged} unchanged",
            new=report.items_new,
            changed=report.items_changed,
            unchanged=report.items_unchanged,
        ),
        t("Equipment: {all} in the file, {new} new", all=report.equipment, new=report.equipment_new),
        *_refused(t, report),
        *_checked_out(t, report),
    )
    attachment = None
    if report.refused_total > _MOST_LISTED:
        rows = [str(_row(t, row).striptags()) for row in report.refused]
        attachment = Attachment(str(t("refused.txt")), "\n".join(rows).encode())
    return Message(text, attachment=attachment)


def _refused(t: Texts, report: Report) -> list[Markup]:
    if not report.refused_total:
        return []
    heading = t.plural("⚠️ {n} row did not come in:", "⚠️ {n} rows did not come in:", report.refused_total)
    shown = [_row(t, row) for row in report.refused[:_MOST_LISTED]]
    more = report.refused_total - len(shown)
    return [heading, *shown, *([t.plural("… and {n} more", "… and {n} more", more)] if more else [])]


def _row(t: Texts, row: RefusedRow) -> Markup:
    why = REASONS[row.reason](t, row.data)
    value = f" ({short(' '.join(row.value.split()), 40)})" if row.value else ""
    if row.column:
        return t(
            "Line {line}, {column}: {why}{value}",
            line=row.line,
            column=short(row.column, 30),
            why=why,
            value=value,
        )
    return t("Line {line}: {why}{value}", line=row.line, why=why, value=value)


def _checked_out(t: Texts, report: Report) -> list[Markup]:
    if not report.checked_out_total:
        return []
    heading = t.plural(
        "The file says that {n} item is checked out; I made no rental of it:",
        "The file says that {n} items are checked out; I made no rentals of them:",
        report.checked_out_total,
    )
    shown = [
        Markup("{} → {}").format(short(one.code, 30), short(one.to, 40)) for one in report.checked_out[:5]
    ]
    more = report.checked_out_total - len(shown)
    return [heading, *shown, *([t.plural("… and {n} more", "… and {n} more", more)] if more else [])]
