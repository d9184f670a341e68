"""Requests among many: the group's one card shows each within seconds, in place, and rings now and then.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import timedelta

import pytest

from handlers.ui.callbacks import Verb
from services.messaging import pending_requests
from tests.e2e.arrange import requested
from tests.e2e.conftest import World
from tests.e2e.seen import by, of_kind

PILE = of_kind(pending_requests.PILE)


@pytest.mark.both_databases(long=True)
async def test_a_fifth_request_is_seen_within_seconds(world: World) -> None:
    """It comes into the card that is there; three minutes later the card is a new message, which rings. The
    single cards of the first three cannot be answered any more, but from the pile."""
    group = world.in_group("Anna")

    async def asks(n: int) -> int:
        return await requested(world, what="Stove", first=2 + 3 * n, last=3 + 3 * n)

    first, *_ = [await asks(n) for n in range(4)]
    pile = group.last(PILE)
    assert str(first) in pile.text
    telegram = world.sandbox.world
    singles = [m for m in telegram.newest_first(group.chat) if m.id < pile.id and "Kari Berg" in m.text]
    assert len(singles) == 3 and not any(by(Verb.APPROVE)(b) for m in singles for b in m.buttons)

    await world.clock.advance(world.clock.now() + timedelta(seconds=1))
    fifth = await asks(4)
    await world.clock.advance(world.clock.now() + timedelta(seconds=5))
    await world.settled()
    now_shown = group.last(PILE)
    assert now_shown.id == pile.id and f"{fifth} · " in now_shown.text

    await world.clock.advance(world.clock.now() + pending_requests.RENEW_EVERY)
    await group.sees(lambda message: PILE(message) and message.id > pile.id)

    await group.taps(by(Verb.SHOW_RENTAL, first))
    await world.settled()
    await group.taps(by(Verb.APPROVE, first))
    await world.settled()
    await world.clock.advance(world.clock.now() + timedelta(seconds=5))
    await world.settled()
    assert f"{first} · " not in group.last(PILE).text
