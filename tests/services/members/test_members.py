"""Members: found by words, changed by those who may, suspended and taken back."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from db.models import AccountLink, AuditEntry, CustomField, Invite, User
from db.states import Described, Role
from services.core import identity, policy
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.policy import Policy
from services.core.tx import Tx
from services.members import directory, editing, invites, profile, suspensions
from services.members.departure import leaving
from services.onboarding import joining
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import DAY, refuses, said, set_policy


def named(
    session: Session, club: Club, now: datetime, words: str, page: int = 0, per_page: int = 8
) -> list[str]:
    found = directory.find(
        Tx(session, now, within=club.organization.id), words=words, page=page, per_page=per_page
    )
    return [entry.name for entry in found.entries]


def leader(session: Session, club: Club, now: datetime, name: str = "Leo Leader") -> Actor:
    return factories.member(session, club.organization, now, name, Role.LEADER)


def user(session: Session, actor: Actor) -> User:
    return session.get_one(User, actor.user_id)


def audited(session: Session, actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    """List the audit entries about this member."""
    rows = session.scalars(
        select(AuditEntry).filter_by(subject="user", subject_id=actor.user_id).order_by(AuditEntry.id)
    )
    return [(row.action, row.details) for row in rows]


def test_found_by_all_that_is_known(session: Session, club: Club, now: datetime) -> None:
    """Name, username, email, phone however it is parted, membership number; capitals and accents forgiven."""
    ase = user(session, factories.member(session, club.organization, now, "Åse Ørjansen"))
    ase.username, ase.email, ase.phone, ase.membership_id = "aase", "a@x.no", "+47 912 34 567", "M-0042"
    session.flush()
    for words in ("ase", "ÅSE ør", "orjansen ase", "AASE", "a@x", "91234567", "912 34 567", "m-0042"):
        assert named(session, club, now, words) == ["Åse Ørjansen"], words
    assert named(session, club, now, "´") == []
    assert named(session, club, now, "nobody") == []
    assert named(session, club, now, "a")[0] == "Anna Admin"


def test_found_by_the_present_name_and_not_once_erased(session: Session, club: Club, now: datetime) -> None:
    berg = user(session, factories.member(session, club.organization, now, "Siri Berg"))
    berg.last_name = "Dahl"
    session.flush()
    assert (named(session, club, now, "siri berg"), named(session, club, now, "dahl")) == ([], ["Siri Dahl"])
    berg.forgotten_at = now
    session.flush()
    assert named(session, club, now, "siri") == []
    assert session.scalar(select(User.search_text).where(User.id == berg.id)) == ""


def test_another_organisations_members_are_not_found(session: Session, club: Club, now: datetime) -> None:
    """Neither listed nor found, nor looked at by their number."""
    other = factories.club(session, now, "Seilklubben")
    assert len(named(session, club, now, "")) == 4
    assert named(session, club, now, "kari") == ["Kari Nordmann"]
    with refuses(session, Refused.NOT_FOUND):
        directory.get(Tx(session, now, club.anna), other.kari.user_id)


def test_five_thousand_members(session: Session, club: Club, now: datetime) -> None:
    """Listing and searching take as many queries as with four, and each page is there."""

    def queries(words: str, page: int = 0) -> tuple[int, directory.Page]:
        seen: list[str] = []

        def note(*args: Any) -> None:
            seen.append(args[2])

        session.flush()
        engine = session.get_bind().engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            found = directory.find(Tx(session, now, within=club.organization.id), words=words, page=page)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen), found

    few = queries("")[0], queries("kari")[0]
    rows = [
        {
            "organization_id": club.organization.id,
            "first_name": f"Medlem{i:04}",
            "last_name": "Åsen",
            "role": Role.USER,
            "custom": {},
            "created_at": now,
        }
        for i in range(5_000)
    ]
    session.execute(insert(User), rows)
    begun = perf_counter()
    assert (queries("")[0], queries("kari")[0]) == few
    number, found = queries("asen", page=624)
    assert number == few[1]
    assert (found.total, found.pages, found.entries[-1].name) == (5_000, 625, "Medlem4999 Åsen")
    assert queries("", page=10_000)[1].page == 625
    assert perf_counter() - begun < 5


def test_who_may_change_whose_role(session: Session, club: Club, now: datetime) -> None:
    """Every role by every role: neither theirs nor the new one is above one's own; ADMIN is the least."""
    acting = {r: factories.member(session, club.organization, now, f"A {r}", r) for r in Role}
    leader(session, club, now)
    for by, actor in acting.items():
        for before in Role:
            for after in Role:
                whom = factories.member(session, club.organization, now, "W", before)
                allowed = (
                    by.covers(Role.ADMIN) and by.covers(before) and (before is after or by.covers(after))
                )
                if allowed:
                    editing.change_role(Tx(session, now, actor), whom.user_id, role=after, seen=before)
                    assert user(session, whom).role is after
                else:
                    with refuses(session, Refused.NOT_ALLOWED):
                        editing.change_role(Tx(session, now, actor), whom.user_id, role=after, seen=before)


