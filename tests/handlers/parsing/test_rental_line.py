"""One line after /rent is taken apart into what, how many, from when and until when; names stay whole."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.parsing import date_vocabulary
from handlers.parsing.dates import DateAnswer, Problem, Unclear
from handlers.parsing.rental_line import RentLine, both_days, parse, without_name
from tests import long

TODAY = date(2026, 12, 1)  # a Tuesday
LANGUAGES = ("en", "nb")


def day(answer: DateAnswer | None) -> str:
    """Day and time in short, "-" for none."""
    if answer is None:
        return "-"
    return f"{answer.day}" + (f" {answer.clock:%H:%M}" if answer.clock else "")


def shown(line: RentLine) -> str:
    """Show what was understood, in one line."""
    parts = [
        line.words,
        "" if line.quantity is None else f"x{line.quantity}",
        day(line.first),
        day(line.last),
    ]
    return " | ".join([*parts, *(problem.code.value for problem in line.problems)])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", " |  | - | -"),
        ("tent", "tent |  | - | -"),
        ("tent x2 2026-12-01 2026-12-03", "tent | x2 | 2026-12-01 | 2026-12-03"),
        ("2x tent tomorrow 3 days", "tent | x2 | 2026-12-02 | 2026-12-04"),
        ("AVZ22531 tomorrow 3 days", "AVZ22531 |  | 2026-12-02 | 2026-12-04"),
        ("telt i morgen til fredag", "telt |  | 2026-12-02 | 2026-12-04"),
        ("telt i morgen i 3 dager", "telt |  | 2026-12-02 | 2026-12-04"),
        ("telt 3 dager fra i morgen", "telt |  | 2026-12-02 | 2026-12-04"),
        ("tent from 1.12. to 3.12.", "tent |  | 2026-12-01 | 2026-12-03"),
        ("tent 1.12.-3.12.", "tent |  | 2026-12-01 | 2026-12-03"),
        ("tent 1.12.–3.12.2027", "tent |  | 2027-12-01 | 2027-12-03"),
        ("tent 1.-3.12.", "tent |  | 2026-12-01 | 2026-12-03"),
        ("tent 1-3 December", "tent |  | 2026-12-01 | 2026-12-03"),
        ("tent 30.-2.1.", "tent |  | 2026-12-30 | 2027-01-02"),
        ("tent 28.12. 3.1.", "tent |  | 2026-12-28 | 2027-01-03"),
        ("tent 1.1.-31.12.", "tent |  | 2027-01-01 | 2027-12-31"),
        ("tent 2026-12-01 – 2026-12-03", "tent |  | 2026-12-01 | 2026-12-03"),
        ("tent 2026-12-01 14:00 2026-12-03 10:00", "tent |  | 2026-12-01 14:00 | 2026-12-03 10:00"),
        ("tent tomorrow 10:00 to 14:00", "tent |  | 2026-12-02 10:00 | 2026-12-02 14:00"),
        ("tent from 7 to 9", "tent |  | 2026-12-07 | 2026-12-09"),
        ("telt 7. til 9.", "telt |  | 2026-12-07 | 2026-12-09"),
        ("tent friday weekend", "tent |  | 2026-12-04 | 2026-12-06"),
        ("tent this weekend", "tent |  | 2026-12-04 | 2026-12-06"),
        ("telt i helga", "telt |  | 2026-12-04 | 2026-12-06"),
        ("telt neste helg", "telt |  | 2026-12-11 | 2026-12-13"),
        ("tent next weekend", "tent |  | 2026-12-11 | 2026-12-13"),
        ("telt fredag til helga", "telt |  | 2026-12-04 | 2026-12-06"),
        ("tent next week", "tent |  | 2026-12-07 | 2026-12-13"),
        ("telt denne uken", "telt |  | 2026-12-01 | 2026-12-06"),
        ("telt uke 50", "telt |  | 2026-12-07 | 2026-12-13"),
        ("telt uke 3", "telt |  | 2027-01-18 | 2027-01-24"),
        ("tent thu-fri next week", "tent |  | 2026-12-10 | 2026-12-11"),
        ("telt mandag neste uke", "telt |  | 2026-12-07 | -"),
        ("tent saturday and sunday", "tent |  | 2026-12-05 | 2026-12-06"),
        ("telt lørdag og søndag", "telt |  | 2026-12-05 | 2026-12-06"),
        ("telt fra og med fredag til og med søndag", "telt |  | 2026-12-04 | 2026-12-06"),
        ("tent fri 4.12. thru sun 6.12.", "tent |  | 2026-12-04 | 2026-12-06"),
        ("telt fredag den 4.", "telt |  | 2026-12-04 | -"),
        ("tent 1.12", "tent |  | 2026-12-01 | -"),
        ("telt til fredag", "telt |  | - | 2026-12-04"),
        ("tent, tomorrow", "tent |  | 2026-12-02 | -"),
        ("tomorrow", " |  | 2026-12-02 | -"),
        ("tent 5.12. 3.12.", "tent |  | 2026-12-05 | 2026-12-03"),
        ("tent 1.12.2020 3 days", "tent |  | 2020-12-01 | 2020-12-03"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_is_understood(text: str, meant: str, language: str) -> None:
    """One line tells what, how many, from when and until when, whatever the reader's language."""
    assert shown(parse(text, today=TODAY, language=language)) == meant


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Genelec 8050A",
            "Canon EOS 5D",
            "Tent 2 pers",
            "Tent 7",
            "Canon 50mm 1.8",
            "18-55mm 3.5-5.6",
            "70-200mm 4-5.6",
        ),
        *(
            "Lens 12-24",
            "Switch 8 to 16",
            "Strand LX 12/24",
            "PC Strand Prelude 7/55",
            "Screen 16:10",
            "USB 3.1",
        ),
        *(
            "Insta360 X3",
            "Behringer X32",
            "Mixer WZ14:4:2+",
            "Adobe 2x zoom lens",
            "AVZ22531",
            "5D",
        ),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stay_whole(name: str, language: str) -> None:
    """Numbers, dots and slashes of a name are no days, neither alone nor before days."""
    assert parse(name, today=TODAY, language=language) == RentLine(name)
    for tail in ("tomorrow 3 days", "i morgen til fredag", "x2 2026-12-02 - 2026-12-04", "2.12.-4.12."):
        line = parse(f"{name} {tail}", today=TODAY, language=language)
        assert line.words == name
        assert (day(line.first), day(line.last)) == ("2026-12-02", "2026-12-04")


