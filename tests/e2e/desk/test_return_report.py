"""Reports of the condition of returned things: a tap each, photos and words as replies; nothing waits for it.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Card, Claim, DamageNote, Item
from db.states import Condition
from handlers.desk import return_views
from handlers.plain_text import answers
from handlers.ui import conversation, refusals
from handlers.ui.callbacks import Verb, pack
from sandbox.world.records import Message
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin
from services.maintenance import damage
from services.messaging import outbox
from tests.e2e.arrange import actor, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.desk.test_put_away import with_places
from tests.e2e.replies import NO_CODE, NOT_FOUND, ONLY_LENDERS, OUTDATED, asked, at_hand, told
from tests.e2e.seen import asking, by, refusal, saying, wording

EARLIER = wording(return_views._earlier)
HOW = ["Fine", "Damaged", "In repair", "Lost"]


def conditions(world: World) -> dict[str, Condition]:
    return world.database.read_now(
        lambda s: {
            row.code: row.condition
            for row in s.execute(select(Item.code, Item.condition).where(Item.code.startswith("T")))
        }
    )


def claims(world: World, number: int) -> list[tuple[Condition | None, bool]]:
    """Read the condition reported of each piece, and whether there is a photo."""
    return world.database.read_now(
        lambda s: [
            (c.returned_condition, c.returned_photo_id is not None)
            for c in s.scalars(select(Claim).filter_by(rental_id=number).order_by(Claim.item_id))
        ]
    )


async def taken_back(world: World, pieces: int = 1) -> tuple[int, Message]:
    """From the desk, in private; and the question."""
    number = await handed_out(world, pieces=pieces)
    lars = world["Lars"]
    await lars.types(f"/takeback {number}")
    await lars.taps("Take back")
    await lars.sees(wording(return_views._asks, name="Lars Berg"))
    await world.settled()
    return number, lars.last(wording(return_views._asks, name=...))


@pytest.mark.both_databases
async def test_one_thing_in_one_tap(world: World) -> None:
    """Damaged; a slip of the finger is mended with another."""
    number, question = await taken_back(world)
    lars = world["Lars"]
    assert [b.text for b in question.buttons] == [*HOW, EARLIER]
    await lars.taps("Damaged", question)
    assert await lars.toast() == "Noted."
    await world.settled()
    assert conditions(world)["T1"] is Condition.DAMAGED
    assert claims(world, number) == [(Condition.DAMAGED, False)]
    assert "T1: damaged" in lars.last(wording(return_views._asks, name=...)).text
    await lars.taps("Fine")
    await world.settled()
    assert conditions(world)["T1"] is Condition.OK
    assert claims(world, number) == [(Condition.OK, False)]


async def test_what_the_member_said_is_wrong_is_read_first(sqlite_world: World) -> None:
    """In one line, cut, with the thing that it is about."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await handed_out(world, pieces=2)

    def work(session: Session) -> None:
        claims = session.scalars(select(Claim).filter_by(rental_id=number).order_by(Claim.item_id))
        note = "A <b>pole</b>\nis bent " + "and " * 60
        damage.report(
            Tx(session, world.clock.now(), actor(session, world, "Kari")), number, claims.all()[1].id, note
        )

    await write(world, work)
    await lars.types(f"/takeback {number}")
    await lars.taps("Take back")
    question = await lars.sees(wording(return_views._asks, name=...))
    line = next(one for one in question.text.splitlines() if one.startswith("⚠️"))
    assert line.startswith("⚠️ T2: “A <b>pole</b> is bent and") and line.endswith("…”") and len(line) < 100
    assert question.text.count("⚠️") == 1


async def test_a_photo_as_a_reply(world: World) -> None:
    """With words under it, it is a damage note, and the admins see it with the picture."""
    number, question = await taken_back(world)
    lars = world["Lars"]
    await lars.sends_photo(caption="The zip is torn", reply_to=question)
    await world.settled()
    assert claims(world, number) == [(None, True)]
    assert conditions(world)["T1"] is Condition.DAMAGED
    assert world.in_group("Anna").last("“The zip is torn”").photo is not None
    assert "📷" in lars.last(wording(return_views._asks, name=...)).text
    assert lars.last(wording(return_views._asks, name=...)).id > question.id


