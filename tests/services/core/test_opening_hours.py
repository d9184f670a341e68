"""Opening days: which days can be chosen, when a rental then begins and is due, and why not on others.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

import time as stopwatch
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.models import Location, Rental
from db.states import Role
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Timetable, Week, Weekday, What
from services.core.hours.periods import Closure, Hours, Period, Span
from services.core.tx import Tx
from services.organizations import opening_hours_settings
from services.organizations.opening_hours_settings import Days
from services.rentals import extension
from services.rentals.booking import baskets, request
from tests import factories, long
from tests.factories import OSLO, Club
from tests.services.permissions.assertions import item, refuses, set_policy

USUAL = Hours(time(8), time(20))
TEN_TO_SIX = Span(time(10), time(18))
OPEN = Weekday(TEN_TO_SIX, TEN_TO_SIX)
WORKDAYS: Week = dict.fromkeys(range(5), OPEN)
CHRISTMAS = Closure(7, None, date(2026, 12, 24), date(2027, 1, 1), "Christmas")
MONDAY, TUESDAY, SATURDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 5)


def week_of(week: Week, *closures: Closure) -> Timetable:
    return Timetable(USUAL, {None: week}, closures)


def leader(session: Session, club: Club, now: datetime) -> Actor:
    return factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)


def place(session: Session, club: Club, name: str, *codes: str) -> int:
    """A location where these items lie."""
    row = Location(organization_id=club.organization.id, name=name)
    session.add(row)
    session.flush()
    for code in codes:
        item(session, code).location_id = row.id
    session.flush()
    return row.id


def basket(session: Session, club: Club, now: datetime) -> Rental:
    draft = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), draft, club.tent.id, 1)
    return draft


def of_days(first: date, last: date) -> Period:
    return periods.of_days(first, last, OSLO, USUAL)


# The week and the closed dates


def test_a_week_says_which_days_are_open() -> None:
    """Monday to Friday: neither Saturday nor Sunday is, and the next open day is Monday."""
    found = week_of(WORKDAYS)
    assert [found.shut(MONDAY + timedelta(days=n), What.HAND_OUT) is None for n in range(7)] == [
        *[True] * 5,
        False,
        False,
    ]
    assert found.next_open(SATURDAY, What.HAND_OUT) == date(2026, 12, 7)
    with pytest.raises(Refusal) as caught:
        found.require(SATURDAY, What.RETURN)
    assert (caught.value.code, caught.value.data) == (
        Refused.CLOSED_DAY,
        {"day": "2026-12-05", "what": "return", "reason": "", "following": "2026-12-07", "places": []},
    )


def test_closed_dates_say_why() -> None:
    """From the first to the last, both included; whoever asks is told the reason and the next open day."""
    found = week_of(WORKDAYS, CHRISTMAS)
    for day in (date(2026, 12, 24), date(2026, 12, 26), date(2027, 1, 1)):
        shut = found.shut(day, What.HAND_OUT)
        assert shut is not None and shut.closure == CHRISTMAS
    with pytest.raises(Refusal) as caught:
        found.require(date(2026, 12, 24), What.HAND_OUT)
    assert (caught.value.data["reason"], caught.value.data["following"]) == ("Christmas", "2027-01-04")
    assert found.shut(date(2026, 12, 23), What.HAND_OUT) is None


def test_a_period_runs_from_opening_to_closing() -> None:
    """The policy's hand-out time counts where it lies within the hours; the return is at closing."""
    found = week_of(WORKDAYS)
    period = found.period(TUESDAY, date(2026, 12, 3), OSLO)
    assert (period.starts_at, period.due_at) == (
        periods.at(TUESDAY, time(10), OSLO),
        periods.at(date(2026, 12, 3), time(18), OSLO),
    )
    early = Timetable(Hours(time(11), time(20)), {None: WORKDAYS}, [])
    assert early.hand_out_from(TUESDAY) == time(11)


def test_without_hours_the_policy_counts() -> None:
    """Also with closed dates; 00:00 stays the end of the day."""
    found = Timetable(Hours(time(8), time(0)), {}, [CHRISTMAS])
    period = found.period(TUESDAY, TUESDAY, OSLO)
    assert (period.starts_at, period.due_at) == (
        periods.at(TUESDAY, time(8), OSLO),
        periods.start_of_day(date(2026, 12, 2), OSLO),
    )
    found.require_time(TUESDAY, time(3), What.HAND_OUT)


