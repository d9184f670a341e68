"""The catalogues hold every message of the code, once, whole, and fit to be sent."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog

from db.states import Condition
from handlers.features import REGISTRY
from handlers.i18n import catalogs, checks, extraction
from handlers.i18n.extraction import BadCall, Found
from handlers.i18n.texts import LANGUAGES, Texts, catalogue, closest
from handlers.imports.views import REASONS
from handlers.inventory.views.cards import custom_lines
from handlers.parsing import dates, rental_line
from handlers.parsing.dates import DateAnswer
from handlers.ui.refusals import condition_name
from services.imports import Reason
from services.imports.understanding.cells import values

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.fixture(scope="module")
def found() -> dict[str, Found]:
    return extraction.in_handlers()


@pytest.mark.parametrize("language", OTHERS)
def test_catalogue_is_complete_and_right(language: str, found: dict[str, Found]) -> None:
    """Nothing is missing, fuzzy, untranslated or unused; placeholders, tags, commands and labels are right.

    To find what is new: `python -m handlers.i18n`, then translate in the .po file.
    """
    assert len(found) > 200
    assert checks.of_catalogue(catalogs.read(language), found) == []


@pytest.mark.parametrize("language", OTHERS)
def test_catalogue_is_written_as_the_tool_writes_it(language: str) -> None:
    """Reading and writing a catalogue changes no byte, so that a diff shows translations and nothing else."""
    kept = (catalogs.FOLDER / f"{language}.po").read_bytes().decode()
    assert catalogs.written(language, catalogs.read(language)).decode() == kept


def test_english_is_right_without_a_catalogue(found: dict[str, Found]) -> None:
    """English comes from the code alone: there is no en.po, and each text there is fit to be sent."""
    assert not (catalogs.FOLDER / "en.po").exists()
    assert catalogue("en").gettext("Which language?") == "Which language?"
    assert Texts("en")("Which language?") == "Which language?"
    problems = {
        m.one: p for m in found.values() for text in m.forms if (p := checks.of_text(text, m.is_label))
    }
    assert problems == {}


def test_one_day_of_a_span_is_said_once() -> None:
    """The hours of one day follow it, in the organization's own time, in every language."""
    start = datetime(2026, 12, 5, 9, tzinfo=UTC)
    english, norwegian = (Texts(language, ZoneInfo("Europe/Oslo"), start) for language in ("en", "nb"))
    assert english.span(start, start + timedelta(hours=6)) == "Sat 5 Dec 10:00–16:00"
    assert norwegian.span(start, start + timedelta(hours=6)) == "lør. 5. des. 10:00–16:00"
    assert english.span(start, start + timedelta(days=1)) == "Sat 5 Dec 10:00 – Sun 6 Dec 10:00"


def test_no_words_pass_the_catalogues_by() -> None:
    """Buttons, messages and markup in the code hold no words that are not translated."""
    assert extraction.untranslated() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_menu_lines_are_short_and_plain(language: str) -> None:
    """A command's description fits on one line of Telegram's menu, without markup."""
    texts = {str(Texts(language)(command.about)) for command in REGISTRY.commands.values()}
    assert {text for text in texts if len(text) > 40 or "<" in text} == set()


@pytest.mark.parametrize("code", ["no", "nn", "nb", "nb-NO", "no-NO", "nn_NO", "NB"])
def test_norwegian_by_any_name_is_bokmal(code: str) -> None:
    """Telegram says `no`, phones say `nb-NO` or `nn`: all of them read Bokmål."""
    assert closest(code) == "nb"
    assert Texts(closest(code))("Cancel") == "Avbryt"


@pytest.mark.parametrize("codes", [("en-GB",), ("de",), (None, ""), ("de", "en", "nb")])
def test_other_languages_read_english(codes: tuple[str | None, ...]) -> None:
    """A person who speaks neither reads English; of several languages the first that we speak counts."""
    assert closest(*codes) == "en"


