"""Lists of what an organisation has by name, and the card of one: places, tags, fields."""

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
    """What is said about this kind of list: its heading, what there is where there is none, the question."""

    heading: Markup
    none_yet: Markup
    ask_new: Markup


@dataclass(frozen=True)
class Entry:
    """`label` is what its button says, with how often it is used; `off`: not offered any more."""

    id: int
    name: str
    label: str
    off: bool


@dataclass(frozen=True)
class About:
    """The card of one: its name, what else is to be said, and buttons of its own."""

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
    """Tap one, write to search, or add one."""
    part = pager.cut(found, page, PER_PAGE)
    shown = part.shown
    rows: list[tuple[Button, ...]] = [
        (Button(("⏸ " if entry.off else "") + entry.label, data("open", str(entry.id))),) for entry in shown
    ]
    rows += pager.arrows(part.number, part.pages, lambda to: data("page", str(to)))
    if searched and not found:
        text = t("Nothing found for “{words}”.", words=short(searched, 100))
        rows.append((Button(str(t("Add “{name}”", name=short(searched, 24))), data("add", "")),))
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
