"""Photos of codes in private: our labels, and the stickers that things already have."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Claim, Item, ItemCode, OutboxMessage, Rental
from db.states import ClaimStatus
from handlers.desk import item_card_views
from handlers.desk.codes.views import Verb
from handlers.desk.counter import screens
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import finds
from services.inventory.codes import stickers
from services.messaging import notifications
from tests.e2e.arrange import actor, another_club, approved, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.desk.test_item_card import label, statuses
from tests.e2e.seen import asking, by, carrying, of_kind, refusal, saying, wording
from tests.services.scanning.pictures import photo

EAN = "4006381333931"


async def shows(world: World, who: str, *codes: tuple[str, str]) -> None:
    await world[who].sends_photo(photo(*codes))
    await world.settled()


async def taps(world: World, who: str, *buttons: object) -> int:
    """Tap one after the other; return how many they were."""
    for button in buttons:
        await world[who].taps(button)  # type: ignore[arg-type]
        await world.settled()
    return len(buttons)


def answers(world: World, who: str) -> int:
    """Count the messages that the bot has sent to this person."""
    chat = world[who].chat
    return sum(message.sender.is_bot for message in chat.messages.values())


def last_rental(session: Session) -> int:
    return session.scalars(select(Rental.id).order_by(Rental.id.desc())).first() or 0


async def gives(world: World, code: str, to: str) -> None:
    def work(session: Session) -> None:
        item = session.scalars(select(Item).filter_by(code=to)).one()
        stickers.add(Tx(session, world.clock.now(), actor(session, world, "Anna")), item.id, code)

    await write(world, work)


async def test_over_the_counter(sqlite_world: World) -> None:
    """Four taps from the photo of a code; a second thing that is photographed meanwhile costs none.

    What else is on that picture is told, once: a thing of another club, a code that leads to nothing.
    """
    world = sqlite_world
    await another_club(world)
    await handed_out(world)  # Kari was at the desk today
    await gives(world, EAN, "T2")
    await shows(world, "Lars", (EAN, "EAN13"))
    first = (by(item_card_views.Verb.HAND_OUT_NOW), carrying("member"), carrying("day", "2026-12-03"))
    made = await taps(world, "Lars", *first)
    await shows(world, "Lars", ("T1", "Code128"), (label(world, "T3"), "QRCode"))  # T1 is with Kari
    card = world["Lars"].last(asking("hand_out_now.check", Refused.ITEM_IS_WITH)).text
    assert "T3 · Tent" in card and "T1 · Tent" not in card
    foreign = f"https://t.me/{world.sandbox.world.bot.username}?start=i_label-of-k9"
    await shows(world, "Lars", ("P1", "Code128"), ("4711", "Code128"), (foreign, "QRCode"))
    card = world["Lars"].last(asking("hand_out_now.check")).text
    assert all(part in card for part in ("P1", "4711", "Turlaget")) and "label-of" not in card
    await shows(world, "Lars", ("P2", "Code128"), ("0815", "Code128"))
    card = world["Lars"].last(asking("hand_out_now.check")).text
    assert "0815" in card and "4711" not in card and "Turlaget" not in card
    made += await taps(world, "Lars", carrying("do"))
    assert made == 4
    number = world.database.read_now(last_rental)
    assert statuses(world, number) == [ClaimStatus.OUT] * 4


async def test_five_codes_are_one_message(sqlite_world: World) -> None:
    """Five stickers of any kind on one card; what is free goes out, what is out comes back, in a tap each."""
    world = sqlite_world
    await handed_out(world)  # T1, with Kari
    await gives(world, EAN, "S1")
    before = answers(world, "Lars")
    await shows(
        world,
        "Lars",
        (label(world, "T2"), "QRCode"),
        ("T3", "Code128"),
        ("P1", "Code39"),
        (EAN, "EAN13"),
        ("T1", "DataMatrix"),
    )
    assert answers(world, "Lars") == before + 1
    card = world["Lars"].last(asking("hand_out_now.things")).text
    assert all(code in card for code in ("T1", "T2", "T3", "P1", "S1")) and "Kari" in card
    await taps(world, "Lars", carrying("back"))
    assert statuses(world, 1) == [ClaimStatus.RETURNED]
    # A return takes photos for a while, but not those of other things.
    album = [photo(("T2", "Code128")), photo(("T3", "Code128")), photo(("4711", "Code128"))]
    before = answers(world, "Lars")
    await world["Lars"].sends_album(contents=album)
    await world.settled()
    assert answers(world, "Lars") == before + 1
    card = world["Lars"].last(asking("hand_out_now.things")).text
    assert all(code in card for code in ("T2", "T3", "4711"))
    await shows(world, "Lars", ("P1", "Code128"))
    assert "P1" in world["Lars"].last(asking("hand_out_now.things")).text
    await taps(world, "Lars", carrying("out"), carrying("member"), carrying("day"), carrying("do"))
    number = world.database.read_now(last_rental)
    assert statuses(world, number) == [ClaimStatus.OUT] * 3
    # Those of the thing that came back are of its return.
    await shows(world, "Lars", ("T1", "Code128"))
    photos = select(func.count(Claim.id)).where(Claim.returned_photo_id.is_not(None))
    assert world.database.read_now(lambda s: s.scalar(photos)) == 1


async def test_an_unknown_code_is_given_to_a_thing(sqlite_world: World) -> None:
    """A lender gives it by words, or by showing the thing; then it leads there, for members too."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await shows(world, "Lars", (EAN, "EAN13"))
    assert lars.last(saying("give_code"))
    await taps(world, "Lars", by(Verb.GIVE_CODE))
    for words, problem in (("nonsense", Refused.NOT_FOUND), ("tent", None), ("x" * 4000, Refused.NOT_FOUND)):
        await lars.types(words)
        await world.settled()
        assert lars.last(asking("give_code.which", problem))
    await lars.types("tent")
    await world.settled()
    await taps(world, "Lars", carrying("item"))
    code = select(Item.code).join(ItemCode, ItemCode.item_id == Item.id).where(ItemCode.code == EAN)
    assert world.database.read_now(lambda s: s.scalar(code)) == "T1"
    await taps(world, "Lars", by(item_card_views.Verb.NEXT))
    assert lars.last(of_kind(notifications.ITEM_CARD))
    # Another one, by the label of the thing; the code of the first is refused.
    await shows(world, "Lars", ("4711", "Code128"))
    await taps(world, "Lars", by(Verb.GIVE_CODE))
    await shows(world, "Lars", (label(world, "S1"), "QRCode"))
    await shows(world, "Lars", ("4711", "Code128"))
    assert "S1" in lars.last(of_kind(notifications.ITEM_CARD)).text
    # A member borrows by it, and cannot give any.
    await shows(world, "Kari", (EAN, "EAN13"))
    assert "T1" in world["Kari"].last(asking("rent.first")).text
    await shows(world, "Kari", ("0815", "Code128"))
    assert world["Kari"].last(saying("unknown_code")).buttons == []


