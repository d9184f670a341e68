"""Which place is open decides which items are given: on the first day and on the last one.

It is Tuesday, 1 December 2026, 09:00 in Oslo. The shed, where T1 lies, is open on Fridays and Saturdays; the
cellar, with T2 and T3, on Mondays only.
"""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from db.models import Rental
from db.states import ClaimStatus, Condition, Role
from handlers.i18n.texts import Texts
from handlers.ui.refusals import explain
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours import periods
from services.core.hours.opening_hours import Weekday
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkout, swaps
from services.inventory import attributes, condition
from services.messaging import notifications
from services.organizations import opening_hours_settings
from services.organizations.opening_hours_settings import Days
from services.rentals import approval, extension
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import OSLO, Club
from tests.services.core.test_opening_hours import OPEN, USUAL, place
from tests.services.permissions.assertions import claims, codes, item, refuses, said

FRIDAY, SATURDAY, MONDAY = date(2026, 12, 4), date(2026, 12, 5), date(2026, 12, 7)


@pytest.fixture
def two_places(session: Session, club: Club, now: datetime) -> Club:
    ada = factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)
    for name, held, open_days in (("Shed", ("T1",), (4, 5)), ("Cellar", ("T2", "T3"), (0,))):
        where = place(session, club, name, *held)
        tx = Tx(session, now, ada)
        opening_hours_settings.set_days(tx, where, open_days, OPEN, seen={})
        opening_hours_settings.set_days(
            tx, where, [d for d in range(7) if d not in open_days], Weekday(), seen={}
        )
    return club


def of_days(first: date, last: date) -> Period:
    return periods.of_days(first, last, OSLO, USUAL)


def draft(session: Session, c: Club, now: datetime, pieces: int, code: str | None = None) -> Rental:
    found = request.open_draft(Tx(session, now, c.kari))
    item_id = item(session, code).id if code else None
    baskets.put(Tx(session, now, c.kari), found, c.tent.id, pieces, item_id=item_id)
    return found


def approved(session: Session, c: Club, now: datetime, who: Actor, first: date, last: date) -> Rental:
    rental = factories.requested(session, who, now, of_days(first, last), (c.tent, 1))
    return approval.approve(Tx(session, now, c.anna), rental.id)


def test_only_what_lies_where_it_is_open_counts(session: Session, two_places: Club, now: datetime) -> None:
    """Three tents from Friday to Saturday: one is free, and the refusal names the place that is closed."""
    found = draft(session, two_places, now, 3)
    with refuses(session, Refused.NOT_FREE, wanted=3, free=1, closed=["Cellar"]) as refused:
        request.set_period(Tx(session, now), found, of_days(FRIDAY, SATURDAY))
    assert "Cellar" in explain(Texts("en", OSLO, now), refused.value)
    with refuses(session, Refused.CLOSED_DAY):
        request.set_period(
            Tx(session, now), draft(session, two_places, now, 1, "T2"), of_days(FRIDAY, SATURDAY)
        )
    baskets.put(Tx(session, now, two_places.kari), found, two_places.tent.id, 1)
    request.set_period(Tx(session, now), found, of_days(FRIDAY, SATURDAY))
    asked = request.request(Tx(session, now, two_places.kari), found.id)
    assert codes(session, asked, ClaimStatus.HELD) == ["T1"]


def test_a_closed_day_says_which_place_is_closed(session: Session, two_places: Club, now: datetime) -> None:
    """T2 lies in the cellar, which opens on Monday; closed for all is told without a place."""
    found = draft(session, two_places, now, 1, "T2")
    expected = {"what": "hand_out", "day": "2026-12-04", "following": "2026-12-07", "places": ["Cellar"]}
    with refuses(session, Refused.CLOSED_DAY, **expected) as refused:
        request.set_period(Tx(session, now), found, of_days(FRIDAY, SATURDAY))
    assert "Cellar" in explain(Texts("en", OSLO, now), refused.value)
    cellar = item(session, "T2").location_id
    tx = Tx(session, now, factories.member(session, two_places.organization, now, "Eva Li", Role.LEADER))
    opening_hours_settings.close_days(tx, cellar, [Days(MONDAY, MONDAY, "Flood")])
    with refuses(session, Refused.CLOSED_DAY, day="2026-12-07", reason="Flood", places=["Cellar"]) as refused:
        request.set_period(Tx(session, now), found, of_days(MONDAY, MONDAY + timedelta(days=7)))
    assert "Cellar" in explain(Texts("en", OSLO, now), refused.value)
    later = MONDAY + timedelta(days=7)
    opening_hours_settings.close_days(tx, None, [Days(later, later, "Christmas")])
    with refuses(session, Refused.CLOSED_DAY, day="2026-12-14", reason="Christmas", places=[]):
        request.set_period(Tx(session, now), found, of_days(later, later))


