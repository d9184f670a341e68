"""Whole organisations: founded, changed, closed and opened again.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from itertools import cycle

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization, Rental
from db.states import RentalStatus
from handlers.features import REGISTRY
from handlers.organizations import policy_views, views
from handlers.rentals import card_views
from handlers.ui.registry import Where
from services.core.errors import Refused
from services.core.tx import Tx
from services.organizations import closing
from tests.e2e.arrange import another_club, approved, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.organizations.steps import CLOSED, ONLY_LEADERS, days_of, look, organization, taps
from tests.e2e.replies import NOT_A_MEMBER, NOT_FOUND, OUTDATED, at_hand, heard, toasts, told
from tests.e2e.seen import asking, carrying, refusal, wording


async def test_a_further_organisation(world: World) -> None:
    """Name, place, language: it is there, its leader acts there, and switches back with two taps."""
    ada = world["Ada"]
    await ada.types("/organizations")
    await ada.sees(asking("organizations.organizations"))
    await ada.taps(carrying("new"))
    await ada.types("fjellklubben")
    await ada.sees(refusal(Refused.NAME_TAKEN))
    await ada.types("Fjordlaget")
    await ada.sees(asking("organizations.new_zone"))
    await ada.types("Nowhere")
    await ada.sees(refusal(Refused.UNKNOWN_TIME_ZONE))
    await ada.types("København")
    await ada.taps("Norsk")
    card = await ada.sees(wording(views.made, organization="Fjordlaget"))
    assert (card.buttons[0].url or "").endswith("?startgroup=setup")
    made = await look(world, lambda s: s.scalars(select(Organization).filter_by(name="Fjordlaget")).one())
    assert (made.timezone, made.language) == ("Europe/Copenhagen", "nb")
    await ada.types("/me")
    await ada.sees("Fjordlaget: leader")
    await ada.types("/organizations")
    await ada.taps("Fjellklubben", await ada.sees(asking("organizations.organizations")))
    await ada.taps(carrying("work"))
    await ada.sees(asking("organizations.card"))
    await ada.types("/me")
    await ada.sees("Fjellklubben: leader")


async def test_what_is_known_is_changed(sqlite_world: World) -> None:
    """Each by a tap and a line; what cannot be is told, what may be empty is cleared."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await ada.types("/organizations")
    await taps(ada, "✓ Fjellklubben", carrying("edit", "name"))
    await ada.types("Fjell og fjord")
    await taps(ada, "Email")
    await ada.types("nobody")
    await ada.sees(refusal(Refused.BAD_EMAIL))
    await ada.types("post@fjell.no")
    await taps(ada, carrying("edit", "address"))
    await ada.types("Storgata 1\n0155 Oslo")
    await taps(ada, carrying("edit", "timezone"))
    await ada.types("USA")
    await ada.types("Berlin")
    await taps(ada, carrying("edit", "language"), "Norsk")
    card = await ada.sees("Language: Norsk")
    assert "Fjell og fjord" in card.text and "post@fjell.no" in card.text and "0155 Oslo" in card.text
    await taps(ada, carrying("edit", "address"), carrying("none"))
    await ada.sees("Language: Norsk")
    found = await organization(world)
    assert (found.name, found.timezone, found.address) == ("Fjell og fjord", "Europe/Berlin", None)