def test_a_change_of_role_is_told_and_audited_once(session: Session, club: Club, now: datetime) -> None:
    """The second time it stands already; one who saw another role before reads who was first."""
    change = editing.change_role
    for _ in range(2):
        change(Tx(session, now, club.anna), club.kari.user_id, role=Role.LENDER, seen=Role.USER)
    assert audited(session, club.kari) == [("change_role", {"role": ["user", "lender"]})]
    assert [row.chat_id for row in said(session, "role_changed")] == [club.kari.account_id]
    other = factories.member(session, club.organization, now, "Otto Admin", Role.ADMIN)
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Anna Admin"):
        change(Tx(session, now, other), club.kari.user_id, role=Role.ADMIN, seen=Role.USER)


def test_one_leader_stays(session: Session, club: Club, now: datetime) -> None:
    """One who can act: not suspended, not about to end, with an account."""
    leo = leader(session, club, now)
    ida = leader(session, club, now, "Ida Leader")
    session.add(
        User(
            organization_id=club.organization.id,
            first_name="Ny",
            role=Role.LEADER,
            custom={},
            created_at=now,
        )
    )
    suspensions.suspend(Tx(session, now, leo), ida.user_id, reason="x", until=now + DAY)
    step_down: dict[str, Any] = {"role": Role.USER, "seen": Role.LEADER}
    with refuses(session, Refused.LAST_LEADER):
        editing.change_role(Tx(session, now, leo), leo.user_id, **step_down)
    with refuses(session, Refused.LAST_LEADER):
        editing.set_moment(
            Tx(session, now, leo), leo.user_id, field="active_until", moment=now + 9 * DAY, seen=""
        )
    suspensions.reactivate(Tx(session, now, leo), ida.user_id)
    editing.change_role(Tx(session, now, leo), leo.user_id, **step_down)
    assert user(session, leo).role is Role.USER


def test_a_leader_who_is_about_to_end_sends_away_no_other(
    session: Session, club: Club, now: datetime
) -> None:
    """There would be none once their own membership is over: neither deposed nor suspended, nor left."""
    leo, ida = leader(session, club, now), leader(session, club, now, "Ida Leader")
    user(session, leo).active_until = now + 30 * DAY
    session.flush()
    with refuses(session, Refused.LAST_LEADER):
        editing.change_role(Tx(session, now, leo), ida.user_id, role=Role.USER, seen=Role.LEADER)
    with refuses(session, Refused.LAST_LEADER):
        suspensions.suspend(Tx(session, now, leo), ida.user_id, reason="x", until=None)
    with refuses(session, Refused.LAST_LEADER):
        leaving.leave(Tx(session, now, ida), seen=[])
    suspensions.suspend(Tx(session, now, ida), leo.user_id, reason="x", until=None)


def test_nothing_is_overwritten_unseen(session: Session, club: Club, now: datetime) -> None:
    """A value changed since it was looked at stays, and its author is named; the same value is no change."""
    edit = editing.edit
    kari = club.kari.user_id
    edit(Tx(session, now, club.anna), kari, field="city", value="Bergen", seen="")
    other = factories.member(session, club.organization, now, "Otto Admin", Role.ADMIN)
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Anna Admin"):
        edit(Tx(session, now, other), kari, field="city", value="Oslo", seen="")
    edit(Tx(session, now, other), kari, field="city", value="Bergen", seen="")
    edit(Tx(session, now, other), kari, field="city", value="Oslo", seen="Bergen")
    edit(Tx(session, now, other), kari, field="city", value=None, seen="Oslo")
    assert [details["city"] for _, details in audited(session, club.kari)] == [
        *(["", "Bergen"], ["Bergen", "Oslo"], ["Oslo", ""]),
    ]


def test_a_field_of_ones_own_of_any_name(session: Session, club: Club, now: datetime) -> None:
    """Also one that is called like something of ours."""
    field = CustomField(
        organization_id=club.organization.id, describes=Described.USER, label="action", position=1
    )
    session.add(field)
    session.flush()
    name = f"field:{field.id}"
    editing.edit(Tx(session, now, club.anna), club.kari.user_id, field=name, value=" yes ", seen="")
    assert user(session, club.kari).custom == {"action": "yes"}
    other = factories.club(session, now, "Seilklubben")
    with refuses(session, Refused.NOT_FOUND):
        editing.edit(Tx(session, now, other.anna), other.kari.user_id, field=name, value="no", seen="")