async def test_a_photo_without_a_reply_is_about_the_last_return(sqlite_world: World) -> None:
    """In private, unless a question waits for something else; a photo out of nowhere is read for codes."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    assert await told(world, lars.sends_photo()) == NO_CODE
    number, _ = await taken_back(world)
    await lars.sends_photo()
    await world.settled()
    assert claims(world, number) == [(None, True)]


async def test_two_taps_of_one_finger_say_no_place(sqlite_world: World) -> None:
    """The places come with a button of their own once a piece is not fine."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await with_places(world, "Shed", "Loft", "Attic")
    number = await handed_out(world, pieces=3)
    await lars.types(f"/takeback {number}")
    await lars.taps("Take back")
    await world.settled()
    for code, place in (("T2", by(Verb.PUT_PLACES)), ("T3", None)):
        await lars.taps(by(Verb.BACK_PIECES))
        await lars.taps(f"{code} · Tent")
        await lars.taps("Damaged")
        await world.settled()
        assert not any(map(by(Verb.PUT_AWAY), lars.last().buttons))
        if place is not None:
            await lars.taps(place)
            await world.settled()
    await lars.taps(by(Verb.PUT_PLACES))
    await lars.taps(by(Verb.PUT_AWAY))
    await world.settled()
    assert claims(world, number)[1:] == [(Condition.DAMAGED, False)] * 2


async def test_of_several_things_one_by_one(sqlite_world: World) -> None:
    """Which one, and how; the others stay as they are."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number, question = await taken_back(world, pieces=3)
    assert [b.text for b in question.buttons] == [wording(return_views._problem), EARLIER]
    await lars.taps(by(Verb.BACK_PIECES))
    await lars.sees(wording(return_views.which_piece))
    await lars.taps("T2 · Tent")
    await lars.sees(wording(return_views.one_piece, code="T2"))
    await lars.taps("In repair")
    await world.settled()
    assert (
        "T2: " + wording(refusals.condition_name, Condition.IN_REPAIR)
        in lars.last(wording(return_views._asks, name=...)).text
    )
    assert claims(world, number) == [(None, False), (Condition.IN_REPAIR, False), (None, False)]
    await lars.replies(lars.last(wording(return_views._asks, name=...)), "Torn")
    await world.settled()
    notes = world.database.read_now(
        lambda s: s.execute(
            select(DamageNote.note, Item.code).join(Item, Item.id == DamageNote.item_id)
        ).all()
    )
    assert [tuple(note) for note in notes] == [("Torn", "T2")]


async def test_words_about_nobody_knows_which(sqlite_world: World) -> None:
    """One sentence, and nothing changes."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    _, question = await taken_back(world, pieces=2)
    async with world.unchanged():
        assert await told(world, lars.replies(question, "Torn")) == refusal(Refused.TAP_EXPECTED)


async def test_places_and_condition_are_one_message(sqlite_world: World) -> None:
    """One message asks for both place and condition if there are two places, also in the group."""
    world = sqlite_world
    await with_places(world, "Shelf", "Cellar")
    number = await handed_out(world)
    lars = world.in_group("Lars")
    await lars.taps("Take back")
    question = await lars.sees(wording(return_views._asks, "has_places", name=...))
    assert [b.text for b in question.buttons] == ["✓ Shelf", "Cellar", *HOW, EARLIER]
    await lars.taps("Damaged", question)
    await world.settled()
    await lars.taps("Cellar")
    answer = await lars.sees(wording(return_views.answer, place="Cellar"))
    assert answer.id == question.id and "T1: damaged" in answer.text
    await lars.sends_photo(reply_to=answer)
    await world.settled()
    assert claims(world, number) == [(Condition.DAMAGED, True)]


async def test_in_a_group_with_one_place_the_card_leads_there(sqlite_world: World) -> None:
    """Nobody is asked; Condition asks, and a photo as a reply to the card is kept as well."""
    world, lars = sqlite_world, sqlite_world.in_group("Lars")
    number = await handed_out(world)
    await lars.taps("Take back")
    await world.settled()
    assert wording(return_views._asks, name=...) not in lars.transcript()
    card = lars.last(f"Rental {number}")
    await lars.sends_photo(reply_to=card)
    await world.settled()
    assert claims(world, number) == [(None, True)]
    await lars.taps(by(Verb.BACK), card)
    await lars.sees(wording(return_views._asks, name=...))


