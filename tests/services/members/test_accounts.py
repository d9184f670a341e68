"""One account in several organisations: which of them it is offered."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from db.models import AccountLink, User
from db.states import Role
from handlers.members import organization_switch
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin
from services.members import accounts
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import refuses


@pytest.fixture
def elsewhere(session: Session, club: Club, now: datetime) -> Actor:
    """Kari is an admin of Turlaget too; she acts in Fjellklubben."""
    other = factories.organization(session, now, "Turlaget")
    return factories.member(session, other, now, "Kari Nordmann", Role.ADMIN, club.kari.account_id)


def leaves(session: Session, who: Actor, now: datetime) -> None:
    session.get_one(User, who.user_id).active_until = now
    session.flush()


def offered(session: Session, who: Actor, now: datetime) -> list[str]:
    return [name for _, name in organization_switch.choices(Tx(session, now), who.account_id)]


def test_a_membership_that_is_over_is_not_offered(
    session: Session, club: Club, now: datetime, elsewhere: Actor
) -> None:
    """Nor gone to by a button from before; what comes from there still says from where it is."""
    assert offered(session, club.kari, now) == ["✓ Fjellklubben", "Turlaget"]
    leaves(session, elsewhere, now)
    assert offered(session, club.kari, now) == []
    with refuses(session, Refused.NOT_FOUND):
        accounts.switch(Tx(session, now), club.kari.account_id, elsewhere.organization_id)
    assert accounts.is_in_several(session, club.kari.account_id)


def test_it_is_while_something_is_out(session: Session, club: Club, now: datetime, elsewhere: Actor) -> None:
    """A member who has left can still go there to bring things back."""
    rental = factories.handed_out(session, club, now, factories.days(now, 0, 2), (club.tent, 1))
    leaves(session, club.kari, now)
    accounts.switch(Tx(session, now), club.kari.account_id, elsewhere.organization_id)
    assert offered(session, club.kari, now) == ["Fjellklubben", "✓ Turlaget"]
    checkin.take_back(Tx(session, now, club.lars), rental.id)
    assert offered(session, club.kari, now) == []


def test_whoever_stands_in_one_that_is_over_finds_the_other(
    session: Session, club: Club, now: datetime, elsewhere: Actor
) -> None:
    """One button is a choice there."""
    leaves(session, club.kari, now)
    assert offered(session, club.kari, now) == ["Turlaget"]


def test_who_is_nobody_there_any_more_goes_on_where_they_are_a_member(
    session: Session, club: Club, now: datetime, elsewhere: Actor
) -> None:
    """Before any that is over, whatever their names."""
    first = factories.organization(session, now, "Alpeklubben")
    gone = factories.member(session, first, now, "Kari Nordmann", account=club.kari.account_id)
    leaves(session, gone, now)
    session.query(AccountLink).filter_by(user_id=club.kari.user_id).delete()
    accounts.move_on(Tx(session, now), club.kari.account_id, club.organization.id)
    assert accounts.current(session, club.kari.account_id) == elsewhere.organization_id
