"""Settings that were stored past all rules: who needs them reads which, and who may set them anew can."""

from typing import Any

from sqlalchemy import update

from db.models import Organization
from services.core.errors import Refused
from tests.e2e.arrange import approved, write
from tests.e2e.conftest import World
from tests.e2e.replies import heard, told
from tests.e2e.seen import asking, carrying, refusal


async def stored(world: World, **values: Any) -> None:
    await write(
        world,
        lambda s: s.execute(
            update(Organization).where(Organization.id == world.organization_id).values(**values)
        ),
    )


def wrong(setting: str, value: str) -> str:
    return refusal(
        Refused.SETTINGS_WRONG, organization="Fjellklubben", setting=setting, value=value, equipment=None
    )


async def test_an_impossible_rule(sqlite_world: World) -> None:
    """A member's command is answered by a sentence; a leader sees it among the rules, and sets it anew."""
    world = sqlite_world
    kari, ada = world["Kari"], world["Ada"]
    await kari.types("/rent tent 1.12. 3.12.")
    await stored(world, policy={"longest_days": -5})
    assert wrong("longest_days", "-5") in await told(world, kari.types("/rent tent 1.12. 3.12."))
    await ada.types("/policy")
    await ada.taps(carrying("group", "limits"))
    await ada.taps(carrying("rule", "longest_days"))
    await ada.taps(carrying("set", "30"))
    await world.settled()
    assert await world.database.read(lambda s: s.get_one(Organization, world.organization_id).policy) == {
        "longest_days": 30
    }
    await kari.types("/rent tent 1.12. 3.12.")
    await kari.sees(asking("rent.basket"))


async def test_a_time_zone_that_does_not_exist(sqlite_world: World) -> None:
    """A command, a tap and a list are answered by a sentence; a leader chooses another zone."""
    world = sqlite_world
    kari, ada = world["Kari"], world["Ada"]
    await approved(world)
    await kari.types("/rentals")
    await stored(world, timezone="Mars/Olympus")
    sentence = wrong("timezone", "Mars/Olympus")
    for command in ("/rent tent 1.12. 3.12.", "/rent tent fri sat", "/rentals"):
        assert any(sentence in one for one in await heard(world, kari.types(command))), command
    assert sentence in await heard(world, world["Anna"].types("/stats"))
    await ada.types("/organizations")
    await ada.taps(carrying("open"))
    await ada.taps(carrying("edit", "timezone"))
    await ada.types("Oslo")
    await world.settled()
    await kari.types("/rent tent fri sat")
    await kari.sees(asking("rent.basket"))