def test_hand_outs_and_returns_may_have_other_days() -> None:
    """Out on Mondays, back on Thursdays: the shortest rental is from the one to the other."""
    found = week_of({0: Weekday(TEN_TO_SIX, None), 3: Weekday(None, TEN_TO_SIX)})
    period = found.shortest(MONDAY, OSLO, most=30)
    assert period == Period(
        periods.at(MONDAY, time(10), OSLO), periods.at(MONDAY + timedelta(days=3), time(18), OSLO)
    )
    assert found.shortest(MONDAY, OSLO, most=3) is None
    with pytest.raises(Refusal):
        found.shortest(TUESDAY, OSLO, most=30)


def test_returns_before_hand_outs_on_one_day() -> None:
    """Back in the morning and out in the afternoon: what goes out on that day is not back on it."""
    both = Weekday(Span(time(16), time(18)), Span(time(9), time(11)))
    found = week_of(dict.fromkeys(range(7), both))
    period = found.shortest(TUESDAY, OSLO, most=30)
    assert period is not None
    assert periods.last_day(period.due_at, OSLO) == date(2026, 12, 2)


def test_equipment_in_several_places() -> None:
    """It can be had where one of its items lies; what is rented together has to be open together."""
    weeks: dict[opening_hours.Place, Week] = {1: {0: OPEN}, 2: {1: Weekday(Span(time(12), time(14)), None)}}
    either = Timetable(USUAL, weeks, [], [frozenset([1, 2])])
    assert [either.shut(day, What.HAND_OUT) is None for day in (MONDAY, TUESDAY)] == [True, True]
    assert either.hand_out_from(TUESDAY) == time(12)
    both = Timetable(USUAL, weeks, [], [frozenset([1]), frozenset([2])])
    assert [both.shut(day, What.HAND_OUT) is None for day in (MONDAY, TUESDAY)] == [False, False]
    elsewhere = Timetable(USUAL, weeks, [], [frozenset([None, 1])])
    assert elsewhere.shut(SATURDAY, What.HAND_OUT) is None


def test_a_place_of_its_own() -> None:
    """Its week replaces the one for all; closures for all hold there too, its own only there."""
    renovated = Closure(8, 1, TUESDAY, TUESDAY, "Painting")
    weeks: dict[opening_hours.Place, Week] = {None: WORKDAYS, 1: {5: OPEN, 1: OPEN}}
    there = Timetable(USUAL, weeks, [CHRISTMAS, renovated], [frozenset([1])])
    other = Timetable(USUAL, weeks, [CHRISTMAS, renovated], [frozenset([2])])
    assert there.shut(SATURDAY, What.HAND_OUT) is None
    assert there.shut(date(2026, 12, 26), What.HAND_OUT) == opening_hours.Shut(CHRISTMAS, frozenset([1]))
    assert there.shut(TUESDAY, What.HAND_OUT) == opening_hours.Shut(renovated, frozenset([1]))
    assert other.shut(TUESDAY, What.HAND_OUT) is None
    assert other.shut(SATURDAY, What.HAND_OUT) == opening_hours.Shut(None, frozenset([2]))


ZONES = [OSLO, ZoneInfo("America/New_York"), ZoneInfo("Antarctica/Troll"), ZoneInfo("Asia/Kathmandu")]
_CHANGES = [date(2027, 3, 14), date(2027, 3, 28), date(2027, 10, 31), date(2027, 11, 7)]
zones = st.sampled_from(ZONES)
days_ahead = st.one_of(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.sampled_from(_CHANGES))
spans = st.lists(st.times(), min_size=2, max_size=2, unique=True).map(lambda two: Span(min(two), max(two)))
weekdays = st.builds(Weekday, st.none() | spans, st.none() | spans)
weeks = st.dictionaries(st.integers(0, 6), weekdays, min_size=1)
closures = st.builds(
    lambda number, place, first, length: Closure(number, place, first, first + timedelta(days=length), "why"),
    st.integers(1, 9),
    st.sampled_from([None, 1]),
    days_ahead,
    st.integers(0, 20),
)
timetables_ = st.builds(
    Timetable,
    st.builds(Hours, st.times(), st.times()),
    st.dictionaries(st.sampled_from([None, 1, 2]), weeks, max_size=3),
    st.lists(closures, max_size=4),
    st.lists(st.frozensets(st.sampled_from([None, 1, 2]), min_size=1), min_size=1, max_size=3),
)