HINTS = (
    "<b>From which day?</b> Tap it, or write it: <i>tomorrow</i>, <i>friday to sunday</i>",
    "<b>Until which day?</b> Tap it, or write it: <i>friday</i>, <i>3 days</i>",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hint", HINTS)
def test_days_given_as_examples_are_understood(hint: str, language: str) -> None:
    """An answer that a question suggests is understood in the language of the question."""
    today = date(2026, 11, 23)
    examples = re.findall("<i>(.*?)</i>", Texts(language)(hint))
    assert len(examples) == 2
    for example in examples:
        answer = dates.understand(example, today=today, expect_after=today)
        both = rental_line.both_days(example, today=today, language=language)
        assert isinstance(answer, DateAnswer) or both, example


@pytest.mark.parametrize(("language", "words"), [("en", "tent"), ("nb", "telt")])
def test_line_given_as_an_example_is_understood(language: str, words: str) -> None:
    """The line after /rent in the help names a thing, a number and days, in the reader's language."""
    help_ = (
        "/rent – borrow something, or write it all on one line: <code>/rent tent x2 tomorrow 3 days</code>"
    )
    (example,) = re.findall("<code>/rent (.*?)</code>", Texts(language)(help_))
    line = rental_line.parse(example, today=date(2026, 11, 23), language=language)
    assert (line.words, line.quantity, line.problems) == (words, 2, ())
    assert isinstance(line.first, DateAnswer)
    assert line.first.day == date(2026, 11, 24)
    assert isinstance(line.last, DateAnswer)
    assert line.last.day == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("english", "translated", "problem"),
    [
        (Found("Show"), ("",), "untranslated"),
        (Found("{n} day", "{n} days"), ("{n} dag", ""), "untranslated"),
        (Found("{n} day", "{n} days"), ("{n} dag",), "untranslated"),
        (Found("Hello {name}"), ("Hei {navn}",), "placeholders differ"),
        (Found("{n} day", "{n} days"), ("{n} dag", "{m} dager"), "placeholders differ"),
        (Found("One day", "{n} days"), ("{n} dag", "{n} dager"), "placeholders differ"),
        (Found("Hello {name}"), ("Hei {name",), "braces do not balance"),
        (Found("<b>Out</b>"), ("<i>Ute</i>",), "tags differ"),
        (Found("<b>Out</b>"), ("<b>Ute",), "tags do not balance"),
        (Found("<b><i>Out</i></b>"), ("<b><i>Ute</b></i>",), "tags do not balance"),
        (Found("Less"), ("Mindre enn < 3",), "a bare <, > or &"),
        (Found("In and out"), ("Inn & ut",), "a bare <, > or &"),
        (Found("Show", is_label=True), ("V" * 41,), "a label over 40 characters"),
        (Found("<b>Show</b>", is_label=True), ("<b>Vis</b>",), "a tag on a label"),
        (Found("See /help"), ("Se /hjelp",), "commands differ"),
        (Found(" or "), ("eller",), "spaces or line breaks around it differ"),
    ],
)
def test_check_finds(english: Found, translated: tuple[str, ...], problem: str) -> None:
    """Each thing that can be wrong with a translation is noticed."""
    assert problem in checks.of_message(english, translated)


def test_check_passes_what_is_right() -> None:
    """A good translation has no problems, with the words in another order."""
    english = Found("<b>{a}</b> until {b}: /rent", "<b>{a}</b> until {b}, {n}: /rent")
    assert checks.of_message(english, ("/rent til {b}: <b>{a}</b>", "{n} til {b}: /rent <b>{a}</b>")) == []


def test_check_finds_messages_out_of_step() -> None:
    """A missing, an unused and a fuzzy message, and a plural that is none in the code, are noticed."""
    kept = Catalog(locale="nb")
    kept.add("Old", "Gammel")
    kept.add("Show", "Vis", flags=["fuzzy"])
    kept.add("{n} out", "{n} ute")
    wanted = [Found("New"), Found("Show"), Found("{n} out", "{n} out")]
    assert checks.of_catalogue(kept, {m.one: m for m in wanted}) == [
        "unused: 'Old'",
        "missing: 'New'",
        "fuzzy: 'Show'",
        "singular and plural do not fit the code: '{n} out'",
    ]


