"""Texts of refusals about files: imports, and exports and labels."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from handlers.i18n.texts import Texts
from handlers.imports.obstacles import too_late
from services.core.errors import Refused
from services.imports.readers.bounds import Bound

Data = Mapping[str, Any]


def _too_much(t: Texts, d: Data) -> Markup:
    match d["bound"]:
        case Bound.CELL:
            return t("A cell or a row of that file is longer than I can read.")
        case Bound.TEXTS:
            return t("That workbook has too many texts: at most {n}. Save it as CSV.", n=d["most"])
        case Bound.ROWS:
            return t("That file has too many rows: at most {n}. Send it in parts.", n=d["most"])
        case Bound.COLUMNS:
            return t(
                "That file has too many columns: at most {n} with a name. Leave out what you do not need.",
                n=d["most"],
            )
        case Bound.QUOTES:
            return t("Too many quotation marks in that file are never closed. Save it again as CSV.")
        case Bound.REFUSED:
            return t("I stopped: more than half of {n} rows cannot be imported.", n=d["most"])
    return t("That file unpacks to more than I can read. Save it as CSV, and send me that.")


WORDS: dict[Refused, Callable[[Texts, Data], Markup]] = {
    Refused.FILE_TOO_LARGE: lambda t, d: t(
        "That file is too large: at most {n} MB here. The operator can import larger ones from "
        "the command line.",
        n=d["megabytes"],
    ),
    Refused.FILE_NOT_FETCHED: lambda t, d: t("I could not fetch that file. Please send it again."),
    Refused.NOTHING_TO_PRINT: lambda t, d: t("There is nothing to print a label for."),
    Refused.CODES_UNKNOWN: lambda t, d: t(
        "I do not know these codes: {codes}. Write the list again without them.",
        codes=", ".join(code[:40] for code in d["codes"][:10]),
    ),
    Refused.TOO_MANY_CODES: lambda t, d: t("That is too much at once: at most {n} codes.", n=d["most"]),
    Refused.PAPER_TOO_LARGE: lambda t, d: t(
        "That file is larger than the {n} MB that I can send. Ask for less, or ask the operator for it.",
        n=d["megabytes"],
    ),
    Refused.FILE_EMPTY: lambda t, d: (
        t("That file has a header, but no rows.") if d["header_only"] else t("That file is empty.")
    ),
    Refused.FILE_NOT_CSV: lambda t, d: (
        t("That file is damaged, or not what its name says. Save it again, and send me the new one.")
        if d["kind"] == "broken"
        else t("That is another kind of spreadsheet. Save it as XLSX or CSV, and send me that.")
        if d["kind"] == "excel"
        else t(
            "That is a web page, whatever its name says. Open it, save it as XLSX or CSV, and send me that."
        )
        if d["kind"] == "html"
        else t("That is a binary workbook. Save it as XLSX or CSV, and send me that.")
        if d["kind"] == "xlsb"
        else t("That is a Numbers document. Export it to Excel or CSV, and send me that.")
        if d["kind"] == "numbers"
        else t("That is neither a CSV nor an Excel file. Send me a table saved as one of these.")
    ),
    Refused.FILE_TOO_MUCH: lambda t, d: _too_much(t, d),
    Refused.IMPORT_CANCELLED: lambda t, d: t("The import was cancelled."),
    Refused.IMPORT_OVER: lambda t, d: t("That import is already over."),
    Refused.IMPORT_FAILED: lambda t, d: t(
        "I failed to read that file several times, so I will not try again. Send it in "
        "smaller parts, or as CSV."
    ),
    Refused.IMPORT_UNDONE: lambda t, d: (
        t("That import was already undone by {name}.", name=d["by"])
        if d["by"]
        else t("That import is already undone.")
    ),
    Refused.ADDRESS_SETTLED: lambda t, d: t("Whose address that is has already been settled."),
    Refused.UNDO_OVER: lambda t, d: t("That import can no longer be undone: it was too long ago."),
    Refused.UNDO_TOO_LATE: too_late,
    Refused.FILE_NO_NAME: lambda t, d: t(
        "I found no column with the names of the things. The file has {columns}. Call one of them “name”.",
        columns=", ".join(str(c)[:30] for c in d["columns"][:20]),
    ),
    Refused.FILE_TURNED: lambda t, d: t(
        "That list has a column for each thing. Turn it round, so that each has a row: copy it, and paste it "
        "with “Transpose”. Then send me that."
    ),
    Refused.FILE_NO_PERSON: lambda t, d: t(
        "I found no column with the first names. The file has {columns}. Call one of them “first name”.",
        columns=", ".join(str(c)[:30] for c in d["columns"][:20]),
    ),
    Refused.FILE_BAD_MAPPING: lambda t, d: t("There is no column {column}.", column=d["column"]),
}
