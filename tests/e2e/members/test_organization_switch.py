"""One Telegram account in several organisations."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ChatAccount, Conversation, Organization
from db.states import RentalStatus, Role
from handlers.members import organization_switch
from handlers.rentals import card_views, lists, reminder_views
from handlers.rentals.booking.basket import basket_views
from handlers.ui.callbacks import Verb, pack
from sandbox.botapi.commands import commands_for
from tests import factories
from tests.e2e.arrange import handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.replies import NOT_FOUND
from tests.e2e.seen import asking, wording


async def also_in(world: World, who: str, role: Role = Role.USER, name: str = "Turlaget") -> int:
    """Somebody is in another organisation as well, which has a kayak; its id."""

    def work(session: Session) -> int:
        of = session.scalar(select(Organization).filter_by(name=name))
        if of is None:
            of = factories.organization(session, world.clock.now(), name)
            factories.equipment(session, of, world.clock.now(), "Kayak", "K1")
        factories.member(session, of, world.clock.now(), f"{who} Berg", role, world[who].id)
        return of.id

    return await write(world, work)


@pytest.mark.both_databases(long=True)
async def test_one_tap_switches_and_the_menu_follows(world: World) -> None:
    """From /start and from /me: the current one is marked, and the commands are those of the role there."""
    await also_in(world, "Kari", Role.ADMIN)
    kari = world["Kari"]
    await kari.types("/start")
    await kari.sees("/rent")
    assert kari.button_labels()[-2:] == ["✓ Fjellklubben", "Turlaget"]
    await kari.taps("Turlaget")
    await kari.sees(wording(organization_switch.switched, organization="Turlaget", role="admin"))
    assert kari.button_labels() == ["Fjellklubben", "✓ Turlaget"]
    await world.settled()
    assert "members" in menu_of(world, "Kari")
    await kari.types("/me")
    seen = await kari.sees("Turlaget: admin")
    await kari.taps("Fjellklubben")
    again = await kari.sees("Fjellklubben: member")
    assert again.id == seen.id
    assert [b.text for b in again.buttons][:2] == ["✓ Fjellklubben", "Turlaget"]
    await world.settled()
    assert "members" not in menu_of(world, "Kari")


def menu_of(world: World, who: str) -> list[str]:
    """The commands that somebody is shown in private."""
    person = world[who]
    return [one["command"] for one in commands_for(person.world, person.user, person.chat)]


async def test_whoever_is_in_one_sees_no_choice(sqlite_world: World) -> None:
    """No buttons, and no organisation above the cards."""
    ola = sqlite_world["Ola"]
    await ola.types("/me")
    seen = await ola.sees("Fjellklubben: member")
    assert [b.text for b in seen.buttons if "✓" in b.text] == []
    await ola.types("/rent tent")
    seen = await ola.sees(asking("rent.first"))
    assert "🏠" not in seen.text


async def test_what_is_going_on_goes_on_where_it_began(sqlite_world: World) -> None:
    """A basket begun in one organisation is sent there, though the member switched meanwhile."""
    world = sqlite_world
    await also_in(world, "Kari")
    kari = world["Kari"]
    await kari.types("/rent tent tomorrow 2 days")
    asked = await kari.sees(wording(basket_views.basket, n=2))
    assert asked.text.startswith("🏠 Fjellklubben")
    switch = pack(Verb.SWITCH, (await world.database.read(_turlaget)))
    await kari.taps_data(switch, asked)
    await kari.sees(wording(organization_switch.switched, organization="Turlaget", role=...))
    await kari.taps("Confirm", kari.last("🏠 Fjellklubben"))
    await kari.sees("Waiting")
    await kari.types("/rentals")
    seen = await kari.sees(wording(lists.mine, "not"))
    assert seen.text.startswith("🏠 Turlaget")


def _turlaget(session: Session) -> int:
    return session.scalars(select(Organization.id).filter_by(name="Turlaget")).one()


async def test_buttons_and_reminders_keep_to_their_own(sqlite_world: World) -> None:
    """A reminder names its organisation, and its buttons work there, wherever the member is now."""
    world = sqlite_world
    number = await handed_out(world, "Kari", last=1)
    of = await also_in(world, "Kari")
    kari = world["Kari"]
    await write(world, lambda s: setattr(s.get_one(ChatAccount, kari.id), "organization_id", of))
    await kari.types("/rent kayak")
    seen = await kari.sees(asking("rent.first"))
    assert seen.text.startswith("🏠 Turlaget")
    await world.clock.advance(world.clock.now() + timedelta(days=3))
    reminded = await kari.sees(wording(reminder_views._sentence, moment=..., what=...))
    assert reminded.text.startswith("🏠 Fjellklubben")
    await kari.taps("Return", reminded)
    card = await kari.sees(wording(card_views.status_line, RentalStatus.OUT, "waiting_back"))
    assert card.text.startswith("🏠 Fjellklubben")
    assert str(number) in card.text


async def test_no_button_leads_into_another_organisation(sqlite_world: World) -> None:
    """Made by hand it finds nothing; on another conversation's card it does no harm."""
    world = sqlite_world
    of = await also_in(world, "Kari")
    ola = world["Ola"]
    await ola.types("/rent tent")
    seen = await ola.sees(asking("rent.first"))
    async with world.unchanged():
        await ola.taps_data(pack(Verb.SWITCH, of), seen)
        assert await ola.toast() == NOT_FOUND
        await ola.taps_data(pack(Verb.SWITCH, 10**17), seen)
        assert await ola.toast() == NOT_FOUND
    rows = await world.database.read(lambda s: s.scalars(select(Conversation.organization_id)).all())
    assert of not in rows


async def test_in_a_group_the_organisation_is_the_groups(sqlite_world: World) -> None:
    """Anna acts in Turlaget in private, and in the group of Fjellklubben for Fjellklubben."""
    world = sqlite_world
    of = await also_in(world, "Anna")
    await write(world, lambda s: setattr(s.get_one(ChatAccount, world["Anna"].id), "organization_id", of))
    number = await requested(world, "Kari")
    here = world.in_group("Anna")
    await here.types("/pending")
    seen = await here.sees("Kari Berg")
    assert "🏠" not in seen.text
    assert str(number) in seen.text
    await here.taps("Approve")
    await world["Kari"].sees("Approved")
