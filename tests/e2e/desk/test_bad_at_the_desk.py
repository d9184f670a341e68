"""At the desk too, whatever is sent is answered by one sentence, and who is a stranger there is refused."""

from sqlalchemy import select

from db.models import Claim, DamageNote
from db.states import ClaimStatus
from handlers.desk import checkout, return_views
from handlers.maintenance import damage_views, problem_report
from handlers.rentals.pieces import piece_picker
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import short
from services.core.errors import Refused
from tests.e2e.arrange import another_club, approved, handed_out
from tests.e2e.conftest import World
from tests.e2e.desk.test_put_away import with_places
from tests.e2e.replies import NOT_FOUND, NOT_UNDERSTOOD, ONLY_LENDERS, asked, at_hand, told
from tests.e2e.seen import asking, by, carrying, refusal, wording
from tests.e2e.telegram.hostile.test_bad_texts import EMOJI, LONG, MARKUP

TOO_LONG = refusal(Refused.TOO_MUCH_TEXT, most=500)


def notes(world: World) -> list[str]:
    return list(world.database.read_now(lambda s: s.scalars(select(DamageNote.note)).all()))


async def test_by_number_or_code(sqlite_world: World) -> None:
    """Words that are neither a number nor a code find nothing, however they are written."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await handed_out(world)
    async with world.unchanged():
        for words in (LONG, MARKUP, EMOJI, "9" * 40, "0", "-1", "T1 T2", "i_", "https://t.me/x?start=i_"):
            for command in ("/takeback", "/handout"):
                assert await told(world, lars.types(f"{command} {words}")) == NOT_FOUND, words


async def test_how_it_came_back_and_where(sqlite_world: World) -> None:
    """Words as a reply are a note, as written; too many are told so; what is neither is not understood."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await with_places(world, "Shelf", "Cellar")
    number = await handed_out(world)
    await lars.types(f"/takeback {number}")
    await lars.taps("Take back")
    question = await lars.sees(wording(return_views._asks, "has_places", name=...))
    await world.settled()
    assert await told(world, lars.replies(question, LONG)) == TOO_LONG
    assert await told(world, lars.sends_sticker()) == NOT_UNDERSTOOD
    assert short(LONG, 60) in await told(world, lars.types(LONG))
    assert notes(world) == []
    for words in (MARKUP, EMOJI):
        await lars.replies(lars.last(wording(return_views._asks, "has_places", name=...)), words)
        await world.settled()
        assert words in notes(world)
        assert words in world.in_group("Anna").last(words).text
    await lars.sends_photo(caption=LONG[:1000])
    await lars.sees(TOO_LONG)
    assert len(notes(world)) == 2


async def test_what_is_wrong_with_it(sqlite_world: World) -> None:
    """At each of its questions; what was said before is kept."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await handed_out(world)
    await lars.types(f"/takeback {number}")
    await lars.taps("Problem")
    await lars.sees(wording(damage_views.what_is_wrong, about="T1"))
    await lars.types(LONG)
    assert wording(damage_views.what_is_wrong, about="T1") in (await lars.sees(TOO_LONG)).text
    await lars.types(MARKUP)
    await lars.sees(asking("problem.photo"))
    for thing in (lars.types(LONG), lars.sends_sticker()):
        await thing
        assert wording(damage_views.a_photo, "not") in (await lars.sees(refusal(Refused.PHOTO_EXPECTED))).text
        await world.settled()
    await lars.taps(carrying("none"))
    await lars.types(f"/takeback {number}")
    await lars.taps("Problem")
    await lars.sends_photo()
    await lars.sees(asking("problem.words"))
    await lars.types(LONG)
    assert wording(damage_views.words_for_photo, "not") in (await lars.sees(TOO_LONG)).text
    await lars.sends_sticker()
    assert (
        wording(damage_views.words_for_photo, "not") in (await lars.sees(refusal(Refused.TEXT_EXPECTED))).text
    )
    await lars.types(EMOJI)
    await lars.sees(wording(problem_report._over, code="T1"))
    assert notes(world) == [MARKUP, EMOJI]


async def test_only_some_back_by_the_lender(sqlite_world: World) -> None:
    """One piece of three from the card of /takeback; the others are out still, and nobody else may."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await another_club(world)
    number = await handed_out(world, pieces=3)
    # The other club's rental has an id far beyond its number.
    await lars.types("/takeback 1")
    await lars.taps(by(Verb.SOME_BACK))
    await lars.sees(wording(piece_picker.some_back))
    await lars.taps("T2 · Tent")
    assert await lars.toast() == wording(checkout.take_back)
    await world.settled()
    claims = world.database.read_now(
        lambda s: [
            (c.id, c.status)
            for c in s.scalars(select(Claim).filter_by(rental_id=number).order_by(Claim.item_id))
        ]
    )
    assert [status for _, status in claims] == [ClaimStatus.OUT, ClaimStatus.RETURNED, ClaimStatus.OUT]
    first = claims[0][0]
    held = await approved(world, "Ola", first=5, last=6)
    taps = (
        pack(Verb.TAKE_BACK, number, first),
        pack(Verb.TAKE_BACK, number),
        pack(Verb.CONFIRM_RETURN, number),
        pack(Verb.HAND_OUT, held),
        pack(Verb.SOME_BACK, number),
        pack(Verb.SOME_OUT, held),
        pack(Verb.LOSE_PIECE, first),
        pack(Verb.PROBLEM, number, first),
        pack(Verb.BACK, number),
    )
    async with world.unchanged():
        for who in ("Nora", "Petra"):
            there = await asked(world, world[who])
            for data in taps:
                assert await at_hand(world, world[who], data, there) in (NOT_FOUND, ONLY_LENDERS), data
        world.group.members.setdefault(world["Ola"].id, "member")
        card = world.in_group("Ola").last("Rental 1 ")
        for data in taps[:3]:
            assert await at_hand(world, world.in_group("Ola"), data, card) == ONLY_LENDERS, data
