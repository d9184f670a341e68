"""A request that nobody answers, as the group and the member read it.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import timedelta

from db.states import RentalStatus
from handlers.ui.callbacks import Verb
from services.messaging import kinds, notifications
from tests.e2e.arrange import requested
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, of_kind, showing


async def test_a_request_does_not_die_in_silence(sqlite_world: World) -> None:
    """Its card comes again in the group, the digest lists it, it expires, and one tap asks again."""
    world = sqlite_world
    group, kari = world.in_group("Anna"), world["Kari"]
    number = await requested(world, first=9, last=10)
    await world.settled()
    first = group.last(of_kind(notifications.DESK_CARD, number)).id

    async def later(hours: int) -> None:
        await world.clock.advance(world.clock.now() + timedelta(hours=hours))
        await world.program.wake_sweep()
        await world.settled()

    await later(7)
    again = group.last(of_kind(notifications.DESK_CARD, number))
    assert again.id > first and any(by(Verb.APPROVE)(button) for button in again.buttons)
    await later(18)
    digest = group.last(of_kind(kinds.DIGEST))
    assert any(by(Verb.SHOW_RENTAL, number)(button) for button in digest.buttons)
    await later(50)
    await kari.sees(showing(RentalStatus.EXPIRED, number))
    await kari.taps(by(Verb.ASK_AGAIN, number))
    basket = await kari.sees(asking("rent.basket"))
    assert "Tent" in basket.text
