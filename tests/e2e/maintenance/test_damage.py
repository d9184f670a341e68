"""Problem, with a photo; out of lending; repaired; lost and found. Taps and messages are counted.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.models import Claim, DamageNote, Item, Photo, Rental
from db.states import ClaimStatus, Condition, RentalStatus
from handlers.maintenance import damage as damages_screens
from handlers.maintenance import damage_views
from handlers.maintenance import problem_report as problems_screens
from handlers.rentals.booking import screens
from handlers.ui import refusals
from handlers.ui.callbacks import Verb, pack
from services.core.errors import Refused
from tests.e2e.arrange import FOREIGN, another_club, approved, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.replies import NOT_FOUND, ONLY_ADMINS, ONLY_LENDERS, OUTDATED, asked, at_hand, heard, told
from tests.e2e.seen import asking, by, carrying, refusal, showing, wording

PHOTO_ONLY = wording(problems_screens._photo_first)


def condition(world: World, code: str = "T1") -> Condition:
    return world.database.read_now(lambda s: s.scalars(select(Item.condition).filter_by(code=code)).one())


def notes(world: World) -> list[tuple[str, bool, bool]]:
    """Each damage note: what it says, whether it has a photo, whether it is open."""
    return world.database.read_now(
        lambda s: [
            (n.note, n.photo_id is not None, n.closed_at is None)
            for n in s.scalars(select(DamageNote).order_by(DamageNote.id))
        ]
    )


async def says_what_is_wrong(world: World, who: str = "Kari", text: str = "A pole is bent") -> None:
    await world[who].taps("Problem")
    await world[who].sees(wording(damage_views.what_is_wrong, about="T1"))
    await world[who].types(text)
    await world[who].sees(asking("problem.photo"))
    await world.settled()


@pytest.mark.both_databases
async def test_a_member_says_it_with_a_photo(world: World) -> None:
    """The group reads it with the picture, once; the thing is damaged when it is back."""
    number = await handed_out(world)
    await says_what_is_wrong(world)
    group = world.in_group("Lars")
    assert "A pole is bent" not in [m.text for m in group.chat.messages.values() if m.photo]
    await world["Kari"].sends_photo()
    await world["Kari"].sees(wording(problems_screens._over, code="T1"))
    await world.settled()
    card = group.last("A pole is bent")
    assert card.photo is not None
    assert f"Kari Berg, Tue 1 Dec 09:00, rental {number}" in card.text
    assert [b.text for b in card.buttons] == [
        wording(damage_views.take_out_button),
        wording(damage_views._damage_buttons, "rental_id"),
        "Repaired",
    ]
    assert notes(world) == [("A pole is bent", True, True)]
    await group.taps(by(Verb.SHOW_RENTAL, number), card)
    await world.settled()
    await group.taps("Take back")
    await world.settled()
    assert condition(world) is Condition.DAMAGED


async def test_a_photo_is_asked_for_once_and_skipped(sqlite_world: World) -> None:
    """One tap; the group reads it without a picture at once."""
    await handed_out(sqlite_world)
    await says_what_is_wrong(sqlite_world)
    await sqlite_world["Kari"].types("who do I ask about a new one")  # the desk reads that, too
    await sqlite_world["Kari"].sees(asking("problem.photo"))
    await sqlite_world["Kari"].taps(carrying("none"))
    await sqlite_world.settled()
    assert sqlite_world.in_group("Lars").last("new one”").photo is None
    assert notes(sqlite_world) == [("A pole is bent. who do I ask about a new one", False, True)]


async def test_whoever_answers_nothing_is_heard_all_the_same(sqlite_world: World) -> None:
    """After three minutes the group reads it, and a photo that comes later is shown in a new message."""
    world = sqlite_world
    await handed_out(world)
    await says_what_is_wrong(world)
    group = world.in_group("Lars")
    assert "“A pole is bent”" not in group.last().text
    await world.clock.advance(world.clock.now() + timedelta(minutes=4))
    await world.settled()
    first = group.last("“A pole is bent”")
    assert first.photo is None
    await world["Kari"].sends_photo()
    await world.settled()
    assert group.last("“A pole is bent”").photo is not None
    assert group.chat.messages[first.id].deleted


async def test_the_photo_may_come_first(sqlite_world: World) -> None:
    """Then only the words are asked for."""
    await handed_out(sqlite_world)
    kari = sqlite_world["Kari"]
    await kari.taps("Problem")
    await kari.sees(wording(damage_views.what_is_wrong, about="T1"))
    await kari.sends_photo()
    await kari.sees(asking("problem.words"))
    await kari.types("Torn")
    await kari.sees(wording(problems_screens._over, code="T1"))
    await sqlite_world.settled()
    assert notes(sqlite_world) == [("Torn", True, True)]
    assert sqlite_world.in_group("Lars").last("“Torn”").photo is not None


async def test_a_photo_alone_is_a_report(sqlite_world: World) -> None:
    """Words are asked for once and can be left out; whoever answers nothing is heard after three minutes."""
    world, kari, group = sqlite_world, sqlite_world["Kari"], sqlite_world.in_group("Lars")
    number = await handed_out(world)
    await kari.taps("Problem")
    await kari.sees(wording(damage_views.what_is_wrong, about="T1"))
    await kari.sends_photo()
    await kari.taps(carrying("none"))
    await kari.sees(wording(problems_screens._over, code="T1"))
    await world.settled()
    assert notes(world) == [(PHOTO_ONLY, True, True)]
    assert group.last(wording(damage_views.damage_card, note=PHOTO_ONLY)).photo is not None
    await kari.taps("Problem")
    await kari.sends_photo()
    await world.settled()
    assert len(notes(world)) == 2
    await world.clock.advance(world.clock.now() + timedelta(minutes=4))
    await world.settled()
    late = group.last(wording(damage_views.damage_card, note=PHOTO_ONLY))
    assert late.photo is not None
    await kari.types("Torn")
    await world.settled()
    assert group.last("“Torn”").photo is not None and group.chat.messages[late.id].deleted
    assert "Torn" in kari.last(f"Rental {number}").text


async def test_words_under_a_photo_are_the_words(sqlite_world: World) -> None:
    """One message says it all; too many words are told so, and the photo is kept."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await handed_out(world)
    await kari.taps("Problem")
    await kari.sees(wording(damage_views.what_is_wrong, about="T1"))
    await kari.sends_photo(caption="Torn")
    await kari.sees(wording(problems_screens._over, code="T1"))
    assert notes(world) == [("Torn", True, True)]
    await kari.taps("Problem")
    await kari.sends_photo(caption="x" * 600)
    await kari.sees("at most 500 characters")
    await kari.types("/cancel")
    await kari.sees(wording(problems_screens._over, code="T1"))
    assert notes(world)[1:] == [(PHOTO_ONLY, True, True)]


