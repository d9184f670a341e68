"""`equiplib import`: imports an inventory from a file, with a progress bar and a report."""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy.orm import Session

from bot import log_config, settings
from bot.cli import import_plan
from bot.cli.common import more, opened, organization_called, utc_now
from bot.errors import Complaint
from db.models import Organization
from db.session import Database
from services.core.errors import Refusal, Refused
from services.core.text import separator
from services.core.tx import Tx
from services.imports import Reason, RefusedRow, Report, import_file, refused_file
from services.imports.afterwards import new_codes
from services.imports.readers.bounds import Bound
from services.imports.report import BaseReport
from services.imports.template import template
from services.imports.understanding import encodings
from services.imports.understanding.choices import Choices
from services.imports.understanding.opening import open_file

FILES = {
    "excel": "a spreadsheet of another kind: save it as .xlsx or CSV",
    "picture": "a picture",
    "pdf": "a PDF",
    "archive": "an archive: unpack it first",
}

SAVED_AS = {
    "html": "a web page, whatever its name says: open it, and save it as .xlsx or CSV",
    "xlsb": "a binary Excel workbook: save it as .xlsx or CSV",
    "numbers": "a Numbers document: export it to Excel or CSV",
}

TOO_MUCH = {
    Bound.UNPACKED: "unpacks to more than can be read. Save it as CSV.",
    Bound.CELL: "has a cell or a row that is longer than can be read.",
    Bound.TEXTS: "has more than {most} texts. Save it as CSV.",
    Bound.ROWS: "has more than {most} rows. Import it in parts.",
    Bound.COLUMNS: "has more than {most} columns with a name.",
    Bound.QUOTES: "has too many quotation marks that are never closed.",
    Bound.REFUSED: "was given up: of {most} rows more than half cannot be imported.",
}

REASONS: dict[Reason, str] = {
    Reason.NO_NAME: "the name is missing",
    Reason.NO_CODE_OR_SERIAL: "there is neither a code nor a serial number to recognise it by",
    Reason.CODE_TWICE: "line {first_line} already has this code",
    Reason.SERIAL_TWICE: "line {first_line} is already this item; give each a code",
    Reason.SERIAL_AMBIGUOUS: "{items} items of this equipment have it; tell them apart by code",
    Reason.TOO_LONG: "longer than {most} characters",
    Reason.BAD_CONDITION: "not a condition; use one of {known}",
    Reason.IN_USE: "the item is promised or out as {equipment}, so it cannot become something else now",
    Reason.PROMISED: "promised or out, so a file cannot take it out of lending",
    Reason.TOO_MANY_CELLS: "more cells than the header, which has {most}; a text may need quotation marks",
    Reason.BAD_QUOTES: "a quotation mark is not closed, or stands in the middle of a quoted text",
    Reason.TOO_MANY_PIECES: "more than {most} pieces",
    Reason.ERROR_CELL: "a formula that failed; fix it in the spreadsheet",
    Reason.SERIAL_OF: "{code} has this serial number already; a new code for it would count it twice",
    Reason.CODE_OF: "it is a code of {code} already",
    Reason.SHORTENED: "the spreadsheet shortened this number; write it out, with its column as text",
    Reason.UNREADABLE: "some of it cannot be read as text",
    Reason.NO_KEY: "neither a username nor an email nor a membership number to recognise them by",
    Reason.USERNAME_TWICE: "line {first_line} already has this username",
    Reason.EMAIL_TWICE: "line {first_line} already has this email address",
    Reason.NUMBER_TWICE: "line {first_line} already has this membership number",
    Reason.USERNAME_OF: "this username already belongs to {name}",
    Reason.EMAIL_OF: "this email address already belongs to {name}",
    Reason.NUMBER_AMBIGUOUS: "{members} members have this number; tell them apart by username or email",
    Reason.BAD_EMAIL: "not an email address",
    Reason.BAD_PHONE: "not a phone number",
    Reason.BAD_DATE: "not a date; write it like 2026-12-01 or 1.12.2026",
    Reason.BAD_YES_NO: "neither yes nor no",
    Reason.BAD_ROLE: "not a role; use user, lender, admin or leader",
    Reason.ROLE_ABOVE: "the role {role} is above your own",
    Reason.LEADER_ENDS: "a leader's membership is ended in the chat, not by a file",
    Reason.ENDS_BEFORE: "the membership would end before it begins",
}


def show_template() -> None:
    typer.echo(template(), nl=False)