def test_messages_are_found_however_they_are_called() -> None:
    """Constants, both branches of a choice, plurals, marked and directly spoken texts, and labels."""
    source = """
t("One, " "in two pieces")
step.texts("Two" if late else "Three")
t.plural("{n} four", "{n} fours", n)
later = N_("Five")
Texts("nb")("Six")
Button(str(t("Seven")), data("cancel", ""))
t(later)
data_of(row)("cancel", "")
"""
    assert set(extraction.in_source(source, "sample.py")) == {
        Found("Two"),
        Found("Three"),
        Found("{n} four", "{n} fours"),
        Found("Five"),
        Found("One, in two pieces"),
        Found("Six"),
        Found("Seven", is_label=True),
    }


@pytest.mark.parametrize("call", ['t(f"Hello {name}")', 't("Hello " + name)', 't("Hello %s" % name)'])
def test_messages_put_together_at_run_time_are_refused(call: str) -> None:
    """A message that no catalogue can hold is named with its place."""
    with pytest.raises(BadCall, match=r"^sample\.py:1: "):
        extraction.in_source(call, "sample.py")


def test_refreshing_keeps_adds_and_removes(tmp_path: Path) -> None:
    """Translations and their notes stay, new messages come empty, unused ones go, nothing is guessed."""
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "some.py").write_text(
        't("Show it")\nt("Show them")\nt.plural("{n} out", "{n} out", 2)\n'
    )
    old = Catalog(locale="nb")
    old.add("Show it", "Vis det", user_comments=["Said to lenders."])
    old.add("Show all", "Vis alt")
    new = catalogs.refreshed(old, extraction.in_handlers(tmp_path))
    assert {m.id: checks.forms(m.string) for m in new if m.id} == {
        "Show it": ("Vis det",),
        "Show them": ("",),
        ("{n} out", "{n} out"): ("", ""),
    }
    text = catalogs.written("nb", new).decode()
    assert "# Said to lenders.\n" in text
    assert "fuzzy" not in text
    assert "Date" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_conditions_can_be_written_as_they_are_named(language: str) -> None:
    """The names that a refused row lists are understood in the next file."""
    for condition in Condition:
        said = values.condition(str(condition_name(Texts(language), condition)))
        assert (said.condition, said.kept) == (condition, False)


def test_a_bad_condition_is_told_in_the_readers_language() -> None:
    """The conditions that there are come in the language of the sentence around them."""
    told = REASONS[Reason.BAD_CONDITION](Texts("nb"), {"known": ["ok", "in repair"]})
    known = "i orden, skadet, til reparasjon, mistet, tatt ut av bruk"
    assert told == f"ikke en tilstand jeg kjenner; bruk en av {known}"


def test_a_day_can_be_said_in_a_language_without_a_pattern_of_its_own() -> None:
    """A third language needs no line in the table of short days: Babel's way of writing them will do."""
    t = Texts("de", now=datetime(2026, 11, 23, tzinfo=UTC))
    assert t.day(date(2026, 12, 1)) == "Di., 1. Dez."
    assert t.day(date(2027, 1, 4)) == "Mo., 4. Jan. 2027"


def test_a_sentence_ends_once() -> None:
    """Norwegian days end in a full stop, as do some names; those within a sentence keep theirs."""
    t = Texts("nb", now=datetime(2026, 11, 25, tzinfo=UTC))
    day = t.day(date(2026, 11, 26))
    assert t("Nothing is handed out on {day}.", day=day) == "Ingenting leveres ut tor. 26. nov."
    assert Texts()("{a} and {b}. Then {a}.", a="A.", b="B") == "A. and B. Then A."
    assert Texts()("From {day}.", day="<1.") == "From &lt;1."
    assert Texts().plural("{n} by {name}.", "{n} by {name}.", 2, name="Berg Inc.") == "2 by Berg Inc."


def test_a_label_with_a_colon_is_not_given_a_second_one() -> None:
    """Headers of files often end in one."""
    assert [str(line.before) for line in custom_lines((("Owner:", "x"), ("Size", "y")))] == [
        "Owner: ",
        "Size: ",
    ]
