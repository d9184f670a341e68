"""Views of named lists, and the card of one entry: locations, tags, custom fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.ui.form import Data, short
from handlers.ui.message import Button, Message, Rows
from handlers.ui.widgets import pager

PER_PAGE = 8


@dataclass(frozen=True)
class Words:
    """Texts of one kind of list: its heading, the text of an empty one, the question for a new name."""

    heading: Markup
    none_yet: Markup
    ask_new: Markup


@dataclass(frozen=True)
class Entry:
    """An entry. `label` is its button's, with its number of uses; `off`: disabled."""

    id: int
    name: str
    label: str
    off: bool


@dataclass(frozen=True)
class About:
    """The card of an entry: its name, more lines, and extra buttons."""

    name: str
    lines: tuple[Markup | str, ...]
    off: bool
    rows: Rows = ()


def named_list(
    t: Texts,
    words: Words,
    found: Sequence[Entry],
    searched: str,
    page: int,
    data: Data,
    problem: Markup | None,
) -> Message:
    """Show the list: a tap opens, typing searches, a button adds."""
    part = pager.cut(found, page, PER_PAGE)
    shown = part.shown
    rows: list[tuple[Button, ...]] = [
        (Button(("⏸ " if entry.off else "") + entry.label, data("open", str(entry.id))),) for entry in shown
    ]
    rows += pager.arrows(part.number, part.pages, lambda to: data("page", str(to)))
    if searched and not found:
        text = t("Nothing found for “{words}”.", words=short(searched, 100))
        rows.append((Button(t("Add “{name}”", name=short(searched, 24)).unescape(), data("add", "")),))
    elif not found:
        text = words.none_yet
    else:
        text = lines(
            t("Tap one to change it, or write a word to search."),
            t("⏸ switched off") if any(entry.off for entry in shown) else None,
        )
    if searched:
        rows.append((Button(str(t("Everything")), data("all", "")),))
    rows.append((Button(str(t("Add")), data("new", "")), Button(str(t("Back")), data("back", ""))))
    return Message(lines(problem, words.heading, text), tuple(rows))


def one(t: Texts, v: About, data: Data, problem: Markup | None) -> Message:
    off = t("⏸ Switched off: not offered any more, and still shown where it is used.") if v.off else None
    switch = (
        Button(str(t("Switch on")), data("on", ""))
        if v.off
        else Button(str(t("Switch off")), data("off", ""))
    )
    rows = (
        *v.rows,
        (Button(str(t("Rename")), data("rename", "")), switch),
        (Button(str(t("Back")), data("back", "")),),
    )
    return Message(lines(problem, Markup("<b>{}</b>").format(v.name), *v.lines, off), rows)


def ask_name(question: Markup, t: Texts, data: Data, problem: Markup | None) -> Message:
    return Message(lines(problem, question), ((Button(str(t("Back")), data("back", "")),),))