@pytest.mark.parametrize(
    ("text", "words", "quantity"),
    [
        ("tent x2", "tent", 2),
        ("tent ×2", "tent", 2),
        ("tent x 2", "tent", 2),
        ("2 x tent", "tent", 2),
        ("2 stk telt", "telt", 2),
        ("telt 2stk.", "telt", 2),
        ("2 pcs tent", "tent", 2),
        ("tent 3 days from tomorrow x2", "tent", 2),
        ("x2", "", 2),
        ("tent x0", "tent", 0),
        ("tent x-1", "tent", -1),
        ("tent x1000 tomorrow", "tent", 1000),
        ("Extender 2x x3", "Extender 2x", 3),
        ("3x Extender 2x", "Extender 2x", 3),
        ("tent2x", "tent2x", None),
        ("tent 2", "tent 2", None),
        ("tent x99999999999", "tent x99999999999", None),
    ],
)
def test_pieces_are_counted_only_by_their_own_word(text: str, words: str, quantity: int | None) -> None:
    """A count is `x2`, `2x`, `2 stk` or `2 pcs` before or after the words, and any number is passed on."""
    line = parse(text, today=TODAY, language="en")
    assert (line.words, line.quantity) == (words, quantity)


def test_short_weekdays_are_days_in_ones_own_language() -> None:
    """ "man" is Monday to a Norwegian and part of a name in English, unless a day beside it says more."""
    assert shown(parse("telt man", today=TODAY, language="nb")) == "telt |  | 2026-12-07 | -"
    assert shown(parse("Iron man", today=TODAY, language="en")) == "Iron man |  | - | -"
    assert shown(parse("telt man 7.12.", today=TODAY, language="en")) == "telt |  | 2026-12-07 | -"
    assert shown(parse("telt fre søn", today=TODAY, language="en")) == "telt |  | 2026-12-04 | 2026-12-06"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tent 31.11.", "tent |  | - | - | no_such_day"),
        ("tent 31.11. 3.12.", "tent |  | - | 2026-12-03 | no_such_day"),
        ("tent 1.12. to 31.11.", "tent |  | 2026-12-01 | - | no_such_day"),
        ("tent 01/12/2027 3 days", "tent |  | - | - | ambiguous"),
        ("tent 1/2 3/2", "tent |  | - | - | ambiguous | ambiguous"),
        ("tent tomorrow 25:00", "tent |  | - | - | no_such_time"),
        ("tent for 3 months", "tent |  | - | - | length_only"),
    ],
)
def test_a_day_that_is_none_is_a_problem_not_a_word(text: str, meant: str) -> None:
    """An impossible or ambiguous day is told as such, and does not turn up among the words."""
    assert shown(parse(text, today=TODAY, language="en")) == meant


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("25-27 December", "2026-12-25", "2026-12-27"),
        ("from 25 to 27 December", "2026-12-25", "2026-12-27"),
        ("fra 25. til 27. desember", "2026-12-25", "2026-12-27"),
        ("1.-3.11.2026", "2026-11-01", "2026-11-03"),
    ],
)
def test_the_month_of_the_last_day_is_that_of_the_first(text: str, first: str, last: str) -> None:
    """A first day without a month belongs to the last day's, though such a day comes sooner."""
    line = parse(text, today=date(2026, 11, 20), language="en")
    assert (day(line.first), day(line.last)) == (first, last)


