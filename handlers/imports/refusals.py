"""Texts of refusals about files: imports, and exports and labels."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from handlers.i18n.texts import Texts
from services.core.errors import Refused

Data = Mapping[str, Any]


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
        else t("That is a spreadsheet of another kind. Save it as XLSX or CSV, and send me that.")
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
    Refused.FILE_NO_NAME: lambda t, d: t(
        "I found no column with the names of the things. The file has {columns}. Call one of them “name”.",
        columns=", ".join(str(c)[:30] for c in d["columns"][:20]),
    ),
    Refused.FILE_NO_PERSON: lambda t, d: t(
        "I found no column with the first names. The file has {columns}. Call one of them “first name”.",
        columns=", ".join(str(c)[:30] for c in d["columns"][:20]),
    ),
    Refused.FILE_BAD_MAPPING: lambda t, d: t("There is no column {column}.", column=d["column"]),
}
