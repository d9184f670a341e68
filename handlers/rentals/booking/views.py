"""Screens of booking: the list, the calendar, the basket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from db.states import Role
from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.ui.form import FROM, UNTIL, Data, cancel, quoted, short
from handlers.ui.message import Button, Message, Picture, Rows
from handlers.ui.widgets import pager
from handlers.ui.widgets.calendar import TAKEN, Month, month_rows
from services.core.hours import periods
from services.core.hours.periods import FOREVER
from services.inventory.catalog import Entry, Page
from services.rentals.queries import Line

_LONGEST_DESCRIPTION = 500
_MOST_PARTS = 8


@dataclass(frozen=True)
class ListView:
    """The list to pick from: search words, results, and this member's recent rentals."""

    words: str
    narrowed_to: str | None
    page: Page
    recent: tuple[Entry, ...]
    has_types: bool
    has_places: bool
    in_basket: int
    role: Role
    days: Markup | str | None = None
    """The days in question: of the line, or of the basket."""
    is_near: bool = False
    """Nothing is called so; the list has what is nearly."""
    like: str = ""
    """The name of what there is too little of, where things like it are listed."""


KIT = "🧰 "
NOT_FOR_YOU = "🔒 "
"""Marks equipment that the reader's role may not rent."""
NONE_FREE = f"{TAKEN} "
"""Marks what is not free on the days in question, as on the calendar."""


def entry_label(t: Texts, entry: Entry, role: Role = Role.LEADER, *, counted: bool = True) -> str:
    """`counted`: with the number free now, which says nothing about other days."""
    lock = "" if role.covers(entry.needed) else NOT_FOR_YOU
    name = f"{lock}{KIT if entry.kit_id is not None else ''}{short(entry.name)}"
    if entry.free is not None:
        free = t("{free} of {pieces} free", free=entry.free, pieces=entry.pieces)
        return f"{'' if entry.free else NONE_FREE}{name} · {free}"
    free = t("{free} of {pieces} free", free=entry.free_now, pieces=entry.pieces)
    return f"{name} · {free}" if counted else name


def entry_value(entry: Entry) -> str:
    """Return the value in an entry's button: `12` for equipment, `k3` for a kit."""
    return f"k{entry.kit_id}" if entry.kit_id is not None else str(entry.equipment_id)


def item_list(t: Texts, v: ListView, data: Data, problem: Markup | None) -> Message:
    """Ask to pick by tapping, or to search by words."""
    if v.words and not v.page.total:
        heading = t("Nothing found for “{words}”.", words=short(v.words, 100))
    elif v.is_near:
        heading = t("Nothing called “{words}”. Did you mean:", words=short(v.words, 100))
    elif v.words:
        heading = t.plural(
            "{n} found for “{words}”.", "{n} found for “{words}”.", v.page.total, words=short(v.words, 100)
        )
    elif v.like:
        heading = t("<b>Like {name}</b>", name=v.like)
        if not v.page.total:
            heading = t("Nothing like {name} is free then.", name=v.like)
    elif v.narrowed_to:
        heading = Markup("<b>{}</b>").format(v.narrowed_to)
    elif not v.page.total:
        return _nothing_yet(t, v, data, problem)
    else:
        heading = t("<b>What do you need?</b>")
    hint = t("Tap it, or write a word to search, such as <i>tent</i>.")
    if v.words:
        hint = t("Tap it, or try another word.") if v.page.total else t("Try another word, or look around.")
    text = lines(problem, heading, v.days, hint)
    if v.page.pages > 1:
        text = lines(text, t("Page {page} of {pages}", page=v.page.page + 1, pages=v.page.pages))
    first_look = not (v.words or v.narrowed_to or v.like) and v.page.page == 0
    recent = [e for e in v.recent if e.pieces and e.free != 0] if first_look else []
    known = {entry_value(e) for e in recent}
    shown = [("↺ ", e) for e in recent]
    shown += [("", e) for e in v.page.entries if entry_value(e) not in known]
    rows = [
        (Button(mark + entry_label(t, e, v.role, counted=v.days is None), data("pick", entry_value(e))),)
        for mark, e in shown
    ]
    turns = pager.arrows(v.page.page, v.page.pages, lambda to: data("page", str(to)), counted=False)
    return Message(text, (*rows, *turns, *_list_foot(t, v, data)))


def _nothing_yet(t: Texts, v: ListView, data: Data, problem: Markup | None) -> Message:
    keeps = t("Add something with /inventory, or import a list with /import.")
    text = lines(problem, t("There is nothing to borrow yet."), keeps if v.role.covers(Role.ADMIN) else None)
    return Message(text, _list_foot(t, v, data))


