"""Never another thing, number or day than was said: a table of phrases, by what a club has."""

from datetime import date, datetime

from db.session import Database, Transaction
from handlers.parsing import rental_readings
from handlers.parsing.dates import DateAnswer
from handlers.parsing.quantities import Thing
from handlers.parsing.rental_readings import Reading
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.word_search import is_called
from tests import factories
from tests.handlers.parsing.phrases import ENGLISH, NAMES, NORWEGIAN

TODAY = date(2026, 12, 1)  # a Tuesday


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


def test_phrases_are_read_as_they_are_meant(sqlite: Database, now: datetime) -> None:
    """Things, numbers and days of every phrase, in the language of its organization."""
    wrong = []
    writers = sqlite.engine.execution_options(equiplib_writes=True)
    with Transaction(writers, expire_on_commit=False) as session, session.begin():
        club = factories.organization(session, now)
        for number, name in enumerate(NAMES):
            kind = "tents" if name.startswith("Tarpaulin") else ""
            factories.equipment(session, club, now, name, f"N{number}", type=kind)
        tx = Tx(session, now, within=club.id)
        for language, table in (("en", ENGLISH), ("nb", NORWEGIAN)):
            for line in table.strip().splitlines():
                text, _, meant = line.partition(" => ")
                reading = rental_readings.read(
                    text,
                    today=TODAY,
                    language=language,
                    day_first=language == "nb",
                    look=lambda words: catalog.meant(tx, words),
                )
                if shown(reading) != meant.strip():
                    wrong.append(f"{language} {text}: {shown(reading)}, not {meant}")
    assert wrong == []
