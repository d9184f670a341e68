"""Sentences of lenders and admins in their own words, each led to its last question, and never further.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

import pytest
from sqlalchemy.orm import Session

from db.models import Organization
from db.states import RentalStatus
from handlers.ui.callbacks import Verb
from services.core.errors import Refused
from services.messaging import notifications
from tests import factories
from tests.e2e.arrange import approved, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.replies import ONLY_ADMINS, ONLY_LENDERS
from tests.e2e.seen import asking, by, carrying, of_kind, saying, showing

ITEM = of_kind(notifications.ITEM_CARD)


async def test_what_admins_say(sqlite_world: World) -> None:
    """Blocks, rules, due dates, members, labels, numbers: nothing is done before the last tap."""
    world, anna, ada = sqlite_world, sqlite_world["Anna"], sqlite_world["Ada"]
    await handed_out(world)
    ola = await approved(world, "Ola")
    async with world.unchanged():
        for said, asked, has in (
            ("block the tents next week", "block.pieces", ""),
            ("block two tents next week", "block.check", "13 Dec"),
            ("take T2 out of service until friday", "block.check", "T2"),
            ("move everything due on thursday to monday", "move.check", "7 Dec"),
            ("flytt alt som skal inn torsdag til mandag", "move.check", "7 Dec"),
            ("find Ola", "members.card", "Ola Berg"),
            ("history of T1", "inventory.item", "T1"),
            ("print labels for the tents", "labels.labels", "Tent"),
            ("how many tents do we have?", "inventory.equipment", "Tent"),
            ("at most 3 rentals per person", "policy.group", ""),
        ):
            await anna.types(said)
            assert has in (await anna.sees(asking(asked))).text, said
            if asked == "block.check":
                await anna.types("cancel")  # where the reason may be written
        await anna.types("cancel Ola's tent")
        surely = await anna.sees(saying("surely"))
        assert any(by(Verb.CANCEL_SURELY, ola)(one) for one in surely.buttons)
        for said in ("new member Per Hansen", "add Per to the club"):
            await anna.types(said)
            await anna.sees(saying("invite_roles"))
        await ada.types("maks fire ting per person")
        await ada.sees(asking("policy.rule"))
    await ada.taps(carrying("set", "4"))
    await ada.sees(asking("policy.group"))


async def test_several_kinds_of_the_same_name(sqlite_world: World) -> None:
    """Which of the ropes is to be blocked is asked; the number and the days are kept."""
    world, anna = sqlite_world, sqlite_world["Anna"]

    def ropes(session: Session) -> None:
        of = session.get_one(Organization, world.organization_id)
        for name, codes in (("Climbing rope 60 m", ("R1",)), ("Climbing rope 30 m", ("R2", "R3"))):
            factories.equipment(session, of, world.clock.now(), name, *codes)

    await write(world, ropes)
    await anna.types("block two ropes next week")
    shown = await anna.sees(asking("block.kind"))
    assert len([one for one in shown.buttons if carrying("kind")(one)]) == 2
    await anna.types("rope")
    await anna.sees(asking("block.kind", Refused.TAP_EXPECTED))
    await anna.types("30 m")
    assert "2 ×" in (await anna.sees("7 Dec")).text
    await anna.sees(asking("block.check"))


async def test_what_is_told_at_the_desk(sqlite_world: World) -> None:
    """Things that came back or are elsewhere, too many of them, and a later booking."""
    world, lars, anna = sqlite_world, sqlite_world["Lars"], sqlite_world["Anna"]
    kari = await handed_out(world)
    async with world.unchanged():
        for said in ("Kari brought everything back", "Kari just dropped off the tent"):
            await lars.types(said)
            back = await lars.sees(of_kind(notifications.DESK_CARD))
            assert any(by(Verb.TAKE_BACK, kari)(one) for one in back.buttons), said
        for said in ("T1 is now in the boat house", "tent T1 moved to the cellar", "check in T1"):
            await lars.types(said)
            await lars.sees(ITEM)
        for said in ("T2 and T3", "T1 og T2 er tilbake"):
            await lars.types(said)
            assert "T2" in (await lars.sees(asking("hand_out_now.things"))).text, said
            await lars.types("/cancel")
        await lars.types("give Ola five tents")
        await lars.sees(asking("hand_out_now.thing", Refused.BAD_QUANTITY))
        await lars.types("/cancel")
        for said, asked in (
            ("two new stoves arrived", "inventory.equipment"),
            ("put the stove in the cellar", "inventory.equipment"),
            ("remind Kari about the tent", "members.card"),
            ("set the due date of Kari's tent to sunday", "extend.ask"),
            ("the stove is not to be lent until friday", "block.check"),
        ):
            await anna.types(said)
            await anna.sees(asking(asked))
            await anna.types("/cancel")


async def test_what_lenders_say(sqlite_world: World) -> None:
    """Somebody's rental, a thing, a member, harm; what is for admins is refused."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    kari = await handed_out(world)
    async with world.unchanged():
        for said in (
            *("extend Kari's tent to sunday", "forleng tent til Kari til søndag", "extend T1 to sunday"),
            *("let Kari keep the tent until sunday", "forleng Karis lån til søndag"),
        ):
            await lars.types(said)
            asked = await lars.sees(asking("extend.ask"))
            assert "Kari" in asked.text and any(carrying("day", "2026-12-06")(one) for one in asked.buttons)
        await lars.types("cancel")
        await lars.types("where is T2")
        await lars.sees(ITEM)
        await lars.types("who has the tent?")
        assert any(by(Verb.SHOW_RENTAL, kari)(one) for one in (await lars.sees("Kari Berg")).buttons)
        await lars.types("who is Ola")
        assert "Ola" in (await lars.sees(asking("hand_out_now.card"))).text
        await lars.types("the tent is broken")
        await lars.sees(saying("which_piece"))
        await lars.types("print labels for the tents")
        await lars.sees(ONLY_ADMINS)
    await lars.types("T2 is broken")
    assert "T2" in (await lars.sees(asking("problem.photo"))).text
    await lars.types("Kari's tent has a hole")
    assert "T1" in (await lars.sees(asking("problem.photo"))).text


@pytest.mark.parametrize("role", [ONLY_ADMINS, ONLY_LENDERS])
async def test_members_who_say_it(sqlite_world: World, role: str) -> None:
    """They read whom it is for, and get no basket of something else."""
    kari = sqlite_world["Kari"]
    for said in {
        ONLY_ADMINS: ("block the tents next week", "move everything due on friday to monday"),
        ONLY_LENDERS: ("give Ola two tents and a stove", "extend Ola's tent to sunday", "history of T1"),
    }[role]:
        await kari.types(said)
        await kari.sees(role)


async def test_what_members_may_ask(sqlite_world: World) -> None:
    """Asked where it is, they see whether it can be had; harm to another thing is not told of their own."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    rental = await handed_out(world)
    async with world.unchanged():
        await kari.types("where is my tent?")
        await kari.sees(showing(RentalStatus.OUT, rental))
        await kari.types("T2 is broken")
        await world.settled()
        assert not asking("problem.photo")(kari.last())
    await kari.types("T1 is broken")
    assert "T1" in (await kari.sees(asking("problem.photo"))).text
    await kari.types("/cancel")
    await kari.types("where is T2?")
    await kari.sees(asking("rent.first"))
