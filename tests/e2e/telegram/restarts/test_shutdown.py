"""/cancel says what is true: that nothing was sent, or that what was saved stays."""

import pytest
from sqlalchemy import select

from db.models import Organization
from handlers.features import REGISTRY
from handlers.maintenance import block_views
from handlers.rentals.booking import screens
from handlers.ui import routes
from sandbox.person import What, fits
from tests.e2e.conftest import World
from tests.e2e.inventory.inventory_steps import enters
from tests.e2e.seen import asking, carrying, rule_says, saying, wording

NOTHING_SENT = wording(screens.over)
SAVED_STAYS = saying("saved_stays")


@pytest.mark.parametrize(
    ("who", "command", "said"),
    [
        ("Kari", "/rent", NOTHING_SENT),
        ("Anna", "/export", NOTHING_SENT),
        ("Anna", "/labels", NOTHING_SENT),
        ("Anna", "/inventory", SAVED_STAYS),
        ("Anna", "/members", SAVED_STAYS),
        ("Kari", "/me", SAVED_STAYS),
        ("Ada", "/policy", SAVED_STAYS),
        ("Ada", "/organizations", SAVED_STAYS),
        ("Ada", "/audit", "Closed."),
    ],
)
async def test_each_says_what_fits(sqlite_world: World, who: str, command: str, said: What) -> None:
    """The answer to /cancel fits both a conversation that sends at its end and one that saves each answer."""
    person = sqlite_world[who]
    await person.types(command)
    await sqlite_world.settled()
    await person.types("/cancel")
    await sqlite_world.settled()
    assert fits(person.last(), said)


@pytest.mark.parametrize("name", [routes.KITS, routes.PLACES, routes.TAGS, routes.FIELDS])
async def test_in_what_the_inventory_leads_to_as_well(sqlite_world: World, name: str) -> None:
    """Kits, places, tags and fields are saved one by one."""
    await enters(sqlite_world, "Anna", name)
    await sqlite_world["Anna"].types("/cancel")
    await sqlite_world["Anna"].sees(SAVED_STAYS)


async def test_a_block_that_was_made_is_not_cancelled(sqlite_world: World) -> None:
    """Before the reason nothing is blocked, and Cancel says so; the list of what is blocked just goes."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await anna.types("/inventory tent")
    await anna.taps("Block")
    await anna.sees(wording(block_views.how_many))
    await anna.taps("Cancel")
    await anna.sees(asking("block.over"))
    await anna.types("/inventory tent")
    await anna.taps("Block")
    await anna.taps("1")
    for day in ("7.12.", "8.12."):
        await anna.types(day)
    await anna.taps(carrying("why"))
    await anna.sees("Done.")
    await anna.types("/cancel")
    await anna.sees(SAVED_STAYS)
    await world.settled()
    assert "Cancelled" not in anna.last().text


async def test_a_rule_that_was_changed_stays(sqlite_world: World) -> None:
    """And nobody reads that nothing has happened."""
    ada = sqlite_world["Ada"]
    await ada.types("/policy")
    for label in (carrying("group", "limits"), carrying("rule", "longest_days"), "7 days"):
        await ada.taps(label)
    await ada.sees(rule_says("longest_days", 7))
    await ada.types("/cancel")
    await ada.sees(SAVED_STAYS)
    policy = sqlite_world.database.read_now(lambda s: s.scalars(select(Organization.policy)).one())
    assert policy["longest_days"] == 7


def test_every_conversation_has_words_for_it() -> None:
    """The answer of every conversation to /cancel is one that there is."""
    assert {talk.stopped for talk in REGISTRY.conversations.values()} <= REGISTRY.answers.keys()
