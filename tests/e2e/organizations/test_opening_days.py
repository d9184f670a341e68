"""Opening days, closed dates and hours, changed from a phone.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ClosedDays, Location
from handlers.organizations import opening_hours_views
from handlers.rentals import calendar_hints
from handlers.rentals.changes.views import Verb as ChangeVerb
from handlers.rentals.custody import more_time
from services.core.errors import Refused
from services.core.hours.opening_hours import Weekday, What
from services.core.tx import Tx
from services.organizations import opening_hours_settings
from services.organizations.opening_hours_settings import Days
from tests.e2e.arrange import actor, another_club, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.organizations.steps import days_of, look, taps
from tests.e2e.replies import at_hand, told
from tests.e2e.seen import asking, by, carrying, refusal, wording


async def closes(world: World, *days: Days, weekdays: tuple[int, ...] = ()) -> None:
    """Ada closes these dates, and these days of the week."""

    def work(session: Session) -> None:
        ada, now = actor(session, world, "Ada"), world.clock.now()
        opening_hours_settings.close_days(Tx(session, now, ada), None, days)
        if weekdays:
            opening_hours_settings.set_days(Tx(session, now, ada), None, weekdays, Weekday(), seen={})

    await write(world, work)


async def test_a_week_by_taps(sqlite_world: World) -> None:
    """Hours for Monday, the same until Friday, other hours to bring back on Friday, closed on Sunday."""
    ada = sqlite_world["Ada"]
    await ada.types("/policy")
    await taps(ada, carrying("opening"))
    await ada.sees(wording(opening_hours_views.week, "week"))
    await taps(ada, "Mo", "10:00–18:00")
    await ada.sees("Monday: 10:00–18:00")
    await taps(ada, carrying("workdays"))
    shown = await ada.sees("Friday: 10:00–18:00")
    assert "Saturday: 08:00–20:00" in shown.text
    await taps(ada, "Fr", "Return")
    await ada.types("12-15:30")
    await ada.sees("Friday: " + wording(opening_hours_views.hours, back="12:00–15:30", out="10:00–18:00"))
    await taps(ada, carrying("back"), "Su")
    await ada.sees(asking("opening.day"))
    await taps(ada, carrying("hours", "closed"))
    await ada.sees("Sunday: closed")
    await ada.types("in the morning")
    await ada.sees(refusal(Refused.NOT_HOURS))
    await taps(ada, carrying("back"))
    shown = await ada.sees("Sunday: closed")
    assert (
        "Friday: " + wording(opening_hours_views.hours, back="12:00–15:30", out="10:00–18:00") in shown.text
    )
    await taps(ada, carrying("clear"))
    await ada.sees(wording(opening_hours_views.week, "week"))


async def test_closed_dates_by_list(sqlite_world: World) -> None:
    """One to a line; a line that is not understood is told and nothing stored; each opens again by a tap."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await requested(world, first=2, last=4)
    await ada.types("/policy")
    await taps(ada, carrying("opening"), carrying("closed"))
    await ada.sees(wording(opening_hours_views.closed_dates, "found"))
    await ada.types("24.12.-2.1. Christmas\nsome day")
    await ada.sees(refusal(Refused.NOT_CLOSED_DAYS, line="some day"))
    await ada.types("24.12.-2.1. Christmas\n5.12. Moving")
    shown = await ada.sees("Thu 24 Dec – Sat 2 Jan 2027: Christmas")
    assert wording(opening_hours_views.closed_dates, "touched", n=1) in shown.text
    assert any(by(ChangeVerb.MOVE)(button) for button in shown.buttons)
    await ada.taps("🗑 Sat 5 Dec")
    await world.settled()
    assert "Moving" not in ada.last(asking("opening.closed")).text
    found = await look(world, lambda s: s.scalars(select(ClosedDays)).all())
    assert [(row.first, row.last, row.reason) for row in found] == [
        (date(2026, 12, 24), date(2027, 1, 2), "Christmas")
    ]