async def test_a_photo_of_all_of_it(sqlite_world: World) -> None:
    """The admins see it with the first of the things; the rental says what is wrong."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    number = await handed_out(world, pieces=2)
    await kari.taps("Problem")
    await kari.taps(carrying("piece", ""))
    await kari.sends_photo()
    await kari.sees(asking("problem.words"))
    await kari.types("All wet")
    await kari.sees(wording(problems_screens._over, id=number))
    await world.settled()
    assert notes(world) == [("All wet", True, True)]
    assert world.in_group("Lars").last("“All wet”").photo is not None
    assert world.database.read_now(lambda s: s.scalars(select(Claim.problem)).all()) == ["All wet"] * 2


async def test_cancel_takes_back_nothing_that_was_said(sqlite_world: World) -> None:
    """/cancel instead of a photo: noted all the same, and not called cancelled."""
    await handed_out(sqlite_world)
    await says_what_is_wrong(sqlite_world)
    kari = sqlite_world["Kari"]
    said = await heard(sqlite_world, kari.types("/cancel"))
    assert wording(problems_screens._over, code="T1") in said and wording(screens.over) not in said
    assert notes(sqlite_world) == [("A pole is bent", False, True)]


async def test_of_several_things_one_is_chosen(sqlite_world: World) -> None:
    """The others have no problem; all of it is possible as well, and is no damage of one thing."""
    world = sqlite_world
    number = await handed_out(world, pieces=2)
    await world["Kari"].taps("Problem")
    await world["Kari"].taps("T2 · Tent")
    await world["Kari"].sees(wording(damage_views.what_is_wrong, about="T2"))
    await world["Kari"].types("Torn")
    await world["Kari"].taps(carrying("none"))
    await world.settled()
    problems = world.database.read_now(
        lambda s: s.scalars(select(Claim.problem).filter_by(rental_id=number).order_by(Claim.item_id)).all()
    )
    assert problems == ["", "Torn"]
    await world["Kari"].taps("Problem")
    await world["Kari"].taps(carrying("piece", ""))
    await world["Kari"].sees(wording(damage_views.what_is_wrong, about=f"rental {number}"))
    await world["Kari"].types("We are stuck in the snow")
    await world["Kari"].sees(wording(problems_screens._over, id=number))
    await world.settled()
    assert len(notes(world)) == 1
    assert "We are stuck in the snow" in world.in_group("Lars").last().text


async def test_a_lender_takes_it_out_of_lending_in_the_same_tap(world: World) -> None:
    """The question for the photo has the button; whoever was to have it next is told; a photo still comes."""
    await handed_out(world)
    later = await approved(world, "Ola", first=3, last=4, pieces=3)
    lars = world.in_group("Lars")
    await lars.taps("Problem", lars.last("Kari Berg"))
    await lars.sees(wording(damage_views.what_is_wrong, about="T1"))
    await world.settled()
    await lars.replies(lars.last(asking("problem.ask")), "Burnt")
    await lars.sees(asking("problem.photo"))
    await lars.taps(carrying("out"))
    await world.settled()
    assert condition(world) is Condition.IN_REPAIR
    asks = lars.last(asking("problem.photo"))
    assert wording(damage_views.out_of_lending, n=1) in asks.text
    assert "Burnt" in world["Ola"].last("Reason").text and later
    await lars.sends_photo(reply_to=asks)
    await world.settled()
    card = lars.last("“Burnt”")
    assert (
        card.photo is not None
        and wording(damage_views._fate, condition=wording(refusals.condition_name, Condition.IN_REPAIR))
        in card.text
    )
    assert wording(damage_views.take_out_button) not in [b.text for b in card.buttons]


async def test_in_the_group_one_tap_takes_it_out_and_one_lends_it_again(world: World) -> None:
    """Lenders take out, admins say that it is repaired; the card tells how it stands, twice is once."""
    await handed_out(world)
    await says_what_is_wrong(world)
    await world["Kari"].taps(carrying("none"))
    await world.settled()
    lars, anna = world.in_group("Lars"), world.in_group("Anna")
    card = lars.last("“A pole is bent”")
    await lars.taps(by(Verb.TAKE_OUT), card)
    assert await lars.toast() == wording(damage_views.out_of_lending, code="T1")
    await world.settled()
    assert condition(world) is Condition.IN_REPAIR
    async with world.unchanged():
        await anna.taps(by(Verb.TAKE_OUT), card)
        assert await told(world, lars.taps(by(Verb.REPAIRED))) == ONLY_ADMINS
    await anna.taps(by(Verb.REPAIRED))
    await world.settled()
    assert condition(world) is Condition.OK
    assert wording(damage_views._fate, name="Anna Berg") in lars.last("“A pole is bent”").text
    async with world.unchanged():
        assert await told(world, anna.taps(by(Verb.REPAIRED), card)) == refusal(
            Refused.DAMAGE_CLOSED, by="Anna Berg"
        )


async def test_what_is_not_one_s_own_to_change(sqlite_world: World) -> None:
    """Hand-made buttons of members: the damage of another's rental is not even there."""
    world = sqlite_world
    number = await handed_out(world)
    claim = world.database.read_now(lambda s: s.scalars(select(Claim.id).filter_by(rental_id=number)).one())
    await says_what_is_wrong(world)
    await world["Kari"].taps(carrying("none"))
    await world.settled()
    note = world.database.read_now(lambda s: s.scalars(select(DamageNote.id)).one())
    async with world.unchanged():
        ola, kari = world["Ola"], world["Kari"]
        there = await asked(world, ola)
        for verb in (Verb.TAKE_OUT, Verb.REPAIRED, Verb.SHOW_DAMAGE):
            assert await at_hand(world, ola, pack(verb, note), there) == NOT_FOUND
            assert await at_hand(world, ola, pack(verb, note + 7), there) == NOT_FOUND
        item = world.database.read_now(lambda s: s.scalars(select(Item.id).filter_by(code="S1")).one())
        await write(world, lambda s: None)
        there = await asked(world, kari)
        assert await at_hand(world, kari, pack(Verb.TAKE_OUT, note), there) == ONLY_LENDERS
        assert await at_hand(world, kari, pack(Verb.SHOW_DAMAGE, note), there) == ONLY_LENDERS
        assert await at_hand(world, kari, pack(Verb.REPAIRED, note), there) == ONLY_ADMINS
        assert await at_hand(world, kari, pack(Verb.LOSE, number), there) == ONLY_LENDERS
        assert await at_hand(world, kari, pack(Verb.LOSE_PIECE, claim), there) == ONLY_LENDERS
        assert await at_hand(world, kari, pack(Verb.LOSE_SURELY, claim), there) == ONLY_LENDERS
        assert await at_hand(world, kari, pack(Verb.FOUND, item, "ok"), there) == refusal(
            Refused.NOT_LOST, code="S1"
        )