async def test_the_list_of_the_day_asks_too(sqlite_world: World) -> None:
    """Below the list, which stays the message that it is."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await handed_out(world, last=0)
    await lars.types("/desk")
    await lars.taps(by(Verb.DESK, number))
    await lars.sees(wording(return_views._asks, name=...))


async def test_not_for_members(sqlite_world: World) -> None:
    """Hand-made buttons, and made-up ones."""
    world = sqlite_world
    number, question = await taken_back(world)
    data = question.buttons[1].data
    assert data is not None
    entry, (code, _, item) = int(data.split(":")[2]), data.split(":")[3].partition(" ")
    assert code == "damaged"
    async with world.unchanged():
        kari, ola, lars = world["Kari"], world["Ola"], world["Lars"]
        there = await asked(world, kari)
        for verb, id_, arg in (
            (Verb.BACK, number, ""),
            (Verb.BACK_SAID, entry, f"lost {item}"),
            (Verb.BACK_PIECES, entry, "0"),
            (Verb.BACK_PIECE, entry, item),
        ):
            assert await at_hand(world, kari, pack(verb, id_, arg), there) == ONLY_LENDERS
            assert await at_hand(world, kari, pack(verb, id_ + 999, arg), there) == NOT_FOUND
        there = await asked(world, ola)
        assert await at_hand(world, ola, pack(Verb.BACK_SAID, entry, f"lost {item}"), there) == ONLY_LENDERS
        there = await asked(world, lars)
        for arg in ("", "lost", f"retired {item}", f"gone {item}", "lost x", "lost 999"):
            assert await at_hand(world, lars, pack(Verb.BACK_SAID, entry, arg), there) == OUTDATED
        for arg in ("", "x", "999"):
            assert await at_hand(world, lars, pack(Verb.BACK_PIECE, entry, arg), there) == OUTDATED
        assert await at_hand(world, lars, pack(Verb.BACK_PIECES, entry, "x"), there) == OUTDATED


async def test_in_the_group_words_under_a_photo_are_taken(sqlite_world: World) -> None:
    """As a reply to the question, with the places in it."""
    world, lars = sqlite_world, sqlite_world.in_group("Lars")
    await with_places(world, "Shelf", "Cellar")
    await handed_out(world)
    await lars.taps("Take back")
    await lars.sees(wording(return_views._asks, "has_places", name=...))
    await world.settled()
    await lars.sends_photo(reply_to=lars.last("where did you put it?"), caption="Torn")
    await world.settled()
    assert conditions(world)["T1"] is Condition.DAMAGED


async def test_a_photo_while_something_else_is_asked(sqlite_world: World) -> None:
    """A basket that stands open takes no photo, so it is about the return."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number, _ = await taken_back(world)
    await lars.types("/rent")
    await lars.sees(asking("rent.pick"))
    await lars.sends_photo()
    await world.settled()
    assert claims(world, number) == [(None, True)]


async def test_words_right_after_something_is_not_fine(sqlite_world: World) -> None:
    """They need no reply, and are heard once; before, and afterwards, words mean nothing here."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await taken_back(world)
    await lars.types("a pole is bent")
    await lars.sees(wording(answers.not_understood, words="a pole is bent"))
    await lars.taps("Damaged")
    await world.settled()
    await lars.types("A pole is bent")
    await world.settled()
    assert "A pole is bent" in world["Anna"].in_group(world.group).last("“A pole").text
    await lars.types("thanks")
    await lars.sees(saying("small_talk", about="thanks"))


async def test_a_question_that_a_return_overtook_says_so(sqlite_world: World) -> None:
    """When it was handed out is asked while Anna takes it back: drawn again, it reads that it is back."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await handed_out(world)
    await lars.types(f"/handout {number}")
    await lars.taps(by(Verb.OUT_EARLIER, number))
    await world.settled()

    def overtaken(session: Session) -> None:
        checkin.take_back(Tx(session, world.clock.now(), actor(session, world, "Anna")), number)
        outbox.refresh_cards(Tx(session, world.clock.now()), Card.kind == conversation.CARD)

    await write(world, overtaken)
    await world.settled()
    already = refusal(Refused.ALREADY, rental_status="returned", by="Anna Berg", rental_id=number)
    assert not lars.last(already).buttons
