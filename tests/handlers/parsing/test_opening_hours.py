"""Hours and closed dates as people write them; and cities for time zones."""

from datetime import date, time

import pytest

from handlers.parsing import opening_hours, time_zones
from services.core.hours.periods import Span
from services.organizations.opening_hours_settings import Days

TODAY = date(2026, 12, 1)
CONSTITUTION = (date(2027, 5, 17), date(2027, 5, 17))
BROKEN = Span(time(10), time(18), (Span(time(12), time(16)),))
MORNING = Span(time(10), time(12))
CHRISTMAS = (date(2026, 12, 24), date(2027, 1, 2))


@pytest.mark.parametrize(
    "said, span",
    [
        ("10-18", Span(time(10), time(18))),
        ("9:30 – 17", Span(time(9, 30), time(17))),
        ("0930-1700", Span(time(9, 30), time(17))),
        ("10.15 til 18.45", Span(time(10, 15), time(18, 45))),
        ("from 10 to 18", Span(time(10), time(18))),
        ("10-12, 16-18", BROKEN),
        ("10-12 og 16-18", BROKEN),
        ("10:00-12:00,16:00-18:00", BROKEN),
        ("10-14, 12-18", None),
        ("16-18, 10-12", None),
        ("10-12, later", None),
        ("16-24", Span(time(16), time(23, 59))),
        ("0-24", Span(time(0), time(23, 59))),
        ("18-10", None),
        ("10-10", None),
        ("10", None),
        ("10-12-14", None),
        ("25-26", None),
        ("morning", None),
        ("-", None),
        ("", None),
    ],
)
def test_hours(said: str, span: Span | None) -> None:
    """From and until; midnight is as late as a day can be."""
    assert opening_hours.hours(said) == span


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize(
    "line, days",
    [
        ("24.12.-2.1. Christmas", Days(*CHRISTMAS, "Christmas")),
        ("24.12. - 2.1. Christmas and New Year", Days(*CHRISTMAS, "Christmas and New Year")),
        ("24.12.-2.1.: Jul", Days(*CHRISTMAS, "Jul")),
        ("24.12.2026-2.1.2027", Days(*CHRISTMAS)),
        ("2026-12-24 2027-01-02 Christmas", Days(*CHRISTMAS, "Christmas")),
        ("17.5.", Days(date(2027, 5, 17), date(2027, 5, 17))),
        ("17. mai Grunnlovsdagen", Days(date(2027, 5, 17), date(2027, 5, 17), "Grunnlovsdagen")),
        ("1 May Labour Day", Days(date(2027, 5, 1), date(2027, 5, 1), "Labour Day")),
        ("24.12.-2.1. every year: Christmas", Days(*CHRISTMAS, "Christmas", yearly=True)),
        ("24.12.-2.1., hvert år", Days(*CHRISTMAS, yearly=True)),
        ("17.5. open 10-12", Days(*CONSTITUTION, hours=MORNING)),
        ("17.5. åpent 10-12, 16-18 Parade", Days(*CONSTITUTION, "Parade", hours=BROKEN)),
        ("17.5. Open 10-12: Parade", Days(*CONSTITUTION, "Parade", hours=MORNING)),
        ("17.5. every year, open 10 to 12", Days(*CONSTITUTION, yearly=True, hours=MORNING)),
        ("1.5. 100 years of the club", Days(date(2027, 5, 1), date(2027, 5, 1), "100 years of the club")),
    ],
)
def test_closed_dates(line: str, days: Days, language: str) -> None:
    """A day or two, and why; a year that is not written is the next."""
    assert opening_hours.closed_days(line, today=TODAY, language=language) == [days]


def test_many_lines() -> None:
    """Empty ones between them do not matter."""
    found = opening_hours.closed_days("24.12.-2.1. Christmas\n\n  17.5. \n", today=TODAY, language="en")
    assert found == [Days(*CHRISTMAS, "Christmas"), Days(date(2027, 5, 17), date(2027, 5, 17))]


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("24.12.-2.1. Christmas\nwhenever\n17.5.", "whenever"),
        ("31.2. Never", "31.2. Never"),
        ("17.5. open", "17.5. open"),
        ("", ""),
        ("x" * 500, "x" * 100),
    ],
)
def test_lines_that_are_no_dates(text: str, wrong: str) -> None:
    """The line is told; nothing of the rest is taken."""
    assert opening_hours.closed_days(text, today=TODAY, language="en") == wrong


@pytest.mark.parametrize(
    "words, found",
    [
        ("Oslo", ["Europe/Oslo"]),
        ("norge", ["Europe/Oslo"]),
        ("Norway", ["Europe/Oslo"]),
        ("København", ["Europe/Copenhagen"]),
        ("copenhagen", ["Europe/Copenhagen"]),
        ("europe/oslo", ["Europe/Oslo"]),
        ("new york", ["America/New_York"]),
        ("Berlin", ["Europe/Berlin"]),
        ("Nowhere", []),
        ("", []),
        ("🎉", []),
    ],
)
def test_zones(words: str, found: list[str]) -> None:
    """By city or country, in any of the languages, and by the zone's own name."""
    assert time_zones.find(words) == found


def test_a_country_with_many_zones() -> None:
    """No more zones are offered than fit on a card; the beginning of a name finds them too."""
    assert len(time_zones.find("USA")) + len(time_zones.find("United States")) >= 1
    assert len(time_zones.find("United States")) <= time_zones.MOST
    assert "America/Los_Angeles" in time_zones.find("los ang")