def test_a_membership_does_not_end_before_it_begins(session: Session, club: Club, now: datetime) -> None:
    """Whichever of the two is set last."""
    set_moment = editing.set_moment
    kari = club.kari.user_id
    set_moment(Tx(session, now, club.anna), kari, field="active_from", moment=now + 5 * DAY, seen="")
    with refuses(session, Refused.END_BEFORE_BEGIN):
        set_moment(Tx(session, now, club.anna), kari, field="active_until", moment=now + DAY, seen="")
    actor = identity.resolve(Tx(session, now), account_id=club.kari.account_id)
    with refuses(session, Refused.MEMBERSHIP_ENDED, begins=now + 5 * DAY):
        actor.require_active()


def test_a_suspension_ends_by_itself(session: Session, club: Club, now: datetime) -> None:
    """Until then the member reads why; afterwards everything is as before, and they can be suspended anew."""
    until = now + 3 * DAY
    suspend = suspensions.suspend
    suspend(Tx(session, now, club.anna), club.kari.user_id, reason=" Late ", until=until)
    number = club.kari.account_id
    with refuses(session, Refused.SUSPENDED, until=until, reason="Late"):
        identity.resolve(Tx(session, now), account_id=number).require_active()
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Anna Admin"):
        suspend(Tx(session, now, club.anna), club.kari.user_id, reason="again", until=None)
    identity.resolve(Tx(session, until), account_id=number).require_active()
    suspend(Tx(session, until, club.anna), club.kari.user_id, reason="again", until=None)
    for _ in range(2):
        suspensions.reactivate(Tx(session, until, club.anna), club.kari.user_id)
    assert [action for action, _ in audited(session, club.kari)] == ["suspend", "suspend", "reactivate"]


def test_whom_nobody_suspends(session: Session, club: Club, now: datetime) -> None:
    """Oneself, those above, until the past, with a book for a reason; and lenders suspend nobody."""
    leo = leader(session, club, now)
    asked: dict[str, Any] = {"reason": "x", "until": None}
    for actor, whom, why, changes in (
        (club.anna, club.anna, Refused.SELF_SUSPENSION, {}),
        (club.anna, leo, Refused.NOT_ALLOWED, {}),
        (club.lars, club.kari, Refused.NOT_ALLOWED, {}),
        (club.anna, club.kari, Refused.IN_THE_PAST, {"until": now}),
        (club.anna, club.kari, Refused.TOO_MUCH_TEXT, {"reason": "x" * 301}),
    ):
        with refuses(session, why):
            suspensions.suspend(Tx(session, now, actor), whom.user_id, **asked | changes)


def test_a_link_leads_to_no_more_than_its_maker_may_give(session: Session, club: Club, now: datetime) -> None:
    """Kept by an admin while the member becomes a leader, it is void; a lender's leads to a lender."""
    token = editing.new_link(Tx(session, now, club.anna), club.kari.user_id)
    identity.remember_account(Tx(session, now), account_id=77, first_name="K", language="en")
    editing.change_role(Tx(session, now, club.anna), club.kari.user_id, role=Role.LENDER, seen=Role.USER)
    assert invites.look_at(Tx(session, now), 77, token).role is Role.LENDER
    leo = leader(session, club, now)
    editing.change_role(Tx(session, now, leo), club.kari.user_id, role=Role.LEADER, seen=Role.LENDER)
    with refuses(session, Refused.INVITE_USED):
        invites.look_at(Tx(session, now), 77, token)
    with refuses(session, Refused.NOT_ALLOWED):
        editing.new_link(Tx(session, now, club.anna), club.kari.user_id)


def test_a_role_that_rose_past_its_link(session: Session, club: Club, now: datetime) -> None:
    """However it rose: the link does not lead there."""
    token = editing.new_link(Tx(session, now, club.anna), club.kari.user_id)
    identity.remember_account(Tx(session, now), account_id=77, first_name="K", language="en")
    invite = invites.look_at(Tx(session, now), 77, token)
    user(session, club.kari).role = Role.LEADER
    session.flush()
    with refuses(session, Refused.INVITE_UNKNOWN):
        joining.join(Tx(session, now), account_id=77, invite_id=invite.id)


