"""Screens of printing labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from handlers.i18n import field_names
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


def _lists(t: Texts) -> dict[By, str]:
    return {
        By.TYPE: field_names.button(t, "equipment.type", t("By type")),
        By.TAG: field_names.button(t, "equipment.tags", t("By tag")),
        By.PLACE: field_names.button(t, "item.location", t("By place")),
        By.EQUIPMENT: str(t("By equipment")),
    }


def ask_which(t: Texts, total: int, there: Sequence[By], data: Data, problem: Markup | None) -> Message:
    """Ask for a selection. `there`: the lists that are not empty."""
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
    rows: list[tuple[Button, ...]] = [(Button(t("All ({n})", n=total).unescape(), data("all", "")),)]
    buttons = [Button(short(label, 30), data("lists", by)) for by, label in _lists(t).items() if by in there]
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
    """Offer one of a list; `page` is its number, from 0, and the number of pages."""
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
    """The settings before printing.

    `first` and `goes_on` are positions from 0: of the first label, and after the last print on such a sheet.
    `about_one`: asked for from the card of a single item or equipment. `missing`: letters that cannot be
    printed.
    """

    name: str
    labels: int
    sheet: Sheet
    first: int
    next_position: int
    about_one: bool
    missing: str = ""


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
        t(
            "⚠️ These characters cannot be printed, and appear as � on the labels: {letters}",
            letters=v.missing[:50],
        )
        if v.missing
        else None,
    )
    rows: list[tuple[Button, ...]] = []
    if v.labels:
        rows.append((Button(str(t("Make the PDF")), pack(Verb.PAPER, conversation_id)),))
        if v.next_position and v.next_position != v.first:
            go_on = t("Continue at label {n}", n=v.next_position + 1)
            rows.append((Button(go_on.unescape(), data("first", str(v.next_position))),))
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
    """Show the sheet as buttons."""
    text = lines(problem, t("<b>Which is the first label that is still on the sheet?</b>"))
    buttons = [Button(str(i + 1), data("first", str(i))) for i in range(sheet.per_sheet)]
    width = min(sheet.columns, _MOST_IN_A_ROW)
    rows = [tuple(buttons[i : i + width]) for i in range(0, len(buttons), width)]
    return Message(text, (*rows, (Button(str(t("Back")), data("back", "")), cancel(t, data))))


def caption(t: Texts, count: int, sheet: Sheet) -> Markup:
    """Return the result: the number of labels printed."""
    what = t.plural("{n} label", "{n} labels", count)
    return Markup("{}, {} {}").format(what, sheet.brand, sheet.number)


def advice(t: Texts, count: int, sheet: Sheet) -> Markup:
    """Return the caption of the file."""
    return lines(caption(t, count, sheet), t("Print it at actual size (100 %), not fitted to the page."))
