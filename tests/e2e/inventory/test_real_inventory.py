"""A real lending stock, sent to the bot and rented from: 1,102 items of 143 equipment."""

from db.states import RentalStatus
from handlers.imports import views
from handlers.rentals.booking import views as booking_views
from sandbox.world.records import Message
from tests.e2e.arrange import brings_list
from tests.e2e.conftest import World
from tests.e2e.seen import asking, showing, wording
from tests.services.imports.files import real

BUTTONS = 100
"""Telegram takes no more on one message."""


def within_limits(message: Message) -> bool:
    """Far from Telegram's 4096 characters and 100 buttons, and every label readable on a phone."""
    texts = [button.text for button in message.buttons]
    return len(message.text) < 2000 and len(texts) <= BUTTONS and all(len(text) <= 64 for text in texts)


async def pages(world: World, who: str, button: str) -> list[Message]:
    """Every page of the list that is open, until the first comes round again."""
    person = world[who]
    found: list[Message] = []
    message = person.last("Page 1 of")
    while message.text not in [m.text for m in found]:
        found.append(message)
        await person.taps(button)
        wanted = len(found) + 1
        total = int(found[0].text.rsplit(" of ", 1)[1].split()[0])
        message = await person.sees(f"Page {wanted if wanted <= total else 1} of {total}")
    return found


async def test_an_arts_university_lends_by_chat(sqlite_world: World) -> None:
    """It comes in whole; every page holds; search forgives; a projector is four taps away."""
    world = sqlite_world
    anna, kari = world["Anna"], world["Kari"]
    await brings_list(world, "Anna", "inventory.csv", real("arts-university-inventory.csv").read_bytes())
    told = await anna.sees(wording(views.summary, n=1102))
    assert wording(views.summary, n=1102) in told.text
    assert "Items: 1102 new, 0 changed, 0 unchanged" in told.text
    assert wording(views.summary, all=143, new=143) in told.text
    await brings_list(world, "Anna", "inventory.csv", real("arts-university-inventory.csv").read_bytes())
    assert "0 new, 0 changed, 1102 unchanged" in (await anna.sees(wording(views.summary, n=1102))).text

    await kari.types("/items")
    await kari.sees(asking("rent.pick"))
    seen = await pages(world, "Kari", "›")
    assert all(within_limits(message) for message in seen)
    names = {button.text for message in seen for button in message.buttons}
    assert len([name for name in names if " free" in name]) == 143 + 3  # and the club has three of its own

    await kari.types("aktivlautsprecher GENELEC")
    assert within_limits(await kari.sees(wording(booking_views.item_list, "found", n=2, words=...)))
    await kari.types("/rent AVZ22531 tomorrow 3 days")
    basket = await kari.sees(asking("rent.basket"))
    assert within_limits(basket)
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))
