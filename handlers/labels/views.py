"""The screens of printing labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import Data, cancel, short
from handlers.ui.message import Button, Message
from handlers.ui.widgets import pager
from services.labels import SHEETS, Sheet
from services.labels.selection import By, Choice
from services.labels.sheets import A4

_MOST_IN_A_ROW = 8
"""Telegram shows no more buttons side by side."""


def _lists(t: Texts) -> dict[By, Markup]:
    return {
        By.TYPE: t("By type"),
        By.TAG: t("By tag"),
        By.PLACE: t("By place"),
        By.EQUIPMENT: t("By equipment"),
    }


def ask_which(t: Texts, total: int, there: Sequence[By], data: Data, problem: Markup | None) -> Message:
    """Nothing is chosen yet. `there`: the lists that have anything in them."""
    if not total:
        text = lines(
            problem, t("There is nothing to print labels for yet. Import your inventory with /import.")
        )
        return Message(text, ((cancel(t, data),),))
    text = lines(
        problem,
        t("<b>What do you want labels for?</b>"),
        t("Tap it, or write codes or a name: <i>T-1, T-2</i>"),
    )
    rows: list[tuple[Button, ...]] = [(Button(str(t("All ({n})", n=total)), data("all", "")),)]
    buttons = [Button(str(label), data("lists", by)) for by, label in _lists(t).items() if by in there]
    rows += [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    return Message(text, (*rows, (cancel(t, data),)))


def choose(
    t: Texts,
    by: By,
    found: Sequence[Choice],
    words: str,
    page: tuple[int, int],
    data: Data,
    problem: Markup | None,
) -> Message:
    """One of a list; `page` is which one, from 0, of how many."""
    if words and not found:
        heading = t("Nothing found for “{words}”.", words=short(words, 100))
    else:
        heading = Markup("<b>{}</b>").format(_lists(t)[by])
    hint = t("Tap it, or write codes or a name: <i>T-1, T-2</i>")
    rows: list[tuple[Button, ...]] = [
        (Button(f"{short(c.name)} ({c.count})", data("pick", str(c.id))),) for c in found
    ]
    number, pages = page
    rows += pager.arrows(number, pages, lambda to: data("page", str(to)))
    rows.append((Button(str(t("Back")), data("back", "")), cancel(t, data)))
    return Message(lines(problem, heading, hint), tuple(rows))


@dataclass(frozen=True)
class Ready:
    """Everything before it is printed.

    `first` and `goes_on` are positions from 0: where the labels begin, and where the last print on such a
    sheet ended. `about_one`: asked for from the card of one thing.
    """

    name: str
    labels: int
    sheet: Sheet
    first: int
    goes_on: int
    about_one: bool


def ready(t: Texts, conversation_id: int, v: Ready, data: Data, problem: Markup | None) -> Message:
    what = t.plural("{n} label", "{n} labels", v.labels)
    pages = v.sheet.pages(v.labels, v.first)
    text = lines(
        problem,
        Markup("<b>{}: {}</b>").format(short(v.name, 100), what)
        if v.name
        else Markup("<b>{}</b>").format(what),
        sheet_name(t, v.sheet),
        t.plural("{n} sheet, from label {first}", "{n} sheets, from label {first}", pages, first=v.first + 1),
    )
    rows: list[tuple[Button, ...]] = []
    if v.labels:
        rows.append((Button(str(t("Make the PDF")), pack(Verb.PAPER, conversation_id)),))
        if v.goes_on and v.goes_on != v.first:
            go_on = t("Continue at label {n}", n=v.goes_on + 1)
            rows.append((Button(str(go_on), data("first", str(v.goes_on))),))
    rows.append(
        (Button(str(t("Other sheet")), data("sheets", "")), Button(str(t("Other label")), data("firsts", "")))
    )
    if v.about_one:
        rows.append((Button(str(t("Back")), data("leave", "")), cancel(t, data)))
    else:
        rows.append((Button(str(t("Back")), data("menu", "")), cancel(t, data)))
    return Message(text, tuple(rows))


def sheet_name(t: Texts, sheet: Sheet) -> Markup:
    width, height = (f"{mm:.1f}".rstrip("0").rstrip(".") for mm in sheet.label)
    return t(
        "{brand} {number}: {n} to a sheet, {width} × {height} mm, {paper}",
        brand=sheet.brand,
        number=sheet.number,
        n=sheet.per_sheet,
        width=width,
        height=height,
        paper="A4" if sheet.paper == A4 else "Letter",
    )


def choose_sheet(t: Texts, now: Sheet, data: Data, problem: Markup | None) -> Message:
    text = lines(problem, t("<b>Which labels do you have?</b>"), *(sheet_name(t, s) for s in SHEETS.values()))
    buttons = [
        Button(("✓ " if s == now else "") + f"{s.brand} {s.number}", data("sheet", s.key))
        for s in SHEETS.values()
    ]
    rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    return Message(text, (*rows, (Button(str(t("Back")), data("back", "")), cancel(t, data))))


def choose_first(t: Texts, sheet: Sheet, data: Data, problem: Markup | None) -> Message:
    """The sheet as buttons."""
    text = lines(problem, t("<b>Which is the first label that is still on the sheet?</b>"))
    buttons = [Button(str(i + 1), data("first", str(i))) for i in range(sheet.per_sheet)]
    width = min(sheet.columns, _MOST_IN_A_ROW)
    rows = [tuple(buttons[i : i + width]) for i in range(0, len(buttons), width)]
    return Message(text, (*rows, (Button(str(t("Back")), data("back", "")), cancel(t, data))))


def told(t: Texts, count: int, sheet: Sheet) -> Markup:
    """What was printed."""
    what = t.plural("{n} label", "{n} labels", count)
    return Markup("{}, {} {}").format(what, sheet.brand, sheet.number)


def advice(t: Texts, count: int, sheet: Sheet) -> Markup:
    """What comes with the file."""
    return lines(told(t, count, sheet), t("Print it in its actual size (100 %), not fitted to the page."))