@settings(deadline=None, max_examples=long.cases(30, 100))
@given(timetables_, days_ahead, st.integers(0, 40), zones)
def test_a_period_lies_on_open_days(found: Timetable, first: date, length: int, zone: ZoneInfo) -> None:
    """Whatever the hours, closures and changes of the clocks: from and until the days asked, both open."""
    last = first + timedelta(days=length)
    closed = found.shut(first, What.HAND_OUT) or found.shut(last, What.RETURN)
    try:
        period = found.period(first, last, zone)
    except Refusal as refusal:
        expected = Refused.CLOSED_DAY if closed else Refused.END_BEFORE_START
        assert refusal.code is expected
        return
    assert closed is None
    assert periods.last_day(period.due_at, zone) in (last, last - timedelta(days=1))
    assert period.due_at == periods.end_of(last, found.take_back_until(last), zone)
    assert period.starts_at == periods.at(first, found.hand_out_from(first), zone)
    assert found.is_still(first, periods.start_of_day(first, zone) - timedelta(seconds=1), zone)


@settings(deadline=None, max_examples=long.cases(30, 100))
@given(timetables_, days_ahead, st.sampled_from(list(What)))
def test_the_next_open_day_is_open(found: Timetable, day: date, what: What) -> None:
    """And every day between is closed."""
    following = found.next_open(day, what)
    between = (following or day + timedelta(days=opening_hours.LOOK_AHEAD_DAYS + 1)) - day
    assert all(found.shut(day + timedelta(days=n), what) for n in range(1, between.days))
    if following is not None:
        assert found.shut(following, what) is None
        found.require(following, what)


# What they mean for rentals


def test_a_basket_is_not_for_closed_days(session: Session, club: Club, now: datetime) -> None:
    """Neither its first day nor its last; what lies between may be closed."""
    ada = leader(session, club, now)
    christmas = Days(date(2026, 12, 24), date(2026, 12, 26), "Christmas")
    opening_hours_settings.close_days(Tx(session, now, ada), None, [christmas])
    draft = basket(session, club, now)
    with refuses(session, Refused.CLOSED_DAY, what="hand_out", reason="Christmas", following="2026-12-27"):
        request.set_period(Tx(session, now), draft, of_days(date(2026, 12, 24), date(2026, 12, 28)))
    with refuses(session, Refused.CLOSED_DAY, what="return", reason="Christmas"):
        request.set_period(Tx(session, now), draft, of_days(date(2026, 12, 22), date(2026, 12, 26)))
    request.set_period(Tx(session, now), draft, of_days(date(2026, 12, 22), date(2026, 12, 28)))


def test_days_closed_meanwhile(session: Session, club: Club, now: datetime) -> None:
    """A basket that waits is looked at again when it is sent; what was asked for already stays."""
    ada = leader(session, club, now)
    first, last = date(2026, 12, 3), date(2026, 12, 4)
    asked = factories.requested(session, club.ola, now, of_days(first, last), (club.tent, 1))
    draft = basket(session, club, now)
    request.set_period(Tx(session, now), draft, of_days(first, last))
    opening_hours_settings.close_days(Tx(session, now, ada), None, [Days(last, last, "Moving")])
    with refuses(session, Refused.CLOSED_DAY, day="2026-12-04", reason="Moving"):
        request.request(Tx(session, now, club.kari), draft.id)
    assert opening_hours_settings.rentals_affected(Tx(session, now, ada), {last}) == 1
    assert asked.due_at == of_days(first, last).due_at


def test_the_place_of_the_items_decides(session: Session, club: Club, now: datetime) -> None:
    """The tents lie in the cellar, which is closed on Saturdays; the stove does not."""
    ada = leader(session, club, now)
    cellar = place(session, club, "Cellar", "T1", "T2", "T3")
    opening_hours_settings.set_days(Tx(session, now, ada), cellar, [5], Weekday(), seen={})
    saturday = of_days(SATURDAY, SATURDAY)
    with refuses(session, Refused.CLOSED_DAY):
        request.set_period(Tx(session, now), basket(session, club, now), saturday)
    stove = request.open_draft(Tx(session, now, club.ola))
    baskets.put(Tx(session, now, club.ola), stove, club.stove.id, 1)
    request.set_period(Tx(session, now), stove, saturday)
    item(session, "T3").location_id = None
    session.flush()
    request.set_period(Tx(session, now), basket(session, club, now), saturday)


