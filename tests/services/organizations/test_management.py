"""Further organisations, what is known of them, and closing: on both databases, as everybody is concerned."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, ChatAccount, Organization, OutboxMessage, User
from db.session import Database
from db.states import ClaimStatus, RentalStatus, Role
from services import periodic
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours.opening_hours import Weekday
from services.core.tx import Tx
from services.desk import checkin
from services.members import accounts, invites
from services.messaging import group_chats
from services.organizations import closing, management, opening_hours_settings, policy_settings
from services.rentals import approval
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import claims, refuses, said


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing transaction on each kind of database, undone after the test."""
    writers = database.engine.execution_options(equiplib_writes=True)
    with Session(writers, expire_on_commit=False) as session, session.begin() as transaction:
        yield session
        transaction.rollback()


@pytest.fixture
def ada(session: Session, club: Club, now: datetime) -> Actor:
    return factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)


def acts_in(session: Session, actor: Actor) -> int | None:
    return session.get_one(ChatAccount, actor.account_id).organization_id


def found(session: Session, actor: Actor, now: datetime, name: str = "Seilklubben") -> Organization:
    return management.create_another(
        Tx(session, now, actor), name=name, timezone="Europe/Oslo", language="nb"
    )


# Making and describing


def test_whoever_makes_one_leads_it(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Under their own name, acts there from now on, and can switch back."""
    made = found(session, ada, now)
    there = identity.resolve(Tx(session, now), account_id=ada.account_id)
    assert (there.organization_id, there.role, there.name) == (made.id, Role.LEADER, "Ada Berg")
    known = accounts.memberships(Tx(session, now), ada.account_id)
    assert [(one.name, one.role, one.acts_here) for one in known] == [
        ("Fjellklubben", Role.LEADER, False),
        ("Seilklubben", Role.LEADER, True),
    ]
    accounts.switch(Tx(session, now), ada.account_id, club.organization.id)
    assert acts_in(session, ada) == club.organization.id
    noted = [
        (one.organization_id, one.action, one.user_id)
        for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]
    assert noted == [(made.id, action, there.user_id) for action in ("create", "join")]


@pytest.mark.parametrize(
    "name, zone, why",
    [
        (" ", "Europe/Oslo", Refused.NAME_EMPTY),
        ("\u200b", "Europe/Oslo", Refused.NAME_EMPTY),
        ("FJELLKLUBBEN", "Europe/Oslo", Refused.NAME_TAKEN),
        ("N" * 101, "Europe/Oslo", Refused.TOO_MUCH_TEXT),
        ("Seilklubben", "Europe/Bergen", Refused.UNKNOWN_TIME_ZONE),
    ],
)
def test_what_no_further_one_can_be(
    session: Session, club: Club, now: datetime, ada: Actor, name: str, zone: str, why: Refused
) -> None:
    """As with the first: a name of its own, a zone that there is."""
    with refuses(session, why):
        management.create_another(Tx(session, now, ada), name=name, timezone=zone, language="en")


def test_only_leaders_make_and_change(session: Session, club: Club, now: datetime) -> None:
    """Somebody who leads nowhere is told so; a leader of another organisation leads nothing here."""
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LEADER):
        found(session, club.anna, now)
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LEADER):
        management.require_leader(Tx(session, now), club.anna.account_id)
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LEADER):
        management.change(Tx(session, now, club.anna), "name", "Mine", seen="Fjellklubben")
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LEADER):
        closing.close(Tx(session, now, club.anna))
    other = factories.club(session, now, "Seilklubben")
    petra = factories.member(session, other.organization, now, "Petra Vik", Role.LEADER)
    with refuses(session, Refused.NOT_FOUND):
        management.leader_of(Tx(session, now), petra.account_id, club.organization.id)
    with refuses(session, Refused.NOT_FOUND):
        accounts.switch(Tx(session, now), petra.account_id, club.organization.id)


def test_what_is_known_of_one(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Each of it can be set, is noted with old and new, and cleared where it may be empty."""
    values = {
        "name": "Fjell og fjord",
        "number": "987 654 321",
        "email": "Post@Fjell.no",
        "phone": "+47 22 33 44 55",
        "address": "Storgata 1\n0155 Oslo",
        **{"postal_code": "0155", "city": "Oslo", "other_id": "F-7", "comment": "Founded 1903"},
        "language": "nb",
        "timezone": "Europe/Berlin",
    }
    for detail, value in values.items():
        seen = getattr(club.organization, detail)
        management.change(Tx(session, now, ada), detail, f" {value} ", seen=seen)
    kept = {detail: getattr(club.organization, detail) for detail in management.DETAILS}
    assert kept == values | {"email": "post@fjell.no"}
    for detail in management.OPTIONAL:
        management.change(Tx(session, now, ada), detail, None, seen=kept[detail])
        assert getattr(club.organization, detail) is None
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert len(entries) == len(values) + len(management.OPTIONAL)
    assert entries[0].details == {"name": ["Fjellklubben", "Fjell og fjord"]}
    for detail, wrong, why in (
        ("email", "nobody", Refused.BAD_EMAIL),
        ("timezone", "Bergen", Refused.UNKNOWN_TIME_ZONE),
        ("phone", "1" * 41, Refused.TOO_MUCH_TEXT),
        ("name", "  ", Refused.NAME_EMPTY),
    ):
        with refuses(session, why):
            management.change(Tx(session, now, ada), detail, wrong, seen=getattr(club.organization, detail))


def test_two_who_rename(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """The second is told who was first."""
    per = factories.member(session, club.organization, now, "Per Vik", Role.LEADER)
    management.change(Tx(session, now, per), "name", "Fjell", seen="Fjellklubben")
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Per Vik"):
        management.change(Tx(session, now, ada), "name", "Fjord", seen="Fjellklubben")
    assert club.organization.name == "Fjell"


# Closing


def test_not_while_things_are_out(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """A refused closing tells how many are out and changes nothing; with the last one back it succeeds."""
    rental = factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 2))
    with refuses(session, Refused.ITEMS_STILL_OUT, pieces=2):
        closing.close(Tx(session, now, ada))
    assert (club.organization.closed_at, said(session, closing.CLOSED_NOTICE)) == (None, [])
    checkin.take_back(Tx(session, now, club.lars), rental.id)
    assert closing.close(Tx(session, now, ada)).closed_at == now


def test_closing_cancels_what_waits(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Requests and what is approved; what they held is free, each cancelling is noted, the group let go."""
    group_chats.bind_group(Tx(session, now, ada), chat_id=-5, thread_id=None, title="Utstyr")
    asked = factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 1))
    approved = factories.requested(session, club.ola, now, days(now, 1, 2), (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), approved.id)
    closing.close(Tx(session, now, ada))
    for rental in (asked, approved):
        assert (rental.status, rental.decided_by) == (RentalStatus.CANCELLED, ada.user_id)
        assert {claim.status for claim in claims(session, rental)} == {ClaimStatus.RELEASED}
    assert club.organization.group_chat_id is None
    actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert sorted(actions[-4:]) == ["cancel", "cancel", "close", "unbind_group"]
    periodic.run(Tx(session, now))


def test_everybody_is_told_once(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Each member in private and the group; nobody who left, and nobody twice."""
    group_chats.bind_group(Tx(session, now, ada), chat_id=-5, thread_id=9, title="Utstyr")
    factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 1))
    session.get_one(User, club.ola.user_id).active_until = now
    closing.close(Tx(session, now, ada))
    with refuses(session, Refused.CLOSED, organization="Fjellklubben"):
        closing.close(Tx(session, now, ada))
    told = [row.chat_id for row in said(session, closing.CLOSED_NOTICE)]
    members = [club.kari, club.lars, club.anna, ada]
    assert sorted(told) == sorted([-5, *(member.account_id for member in members)])
    assert not [row for row in session.scalars(select(OutboxMessage)) if row.kind == "rental" and row.renew]


