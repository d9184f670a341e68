"""Blocking from a phone: how many taps it takes, what it brings, and what those read who lose something."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Conversation, Equipment, Item
from db.states import ClaimStatus, Condition
from handlers.i18n.texts import Texts
from handlers.inventory.views import cards
from handlers.maintenance import block_views
from handlers.rentals import card_views, lists
from handlers.rentals.late import views as late_conflicts_views
from handlers.ui import conversation
from handlers.ui.routes import BLOCK, BLOCKS, PIECES
from sandbox.person import What, Which
from sandbox.world.records import Message
from services.core.errors import Refused
from services.core.tx import Tx
from services.messaging import conversations, outbox
from tests.e2e import arrange
from tests.e2e.conftest import World
from tests.e2e.inventory.inventory_steps import enters
from tests.e2e.seen import asking, carrying, refusal, wording

BEFORE = 2
"""`/inventory tent` and Block lead to the first screen."""

OWN_USE = block_views.reasons(Texts())[1]


@dataclass
class Keeper:
    """Anna, whose messages and taps are counted."""

    world: World
    used: int = 0

    async def begins(self, what: str = "Tent", code: str | None = None) -> Message:
        """On the first screen of blocking this equipment, or this item of it."""

        def work(session: Session) -> None:
            equipment = session.scalars(select(Equipment).filter_by(name=what)).one()
            data = {"equipment_id": equipment.id}
            if code is not None:
                data["item_id"] = session.scalars(select(Item.id).filter_by(code=code)).one()
            anna, now = self.world["Anna"].id, self.world.clock.now()
            for old in session.scalars(select(Conversation).where(Conversation.chat_id == anna)).all():
                conversations.remove(Tx(session, now), old)
            row = Conversation(
                chat_id=anna,
                account_id=anna,
                organization_id=self.world.organization_id,
                name=BLOCK,
                state=PIECES,
                data=data,
                updated_at=now,
            )
            session.add(row)
            session.flush()
            outbox.render_card(Tx(session, now), conversation.CARD, row.id, chat_id=anna)

        await arrange.write(self.world, work)
        self.used = BEFORE
        return self.world["Anna"].last()

    async def taps(self, which: Which, sees: What) -> Message:
        self.used += 1
        await self.world["Anna"].taps(which)
        return await self.world["Anna"].sees(sees)

    async def types(self, text: str, sees: What) -> Message:
        self.used += 1
        await self.world["Anna"].types(text)
        return await self.world["Anna"].sees(sees)


@pytest.fixture
def anna(sqlite_world: World) -> Keeper:
    return Keeper(sqlite_world)


def blocked(world: World) -> list[str]:
    """The codes of items that are blocked, now or later."""
    query = (
        select(Item.code)
        .join(Claim, Claim.item_id == Item.id)
        .where(
            Claim.block_id.is_not(None),
            Claim.status == ClaimStatus.HELD,
            Claim.blocked_until > world.clock.now(),
        )
    )
    return sorted(world.database.read_now(lambda session: list(session.scalars(query))))


async def give_types(world: World) -> None:
    """Tents and tarpaulins are both for sleeping under."""

    def work(session: Session) -> None:
        for one in session.scalars(select(Equipment).where(Equipment.name != "Stove")):
            one.type = "Shelter"

    await arrange.write(world, work)


async def test_three_items_for_a_week(anna: Keeper) -> None:
    """In at most seven messages and taps; the card then lists what is blocked."""
    await anna.begins()
    await anna.taps("3", wording(block_views.first_day))
    await anna.taps("7", asking("block.last"))
    check = await anna.taps("13", "Why?")
    assert "3 × Tent" in check.text and "Mon 7 Dec – Sun 13 Dec" in check.text
    done = await anna.taps(carrying("why"), "Done.")
    assert anna.used <= 7
    assert "T1, T2, T3 · Mon 7 Dec – Sun 13 Dec · Repair" in done.text
    assert blocked(anna.world) == ["T1", "T2", "T3"]
    await anna.world["Kari"].types("/rent tent x1 2026-12-12 2026-12-13")
    await anna.world["Kari"].sees(
        refusal(
            Refused.NOT_FREE,
            name="Tent",
            free=0,
            next_free=["2026-12-14T07:00:00+00:00", "2026-12-15T19:00:00+00:00"],
        )
    )
    await anna.world["Kari"].types("/rent tent x3 2026-12-14 2026-12-15")
    await anna.world["Kari"].sees(asking("rent.basket"))


async def test_all_at_once_in_words(anna: Keeper) -> None:
    """Codes, days and the reason can all be written; a time of day counts where there is one."""
    await anna.begins()
    await anna.types("t3, T1", wording(block_views.first_day))
    check = await anna.types("7.12. - 9.12.2026 14:00", "Why?")
    assert "Codes: T1, T3" in check.text
    await anna.types("Own <expedition> & more", "Own <expedition> & more")
    assert blocked(anna.world) == ["T1", "T3"]


async def test_one_item_needs_no_number(anna: Keeper) -> None:
    """From an item's card the days are asked at once."""
    first = await anna.begins(code="T2")
    assert wording(block_views.first_day) in first.text
    await anna.types("tomorrow", asking("block.last"))
    await anna.taps(carrying("back"), wording(block_views.first_day))
    await anna.types("tomorrow", asking("block.last"))
    await anna.types("2 days", "Why?")
    await anna.taps(carrying("why", 1), "Done.")
    assert blocked(anna.world) == ["T2"]