def import_inventory(
    config: Path | None,
    file: Path,
    organization: str,
    mapping: list[str] | None,
    choices: Choices,
    *,
    dry_run: bool,
    yes: bool,
    refused_to: Path | None = None,
    codes_to: Path | None = None,
) -> None:
    """Show how the file is understood, ask what cannot be told, and import it."""
    given = settings.load(config)
    log_config.configure(given.log)
    _check_encoding(choices.encoding)
    with opened(given) as database:
        organization_id = organization_called(database, organization)
        labels = database.read_now(lambda s: s.get_one(Organization, organization_id).labels)
        ask = not yes and sys.stdin.isatty()
        with explained(file):
            seen, plan = import_plan.settle(file, choices, overrides_of(mapping), labels, ask=ask)
        with closing(plan) if plan is not None else nullcontext():
            if dry_run:
                return
            if ask and not seen.ours and not typer.confirm("Import it?", default=True):
                raise typer.Exit(0)
            work = partial(import_file, choices=choices, plan=plan)
            report = bring_in(database, organization_id, file, mapping, work)
        written = [
            *write_refused(database, organization_id, file, report, refused_to, choices.encoding),
            *_write_codes(database, organization_id, report, codes_to),
        ]
    for line in written:
        typer.echo(line)
    if report.rows and report.refused_total == report.rows:
        typer.echo(f"Nothing was imported: {_only_reason(report)}", err=True)
        raise typer.Exit(1)
    for line in summary(report):
        typer.echo(line)
    typer.echo(f"To undo it: equiplib import --undo {report.run_id}")


def choices_of(encoding: str, sheets: list[str] | None, codes: str, pieces: str | None) -> Choices:
    """Return the options of the command as choices."""
    return Choices(
        encoding=encoding,
        sheets=sheets or [],
        require_codes=codes == "require",
        one_each=None if pieces is None else pieces == "one",
    )


def _check_encoding(encoding: str) -> None:
    if encoding and encodings.named(encoding) is None:
        raise Complaint(f"--encoding {encoding} is wrong: there is no such encoding.")


def _only_reason(report: Report) -> str:
    """Return why every row was refused, in one sentence: the most frequent reason, and its first row."""
    reason, count = Counter(row.reason for row in report.refused).most_common(1)[0]
    first = next(row for row in report.refused if row.reason is reason)
    return f"all {report.rows} rows are refused, {count} of them like this one:\n{_refused_row(first)}"


T = TypeVar("T")
Import = Callable[
    [Database, int, int | None, Path, dict[str, str], datetime, Callable[[int, int], None]],
    Coroutine[Any, Any, T],
]


