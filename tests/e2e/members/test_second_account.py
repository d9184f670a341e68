"""Several Telegram accounts that lead to one member."""

import asyncio
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AccountLink, AuditEntry, User
from handlers.members import notifications
from handlers.members.own import accounts, me_views
from handlers.onboarding import joining
from sandbox.person import Person
from services.core.errors import Refused
from services.members import linked_accounts
from tests import factories
from tests.e2e.arrange import actor, approved, write
from tests.e2e.conftest import World
from tests.e2e.replies import told
from tests.e2e.seen import carrying, refusal, saying, wording

USED = refusal(Refused.INVITE_USED)


async def link_of(person: Person) -> str:
    """A fresh link to another account, as the token in it."""
    await person.types("/me")
    await person.taps(carrying("accounts"))
    await person.taps(carrying("another"))
    said = await person.sees(saying("another_account"))
    found = re.search(r"start=(\S+)", said.text)
    assert found is not None
    return found[1]


async def linked(world: World, name: str, token: str) -> Person:
    """Somebody opens it with another account and confirms."""
    other = world[name]
    await other.opens(token)
    await other.sees(wording(joining._confirm_screen, name="Kari Berg", organization="Fjellklubben"))
    await other.taps(carrying("mine"))
    await other.sees(saying("welcome", organization="Fjellklubben", name="Kari Berg"))
    return other


async def accounts_of(world: World, name: str) -> list[int]:
    def work(session: Session) -> list[int]:
        user = session.scalars(select(User).filter_by(first_name=name)).one()
        return list(session.scalars(select(AccountLink.account_id).filter_by(user_id=user.id)))

    return sorted(await world.database.read(work))


async def test_another_account_is_the_same_member(world: World) -> None:
    """It is confirmed, the first account hears of it, and news reach both."""
    kari = world["Kari"]
    other = await linked(world, "Kari2", await link_of(kari))
    await kari.sees(wording(notifications._account_linked, name="Kari Berg", organization=...))
    assert await accounts_of(world, "Kari") == sorted([kari.id, other.id])
    number = await approved(world, "Kari")
    await kari.sees(f"Rental {number}")
    await other.sees(f"Rental {number}")


async def test_a_link_is_used_once(world: World) -> None:
    """Of two who confirm at once, one is linked; whoever opens it later is told."""
    token = await link_of(world["Kari"])
    both = [world["Per"], world["Siri"]]
    for person in both:
        await person.opens(token)
        await person.sees(wording(joining._confirm_screen, name=..., organization=...))
    await asyncio.gather(*(person.taps(carrying("mine")) for person in both))
    await world.settled()
    assert len(await accounts_of(world, "Kari")) == 2
    assert await told(world, world["Nora"].opens(token)) == USED


async def test_a_member_links_nobody_who_is_one(sqlite_world: World) -> None:
    """Ola stays Ola."""
    token = await link_of(sqlite_world["Kari"])
    async with sqlite_world.unchanged():
        said = await told(sqlite_world, sqlite_world["Ola"].opens(token))
        assert said == refusal(Refused.ALREADY_A_MEMBER, organization="Fjellklubben")


async def test_at_most_a_few(sqlite_world: World) -> None:
    """Then one has to be unlinked first."""
    world = sqlite_world
    kari = world["Kari"]

    def many(session: Session) -> None:
        user = actor(session, world, "Kari").user_id
        of = session.get_one(User, user).organization_id
        for number in range(linked_accounts.MOST - 1):
            factories.account(session, world.clock.now(), 5000 + number, of, user)

    await write(world, many)
    await kari.types("/me")
    await kari.taps(carrying("accounts"))
    async with world.unchanged():
        await kari.taps(carrying("another"))
        await kari.sees(refusal(Refused.TOO_MANY_ACCOUNTS, most=linked_accounts.MOST))


async def test_unlinking(world: World) -> None:
    """The account leads to nobody then and is told; the last one stays."""
    kari = world["Kari"]
    other = await linked(world, "Kari2", await link_of(kari))
    await kari.types("/me")
    await kari.taps(carrying("accounts"))
    seen = await kari.sees("2. Kari2")
    assert wording(me_views.account_list, n=1, name="Kari") in seen.text
    await kari.taps("Unlink 2")
    await kari.taps(carrying("yes"))
    await kari.sees(wording(me_views.account_list, n=1, name="Kari"))
    await other.sees(wording(accounts._unlinked, organization="Fjellklubben"))
    await other.types("/rentals")
    await other.sees(refusal(Refused.NOT_A_MEMBER))
    assert await accounts_of(world, "Kari") == [kari.id]
    assert not [label for label in kari.button_labels() if label.startswith("Unlink")]
    actions = await world.database.read(lambda s: s.scalars(select(AuditEntry.action)).all())
    assert actions.count("unlink_account") == 1


@pytest.mark.both_databases
async def test_two_that_unlink_each_other(world: World) -> None:
    """One of them stays, whoever was first."""
    kari = world["Kari"]
    other = await linked(world, "Kari2", await link_of(kari))
    for person, number in ((kari, 2), (other, 1)):
        await person.types("/me")
        await person.taps(carrying("accounts"))
        await person.taps(f"Unlink {number}")
        await person.sees(wording(me_views.ask_to_unlink, name=...))
    await asyncio.gather(kari.taps(carrying("yes")), other.taps(carrying("yes")))
    await world.settled()
    assert len(await accounts_of(world, "Kari")) == 1


async def test_unlinking_the_very_account(sqlite_world: World) -> None:
    """The one that is written from can go as well."""
    world = sqlite_world
    kari = world["Kari"]
    other = await linked(world, "Kari2", await link_of(kari))
    await other.types("/me")
    await other.taps(carrying("accounts"))
    await other.taps("Unlink 2")
    await other.taps(carrying("yes"))
    await other.sees(wording(accounts._unlinked, organization="Fjellklubben"))
    assert await accounts_of(world, "Kari") == [kari.id]