async def test_choosing_which(anna: Keeper) -> None:
    """Tapped on and off again; Done leads on."""
    await anna.begins()
    await anna.taps(carrying("choose"), asking("block.choose"))
    for label in ("T1", "T2", "✓ T1"):
        await anna.taps(label, asking("block.choose"))
    await anna.taps("Done (1)", wording(block_views.first_day))
    await anna.taps("7", asking("block.last"))
    assert "Codes: T2" in (await anna.taps("[7]", "Why?")).text


async def test_who_can_have_another_one_reads_nothing(anna: Keeper) -> None:
    """Kari's tent is blocked, and another is free: her card says another code, and no message comes."""
    world = anna.world
    await arrange.approved(world, first=2, last=4)
    await world["Kari"].types("/rentals")
    await world.settled()
    before = len(list(world.sandbox.world.visible(world["Kari"].chat)))
    await anna.begins()
    await anna.types("T1", wording(block_views.first_day))
    await anna.types("2.12.", asking("block.last"))
    check = await anna.types("9.12.", "Why?")
    assert wording(block_views.check, "found", n=1) in check.text
    assert wording(late_conflicts_views.losses_told) not in check.text
    await anna.taps(carrying("why"), "Done.")
    await world.settled()
    assert len(list(world.sandbox.world.visible(world["Kari"].chat))) == before
    assert "Codes: T2" in world["Kari"].last("Rental 1").text


async def test_who_loses_something_is_told_and_offered_another(anna: Keeper) -> None:
    """They read which piece and why, and what else is free on those days: one tap begins a basket with it."""
    world = anna.world
    await give_types(world)
    await arrange.approved(world, first=2, last=4, pieces=3)
    await anna.begins()
    await anna.taps("1", wording(block_views.first_day))
    await anna.types("4.12.", asking("block.last"))
    check = await anna.types("9.12.", "Why?")
    assert "• Rental 1, Kari Berg, Thu 3 Dec – Sat 5 Dec: 1 × Tent" in check.text
    async with world.unchanged():
        await anna.taps(carrying("back"), asking("block.last"))
        await anna.types("9.12.", "Why?")
    await anna.types("A pole is broken", "Done.")
    told = await world["Kari"].sees(wording(late_conflicts_views.withdrawn, id=..., period=..., what=...))
    assert "1 × Tent" in told.text and "Reason: A pole is broken" in told.text
    assert wording(late_conflicts_views.withdrawn, "not") in told.text
    assert [button.text for button in told.buttons] == ["Tarpaulin 3×4"]
    await world.settled()
    assert "• 2 × Tent" in world["Kari"].last("Approved by Anna Berg").text
    assert "• 2 × Tent" in world.in_group("Lars").last("Approved by Anna Berg").text
    await world["Kari"].taps("Tarpaulin 3×4")
    basket = await world["Kari"].sees(asking("rent.basket"))
    assert "• 1 × Tarpaulin 3×4" in basket.text
    assert "Thu 3 Dec 20:00 – Sat 5 Dec 20:00" in basket.text
    await world["Ola"].types("/rentals")
    own = await world["Ola"].sees(wording(lists.mine, "not"))
    await world["Ola"].taps_data("1:ri:1:3", own)
    assert await world["Ola"].toast() == refusal(Refused.NOT_FOUND)


