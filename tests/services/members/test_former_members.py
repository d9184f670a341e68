"""Former members and what is stored of them: who gets at it, until when."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from db.models import ChatAccount, FormerLink, User
from db.states import Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.members import registration
from services.members.departure import erasure, former_members, leaving
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import refuses


@pytest.fixture
def left(session: Session, club: Club, now: datetime) -> Actor:
    """An admin who has left, and who was in no other organisation."""
    gone = factories.member(session, club.organization, now, "Gro Gone", Role.ADMIN)
    leaving.leave(Tx(session, now, gone), seen=[])
    return gone


def names(session: Session, actor: Actor, now: datetime) -> list[str]:
    return [one.organization for one in former_members.of(Tx(session, now), actor.account_id)]


def test_they_are_known_and_may_do_nothing(session: Session, club: Club, now: datetime, left: Actor) -> None:
    """Not even what a former member may; an admin who reactivates them changes nothing in that."""
    assert names(session, left, now) == ["Fjellklubben"]
    session.get_one(User, left.user_id).active_until = None
    found = former_members.identify(Tx(session, now), left.account_id, left.user_id)
    assert (found.user_id, found.active, found.has_role(Role.USER)) == (left.user_id, False, False)


def test_nobody_else_is_taken_for_them(session: Session, club: Club, now: datetime, left: Actor) -> None:
    """No other account, and no account for somebody else."""
    for account, user in ((club.kari.account_id, left.user_id), (left.account_id, club.kari.user_id)):
        with refuses(session, Refused.NOT_FOUND):
            former_members.identify(Tx(session, now), account, user)


def test_a_closed_organisation_is_not_offered(
    session: Session, club: Club, now: datetime, left: Actor
) -> None:
    """It refuses everything."""
    club.organization.closed_at = now
    session.flush()
    assert names(session, left, now) == []
    with refuses(session, Refused.CLOSED):
        former_members.identify(Tx(session, now), left.account_id, left.user_id)


def test_who_joined_anew_still_gets_at_what_was(
    session: Session, club: Club, now: datetime, left: Actor
) -> None:
    """As somebody new in the same organisation: the two are not one."""
    again = registration.new_user(Tx(session, now, within=club.organization.id), Role.USER, "Gro", "Again")
    registration.link(Tx(session, now), again, left.account_id)
    assert [one.user_id for one in former_members.of(Tx(session, now), left.account_id)] == [left.user_id]


def test_the_way_ends_when_the_member_is_somebody_s_again(
    session: Session, club: Club, now: datetime, left: Actor
) -> None:
    """Only the account that the member has now gets at what is stored of them."""
    session.add(ChatAccount(id=777, first_name="Gro", created_at=now))
    session.flush()
    registration.link(Tx(session, now), session.get_one(User, left.user_id), 777)
    assert names(session, left, now) == []


def test_being_forgotten_in_one_leaves_the_way_to_the_other(
    session: Session, club: Club, now: datetime, left: Actor
) -> None:
    """The account is kept as long as something is stored anywhere, and no longer."""
    other = factories.organization(session, now, "Turlaget")
    there = factories.member(session, other, now, "Gro Gone", account=left.account_id)
    erasure.forget(Tx(session, now, there), seen=[])
    assert names(session, left, now) == ["Fjellklubben"]
    actor = former_members.identify(Tx(session, now), left.account_id, left.user_id)
    erasure.forget(Tx(session, now, actor), seen=[])
    assert session.get(ChatAccount, left.account_id) is None
    assert session.query(FormerLink).all() == []


def test_the_only_leader_of_before_may_be_forgotten(session: Session, club: Club, now: datetime) -> None:
    """They lead no more: nobody else need do so for that."""
    ada = factories.member(session, club.organization, now, "Ada Leader", Role.LEADER)
    session.get_one(User, ada.user_id).active_until = now - timedelta(days=1)
    erasure.forget(
        Tx(session, now, former_members.identify(Tx(session, now), ada.account_id, ada.user_id)), seen=[]
    )
    assert session.get_one(User, ada.user_id).forgotten_at == now
