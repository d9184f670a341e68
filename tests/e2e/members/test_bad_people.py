"""People who come the wrong way, twice or too late, and people who have left."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from db.models import Organization, User
from db.states import Role
from handlers.desk import checkout
from handlers.onboarding import help
from handlers.ui.callbacks import Verb, pack
from sandbox.person import Person
from services.core.errors import Refused
from services.core.tx import Tx
from services.members import invites
from tests.e2e.arrange import actor, approved, handed_out, leaves, write
from tests.e2e.conftest import World
from tests.e2e.replies import ENDED, NOT_A_MEMBER, NOT_FOUND, at_hand, told
from tests.e2e.seen import asking, refusal, saying, wording

UNKNOWN = refusal(Refused.INVITE_UNKNOWN)
USED = refusal(Refused.INVITE_USED)
EXPIRED = refusal(Refused.INVITE_EXPIRED)
ALREADY = refusal(Refused.ALREADY_A_MEMBER, organization="Fjellklubben")
CLOSED = refusal(Refused.CLOSED, organization="Fjellklubben")
WELCOME = saying("welcome", organization="Fjellklubben")
NAME = asking("join.ask")

GARBAGE = ["j_", "j_x", "j_" + "A" * 62, "j_j_j_", "j_0", "j_-_-_-"]


async def invited(world: World, uses: int = 1) -> str:
    """A fresh link's token for so many members, good for two weeks."""

    def work(session: Session) -> str:
        ada = actor(session, world, "Ada")
        return invites.make(Tx(session, world.clock.now(), ada), role=Role.USER, uses=uses)

    return await write(world, work)


async def joined(world: World, name: str, token: str) -> Person:
    """Somebody new is a member now."""
    person = world[name]
    await person.opens(token)
    await person.types(f"{name} Dahl")
    await person.sees(WELCOME)
    return person


async def test_links_that_lead_nowhere(sqlite_world: World) -> None:
    """Unknown or cut off: ask for a new one. Members and strangers read the same."""
    world = sqlite_world
    async with world.unchanged():
        for name in ("Nora", "Kari"):
            for token in GARBAGE:
                assert await told(world, world[name].opens(token)) == UNKNOWN


async def test_a_link_used_twice(sqlite_world: World) -> None:
    """The second person is told, whether the link is opened after or was opened before."""
    world = sqlite_world
    token = await invited(world)
    early = world["Per"]
    await early.opens(token)
    nora = await joined(world, "Nora", token)
    async with world.unchanged():
        assert await told(world, world["Siri"].opens(token)) == USED
        assert USED in await told(world, early.types("Per Dahl"))
        assert await told(world, nora.opens(token)) == ALREADY
        assert await told(world, world["Kari"].opens(token)) == ALREADY


@pytest.mark.both_databases
async def test_a_link_for_one_opened_by_two_at_once(world: World) -> None:
    """One of them is a member then, and the other is told."""
    token = await invited(world)
    both = [world["Nora"], world["Per"]]
    for person in both:
        await person.opens(token)
        await person.sees(NAME)
    await asyncio.gather(*(person.types(f"{person.user.first_name} Dahl") for person in both))
    await world.settled()
    first, second = sorted((person.last() for person in both), key=WELCOME, reverse=True)
    assert WELCOME(first)
    assert second.text.split("\n")[0] == f"⚠️ {USED}"


async def test_a_link_that_has_expired(sqlite_world: World) -> None:
    """Opened too late, or opened in time and answered too late."""
    world = sqlite_world
    token = await invited(world)
    slow = world["Per"]
    await slow.opens(token)
    await slow.sees(NAME)
    await world.clock.advance(world.clock.now() + timedelta(days=15))
    async with world.unchanged():
        assert await told(world, world["Nora"].opens(token)) == EXPIRED
        assert EXPIRED in await told(world, slow.types("Per Dahl"))


async def test_a_link_into_a_closed_organisation(sqlite_world: World) -> None:
    """Nobody joins it, not even who had opened the link before."""
    world = sqlite_world
    token = await invited(world)
    early = world["Per"]
    await early.opens(token)
    await early.sees(NAME)

    def close(session: Session) -> None:
        session.get_one(Organization, world.organization_id).closed_at = world.clock.now()

    await write(world, close)
    async with world.unchanged():
        assert await told(world, world["Nora"].opens(token)) == CLOSED
        assert CLOSED in await told(world, early.types("Per Dahl"))