def test_a_problem_says_which_day() -> None:
    """The problem carries what its sentence needs."""
    (problem,) = parse("telt 31.11. 3 dager", today=TODAY, language="nb").problems
    assert problem == Problem(Unclear.NO_SUCH_DAY, day=31, month=11)


_tokens = st.one_of(
    st.sampled_from(
        [
            *date_vocabulary.MONTHS,
            *date_vocabulary.WEEKDAYS,
            *date_vocabulary.NAMED_DAYS,
            *date_vocabulary.NUMBERS,
        ]
    ),
    st.sampled_from(
        ["from", "to", "til", "fra", "-", "–", "x2", "2 stk", "3 days", "en uke", "weekend", "14:00"]
    ),
    st.sampled_from(
        ["1.12.", "3.12", "7.", "12/24", "01/12/2026", "2026-12-01", "31.11.", "1.8", "tent", "5D"]
    ),
    st.text(max_size=6),
)
hostile = st.one_of(
    st.text(max_size=60),
    st.lists(_tokens, max_size=18).map(" ".join),
    st.lists(_tokens, max_size=9).map("".join),
    st.text(min_size=1, max_size=5).map(lambda text: text * 1000),
)
days = st.dates(date(2000, 1, 1), date(2150, 12, 31))


@settings(max_examples=long.cases(100, 300), deadline=None)
@given(hostile, days, st.sampled_from(LANGUAGES))
def test_nothing_that_is_typed_raises(text: str, today: date, language: str) -> None:
    """Whatever comes in, the words are an unbroken part of it, and what goes beside them was understood."""
    line = parse(text, today=today, language=language)
    assert line.words in text
    assert line.words == line.words.strip()
    understood = line.quantity is not None or line.tells_when
    assert understood or line.words == text.strip()


_names = st.lists(
    st.text("abcdefgæøåABC0123456789äß.-/", min_size=1, max_size=8), min_size=1, max_size=4
).map(lambda tokens: "Tent " + " ".join(tokens) + " og")


@settings(max_examples=long.cases(40, 100), deadline=None)
@given(_names, st.one_of(st.none(), st.integers(-5, 2000)), days, days, st.sampled_from(LANGUAGES))
def test_written_days_come_back(
    name: str, quantity: int | None, first: date, last: date, language: str
) -> None:
    """A name, a count and two ISO days are each found again, however the name looks."""
    count = "" if quantity is None else f" x{quantity}"
    for text in (
        f"{name}{count} {first} {last}",
        f"{name} {first} – {last}{count}",
        f"{name}{count} fra {first} til {last}",
    ):
        line = parse(text, today=TODAY, language=language)
        assert line == RentLine(
            name, quantity, DateAnswer(first, past=first < TODAY), DateAnswer(last, past=last < TODAY)
        )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("27-29", "2026-12-27 2026-12-29"),
        ("4. til 6.", "2026-12-04 2026-12-06"),
        ("4 to 6", "2026-12-04 2026-12-06"),
        ("weekend", "2026-12-04 2026-12-06"),
        ("helg", "2026-12-04 2026-12-06"),
        ("12/24 - 12/26", "2026-12-24 2026-12-26"),
        ("12/24", None),
        ("friday", None),
        ("3 days", None),
        ("tent friday to sunday", None),
    ],
)
def test_where_only_days_are_asked_bare_numbers_are_days(text: str, meant: str | None) -> None:
    """Nothing there can be a name, so that two numbers and a plain weekend are a first and a last day."""
    both = both_days(text, today=TODAY, language="en")
    assert (" ".join(str(end.day) for end in both) if both else None) == meant


def test_a_fraction_after_what_nothing_is_called_is_a_day() -> None:
    """`tent 12/24` may be a name; where nothing is called so, it is a tent on Christmas Eve."""
    line = parse("2x tent 12/24", today=TODAY, language="en")
    again = without_name(line, today=TODAY, language="en")
    assert again is not None
    assert shown(again) == "tent | x2 | 2026-12-24 | -"
    assert without_name(parse("tent", today=TODAY, language="en"), today=TODAY, language="en") is None


@pytest.mark.parametrize(("today", "begins"), [("2026-12-05", "2026-12-05"), ("2026-12-06", "2026-12-06")])
def test_a_weekend_that_has_begun_begins_today(today: str, begins: str) -> None:
    """On Saturday this weekend is today and tomorrow."""
    both = both_days("this weekend", today=date.fromisoformat(today), language="en")
    assert both is not None
    assert [str(end.day) for end in both] == [begins, "2026-12-06"]