def test_today_after_hours(session: Session, club: Club, now: datetime) -> None:
    """An organisation that has closed for the day hands nothing out today, and says when it closed."""
    ada = leader(session, club, now)
    opening_hours_settings.set_days(Tx(session, now, ada), None, range(7), OPEN, seen={})
    evening = periods.at(TUESDAY, time(18, 30), OSLO)
    draft = basket(session, club, now)
    with refuses(session, Refused.OUTSIDE_HOURS, what="hand_out", opens="10:00", closes="18:00"):
        request.set_period(Tx(session, evening), draft, of_days(TUESDAY, date(2026, 12, 2)))
    request.set_period(Tx(session, evening), draft, of_days(date(2026, 12, 2), date(2026, 12, 2)))


def test_other_days_that_are_offered_are_open(session: Session, club: Club, now: datetime) -> None:
    """A refusal never leads to a closed day, and its period runs from opening to closing."""
    ada = leader(session, club, now)
    opening_hours_settings.set_days(Tx(session, now, ada), None, range(5), OPEN, seen={})
    opening_hours_settings.set_days(Tx(session, now, ada), None, [5, 6], Weekday(), seen={})
    thursday, friday = date(2026, 12, 3), date(2026, 12, 4)
    timetable = opening_hours.for_rental(Tx(session, now), basket(session, club, now))
    factories.requested(session, club.ola, now, timetable.period(thursday, friday, OSLO), (club.stove, 1))
    draft = request.open_draft(Tx(session, now, club.lars))
    baskets.put(Tx(session, now, club.lars), draft, club.stove.id, 1)
    with refuses(session, Refused.NOT_FREE) as caught:
        request.set_period(Tx(session, now), draft, timetable.period(friday, friday, OSLO))
    monday = date(2026, 12, 7)
    later = timetable.period(monday, monday, OSLO)
    assert caught.value.data["next_free"] == (later.starts_at, later.due_at)
    request.set_period(Tx(session, now), draft, later)


def test_more_time_ends_on_an_open_day(session: Session, club: Club, now: datetime) -> None:
    """It is due as that day closes; a closed one is refused with the next."""
    ada = leader(session, club, now)
    set_policy(session, club.organization, extension_approval=False)
    rental = factories.handed_out(session, club, now, of_days(TUESDAY, date(2026, 12, 3)), (club.tent, 1))
    opening_hours_settings.set_days(Tx(session, now, ada), None, [5, 6], Weekday(), seen={})
    opening_hours_settings.set_days(Tx(session, now, ada), None, [4], OPEN, seen={})
    timetable = opening_hours.for_rental(Tx(session, now), rental)
    assert rental.due_at is not None
    with refuses(session, Refused.CLOSED_DAY, day="2026-12-05", what="return", following="2026-12-07"):
        timetable.due(SATURDAY, rental.due_at, OSLO)
    with refuses(session, Refused.CLOSED_DAY):
        extension.ask(Tx(session, now, club.kari), rental.id, of_days(SATURDAY, SATURDAY).due_at)
    friday = timetable.due(date(2026, 12, 4), rental.due_at, OSLO)
    assert friday == periods.at(date(2026, 12, 4), time(18), OSLO)
    extension.ask(Tx(session, now, club.kari), rental.id, friday)
    assert rental.due_at == friday


def test_a_month_is_looked_at_quickly(session: Session, club: Club, now: datetime) -> None:
    """Sixty days of a calendar, with a week at each of twenty places and two hundred closures."""
    several: dict[opening_hours.Place, Week] = dict.fromkeys(range(1, 21), WORKDAYS)
    shut = [
        Closure(n, n % 20 + 1, TUESDAY + timedelta(days=7 * n), TUESDAY + timedelta(days=7 * n), "")
        for n in range(200)
    ]
    found = Timetable(USUAL, several, shut, [frozenset(several)] * 3)
    began = stopwatch.perf_counter()
    for ahead in range(60):
        day = TUESDAY + timedelta(days=ahead)
        if found.shut(day, What.HAND_OUT) is None:
            found.shortest(day, OSLO, most=30)
    assert stopwatch.perf_counter() - began < 1
