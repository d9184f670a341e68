"""Organisations, invitations, joining, and the admin group."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AccountLink, AuditEntry, ChatAccount, Invite, Organization, User
from db.states import Role
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.members import invites
from services.messaging import group_chats
from services.onboarding import joining
from services.organizations import management
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import DAY, end_membership, refuses


def create(session: Session, now: datetime, **changes: Any) -> str:
    asked = {"name": "Seilklubben", "timezone": "Europe/Oslo", "leader_first": "Ada", "leader_last": "Berg"}
    return management.create(Tx(session, now), **asked | changes)


def account(session: Session, now: datetime, number: int = 77) -> int:
    """Somebody wrote to the bot."""
    identity.remember_account(Tx(session, now), account_id=number, first_name="Nora", language="nb")
    return number


def join(session: Session, now: datetime, token: str, number: int = 77, **changes: Any) -> User:
    """Open the link and give a name."""
    account(session, now, number)
    found = invites.look_at(Tx(session, now), number, token)
    asked: dict[str, Any] = {"account_id": number, "invite_id": found.id, "first_name": f"Nora{number}"}
    email = changes.pop("email", None)
    told = {"email": email} if email is not None else {}
    return joining.join(Tx(session, now), told=told, **asked | changes)


def leader(session: Session, club: Club, now: datetime) -> Actor:
    return factories.member(session, club.organization, now, "Leo Leader", Role.LEADER)


def test_a_new_organisation_and_its_first_leader(session: Session, now: datetime) -> None:
    """The token that comes back makes its bearer the leader, under the name that was said."""
    token = create(session, now, name="  Seilklubben ", language="nb")
    row = session.scalars(select(Organization)).one()
    assert (row.name, row.timezone, row.language, row.policy) == ("Seilklubben", "Europe/Oslo", "nb", {})
    invite = invites.look_at(Tx(session, now), account(session, now), token)
    assert (invite.first_name, invite.last_name, invite.role) == ("Ada", "Berg", Role.LEADER)
    user = join(session, now, token, first_name=" Ada ", last_name=" Berg ")
    assert (user.name, user.role, user.organization_id) == ("Ada Berg", Role.LEADER, row.id)
    actor = identity.resolve(Tx(session, now), account_id=77)
    assert (actor.organization_id, actor.role, actor.name) == (row.id, Role.LEADER, "Ada Berg")
    assert [
        (entry.action, entry.user_id) for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ] == [
        ("create", None),
        ("invite", None),
        ("join", user.id),
    ]


@pytest.mark.parametrize(
    "changes, why",
    [
        ({"name": "  "}, Refused.NAME_EMPTY),
        ({"leader_first": " "}, Refused.NAME_EMPTY),
        ({"name": " Fjellklubben "}, Refused.NAME_TAKEN),
        ({"timezone": "Europe/Bergen"}, Refused.UNKNOWN_TIME_ZONE),
        ({"timezone": ""}, Refused.UNKNOWN_TIME_ZONE),
    ],
)
def test_what_no_organisation_can_be(
    session: Session, club: Club, now: datetime, changes: dict[str, str], why: Refused
) -> None:
    """Nameless, of another's name, or in a zone that is not."""
    with refuses(session, why):
        create(session, now, **changes)
    assert len(session.scalars(select(Organization)).all()) == 1


def test_a_link_works_once(session: Session, club: Club, now: datetime) -> None:
    """Unless said otherwise: the second who opens it reads that it was used."""
    token = invites.make(Tx(session, now, club.anna), role=Role.USER)
    join(session, now, token)
    with refuses(session, Refused.INVITE_USED):
        invites.look_at(Tx(session, now), account(session, now, 78), token)


def test_a_link_for_several(session: Session, club: Club, now: datetime) -> None:
    """It works as often as was said, for different people."""
    token = invites.make(Tx(session, now, club.anna), role=Role.LENDER, uses=3)
    users = [join(session, now, token, number) for number in (77, 78, 79)]
    assert {user.role for user in users} == {Role.LENDER}
    with refuses(session, Refused.INVITE_USED):
        join(session, now, token, 80)


def test_two_who_opened_the_last_use(session: Session, club: Club, now: datetime) -> None:
    """Both were asked for their names; the one who answers second is told, and no row is left of it."""
    token = invites.make(Tx(session, now, club.anna), role=Role.USER)
    for number in (77, 78):
        invite = invites.look_at(Tx(session, now), account(session, now, number), token)
    joining.join(Tx(session, now), account_id=78, invite_id=invite.id, first_name="Nora")
    before = len(session.scalars(select(User)).all())
    with refuses(session, Refused.INVITE_USED):
        joining.join(Tx(session, now), account_id=77, invite_id=invite.id, first_name="Nils")
    assert len(session.scalars(select(User)).all()) == before


