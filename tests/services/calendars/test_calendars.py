"""Calendars of rentals, read back by another library than the one that writes them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import EventStatus
from sqlalchemy.orm import Session

from db.models import User
from db.states import CalendarScope, Role
from services.calendars import feeds, ical
from services.core.actor import Actor
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.members import data_export
from services.members.departure import erasure
from services.rentals import approval
from tests import factories
from tests.factories import Club


def read(content: bytes | None) -> Calendar:
    assert content is not None
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return IcsCalendarStream.calendar_from_ics(content.decode("utf-8"))


def addresses(session: Session, who: Actor, now: datetime) -> dict[CalendarScope, str]:
    return feeds.secrets_of(Tx(session, now, who))


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Europe/Oslo", "2027-03-27 08:00", "2027-03-28 20:00"),  # an hour is missing
        ("Europe/Oslo", "2027-10-30 08:00", "2027-10-31 20:00"),  # an hour comes twice
        ("America/St_Johns", "2027-03-13 08:00", "2027-11-07 20:00"),  # half an hour off, both ways
        ("Australia/Lord_Howe", "2027-04-03 08:00", "2027-10-03 20:00"),  # half an hour of summer time
        ("Asia/Kathmandu", "2027-03-13 08:00", "2027-03-14 20:00"),  # no summer time at all
    ],
)
def test_moments_are_right_over_summer_time(
    session: Session, club: Club, now: datetime, zone: str, first: str, last: str
) -> None:
    """The moment, and the time on the wall in the organization's zone, whatever the reader's zone is."""
    club.organization.timezone = zone
    starts, due = (datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone)) for at in (first, last))
    club.organization.policy = {"longest_days": 365, "farthest_days": 730}
    period = Period(starts.astimezone(UTC), due.astimezone(UTC))
    rental = factories.requested(session, club.kari, now, period, (club.tent, 2))
    (event,) = read(ical.of_rental(Tx(session, now), rental.id)).events
    assert (event.dtstart, event.dtend) == (starts, due)
    assert isinstance(event.dtstart, datetime) and isinstance(event.dtend, datetime)
    assert [f"{at:%Y-%m-%d %H:%M}" for at in (event.dtstart, event.dtend)] == [first, last]
    assert (event.summary, event.status) == ("2 × Tent", EventStatus.TENTATIVE)


def test_a_member_sees_their_own_and_a_lender_all(session: Session, club: Club, now: datetime) -> None:
    """With who has what; what was declined is gone, and another organization's was never there."""
    other = factories.club(session, now, "Another club")
    factories.requested(session, other.kari, now, factories.days(now, 1, 2), (other.tent, 1))
    mine = factories.requested(
        session, club.kari, now, factories.days(now, 1, 2), (club.tent, 1), (club.stove, 1)
    )
    factories.requested(session, club.ola, now, factories.days(now, 3, 4), (club.tent, 1))
    gone = factories.requested(session, club.kari, now, factories.days(now, 5, 6), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), mine.id)
    approval.decline(Tx(session, now, club.anna), gone.id, reason="no")
    of_kari, of_lars = addresses(session, club.kari, now), addresses(session, club.lars, now)
    assert list(of_kari) == [CalendarScope.OWN] and list(of_lars) == list(CalendarScope)
    (event,) = read(feeds.calendar(Tx(session, now), of_kari[CalendarScope.OWN])).events
    assert (event.summary, event.status) == ("Tent, Stove", EventStatus.CONFIRMED)
    everybody = read(feeds.calendar(Tx(session, now), of_lars[CalendarScope.ORGANIZATION])).events
    assert sorted(one.summary or "" for one in everybody) == [
        "Kari Nordmann: Tent, Stove",
        "Ola Hansen: Tent",
    ]
    assert {event.uid} < {one.uid for one in everybody}
    assert read(feeds.calendar(Tx(session, now), of_lars[CalendarScope.OWN])).events == []


def test_what_people_wrote_stays_one_text(session: Session, club: Club, now: datetime) -> None:
    """Commas, line ends, what looks like iCal, and long names in any script."""
    name, purpose = "Tent, 3×4; \\n END:VEVENT 🏕️ " + "æ" * 80, "Trip\r\nBEGIN:VALARM\nATTACH:http://x\n;,\\"
    club.tent.name = name
    rental = factories.requested(session, club.kari, now, factories.days(now, 1, 2), (club.tent, 1))
    rental.purpose = purpose
    session.flush()
    (event,) = read(ical.of_rental(Tx(session, now), rental.id)).events
    assert event.summary == name
    assert event.description is not None and "BEGIN:VALARM" in event.description and not event.alarm


def test_an_address_shows_nothing_where_it_may_not(session: Session, club: Club, now: datetime) -> None:
    """A new one takes the earlier one's place. Whoever lends no more, or was forgotten, shows nothing; nor
    does a closed organization, or a secret that nobody has. Former members still see what they have.
    """

    def shows(secret: str, at: datetime = now) -> bool:
        return feeds.calendar(Tx(session, at), secret) is not None

    first = addresses(session, club.lars, now)
    assert first == addresses(session, club.lars, now) and all(map(shows, first.values()))
    second = feeds.renew(Tx(session, now, club.lars))
    assert not any(map(shows, first.values())) and all(map(shows, second.values()))
    lars = session.get_one(User, club.lars.user_id)
    lars.active_until = now + timedelta(days=1)
    later = now + timedelta(days=2)
    assert not shows(second[CalendarScope.ORGANIZATION], later) and shows(second[CalendarScope.OWN], later)
    lars.active_until, lars.role = None, Role.USER
    session.flush()
    assert not shows(second[CalendarScope.ORGANIZATION])
    for secret in ("", "x", "%", second[CalendarScope.OWN].swapcase(), "\x00"):
        assert not shows(secret)
    told = data_export.everything(session, lars)
    assert [one["shows"] for one in told["calendars"]] == list(CalendarScope)
    assert second[CalendarScope.OWN] not in str(told)
    of_ola, of_kari = (addresses(session, who, now)[CalendarScope.OWN] for who in (club.ola, club.kari))
    erasure.forget(Tx(session, now, club.ola), seen=[])
    assert not shows(of_ola) and shows(of_kari)
    club.organization.closed_at = now
    session.flush()
    assert not shows(of_kari)
