"""A typed day is understood as people mean it, in both languages, or else it is said why not."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.parsing import date_vocabulary
from handlers.parsing.dates import DateAnswer, Problem, Unclear, understand
from tests import long

TODAY = date(2026, 12, 1)  # a Tuesday
MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar mars april mai juni juli august september oktober november desember",
)
WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "mandag tirsdag onsdag torsdag fredag lørdag søndag",
)


def day(text: str, today: date = TODAY, after: date | None = None) -> str:
    """The day as ISO, with its time if there is one; or the code of the problem."""
    answer = understand(text, today=today, expect_after=after)
    if isinstance(answer, Problem):
        return answer.code.value
    return f"{answer.day} {answer.clock:%H:%M}" if answer.clock else str(answer.day)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01T14:00", "2026-12-01 14:00"),
        ("2026.12.24", "2026-12-24"),
        ("1.12.", "2026-12-01"),
        ("1.12", "2026-12-01"),
        ("01. 12. 2026", "2026-12-01"),
        ("1.12.26", "2026-12-01"),
        ("1.12.2026 14:00", "2026-12-01 14:00"),
        ("5.12. kl. 9.30", "2026-12-05 09:30"),
        ("kl 14 på fredag", "2026-12-04 14:00"),
        ("Friday, 2 pm", "2026-12-04 14:00"),
        ("tomorrow at 12 am", "2026-12-02 00:00"),
        ("31/12/2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
        ("12/12", "2026-12-12"),
        ("20-12-2026", "2026-12-20"),
        ("1 December", "2026-12-01"),
        ("Dec 1", "2026-12-01"),
        ("December the 5th, 2026", "2026-12-05"),
        ("5th of January 2027", "2027-01-05"),
        ("1. desember", "2026-12-01"),
        ("den 24. des.", "2026-12-24"),
        ("2. mai", "2027-05-02"),
        ("fredag 4. desember kl 10", "2026-12-04 10:00"),
        ("Fri 4 Dec", "2026-12-04"),
        ("Friday the 4th", "2026-12-04"),
        ("fredag den 4.", "2026-12-04"),
        ("fredag neste uke", "2026-12-11"),
        ("monday, week 50", "2026-12-07"),
        ("overimorgen", "2026-12-03"),
        ("today", "2026-12-01"),
        ("I DAG!", "2026-12-01"),
        ("tomorrow", "2026-12-02"),
        ("i morgen", "2026-12-02"),
        ("the day after tomorrow", "2026-12-03"),
        ("i overmorgen", "2026-12-03"),
        ("overmorgen", "2026-12-03"),
        ("in 3 days", "2026-12-04"),
        ("om 3 dager", "2026-12-04"),
        ("om tre dager", "2026-12-04"),
        ("in a week", "2026-12-08"),
        ("om en uke", "2026-12-08"),
        ("om to uker", "2026-12-15"),
        ("in two weeks", "2026-12-15"),
        ("two weeks from now", "2026-12-15"),
        ("a week from today", "2026-12-08"),
        ("en uke fra i dag", "2026-12-08"),
        ("i dag om en uke", "2026-12-08"),
        ("om fjorten dager", "2026-12-15"),
        ("in twelve days", "2026-12-13"),
        ("in twenty days", "2026-12-21"),
        ("om tjue dager", "2026-12-21"),
        ("2026 december 4", "2026-12-04"),
        ("2026 dec 4", "2026-12-04"),
        ("next friday", "2026-12-11"),
        ("neste fredag", "2026-12-11"),
        ("søndag 6", "2026-12-06"),
        ("in a month", "2027-01-01"),
        ("fredag", "2026-12-04"),
        ("på fredag", "2026-12-04"),
        ("on friday", "2026-12-04"),
        ("fri", "2026-12-04"),
        ("lør.", "2026-12-05"),
        ("7", "2026-12-07"),
        ("7.", "2026-12-07"),
        ("the 7th", "2026-12-07"),
        ("1", "2026-12-01"),
        ("١.١٢.", "2026-12-01"),
        ("\u200f1.12.\u200e", "2026-12-01"),
    ],
)
def test_a_day_is_understood(text: str, meant: str) -> None:
    """Every form of both languages means its day."""
    assert day(text) == meant


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Unclear.NOT_A_DATE),
        ("tent", Unclear.NOT_A_DATE),
        ("30.13.", Unclear.NOT_A_DATE),
        ("32", Unclear.NOT_A_DATE),
        ("0.12.", Unclear.NOT_A_DATE),
        ("1.12.0026", Unclear.NOT_A_DATE),
        ("in 9999 months", Unclear.NOT_A_DATE),
        ("march", Unclear.NOT_A_DATE),
        ("dec 2027", Unclear.NOT_A_DATE),
        ("5D", Unclear.NOT_A_DATE),
        ("3 hours", Unclear.NOT_A_DATE),
        ("next week", Unclear.NOT_A_DATE),
        ("tent 14:00", Unclear.NOT_A_DATE),
        ("tomorrow 25:00", Unclear.NO_SUCH_TIME),
        ("tomorrow 13 pm", Unclear.NO_SUCH_TIME),
        ("3 days", Unclear.LENGTH_ONLY),
        ("en uke", Unclear.LENGTH_ONLY),
        ("helg", Unclear.LENGTH_ONLY),
    ],
)
def test_what_is_no_day_is_told_apart(text: str, code: Unclear) -> None:
    """Nonsense, lengths without a beginning and impossible times each have their own code."""
    assert day(text) == code


@pytest.mark.parametrize(
    ("text", "number", "month"),
    [("31.11.", 31, 11), ("30 February", 30, 2), ("2026-02-30", 30, 2), ("31/11", 31, 11), ("29.2.", 29, 2)],
)
def test_a_day_that_does_not_exist_is_named(text: str, number: int, month: int) -> None:
    """The 31st of a short month comes back as day and month, so that the answer can name them."""
    assert understand(text, today=TODAY) == Problem(Unclear.NO_SUCH_DAY, day=number, month=month)


def test_slashes_are_asked_back() -> None:
    """01/12 is a day in January to some and in December to others: both are offered."""
    answer = understand("01/12/2027 14:00", today=TODAY)
    choices = (date(2027, 1, 12), date(2027, 12, 1))
    assert answer == Problem(Unclear.AMBIGUOUS, clock=time(14), choices=choices)


def test_a_weekday_that_does_not_fit_is_asked_back() -> None:
    """The 3rd is a Thursday: "Friday 3 December" may be that day or the Friday of its week."""
    answer = understand("Friday 3 December", today=TODAY)
    assert answer == Problem(Unclear.AMBIGUOUS, choices=(date(2026, 12, 3), date(2026, 12, 4)))


@pytest.mark.parametrize("text", ["14:00", "kl 14", "at 2 pm", "til 14:00"])
def test_a_time_alone_keeps_the_time(text: str) -> None:
    """A time without a day is a problem that carries the time."""
    assert understand(text, today=TODAY) == Problem(Unclear.TIME_ONLY, clock=time(14))


@pytest.mark.parametrize("text", ["yesterday", "i går", "30.11.2026", "2020-01-01"])
def test_the_past_is_flagged(text: str) -> None:
    """A day before today is answered, with the flag; today is not past."""
    answer = understand(text, today=TODAY)
    assert isinstance(answer, DateAnswer) and answer.past
    assert understand("today", today=TODAY) == DateAnswer(TODAY)


@pytest.mark.parametrize(
    ("today", "text", "meant"),
    [
        ("2026-12-02", "1.12.", "2027-12-01"),
        ("2026-12-31", "1 January", "2027-01-01"),
        ("2026-12-08", "7", "2027-01-07"),
        ("2027-01-31", "30", "2027-03-30"),
        ("2027-03-01", "29.2.", "2028-02-29"),
        ("2026-12-04", "friday", "2026-12-11"),
        ("2026-12-04", "this friday", "2026-12-04"),
        ("2026-11-30", "next friday", "2026-12-11"),
        ("2026-12-06", "neste mandag", "2026-12-07"),
        ("2027-01-31", "in a month", "2027-02-28"),
    ],
)
def test_days_without_a_year_look_ahead(today: str, text: str, meant: str) -> None:
    """A day without year, month or week is the next such day; "next" is the week after this."""
    assert day(text, today=date.fromisoformat(today)) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3 days", "2026-12-30"),
        ("for 3 days", "2026-12-30"),
        ("i 3 dager", "2026-12-30"),
        ("to dager", "2026-12-29"),
        ("1 day", "2026-12-28"),
        ("0 days", "2026-12-27"),
        ("a week", "2027-01-03"),
        ("en uke", "2027-01-03"),
        ("2 måneder", "2027-02-27"),
        ("weekend", "2027-01-03"),
        ("ut helga", "2027-01-03"),
        ("28", "2026-12-28"),
        ("3", "2027-01-03"),
        ("3.1.", "2027-01-03"),
        ("27.12.", "2026-12-27"),
        ("til fredag", "2027-01-01"),
        ("monday", "2027-01-04"),
        ("next friday", "2027-01-08"),
        ("2026-12-20", "2026-12-20"),
        ("tomorrow", "2026-12-02"),
    ],
)
def test_a_last_day_follows_the_first(text: str, meant: str) -> None:
    """From Monday 28 December: lengths count both ends, days look ahead from there, an early end stays so."""
    assert day(text, after=date(2026, 12, 28)) == meant


def test_a_year_long_loan_is_within_the_year() -> None:
    """From 1 January, "31.12." is the end of the same year."""
    assert day("31.12.", after=date(2027, 1, 1)) == "2027-12-31"


def test_a_weekday_with_a_bare_number_may_belong_to_a_name() -> None:
    """Typed alone it is a day; at the end of a line it is not taken for one."""
    assert day("sunday 6") == "2026-12-06"
    assert understand("sunday 6", today=TODAY, alone=False) == Problem(Unclear.NOT_A_DATE)


@pytest.mark.parametrize("number", range(12))
def test_every_month_and_weekday_is_known_by_name(number: int) -> None:
    """In full and short, in English and Norwegian, with the day before the month or after it."""
    wanted = date(2027, number + 1, 17)
    for months in MONTHS:
        full = months.split()[number]
        for name in (full, full[:3]):
            assert day(f"17 {name} 2027") == day(f"{name} 17, 2027") == str(wanted)
            assert day(f"17. {name}", after=TODAY.replace(year=2027, month=1)) == str(wanted)
    for weekdays in WEEKDAYS:
        name = weekdays.split()[number % 7]
        ahead = TODAY + timedelta(days=(number % 7 - TODAY.weekday() - 1) % 7 + 1)
        assert day(name) == day(name[:3]) == str(ahead)


_words = st.sampled_from(
    [
        *date_vocabulary.MONTHS,
        *date_vocabulary.WEEKDAYS,
        *date_vocabulary.NAMED_DAYS,
        *date_vocabulary.NUMBERS,
        *(
            "in",
            "om",
            "for",
            "i",
            "next",
            "neste",
            "this",
            "from",
            "fra",
            "til",
            "to",
            "days",
            "dager",
            "weeks",
        ),
        *("uker", "months", "mnd", "weekend", "kl", "at", "pm", ".", "/", "-", ":", ",", "x"),
    ]
)
_numbers = st.integers(-5, 10**5).map(str)
_likely = st.lists(st.one_of(_words, _numbers), max_size=7)
hostile = st.one_of(
    st.text(max_size=40),
    st.text("0123456789./-: ", max_size=14),
    _likely.map(" ".join),
    _likely.map("".join),
    st.text(min_size=1, max_size=5).map(lambda text: text * 1000),
)
days = st.dates(date(2000, 1, 1), date(2150, 12, 31))


@settings(max_examples=long.cases(150, 400), deadline=None)
@given(hostile, days, st.one_of(st.none(), days))
def test_nothing_that_is_typed_raises(text: str, today: date, after: date | None) -> None:
    """Whatever comes in, an answer or a problem comes out, with what the wording needs."""
    answer = understand(text, today=today, expect_after=after)
    if isinstance(answer, DateAnswer):
        assert answer.past == (answer.day < today)
        assert 1900 <= answer.day.year < 2200
    else:
        assert (answer.code is Unclear.NO_SUCH_DAY) == (answer.day is not None)
        assert answer.month is None or 1 <= answer.month <= 12
        assert (answer.code is Unclear.AMBIGUOUS) == (len(answer.choices) == 2)


@settings(deadline=None)
@given(days, days, st.times().map(lambda clock: clock.replace(second=0, microsecond=0)))
def test_written_out_days_come_back(wanted: date, today: date, clock: time) -> None:
    """A day with its year means itself in every notation, with and without a time."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%-d. %-m. %Y", "%-d %B %Y", "%A %d %b %Y"):
        text = wanted.strftime(form)
        assert understand(text, today=today) == DateAnswer(wanted, None, wanted < today)
        timed = understand(f"{text} {clock:%H:%M}", today=today)
        assert timed == DateAnswer(wanted, clock, wanted < today)


@settings(deadline=None)
@given(days, days)
def test_a_day_without_a_year_is_within_the_year(wanted: date, today: date) -> None:
    """Day and month mean the first such day that is not past, at most a year ahead."""
    answer = understand(f"{wanted.day}.{wanted.month}.", today=today)
    if isinstance(answer, Problem):
        assert (wanted.month, wanted.day) == (2, 29)
    else:
        assert (answer.day.month, answer.day.day) == (wanted.month, wanted.day)
        assert timedelta(0) <= answer.day - today < timedelta(days=366)


@settings(deadline=None)
@given(days, st.integers(0, 400))
def test_lengths_count_both_ends(first: date, length: int) -> None:
    """A number of days from the first day covers as many days."""
    answer = understand(f"{length} days", today=first, expect_after=first)
    assert isinstance(answer, DateAnswer)
    assert (answer.day - first).days + 1 == length
