"""Takes the pictures of the guides.

    python -m docs.pictures

writes docs/images/*.png anew, in some minutes. It needs what the tests need (requirements/test.txt), Chromium
and a font with emoji. The story begins on a fixed day, so that a picture changes only where the bot or the
page did.
"""

import asyncio

from docs.pictures import desk, inventory, keeping, people, renting
from docs.pictures.stage import IMAGES, running

CHAPTERS = (
    renting.renting,
    renting.deciding,
    renting.going_out,
    renting.coming_back,
    keeping.running_the_club,
    keeping.keeping,
    *desk.CHAPTERS,
    inventory.kits_and_blocks,
    inventory.files,
    people.opening_days,
    people.who_did_what,
    people.joining,
    people.another_club,
)
"""In the order of the story: each begins where the one before ended. Those that close days, let Kari go
and lead Anna to another club are last.
"""


async def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    async with running() as stage:
        for chapter in CHAPTERS:
            await chapter(stage)


asyncio.run(main())