async def test_dates_of_every_year_extra_days_and_breaks(sqlite_world: World) -> None:
    """A break in the day by typing its hours; an extra day and a date of every year are lines of one list."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await ada.types("/policy")
    await taps(ada, carrying("opening"), carrying("day", "5"))
    await taps(ada, carrying("hours", "closed"), carrying("back"), carrying("day", "4"))
    await ada.types("10-12, 16-18")
    await ada.sees("10:00–12:00, 16:00–18:00")
    await taps(ada, carrying("back"), carrying("closed"))
    await ada.types("24.12. every year\n5.12. open 10-14 Market")
    shown = await ada.sees("Sat 5 Dec, open 10:00–14:00: Market")
    assert wording(opening_hours_views.exception, "yearly", days="Thu 24 Dec") in shown.text
    found = await look(world, lambda s: s.scalars(select(ClosedDays).order_by(ClosedDays.id)).all())
    assert [(row.yearly, row.hours) for row in found] == [(True, ""), (False, "10:00-14:00")]


async def test_one_place_has_its_own(sqlite_world: World) -> None:
    """Chosen from the list of places; the others stay as they are."""
    world, ada = sqlite_world, sqlite_world["Ada"]

    def cellar(session: Session) -> None:
        session.add(Location(organization_id=world.organization_id, name="Cellar"))

    await write(world, cellar)
    await ada.types("/policy")
    await taps(ada, carrying("opening"), carrying("places"), "Cellar")
    await ada.sees(wording(opening_hours_views._heading, place="Cellar"))
    await taps(ada, "Tu")
    await ada.sees(asking("opening.day"))
    await taps(ada, carrying("hours", "closed"), carrying("back"))
    await ada.sees("Tuesday: closed")
    await taps(ada, carrying("places"), carrying("place", ""))
    await ada.sees(wording(opening_hours_views.week, "week"))
    await taps(ada, carrying("places"), "Cellar", carrying("clear"))
    await ada.sees(wording(opening_hours_views.week, "place"))


@pytest.mark.both_databases
async def test_a_closed_day_cannot_be_tapped_and_says_why(world: World) -> None:
    """In the calendar of the first day and of the last; a typed one is answered with the next open day."""
    kari = world["Kari"]
    await closes(world, Days(date(2026, 12, 10), date(2026, 12, 11), "Christmas party"), weekdays=(6,))
    await kari.types("/rent tent")
    card = await kari.sees(asking("rent.first"))
    assert "⊘ closed" in card.text
    assert not {"6", "10", "11", "13"} & days_of(card).keys()
    shut = [b for b in card.buttons if b.text == "⊘"]
    said = {await told(world, kari.taps_data(b.data or "", card)) for b in shut}
    assert said == {"Closed: Christmas party", wording(calendar_hints.why, What.HAND_OUT)}
    await kari.types("10.12.")
    await kari.sees(
        refusal(
            Refused.CLOSED_DAY,
            day="2026-12-10",
            what="hand_out",
            reason="Christmas party",
            following="2026-12-12",
        )
    )
    await kari.types("6.12.")
    await kari.sees(
        refusal(Refused.CLOSED_DAY, day="2026-12-06", what="hand_out", reason="", following="2026-12-07")
    )
    await kari.taps("9")
    card = await kari.sees(asking("rent.last"))
    assert not {"10", "11", "13"} & days_of(card).keys()
    await kari.types("11.12.")
    await kari.sees(
        refusal(
            Refused.CLOSED_DAY,
            day="2026-12-11",
            what="return",
            reason="Christmas party",
            following="2026-12-12",
        )
    )
    await kari.taps("12")
    await kari.sees("Wed 9 Dec 08:00 – Sat 12 Dec 20:00")


async def test_the_reason_of_another_club_is_not_told(sqlite_world: World) -> None:
    """A button made by hand with the number of its closure says only that it is closed."""
    world = sqlite_world
    await another_club(world)

    def close(session: Session) -> int:
        row = ClosedDays(
            organization_id=900_000_001, first=date(2026, 12, 5), last=date(2026, 12, 5), reason="Secret"
        )
        session.add(row)
        session.flush()
        return row.id

    number = await write(world, close)
    await world["Kari"].types("/help")
    await world.settled()
    assert await at_hand(world, world["Kari"], f"1:x:{number}:closed", world["Kari"].last()) == (
        wording(calendar_hints.why, "SHUT_FOR_A_REASON")
    )


async def test_hours_bind_what_is_written_with_a_time(sqlite_world: World) -> None:
    """Within the hours it is taken as written; outside the hours are told."""
    kari, ada = sqlite_world["Kari"], sqlite_world["Ada"]
    await ada.types("/policy")
    await taps(ada, carrying("opening"), "Th", "10:00–18:00")
    await ada.sees("Thursday: 10:00–18:00")
    await kari.types("/rent tent 3.12. 9:00 - 4.12.")
    await kari.sees(
        refusal(Refused.OUTSIDE_HOURS, day="2026-12-03", what="hand_out", opens="10:00", closes="18:00")
    )
    await kari.types("/rent stove 3.12. 14:00 - 3.12. 16:00")
    await kari.sees("Thu 3 Dec 14:00–16:00")


async def test_more_time_until_an_open_day(sqlite_world: World) -> None:
    """The closed days are marked and say why; typed, they are answered with the next."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await handed_out(world, last=2)
    await closes(world, Days(date(2026, 12, 5), date(2026, 12, 6), "Moving"))
    await kari.types("/extend")
    card = await kari.sees(asking("extend.ask"))
    assert "⊘ closed" in card.text
    assert "4" in days_of(card) and not {"5", "6"} & days_of(card).keys()
    await kari.types("6.12.")
    await kari.sees(
        refusal(Refused.CLOSED_DAY, day="2026-12-06", what="return", reason="Moving", following="2026-12-07")
    )
    await kari.taps("7")
    answer = await kari.sees(wording(more_time.asked, moment=...))
    assert "Mon 7 Dec 20:00" in answer.text
