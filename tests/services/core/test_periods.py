"""Periods of local days are right in UTC, through every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.hours.periods import Hours, Period

OSLO = ZoneInfo("Europe/Oslo")
TROLL = ZoneInfo("Antarctica/Troll")  # changes by two hours
APIA = ZoneInfo("Pacific/Apia")  # left out 30 December 2011
USUAL = Hours(time(8), time(20))

zones = st.sampled_from(
    [OSLO, TROLL, APIA, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")]
)
# Years in which Apia's clocks follow no date line; its missing day has a test of its own.
_CHANGES = [date(2027, 3, 14), date(2027, 3, 28), date(2027, 10, 31), date(2027, 11, 7), date(2012, 4, 1)]
days_ahead = st.one_of(st.dates(date(2012, 1, 1), date(2199, 12, 31)), st.sampled_from(_CHANGES))
clocks = st.one_of(st.times(), st.times(time(0), time(4)))
moments = st.builds(
    lambda day, clock: datetime.combine(day, clock, UTC),
    st.one_of(st.dates(date(2012, 1, 2), date(2199, 12, 30)), st.sampled_from(_CHANGES)),
    clocks,
)
lengths = st.integers(0, 400)


def local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def test_days_run_from_hand_out_to_return() -> None:
    """1 to 3 December in Oslo begins at 08:00 on the 1st and is due at 20:00 on the 3rd, local time."""
    period = periods.of_days(date(2026, 12, 1), date(2026, 12, 3), OSLO, USUAL)
    assert period.starts_at == datetime(2026, 12, 1, 7, tzinfo=UTC)
    assert period.due_at == datetime(2026, 12, 3, 19, tzinfo=UTC)
    assert periods.days(period, OSLO) == 3


def test_clocks_change_within_a_period() -> None:
    """A weekend with a change of the clocks keeps its local hours and is an hour shorter or longer."""
    spring = periods.of_days(date(2027, 3, 27), date(2027, 3, 28), OSLO, USUAL)
    autumn = periods.of_days(date(2027, 10, 30), date(2027, 10, 31), OSLO, USUAL)
    assert local(spring.due_at, OSLO) == "2027-03-28 20:00"
    assert spring.due_at - spring.starts_at == timedelta(hours=35)
    assert autumn.due_at - autumn.starts_at == timedelta(hours=37)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "shown"),
    [
        (OSLO, date(2027, 3, 28), time(2), "2027-03-28 03:00"),
        (OSLO, date(2027, 3, 28), time(2, 59, 59, 999999), "2027-03-28 03:00"),
        (TROLL, date(2027, 3, 28), time(1, 30), "2027-03-28 03:00"),
        (TROLL, date(2027, 3, 28), time(2, 30), "2027-03-28 03:00"),
        (ZoneInfo("America/New_York"), date(2027, 3, 14), time(2, 30), "2027-03-14 03:00"),
        (ZoneInfo("Asia/Beirut"), date(2022, 3, 27), time(0), "2022-03-27 01:00"),
        (APIA, date(2011, 12, 30), time(8), "2011-12-31 00:00"),
    ],
)
def test_a_skipped_time_moves_forward(zone: ZoneInfo, day: date, clock: time, shown: str) -> None:
    """A local time that the clocks skip becomes the first moment after the gap."""
    assert local(periods.at(day, clock, zone), zone) == shown


def test_an_ambiguous_time_is_the_first() -> None:
    """A local time that the clocks show twice is the earlier of the two, whatever fold came in."""
    for fold in (0, 1):
        moment = periods.at(date(2027, 10, 31), time(2, 30, fold=fold), OSLO)
        assert moment == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_returns_at_midnight_end_the_day() -> None:
    """With returns at 00:00 the last day counts whole and stays the last day."""
    period = periods.of_days(date(2026, 12, 1), date(2026, 12, 3), OSLO, Hours(time(0), time(0)))
    assert local(period.due_at, OSLO) == "2026-12-04 00:00"
    assert periods.last_day(period.due_at, OSLO) == date(2026, 12, 3)
    assert periods.days(period, OSLO) == 3


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        (date(2026, 12, 3), date(2026, 12, 1), USUAL),
        (date(2026, 12, 1), date(2026, 12, 1), Hours(time(20), time(8))),
        (date(2026, 12, 1), date(2026, 12, 1), Hours(time(8), time(8))),
    ],
)
def test_an_empty_period_is_refused(first: date, last: date, hours: Hours) -> None:
    """An end that is not after the start is refused by its own code."""
    with pytest.raises(Refusal) as refused:
        periods.of_days(first, last, OSLO, hours)
    assert refused.value.code is Refused.END_BEFORE_START


def test_a_moment_outside_utc_is_a_mistake() -> None:
    """Local or naive moments are turned away, so that none is ever compared with a UTC one."""
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    for wrong in (noon.astimezone(OSLO), noon.replace(tzinfo=None)):
        with pytest.raises(ValueError, match="not in UTC"):
            Period(wrong, noon + timedelta(days=1))


def test_today_is_the_zones_own() -> None:
    """Shortly before midnight in UTC it is already tomorrow in Oslo and still today in New York."""
    late = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    assert periods.local_today(late, OSLO) == date(2026, 12, 2)
    assert periods.local_today(late, ZoneInfo("America/New_York")) == date(2026, 12, 1)


@settings(deadline=None)
@given(days_ahead, lengths, zones, clocks, clocks)
def test_days_come_back(first: date, length: int, zone: ZoneInfo, hand_out: time, returns: time) -> None:
    """Whatever the hours and the zone, a period of days gives back the days it was made of."""
    last = min(first + timedelta(days=length), date(2199, 12, 31))
    assume(first < last)
    period = periods.of_days(first, last, zone, Hours(hand_out, returns))
    assert periods.first_day(period.starts_at, zone) == first
    assert periods.last_day(period.due_at, zone) == last
    assert periods.days(period, zone) == (last - first).days + 1


@settings(deadline=None)
@given(days_ahead, clocks, zones)
def test_a_local_time_comes_back(day: date, clock: time, zone: ZoneInfo) -> None:
    """The moment shows the asked time on local clocks, or else ends the gap that swallowed it."""
    moment = periods.at(day, clock, zone)
    asked = datetime.combine(day, clock)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    just_before = (moment - timedelta(microseconds=1)).astimezone(zone).replace(tzinfo=None)
    assert shown == asked or just_before < asked < shown


@settings(deadline=None)
@given(days_ahead, clocks, st.timedeltas(timedelta(0), timedelta(hours=30)), zones)
def test_moments_keep_the_order_of_local_times(
    day: date, clock: time, later: timedelta, zone: ZoneInfo
) -> None:
    """A later local time is never an earlier moment."""
    two = datetime.combine(day, clock) + later
    assert periods.at(day, clock, zone) <= periods.at(two.date(), two.time(), zone)


@settings(deadline=None)
@given(moments, zones)
def test_a_day_begins_before_all_its_moments(moment: datetime, zone: ZoneInfo) -> None:
    """Every moment lies between the start of its own local day and the start of the next."""
    day = periods.local_today(moment, zone)
    assert periods.start_of_day(day, zone) <= moment < periods.start_of_day(day + timedelta(days=1), zone)