async def test_lost_in_two_taps_from_the_card(world: World) -> None:
    """Lost, and surely: the rental is over, the member reads it, and nobody is reminded any more."""
    number = await handed_out(world, last=1)
    lars = world.in_group("Lars")
    await lars.taps(by(Verb.LOSE))
    await lars.sees("Is T1 lost?")
    await lars.taps(by(Verb.LOSE_SURELY))
    assert await lars.toast() == wording(damage_views.out_of_lending, code="T1")
    await world.settled()
    assert condition(world) is Condition.LOST
    assert "Lost: T1" in lars.last(f"Rental {number}").text
    assert "✖️ Lost" in world["Kari"].last(f"Rental {number}").text
    state = world.database.read_now(lambda s: (s.get_one(Rental, number).status,))
    assert state == (RentalStatus.RETURNED,)
    before = len(world["Kari"].chat.messages)
    await world.clock.advance(world.clock.now() + timedelta(days=9))
    await world.settled()
    assert len(world["Kari"].chat.messages) == before


async def test_of_several_things_one_is_lost(sqlite_world: World) -> None:
    """The others stay out; Back leads to the card."""
    world = sqlite_world
    number = await handed_out(world, pieces=3)
    lars = world.in_group("Lars")
    await lars.taps(by(Verb.LOSE))
    await lars.sees(wording(damages_screens.lose))
    await lars.taps("T2 · Tent")
    await lars.sees("Is T2 lost?")
    await lars.taps(by(Verb.RENTAL_CARD))
    await world.settled()
    await lars.taps(by(Verb.LOSE))
    await lars.taps("T2 · Tent")
    await lars.taps(by(Verb.LOSE_SURELY))
    await world.settled()
    assert "Lost: T2" in lars.last(f"Rental {number}").text and "2 out" in lars.last().text
    statuses = world.database.read_now(
        lambda s: s.scalars(select(Claim.status).filter_by(rental_id=number).order_by(Claim.item_id)).all()
    )
    assert statuses == [ClaimStatus.OUT, ClaimStatus.LOST, ClaimStatus.OUT]