def bring_in(
    database: Database, organization_id: int, file: Path, mapping: list[str] | None, work: Import[T]
) -> T:
    """Run an import with a progress bar. Raises Complaint for an invalid file."""
    try:
        with explained(file):
            return asyncio.run(_import(database, organization_id, file, overrides_of(mapping), work))
    except KeyboardInterrupt:
        typer.echo("Interrupted. Imported rows were kept; run the import again to continue.", err=True)
        raise typer.Exit(130) from None


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turn a refusal of the file as a whole into a Complaint."""
    try:
        yield
    except Refusal as refusal:
        raise Complaint(refused(refusal, file)) from None
    except OSError as error:
        raise Complaint(f"{file} cannot be read: {error.strerror or error}.") from None


def overrides_of(mapping: list[str] | None) -> dict[str, str]:
    """Return the headers by field that `--map` names. Raises Complaint."""
    return dict(_override(one) for one in mapping or [])


def _override(text: str) -> tuple[str, str]:
    field, sign, header = text.partition("=")
    if not sign or not field.strip():
        raise Complaint(f"--map {text} is wrong: it takes a field and a header, such as code=Invent.Nr.")
    return field.strip(), header


async def _import(
    database: Database, organization_id: int, file: Path, overrides: dict[str, str], work: Import[T]
) -> T:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(file.name)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return await work(database, organization_id, None, file, overrides, utc_now(), progress)


def refused(refusal: Refusal, file: Path) -> str:
    """Return why a file as a whole is refused, in a sentence or two."""
    data = refusal.data
    if refusal.code is Refused.FILE_NOT_CSV:
        if data["kind"] == "broken":
            return f"{file} is damaged, or not what its name says. Save it again."
        if data["kind"] in SAVED_AS:
            return f"{file} is {SAVED_AS[data['kind']]}."
        what = FILES.get(data["kind"], "something else")
        return f"{file} is neither a CSV file nor an Excel workbook but {what}."
    if refusal.code is Refused.FILE_TOO_MUCH:
        return f"{file} {TOO_MUCH[data['bound']].format(most=data['most'])}"
    if refusal.code is Refused.FILE_EMPTY:
        return f"{file} has {'a header but no rows' if data['header_only'] else 'nothing in it'}."
    if refusal.code is Refused.FILE_NO_NAME:
        return (
            f"{file} has no column for the name. It has {_listed(data['columns'])}. "
            "Say which one it is: --map name=HEADER"
        )
    if refusal.code is Refused.FILE_TURNED:
        return f"{file} has a column for each thing. Turn it round: paste it with “Transpose”."
    if refusal.code is Refused.FILE_NO_PERSON:
        return (
            f"{file} has no column for the first name. It has {_listed(data['columns'])}. "
            'Say which one it is: --map "first name=HEADER"'
        )
    if refusal.code is Refused.FILE_BAD_MAPPING:
        wrong = f"--map {data['field']} is wrong"
        if not data["known_field"]:
            return f"{wrong}: the fields are {_listed(data['fields'])}."
        return f"{wrong}: {file} has no column {data['column']}. It has {_listed(data['columns'])}."
    raise refusal


def summary(report: Report) -> Iterator[str]:
    """Return the numbers, the rows that were not imported, and the items that are checked out elsewhere."""
    yield columns(report)
    yield from stopped(report)
    yield f"Rows: {report.rows}, of which {report.refused_total} refused."
    yield (
        f"Items: {report.items_new} new, {report.items_changed} changed, {report.items_unchanged} unchanged."
    )
    yield (
        f"Equipment: {report.equipment} in the file, {report.equipment_new} new, "
        f"{report.equipment_changed} changed."
    )
    yield from zeros_lost(report)
    yield from all_refused(report)
    if report.checked_out:
        yield "Checked out according to the file; no rentals were created:"
        yield from (f"  line {one.line}: {one.code} to {one.to}" for one in report.checked_out)
        yield from more(report.checked_out_total, report.checked_out)


def write_refused(
    database: Database,
    organization_id: int,
    file: Path,
    report: BaseReport,
    target: Path | None,
    encoding: str = "",
) -> Sequence[str]:
    """Write the refused rows to a file, with why, to be mended and imported; return what to say of it."""
    if target is None or not report.refused:
        return ()
    language = database.read_now(lambda s: s.get_one(Organization, organization_id).language)
    try:
        with closing(open_file(file, encoding)) as opened:
            text = refused_file.content(
                opened.sheets, report, refused_file.COLUMNS, _why, separator(language)
            )
        target.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        return (f"{target} cannot be written: {error.strerror or error}.",)
    return (f"The refused rows are in {target}: mend them there, and import it.",)


_OF_NEW = ("code", "name", "brand", "model", "serial number")


def _write_codes(
    database: Database, organization_id: int, report: Report, target: Path | None
) -> Sequence[str]:
    """Write the codes of what is new to a file, to be printed or kept; return what to say of it."""
    if target is None or report.run_id is None:
        return ()
    run_id = report.run_id

    def work(session: Session) -> str:
        language = session.get_one(Organization, organization_id).language
        tx = Tx(session, utc_now(), within=organization_id)
        return new_codes.content(tx, run_id, _OF_NEW, separator(language))

    text = database.read_now(work)
    if not text:
        return ("Nothing is new, so no codes are written.",)
    try:
        target.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        return (f"{target} cannot be written: {error.strerror or error}.",)
    return (f"The codes of what is new are in {target}.",)


def zeros_lost(report: BaseReport) -> Iterator[str]:
    """Name the numbers that are known with other zeros in front."""
    if report.zeros_lost:
        yield "The same but for zeros in front, so taken as one:"
        yield from (f"  {written} is {known}" for written, known in report.zeros_lost)
        yield from more(report.zeros_lost_total, report.zeros_lost)


def stopped(report: BaseReport) -> Iterator[str]:
    """Return why the rest of the file was not read."""
    if report.stopped is not None:
        yield f"Stopped: the file {TOO_MUCH[report.stopped.data['bound']].format(**report.stopped.data)}"


def columns(report: BaseReport) -> str:
    found = (f"{' + '.join(headers)} is the {field}" for field, headers in report.columns.items())
    return "; ".join(found) + "."


def all_refused(report: BaseReport) -> Iterator[str]:
    if report.refused:
        yield "Refused:"
        yield from (_refused_row(row) for row in report.refused)
        yield from more(report.refused_total, report.refused)


def _refused_row(row: RefusedRow) -> str:
    where = f"line {row.line}" + (f", {row.column}" if row.column else "")
    value = f" ({_short(row.value)})" if row.value else ""
    return f"  {where}: {_why(row)}{value}"


def _why(row: RefusedRow) -> str:
    data = {k: ", ".join(v) if isinstance(v, list) else v for k, v in row.data.items()}
    return REASONS[row.reason].format(**data)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name or "(no name)" for name in names)
