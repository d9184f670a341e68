"""Rules that hold for one equipment and not for the others."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Equipment
from db.states import RentalStatus, Role
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import catalog, equipment_policy, kits
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import claims, refuses, set_policy


def own(session: Session, club: Club, now: datetime, equipment: Equipment, rule: str, value: object) -> None:
    equipment_policy.change(Tx(session, now, club.anna), equipment.id, rule, value, seen=equipment.version)


def test_a_rule_is_set_and_taken_away(session: Session, club: Club, now: datetime) -> None:
    """Each change is a new version of the equipment, told with what was and what is; twice is once."""
    for value in (7, 7, 3, None):
        own(session, club, now, club.tent, "longest_days", value)
    assert (club.tent.policy, club.tent.version, equipment_policy.own(club.tent)) == ({}, 4, {})
    told = session.scalars(select(AuditEntry).filter_by(subject="equipment", action="change_rule")).all()
    assert [entry.details for entry in told] == [
        *({"longest_days": [None, 7]}, {"longest_days": [7, 3]}, {"longest_days": [3, None]}),
    ]


@pytest.mark.parametrize(
    ("rule", "value", "why"),
    [
        ("longest_days", 0, Refused.OUT_OF_RANGE),
        ("longest_days", 4000, Refused.OUT_OF_RANGE),
        ("longest_days", "many", Refused.OUT_OF_RANGE),
        ("turnaround_hours", -1, Refused.OUT_OF_RANGE),
        ("turnaround_hours", 10**9, Refused.OUT_OF_RANGE),
        ("who_may_rent", "boss", Refused.NOT_FOUND),
    ],
)
def test_values_that_make_no_sense_are_refused(
    session: Session, club: Club, now: datetime, rule: str, value: object, why: Refused
) -> None:
    """As in the organisation's own policy, and nothing has changed."""
    with refuses(session, why):
        own(session, club, now, club.tent, rule, value)
    assert club.tent.policy == {}


def test_other_rules_are_the_organisations_alone(session: Session, club: Club, now: datetime) -> None:
    """An equipment does not have its own reminders."""
    with refuses(session, Refused.NOT_FOUND):
        own(session, club, now, club.tent, "most_items", 3)


def test_who_may_change_rules(session: Session, club: Club, now: datetime) -> None:
    """Admins of the same club; of two at once the second reads who was first."""
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
        equipment_policy.change(Tx(session, now, club.lars), club.tent.id, "approval", False, seen=1)
    other = factories.club(session, now, "Another club")
    with refuses(session, Refused.NOT_FOUND):
        equipment_policy.change(Tx(session, now, other.anna), club.tent.id, "approval", False, seen=1)
    own(session, club, now, club.tent, "approval", False)
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Anna Admin"):
        equipment_policy.change(Tx(session, now, club.anna), club.tent.id, "longest_days", 2, seen=1)


def test_one_that_needs_approval_makes_the_rental_need_it(
    session: Session, club: Club, now: datetime
) -> None:
    """If the organisation asks for no approval, only a rental with equipment that needs it waits."""
    set_policy(session, club.organization, approval=False)
    own(session, club, now, club.tent, "approval", True)
    stove = factories.requested(session, club.kari, now, days(now, 1, 2), (club.stove, 1))
    both = factories.requested(session, club.ola, now, days(now, 4, 5), (club.stove, 1), (club.tent, 1))
    assert (stove.status, both.status) == (RentalStatus.APPROVED, RentalStatus.REQUESTED)


def test_the_shortest_of_the_longest_rentals_counts(session: Session, club: Club, now: datetime) -> None:
    """An equipment's own limit replaces the organisation's, and the shortest limit in a rental counts."""
    own(session, club, now, club.tent, "longest_days", 3)
    own(session, club, now, club.stove, "longest_days", 60)
    factories.requested(session, club.kari, now, days(now, 1, 50), (club.stove, 1))
    with refuses(session, Refused.TOO_LONG, days=3):
        factories.requested(session, club.ola, now, days(now, 61, 66), (club.stove, 1), (club.tent, 1))
    factories.requested(session, club.ola, now, days(now, 61, 64), (club.stove, 1), (club.tent, 1))


def test_one_that_needs_no_approval(session: Session, club: Club, now: datetime) -> None:
    """Equipment that needs no approval is approved at once, even if the organisation asks for all else."""
    own(session, club, now, club.stove, "approval", False)
    rental = factories.requested(session, club.kari, now, days(now, 1, 2), (club.stove, 1))
    assert rental.status is RentalStatus.APPROVED


def test_its_own_turnaround(session: Session, club: Club, now: datetime) -> None:
    """It stays free for so long behind the rental; the others do not."""
    own(session, club, now, club.tent, "turnaround_hours", 48)
    rental = factories.requested(session, club.kari, now, days(now, 1, 2), (club.stove, 1), (club.tent, 1))
    assert rental.due_at is not None
    assert [c.blocked_until - rental.due_at for c in claims(session, rental)] == [
        *(timedelta(0), timedelta(hours=48))
    ]


def test_what_is_not_for_everybody(session: Session, club: Club, now: datetime) -> None:
    """Members cannot put it in the basket, lenders can; members still see it, marked; so its kits."""
    own(session, club, now, club.stove, "who_may_rent", Role.LENDER)
    kit = kits.add(Tx(session, now, club.anna), "Camping kit")
    kits.set_part(Tx(session, now, club.anna), kit.id, club.stove.id, 1, seen=kit.version)
    basket = request.open_draft(Tx(session, now, club.kari))
    with refuses(session, Refused.NOT_FOR_YOU, needed=Role.LENDER, name="Stove"):
        baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 1)
    with refuses(session, Refused.NOT_FOR_YOU, needed=Role.LENDER, name="Stove"):
        baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    for person in (club.lars, club.anna):
        baskets.put(Tx(session, now, person), request.open_draft(Tx(session, now, person)), club.stove.id, 1)
    found = catalog.search(Tx(session, now, within=club.organization.id)).entries
    assert {entry.name: entry.needed for entry in found} == {
        "Camping kit": Role.LENDER,
        "Stove": Role.LENDER,
        "Tent": Role.USER,
    }


def test_a_rule_that_came_after_the_basket(session: Session, club: Club, now: datetime) -> None:
    """It holds for the request as well, and taking the thing out of the basket is always possible."""
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 1)
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    own(session, club, now, club.stove, "who_may_rent", Role.ADMIN)
    with refuses(session, Refused.NOT_FOR_YOU, needed=Role.ADMIN, name="Stove"):
        request.request(Tx(session, now, club.kari), basket.id)
    baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 0)
    request.request(Tx(session, now, club.kari), basket.id)


def test_the_organisation_may_lend_to_some_alone(session: Session, club: Club, now: datetime) -> None:
    """And open one equipment to everybody."""
    set_policy(session, club.organization, who_may_rent="lender")
    own(session, club, now, club.tent, "who_may_rent", Role.USER)
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    with refuses(session, Refused.NOT_FOR_YOU, needed=Role.LENDER, name="Stove"):
        baskets.put(Tx(session, now, club.kari), basket, club.stove.id, 1)
