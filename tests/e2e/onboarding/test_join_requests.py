"""Becoming a member: what is asked, asking without an invite, and the group's answer."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, CustomField, JoinRequest, Organization, User
from db.states import Described, JoinStatus, Role
from handlers.ui.callbacks import Verb, pack
from services.members import invites
from tests import factories
from tests.e2e.arrange import actor, write
from tests.e2e.conftest import World


async def rules(world: World, **policy: object) -> None:
    def work(session: Session) -> None:
        of = session.get_one(Organization, world.organization_id)
        of.policy = {**of.policy, **policy}

    await write(world, work)


async def users(world: World, name: str) -> list[User]:
    query = select(User).filter_by(first_name=name)
    return list(await world.database.read(lambda s: s.scalars(query).all()))


async def requests(world: World) -> list[JoinRequest]:
    return list(await world.database.read(lambda s: s.scalars(select(JoinRequest)).all()))


async def asks(world: World, name: str = "Nora") -> None:
    """Somebody without an invite asks, and gives a name."""
    nora = world[name]
    await nora.types("/start")
    await nora.sees("You can also ask to join")
    await nora.taps("Ask to join Fjellklubben")
    await nora.sees("What is your name?")
    await nora.types(f"{name} Dahl")


@pytest.mark.both_databases
async def test_all_that_a_club_asks(world: World) -> None:
    """One question after the other, each with what is wrong with an answer; all of it is kept."""

    def own(session: Session) -> str:
        field = CustomField(
            organization_id=world.organization_id, describes=Described.USER, label="Boat licence", position=1
        )
        session.add(field)
        session.flush()
        return f"field:{field.id}"

    licence = await write(world, own)
    everything = ["email", "phone", "membership_id", "city", "born_on", "other_id", licence]
    await rules(world, ask=everything)
    token = await write(
        world,
        lambda s: invites.make(s, actor(s, world, "Ada"), world.clock.now(), role=Role.LENDER),
    )
    nora = world["Nora"]
    await nora.opens(token)
    await nora.sees("What is your name?")
    await nora.types("Nora Dahl")
    for question, wrong, no, right in (
        ("your email address", "nora", "does not look like an email", "Nora@x.no"),
        ("your phone number", "12", "does not look like a phone", "912 34 567"),
        ("membership number", " ", "", "M-7"),
        ("Which city", "x" * 101, "too long", "Bergen"),
        ("When were you born", "1.5.", "with the year", "1.5.1990"),
        ("other number or id", "y" * 101, "too long", "S 12"),
        ("Boat licence?", "z" * 501, "too long", "yes <b>"),
    ):
        await nora.sees(question)
        if no:
            await nora.types(wrong)
            await nora.sees(no)
        await nora.types(right)
    await nora.sees("Welcome to Fjellklubben, Nora Dahl!")
    (user,) = await users(world, "Nora")
    assert (user.email, user.phone, user.membership_id, user.city, str(user.born_on), user.other_id) == (
        *("nora@x.no", "912 34 567", "M-7", "Bergen", "1990-05-01", "S 12"),
    )
    assert (user.custom, user.role) == ({"Boat licence": "yes <b>"}, Role.LENDER)


async def test_somebody_asks_and_is_admitted(world: World) -> None:
    """The group reads who asks and what they say; one tap, and the member reads it and borrows."""
    await rules(world, join_requests=True, ask_email=True)
    nora, anna = world["Nora"], world.in_group("Anna")
    await asks(world)
    await nora.sees("What is your email address")
    await nora.types("nora@x.no")
    await nora.sees("Fjellklubben has your request")
    card = await anna.sees("Nora Dahl asks to become a member", chat=world.group)
    assert "Email: nora@x.no" in card.text
    await asyncio.gather(anna.taps("Approve", card), world.in_group("Ada").taps("Approve", card))
    await nora.sees("Welcome to Fjellklubben, Nora Dahl!")
    await world.settled()
    assert "✅ Approved by" in anna.last("Nora Dahl asks").text
    assert not anna.last("Nora Dahl asks").buttons
    (user,) = await users(world, "Nora")
    assert (user.email, user.role) == ("nora@x.no", Role.USER)
    query = select(AuditEntry.action).filter_by(action="admit")
    assert len(await world.database.read(lambda s: s.scalars(query).all())) == 1
    await nora.types("/rent tent")
    await nora.sees("From which day?")


async def test_declined_with_a_reason(sqlite_world: World) -> None:
    """The person reads why; whoever taps later reads who was first; and may ask anew, not without end."""
    world = sqlite_world
    await rules(world, join_requests=True)
    nora, anna = world["Nora"], world.in_group("Anna")
    await asks(world)
    card = (await anna.sees("Nora Dahl asks", chat=world.group)).snapshot()
    await anna.taps("Decline", card)
    question = await anna.sees("Why is Nora Dahl declined?", chat=world.group)
    await anna.replies(question, "We are full <this> year")
    await nora.sees("Fjellklubben has declined your request to join.")
    await nora.sees("Reason: We are full <this> year")
    await anna.sees("❌ Declined by Anna Berg", chat=world.group)
    async with world.unchanged():
        for label in ("Approve", "Decline"):
            await world.in_group("Ada").taps(label, card)
            assert await world.in_group("Ada").toast() == "Already declined by Anna Berg."
    for _ in range(2):
        await asks(world)
        await nora.sees("Fjellklubben has your request")
        await nora.types("/cancel")
        await nora.sees("Your request to join Fjellklubben is withdrawn.")
    await nora.types("/start")
    await nora.sees("You can also ask to join")
    await nora.taps("Ask to join Fjellklubben")
    await nora.sees("several times today")
    assert [r.status for r in await requests(world)] == [JoinStatus.DECLINED] * 3


async def test_one_question_at_a_time(sqlite_world: World) -> None:
    """Whoever has asked reads that it waits; /cancel takes it back, on the group's card too."""
    world = sqlite_world
    await rules(world, join_requests=True)
    nora, anna = world["Nora"], world.in_group("Anna")
    await asks(world)
    await nora.sees("Fjellklubben has your request")
    async with world.unchanged():
        await nora.types("/start")
        await nora.sees("Fjellklubben has your request")
        await nora.types("/cancel 17")
        await nora.sees("Fjellklubben has your request")
    await nora.types("/cancel")
    await nora.sees("is withdrawn")
    await anna.sees("Withdrawn", chat=world.group)
    assert await users(world, "Nora") == []


