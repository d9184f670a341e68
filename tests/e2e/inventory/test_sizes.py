"""The screens about equipment with none of it, one, 144 and 10,000."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Item, Kit, KitPart, Location, Tag
from handlers.inventory.views import cards
from handlers.labels import views as labels_views
from sandbox.world.records import Message
from tests.e2e.arrange import write
from tests.e2e.conftest import World
from tests.e2e.seen import carrying, wording

WORDS = "word " * 17
"""Names are about as long as they may be."""


def stocked(session: Session, world: World, number: int) -> None:
    """So much equipment, a piece of each; for twenty of them a type, a tag, a place and a kit."""
    for table in (KitPart, Kit, EquipmentTag, Item, Equipment, Tag, Location):
        session.execute(delete(table))
    if not number:
        return
    few = range(1, number // 20 + 2)
    ours = {"organization_id": world.organization_id}
    dated = ours | {"created_at": world.clock.now()}

    def told(word: str, i: int) -> dict[str, Any]:
        return {"id": i, "name": f"{word} {i} {WORDS}", "search_text": f"{word} {i} {WORDS}".lower()}

    def kind(i: int) -> int:
        return few[i % len(few)]

    every = range(1, number + 1)
    rows: dict[Any, Iterator[dict[str, Any]]] = {
        Location: (ours | {"id": i, "name": f"Place {i} {WORDS}"} for i in few),
        Tag: (ours | {"id": i, "name": f"tag {i} {WORDS}"} for i in few),
        Equipment: (dated | told("Tent", i) | {"type": f"Type {kind(i)} {WORDS}"} for i in every),
        EquipmentTag: ({"equipment_id": i, "tag_id": kind(i)} for i in every),
        Item: (
            dated | {"equipment_id": i, "code": f"T-{i}", "label_token": f"t{i}", "location_id": kind(i)}
            for i in every
        ),
        Kit: (dated | told("Kit", i) for i in few),
        KitPart: ({"kit_id": i, "equipment_id": i, "quantity": 1} for i in few),
    }
    for table, values in rows.items():
        session.execute(insert(table), list(values))


SCREENS = (
    *(("Anna", said) for said in ("/inventory", "/inventory tent", "/inventory T-1")),
    *(("Anna", said) for said in ("/labels", "/labels tent", "/export inventory csv", "/stats")),
    *(("Kari", said) for said in ("/items", "/rent tent", "/rent T-1 tomorrow")),
    ("Lars", "/desk"),
)
BEHIND = {
    "/inventory": ("Kits", "Places", "Tags", "Fields", "Block", "‹", "Add"),
    "/inventory T-1": ("Equipment",),
    "/labels": (wording(labels_views._lists, "TYPE"), carrying("lists", "equipment")),
    "/items": (wording(labels_views._lists, "TYPE"), "‹"),
}
"""Buttons on these screens that lead to another one."""


def within_limits(message: Message) -> bool:
    """Telegram's: 4,096 characters, 1,024 below a picture, 100 buttons; and labels are read on a phone."""
    labels = [button.text for button in message.buttons]
    room = 1024 if message.photo is not None else 4096
    return len(message.text) < room and len(labels) < 100 and all(len(one) <= 64 for one in labels)


async def _shown(world: World, who: str) -> Message:
    await world.settled()
    return world[who].last()


@pytest.mark.parametrize("number", [0, 1, 144, pytest.param(10_000, marks=pytest.mark.long)])
async def test_every_screen_holds(sqlite_world: World, number: int) -> None:
    """Each answers, within Telegram's limits; long lists have pages, and an empty one says how to begin."""
    world = sqlite_world
    await write(world, lambda session: stocked(session, world, number))
    seen: dict[str, Message] = {}
    for who, said in SCREENS:
        person = world[who]
        for behind in (None, *BEHIND.get(said, ())):
            await person.types(said)
            found = await _shown(world, who)
            if behind is not None and behind in person.button_labels():
                before = found
                await person.taps(behind)
                found = await _shown(world, who)
                assert (found.text, found.keyboard) != (before.text, before.keyboard), (said, behind)
            seen[f"{said} {behind or ''}".strip()] = found
            assert within_limits(found), (said, behind)
            assert found.sender.id != person.id, (said, behind)
    pages = -(-number // 8)
    assert ("Page 1 of" in seen["/inventory"].text) is (pages > 1)
    if not number:
        assert wording(cards.equipment_list) in seen["/inventory"].text
        assert not any(carrying("pick")(button) for button in seen["/items"].buttons)
    elif pages > 1:
        assert f"Page {pages} of {pages}" in seen["/inventory ‹"].text
        assert wording(cards.equipment_list, "found", n=number, words="tent") in seen["/inventory tent"].text
    assert f"Inventory: {number} row" in seen["/export inventory csv"].text
    assert ("Add" in [button.text for button in seen["/inventory"].buttons]) is True
