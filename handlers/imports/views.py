"""Views of an import's report: the numbers, then the refused rows with reasons."""

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from db.states import Condition, Role
from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.imports import plan_views
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import short
from handlers.ui.message import Attachment, Button, Message
from handlers.ui.refusals import condition_name, explain, role_name
from services.core.tx import Tx
from services.imports import About, Invited, MembersReport, Reason, RefusedRow, Report, refused_file
from services.imports.afterwards import new_codes
from services.imports.members.links import links_file
from services.imports.report import BaseReport
from services.imports.template import template
from services.imports.understanding.sheets import Sheet
from services.members import invites

_MOST_LISTED = 10
"""Maximum number of refused rows in the message; all come as a file."""

_Data = dict[str, Any]


def _first_line(text: str) -> Callable[[Texts, _Data], Markup]:
    return lambda t, d: t(text, line=d["first_line"])


def N_(message: str) -> str:
    return message


_PEOPLE: dict[Reason, Callable[[Texts, _Data], Markup]] = {
    Reason.NO_KEY: lambda t, d: t(
        "neither a username nor an email nor a membership number, so I could not recognise them again"
    ),
    Reason.USERNAME_TWICE: _first_line(N_("line {line} already has this username")),
    Reason.EMAIL_TWICE: _first_line(N_("line {line} already has this email address")),
    Reason.NUMBER_TWICE: _first_line(N_("line {line} already has this membership number")),
    Reason.USERNAME_OF: lambda t, d: t("this username already belongs to {name}", name=d["name"]),
    Reason.EMAIL_OF: lambda t, d: t("this email address already belongs to {name}", name=d["name"]),
    Reason.NUMBER_AMBIGUOUS: lambda t, d: t(
        "{n} members have this number; tell them apart by username or email", n=d["members"]
    ),
    Reason.BAD_EMAIL: lambda t, d: t("not an email address"),
    Reason.BAD_PHONE: lambda t, d: t("not a phone number"),
    Reason.BAD_DATE: lambda t, d: t("not a date; write it like 2026-12-01 or 1.12.2026"),
    Reason.BAD_YES_NO: lambda t, d: t("neither yes nor no"),
    Reason.BAD_ROLE: lambda t, d: t("not a role; use user, lender, admin or leader"),
    Reason.ROLE_ABOVE: lambda t, d: t(
        "the role {role} is above your own", role=role_name(t, Role(d["role"]))
    ),
    Reason.LEADER_ENDS: lambda t, d: t("a leader’s membership is ended with /members, not by a file"),
    Reason.ENDS_BEFORE: lambda t, d: t("the membership would end before it begins"),
}

REASONS: dict[Reason, Callable[[Texts, _Data], Markup]] = {
    Reason.NO_NAME: lambda t, d: t("the name is missing"),
    Reason.NO_CODE_OR_SERIAL: lambda t, d: t(
        "neither a code nor a serial number, so I could not recognise it again"
    ),
    Reason.CODE_TWICE: lambda t, d: t("line {line} already has this code", line=d["first_line"]),
    Reason.SERIAL_TWICE: lambda t, d: t(
        "line {line} is already this item; give each a code", line=d["first_line"]
    ),
    Reason.SERIAL_AMBIGUOUS: lambda t, d: t(
        "{n} items have this serial number; tell them apart by code", n=d["items"]
    ),
    Reason.TOO_LONG: lambda t, d: t("longer than {n} characters", n=d["most"]),
    Reason.BAD_CONDITION: lambda t, d: t(
        "not a condition I know; use one of {known}", known=", ".join(condition_name(t, c) for c in Condition)
    ),
    Reason.IN_USE: lambda t, d: t(
        "it is promised or out as {name}, and cannot become something else", name=d["equipment"]
    ),
    Reason.PROMISED: lambda t, d: t(
        "promised or out, so a file cannot take it out of lending; use /inventory for that"
    ),
    Reason.TOO_MANY_CELLS: lambda t, d: t("more cells than the header, which has {n}", n=d["most"]),
    Reason.BAD_QUOTES: lambda t, d: t("a quotation mark is not closed, or stands in the middle of a text"),
    Reason.TOO_MANY_PIECES: lambda t, d: t("more than {n} pieces", n=d["most"]),
    Reason.ERROR_CELL: lambda t, d: t("a formula that failed; fix it in the spreadsheet"),
    Reason.SERIAL_OF: lambda t, d: t(
        "{code} has this serial number already; a new code for it would count it twice", code=d["code"]
    ),
    Reason.CODE_OF: lambda t, d: t("it is a code of {code} already", code=d["code"]),
    Reason.SHORTENED: lambda t, d: t(
        "the spreadsheet shortened this number, and digits are lost; write it out, with its column as text"
    ),
    Reason.UNREADABLE: lambda t, d: t("some of it cannot be read as text"),
    **_PEOPLE,
}


