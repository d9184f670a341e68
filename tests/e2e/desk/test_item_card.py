"""Taking back and handing out by a scanned label: two taps, of which the scan is one.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from db.models import Claim, Item
from db.states import ClaimStatus, Condition, RentalStatus
from handlers.desk import checkout, item_card_views
from handlers.desk import item_card as in_hand_screens
from handlers.maintenance import damage
from handlers.maintenance import damage_views as damages_views
from handlers.rentals import card_views
from handlers.ui.callbacks import Verb, pack
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin, swaps
from tests.e2e.arrange import FOREIGN, actor, another_club, approved, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.replies import NOT_FOUND, ONLY_LENDERS, OUTDATED, asked, at_hand, told
from tests.e2e.seen import by, carrying, refusal, showing, wording


def label(world: World, code: str) -> str:
    """Make the link in its QR code."""
    token = world.database.read_now(
        lambda s: s.scalars(
            select(Item.label_token).filter_by(code=code, organization_id=world.organization_id)
        ).one()
    )
    return f"https://t.me/{world.sandbox.world.bot.username}?start=i_{token}"


async def scans(world: World, who: str, code: str) -> None:
    await world[who].opens(label(world, code))
    await world.settled()


def statuses(world: World, number: int) -> list[ClaimStatus]:
    return list(
        world.database.read_now(
            lambda s: s.scalars(select(Claim.status).filter_by(rental_id=number).order_by(Claim.id)).all()
        )
    )


async def test_taken_back_in_two_taps(world: World) -> None:
    """The scan shows whose it is, with Take back as the first button; that piece comes back, and no other."""
    number = await handed_out(world, pieces=3)
    lars = world["Lars"]
    await scans(world, "Lars", "T2")
    card = lars.last()
    assert card.text.startswith("T2 · Tent\n") and "Kari Berg" in card.text
    assert [b.text for b in card.buttons] == [
        "Take back",
        wording(item_card_views._buttons, "TAKE_BACK", n=3),
        "Problem",
        "Lost",
        wording(item_card_views._rental_button),
    ]
    await lars.taps("Take back")
    assert await lars.toast() == wording(checkout.take_back)
    await world.settled()
    assert statuses(world, number) == [ClaimStatus.OUT, ClaimStatus.RETURNED, ClaimStatus.OUT]
    assert wording(item_card_views.card) in lars.last("T2 · Tent").text


async def test_who_keeps_the_inventory_goes_there(sqlite_world: World) -> None:
    """An admin has a button for it while the thing is out, and when it is back; a lender has none."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await handed_out(world)
    await scans(world, "Anna", "T1")
    assert anna.button_labels()[-1] == "Inventory"
    await scans(world, "Lars", "T1")
    assert "Inventory" not in world["Lars"].button_labels()
    await anna.taps("Take back")
    await world.settled()
    assert wording(item_card_views.card) in anna.last("T1 · Tent").text
    await anna.taps(by(Verb.KEEP))
    await anna.sees("Condition: fine")
    assert "Edit" in anna.button_labels()


async def test_all_of_the_rental_in_two_taps(sqlite_world: World) -> None:
    """From any of its pieces."""
    number = await handed_out(sqlite_world, pieces=3)
    await scans(sqlite_world, "Lars", "T3")
    await sqlite_world["Lars"].taps(by(Verb.TAKE_BACK, number, arg=""))
    await sqlite_world.settled()
    assert set(statuses(sqlite_world, number)) == {ClaimStatus.RETURNED}


@pytest.mark.both_databases(long=True)
async def test_handed_out_in_two_taps(world: World) -> None:
    """A piece that goes out today is handed out, this very one; Take back is not where Hand out was."""
    number = await approved(world, first=0, last=2, pieces=2)
    lars = world["Lars"]
    await scans(world, "Lars", "T1")
    assert lars.last().buttons[0].text == "Hand out"
    assert wording(item_card_views._buttons, "to_hand_out", n=2) in lars.button_labels()
    await lars.taps("Hand out")
    assert await lars.toast() == wording(in_hand_screens.hand_out)
    await world.settled()
    assert statuses(world, number) == [ClaimStatus.OUT, ClaimStatus.HELD]
    labels = [b.text for b in lars.last("T1 · Tent").buttons]
    assert labels[0] == wording(item_card_views._rental_button) and labels[-1] == "Take back"
    await scans(world, "Lars", "T1")
    assert lars.last().buttons[0].text == "Take back"


