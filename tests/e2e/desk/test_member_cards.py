"""A member's own card: it says at the desk who they are, and nothing to anybody else."""

import io

import zxingcpp
from PIL import Image
from sqlalchemy import select

from db.models import Rental, User
from db.states import ClaimStatus, RentalStatus
from handlers.desk import item_card_views
from handlers.members.own import me
from handlers.ui.callbacks import Verb
from services.core.errors import Refused
from tests.e2e.arrange import handed_out
from tests.e2e.conftest import World
from tests.e2e.desk.test_item_card import scans, statuses
from tests.e2e.desk.test_pictures_of_codes import last_rental, shows, taps
from tests.e2e.seen import asking, by, carrying, of_kind, saying, showing


async def opens(world: World, who: str, link: str) -> None:
    await world[who].opens(link)
    await world.settled()


async def own_card(world: World, who: str) -> str:
    """The link in somebody's card, two taps from `/me`."""
    await world[who].types("/me")
    await world.settled()
    await taps(world, who, carrying("card"))
    return read(world, who)


def read(world: World, who: str) -> str:
    picture = world[who].file_of(world[who].last(of_kind(me.PICTURE))).content
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return str(found.text)


async def test_the_card_answers_to_whom(sqlite_world: World) -> None:
    """Scanned while it is asked, it chooses the member; with no question open it opens what they have."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    card = await own_card(world, "Kari")
    await scans(world, "Lars", "T2")
    await taps(world, "Lars", by(item_card_views.Verb.HAND_OUT_NOW))
    await opens(world, "Lars", card)
    assert "Kari" in lars.last(asking("hand_out_now.until")).text
    await taps(world, "Lars", carrying("day", "2026-12-03"), carrying("do"))
    first = world.database.read_now(last_rental)
    assert world["Kari"].last(showing(RentalStatus.OUT, first))
    # The card first, by photo; then the thing: two taps.
    await shows(world, "Lars", (card, "QRCode"))
    open_card = lars.last(asking("hand_out_now.card"))
    assert "Kari" in open_card.text and "Tent" in open_card.text
    await taps(world, "Lars", by(Verb.SHOW_RENTAL, first))
    assert lars.last(showing(RentalStatus.OUT, first))
    await scans(world, "Lars", "T3")
    assert await taps(world, "Lars", carrying("day", "2026-12-03"), carrying("do")) == 2
    assert statuses(world, world.database.read_now(last_rental)) == [ClaimStatus.OUT]
    # Hand out to …: the thing is written, or it and the card are on one photo.
    await opens(world, "Lars", card)
    await taps(world, "Lars", carrying("thing"))
    await lars.types("nothing of the kind")
    await world.settled()
    assert lars.last(asking("hand_out_now.thing", Refused.NOT_FOUND))
    await lars.types("S1")
    await world.settled()
    assert "S1" in lars.last(asking("hand_out_now.until")).text
    await taps(world, "Lars", carrying("cancel"))
    await shows(world, "Lars", ("S1", "Code128"), ("P1", "Code128"), (card, "QRCode"))
    both = lars.last(asking("hand_out_now.until")).text
    assert "S1" in both and "P1" in both and "Kari" in both
    await taps(world, "Lars", carrying("cancel"))
    # Renting for somebody asks the same.
    await lars.types("/rent")
    await world.settled()
    await taps(world, "Lars", carrying("whom"))
    await opens(world, "Lars", card)
    basket = world.database.read_now(
        lambda s: s.scalars(select(Rental).filter_by(status=RentalStatus.DRAFT)).one()
    )
    kari = world.database.read_now(lambda s: s.scalars(select(User).filter_by(first_name="Kari")).one())
    assert basket.user_id == kari.id


async def test_it_says_nothing_to_others_and_is_renewed(sqlite_world: World) -> None:
    """Members and strangers read the same, whoever it leads to; a new card makes the old one void, once."""
    world = sqlite_world
    await handed_out(world)
    old = await own_card(world, "Kari")
    await taps(world, "Kari", carrying("print"))
    assert world["Kari"].file_of(world["Kari"].last(of_kind(me.PAPER))).content.startswith(b"%PDF")
    world.sandbox.add_person("Stranger")
    async with world.unchanged():
        for who in ("Ola", "Kari", "Stranger"):
            answers = set()
            for link in (old, old[:-3] + "xyz"):
                await opens(world, who, link)
                answers.add(world[who].last(saying("somebodys_card")).text)
                assert "Berg" not in world[who].last().text
            assert len(answers) == 1
        await shows(world, "Ola", (old, "QRCode"))
        assert world["Ola"].last(saying("somebodys_card"))
    renew = world["Kari"].last(asking("me.card"))
    for _ in range(2):
        await world["Kari"].taps(carrying("renew"), renew)
        await world.settled()
    new = read(world, "Kari")
    assert new != old
    await opens(world, "Lars", old)
    assert world["Lars"].last(saying("card_unknown"))
    await opens(world, "Lars", new)
    assert "Kari" in world["Lars"].last(asking("hand_out_now.card")).text
