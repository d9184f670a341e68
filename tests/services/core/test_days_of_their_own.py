"""Breaks in the day, dates of every year, extra days, and the longest rental in open days.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Item
from db.states import Role
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Timetable, Week, Weekday, What
from services.core.hours.periods import Closure, Hours, Span, as_text, from_text, joined
from services.core.tx import Tx
from services.desk import counter
from services.organizations import opening_hours_settings
from services.organizations.opening_hours_settings import Days
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import OSLO, Club
from tests.services.permissions.assertions import refuses, set_policy

USUAL = Hours(time(8), time(20))
MORNING, AFTERNOON = Span(time(10), time(12)), Span(time(16), time(18))
BROKEN = Span(time(10), time(18), (Span(time(12), time(16)),))
WEEK: Week = dict.fromkeys(range(5), Weekday(BROKEN, BROKEN))
TUESDAY, SATURDAY, NEXT_SATURDAY = date(2026, 12, 1), date(2026, 12, 5), date(2026, 12, 12)


def closed(number: int, first: date, last: date | None = None, place: int | None = None) -> Closure:
    return Closure(number, place, first, last or first, "")


def opened(number: int, day: date, place: int | None = None, *, yearly: bool = False) -> Closure:
    return Closure(number, place, day, day, "", yearly, MORNING)


def test_hours_with_breaks_are_read_as_they_are_written() -> None:
    """In any order, overlapping or not; what touches has no break."""
    assert joined([AFTERNOON, MORNING]) == BROKEN
    assert joined([MORNING, Span(time(12), time(13))]) == Span(time(10), time(13))
    assert as_text(BROKEN) == "10:00-12:00,16:00-18:00"
    assert (from_text(as_text(BROKEN)), from_text("")) == (BROKEN, None)


def test_nothing_is_handed_out_in_a_break() -> None:
    """Neither handed out nor taken back; the refusal names the break. The day begins and ends as before."""
    found = Timetable(USUAL, {None: WEEK}, [])
    for clock, is_open in (
        (9, False),
        (10, True),
        (12, True),
        (14, False),
        (16, True),
        (18, True),
        (19, False),
    ):
        for what in What:
            if is_open:
                found.require_time(TUESDAY, time(clock), what)
                continue
            with pytest.raises(Refusal) as caught:
                found.require_time(TUESDAY, time(clock), what)
            assert caught.value.code is Refused.OUTSIDE_HOURS
            assert caught.value.data["breaks"] == ["12:00-16:00"]
    period = found.period(TUESDAY, date(2026, 12, 2), OSLO)
    assert period.starts_at == periods.at(TUESDAY, time(10), OSLO)
    assert period.due_at == periods.at(date(2026, 12, 2), time(18), OSLO)
    assert Timetable(Hours(time(13), time(20)), {None: WEEK}, []).hand_out_from(TUESDAY) == time(16)
    assert Timetable(Hours(time(11), time(20)), {None: WEEK}, []).hand_out_from(TUESDAY) == time(11)


def test_deadlines_do_not_count_breaks(session: Session, club: Club, now: datetime) -> None:
    """From 11:00, three hours end at 18:00: one before the break, two after it."""
    ada = factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)
    tx = Tx(session, now, ada)
    opening_hours_settings.set_days(tx, None, range(7), Weekday(BROKEN, BROKEN), seen={})
    assert opening_hours_settings.own_week(tx, None) == dict.fromkeys(range(7), Weekday(BROKEN, BROKEN))
    draft = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), draft, club.tent.id, 1)
    since = periods.at(TUESDAY, time(11), OSLO)
    later = Tx(session, now, club.kari)
    for hours, end in ((1, time(12)), (2, time(17)), (3, time(18))):
        found = opening_hours.deadline(later, draft, since, hours, What.HAND_OUT, What.RETURN)
        assert found == periods.at(TUESDAY, end, OSLO), hours


def test_dates_of_every_year() -> None:
    """From their first year on, over New Year too, and on 29 February where there is none."""
    christmas = Closure(1, None, date(2026, 12, 24), date(2027, 1, 2), "", True)
    leap = Closure(2, None, date(2028, 2, 29), date(2028, 2, 29), "", True)
    for one, day, covered in (
        (christmas, date(2026, 12, 24), True),
        (christmas, date(2027, 1, 2), True),
        (christmas, date(2026, 1, 1), False),
        (christmas, date(2031, 12, 31), True),
        (christmas, date(2032, 1, 2), True),
        (christmas, date(2032, 1, 3), False),
        (leap, date(2029, 3, 1), True),
        (leap, date(2032, 2, 29), True),
        (leap, date(2032, 3, 1), False),
    ):
        assert one.covers(day) is covered, day
    for today, following in ((date(2026, 12, 1), 2026), (date(2027, 1, 2), 2026), (date(2027, 1, 3), 2027)):
        assert christmas.following(today) == date(following, 12, 24)


@pytest.mark.parametrize(
    "days, place, is_open",
    [
        ([opened(1, SATURDAY)], None, True),
        ([opened(1, SATURDAY)], 7, True),
        ([opened(1, SATURDAY, 7)], None, False),
        ([opened(1, SATURDAY, 7)], 7, True),
        ([closed(1, TUESDAY, SATURDAY), opened(2, SATURDAY)], None, True),
        ([opened(1, SATURDAY), closed(2, TUESDAY, SATURDAY)], None, False),
        ([closed(1, TUESDAY, SATURDAY), opened(2, SATURDAY, 7)], 7, True),
        ([closed(1, SATURDAY, place=7), opened(2, SATURDAY)], 7, False),
        ([closed(1, SATURDAY, place=7), opened(2, SATURDAY)], 8, True),
        ([closed(1, SATURDAY, place=7), opened(2, SATURDAY, 7)], 7, True),
        ([opened(1, date(2025, 12, 5), yearly=True)], None, True),
        ([opened(1, NEXT_SATURDAY)], None, False),
    ],
)
def test_what_holds_on_an_extra_day(days: list[Closure], place: int | None, is_open: bool) -> None:
    """The last thing said; a place that is closed by itself is opened only by itself."""
    found = Timetable(USUAL, {None: WEEK}, days, groups=[frozenset([place])])
    assert (found.shut(SATURDAY, What.HAND_OUT) is None) is is_open
    if is_open:
        assert found.take_back_until(SATURDAY) == time(12)


def test_an_extra_day_is_entered_changed_and_ended(session: Session, club: Club, now: datetime) -> None:
    """The same date again takes the place of what was said of it, and is the last that was said."""
    ada = factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)
    tx = Tx(session, now, ada)
    opening_hours_settings.set_days(tx, None, [5, 6], Weekday(), seen={})

    def is_open() -> bool:
        found = opening_hours.of(session, club.organization, TUESDAY)
        return found.shut(SATURDAY, What.RETURN) is None

    extra = Days(SATURDAY, SATURDAY, "Open house", hours=BROKEN)
    assert not is_open()
    assert opening_hours_settings.close_days(tx, None, [extra]) == 1
    assert is_open()
    assert opening_hours_settings.close_days(tx, None, [Days(TUESDAY, SATURDAY)]) == 1
    assert not is_open()
    assert opening_hours_settings.close_days(tx, None, [Days(SATURDAY, SATURDAY), extra]) == 0
    assert is_open()
    (_, last) = opening_hours_settings.closures(tx, None)
    assert (last.hours, last.reason) == (BROKEN, "Open house")
    opening_hours_settings.open_days(tx, last.id)
    assert not is_open()


def test_a_date_of_every_year_does_not_end(session: Session, club: Club, now: datetime) -> None:
    """Years later it is listed at its next date, and closes it."""
    ada = factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)
    every_year = Days(date(2026, 12, 24), date(2026, 12, 24), yearly=True)
    once = Days(date(2026, 12, 25), date(2026, 12, 25))
    opening_hours_settings.close_days(Tx(session, now, ada), None, [every_year, once])
    later = Tx(session, now.replace(year=2029), ada)
    (one,) = opening_hours_settings.closures(later, None)
    assert one.following(later.today) == date(2029, 12, 24)
    assert opening_hours.of_all(later).shut(date(2029, 12, 24), What.RETURN) is not None


def test_closed_days_in_the_longest_rental(session: Session, club: Club, now: datetime) -> None:
    """They count, unless the rule says that only open days do; at the counter too."""
    ada = factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)
    set_policy(session, club.organization, longest_days=4)
    opening_hours_settings.set_days(Tx(session, now, ada), None, [5, 6], Weekday(), seen={})
    thursday, monday, tuesday, wednesday = (date(2026, 12, day) for day in (3, 7, 8, 9))
    draft = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), draft, club.tent.id, 1)
    tent = session.scalars(select(Item.id).filter_by(equipment_id=club.tent.id)).first()
    assert tent is not None

    def ask(last: date) -> None:
        tx = Tx(session, now, club.kari)
        request.set_period(tx, draft, opening_hours.for_rental(tx, draft).period(thursday, last, tx.zone))

    with refuses(session, Refused.TOO_LONG, days=4):
        ask(monday)
    assert counter.outlook(Tx(session, now, club.lars), [tent]).days[-1] == date(2026, 12, 4)
    set_policy(session, club.organization, longest_days=4, open_days_only=True)
    ask(tuesday)
    with refuses(session, Refused.TOO_LONG, days=4):
        ask(wednesday)
    assert counter.outlook(Tx(session, now, club.lars), [tent]).days[-1] == date(2026, 12, 4)
    set_policy(session, club.organization, longest_days=5, open_days_only=True)
    assert counter.outlook(Tx(session, now, club.lars), [tent]).days[-1] == monday