def test_who_has_another_one_acts_there(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """And is told where; whoever has none stays, and is refused."""
    other = found(session, ada, now)
    accounts.switch(Tx(session, now), ada.account_id, club.organization.id)
    closing.close(Tx(session, now, ada))
    assert acts_in(session, ada) == other.id
    rows = {row.chat_id: row.params["now_in"] for row in said(session, closing.CLOSED_NOTICE)}
    assert (rows[ada.account_id], rows[club.kari.account_id]) == ("Seilklubben", None)
    with refuses(session, Refused.CLOSED, organization="Fjellklubben"):
        identity.resolve(Tx(session, now), account_id=club.kari.account_id)


def test_a_closed_one_refuses_everybody(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Nobody acts there, joins it, sends a basket from before or changes anything about it."""
    token = invites.make(Tx(session, now, club.anna), role=Role.USER)
    draft = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), draft, club.tent.id, 1)
    request.set_period(Tx(session, now), draft, days(now, 1, 2))
    closing.close(Tx(session, now, ada))
    identity.remember_account(Tx(session, now), account_id=77, first_name="Nora", language=None)
    for refused in (
        lambda: identity.resolve(
            Tx(session, now), account_id=ada.account_id, organization_id=club.organization.id
        ),
        lambda: invites.look_at(Tx(session, now), 77, token),
        lambda: request.request(Tx(session, now, club.kari), draft.id),
        lambda: management.change(Tx(session, now, ada), "name", "Fjell", seen="Fjellklubben"),
        lambda: policy_settings.change(Tx(session, now, ada), "approval", False, seen=True),
        lambda: opening_hours_settings.set_days(Tx(session, now, ada), None, [6], Weekday(), seen={}),
    ):
        with refuses(session, Refused.CLOSED, organization="Fjellklubben"):
            refused()


def test_opened_again(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Everybody is where they were; what is open already is left alone, and other names are not known."""
    assert closing.reopen(Tx(session, now), "Fjellklubben") is None
    closing.close(Tx(session, now, ada))
    assert [(one.name, one.members, one.closed_at) for one in management.listed(Tx(session, now))] == [
        ("Fjellklubben", 5, now)
    ]
    assert closing.reopen(Tx(session, now), "Fjellklubben") is club.organization
    assert identity.resolve(Tx(session, now), account_id=club.kari.account_id).user_id == club.kari.user_id
    with refuses(session, Refused.NOT_FOUND):
        closing.reopen(Tx(session, now), "Seilklubben")
    actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["close", "reopen"]