async def test_an_invite_overtakes_the_question(sqlite_world: World) -> None:
    """Who comes in by a link is one member, and the card says so."""
    world = sqlite_world
    await rules(world, join_requests=True)
    nora, anna = world["Nora"], world.in_group("Anna")
    await asks(world)
    card = (await anna.sees("Nora Dahl asks", chat=world.group)).snapshot()
    token = await write(
        world, lambda s: invites.make(s, actor(s, world, "Ada"), world.clock.now(), role=Role.USER)
    )
    await nora.opens(token)
    await nora.types("Nora Dahl")
    await nora.sees("Welcome to Fjellklubben")
    await anna.sees("Came in by an invite link", chat=world.group)
    await anna.taps("Approve", card)
    assert await anna.toast() == "They came in by an invite link."
    assert len(await users(world, "Nora")) == 1


async def test_only_where_the_club_allows_it(sqlite_world: World) -> None:
    """By default nobody is offered anything, and a button made by hand finds nothing."""
    world = sqlite_world
    nora = world["Nora"]
    await nora.types("/start")
    await nora.sees("ask an admin for an invite link")

    def other(session: Session) -> None:
        factories.organization(session, world.clock.now(), "Seilklubben", join_requests=True)

    await write(world, other)
    await nora.types("/start")
    shown = await nora.sees("You can also ask to join")
    assert [b.text for b in shown.buttons] == ["Ask to join Seilklubben", "Cancel"]
    data = (shown.buttons[0].data or "").rpartition(" ")[0]
    async with world.unchanged():
        await nora.taps_data(f"{data} {world.organization_id}", shown)
        await nora.sees("I cannot find that here.")