def test_a_link_expires(session: Session, club: Club, now: datetime) -> None:
    """After fourteen days, or what was said; also for whoever opened it in time and answers too late."""
    usual = invites.make(Tx(session, now, club.anna), role=Role.USER)
    short = invites.make(Tx(session, now, club.anna), role=Role.USER, days=1)
    number = account(session, now)
    invites.look_at(Tx(session, now + 14 * DAY - timedelta(seconds=1)), number, usual)
    with refuses(session, Refused.INVITE_EXPIRED):
        invites.look_at(Tx(session, now + 14 * DAY), number, usual)
    opened = invites.look_at(Tx(session, now), number, short)
    with refuses(session, Refused.INVITE_EXPIRED):
        invites.look_at(Tx(session, now + DAY), number, short)
    with refuses(session, Refused.INVITE_EXPIRED):
        joining.join(Tx(session, now + DAY), account_id=number, invite_id=opened.id, first_name="Nora")
    assert opened.uses_left == 1


def test_only_a_hash_of_the_token_is_kept(session: Session, club: Club, now: datetime) -> None:
    """The database shows no reader a way in, and no two tokens are alike."""
    tokens = [invites.make(Tx(session, now, club.anna), role=Role.USER) for _ in range(20)]
    assert len(set(tokens)) == 20
    assert all(token.startswith("j_") and len(token) >= 32 for token in tokens)
    kept = {str(value) for row in session.execute(select(Invite.__table__)) for value in row}
    kept |= {str(entry.details) for entry in session.scalars(select(AuditEntry))}
    assert not any(token in text or token[2:] in text for token in tokens for text in kept)


def test_what_is_no_link(session: Session, club: Club, now: datetime) -> None:
    """A token that was made up, cut off, or is the hash itself."""
    token = invites.make(Tx(session, now, club.anna), role=Role.USER)
    invite = session.scalars(select(Invite)).one()
    for wrong in ("", "j_", "j_nonsense", token[:-1], token + "x", token.upper(), invite.token_hash):
        with refuses(session, Refused.INVITE_UNKNOWN):
            invites.look_at(Tx(session, now), account(session, now), wrong)


@pytest.mark.parametrize(
    "who, may",
    [
        ("kari", set()),
        ("lars", set()),
        ("anna", {Role.USER, Role.LENDER, Role.ADMIN}),
        ("leader", set(Role)),
    ],
)
def test_who_may_invite_whom(session: Session, club: Club, now: datetime, who: str, may: set[Role]) -> None:
    """Admins and leaders, and never above themselves."""
    actor = leader(session, club, now) if who == "leader" else getattr(club, who)
    for role in Role:
        if role in may:
            invites.make(Tx(session, now, actor), role=role)
        else:
            with refuses(session, Refused.NOT_ALLOWED):
                invites.make(Tx(session, now, actor), role=role)
    assert {invite.role for invite in session.scalars(select(Invite))} == may


def test_a_former_admin_invites_nobody(session: Session, club: Club, now: datetime) -> None:
    """A former admin who invites is told that their membership has ended."""
    with refuses(session, Refused.MEMBERSHIP_ENDED):
        invites.make(Tx(session, now, end_membership(session, club.anna, now)), role=Role.USER)


def test_a_member_needs_no_link(session: Session, club: Club, now: datetime) -> None:
    """Neither opening one nor answering late makes a second member, or uses it up."""
    token = invites.make(Tx(session, now, club.anna), role=Role.ADMIN)
    invite = session.scalars(select(Invite)).one()
    assert club.kari.account_id is not None
    with refuses(session, Refused.ALREADY_A_MEMBER, organization="Fjellklubben"):
        invites.look_at(Tx(session, now), club.kari.account_id, token)
    with refuses(session, Refused.ALREADY_A_MEMBER, organization="Fjellklubben"):
        joining.join(
            Tx(session, now), account_id=club.kari.account_id, invite_id=invite.id, first_name="Kari"
        )
    assert invite.uses_left == 1


