"""`/members`: found, shown, changed and suspended, from a phone."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, CustomField, Organization, Rental, User
from db.states import Described, RentalStatus, Role
from handlers.i18n import field_names
from handlers.members import answers, notifications, views
from handlers.members.own import me_views
from handlers.rentals import card_views, reminder_views
from handlers.ui.callbacks import Verb, pack
from sandbox.botapi.commands import commands_for
from sandbox.person import Person, find
from sandbox.world.records import Message
from services.core.errors import Refused
from tests import factories
from tests.e2e.arrange import actor, approved, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, carrying, of_kind, refusal, saying, wording


async def user(world: World, name: str) -> User:
    return await world.database.read(lambda s: s.get_one(User, actor(s, world, name).user_id))


async def opened(world: World, who: str, name: str) -> Person:
    person = world[who]
    await person.types(f"/members {name}")
    await person.sees(f"{name} Berg ·")
    return person


async def test_a_role_is_changed_in_three(world: World) -> None:
    """`/members kari`, Role, Lender: she is told, and finds the desk; the change is in the audit once."""
    anna = world["Anna"]
    await anna.types("/members kari")
    await anna.sees("Kari Berg · member")
    await anna.taps(carrying("role"))
    await anna.sees(wording(views.roles, name="Kari Berg"))
    await anna.taps("Lender")
    await anna.sees("Kari Berg · lender")
    await world["Kari"].sees(
        wording(notifications._role_changed, name="Anna Berg", organization="Fjellklubben", role="lender")
    )
    await world.settled()
    assert (await user(world, "Kari")).role is Role.LENDER
    await world["Kari"].types("/desk")
    await world["Kari"].sees(of_kind("desk_day"))
    query = select(AuditEntry.details).filter_by(action="change_role")
    assert await world.database.read(lambda s: s.scalars(query).all()) == [{"role": ["user", "lender"]}]


async def test_the_menu_follows_the_role(sqlite_world: World) -> None:
    """A new lender finds the desk in it; who is suspended, only what everybody has; then it comes back."""
    world = sqlite_world

    async def menu() -> set[str]:
        await world.settled()
        shown = commands_for(world.sandbox.world, world["Kari"].user, world["Kari"].chat)
        return {command["command"] for command in shown}

    anna = await opened(world, "Anna", "Kari")
    await anna.taps(carrying("role"))
    await anna.taps("Lender")
    await anna.sees("Kari Berg · lender")
    assert {"desk", "rent"} <= await menu()
    await anna.taps(carrying("suspend"))
    await anna.taps(carrying("why", 2))
    await anna.taps(carrying("days", 0))
    await anna.sees(wording(views.state_of, "is_suspended"))
    assert not {"desk", "rent"} & await menu()
    await anna.taps(carrying("reactivate"))
    await anna.sees("Saved.")
    assert {"desk", "rent"} <= await menu()


async def test_nobody_gives_or_takes_a_role_above_their_own(sqlite_world: World) -> None:
    """An admin is offered no leader, and changes nothing about one."""
    world = sqlite_world
    anna = await opened(world, "Anna", "Kari")
    await anna.taps(carrying("role"))
    asked = await anna.sees(wording(views.roles, name="Kari Berg"))
    assert [b.text for b in asked.buttons] == ["✓ Member", "Lender", "Admin", "Back"]
    data = next(b.data for b in asked.buttons if b.text == "Admin")
    assert data is not None
    async with world.unchanged():
        await anna.taps_data(data.replace("admin", "leader"), asked)
        await anna.sees(refusal(Refused.NOT_ALLOWED, needed="leader"))
        await anna.types("/members ada")
        seen = await anna.sees("Ada Berg · leader")
        assert [b.text for b in seen.buttons] == ["Back", "Close"]
        made = (seen.buttons[0].data or "").rpartition(":")[0]
        for word in ("suspend", "link 0"):
            await anna.taps_data(f"{made}:{word}", anna.last("Ada Berg · leader"))
            await world.settled()
            assert refusal(Refused.NOT_ALLOWED, needed="leader") in anna.last("Ada Berg · leader").text


async def test_a_leader_stays(sqlite_world: World) -> None:
    """The last leader can neither step down nor be suspended; with a second one they can step down."""
    world = sqlite_world
    ada = await opened(world, "Ada", "Ada")
    await ada.taps(carrying("role"))
    await ada.sees(wording(views.roles, name="Ada Berg"))
    async with world.unchanged():
        await ada.taps("Member")
        await ada.sees(refusal(Refused.LAST_LEADER))
    await ada.types("/members anna")
    await ada.sees("Anna Berg · admin")
    await ada.taps(carrying("role"))
    await ada.taps("Leader")
    await ada.sees("Anna Berg · leader")
    await ada.types("/members ada")
    await ada.sees("Ada Berg · leader")
    await ada.taps(carrying("role"))
    await ada.taps("Member")
    await ada.sees(
        wording(notifications._role_changed, name="Ada Berg", organization="Fjellklubben", role="member")
    )
    assert (await user(world, "Ada")).role is Role.USER


async def test_the_suspended_bring_things_back_and_nothing_else(world: World) -> None:
    """Told why and until when; what is out comes back, nothing goes out; once lifted, all is as before."""
    number = await handed_out(world, "Kari", last=3)
    later = await approved(world, "Kari", first=5, last=6)
    anna, kari = await opened(world, "Anna", "Kari"), world["Kari"]
    await anna.sees("T1 · Tent, due")
    await anna.taps(carrying("suspend"))
    await anna.sees(wording(views.ask_reason, name="Kari Berg"))
    await anna.taps(carrying("why"))
    await anna.sees(wording(views.ask_end, name="Kari Berg"))
    await anna.taps("7 days")
    await anna.sees(wording(views.state_of, day=...))
    await kari.sees(wording(notifications._suspended, day=..., name="Anna Berg", organization="Fjellklubben"))
    await kari.sees(wording(views.ask_end, reason=wording(views.usual_reasons)))
    await kari.types("/rent tent")
    await kari.sees(
        refusal(Refused.SUSPENDED, until="2026-12-07T23:00:00+00:00", reason=wording(views.usual_reasons))
    )
    lars = world["Lars"]
    await lars.types(f"/handout {later}")
    card = await lars.sees(f"{later}")
    assert find(card, by(Verb.HAND_OUT)) is None
    await lars.taps_data(pack(Verb.HAND_OUT, later), card)
    assert "Kari Berg is suspended" in (await lars.toast() or "")
    await kari.types(f"/return {number}")
    await kari.taps("Return")
    await kari.sees(wording(card_views.status_line, RentalStatus.OUT, "waiting_back"))
    await anna.taps(carrying("reactivate"))
    await kari.sees("Anna Berg has lifted your suspension")
    await kari.types("/rent tent")
    await kari.sees(asking("rent.first"))


async def test_the_suspended_are_reminded(sqlite_world: World) -> None:
    """A suspended member is still reminded on the day of things that are out; a suspension ends by itself."""
    world = sqlite_world
    await handed_out(world, "Kari", last=2)
    anna = await opened(world, "Anna", "Kari")
    await anna.taps(carrying("suspend"))
    await anna.sees(wording(views.ask_reason, name="Kari Berg"))
    await anna.types("She knows")
    await anna.sees("Reason: She knows")
    await anna.types("tomorrow")
    await anna.sees(wording(views.state_of, day=...))
    await world.settled()
    await world.clock.advance(world.clock.now() + timedelta(days=2))
    await world["Kari"].sees(wording(reminder_views._sentence, "DUE_SOON", moment=..., what=...))
    await world["Kari"].types("/rent stove")
    await world["Kari"].sees(asking("rent.first"))


@pytest.mark.both_databases(long=True)
async def test_two_admins_edit(world: World) -> None:
    """The second reads what the first did, and nothing is overwritten unseen; then it can be sent again."""
    anna, ada = await opened(world, "Anna", "Kari"), await opened(world, "Ada", "Kari")
    for one in (anna, ada):
        await one.taps(carrying("fields"))
        await one.sees(wording(views.field_list, name=...))
        await one.taps("City")
        await one.sees(wording(views.ask_value, "now"))
    await anna.types("Bergen")
    await anna.sees("City: Bergen")
    await ada.types("Oslo")
    await ada.sees(refusal(Refused.CHANGED_MEANWHILE, by="Anna Berg"))
    await ada.sees("Now: Bergen")
    await world.settled()
    assert (await user(world, "Kari")).city == "Bergen"
    await ada.types("Oslo")
    await ada.sees("City: Oslo")
    await world.settled()
    assert (await user(world, "Kari")).city == "Oslo"


async def test_every_field_is_edited(sqlite_world: World) -> None:
    """Each field takes what is typed, refuses what cannot be, and can be taken away."""
    world = sqlite_world

    def own(session: Session) -> None:
        session.add(
            CustomField(
                organization_id=world.organization_id,
                describes=Described.USER,
                label="Shoe <size>",
                position=1,
            )
        )

    await write(world, own)
    anna = await opened(world, "Anna", "Kari")
    for label, wrong, no, right, seen in (
        (
            carrying("field", "first_name"),
            "x" * 101,
            refusal(Refused.TOO_MUCH_TEXT, most=100),
            "Karin",
            "Karin Berg",
        ),
        ("Username", "u" * 101, refusal(Refused.TOO_MUCH_TEXT, most=100), "karin", "Username: karin"),
        ("Email", "karin", refusal(Refused.BAD_EMAIL), "Karin@X.no", "Email: karin@x.no"),
        ("Phone", "call me", refusal(Refused.BAD_PHONE), "+47 912 34 567", "Phone: +47 912 34 567"),
        (
            carrying("field", "born_on"),
            "1.2.",
            refusal(Refused.BAD_BIRTHDAY),
            "1.2.90",
            wording(views._field, field=field_names.USUAL["user.born_on"], value="1.2.1990"),
        ),
        ("Shoe <size>", "y" * 501, refusal(Refused.TOO_MUCH_TEXT, most=500), "39", "Shoe <size>: 39"),
        (
            carrying("field", "active_until"),
            "hm",
            refusal(Refused.NOT_A_DATE),
            "31.12.2026",
            wording(views._since, "last_day", day="Thu 31 Dec"),
        ),
    ):
        await anna.taps(carrying("fields"))
        await anna.sees(wording(views.field_list, name=...))
        await anna.taps(label)
        await anna.sees("Write")
        await anna.types(wrong)
        await anna.sees(no)
        await anna.types(right)
        await anna.sees(seen)
    await anna.taps(carrying("fields"))
    await anna.taps(carrying("field", "phone"))
    await anna.sees("Now: +47 912 34 567")
    await anna.taps(carrying("clear"))
    await world.settled()
    kari = await user(world, "Kari")
    assert (kari.phone, kari.custom, kari.email) == (None, {"Shoe <size>": "39"}, "karin@x.no")
    await world["Kari"].sees(
        wording(notifications._membership_changed, "last_day", day="Thu 31 Dec", organization="Fjellklubben")
    )


async def test_a_taken_address_is_refused_by_name(sqlite_world: World) -> None:
    """An admin reads whose address it is."""
    world = sqlite_world

    def give(session: Session) -> None:
        session.get_one(User, actor(session, world, "Ola").user_id).email = "ola@x.no"

    await write(world, give)
    anna = await opened(world, "Anna", "Kari")
    await anna.taps(carrying("fields"))
    await anna.taps(carrying("field", "email"))
    await anna.sees(wording(views.ask_value, "now"))
    await anna.types("OLA@x.no")
    await anna.sees(refusal(Refused.EMAIL_TAKEN, by="Ola Berg"))


async def test_a_link_of_ones_own(world: World) -> None:
    """The person who opens it is that member and is asked nothing; it works once, an earlier one no more."""

    def known(session: Session) -> None:
        of = session.get_one(Organization, world.organization_id)
        session.add(
            User(
                organization_id=of.id,
                first_name="Siri",
                last_name="Berg",
                role=Role.LENDER,
                created_at=world.clock.now(),
            )
        )

    await write(world, known)
    anna = await opened(world, "Anna", "Siri")
    await anna.sees(wording(views.state_of, "card"))
    await anna.taps(carrying("link"))
    first = link_in(await anna.sees(saying("own_invite", name="Siri Berg")))
    await world.settled()
    await anna.taps(carrying("link"))
    await world.settled()
    second = link_in(anna.last(saying("own_invite", name="Siri Berg")))
    assert first != second
    siri, other = world["Siri"], world["Otto"]
    await other.opens(first)
    await other.sees(refusal(Refused.INVITE_USED))
    await siri.opens(second)
    await siri.sees(saying("welcome", organization="Fjellklubben", name="Siri Berg"))
    await siri.sees(saying("welcome", role="lender"))
    await other.opens(second)
    await other.sees(refusal(Refused.INVITE_USED))
    await world.settled()
    count = await world.database.read(
        lambda s: len(s.scalars(select(User).filter_by(first_name="Siri")).all())
    )
    assert count == 1


async def test_who_left_comes_back(sqlite_world: World) -> None:
    """Two taps on the card: the membership goes on, and the link leads to the same member."""
    world = sqlite_world
    kari = world["Kari"]
    await kari.types("/me")
    await kari.taps(carrying("leave"))
    await kari.taps(carrying("yes"))
    await kari.sees(wording(me_views.left, organization=...))
    anna = await opened(world, "Anna", "Kari")
    await anna.sees(wording(views.state_of))
    await anna.taps(carrying("reactivate"))
    shown = await anna.sees("Saved.")
    assert wording(views.state_of) not in shown.text
    assert "Suspend" in [b.text for b in shown.buttons]
    await anna.taps(carrying("link"))
    await kari.opens(link_in(await anna.sees(saying("own_invite", name="Kari Berg"))))
    await kari.sees(saying("welcome", organization="Fjellklubben", name="Kari Berg"))
    await kari.types("/rent tent")
    await kari.sees(asking("rent.first"))


async def test_a_link_tapped_twice_is_one_link(sqlite_world: World) -> None:
    """An impatient finger does not make the link void that it has just been shown."""
    world = sqlite_world
    anna = await opened(world, "Anna", "Kari")
    seen = anna.last("Kari Berg ·").snapshot()
    await asyncio.gather(anna.taps(carrying("link"), message=seen), anna.taps(carrying("link"), message=seen))
    await world.settled()
    assert anna.transcript().count(wording(answers.own_invite, name="Kari Berg")) == 1


async def test_a_second_account_is_told_to_the_first(sqlite_world: World) -> None:
    """A link opened by somebody else does not pass unseen."""
    world = sqlite_world
    anna = await opened(world, "Anna", "Kari")
    await anna.taps(carrying("link"))
    link = link_in(await anna.sees(saying("own_invite", name="Kari Berg")))
    await world["Otto"].opens(link)
    await world["Otto"].taps(carrying("mine"))
    await world["Otto"].sees(saying("welcome", organization="Fjellklubben", name="Kari Berg"))
    await world["Kari"].sees(wording(notifications._account_linked, name="Kari Berg", organization=...))


async def test_another_clubs_members_are_not_found(sqlite_world: World) -> None:
    """Neither by search nor by a button made by hand."""
    world = sqlite_world

    def other(session: Session) -> int:
        of = factories.organization(session, world.clock.now(), "Elsewhere")
        return factories.member(session, of, world.clock.now(), "Zoe Zebra").user_id

    zoe = await write(world, other)
    anna = world["Anna"]
    await anna.types("/members zebra")
    shown = await anna.sees(wording(views.member_list, words="zebra"))
    await anna.taps(carrying("all"))
    shown = await anna.sees("5 members")
    data = next(b.data for b in shown.buttons if b.data and " " in b.data)
    await anna.taps_data(data.rpartition(" ")[0] + f" {zoe}", shown)
    assert await anna.toast() == refusal(Refused.NOT_FOUND)


async def test_members_is_for_admins(sqlite_world: World) -> None:
    """Lenders and members are refused, and so is an admin who is none any more, on the card they had."""
    world = sqlite_world
    for name in ("Kari", "Lars"):
        await world[name].types("/members kari")
        await world[name].sees(refusal(Refused.NOT_ALLOWED, needed="admin"))
    anna = await opened(world, "Anna", "Kari")

    def demote(session: Session) -> None:
        session.get_one(User, actor(session, world, "Anna").user_id).role = Role.LENDER

    await write(world, demote)
    async with world.unchanged():
        await anna.taps(carrying("suspend"))
        assert refusal(Refused.NOT_ALLOWED, needed="admin") in (await anna.toast() or "")


def link_in(message: Message) -> str:
    return message.text.partition("?start=")[2].split()[0]


async def test_two_members_are_merged_by_tapping(sqlite_world: World) -> None:
    """The other is found by name, what goes where is seen, and all goes on under one."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    number = await approved(world, "Ola")
    card = await opened(world, "Anna", "Kari")
    await card.taps(carrying("merging"))
    await anna.types("ola")
    await world.settled()
    await anna.taps(carrying("goes"))
    await anna.sees(asking("members.merge"))
    await anna.taps(carrying("merge"))
    await world.settled()
    assert anna.last(asking("members.card"))
    kari = await user(world, "Kari")
    rental = await world.database.read(lambda s: s.get_one(Rental, number))
    assert rental.user_id == kari.id == (await user(world, "Ola")).id
    await world["Ola"].types("/rentals")
    await world.settled()
    assert f"{number} ·" in world["Ola"].last().text