async def test_a_return_that_waits_is_confirmed_piece_by_piece(sqlite_world: World) -> None:
    """The first button confirms what the member says, of this piece."""
    world = sqlite_world
    number = await handed_out(world, pieces=2)
    await write(world, lambda s: checkin.give_back(Tx(s, world.clock.now(), actor(s, world, "Kari")), number))
    await scans(world, "Lars", "T1")
    await world["Lars"].taps("Confirm return")
    await world.settled()
    assert statuses(world, number) == [ClaimStatus.RETURNED, ClaimStatus.OUT]


@pytest.mark.parametrize("how", ["T1", "t1", "label", "payload", "number"])
async def test_takeback_knows_numbers_codes_and_labels(sqlite_world: World, how: str) -> None:
    """Whatever is written after it; what is not out is shown as it is."""
    world = sqlite_world
    number = await handed_out(world)
    link = label(world, "T1")
    words = {"label": link, "payload": link.rpartition("=")[2], "number": str(number)}.get(how, how)
    lars = world["Lars"]
    await lars.types(f"/handout {words}")
    await lars.sees("Kari Berg")
    await lars.types(f"/takeback {words}")
    await lars.taps("Take back")
    await world.settled()
    assert statuses(world, number) == [ClaimStatus.RETURNED]
    await lars.types(f"/takeback {words}")
    await lars.sees(showing(RentalStatus.RETURNED) if how == "number" else wording(item_card_views.card))


async def test_a_code_may_be_a_number(sqlite_world: World) -> None:
    """The thing of that code is found if the rental of that number is no answer."""
    world = sqlite_world
    first = await handed_out(world)
    await write(world, lambda s: checkin.take_back(Tx(s, world.clock.now(), actor(s, world, "Lars")), first))
    await write(world, lambda s: s.execute(update(Item).where(Item.code == "T1").values(code=str(first))))
    second = await handed_out(world)
    await world["Lars"].types(f"/takeback {first}")
    await world["Lars"].taps("Take back")
    await world.settled()
    assert statuses(world, second) == [ClaimStatus.RETURNED]


async def test_its_card_follows_what_others_do(sqlite_world: World) -> None:
    """Somebody else takes it back: the card of the thing says that it is here."""
    world = sqlite_world
    number = await handed_out(world)
    await scans(world, "Lars", "T1")
    card = world["Lars"].last()
    await write(world, lambda s: checkin.take_back(Tx(s, world.clock.now(), actor(s, world, "Anna")), number))
    assert wording(item_card_views.card) in world["Lars"].last().text
    async with world.unchanged():
        assert await told(world, world["Lars"].taps("Take back", card)) == refusal(
            Refused.ALREADY, rental_status="returned"
        )


async def test_a_thing_that_goes_to_nobody_any_more(sqlite_world: World) -> None:
    """Another piece was given to the rental meanwhile: the button of this one hands out nothing."""
    world = sqlite_world
    await approved(world, first=0, last=2)
    await scans(world, "Lars", "T1")
    card = world["Lars"].last()
    claim, other = world.database.read_now(
        lambda s: (s.scalars(select(Claim.id)).one(), s.scalars(select(Item.id).filter_by(code="T3")).one())
    )
    await write(world, lambda s: swaps.swap(Tx(s, world.clock.now(), actor(s, world, "Anna")), claim, other))
    async with world.unchanged():
        assert await told(world, world["Lars"].taps("Hand out", card)) == OUTDATED


