"""The questions before an export, and the caption of the file."""

from datetime import date

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import Data, cancel
from handlers.ui.message import Button, Message
from services.exports import Format, What

Days = tuple[date, date] | None


def _names(t: Texts) -> dict[What, Markup]:
    return {What.INVENTORY: t("Inventory"), What.RENTALS: t("Rentals"), What.MEMBERS: t("Members")}


def file_name(t: Texts, what: What) -> str:
    return str(_names(t)[what]).lower()


def _heading(t: Texts, what: What, days: Days) -> Markup:
    name = _names(t)[what]
    if days is None:
        return name
    first, last = (t.day(day) for day in days)
    return Markup("{}, {}").format(name, first if days[0] == days[1] else f"{first} – {last}")


def ask_what(t: Texts, data: Data, problem: Markup | None) -> Message:
    buttons = [(Button(str(name), data("what", what)),) for what, name in _names(t).items()]
    text = lines(problem, t("<b>What do you want as a file?</b>"))
    return Message(text, (*buttons, (cancel(t, data),)))


def ask_when(t: Texts, data: Data, problem: Markup | None) -> Message:
    text = lines(
        problem,
        t("<b>Rentals of which days?</b>"),
        t("Tap it, or write it: <i>1.1. - 31.3.</i>"),
    )
    this = Button(str(t("This month")), data("when", "m0"))
    last = Button(str(t("Last month")), data("when", "m1"))
    year = Button(str(t("This year")), data("when", "y0"))
    return Message(text, ((this, last), (year,), (Button(str(t("Back")), data("back", "")), cancel(t, data))))


def ask_how(
    t: Texts, conversation_id: int, what: What, days: Days, data: Data, problem: Markup | None
) -> Message:
    text = lines(problem, Markup("<b>{}</b>").format(_heading(t, what, days)), t("In which format?"))
    return Message(
        text,
        (
            (
                Button(str(t("CSV")), pack(Verb.PAPER, conversation_id, Format.CSV)),
                Button(str(t("Excel")), pack(Verb.PAPER, conversation_id, Format.XLSX)),
            ),
            (Button(str(t("Back")), data("back", "")), cancel(t, data)),
        ),
    )


def caption(t: Texts, what: What, days: Days, count: int) -> Markup:
    """Return the caption of the file: its content."""
    return t.plural("{what}: {n} row", "{what}: {n} rows", count, what=_heading(t, what, days))