def test_a_member_of_two_organisations(session: Session, club: Club, now: datetime) -> None:
    """One account is two users, each with a role of its own, and acts in the one joined last."""
    other = factories.club(session, now, "Seilklubben")
    token = invites.make(Tx(session, now, other.anna), role=Role.LENDER)
    number = club.kari.account_id
    invite = invites.look_at(Tx(session, now), number, token)
    joining.join(Tx(session, now), account_id=number, invite_id=invite.id, first_name="Kari")
    here, there = (
        identity.resolve(Tx(session, now), account_id=number, organization_id=c.organization.id)
        for c in (club, other)
    )
    assert (here.role, there.role) == (Role.USER, Role.LENDER)
    assert here.user_id != there.user_id
    assert session.get_one(ChatAccount, number).organization_id == other.organization.id
    assert len(session.scalars(select(AccountLink).filter_by(account_id=number)).all()) == 2


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\u3164", "\u2800\u00ad"])
def test_a_name_that_shows_nothing(session: Session, club: Club, now: datetime, name: str) -> None:
    """Is none, whatever it is made of; the link is still good."""
    token = invites.make(Tx(session, now, club.anna), role=Role.USER)
    with refuses(session, Refused.NAME_EMPTY):
        join(session, now, token, first_name=name)
    assert join(session, now, token, first_name="Łukasz 🛶").name == "Łukasz 🛶"


def test_a_name_too_long(session: Session, club: Club, now: datetime) -> None:
    """A hundred characters each, and the limit is said."""
    token = invites.make(Tx(session, now, club.anna), role=Role.USER)
    for name in ("first_name", "last_name"):
        with refuses(session, Refused.TOO_MUCH_TEXT, most=100):
            join(session, now, token, 77, **{name: "N" * 101})
    assert len(join(session, now, token, first_name="N" * 100, last_name="M" * 100).name) == 201


def test_an_email_belongs_to_one_member(session: Session, club: Club, now: datetime) -> None:
    """However it is written; in another organisation it is free, and nobody needs one."""
    token = invites.make(Tx(session, now, club.anna), role=Role.USER, uses=5)
    assert join(session, now, token, email=" Nora@Example.ORG ").email == "nora@example.org"
    with refuses(session, Refused.EMAIL_TAKEN):
        join(session, now, token, 78, email="NORA@example.org")
    assert join(session, now, token, 78, email=None).email is None
    assert join(session, now, token, 79, email=None).email is None
    other = factories.club(session, now, "Seilklubben")
    there = invites.make(Tx(session, now, other.anna), role=Role.USER)
    assert join(session, now, there, 80, email="nora@example.org").email == "nora@example.org"


@pytest.mark.parametrize(
    "email",
    ["", "nora", "nora@", "@example.org", "nora@example", "no ra@example.org", "a@b@c.org", "a@b..org"],
)
def test_what_is_no_email(session: Session, club: Club, now: datetime, email: str) -> None:
    """Refused, and the link is still good."""
    token = invites.make(Tx(session, now, club.anna), role=Role.USER)
    with refuses(session, Refused.BAD_EMAIL):
        join(session, now, token, email=email)
    join(session, now, token)


def test_binding_a_group(session: Session, club: Club, now: datetime) -> None:
    """An admin binds it, with its topic; doing so again changes nothing; another group takes its place."""
    with refuses(session, Refused.NOT_ALLOWED):
        group_chats.bind_group(Tx(session, now, club.lars), chat_id=-1, thread_id=None, title="Utstyr")
    for _ in range(2):
        group_chats.bind_group(Tx(session, now, club.anna), chat_id=-1, thread_id=7, title="Utstyr")
    assert group_chats.of_group(session, -1) is club.organization
    assert (club.organization.group_thread_id, club.organization.group_title) == (7, "Utstyr")
    group_chats.bind_group(Tx(session, now, club.anna), chat_id=-2, thread_id=None, title="N" * 300)
    assert (club.organization.group_chat_id, club.organization.group_thread_id) == (-2, None)
    with refuses(session, Refused.GROUP_NOT_BOUND):
        group_chats.of_group(session, -1)
    actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["bind_group", "bind_group"]


def test_a_group_decides_for_one_organisation(session: Session, club: Club, now: datetime) -> None:
    """Another's is refused until it is let go of; letting go of what nobody has is nothing."""
    other = factories.club(session, now, "Seilklubben")
    group_chats.bind_group(Tx(session, now, club.anna), chat_id=-1, thread_id=None, title="Utstyr")
    with refuses(session, Refused.GROUP_TAKEN):
        group_chats.bind_group(Tx(session, now, other.anna), chat_id=-1, thread_id=None, title="Utstyr")
    assert group_chats.unbind_group(Tx(session, now), chat_id=-1) is club.organization
    assert group_chats.unbind_group(Tx(session, now), chat_id=-1) is None
    group_chats.bind_group(Tx(session, now, other.anna), chat_id=-1, thread_id=None, title="Utstyr")
    assert group_chats.of_group(session, -1) is other.organization