def test_links_for_all_who_wait(session: Session, club: Club, now: datetime) -> None:
    """Active ones without an account, not above who asks; earlier links are void; one row in the audit."""

    def known(name: str, **fields: Any) -> None:
        session.add(
            User(
                organization_id=club.organization.id,
                first_name=name,
                custom={},
                created_at=now,
                **fields,
            )
        )

    known("Siri", suspended_at=now - 2 * DAY, suspended_until=now)
    known("Per", active_until=now)
    known("Pål", active_from=now + DAY)
    known("Pia", suspended_at=now)
    known("Leo", role=Role.LEADER)
    session.flush()
    waiting = session.scalars(select(User).filter(User.id.not_in(select(AccountLink.user_id)))).all()
    active = [one for one in waiting if one.is_active(now)]
    assert invites.count(Tx(session, now, within=club.organization.id)) == len(active) == 2
    (first,) = invites.renew(Tx(session, now, club.anna))
    (second,) = invites.renew(Tx(session, now, club.anna))
    assert (first.name, second.name) == ("Siri", "Siri")
    open_ = session.scalars(select(Invite).where(Invite.uses_left > 0)).all()
    assert [invite.token_hash for invite in open_] == [invites.hash_of(second.token)]
    entries = session.scalars(select(AuditEntry).filter_by(action="invite_all")).all()
    assert [entry.details for entry in entries] == [{"members": 1}, {"members": 1}]
    with refuses(session, Refused.NOT_ALLOWED):
        invites.renew(Tx(session, now, club.lars))


def test_old_policies_ask_for_email(session: Session, club: Club, now: datetime) -> None:
    """An old policy still asks for email as it said; a newer list of questions wins."""
    of = club.organization
    for stored, ask in (
        ({"ask_email": True}, ("email",)),
        ({"ask_email": False}, ()),
        ({"ask_email": True, "ask": ["city", "phone", "city"]}, ("city", "phone")),
        ({}, ()),
    ):
        of.policy = stored
        assert policy.of(of).ask == ask


@pytest.mark.parametrize("wrong", ["name", "field:", "field:x", "Field:7", "role", ""])
def test_what_cannot_be_asked(wrong: str) -> None:
    """A policy that asks for what there is not is refused when it is made."""
    with pytest.raises(ValidationError):
        Policy(ask=(wrong,))


def test_a_field_that_went_is_asked_no_more(session: Session, club: Club, now: datetime) -> None:
    """Switched off, or another organisation's: the others are still asked."""
    other = factories.organization(session, now, "Seilklubben")
    rows = [
        CustomField(organization_id=of, describes=Described.USER, label=label, position=1)
        for of, label in ((club.organization.id, "Boat"), (other.id, "Car"))
    ]
    rows[0].disabled_at = now
    session.add_all(rows)
    session.flush()
    set_policy(session, club.organization, ask=["city", *(f"field:{row.id}" for row in rows)])
    assert profile.asked_fields(Tx(session, now, within=club.organization.id)) == ["city"]


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("phone", "12", Refused.BAD_PHONE),
        ("phone", "+47 12 34 x", None),
        ("phone", "(0) 12/34-56", None),
        ("phone", "tel 12345", Refused.BAD_PHONE),
        ("email", "a@b", Refused.BAD_EMAIL),
        ("city", "\u3164", Refused.VALUE_EMPTY),
        ("first_name", " ", Refused.NAME_EMPTY),
        ("last_name", " ", None),
        ("born_on", date(2026, 12, 2), Refused.BIRTH_DATE_IN_FUTURE),
        ("born_on", date(1899, 12, 31), Refused.BORN_TOO_EARLY),
        ("born_on", date(2026, 12, 1), None),
    ],
)
def test_what_may_stand_in_a_field(
    session: Session, club: Club, field: str, value: str | date, why: Refused | None
) -> None:
    """Each field takes what it is for."""
    tx = Tx(session, datetime(2026, 12, 1, 11, tzinfo=UTC), within=club.organization.id)
    if why is None:
        profile.checked(tx, field, value)
        return
    with refuses(session, why):
        profile.checked(tx, field, value)


def test_a_card_tells_all(session: Session, club: Club, now: datetime) -> None:
    """A card shows what is out now, how often the member was late, and what is known of them."""
    factories.handed_out(session, club, now, factories.days(now, 0, 2), (club.tent, 2))
    found = directory.card(Tx(session, now + timedelta(days=3)), user(session, club.kari))
    assert [(one.code, one.due_at) for one in found.out] == [("T1", now + 2 * DAY), ("T2", now + 2 * DAY)]
    assert (found.record.out_now, found.record.late, found.rentals, found.accounts) == (2, 1, 1, 1)
    assert dict(found.fields) == {"first_name": "Kari", "last_name": "Nordmann"}
