"""Never another thing, number or day than was said: a table of phrases, by what a club has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from db.session import Database
from db.transaction import Transaction
from handlers.parsing import plain_words, rental_readings
from handlers.parsing.dates import DateAnswer
from handlers.parsing.quantities import Thing
from handlers.parsing.rental_readings import Reading
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.search import near_names
from services.inventory.search.word_search import is_called
from tests import factories, long
from tests.handlers.parsing import plain_phrases
from tests.handlers.parsing.phrases import ENGLISH, NAMES, NORWEGIAN
from tests.handlers.parsing.phrases_of_days import (
    ENGLISH_DAYS,
    NORWEGIAN_DAYS,
    TRICKY_ENGLISH,
    TRICKY_NAMES,
    TRICKY_NORWEGIAN,
)
from tests.handlers.parsing.phrases_of_members import (
    ENGLISH_DEMO,
    ENGLISH_MEMBERS,
    NORWEGIAN_DEMO,
    NORWEGIAN_MEMBERS,
)
from tests.handlers.parsing.phrases_of_spans import ENGLISH_SPANS, NORWEGIAN_SPANS
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


def thing(one: Thing, meant: catalog.Meant, near: Sequence[catalog.Named] = ()) -> str:
    """The thing that goes into the basket, or its words where one of several is asked."""
    names = [named.name for named in meant.named]
    same = [name for name in names if is_called(name, one.words)]
    name = same[0] if len(same) == 1 else names[0] if len(names) == 1 else f"{one.words}?"
    if meant.item is not None:
        name = meant.item.code
    if near:
        name = near[0].name
    return name if one.quantity is None else f"{one.quantity} × {name}"


def shown(reading: Reading) -> str:
    """A reading in short, as in the table."""
    line, left = reading.line, reading.left_over
    days = f"{line.length} days" if line.length else ""
    if line.first or line.last:
        days = f"{day(line.first)} – {day(line.last)}"
    things = " + ".join(thing(one, reading.meant[one.words], reading.near) for one in reading.things)
    if not things and line.quantity is not None:
        things = f"x{line.quantity}"
    things = f"~{things}" if reading.near else things
    parts = [things, days, *(problem.code.value for problem in line.problems)]
    parts += [f"how many: {reading.how_many}"] if reading.how_many else []
    parts += [f"from when: {reading.hours}"] if reading.hours else []
    return " | ".join(parts + ([f"“{left}” is left"] if left else [])).strip()


@dataclass(frozen=True)
class Hearer:
    """The order in which handlers/plain_text/understanding.py hears a text, without a conversation."""

    tx: Tx
    language: str
    shelf: Shelf

    def taken_for(self, text: str) -> str:
        meant, about = plain_words.meaning(text), plain_words.before_thing(text)
        if meant is not None:
            is_command = meant not in plain_words.NO_COMMANDS
            return f"/{meant}" if is_command else f"({meant})"
        if about is not None and self._is_code(about[1]):
            return " ".join((f"/{about[0]}", about[1]))
        if self._is_code(text):
            return f"[{text.upper()}]"
        reading = self.read(text)
        if about is not None and (reading.left_over or not reading.says_something):
            return f"/{about[0]}" + (f" {about[1]}" if about[1].isdigit() else "")
        return shown(reading) if reading.says_something else "-"

    def _is_code(self, text: str) -> bool:
        return text.lower() in self.shelf.items

    def read(self, text: str) -> Reading:
        return rental_readings.read(
            text,
            today=TODAY,
            language=self.language,
            day_first=self.language == "nb",
            look=self.shelf.look,
            near=lambda words: near_names.near(self.tx, words),
        )


def wrong_of(table: str, language: str, read: Callable[[str], str]) -> list[str]:
    """The lines of a table that are read otherwise than it says."""
    lines = [line.partition(" => ") for line in long.some(list(filter(None, table.splitlines())), 3)]
    readings = [(text, read(text), meant.strip()) for text, _, meant in lines]
    return [f"{language} {text}: {found}, not {meant}" for text, found, meant in readings if found != meant]


def test_plain_text_is_taken_as_it_is_meant(sqlite: Database, now: datetime) -> None:
    """A code, a command, a line of /rent, or none of them."""
    wrong: list[str] = []
    writers = sqlite.engine.execution_options(equiplib_writes=True)
    with Transaction(writers, expire_on_commit=False) as session, session.begin():
        club = factories.organization(session, now)
        for number, name in enumerate(NAMES):
            factories.equipment(session, club, now, name, f"N{number}", type=kind_of(name))
        tx, shelf = Tx(session, now, within=club.id), Shelf(NAMES)
        for language, table in (
            ("en", plain_phrases.ENGLISH + ENGLISH_MEMBERS),
            ("nb", plain_phrases.NORWEGIAN + NORWEGIAN_MEMBERS),
        ):
            wrong += wrong_of(table, language, Hearer(tx, language, shelf).taken_for)
    assert wrong == [], "\n".join(wrong)


def wrong(shelf: Shelf, language: str, table: str) -> list[str]:
    """The phrases of a table that are read in another way, with both readings."""
    found = []
    for line in long.some(list(filter(None, table.splitlines())), 3):
        text, _, meant = line.partition(" => ")
        reading = rental_readings.read(
            text, today=TODAY, language=language, day_first=language == "nb", look=shelf.look
        )
        if shown(reading) != meant.strip():
            found.append(f"{language} {text}: {shown(reading)}, not {meant}")
    return found


def test_phrases_are_read_as_they_are_meant() -> None:
    """Things, numbers and days of every phrase, in the language of its organization."""
    usual, tricky, demo = Shelf(NAMES), Shelf(TRICKY_NAMES), Shelf.of_demo()
    found = [
        *wrong(usual, "en", ENGLISH + ENGLISH_DAYS + ENGLISH_SPANS),
        *wrong(usual, "nb", NORWEGIAN + NORWEGIAN_DAYS + NORWEGIAN_SPANS),
        *wrong(tricky, "en", TRICKY_ENGLISH),
        *wrong(tricky, "nb", TRICKY_NORWEGIAN),
        *wrong(demo, "en", ENGLISH_DEMO),
        *wrong(demo, "nb", NORWEGIAN_DEMO),
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
    english = (ENGLISH, ENGLISH_DAYS, ENGLISH_SPANS, TRICKY_ENGLISH)
    norwegian = (NORWEGIAN, NORWEGIAN_DAYS, NORWEGIAN_SPANS, TRICKY_NORWEGIAN)
    for tables in (english, norwegian):
        lines = [line for table in tables for line in table.splitlines() if line]
        assert len(set(lines)) == len(lines) >= 140