async def test_problem_and_lost_from_its_card(sqlite_world: World) -> None:
    """About this piece, without asking which; Back leads to the thing again."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await handed_out(world, pieces=2)
    await scans(world, "Lars", "T2")
    await lars.taps("Problem")
    await lars.sees(wording(damages_views.what_is_wrong, about="T2"))
    await lars.types("Torn")
    await lars.taps(carrying("none"))
    await world.settled()
    await lars.taps(by(Verb.LOSE_PIECE))
    await lars.sees("Is T2 lost?")
    await lars.taps(by(Verb.RENTAL_CARD))
    await world.settled()
    assert "Torn" in lars.last("T2 · Tent").text
    await lars.taps(by(Verb.LOSE_PIECE))
    await lars.taps(by(Verb.LOSE_SURELY))
    await world.settled()
    assert statuses(world, number) == [ClaimStatus.OUT, ClaimStatus.LOST]


async def test_a_lost_thing_that_is_scanned_is_found(sqlite_world: World) -> None:
    """Two taps for a lender: the scan, and how it is."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await write(
        world, lambda s: s.execute(update(Item).where(Item.code == "T1").values(condition=Condition.LOST))
    )
    await scans(world, "Lars", "T1")
    await lars.taps("Found: damaged")
    assert await lars.toast() == wording(damage.found, code="T1")
    await world.settled()
    condition = world.database.read_now(
        lambda s: s.scalars(select(Item.condition).filter_by(code="T1")).one()
    )
    assert condition is Condition.DAMAGED
    assert "Condition: damaged" in lars.last("T1 · Tent").text


async def test_what_is_overdue_says_so(sqlite_world: World) -> None:
    """On the card of the thing as on the rental's."""
    await handed_out(sqlite_world, last=1)
    await sqlite_world.clock.advance(sqlite_world.clock.now() + timedelta(days=3))
    await scans(sqlite_world, "Lars", "T1")
    assert (
        wording(card_views.status_line, "is_overdue", moment=...)
        in sqlite_world["Lars"].last("T1 · Tent").text
    )


async def test_not_for_members_nor_for_others(sqlite_world: World) -> None:
    """Hand-made buttons of a member, and of a thing of another organisation."""
    world = sqlite_world
    await another_club(world)
    await approved(world, first=0, last=2)
    claim, item = world.database.read_now(
        lambda s: s.execute(select(Claim.id, Claim.item_id).where(Claim.status == ClaimStatus.HELD)).one()
    )
    async with world.unchanged():
        for who, said in (("Ola", ONLY_LENDERS), ("Kari", ONLY_LENDERS)):
            there = await asked(world, world[who])
            assert await at_hand(world, world[who], pack(Verb.ITEM_OUT, item, claim), there) == said
            for command in ("/takeback T1", "/handout T1"):
                assert await told(world, world[who].types(command)) == ONLY_LENDERS
        lars = world["Lars"]
        there = await asked(world, lars)
        for data in (
            pack(Verb.ITEM_OUT, FOREIGN, FOREIGN),
            pack(Verb.ITEM_OUT, item, FOREIGN),
            pack(Verb.ITEM_OUT, FOREIGN + 1, claim),
            pack(Verb.ITEM_OUT, item, ""),
            pack(Verb.FOUND, FOREIGN, "ok"),
            pack(Verb.LOSE_PIECE, FOREIGN),
            pack(Verb.LOSE_SURELY, FOREIGN),
        ):
            assert await at_hand(world, lars, data, there) == NOT_FOUND, data
        for words in (str(FOREIGN), "K9", "i_label-of-k9"):
            assert await told(world, lars.types(f"/takeback {words}")) == NOT_FOUND


async def test_what_goes_out_later_may_go_out_now(sqlite_world: World) -> None:
    """By its code: its card says for whom, as a lender may hand it out before its day."""
    number = await approved(sqlite_world, first=7, last=9)
    lars = sqlite_world["Lars"]
    await lars.types("/handout T1")
    await lars.taps(by(Verb.ITEM_OUT))
    await sqlite_world.settled()
    assert statuses(sqlite_world, number) == [ClaimStatus.OUT]