async def test_only_leaders_have_organisations(sqlite_world: World) -> None:
    """Others are told so; with the number of another's a hand-made button finds nothing."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await another_club(world)
    for name in ("Kari", "Lars", "Anna"):
        assert await told(world, world[name].types("/organizations")) == ONLY_LEADERS
    assert await told(world, world["Nora"].types("/organizations")) == NOT_A_MEMBER
    await ada.types("/organizations")
    card = await ada.sees(asking("organizations.organizations"))
    new = next(b.data or "" for b in card.buttons if b.text == wording(views.listed, "new"))
    async with world.unchanged():
        assert await at_hand(world, ada, new.replace("new", "open 900000001"), card) == NOT_FOUND
        assert await at_hand(world, ada, new.replace("new", "open x"), card) in (NOT_FOUND, OUTDATED)


async def closed(world: World) -> None:
    """Ada closes Fjellklubben."""
    ada = world["Ada"]
    await ada.types("/organizations")
    await taps(ada, "✓ Fjellklubben", carrying("close"))
    await ada.sees("Close Fjellklubben?")
    await ada.taps(carrying("close1"))
    await ada.sees(wording(views.surely, organization="Fjellklubben"))
    await ada.taps(carrying("close2"))
    await world.settled()


async def test_closing_asks_twice_and_tells_everybody_once(world: World) -> None:
    """Waiting requests are cancelled, the group let go; a second tap of either button closes nothing more."""
    number = await requested(world)
    ada = world["Ada"]
    await ada.types("/organizations")
    await taps(ada, "✓ Fjellklubben", carrying("close"))
    first = await ada.sees("Close Fjellklubben?")
    assert wording(views.surely, "waiting", n=1) in first.text
    assert wording(views.surely, "are", n=5) in first.text
    await taps(ada, carrying("back"), carrying("close"), carrying("close1"))
    again = (await ada.sees(wording(views.surely, organization="Fjellklubben"))).snapshot()
    said = await heard(world, ada.taps(carrying("close2")))
    notices = [text for text in said if text.startswith("Fjellklubben is closed. Nothing can be rented")]
    assert len(notices) == len(("Kari", "Ola", "Lars", "Anna", "Ada", "group"))
    assert await heard(world, ada.taps(carrying("close2"), again)) == []
    found = await organization(world)
    assert found.closed_at is not None and found.group_chat_id is None
    status = await look(world, lambda session: session.get_one(Rental, number).status)
    assert status is RentalStatus.CANCELLED


async def test_not_closed_over_what_is_out(sqlite_world: World) -> None:
    """Told before anything is asked."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await handed_out(world, pieces=2)
    await ada.types("/organizations")
    await taps(ada, "✓ Fjellklubben", carrying("close"))
    await ada.sees(refusal(Refused.ITEMS_STILL_OUT, pieces=2))
    assert (await organization(world)).closed_at is None


COMMANDS_IN_PRIVATE = [
    c.name for c in REGISTRY.commands.values() if c.where is not Where.GROUP and c.name != "language"
]


async def test_a_closed_organisation_refuses_everything(sqlite_world: World) -> None:
    """Commands, buttons from before, what is written into a conversation, a file: one sentence."""
    world = sqlite_world
    number = await approved(world, first=0, last=2)
    kari, anna, ola = world["Kari"], world["Anna"], world["Ola"]
    await kari.types("/rent stove")
    calendar = await kari.sees(asking("rent.first"))
    await ola.types("/rentals")
    await world.settled()
    await anna.types("/policy")
    policy_card = await anna.sees(wording(policy_views.card, organization=...))
    group = world.in_group("Anna")
    desk = group.last(f"Rental {number}")
    theirs = kari.last(wording(card_views._what_next, "rules"))
    assert desk.buttons and theirs.buttons
    await closed(world)
    async with world.unchanged():
        for name, person in zip(COMMANDS_IN_PRIVATE, cycle((kari, anna)), strict=False):
            assert await told(world, person.types(f"/{name}")) == CLOSED, name
        days = days_of(calendar)
        for person, message in ((kari, calendar), (anna, policy_card), (group, desk), (kari, theirs)):
            buttons = [b.data for b in message.buttons if b.data and not b.data.startswith("1:x:")]
            buttons = [data for data in buttons if data not in list(days.values())[1:]]
            assert await toasts(world, person, buttons, message) == [CLOSED] * len(buttons)
        assert await told(world, kari.types("tomorrow")) == CLOSED
        assert await told(world, anna.sends_document("tents.csv", b"name\nTent\n")) == CLOSED
        verbs = ["ap", "de", "ho", "pu", "re", "cr", "tb", "pr", "ex", "cn", "cs", "sr", "so", "sb", "sw"]
        data = [f"1:{verb}:{number}:" for verb in verbs]
        assert await toasts(world, kari, data, calendar) == [CLOSED] * len(verbs)
        assert await at_hand(world, anna, "1:iv:0:user", policy_card) == CLOSED
        assert await told(world, world.in_group("Anna").types("/setup")) == CLOSED


async def test_opened_again_it_serves(sqlite_world: World) -> None:
    """By the operator; nothing of it is lost."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await closed(world)

    def reopen(session: Session) -> None:
        closing.reopen(Tx(session, world.clock.now()), "Fjellklubben")

    await write(world, reopen)
    await kari.types("/rent stove tomorrow 3 days")
    await kari.sees(asking("rent.basket"))