def _stopped(t: Texts, report: BaseReport) -> Markup | None:
    """Say why the rest of the file was not read, and what is there all the same."""
    if report.stopped is None:
        return None
    why = explain(t, report.stopped)
    return lines(
        why, t("What was read until then stays, as shown below. Send the file again to continue from there.")
    )


def summary(t: Texts, report: Report, refused: Attachment | None = None) -> Message:
    """Show the numbers and the first refused rows; `refused`: the file of all."""
    text = lines(
        _stopped(t, report),
        t.plural("<b>{n} row read</b>", "<b>{n} rows read</b>", report.rows),
        t(
            "Items: {new} new, {changed} changed, {unchanged} unchanged",
            new=report.items_new,
            changed=report.items_changed,
            unchanged=report.items_unchanged,
        ),
        t("Equipment: {all} in the file, {new} new", all=report.equipment, new=report.equipment_new),
        _zeros_lost(t, report),
        *plan_views.become(t, report.became),
        *plan_views.not_understood(t, report.unknown),
        *plan_views.doubted(t, report.doubts),
        *_refused(t, report),
        *_checked_out(t, report),
    )
    return Message(text, attachment=refused)


def _zeros_lost(t: Texts, report: BaseReport) -> Markup | None:
    """Name the numbers that are known with zeros in front, which the file has lost."""
    if not report.zeros_lost:
        return None
    shown = [f"{short(written, 20)} → {short(known, 20)}" for written, known in report.zeros_lost[:5]]
    more = report.zeros_lost_total - len(shown)
    shown += [str(t.plural("… and {n} more", "… and {n} more", more))] if more > 0 else []
    return t("The same but for zeros in front, so I took them as one: {codes}", codes=", ".join(shown))


def refused_rows(t: Texts, report: BaseReport, sheets: Sequence[Sheet]) -> Attachment | None:
    """Return the refused rows with their own cells, to be mended and sent again; reads the sheets again."""

    def words(row: RefusedRow) -> str:
        return Markup(REASONS[row.reason](t, row.data)).striptags()

    if not report.refused or not report.heads:
        return None
    head = [
        str(t("Refused: line")),
        str(t("Refused: sheet")),
        str(t("Refused: column")),
        str(t("Refused: why")),
    ]
    text = refused_file.content(sheets, report, head, words, t.separator)
    return Attachment(str(t("refused.csv")), text.encode("utf-8-sig"))


def made_codes(tx: Tx, t: Texts, run_id: int) -> Message | None:
    """Return the codes of all that an import brought as a file; None where it brought nothing."""
    fields = ("item.code", "equipment.name", "equipment.brand", "equipment.model", "item.serial_number")
    text = new_codes.content(tx, run_id, [str(field_names.name(t, field)) for field in fields], t.separator)
    if not text:
        return None
    said = t("The codes of what is new, to print or keep. /labels prints labels with them.")
    return Message(said, attachment=Attachment(str(t("codes.csv")), text.encode("utf-8-sig")))


def ask_about(t: Texts) -> Message:
    """Ask for the kind of the file; the message replies to it."""
    return Message(
        t("Is this the inventory, or the members?"),
        (
            (
                Button(str(t("The inventory")), pack(Verb.IMPORT_AS, arg=About.INVENTORY)),
                Button(str(t("The members")), pack(Verb.IMPORT_AS, arg=About.MEMBERS)),
            ),
        ),
    )