async def test_whatever_a_stranger_writes(sqlite_world: World) -> None:
    """Leads to the club that may be asked; and where none may, to an admin: never to what members can do."""
    world = sqlite_world
    nora = world["Nora"]
    said = ("hello", "/rent tent", "/me", "/rentl")
    for text in said:
        await nora.types(text)
        await nora.sees("You are not a member yet. Ask an admin")
    await rules(world, join_requests=True)
    for text in said:
        await nora.types(text)
        shown = await nora.sees("You can also ask to join")
        assert shown.buttons[0].text == "Ask to join Fjellklubben"
        await nora.taps("Cancel")
    await asks(world)
    await nora.sees("Fjellklubben has your request")
    for text in said:
        await nora.types(text)
        await nora.sees("Fjellklubben has your request")


async def test_who_asks_is_among_what_waits(sqlite_world: World) -> None:
    """/pending lists them, and leads to the card that may be far above."""
    world = sqlite_world
    await rules(world, join_requests=True)
    await asks(world)
    await world.in_group("Anna").sees("Nora Dahl asks", chat=world.group)
    anna = world["Anna"]
    await anna.types("/pending")
    shown = await anna.sees("1 person asks to join:")
    assert [b.text for b in shown.buttons] == ["👋 Nora Dahl"]
    await anna.taps("👋 Nora Dahl")
    await anna.sees("Nora Dahl asks to become a member")
    await anna.taps("Approve")
    await world["Nora"].sees("Welcome to Fjellklubben")
    await world.in_group("Anna").sees("✅ Approved by Anna Berg", chat=world.group)
    await anna.types("/pending")
    await anna.sees("Nothing waits for an answer.")


async def test_many_clubs_are_searched(sqlite_world: World) -> None:
    """A few are offered; a name that is typed finds the others."""
    world = sqlite_world

    def others(session: Session) -> None:
        for number in range(30):
            factories.organization(session, world.clock.now(), f"Klubb {number:02}", join_requests=True)

    await write(world, others)
    nora = world["Nora"]
    await nora.types("/start")
    shown = await nora.sees("Or write the club’s name to search.")
    assert len(shown.buttons) == 6
    await nora.types("klubb 27")
    await nora.taps("Ask to join Klubb 27")
    await nora.sees("You ask to join Klubb 27.")


async def test_who_may_decide(sqlite_world: World) -> None:
    """Members and lenders are refused, and so are the admins of another organisation."""
    world = sqlite_world
    await rules(world, join_requests=True)
    await asks(world)
    card = await world.in_group("Lars").sees("Nora Dahl asks", chat=world.group)

    def elsewhere(session: Session) -> None:
        of = factories.organization(session, world.clock.now(), "Seilklubben")
        factories.member(session, of, world.clock.now(), "Zoe Zebra", Role.LEADER, account=900)

    await write(world, elsewhere)
    zoe = world.sandbox.add_person("Zoe", id=900)
    zoe.user.started = True
    await zoe.types("/help")
    mine = await zoe.sees("Seilklubben")
    (request,) = await requests(world)
    async with world.unchanged():
        for label in ("Approve", "Decline"):
            await world.in_group("Lars").taps(label, card)
            assert "may do that" in (await world.in_group("Lars").toast() or "")
        for verb in (Verb.ADMIT, Verb.TURN_AWAY):
            await zoe.taps_data(pack(verb, request.id), mine)
            assert await zoe.toast() == "I cannot find that here."


async def test_an_address_that_was_taken_meanwhile(sqlite_world: World) -> None:
    """The group reads whose it is, and can still decline."""
    world = sqlite_world
    await rules(world, join_requests=True, ask=["email"])
    nora, anna = world["Nora"], world.in_group("Anna")
    await asks(world)
    await nora.types("kari@x.no")
    await nora.sees("Fjellklubben has your request")

    def take(session: Session) -> None:
        session.get_one(User, actor(session, world, "Kari").user_id).email = "kari@x.no"

    await write(world, take)
    async with world.unchanged():
        await anna.taps("Approve")
        assert await anna.toast() == "That email address belongs to Kari Berg already."
    await anna.taps("Decline")
    await anna.taps("No reason")
    await nora.sees("has declined your request")