async def test_what_was_gathered_goes_on_after_an_unknown_code(sqlite_world: World) -> None:
    """With the thing that has the code now; without it, where it is given to none."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await shows(world, "Lars", ("T1", "Code128"))
    await taps(world, "Lars", by(item_card_views.Verb.HAND_OUT_NOW), carrying("member"))
    await shows(world, "Lars", ("0815", "Code128"))
    await taps(world, "Lars", by(Verb.GIVE_CODE), carrying("cancel"))
    assert lars.last(asking("hand_out_now.until"))
    await taps(world, "Lars", by(Verb.GIVE_CODE))
    await lars.types("/cancel")
    await world.settled()
    assert lars.last().id == lars.last(asking("hand_out_now.until")).id
    await shows(world, "Lars", (EAN, "EAN13"))
    await taps(world, "Lars", by(Verb.GIVE_CODE))
    await lars.types("stove")
    await world.settled()
    await taps(world, "Lars", carrying("item"))
    assert lars.last(saying("code_given", code=EAN))
    card = lars.last(asking("hand_out_now.until")).text
    assert "T1" in card and "S1" in card
    await taps(world, "Lars", carrying("day"), carrying("do"))
    assert statuses(world, world.database.read_now(last_rental)) == [ClaimStatus.OUT] * 2


async def test_what_is_no_code(sqlite_world: World) -> None:
    """A picture without any, one that cannot be read, several things for a member, and too long a code."""
    world = sqlite_world
    await shows(world, "Lars")
    assert world["Lars"].last(saying("no_code"))
    await world["Lars"].sends_photo(b"no picture")
    await world.settled()
    assert refusal(Refused.PICTURE_NOT_READ) in world["Lars"].last(saying("not_read")).text
    await shows(world, "Kari", ("T1", "Code128"), ("T2", "Code128"))
    assert world["Kari"].last(saying("one_at_a_time"))
    await shows(world, "Lars", ("https://example.org/" + "x" * 60, "QRCode"))
    assert world["Lars"].last(saying("give_code")).buttons == []
    # Where words are asked for, the question stays.
    await world["Lars"].types("/rent")
    await shows(world, "Lars")
    assert world["Lars"].last(asking("rent.pick", Refused.TEXT_EXPECTED))


async def test_a_stranger_finds_a_thing(sqlite_world: World) -> None:
    """They read whose it is; the group is told once, with their name, and is not flooded."""
    world = sqlite_world
    world.sandbox.add_person("Eve")
    eve = world["Eve"]
    finds_told = select(func.count(OutboxMessage.id)).filter_by(kind=finds.FOUND)
    for code in ("T1", "T2", "T3", "S1", "P1", "P2"):
        await eve.opens(label(world, code))
        await world.settled()
        card = eve.last(saying("whose"))
        assert "Fjellklubben" in card.text
        for _ in range(2):
            await eve.taps(by(Verb.FOUND_IT), card)
            await world.settled()
    assert world.database.read_now(lambda s: s.scalar(finds_told)) == finds.MOST_BY_ONE
    assert await eve.toast() == refusal(Refused.TOO_MANY_FINDS)
    told = world.in_group("Lars").last(of_kind(finds.FOUND)).text
    assert "Eve" in told and "P1" in told
    # Who has not had the label in hand tells nothing.
    await eve.taps_data(f"1:{Verb.FOUND_IT}:1:nothing", card)
    assert await eve.toast() == refusal(Refused.NOT_FOUND)


async def test_what_goes_out_today_goes_from_a_picture(sqlite_world: World) -> None:
    """In one tap, to whom it is promised; the card keeps the rest, and its end denies nothing."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await approved(world, "Ola", first=0, last=2)
    await shows(world, "Lars", ("T1", "Code128"), ("T2", "Code128"), ("P1", "Code128"))
    assert "Ola" in lars.last(asking("hand_out_now.things")).text
    await taps(world, "Lars", carrying("promised"))
    assert statuses(world, number) == [ClaimStatus.OUT]
    await taps(world, "Lars", carrying("cancel"))
    assert lars.last(asking("hand_out_now.over")).text != wording(screens.nothing)
    await shows(world, "Lars", ("T2", "Code128"), ("P1", "Code128"))
    await lars.types("/cancel")
    await world.settled()
    assert lars.last(asking("hand_out_now.over")).text == wording(screens.nothing)
    assert lars.last(saying("not_handed_out"))