async def test_a_link_opened_by_a_former_member(sqlite_world: World) -> None:
    """A link is no way round the end of a membership, and does not say that one is a member."""
    world = sqlite_world
    token = await invited(world)
    await leaves(world, "Kari")
    async with world.unchanged():
        assert await told(world, world["Kari"].opens(token)) == ENDED


async def test_strangers(sqlite_world: World) -> None:
    """Whatever somebody without a membership asks for, they read how to get one."""
    world, nora = sqlite_world, sqlite_world["Nora"]
    async with world.unchanged():
        for command in (
            "rent tent",
            "items",
            "rentals",
            "return",
            "extend 1",
            "cancel",
            "desk",
            "me",
        ):
            assert await told(world, nora.types(f"/{command}")) == NOT_A_MEMBER
        assert wording(help.help_text, "role") in await told(world, nora.types("/help"))


async def test_an_account_without_a_first_name(sqlite_world: World) -> None:
    """Telegram lets people be called by characters that nobody sees, and deleted accounts by nothing."""
    world = sqlite_world
    token = await invited(world)
    nameless = world.sandbox.add_person("Nora", id=777)
    for first_name in ("", "ㅤ", " "):
        nameless.user.first_name = first_name
        assert (await told(world, nameless.types("/start"))).startswith(wording(help.hello, "is_seen"))
    await nameless.opens(token)
    await nameless.types("Nora Dahl")
    assert "Nora Dahl" in (await nameless.sees(WELCOME)).text


async def test_whose_membership_ended_with_things_out(sqlite_world: World) -> None:
    """They still bring back what they have; they rent, extend and fetch nothing any more."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    later = await approved(world)
    number = await handed_out(world)
    card = kari.last(f"Rental {number}")
    await leaves(world, "Kari")
    async with world.unchanged():
        for command in ("/rent tent", "/items", "/rent T1 tomorrow", f"/extend {number}"):
            assert await told(world, kari.types(command)) == ENDED, command
        assert await told(world, kari.taps("Extend", card)) == ENDED
        assert await told(world, kari.opens(f"i_{world.organization_id}-S1")) == ENDED
        assert await at_hand(world, kari, pack(Verb.PICK_UP, later), card) == ENDED
        assert await told(world, kari.types("/desk")) == ENDED
    await kari.taps("Return", card)
    assert await kari.toast() == wording(checkout.give_back)
    await world.in_group("Lars").taps("Confirm return")
    assert await world.in_group("Lars").toast() == "Confirmed."


async def test_whose_membership_ended_in_the_middle_of_asking(sqlite_world: World) -> None:
    """A former member cannot finish a basket or an extension that they began as a member."""
    world, kari, ola = sqlite_world, sqlite_world["Kari"], sqlite_world["Ola"]
    await kari.types("/rent stove 3.12. 4.12.")
    await kari.sees(asking("rent.basket"))
    await handed_out(world, "Ola")
    await ola.taps("Extend")
    await ola.sees(asking("extend.ask"))
    for name in ("Kari", "Ola"):
        await leaves(world, name)
    async with world.unchanged():
        assert await told(world, kari.taps("Confirm")) == ENDED
        assert ENDED in await told(world, ola.types("4.12."))


async def test_a_lender_who_is_a_member_only_now(sqlite_world: World) -> None:
    """The role counts as it is at the tap, not as it was when the card was sent."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await handed_out(world)
    await lars.types(f"/takeback {number}")
    card = await lars.sees(f"Rental {number}")
    await write(world, partial(make_member, world, "Lars"))
    async with world.unchanged():
        assert await told(world, lars.taps("Take back", card)) == NOT_FOUND
        for command in ("/desk", f"/takeback {number}", "/handout"):
            assert await told(world, lars.types(command)) == refusal(Refused.NOT_ALLOWED, needed="lender")


def make_member(world: World, name: str, session: Session) -> None:
    """Take somebody's role away."""
    session.get_one(User, actor(session, world, name).user_id).role = Role.USER
