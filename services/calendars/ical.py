"""Rentals as iCal (RFC 5545): each an event from the pick-up to the moment when it is due.

An event needs an end, and the standard knows no open one. So what is out until further notice is an event of
whole days, from its first day to today: it grows by a day whenever a program asks again.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from db.models import Organization, Rental
from db.states import RentalStatus
from services.core.hours import periods
from services.core.state_machine import already
from services.core.tx import Tx
from services.rentals import queries
from services.rentals.queries import RentalView

REFRESH = "PT1H"
"""The interval at which a program that subscribes may ask."""


AHEAD = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT)


def require_ahead(tx: Tx, rental: Rental) -> None:
    """Raise ALREADY for a rental that is over, or came to nothing."""
    if rental.status not in AHEAD:
        raise already(tx.session, rental)


def of_rental(tx: Tx, rental_id: int) -> bytes:
    """Return the file of one rental. Raises NoResultFound."""
    rental = queries.rental(tx, rental_id)
    return written(tx.of(rental.organization_id), queries.in_list(tx, [rental]), names_member=False)


def written(tx: Tx, rentals: Sequence[RentalView], *, names_member: bool) -> bytes:
    """Return a calendar of the organization's rentals."""
    from icalendar import Calendar

    organization = tx.organization
    whole = Calendar()
    whole.add("prodid", "-//Equiplib//Rentals//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", organization.name)
    whole.add("x-wr-timezone", organization.timezone)
    whole.add("x-published-ttl", REFRESH)
    for view in rentals:
        whole.add_component(_event(tx, view, organization, names_member=names_member))
    whole.add_missing_timezones()
    return bytes(whole.to_ical())


def _event(tx: Tx, view: RentalView, organization: Organization, *, names_member: bool) -> Any:
    from icalendar import Event

    things = ", ".join(
        f"{line.quantity} × {line.name}" if line.quantity > 1 else line.name for line in view.lines
    )
    event = Event()
    event.add("uid", f"rental-{view.id}-{organization.created_at:%Y%m%d%H%M%S}@equiplib")
    event.add("dtstamp", tx.now)
    # In the organization's zone, whose rules for summer time go with the file.
    if view.due_at is not None:
        event.add("dtstart", view.starts_at.astimezone(tx.zone))
        event.add("dtend", view.due_at.astimezone(tx.zone))
    else:
        first = periods.first_day(view.starts_at, tx.zone)
        is_over = view.status is RentalStatus.RETURNED and view.back_at is not None
        last = periods.day_of(view.back_at, tx.zone) if is_over else tx.today
        event.add("dtstart", first)
        # Exclusive, where it is a day.
        event.add("dtend", max(first, last or first) + timedelta(days=1))
    event.add("summary", f"{view.member}: {things}" if names_member else things)
    event.add(
        "description", "\n".join(part for part in (f"{organization.name} {view.id}", view.purpose) if part)
    )
    event.add("status", "TENTATIVE" if view.status is RentalStatus.REQUESTED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