def test_the_last_day_counts_as_well(session: Session, two_places: Club, now: datetime) -> None:
    """Fetched on a Friday and brought back on a Monday: no tent's place is open on both days."""
    with refuses(session, Refused.NOT_FREE, wanted=1, free=0, closed=["Cellar", "Shed"]):
        request.set_period(Tx(session, now), draft(session, two_places, now, 1), of_days(FRIDAY, MONDAY))


def test_others_move_only_to_where_it_is_open(session: Session, two_places: Club, now: datetime) -> None:
    """T1 goes to repair: Kari, who fetches it on Friday, loses it, though two tents lie in the cellar."""
    rental = approved(session, two_places, now, two_places.kari, FRIDAY, SATURDAY)
    assert codes(session, rental, ClaimStatus.HELD) == ["T1"]
    condition.change(Tx(session, now, two_places.anna), item(session, "T1").id, Condition.IN_REPAIR)
    assert codes(session, rental, ClaimStatus.HELD) == []


def test_a_swap_offers_what_is_open(session: Session, two_places: Club, now: datetime) -> None:
    """For a rental of Mondays the other tent of the cellar, for one of Friday none."""
    monday = approved(session, two_places, now, two_places.kari, MONDAY, MONDAY + timedelta(days=7))
    friday = approved(session, two_places, now, two_places.ola, FRIDAY, SATURDAY)
    tx = Tx(session, now, two_places.lars)
    offered = [
        [one.code for one in swaps.alternatives(tx, claims(session, r)[0].id)] for r in (monday, friday)
    ]
    assert offered == [["T3"], []]


def test_it_is_kept_longer_only_until_its_places_are_open(
    session: Session, two_places: Club, now: datetime
) -> None:
    """Two things out, of the shed and of nowhere: kept until a day on which the shed takes them back."""
    c = two_places
    rental = factories.requested(session, c.kari, now, of_days(FRIDAY, SATURDAY), (c.tent, 1), (c.stove, 1))
    approval.approve(Tx(session, now, c.anna), rental.id)
    at = periods.at(FRIDAY, OPEN.hand_out.opens, OSLO) if OPEN.hand_out else now
    checkout.hand_out(Tx(session, at, c.lars), rental.id)
    with refuses(session, Refused.CLOSED_DAY):
        extension.ask(Tx(session, at, c.kari), rental.id, of_days(FRIDAY, MONDAY).due_at)


def test_the_next_is_told_where_it_was_put(session: Session, club: Club, now: datetime) -> None:
    """T1 is put into the cellar: Ola, who fetches it on Friday, is told; Lars, who has it after, is not."""
    place(session, club, "Shed", "T1", "T2", "T3")
    cellar = place(session, club, "Cellar")
    approved(session, club, now, club.ola, FRIDAY, SATURDAY)
    later = approved(session, club, now, club.lars, MONDAY, MONDAY)
    assert codes(session, later) == ["T1"]
    tx = Tx(session, now, club.anna)
    attributes.move_item(tx, item(session, "T1").id, location_id=cellar, seen=item(session, "T1").version)
    (message,) = said(session, notifications.PLACE_CHANGED)
    assert message.chat_id == club.ola.account_id
    assert message.params["things"] == [["Tent", "T1", "Cellar"]]
    attributes.move_item(tx, item(session, "T3").id, location_id=cellar, seen=item(session, "T3").version)
    assert len(said(session, notifications.PLACE_CHANGED)) == 1, "nobody has T3"


def test_who_was_told_a_place_is_told_another(session: Session, club: Club, now: datetime) -> None:
    """Ola has T1 of the shed; Kari asks for that very one, so that Ola's tent lies in the cellar: he is told.
    Nobody is told where the place stays the same."""
    place(session, club, "Shed", "T1", "T2")
    place(session, club, "Cellar", "T3")
    approved(session, club, now, club.ola, FRIDAY, SATURDAY)
    for code, moved in (("T1", 0), ("T2", 1)):
        found = draft(session, club, now, 1, code)
        request.set_period(Tx(session, now), found, of_days(FRIDAY, SATURDAY))
        request.request(Tx(session, now, club.kari), found.id)
        told = said(session, notifications.PLACE_CHANGED)
        assert len(told) == moved, code
    (message,) = told
    assert message.chat_id == club.ola.account_id
    assert message.params["things"] == [["Tent", "T3", "Cellar"]]
