"""Telegram's own list of people at "to whom?", and one's own number in /me."""

from sqlalchemy import func, select

from db.models import User
from handlers.desk import item_card_views
from sandbox.person import Person
from services.messaging.conversations import KEYBOARD
from tests.e2e.conftest import World
from tests.e2e.desk.test_item_card import scans
from tests.e2e.desk.test_pictures_of_codes import taps
from tests.e2e.seen import asking, by, carrying, of_kind, saying


async def shares(world: World, who: str, chosen: Person | None = None) -> None:
    (label,) = world[who].share_labels()
    await world[who].shares(label, chosen)
    await world.settled()


def members(world: World) -> int:
    return world.database.read_now(lambda s: s.scalar(select(func.count(User.id)))) or 0


async def test_to_whom_from_telegram(sqlite_world: World) -> None:
    """A member is chosen; somebody new becomes one, with a link, once; the button goes with the question."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    before = members(world)
    await scans(world, "Lars", "T2")
    await taps(world, "Lars", by(item_card_views.Verb.HAND_OUT_NOW), carrying("person"))
    assert lars.last(of_kind(KEYBOARD))
    await shares(world, "Lars", world["Kari"])
    assert "Kari" in lars.last(asking("hand_out_now.until")).text
    assert lars.share_labels() == [] and members(world) == before
    guest = world.sandbox.add_person("Nils", last_name="Holm")
    for _ in range(2):
        await taps(world, "Lars", carrying("who"), carrying("person"))
        await shares(world, "Lars", guest)
        assert "Nils Holm" in lars.last(asking("hand_out_now.until")).text
        assert members(world) == before + 1
    link = lars.last(saying("own_invite")).text.splitlines()[1]
    await taps(world, "Lars", carrying("day", "2026-12-03"), carrying("do"))
    await guest.opens(link)
    await world.settled()
    assert members(world) == before + 1
    # Another command, or a name in writing, takes the button away as well.
    await scans(world, "Lars", "T3")
    await taps(world, "Lars", by(item_card_views.Verb.HAND_OUT_NOW), carrying("person"))
    await lars.types("ber")
    await world.settled()
    assert lars.last(asking("hand_out_now.who")) and lars.share_labels() == []
    await taps(world, "Lars", carrying("person"))
    assert lars.share_labels()
    await lars.types("/me")
    await world.settled()
    assert lars.share_labels() == []


async def test_the_own_number(sqlite_world: World) -> None:
    """One tap gives the number of the account, where a telephone is asked for."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await kari.types("/me")
    await world.settled()
    await taps(world, "Kari", carrying("change", "phone"))
    await shares(world, "Kari")
    assert kari.user.phone in kari.last(asking("me.home")).text.replace(" ", "")
    assert kari.share_labels() == []
    await taps(world, "Kari", carrying("change", "email"))
    assert kari.share_labels() == []
