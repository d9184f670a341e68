"""Becoming a member: what is asked, asking without an invite, and the group's answer."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, CustomField, JoinRequest, Organization, User
from db.states import Described, JoinStatus, Role
from handlers.members import notifications, profile_questions
from handlers.onboarding import answers, club_discovery, join_requests, joining
from handlers.ui.callbacks import Verb, pack
from services.core.errors import Refused
from services.core.tx import Tx
from services.members import invites
from tests import factories
from tests.e2e.arrange import actor, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, carrying, refusal, saying, wording

ASKED = wording(answers.asked_to_join, organization="Fjellklubben")


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
    await nora.sees(asking("join.where"))
    await nora.taps(carrying("club"))
    await nora.sees(asking("join.ask"))
    await nora.types(f"{name} Dahl")


@pytest.mark.both_databases(long=True)
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
        lambda s: invites.make(Tx(s, world.clock.now(), actor(s, world, "Ada")), role=Role.LENDER),
    )
    nora = world["Nora"]
    await nora.opens(token)
    await nora.sees(asking("join.ask"))
    await nora.types("Nora Dahl")
    for question, wrong, no, right in (
        (wording(profile_questions.ask, "email"), "nora", refusal(Refused.BAD_EMAIL), "Nora@x.no"),
        (wording(profile_questions.ask, "phone"), "12", refusal(Refused.BAD_PHONE), "912 34 567"),
        (wording(profile_questions.ask, "membership_id"), " ", "", "M-7"),
        (wording(profile_questions.ask), "x" * 101, refusal(Refused.TOO_MUCH_TEXT, most=100), "Bergen"),
        (wording(profile_questions.ask, "born_on"), "1.5.", refusal(Refused.BAD_BIRTHDAY), "1.5.1990"),
        (
            wording(profile_questions.ask, "other_id"),
            "y" * 101,
            refusal(Refused.TOO_MUCH_TEXT, most=100),
            "S 12",
        ),
        ("Boat licence?", "z" * 501, refusal(Refused.TOO_MUCH_TEXT, most=500), "yes <b>"),
    ):
        await nora.sees(question)
        if no:
            await nora.types(wrong)
            await nora.sees(no)
        await nora.types(right)
    await nora.sees(saying("welcome", organization="Fjellklubben", name="Nora Dahl"))
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
    await nora.sees(wording(profile_questions.ask, "email"))
    await nora.types("nora@x.no")
    await nora.sees(ASKED)
    card = await anna.sees(wording(join_requests.card, name="Nora Dahl"), chat=world.group)
    assert "Email: nora@x.no" in card.text
    await asyncio.gather(anna.taps("Approve", card), world.in_group("Ada").taps("Approve", card))
    await nora.sees(wording(notifications._admitted, name="Nora Dahl", organization="Fjellklubben"))
    await world.settled()
    assert wording(join_requests._outcome, JoinStatus.APPROVED, name=...) in anna.last("Nora Dahl asks").text
    assert not anna.last("Nora Dahl asks").buttons
    (user,) = await users(world, "Nora")
    assert (user.email, user.role) == ("nora@x.no", Role.USER)
    query = select(AuditEntry.action).filter_by(action="admit")
    assert len(await world.database.read(lambda s: s.scalars(query).all())) == 1
    await nora.types("/rent tent")
    await nora.sees(asking("rent.first"))


async def test_declined_with_a_reason(sqlite_world: World) -> None:
    """The person reads why; whoever taps later reads who was first; and may ask anew, not without end."""
    world = sqlite_world
    await rules(world, join_requests=True)
    nora, anna = world["Nora"], world.in_group("Anna")
    await asks(world)
    card = (await anna.sees("Nora Dahl asks", chat=world.group)).snapshot()
    await anna.taps("Decline", card)
    question = await anna.sees(wording(join_requests._question, name="Nora Dahl"), chat=world.group)
    await anna.replies(question, "We are full <this> year")
    await nora.sees(wording(notifications._turned_away, organization="Fjellklubben"))
    await nora.sees("Reason: We are full <this> year")
    await anna.sees(wording(join_requests._outcome, name="Anna Berg"), chat=world.group)
    async with world.unchanged():
        for label in ("Approve", "Decline"):
            await world.in_group("Ada").taps(label, card)
            assert await world.in_group("Ada").toast() == refusal(
                Refused.JOIN_ANSWERED, join_status="declined", by="Anna Berg"
            )
    for _ in range(2):
        await asks(world)
        await nora.sees(ASKED)
        await nora.types("/cancel")
        await nora.sees(saying("withdrawn", organization="Fjellklubben"))
    await nora.types("/start")
    await nora.sees(asking("join.where"))
    await nora.taps(carrying("club"))
    await nora.sees(refusal(Refused.ASKED_TOO_OFTEN, organization="Fjellklubben"))
    assert [r.status for r in await requests(world)] == [JoinStatus.DECLINED] * 3


async def test_one_question_at_a_time(sqlite_world: World) -> None:
    """A person who has asked reads that it waits; /cancel takes it back, on the group's card too."""
    world = sqlite_world
    await rules(world, join_requests=True)
    nora, anna = world["Nora"], world.in_group("Anna")
    await asks(world)
    await nora.sees(ASKED)
    async with world.unchanged():
        await nora.types("/start")
        await nora.sees(ASKED)
        await nora.types("/cancel 17")
        await nora.sees(ASKED)
    await nora.types("/cancel")
    await nora.sees(saying("withdrawn"))
    await anna.sees("Withdrawn", chat=world.group)
    assert await users(world, "Nora") == []