def _list_foot(t: Texts, v: ListView, data: Data) -> Rows:
    narrow = []
    if v.words or v.narrowed_to or v.like:
        narrow.append(Button(str(t("Everything")), data("all", "")))
    if v.has_types:
        narrow.append(Button(short(_by_type(t), 24), data("types", "0")))
    elif v.has_places:
        narrow.append(Button(_narrowed_by(t), data("narrowing", "")))
    last = [cancel(t, data)]
    if v.in_basket:
        last.insert(0, Button(t("Basket ({n})", n=v.in_basket).unescape(), data("basket", "")))
    if len(narrow) + len(last) < 3:
        return ((*narrow, *last),)
    return tuple(tuple(row) for row in (narrow, last) if row)


@dataclass(frozen=True)
class Choice:
    """A type or a tag to filter the list by; `value` is that of its button."""

    value: str
    name: str
    count: int


TYPES_PER_PAGE = 12


def _by_type(t: Texts) -> str:
    return field_names.button(t, "equipment.type", t("By type"))


def _which_type(t: Texts) -> Markup:
    own = t.label("equipment.type", "")
    return Markup("<b>{}</b>").format(own) if own else t("<b>Which type?</b>")


def _narrowed_by(t: Texts) -> str:
    place, tags = (t.label(field, "") for field in ("item.location", "equipment.tags"))
    if not place and not tags:
        return str(t("By place, tags, days"))
    names = (short(field_names.name(t, one), 16) for one in ("item.location", "equipment.tags"))
    return ", ".join([*names, str(t("days"))])


def type_list(t: Texts, choices: Sequence[Choice], page: int, data: Data, problem: Markup | None) -> Message:
    part = pager.cut(choices, page, TYPES_PER_PAGE)
    buttons = [Button(f"{short(c.name, 24)} ({c.count})", data("narrow", c.value)) for c in part.shown]
    rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    rows += pager.arrows(part.number, part.pages, lambda to: data("types", str(to)))
    rows.append((Button(_narrowed_by(t), data("narrowing", "")),))
    rows.append((Button(str(t("Back")), data("all", "")), cancel(t, data)))
    return Message(lines(problem, _which_type(t)), tuple(rows))


@dataclass(frozen=True)
class EquipmentView:
    name: str
    brand: str
    model: str
    type: str
    tags: tuple[str, ...]
    description: str
    pieces: int
    free_now: int
    next_free: datetime | None
    code: str | None
    picture: Picture | None
    out_until: datetime | None = None
    """The due time of the requested item, while it is out."""
    places: tuple[str, ...] = ()
    serial_number: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    """Custom fields that are marked for members, label and value."""


@dataclass(frozen=True)
class KitView:
    """A kit: its parts, how many are available now, and how many in all."""

    name: str
    parts: tuple[Line, ...]
    pieces: int
    free_now: int


def kit_text(t: Texts, v: KitView) -> Markup:
    free = t("{free} of {pieces} free now", free=v.free_now, pieces=v.pieces)
    return lines(Markup("<b>{}</b>").format(KIT + v.name), *_parts(t, v.parts), free)


def _parts(t: Texts, parts: Sequence[Line]) -> list[Markup]:
    shown = [t("• {n} × {name}", n=part.quantity, name=part.name) for part in parts[:_MOST_PARTS]]
    if len(parts) > _MOST_PARTS:
        shown.append(t.plural("… and {n} more", "… and {n} more", len(parts) - _MOST_PARTS))
    return shown


def line_text(t: Texts, line: Line) -> Markup:
    """Return `• 2 × Tent`, or a kit with its parts."""
    if line.kit_id is None:
        return t("• {n} × {name}", n=line.quantity, name=line.label)
    parts = ", ".join(f"{part.quantity} × {short(part.name)}" for part in line.parts[:_MOST_PARTS])
    more = " …" if len(line.parts) > _MOST_PARTS else ""
    return t("• {n} × {name}: {parts}", n=line.quantity, name=KIT + line.name, parts=parts + more)


def equipment_text(t: Texts, v: EquipmentView) -> Markup:
    """Return the name, the description, the number free now, and the next free time if there is none."""
    name = Markup("<b>{}</b>").format(v.name if v.code is None else f"{v.code} · {v.name}")
    made_by = " ".join(part for part in (v.brand, v.model) if part and part not in v.name)
    about = " · ".join(part for part in (made_by, v.type, *v.tags) if part)
    if v.free_now:
        free = t("{free} of {pieces} free now", free=v.free_now, pieces=v.pieces)
    elif v.next_free is not None:
        free = t("None free now, the next one {moment}", moment=t.moment(v.next_free))
    else:
        free = t("None free now")
    description = quoted(v.description, _LONGEST_DESCRIPTION) if v.description else None
    return lines(name, about or None, description, free, _out(t, v), *_more(t, v))


_MOST_PLACES = 3
_MOST_FIELDS = 6


