"""Never another thing, number or day than was said: a table of phrases, by what a club has."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from db.session import Database
from handlers.parsing import rental_readings
from handlers.parsing.dates import DateAnswer
from handlers.parsing.quantities import Thing
from handlers.parsing.rental_readings import Reading
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.word_search import is_called
from tests import factories
from tests.handlers.parsing.phrases import ENGLISH, NAMES, NORWEGIAN
from tests.handlers.parsing.phrases_of_days import (
    ENGLISH_DAYS,
    NORWEGIAN_DAYS,
    TRICKY_ENGLISH,
    TRICKY_NAMES,
    TRICKY_NORWEGIAN,
)
from tests.handlers.parsing.shelf import Shelf, kind_of

TODAY = date(2026, 12, 1)  # a Tuesday

SEARCHED = (
    *(
        "tent",
        "tents",
        "ten",
        "knives",
        "paddles",
        "soveposer",
        "hodelyktene",
        "kajakken",
        "sykler",
        "telter",
    ),
    *("3", "50", "8 channel", "16:10", "3 x 4", "genelec", "8050a", "n1", "N3", "n99", "×", "2-man", "saws"),
    *(
        "one-wheels",
        "sat",
        "two man",
        "tarp",
        "batteries",
        "rope 10",
        "sondagsbrett",
        "søndagsbrett",
        "eos 5d",
    ),
)


def day(answer: DateAnswer | None) -> str:
    if answer is None:
        return "-"
    return f"{answer.day}" + (f" {answer.clock:%H:%M}" if answer.clock else "")


def thing(one: Thing, meant: catalog.Meant) -> str:
    """The thing that goes into the basket, or its words where one of several is asked."""
    names = [named.name for named in meant.named]
    same = [name for name in names if is_called(name, one.words)]
    name = same[0] if len(same) == 1 else names[0] if len(names) == 1 else f"{one.words}?"
    if meant.item is not None:
        name = meant.item.code
    return name if one.quantity is None else f"{one.quantity} × {name}"


def shown(reading: Reading) -> str:
    """A reading in short, as in the table."""
    line, left = reading.line, reading.left_over
    days = f"{line.length} days" if line.length else ""
    if line.first or line.last:
        days = f"{day(line.first)} – {day(line.last)}"
    things = " + ".join(thing(one, reading.meant[one.words]) for one in reading.things)
    if not things and line.quantity is not None:
        things = f"x{line.quantity}"
    parts = [things, days, *(problem.code.value for problem in line.problems)]
    return " | ".join(parts + ([f"“{left}” is left"] if left else [])).strip()


def wrong(shelf: Shelf, language: str, table: str) -> list[str]:
    """The phrases of a table that are read in another way, with both readings."""
    found = []
    for line in filter(None, table.splitlines()):
        text, _, meant = line.partition(" => ")
        reading = rental_readings.read(
            text, today=TODAY, language=language, day_first=language == "nb", look=shelf.look
        )
        if shown(reading) != meant.strip():
            found.append(f"{language} {text}: {shown(reading)}, not {meant}")
    return found


def test_phrases_are_read_as_they_are_meant() -> None:
    """Things, numbers and days of every phrase, in the language of its organization."""
    usual, tricky = Shelf(NAMES), Shelf(TRICKY_NAMES)
    found = [
        *wrong(usual, "en", ENGLISH + ENGLISH_DAYS),
        *wrong(usual, "nb", NORWEGIAN + NORWEGIAN_DAYS),
        *wrong(tricky, "en", TRICKY_ENGLISH),
        *wrong(tricky, "nb", TRICKY_NORWEGIAN),
    ]
    assert found == []


def test_the_shelf_answers_as_the_catalogue(sqlite: Database, now: datetime) -> None:
    """Words of every kind find the same things in memory and in the database."""
    with sqlite.engine.connect() as connection, Session(connection) as session:
        of = factories.organization(session, now)
        for number, name in enumerate((*NAMES, *TRICKY_NAMES)):
            factories.equipment(session, of, now, name, f"N{number}", type=kind_of(name))
        found = catalog.meant(Tx(session, now, within=of.id), SEARCHED)
        kept = Shelf((*NAMES, *TRICKY_NAMES)).look(SEARCHED)
        for words in SEARCHED:
            assert [one.name for one in found[words].named] == [one.name for one in kept[words].named], words
            assert (found[words].item is None) == (kept[words].item is None), words


def test_the_tables_are_long_enough() -> None:
    """At least 300 phrases, none of them twice in a language."""
    for tables in ((ENGLISH, ENGLISH_DAYS, TRICKY_ENGLISH), (NORWEGIAN, NORWEGIAN_DAYS, TRICKY_NORWEGIAN)):
        lines = [line for table in tables for line in table.splitlines() if line]
        assert len(set(lines)) == len(lines) >= 140