async def test_when_nothing_is_left(anna: Keeper) -> None:
    """The rental is cancelled; member and group read why; what is free no more is told by the basket."""
    world = anna.world
    await give_types(world)
    await arrange.requested(world, first=2, last=4, pieces=3)
    await anna.begins()
    await anna.taps("3", wording(block_views.first_day))
    await anna.types("4.12.", asking("block.last"))
    assert (
        wording(late_conflicts_views.losses_told, id=..., member=..., period=..., what=...)
        in (await anna.types("9.12.", "Why?")).text
    )
    await anna.taps(carrying("why", 1), "Done.")
    told = await world["Kari"].sees(wording(late_conflicts_views.withdrawn))
    assert wording(card_views._reason, reason=OWN_USE) in told.text
    await world.settled()
    assert "Cancelled by Anna Berg" in world.in_group("Lars").last("Rental 1").text
    await arrange.requested(world, "Ola", first=2, last=4, what="Tarpaulin 3×4", pieces=2)
    await world["Kari"].taps("Tarpaulin 3×4", told)
    await world["Kari"].sees(
        refusal(
            Refused.NOT_FREE,
            name="Tarpaulin 3×4",
            free=0,
            next_free=["2026-12-05T19:00:00+00:00", "2026-12-07T19:00:00+00:00"],
        )
    )


async def test_somebody_asks_while_anna_looks(anna: Keeper) -> None:
    """The card says so and shows the newcomer; the second tap does it."""
    world = anna.world
    await anna.begins()
    await anna.taps("3", wording(block_views.first_day))
    await anna.types("2.12.", asking("block.last"))
    assert wording(late_conflicts_views.losses_told) not in (await anna.types("9.12.", "Why?")).text
    number = await arrange.requested(world, first=2, last=4)
    again = await anna.taps(carrying("why"), refusal(Refused.MORE_RENTALS_AFFECTED))
    assert f"• Rental {number}, Kari Berg" in again.text
    assert blocked(world) == []
    await anna.taps(carrying("why"), "Done.")
    assert blocked(world) == ["T1", "T2", "T3"]


async def test_what_is_out(anna: Keeper) -> None:
    """By its code it is refused with the time it is due; by number others are taken, if they are enough."""
    world = anna.world
    await arrange.handed_out(world, last=2)
    await anna.begins()
    await anna.types("T1", wording(block_views.first_day))
    await anna.types("2.12.", asking("block.last"))
    await anna.types("5.12.", refusal(Refused.OUT_THEN, code="T1", until="2026-12-03T19:00:00+00:00"))
    await anna.begins()
    await anna.taps("3", wording(block_views.first_day))
    await anna.types("2.12.", asking("block.last"))
    await anna.types("5.12.", refusal(Refused.ONLY_SOME_THEN, most=2, name="Tent"))
    await anna.begins()
    await anna.taps("2", wording(block_views.first_day))
    await anna.types("2.12.", asking("block.last"))
    check = await anna.types("5.12.", "Why?")
    assert (
        "Codes: T2, T3" in check.text
        and wording(block_views._left_out, code="T1", moment="Thu 3 Dec 20:00") in check.text
    )


async def test_ending_a_block_early(anna: Keeper) -> None:
    """One tap on the list; a second tap, or a second admin, reads that it is over."""
    await anna.begins()
    await anna.taps("2", wording(block_views.first_day))
    await anna.types("today", asking("block.last"))
    await anna.types("9.12.", "Why?")
    seen = await anna.taps(carrying("why"), "Done.")
    await anna.taps(wording(block_views.blocks, codes="T1, T2"), wording(block_views.blocks))
    assert blocked(anna.world) == []
    await anna.world["Anna"].taps(carrying("end"), message=seen)
    await anna.world["Anna"].sees(refusal(Refused.BLOCK_OVER, by="Anna Berg"))
    await anna.taps(carrying("all"), wording(block_views.blocks))


async def test_the_list_is_found_again(anna: Keeper) -> None:
    """From the first screen, for this equipment, and for all of them."""
    await anna.begins("Stove")
    await anna.taps("1", wording(block_views.first_day))
    await anna.types("tomorrow - 9.12.", "Why?")
    await anna.taps(carrying("why"), "Done.")
    assert "Blocked (" not in str((await anna.begins("Tent")).buttons)
    await anna.begins("Stove")
    await anna.taps("Blocked (1)", "S1 · Wed 2 Dec – Wed 9 Dec · Repair")
    await anna.taps(carrying("all"), "Stove: S1")
    await anna.begins("Stove")
    await anna.taps("Blocked (1)", "Blocked: Stove")
    await anna.taps(carrying("more"), wording(block_views.how_many))