def members_summary(
    t: Texts, report: MembersReport, bot: str, refused: Attachment | None = None
) -> list[Message]:
    """Show the numbers and refused rows; then the links, as a file of its own."""
    text = lines(
        _stopped(t, report),
        t.plural("<b>{n} row read</b>", "<b>{n} rows read</b>", report.rows),
        t(
            "Members: {new} new, {changed} changed, {unchanged} unchanged",
            new=report.new,
            changed=report.changed,
            unchanged=report.unchanged,
        ),
        _zeros_lost(t, report),
        *plan_views.become(t, report.became),
        _without_link(t, report),
        *_shared(t, report),
        *_no_status(t, report),
        *_refused(t, report),
    )
    summed = Message(text, attachment=refused)
    if not report.invited:
        return [summed]
    return [summed, links_message(t, report.invited, bot, are_new=not report.renewed)]


def _without_link(t: Texts, report: MembersReport) -> Markup | None:
    if not report.inactive:
        return None
    return t.plural(
        "{n} of them is not active, and gets no link: {names}",
        "{n} of them are not active, and get no link: {names}",
        report.inactive,
        names=_named(report.without_link, report.inactive),
    )


def _shared(t: Texts, report: MembersReport) -> list[Markup]:
    """Say which addresses are of several people: two members cannot have the same."""
    return [
        t(
            "Several people share {address}. The first has it for now; without it: {names}",
            address=address,
            names=_named(names, len(names)),
        )
        for address, names in list(report.shared.items())[:_MOST_LISTED]
    ]


def _no_status(t: Texts, report: MembersReport) -> list[Markup]:
    words = ", ".join(f"{short(word, 30)} ({n})" for word, n in report.unknown[:_MOST_LISTED])
    return [t("Not understood as a status, and kept: {words}", words=words)] if words else []


def _named(names: Sequence[str], total: int) -> str:
    shown = [short(name, 40) for name in names[:_MOST_LISTED]]
    return ", ".join([*shown, *(["…"] if total > len(shown) else [])])


def links_message(t: Texts, invited: Sequence[Invited], bot: str, *, are_new: bool = True) -> Message:
    """Show the links. `are_new`: nobody has had a link before."""
    if not invited:
        return Message(t("All active members are already in Telegram."))
    return Message(
        lines(
            t.plural(
                "Here is a link for {n} member. Send it to nobody else: whoever opens it becomes that "
                "member.",
                "Here are links for {n} members. Send each one only to its member: whoever opens it "
                "becomes that member.",
                len(invited),
            ),
            None if are_new else t("Earlier links of these members no longer work: send them these."),
            t(
                "They work once, within {days} days, and cannot be shown again. /members makes a new one "
                "for anybody who lost theirs.",
                days=invites.PERSONAL_DAYS,
            ),
        ),
        attachment=Attachment("member-links.csv", links_file(invited, bot, t.separator).encode("utf-8-sig")),
    )


def _refused(t: Texts, report: BaseReport) -> list[Markup]:
    if not report.refused_total:
        return []
    heading = t.plural("⚠️ {n} row was not imported:", "⚠️ {n} rows were not imported:", report.refused_total)
    shown = [_row(t, row) for row in report.refused[:_MOST_LISTED]]
    more = report.refused_total - len(shown)
    rest = [t.plural("… and {n} more", "… and {n} more", more)] if more else []
    mend = t("They are in the file with their reasons: fix them there, and send it again.")
    return [heading, *shown, *rest, *([mend] if report.heads else [])]


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
        "The file says that {n} item is checked out. I did not create a rental for it:",
        "The file says that {n} items are checked out. I did not create rentals for them:",
        report.checked_out_total,
    )
    shown = [
        Markup("{} → {}").format(short(one.code, 30), short(one.to, 40)) for one in report.checked_out[:5]
    ]
    more = report.checked_out_total - len(shown)
    return [heading, *shown, *([t.plural("… and {n} more", "… and {n} more", more)] if more else [])]


def import_help(t: Texts) -> Message:
    return Message(
        lines(
            t("Send me your inventory as a CSV or Excel file: one line for each thing."),
            t(
                "I know columns such as name, code, serial number, type, location and tags, "
                "also in German and Norwegian."
            ),
            t("Sending a newer file later adds what is new and changes what differs. Nothing is removed."),
            t("Here is a file to start from."),
        ),
        attachment=Attachment("inventory-template.csv", template().encode()),
    )
