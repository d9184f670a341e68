"""Cards of the inventory: the list, and an equipment."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from db.states import Condition
from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.rentals.booking.views import entry_label
from handlers.ui import routes
from handlers.ui.form import Data, short
from handlers.ui.limits import Spare, cut, fit
from handlers.ui.message import Button, Message, Picture, Rows
from handlers.ui.widgets import pager
from services.inventory.catalog import Page
from services.inventory.listing import Counts

Problem = Markup | None
Custom = tuple[tuple[str, str], ...]
"""Labels and values of custom fields."""

NUMBERS = ("item.code", "item.serial_number")
"""The fields by which one item is found."""


def lead_name(t: Texts, name: str) -> str:
    """Return the label of a button that leads to another conversation."""
    if name == routes.TAGS:
        return short(field_names.name(t, "equipment.tags"), 24)
    usual = {
        routes.KITS: t("Kits"),
        routes.PLACES: t("Places"),
        routes.FIELDS: t("Fields"),
        routes.BLOCK: t("Block"),
        routes.RULES: t("Rules"),
        routes.LABELS: t("Labels"),
    }
    return str(usual[name])


def leads(t: Texts, known: Sequence[str], data: Data) -> list[Button]:
    return [Button(lead_name(t, name), data("go", name)) for name in known]


def note_line(note: str | None) -> Markup | None:
    return Markup("✓ {}").format(note) if note else None


# The list


@dataclass(frozen=True)
class ListView:
    """The list. `others`: the number of matches among retired equipment, or in use while that is shown.
    `elsewhere`: ways to what is called so and is no equipment.
    """

    words: str
    retired: bool
    page: Page
    others: int
    leads: tuple[str, ...]
    elsewhere: Rows = ()
    note: str | None = None


def equipment_list(t: Texts, v: ListView, data: Data, problem: Problem) -> Message:
    """Show the list: typing searches, a tap opens."""
    words = short(v.words, 100)
    if v.words and not v.page.total:
        heading = t("Nothing found for “{words}”.", words=words)
    elif v.words:
        heading = t.plural("{n} found for “{words}”.", "{n} found for “{words}”.", v.page.total, words=words)
    elif v.retired:
        heading = t("<b>Retired equipment</b>")
    else:
        heading = t("<b>Inventory</b>")
    nothing_yet = not (v.words or v.page.total or v.retired)
    text = lines(
        problem,
        note_line(v.note),
        t("<b>Retired equipment</b>") if v.retired and v.words else None,
        heading,
        t("There is nothing in it yet. Tap <b>Add</b>, or import a list with /import.")
        if nothing_yet
        else field_names.to_search(
            t, t("Write a name, a code or a serial number to search."), "equipment.name", *NUMBERS
        ),
        t("Page {page} of {pages}", page=v.page.page + 1, pages=v.page.pages) if v.page.pages > 1 else None,
    )
    rows = [
        (
            Button(
                short(e.name) if v.retired or not e.pieces else entry_label(t, e),
                data("open", str(e.equipment_id)),
            ),
        )
        for e in v.page.entries
    ]
    return Message(
        text,
        (
            *v.elsewhere,
            *rows,
            *pager.arrows(v.page.page, v.page.pages, lambda to: data("page", str(to))),
            *_list_foot(t, v, data),
        ),
    )


_MOST_WORDS = 6


def _may_be_name(words: str) -> bool:
    """Return whether it may be the name of a thing, and no sentence that was not understood."""
    return len(words.split()) <= _MOST_WORDS and "?" not in words


def _list_foot(t: Texts, v: ListView, data: Data) -> Rows:
    add = Button(str(t("Add")), data("add", ""))
    if v.words and not v.page.total and _may_be_name(v.words):
        add = Button(t("Add “{name}”", name=cut(v.words, 20)).unescape(), data("addthis", ""))
    first = [add]
    if v.words:
        first.append(Button(str(t("Everything")), data("all", "")))
    if v.retired:
        first.append(Button(t("In use ({n})", n=v.others).unescape(), data("retired", "0")))
    elif v.others:
        first.append(Button(t("Retired ({n})", n=v.others).unescape(), data("retired", "1")))
    last = (Button(str(t("Close")), data("cancel", "")),)
    elsewhere = leads(t, v.leads, data)
    return tuple(row for row in (tuple(first), tuple(elsewhere[:2]), tuple(elsewhere[2:]), last) if row)


# One equipment


@dataclass(frozen=True)
class EquipmentView:
    equipment_id: int
    version: int
    name: str
    made_by: str
    type: str
    tags: tuple[str, ...]
    description: str
    custom: Custom
    counts: Counts
    retired: bool
    picture: Picture | None
    leads: tuple[str, ...]
    note: str | None = None
    kits: tuple[str, ...] = ()
    """Kits that need more than there is."""


def equipment_card(t: Texts, v: EquipmentView, data: Data, problem: Problem) -> Message:
    about = " · ".join(part for part in (v.made_by, v.type, *v.tags) if part)
    text = fit(
        problem,
        note_line(v.note),
        Markup("<b>{}</b>").format(cut(v.name, 200)),
        Spare(cut(about, 200)) if about else None,
        t("Retired: nobody can rent it.") if v.retired else None,
        counted(t, v.counts),
        too_few(t, v.kits),
        Spare(cut(v.description, 300), is_prose=True) if v.description else None,
        *custom_lines(v.custom),
    )
    version = str(v.version)
    fate = (
        Button(str(t("Bring back")), data("back_in_use", version))
        if v.retired
        else Button(str(t("Retire")), data("retire", version))
    )
    rows = (
        (
            Button(t("Items ({n})", n=sum(v.counts.conditions.values())).unescape(), data("items", "0")),
            Button(str(t("Add items")), data("more", "")),
        ),
        (Button(str(t("Edit")), data("edit", "")), Button(str(t("Photo")), data("photo", version))),
        tuple(leads(t, v.leads, data)),
        (fate, Button(str(t("Back")), data("list", ""))),
    )
    return Message(text, tuple(row for row in rows if row), picture=v.picture)


def too_few(t: Texts, kits: Sequence[str]) -> Markup | None:
    """Return the warning with the kits that cannot be rented for lack of this equipment."""
    if not kits:
        return None
    return t.plural(
        "Too few for this kit: {kits}", "Too few for these kits: {kits}", len(kits), kits=listed(kits)
    )


def listed(names: Sequence[str]) -> str:
    """Join some names to one line."""
    return ", ".join(short(name, 40) for name in names[:5]) + (" …" if len(names) > 5 else "")


def counted(t: Texts, c: Counts) -> Markup:
    """Return the numbers of items by condition and claim."""
    retired = c.of(Condition.RETIRED)
    parts = [
        t("{n} free now", n=c.free) if c.free else None,
        t("{n} out", n=c.out) if c.out else None,
        t("{n} promised or blocked", n=c.promised) if c.promised else None,
        t("{n} damaged", n=c.of(Condition.DAMAGED)) if c.of(Condition.DAMAGED) else None,
        t("{n} in repair", n=c.of(Condition.IN_REPAIR)) if c.of(Condition.IN_REPAIR) else None,
        t("{n} lost", n=c.of(Condition.LOST)) if c.of(Condition.LOST) else None,
        t("{n} retired", n=retired) if retired else None,
    ]
    known = [part for part in parts if part is not None]
    whole = t.plural("{n} item", "{n} items", c.items) if c.items or retired else t("No items yet.")
    return Markup(": ").join([whole, Markup(", ").join(known)]) if known else whole


def custom_lines(custom: Custom) -> list[Spare]:
    return [
        Spare(cut(value.replace("\n", " "), 120), Markup("{}: ").format(cut(label.rstrip(": "), 40)))
        for label, value in custom[:12]
    ]
