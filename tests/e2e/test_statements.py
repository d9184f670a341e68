"""The number of SQL statements of each step of a rental's story: the same in a big club and a small one."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from db.models import Equipment, Item, User
from db.session import Database
from db.states import RentalStatus
from handlers.rentals import card_views, lists
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from services.messaging import kinds
from tests.e2e.conftest import World, running
from tests.e2e.seen import asking, of_kind, showing, wording
from tests.e2e.statements import SWEEP, Counted, counted

IN_ALL = {
    "rent": 40,
    "confirm": 44,
    "approve": 36,
    "pickup": 36,
    "reminder": 20,
    "rentals": 8,
    "help": 3,
    "return": 54,
    "confirm return": 48,
}
"""The most that a step may take in all, from the update or the sweep until all have read what follows.
A return changes three messages: the member's card, the desk's, and the reminder. The look whether anything is
due is counted where it is part of leasing; before, it was a transaction of its own that was not counted."""

BOUNDS: dict[str, dict[str, int]] = {
    "rent": {"inbox": 1, "handler": 24, "delivery": 6, "draw conversation": 9},
    "confirm": {"inbox": 1, "handler": 30, "delivery": 8, "draw desk": 5},
    "approve": {"inbox": 1, "handler": 22, "delivery": 9, "draw desk": 4},
    "pickup": {"inbox": 1, "handler": 21, "delivery": 7, "draw desk": 7},
    "reminder": {"sweep": 8, "delivery": 6, "draw reminder": 6},
    "rentals": {"inbox": 2, "handler": 6},
    "help": {"inbox": 2, "handler": 1},
    "return": {
        "inbox": 1,
        "handler": 25,
        "delivery": 16,
        "draw desk": 8,
        "draw reminder": 4,
    },
    "confirm return": {
        "inbox": 1,
        "handler": 23,
        "delivery": 14,
        "draw desk": 6,
        "draw reminder": 4,
    },
}
"""The most that each of its transactions may take, by part (tests/e2e/statements.py): as measured. If one
has to take more for a good reason, raise its number here; IN_ALL stays. The member's card is drawn with the
desk's, in one transaction.
"""

MEMBERS, EQUIPMENT, ITEMS = 1_000, 1_000, 10_000

Step = Callable[[World], Awaitable[None]]


def grow(session: Session, world: World) -> None:
    """Add members and things, so that the club has MEMBERS and ITEMS; many are found with the word “tent”."""
    base = {"organization_id": world.organization_id, "created_at": world.clock.now()}
    people = [base | {"first_name": f"Member {n}", "last_name": "Berg"} for n in range(MEMBERS)]
    session.execute(insert(User), people)
    things = [
        base | {"id": 1000 + n, "name": f"Tent pole {n}", "search_text": f"tent pole {n}"}
        for n in range(EQUIPMENT)
    ]
    session.execute(insert(Equipment), things)
    pieces = [
        base | {"equipment_id": 1000 + n % EQUIPMENT, "code": f"C{n}", "label_token": f"label-{n}"}
        for n in range(ITEMS)
    ]
    session.execute(insert(Item), pieces)


async def _rent(world: World) -> None:
    await world["Kari"].types("/rent tent 1.12. 3.12.")
    await world["Kari"].sees(asking("rent.basket"))


async def _confirm(world: World) -> None:
    await world["Kari"].taps("Confirm")
    await world["Kari"].sees(showing(RentalStatus.REQUESTED))
    await world.in_group("Anna").sees("Kari Berg")


async def _approve(world: World) -> None:
    await world.in_group("Anna").taps("Approve")
    await world.in_group("Anna").sees(showing(RentalStatus.APPROVED))
    await world["Kari"].sees(showing(RentalStatus.APPROVED))


async def _pick_up(world: World) -> None:
    await world["Kari"].taps("Picked up")
    await world["Kari"].sees(showing(RentalStatus.OUT))


async def _remind(world: World) -> None:
    """The day before, at nine o'clock: the sweep finds it."""
    await world.clock.advance(world.clock.now() + timedelta(days=1))
    await world["Kari"].sees(of_kind(kinds.REMINDER))


async def _look(world: World) -> None:
    await world["Kari"].types("/rentals")
    await world["Kari"].sees(wording(lists.mine, "found"))


async def _help(world: World) -> None:
    await world["Kari"].types("/help")
    await world["Kari"].sees("/rent")


async def _return(world: World) -> None:
    await world["Kari"].taps("Return")
    await world["Kari"].sees(wording(card_views, "waiting_back"))
    await world.in_group("Lars").sees("Kari Berg")


async def _confirm_return(world: World) -> None:
    await world.in_group("Lars").taps("Confirm return")
    await world["Kari"].sees(showing(RentalStatus.RETURNED))


STORY: dict[str, Step] = {
    "rent": _rent,
    "confirm": _confirm,
    "approve": _approve,
    "pickup": _pick_up,
    "reminder": _remind,
    "rentals": _look,
    "help": _help,
    "return": _return,
    "confirm return": _confirm_return,
}


async def play(world: World) -> dict[str, Counted]:
    """The story, each step counted with all that follows from it."""
    found = {}
    for name, step in STORY.items():
        await world.settled()
        with counted(world.database) as one:
            await step(world)
            await world.settled()
        found[name] = one
    return found


def parts_of(name: str, one: Counted) -> dict[str, int]:
    """The scheduler's own sweep comes when it likes: it counts only in the step that is about it."""
    return {part: n for part, n in one.parts.items() if part != SWEEP or name == "reminder"}


@pytest.mark.parametrize("size", ["small", "big"])
async def test_no_step_asks_more_than_it_needs(
    size: str, sandbox: Sandbox, sqlite: Database, clock: MovableClock
) -> None:
    """Each step, handler and each drawing apart, stays within its bound, however big the club is."""
    async with running(sandbox, sqlite, clock) as world:
        if size == "big":
            await world.database.write(lambda session: grow(session, world))
        found = await play(world)
    counts = {name: parts_of(name, one) for name, one in found.items()}
    for name, one in found.items():
        print(f"\n### {name} ({size}): {sum(counts[name].values())} {counts[name]}\n{one.listing()}")  # noqa: T201
    over = {
        f"{name}, {part}": (n, BOUNDS[name].get(part, 0))
        for name, parts in counts.items()
        for part, n in parts.items()
        if n > BOUNDS[name].get(part, 0)
    }
    over |= {name: (n, IN_ALL[name]) for name in counts if (n := sum(counts[name].values())) > IN_ALL[name]}
    assert over == {}, "more statements than their bound (tests/e2e/statements.py tells how to list them)"