async def test_the_picture_of_a_damage_is_the_organisations_own(sqlite_world: World) -> None:
    """It is stored with it."""
    await handed_out(sqlite_world)
    await says_what_is_wrong(sqlite_world)
    await sqlite_world["Kari"].sends_photo()
    await sqlite_world.settled()
    owners = sqlite_world.database.read_now(lambda s: s.scalars(select(Photo.organization_id)).all())
    assert owners == [sqlite_world.organization_id]


async def test_the_question_which_names_only_what_is_one_s_own(sqlite_world: World) -> None:
    """A hand-made answer about another's piece, or another organisation's, asks nothing about it."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await another_club(world)
    await handed_out(world, pieces=2)
    others = await handed_out(world, "Ola")
    claim = world.database.read_now(lambda s: s.scalars(select(Claim.id).filter_by(rental_id=others)).one())
    await kari.taps("Problem")
    question = await kari.sees(wording(damage_views.which, id=...))
    await world.settled()
    row = int((question.buttons[0].data or "").split(":")[2])
    async with world.unchanged():
        for piece in (claim, FOREIGN, "x"):
            data = pack(Verb.CONVERSATION, row, f"piece {piece}")
            assert await at_hand(world, kari, data, question) == OUTDATED


async def test_the_answer_follows_what_is_tapped_on_it(sqlite_world: World) -> None:
    """With the photo first, and taken out of lending from its last card; lost things show as lost."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await handed_out(world)
    await lars.types(f"/takeback {number}")
    await lars.taps("Problem")
    await lars.sends_photo()
    await lars.sees(asking("problem.words"))
    await lars.types("A pole is bent")
    noted = await lars.sees(wording(problems_screens._over, code="T1"))
    await lars.taps(by(Verb.TAKE_OUT), noted)
    said = await lars.sees(wording(damage_views.out_of_lending, code="T1"))
    assert (said.id, said.buttons) == (noted.id, [])
    await lars.types(f"/takeback {number}")
    await lars.taps(by(Verb.LOSE), await lars.sees(showing(RentalStatus.OUT, number)))
    await lars.taps(by(Verb.LOSE_SURELY))
    await world.settled()
    assert (
        wording(damage_views._fate, condition=wording(refusals.condition_name, Condition.LOST))
        in world["Anna"].in_group(world.group).last("“A pole is bent”").text
    )