async def test_what_to_block_is_written_on_the_list(sqlite_world: World) -> None:
    """From the list of what is blocked: a name, a code, or a choice among several."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await anna.types("/inventory")
    await anna.sees("Inventory")
    await anna.taps("Block")
    await anna.sees(wording(block_views.blocks) + "\n" + wording(block_views.blocks, "None"))
    await anna.types("tent")
    await anna.sees(wording(block_views.how_many))
    await enters(world, "Anna", BLOCK, BLOCKS)
    await anna.types("t2")
    await anna.sees("Tent: T2\nFrom which day?")
    await enters(world, "Anna", BLOCK, BLOCKS)
    await anna.types("t")
    await anna.sees(wording(cards.equipment_list, "found", n=3, words="t"))


async def test_a_problem_is_gone_with_the_next_answer(anna: Keeper) -> None:
    """The problem with one answer does not stand on the next question; "all" is a number too."""
    await anna.begins()
    await anna.types("seven", refusal(Refused.NOT_FOUND))
    card = await anna.types("all", "3 × Tent")
    assert refusal(Refused.NOT_FOUND) not in card.text


async def test_answers_that_cannot_be(anna: Keeper) -> None:
    """Too many, none, unknown codes, another thing's code, past days, ends before starts: told, unchanged."""
    world = anna.world
    async with world.unchanged():
        await anna.begins()
        await anna.types("4", "Choose from 1 to 3")
        await anna.types("0", "Choose from 1 to 3")
        await anna.types("T9", refusal(Refused.NOT_FOUND))
        await anna.types("T1 S1", refusal(Refused.WRONG_EQUIPMENT, code="S1"))
        await anna.types("T1 T2", wording(block_views.first_day))
        await anna.types("1.11.2026", refusal(Refused.IN_THE_PAST))
        await anna.types("sometime", refusal(Refused.NOT_A_DATE))
        await anna.types("7.12.", asking("block.last"))
        await anna.types("2026-12-06", refusal(Refused.END_BEFORE_START))
        await anna.types("8.12.", "Why?")
        await anna.types("x" * 301, refusal(Refused.TOO_MUCH_TEXT, most=300))
        await anna.taps("Cancel", "Cancelled.")


async def test_only_admins(anna: Keeper) -> None:
    """A person who is no admin any more gets no further, neither by tapping nor by writing."""
    world = anna.world
    await anna.begins()
    await arrange.leaves(world, "Anna")
    async with world.unchanged():
        await world["Anna"].taps("3")
        assert refusal(Refused.MEMBERSHIP_ENDED) in str(await world["Anna"].toast())
        await world["Anna"].types("3")
        await world["Anna"].sees(refusal(Refused.MEMBERSHIP_ENDED))


@pytest.mark.parametrize("items", [0, 104])
async def test_few_and_many(anna: Keeper, items: int) -> None:
    """Nothing to lend is said; a hundred are chosen page by page."""

    def work(session: Session) -> None:
        stove = session.scalars(select(Equipment).filter_by(name="Stove")).one()
        for number in range(items):
            session.add(
                Item(
                    organization_id=stove.organization_id,
                    equipment_id=stove.id,
                    code=f"N{number:03}",
                    label_token=f"n{number}",
                    created_at=anna.world.clock.now(),
                )
            )
        session.scalars(select(Item).filter_by(code="S1")).one().condition = Condition.LOST

    await arrange.write(anna.world, work)
    first = await anna.begins("Stove")
    if not items:
        assert wording(block_views.how_many, "not") in first.text
        return
    assert "All 104" in [button.text for button in first.buttons]
    await anna.taps(carrying("choose"), asking("block.choose"))
    await anna.taps("N003", asking("block.choose"))
    await anna.taps("›", asking("block.choose"))
    await anna.taps("N013", asking("block.choose"))
    await anna.taps("Done (2)", wording(block_views.first_day))
    await anna.taps("9", asking("block.last"))
    assert "Codes: N003, N013" in (await anna.taps("[9]", "Why?")).text
