"""Whatever command is written with another club's words: nothing of that club is said, nothing changes."""

import pytest

from handlers.commands import COMMANDS
from tests.e2e.arranged import FOREIGN, another_club, handed_out
from tests.e2e.business import Dump, dump
from tests.e2e.conftest import World
from tests.e2e.hearing import heard

WORDS = ("K9", "kayak", "petra", str(FOREIGN), "i_label-of-k9", "label-of-k9")
"""Its item's code, its equipment, its member, its rental's number, its label, as a link and bare."""


@pytest.mark.parametrize("in_group", [False, True], ids=["private", "group"])
async def test_no_command_finds_another_clubs_things(sqlite_world: World, in_group: bool) -> None:
    """By the one who may do most here: every command, with each word that means something there."""
    world = sqlite_world
    await another_club(world)
    await handed_out(world)
    person = world.in_group("Ada") if in_group else world["Ada"]
    name = f"@{world.sandbox.world.bot.username}"
    before = business(world)
    for command in COMMANDS:
        for word in WORDS:
            said = "\n".join(await heard(world, person.types(f"/{command.name}{name} {word}")))
            for known in ("Kayak", "Petra", "K9", "Turlaget"):
                assert known not in said.replace(word, ""), (command.name, word, said)
    assert business(world) == before


def business(world: World) -> Dump:
    """All but baskets, which some commands begin."""
    return {name: rows for name, rows in dump(world.database).items() if not name.startswith("rental")}
