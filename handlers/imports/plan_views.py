"""Views of a list as it was understood, before anything is written: the card, its lists, its questions."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import ImportJob
from db.states import Condition
from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import AnyVerb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message, Rows
from handlers.ui.refusals import condition_name
from handlers.ui.widgets import pager
from services.imports import asking
from services.imports.inventory.preview import ColumnSeen, Preview
from services.imports.understanding.plan import Passed, Question
from services.imports.understanding.things import Thing
from services.imports.understanding.vocabulary import Meaning

NO_CODE = "none"
"""In place of the number of a column: none is the code."""

_PER_PAGE = 8
_MOST = 120
"""Characters of a line of the card."""


class Verb(AnyVerb):
    IMPORT_LIST = "ig"  # id: import job; arg: the stamp of its card
    LIST_PLAN = "ip"  # the same; arg: stamp, and page of the columns that are asked about: `3fa9c1.0`
    LIST_FIRST = "if"  # id: import job; arg: stamp: its first five things
    LIST_COLUMNS = "il"  # the same; arg: stamp and page
    LIST_COLUMN = "ik"  # the same; arg: stamp and column: choose its meaning
    LIST_CHOOSE = "iw"  # the same; arg: stamp and decision (handlers/imports/plan.py): `3fa9c1.name 2`


def card(t: Texts, job: ImportJob, name: str, page: int = 0) -> Message:
    """Show what was understood; where something cannot be told, ask that first."""
    plan = asking.plan_of(job)
    if plan.questions:
        return _question(t, job, name, plan, page)
    text = lines(
        Markup("<b>{}</b>").format(name),
        _counted(t, plan),
        *become(t, _by_meaning(plan.columns)),
        *_odd_columns(t, plan.columns),
        *_left_out(t, plan),
        _codes(t, plan),
        *not_understood(t, plan.unknown),
        *doubted(t, plan.doubts),
        _held(t, plan),
        t("Nothing is saved until you tap “Import”."),
    )
    stamp = asking.stamp(job)
    rows = (
        (Button(str(t("Import")), pack(Verb.IMPORT_LIST, job.id, stamp)),),
        (Button(str(t("Show the first five")), pack(Verb.LIST_FIRST, job.id, stamp)),),
        (Button(str(t("Change a column")), pack(Verb.LIST_COLUMNS, job.id, f"{stamp}.0")),),
    )
    return Message(text, rows)


def _counted(t: Texts, plan: Preview) -> Markup:
    kinds = t.plural("{n} kind", "{n} kinds", plan.equipment)
    return t.plural(
        "{n} item of {kinds}, from row {row} on.",
        "{n} items of {kinds}, from row {row} on.",
        plan.pieces,
        kinds=kinds,
        row=plan.header_line + 1,
    )


_FIELDS = {
    Meaning.NAME: "equipment.name",
    Meaning.CODE: "item.code",
    Meaning.BRAND: "equipment.brand",
    Meaning.MODEL: "equipment.model",
    Meaning.TYPE: "equipment.type",
    Meaning.TAGS: "equipment.tags",
    Meaning.DESCRIPTION: "equipment.description",
    Meaning.SERIAL_NUMBER: "item.serial_number",
    Meaning.LOCATION: "item.location",
    Meaning.COMMENT: "item.comment",
    Meaning.LABEL: "item.label",
}
"""Meanings that are standard fields, which an organization may call otherwise."""


def meaning_name(t: Texts, meaning: Meaning) -> Markup | str:
    if meaning in _FIELDS:
        return field_names.name(t, _FIELDS[meaning])
    return {
        Meaning.BUILDING: t("Building"),
        Meaning.FLOOR: t("Floor"),
        Meaning.ROOM: t("Room"),
        Meaning.SHELF: t("Shelf"),
        Meaning.BOX: t("Box"),
        Meaning.CONDITION: t("Condition"),
        Meaning.STATUS: t("Status"),
        Meaning.LENDABLE: t("May be lent"),
        Meaning.RETIRED: t("Retired"),
        Meaning.EQUIPMENT_RETIRED: t("All of its kind retired"),
        Meaning.OTHER_CODES: t("Codes of other stickers"),
        Meaning.QUANTITY: t("Number of pieces"),
        Meaning.HOLDER: t("Who has it"),
        Meaning.SINCE: t("Since when"),
        Meaning.UNTIL: t("Until when"),
        Meaning.CUSTOM: t("Kept as own field"),
        Meaning.LEFT_OUT: t("Left out"),
    }[meaning]


def _by_meaning(columns: Sequence[ColumnSeen]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meaning in Meaning:
        headers = [c.header for c in columns if _meaning(c) is meaning and not c.is_empty]
        if headers:
            found[meaning] = headers
    return found


def _meaning(column: ColumnSeen) -> Meaning:
    return Meaning.NAME if column.is_name else column.meaning


def become(t: Texts, by_meaning: dict[str, list[str]]) -> list[Markup]:
    """List what each column becomes, a line for each meaning."""
    return [
        t(
            "{meaning}: {columns}",
            meaning=meaning_name(t, Meaning(meaning)),
            columns=short(", ".join(short(header, 40) for header in headers), _MOST),
        )
        for meaning, headers in by_meaning.items()
    ]


def _odd_columns(t: Texts, columns: Sequence[ColumnSeen]) -> list[Markup]:
    """Name the columns in which nothing stands, hidden ones that are read, and those with lost digits."""
    read = [c for c in columns if c.is_hidden and not c.is_empty and _meaning(c) is not Meaning.LEFT_OUT]
    empty = [c for c in columns if c.is_empty and c.header[0] != "#"]
    cut = [f"{short(c.header, 40)} ({c.shortened})" for c in columns if c.shortened]
    lost = short(", ".join(cut), _MOST)
    days = [c for c in columns if c.is_days]
    down = [c for c in columns if c.is_filled_down]
    return [
        *([t("Blank cells are read as the one above: {columns}", columns=_headers(down))] if down else []),
        *([t("Numbers that are read as days: {columns}", columns=_headers(days))] if days else []),
        *([t("Digits are lost, as numbers were shortened: {columns}", columns=lost)] if cut else []),
        *([t("Hidden in the file, but read: {columns}", columns=_headers(read))] if read else []),
        *([t("Empty: {columns}", columns=_headers(empty))] if empty else []),
    ]


def _headers(columns: Sequence[ColumnSeen]) -> str:
    return short(", ".join(short(column.header, 40) for column in columns), _MOST)


def _left_out(t: Texts, plan: Preview) -> list[Markup | None]:
    why = {
        Passed.HIDDEN: t("hidden"),
        Passed.NO_TABLE: t("no list"),
        Passed.SAME: t("the same things again"),
        Passed.OLDER: t("an earlier year"),
        Passed.NOT_CHOSEN: t("not chosen"),
    }
    sheets = [f"{title} ({why[passed]})" for title, passed in plan.passed if title]
    rows = [short(row, 40) for row in plan.left_out[:3]]
    more = plan.left_out_total - len(rows)
    rows += [str(t.plural("… and {n} more", "… and {n} more", more))] if more > 0 else []
    sections, places = (
        short(", ".join(short(text, 40) for text in words), _MOST) for words in (plan.sections, plan.places)
    )
    return [
        t("Read as the type of the rows below: {words}", words=sections) if sections else None,
        t("Read as the place of the rows below: {words}", words=places) if places else None,
        t("Left out: row {row}", row="; ".join(rows)) if rows else None,
        t("Sheets left out: {sheets}", sheets=short(", ".join(sheets), _MOST)) if sheets else None,
    ]


def _codes(t: Texts, plan: Preview) -> Markup | None:
    if not plan.without_code:
        return None
    if plan.without_code == plan.pieces:
        return t("No codes: I make them.")
    return t.plural(
        "{n} item has no code: I make one.", "{n} items have no code: I make them.", plan.without_code
    )


def not_understood(t: Texts, unknown: Sequence[tuple[str, int]]) -> list[Markup]:
    """List the words that are no condition I know, each once, with how often it is there."""
    if not unknown:
        return []
    words = ", ".join(f"“{short(word, 30)}” ({count})" for word, count in unknown)
    return [t("Kept as a comment, because I know no such condition: {words}", words=short(words, 2 * _MOST))]


def doubted(t: Texts, doubts: Sequence[tuple[str, int]]) -> list[Markup]:
    """List the remarks for which things are kept back, each once, with how often it is there."""
    if not doubts:
        return []
    words = ", ".join(f"“{short(word, 40)}” ({count})" for word, count in doubts)
    return [
        t(
            "Not lent until somebody has looked at it, as a remark says: {words}",
            words=short(words, 2 * _MOST),
        )
    ]


def _held(t: Texts, plan: Preview) -> Markup | None:
    if not plan.held:
        return None
    return t.plural(
        "{n} is out, says the file: I list it, and make no rental.",
        "{n} are out, says the file: I list them, and make no rentals.",
        plan.held,
    )


# Questions


def _question(t: Texts, job: ImportJob, name: str, plan: Preview, page: int) -> Message:
    question = plan.questions[0]
    ask = {
        Question.NAME: _ask_name,
        Question.ENCODING: _ask_encoding,
        Question.PIECES: _ask_pieces,
        Question.HEADER: _ask_header,
        Question.CODE: _ask_code,
    }[question]
    text, rows = ask(t, job, plan, page)
    return Message(lines(Markup("<b>{}</b>").format(name), text), rows)


def _choice(job: ImportJob, label: str, decision: str) -> tuple[Button, ...]:
    data = pack(Verb.LIST_CHOOSE, job.id, f"{asking.stamp(job)}.{decision}")
    return (Button(short(label, 60), data),)


def _ask_name(t: Texts, job: ImportJob, plan: Preview, page: int) -> tuple[Markup, Rows]:
    columns = [(n, c) for n, c in enumerate(plan.columns) if c.samples and c.meaning is not Meaning.LEFT_OUT]
    part = pager.cut(columns, page, _PER_PAGE)
    rows = [_choice(job, f"{c.header}: {', '.join(c.samples)}", f"name {n}") for n, c in part.shown]
    stamp = asking.stamp(job)
    arrows = pager.arrows(part.number, part.pages, lambda n: pack(Verb.LIST_PLAN, job.id, f"{stamp}.{n}"))
    return t("Which column is the name?"), (*rows, *arrows)


def _ask_encoding(t: Texts, job: ImportJob, plan: Preview, page: int) -> tuple[Markup, Rows]:
    rows = [_choice(job, reading.sample, f"text {n}") for n, reading in enumerate(plan.readings[:3])]
    return t("Which of these is spelled right?"), tuple(rows)


def _ask_pieces(t: Texts, job: ImportJob, plan: Preview, page: int) -> tuple[Markup, Rows]:
    many = [t("{name}: {n} pieces", name=short(name, 40), n=count) for name, count in plan.many[:3]]
    more = len(plan.many) - len(many)
    rows = (
        _choice(job, str(t("An item of each")), "pieces 0"),
        _choice(job, str(t("One item, the number kept")), "pieces 1"),
    )
    other = t.plural("… and {n} more", "… and {n} more", more) if more else None
    return lines(t("That many pieces?"), *many, other), rows


def _ask_header(t: Texts, job: ImportJob, plan: Preview, page: int) -> tuple[Markup, Rows]:
    cells = short(" · ".join(short(cell, 30) for cell in plan.first_row if cell), 2 * _MOST)
    rows = (
        _choice(job, str(t("Yes, these are headings")), "header 1"),
        _choice(job, str(t("No, this is a thing")), "header 0"),
    )
    return lines(t("Is the first row the headings of the columns?"), Markup("{}").format(cells)), rows


def _ask_code(t: Texts, job: ImportJob, plan: Preview, page: int) -> tuple[Markup, Rows]:
    columns = [(n, c) for n, c in enumerate(plan.columns) if c.header in plan.code_columns][:_PER_PAGE]
    rows = [_choice(job, f"{c.header}: {', '.join(c.samples)}", f"code {n}") for n, c in columns]
    none = _choice(job, str(t("None: make codes")), f"code {NO_CODE}")
    return t("Which column is the code of a thing, as on its label?"), (*rows, none)


# Lists behind the card's buttons


def _back(t: Texts, job: ImportJob) -> tuple[Button, ...]:
    return (Button(str(t("Back")), pack(Verb.LIST_PLAN, job.id, f"{asking.stamp(job)}.0")),)


def first_five(t: Texts, job: ImportJob) -> Message:
    plan = asking.plan_of(job)
    return Message(lines(*(_thing(t, thing) for thing in plan.things)), (_back(t, job),))


def _thing(t: Texts, thing: Thing) -> Markup:
    said = [
        t.plural("{n} piece", "{n} pieces", thing.count) if thing.count != 1 else None,
        ", ".join(thing.codes[:3]),
        thing.serial_number,
        " ".join(filter(None, (thing.brand, thing.model))),
        thing.type,
        thing.location,
        condition_name(t, thing.condition) if thing.condition is not None else None,
        *(f"{code}: {condition_name(t, Condition(of))}" for code, of in thing.of_codes.items()),
        _some(t, *thing.some) if thing.some is not None else None,
        thing.comment,
        *(f"{label}: {value}" for label, value in {**thing.custom, **thing.own}.items() if value),
    ]
    about = " · ".join(short(" ".join(part.split()), 40) for part in said if part)
    return Markup("<b>{}</b>\n{}").format(short(thing.name, 60), short(about, 300))


def _some(t: Texts, number: int, condition: Condition) -> str:
    return t(
        "{n} of them: {condition}", n=number, condition=condition_name(t, Condition(condition))
    ).unescape()


def columns(t: Texts, job: ImportJob, page: int) -> Message:
    """List the columns with their meanings, to choose one."""
    plan, stamp = asking.plan_of(job), asking.stamp(job)
    part = pager.cut(list(enumerate(plan.columns)), page, _PER_PAGE)
    rows = [
        (
            Button(
                f"{short(c.header, 30)} → {short(str(meaning_name(t, _meaning(c))), 30)}",
                pack(Verb.LIST_COLUMN, job.id, f"{stamp}.{number}"),
            ),
        )
        for number, c in part.shown
    ]
    arrows = pager.arrows(part.number, part.pages, lambda n: pack(Verb.LIST_COLUMNS, job.id, f"{stamp}.{n}"))
    return Message(t("Which column do you want to change?"), (*rows, *arrows, _back(t, job)))


_OFFERED = (
    *(Meaning.NAME, Meaning.QUANTITY, Meaning.CODE, Meaning.SERIAL_NUMBER, Meaning.BRAND, Meaning.MODEL),
    *(Meaning.TYPE, Meaning.TAGS, Meaning.LOCATION, Meaning.BUILDING, Meaning.ROOM, Meaning.SHELF),
    *(Meaning.BOX, Meaning.CONDITION, Meaning.STATUS, Meaning.LENDABLE, Meaning.RETIRED, Meaning.HOLDER),
    *(Meaning.COMMENT, Meaning.DESCRIPTION),
)


def meanings(t: Texts, job: ImportJob, number: int) -> Message:
    """Ask what a column is; with its first values."""
    plan, stamp = asking.plan_of(job), asking.stamp(job)
    column = plan.columns[number]

    def button(label: Markup | str, decision: str) -> Button:
        return Button(str(label), pack(Verb.LIST_CHOOSE, job.id, f"{stamp}.{decision} {number}"))

    known = [button(meaning_name(t, meaning), f"is:{meaning}") for meaning in _OFFERED]
    rows = [tuple(known[i : i + 2]) for i in range(0, len(known), 2)]
    has_name = any(one.is_name for one in plan.columns) and not column.is_name
    joins = (button(t("Second part of the name"), "joins"),) if has_name else ()
    others = (
        button(t("Own field"), f"is:{Meaning.CUSTOM}"),
        button(t("Leave out"), f"is:{Meaning.LEFT_OUT}"),
    )
    text = lines(
        t("What is “{column}”?", column=short(column.header, 60)),
        Markup("{}").format(short(", ".join(column.samples), _MOST)),
    )
    return Message(text, (*rows, *((joins,) if joins else ()), others, _back(t, job)))
