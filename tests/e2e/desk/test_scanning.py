"""A label that is scanned leads to what fits the person, and where the thing is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import Equipment, Item
from db.states import ClaimStatus, Condition, RentalStatus
from handlers.desk import item_card_views
from handlers.onboarding import help
from handlers.rentals import card_views
from handlers.rentals.booking import views
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin
from tests import factories
from tests.e2e.arrange import actor, approved, handed_out, leaves, requested, write
from tests.e2e.conftest import World
from tests.e2e.desk.test_item_card import statuses
from tests.e2e.seen import asking, by, carrying, refusal, saying, wording

HELLO = wording(help.hello, name=...)


async def scans(world: World, who: str, code: str = "T1") -> None:
    """As the phone's camera does: it opens the link that the label's QR code says."""
    token = world.database.read_now(
        lambda s: s.scalars(
            select(Item.label_token).filter_by(code=code, organization_id=world.organization_id)
        ).one()
    )
    await world[who].opens(f"https://t.me/{world.sandbox.world.bot.username}?start=i_{token}")
    await world.settled()


def buttons(world: World, who: str) -> list[str]:
    return world[who].button_labels()


async def test_what_is_free_is_rented(sqlite_world: World) -> None:
    """By a member: this very piece, from which day."""
    await scans(sqlite_world, "Kari")
    assert "T1 · Tent" in sqlite_world["Kari"].last(asking("rent.first")).text


@pytest.mark.parametrize("who", ["Lars", "Anna"])
async def test_at_the_desk_what_is_free_is_handed_out_or_rented(sqlite_world: World, who: str) -> None:
    """The card begins with Hand out now; this very piece is rented from it, too."""
    await scans(sqlite_world, who)
    first, second = sqlite_world[who].last().buttons[:2]
    assert by(item_card_views.Verb.HAND_OUT_NOW)(first)
    assert by(item_card_views.Verb.RENT_THIS)(second)
    await sqlite_world[who].taps(by(item_card_views.Verb.RENT_THIS))
    await sqlite_world.settled()
    assert "T1 · Tent" in sqlite_world[who].last(asking("rent.first")).text


async def test_a_member_s_own_is_returned(sqlite_world: World) -> None:
    """A member who scans a thing that they have out sees the card of the rental, with Return."""
    await handed_out(sqlite_world)
    await scans(sqlite_world, "Kari")
    assert "Return" in buttons(sqlite_world, "Kari")


@pytest.mark.parametrize("who", ["Lars", "Anna"])
async def test_at_the_desk_what_is_out_is_taken_back(sqlite_world: World, who: str) -> None:
    """A person who may take it back sees the member who has it, and Take back."""
    await handed_out(sqlite_world)
    await scans(sqlite_world, who)
    assert "Kari Berg" in sqlite_world[who].last().text
    assert "Take back" in buttons(sqlite_world, who)


async def test_another_member_asks_for_it_later(sqlite_world: World) -> None:
    """A thing that another member has is offered for when it is back, without a word about who has it."""
    await handed_out(sqlite_world)
    await scans(sqlite_world, "Ola")
    said = sqlite_world["Ola"].last(asking("rent.first")).text
    assert "T1" in said and "Kari" not in said
    assert refusal(Refused.OUT_THEN, code="T1", until="2026-12-03T19:00:00+00:00") in said


async def test_another_one_is_a_tap_away(sqlite_world: World) -> None:
    """A member who scans a thing that another has and should have brought back takes another of the kind."""
    await handed_out(sqlite_world, last=0)
    await sqlite_world.clock.advance(sqlite_world.clock.now() + timedelta(days=1))
    ola = sqlite_world["Ola"]
    await scans(sqlite_world, "Ola")
    assert wording(views._out, code="T1") in ola.last(asking("rent.first")).text
    await ola.taps(carrying("any"))
    question = await ola.sees(wording(views.equipment_text, free=2, pieces=3))
    assert "T1" not in question.text and wording(views.first_day, "any") not in ola.button_labels()
    await ola.types("today")
    await ola.types("today")
    await ola.sees("• 1 × Tent")


@pytest.mark.parametrize("who", ["Lars", "Anna"])
async def test_at_the_desk_what_goes_out_today_is_handed_out(sqlite_world: World, who: str) -> None:
    """An approved rental that begins today: its card, with Hand out; to others, too: there are more."""
    world, number = sqlite_world, await approved(sqlite_world, first=0, last=2)
    await scans(world, who)
    assert "Hand out" in buttons(world, who)
    await world[who].taps(by(item_card_views.Verb.HAND_OUT_NOW))
    await world[who].taps("Ola Berg")
    await world[who].taps(carrying("open"))
    await world[who].taps(carrying("do"))
    await world.settled()
    assert statuses(world, number) == [ClaimStatus.HELD] and statuses(world, number + 1) == [ClaimStatus.OUT]


async def test_a_member_picks_up_what_is_theirs_today(sqlite_world: World) -> None:
    """Their approved rental, with Picked up."""
    await approved(sqlite_world, first=0, last=2)
    await scans(sqlite_world, "Kari")
    assert "Picked up" in buttons(sqlite_world, "Kari")


async def test_what_is_booked_for_later_goes_out_until_then(sqlite_world: World) -> None:
    """A rental of next week concerns nobody who holds the thing in their hands today."""
    await approved(sqlite_world, first=7, last=9)
    await scans(sqlite_world, "Ola")
    assert "T1" in sqlite_world["Ola"].last(asking("rent.first")).text
    await scans(sqlite_world, "Lars")
    assert by(item_card_views.Verb.HAND_OUT_NOW)(sqlite_world["Lars"].last().buttons[0])


async def test_what_waits_for_an_answer_is_the_member_s(sqlite_world: World) -> None:
    """The member who asked for it sees the state of the request."""
    await requested(sqlite_world)
    await scans(sqlite_world, "Kari")
    assert wording(card_views.status_line, RentalStatus.REQUESTED) in sqlite_world["Kari"].last().text


async def test_a_return_that_waits_is_confirmed_at_the_desk(sqlite_world: World) -> None:
    """The member says that it is back: a lender who scans it confirms that."""
    number = await handed_out(sqlite_world)
    await write(
        sqlite_world,
        lambda s: checkin.give_back(Tx(s, sqlite_world.clock.now(), actor(s, sqlite_world, "Kari")), number),
    )
    await scans(sqlite_world, "Lars")
    assert "Confirm return" in buttons(sqlite_world, "Lars")


def in_condition(condition: Condition) -> Callable[[Session], object]:
    return lambda s: s.execute(update(Item).where(Item.code == "T1").values(condition=condition))


@pytest.mark.parametrize(
    ("who", "condition", "said"),
    [
        ("Kari", Condition.IN_REPAIR, refusal(Refused.ITEM_NOT_LENDABLE, code="T1", condition="in_repair")),
        ("Kari", Condition.LOST, refusal(Refused.ITEM_NOT_LENDABLE, code="T1", condition="lost")),
        ("Kari", Condition.RETIRED, refusal(Refused.ITEM_NOT_LENDABLE, code="T1", condition="retired")),
    ],
)
async def test_what_is_not_lent_is_one_sentence(
    sqlite_world: World, who: str, condition: Condition, said: str
) -> None:
    """A member who scans it reads this; a lender sees its card (test_codes_at_the_desk.py)."""
    await write(sqlite_world, in_condition(condition))
    async with sqlite_world.unchanged():
        await scans(sqlite_world, who)
        assert sqlite_world[who].last().text == said


async def test_those_who_keep_it_see_what_is_not_lent(sqlite_world: World) -> None:
    """An admin gets the card on which that can be changed."""
    await write(sqlite_world, in_condition(Condition.IN_REPAIR))
    await scans(sqlite_world, "Anna")
    assert "T1" in sqlite_world["Anna"].last().text
    assert "Fine" in buttons(sqlite_world, "Anna")


async def test_a_kind_that_is_retired_is_one_sentence(sqlite_world: World) -> None:
    """Its pieces are, then."""
    now = sqlite_world.clock.now()
    await write(
        sqlite_world,
        lambda s: s.execute(update(Equipment).where(Equipment.name == "Tent").values(retired_at=now)),
    )
    await scans(sqlite_world, "Kari")
    assert sqlite_world["Kari"].last().text == refusal(
        Refused.ITEM_NOT_LENDABLE, code="T1", condition="retired"
    )


async def test_what_is_out_comes_back_whatever_its_condition(sqlite_world: World) -> None:
    """Retired while somebody has it: it is taken back all the same."""
    await handed_out(sqlite_world)
    await write(sqlite_world, in_condition(Condition.RETIRED))
    await scans(sqlite_world, "Lars")
    assert "Take back" in buttons(sqlite_world, "Lars")
    await scans(sqlite_world, "Kari")
    assert "Return" in buttons(sqlite_world, "Kari")


@pytest.mark.parametrize("who", ["Kari", "Lars", "Ada"])
async def test_another_organisation_s_label_says_whose_it_is(sqlite_world: World, who: str) -> None:
    """Members of this club read it as strangers do; a label that there never was leads nowhere."""
    world = sqlite_world

    def another(session: Session) -> None:
        of = factories.organization(session, world.clock.now(), "Another")
        factories.equipment(session, of, world.clock.now(), "Tent", "X1")

    await write(world, another)
    token = world.database.read_now(lambda s: s.scalars(select(Item.label_token).filter_by(code="X1")).one())
    async with world.unchanged():
        await world[who].opens(f"i_{token}")
        await world.settled()
        assert "Another" in world[who].last(saying("whose")).text
        for payload in ("no-such-label", "", "x" * 60):
            await world[who].opens(f"i_{payload}")
            await world.settled()
            assert world[who].last().text == refusal(Refused.NOT_FOUND)


async def test_a_stranger_reads_whose_it_is(sqlite_world: World) -> None:
    """And no more than that; a label that there never was greets them."""
    world = sqlite_world
    world.sandbox.add_person("Nils", id=190)
    async with world.unchanged():
        await scans(world, "Nils")
        assert "T1" not in world["Nils"].last(saying("whose")).text
        await world["Nils"].opens("i_no-such-label")
        await world.settled()
        assert HELLO in world["Nils"].last().text


async def test_a_former_member_brings_back_and_rents_no_more(sqlite_world: World) -> None:
    """A former member can return what they still have, and is lent nothing else."""
    await handed_out(sqlite_world)
    await leaves(sqlite_world, "Kari")
    await scans(sqlite_world, "Kari")
    assert "Return" in buttons(sqlite_world, "Kari")
    await scans(sqlite_world, "Kari", "T2")
    assert refusal(Refused.MEMBERSHIP_ENDED) in sqlite_world["Kari"].last().text