def _more(t: Texts, v: EquipmentView) -> list[Markup]:
    """Return where it is kept, its serial number, and the fields that members see."""
    told = []
    if v.places:
        more = " …" if len(v.places) > _MOST_PLACES else ""
        shown = ", ".join(short(place, 40) for place in v.places[:_MOST_PLACES]) + more
        told.append(Markup("{}: {}").format(field_names.name(t, "item.location"), shown))
    if v.serial_number:
        name = field_names.name(t, "item.serial_number")
        told.append(Markup("{}: {}").format(name, short(v.serial_number, 60)))
    told += [Markup("{}: {}").format(short(label, 40), short(value, 80)) for label, value in v.fields]
    return told[: _MOST_FIELDS + 2]


def _out(t: Texts, v: EquipmentView) -> Markup | None:
    if v.code is None or v.out_until is None:
        return None
    if v.out_until >= FOREVER:
        return t("{code} is out until further notice.", code=v.code)
    if v.out_until <= t.now:
        return t("{code} has not come back yet.", code=v.code)
    return t("{code} is out until {moment}.", code=v.code, moment=t.moment(v.out_until))


@dataclass(frozen=True)
class Short:
    """Equipment of which there is too little on the days in question.

    `thing`: the equipment, or the kit as `k3`. `fewer`: how many can be taken, if any; `has_like`: there are
    things like it.
    """

    thing: str
    fewer: int
    has_like: bool


def short_rows(t: Texts, v: Short | None, data: Data) -> Rows:
    """Return the ways on where there are fewer than were asked for."""
    if v is None:
        return ()
    row = []
    if v.fewer:
        row.append(Button(t("Take {n}", n=v.fewer).unescape(), data("fewer", f"{v.thing}/{v.fewer}")))
    if v.has_like:
        row.append(Button(str(t("Something like it")), data("like", v.thing)))
    return (tuple(row),) if row else ()


@dataclass(frozen=True)
class DayQuestion:
    """The question for a day: the first (`chosen` is None), or the last of a period that begins on `chosen`.

    `was`: the days until now, where they are changed. `for_keeper`: the reader may manage the requested item.
    """

    equipment: EquipmentView | None
    kit: KitView | None
    in_basket: str
    month: Month
    chosen: date | None
    hand_out: datetime | None
    way_on: tuple[str, str] | None
    short: "Short | None" = None
    was: str | None = None
    for_keeper: bool = False


def first_day(t: Texts, v: DayQuestion, data: Data, problem: Markup | None) -> Message:
    about = Markup("<b>{}</b>").format(v.in_basket)
    if v.equipment is not None:
        about = equipment_text(t, v.equipment)
    elif v.kit is not None:
        about = kit_text(t, v.kit)
    text = lines(
        about,
        "",
        problem,
        _so_far(t, v),
        t("<b>From which day?</b> Tap it, or write it: <i>tomorrow</i>, <i>friday to sunday</i>"),
        _legend(t, v.month),
    )
    foot: tuple[Button, ...] = (Button(str(t("Back")), data("back", "")), cancel(t, data))
    if v.for_keeper:
        foot = (Button(str(t("Inventory")), data("keep", "")), *foot)
    month, on = month_rows(t, v.month, data, FROM), way_on_row(t, v.way_on, data)
    if v.equipment is not None and v.equipment.out_until is not None and v.equipment.pieces > 1:
        on = (*on, (Button(str(t("Any other one")), data("any", "")),))
    return Message(text, (*short_rows(t, v.short, data), *month, *on, foot), picture=_picture(v))


def _so_far(t: Texts, v: DayQuestion) -> Markup | None:
    return t("So far: {days}", days=v.was) if v.was else None


def _legend(t: Texts, month: Month) -> Markup | None:
    """Return the legend of the calendar's symbols."""
    signs = [t("✕ taken")] if month.taken else []
    signs += [t("⊘ closed")] if month.closed else []
    return Markup(", ").join(signs) if signs else None


def last_day(t: Texts, v: DayQuestion, data: Data, problem: Markup | None) -> Message:
    begins = t.moment(v.hand_out) if v.hand_out else ""
    text = lines(
        Markup("<b>{}</b>").format(v.in_basket),
        problem,
        _so_far(t, v),
        t("From {moment}.", moment=begins),
        t("<b>Until which day?</b> Tap it, or write it: <i>friday</i>, <i>3 days</i>"),
        t("⊘ closed") if v.month.closed else None,
    )
    foot = (Button(str(t("Back")), data("back", "")), cancel(t, data))
    return Message(
        text,
        (*month_rows(t, v.month, data, UNTIL), *way_on_row(t, v.way_on, data), foot),
        picture=_picture(v),
    )


def _picture(v: DayQuestion) -> Picture | None:
    return v.equipment.picture if v.equipment else None


def way_on_row(t: Texts, way_on: tuple[str, str] | None, data: Data) -> Rows:
    """Return the button of the nearest free period."""
    if way_on is None:
        return ()
    first, last = (datetime.fromisoformat(moment) for moment in way_on)
    days = f"{t.local(first).date().isoformat()}/{periods.last_day(last, t.zone).isoformat()}"
    return ((Button(f"→ {t.period(first, last)}", data("period", days)),),)