async def test_an_invite_overtakes_the_question(sqlite_world: World) -> None:
    """A person who asked and comes in by a link is one member, and the card says so."""
    world = sqlite_world
    await rules(world, join_requests=True)
    nora, anna = world["Nora"], world.in_group("Anna")
    await asks(world)
    card = (await anna.sees("Nora Dahl asks", chat=world.group)).snapshot()
    token = await write(
        world, lambda s: invites.make(Tx(s, world.clock.now(), actor(s, world, "Ada")), role=Role.USER)
    )
    await nora.opens(token)
    await nora.types("Nora Dahl")
    await nora.sees(saying("welcome", organization="Fjellklubben"))
    await anna.sees(wording(join_requests._outcome, JoinStatus.APPROVED), chat=world.group)
    await anna.taps("Approve", card)
    assert await anna.toast() == refusal(Refused.JOIN_ANSWERED, join_status="approved")
    assert len(await users(world, "Nora")) == 1


async def test_only_where_the_club_allows_it(sqlite_world: World) -> None:
    """By default nobody is offered anything, and a button made by hand finds nothing."""
    world = sqlite_world
    nora = world["Nora"]
    await nora.types("/start")
    await nora.sees(saying("hello"))

    def other(session: Session) -> None:
        factories.organization(session, world.clock.now(), "Seilklubben", join_requests=True)

    await write(world, other)
    await nora.types("/start")
    shown = await nora.sees(asking("join.where"))
    assert [b.text for b in shown.buttons] == [
        wording(club_discovery._where_screen, organization="Seilklubben"),
        "Cancel",
    ]
    data = (shown.buttons[0].data or "").rpartition(" ")[0]
    async with world.unchanged():
        await nora.taps_data(f"{data} {world.organization_id}", shown)
        await nora.sees(refusal(Refused.NOT_FOUND))


async def test_whatever_a_stranger_writes(sqlite_world: World) -> None:
    """Leads to the club that may be asked; and where none may, to an admin: never to what members can do."""
    world = sqlite_world
    nora = world["Nora"]
    said = ("hello", "/rent tent", "/me", "/rentl")
    for text in said:
        await nora.types(text)
        await nora.sees(refusal(Refused.NOT_A_MEMBER))
    await rules(world, join_requests=True)
    for text in said:
        await nora.types(text)
        shown = await nora.sees(asking("join.where"))
        assert shown.buttons[0].text == wording(club_discovery._where_screen, organization="Fjellklubben")
        await nora.taps("Cancel")
        await world.settled()
    await asks(world)
    await nora.sees(ASKED)
    for text in said:
        await nora.types(text)
        await nora.sees(ASKED)


async def test_who_asks_is_among_what_waits(sqlite_world: World) -> None:
    """/pending lists them, and leads to the card that may be far above."""
    world = sqlite_world
    await rules(world, join_requests=True)
    await asks(world)
    await world.in_group("Anna").sees("Nora Dahl asks", chat=world.group)
    anna = world["Anna"]
    await anna.types("/pending")
    shown = await anna.sees(wording(join_requests.below, n=1))
    assert [b.text for b in shown.buttons] == ["👋 Nora Dahl"]
    await anna.taps("👋 Nora Dahl")
    await anna.sees(wording(join_requests.card, name="Nora Dahl"))
    await anna.taps("Approve")
    await world["Nora"].sees(wording(notifications._admitted, name=..., organization="Fjellklubben"))
    await world.in_group("Anna").sees(
        wording(join_requests._outcome, JoinStatus.APPROVED, name="Anna Berg"), chat=world.group
    )
    await anna.types("/pending")
    await anna.sees(refusal(Refused.NO_PENDING_REQUESTS))


async def test_many_clubs_are_searched(sqlite_world: World) -> None:
    """A few are offered; a name that is typed finds the others."""
    world = sqlite_world

    def others(session: Session) -> None:
        for number in range(30):
            factories.organization(session, world.clock.now(), f"Klubb {number:02}", join_requests=True)

    await write(world, others)
    nora = world["Nora"]
    await nora.types("/start")
    shown = await nora.sees(asking("join.where"))
    assert len(shown.buttons) == 6
    await nora.types("klubb 27")
    await nora.taps(wording(club_discovery._where_screen, organization="Klubb 27"))
    await nora.sees(wording(joining._name_screen, "not invite", organization="Klubb 27"))


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
            assert refusal(Refused.NOT_ALLOWED, needed="admin") in (
                await world.in_group("Lars").toast() or ""
            )
        for verb in (Verb.ADMIT, Verb.TURN_AWAY):
            await zoe.taps_data(pack(verb, request.id), mine)
            assert await zoe.toast() == refusal(Refused.NOT_FOUND)


async def test_an_address_that_was_taken_meanwhile(sqlite_world: World) -> None:
    """The group reads whose it is, and can still decline."""
    world = sqlite_world
    await rules(world, join_requests=True, ask=["email"])
    nora, anna = world["Nora"], world.in_group("Anna")
    await asks(world)
    await nora.types("kari@x.no")
    await nora.sees(ASKED)

    def take(session: Session) -> None:
        session.get_one(User, actor(session, world, "Kari").user_id).email = "kari@x.no"

    await write(world, take)
    async with world.unchanged():
        await anna.taps("Approve")
        assert await anna.toast() == refusal(Refused.EMAIL_TAKEN, by="Kari Berg")
    await anna.taps("Decline")
    await anna.taps(carrying("why", "none"))
    await nora.sees(wording(notifications._turned_away, organization=...))
