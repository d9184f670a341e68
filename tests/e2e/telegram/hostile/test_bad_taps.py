"""Buttons that nobody should have tapped: each is answered once, in a sentence, and changes nothing.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from bot import program as programs
from handlers.desk import checkout
from handlers.rentals import lists
from handlers.rentals.changes import views as changes
from handlers.rentals.pieces import piece_picker
from handlers.rentals.requests import approval as rentals_approval
from handlers.ui.callbacks import Verb, pack
from sandbox.world.records import Happening
from services.core.errors import Refused
from services.core.tx import Tx
from services.rentals import approval, extension
from tests.e2e.arrange import actor, handed_out, leaves, requested, write
from tests.e2e.conftest import World, start
from tests.e2e.replies import (
    ENDED,
    NOT_A_MEMBER,
    ONLY_ADMINS,
    ONLY_LENDERS,
    OUTDATED,
    asked,
    at_hand,
    heard,
    told,
)
from tests.e2e.seen import asking, by, carrying, refusal, wording

ADMINS_ALONE = (
    Verb.APPROVE,
    Verb.DECLINE,
    Verb.GRANT,
    Verb.REFUSE,
    changes.Verb.APPROVE_SOME,
    changes.Verb.PROPOSE,
)
LONG_OVER = (
    refusal(Refused.ALREADY, rental_status="returned"),
    refusal(Refused.EXTENSION_ANSWERED, extension_status="declined", by="Anna Berg"),
)


async def test_a_second_tap_is_answered_in_passing(sqlite_world: World) -> None:
    """One that is not allowed has a window to close; a second one, or one after somebody else, has none."""
    world, group = sqlite_world, sqlite_world.in_group("Anna")
    answers: list[Happening] = []
    world.sandbox.world.listeners.append(lambda h: answers.append(h) if h.kind == "answer" else None)
    await requested(world)
    await world.settled()
    card = group.last("Rental ").snapshot()
    for person in (world.in_group("Lars"), group, group):
        await person.taps(by(Verb.APPROVE), card)
        await person.toast()
    assert [one.alert for one in answers] == [True, False, False]


async def test_the_wrong_people_in_the_group(sqlite_world: World) -> None:
    """Each button of a rental, at each stage: members read who may, strangers that they are none."""
    world = sqlite_world
    for name in ("Ola", "Nils"):
        world.sandbox.add_member(world.group, world[name])
    ola, nils = world.in_group("Ola"), world.in_group("Nils")
    number = await requested(world, pieces=2, first=0, last=2)
    group = world.in_group("Anna")
    await world.settled()

    async def tried() -> None:
        card = group.last("Rental ")
        assert card.buttons
        for button in card.buttons:
            async with world.unchanged():
                needed = ONLY_ADMINS if (button.data or "").split(":")[1] in ADMINS_ALONE else ONLY_LENDERS
                assert await told(world, ola.taps(button.text, card)) == needed, button.text
                assert await told(world, nils.taps(button.text, card)) == NOT_A_MEMBER

    await tried()
    await group.taps("Approve")
    await world.settled()
    await tried()
    await group.taps("Hand out")
    await world.settled()
    await tried()
    await ask_for_time(world, number)
    await tried()
    await world["Kari"].taps("Return")
    await world.settled()
    await tried()


async def ask_for_time(world: World, number: int) -> None:
    """Kari asks to keep her rental a day longer."""
    now = world.clock.now()
    until = now.replace(hour=19) + timedelta(days=3)
    await write(world, lambda s: extension.ask(Tx(s, now, actor(s, world, "Kari")), number, until))


async def test_a_lender_where_an_admin_is_needed(sqlite_world: World) -> None:
    """Lars approves and declines neither a request nor more time."""
    world, lars = sqlite_world, sqlite_world.in_group("Lars")
    await requested(world, "Ola", what="Stove")
    async with world.unchanged():
        for label in ("Approve", "Decline"):
            assert await told(world, lars.taps(label)) == ONLY_ADMINS
    await ask_for_time(world, await handed_out(world))
    async with world.unchanged():
        for label in ("Approve", "Decline"):
            assert await told(world, lars.taps(label)) == ONLY_ADMINS


async def test_an_admin_whose_membership_was_ended(sqlite_world: World) -> None:
    """Still in the group, and decides nothing: not by buttons, not by commands."""
    world, anna = sqlite_world, sqlite_world.in_group("Anna")
    first = await requested(world)
    await handed_out(world, "Ola")
    await leaves(world, "Anna")
    async with world.unchanged():
        for label in ("Approve", "Decline", "Take back"):
            assert await told(world, anna.taps(label)) == ENDED, label
        for data in (pack(Verb.SHOW_RENTAL, first, "d"), pack(Verb.LIST, 0, "pending")):
            assert await at_hand(world, anna, data, anna.last()) == ENDED
        for command in ("pending", "out", "overdue", "setup"):
            assert await told(world, anna.types(f"/{command}@{world.sandbox.world.bot.username}")) == ENDED


async def test_somebody_elses_question(sqlite_world: World) -> None:
    """Anna is asked why in the group; Ada's tap on a reason is for Anna to answer."""
    world = sqlite_world
    await requested(world)
    await world.in_group("Anna").taps("Decline")
    await world.in_group("Anna").sees(wording(rentals_approval._question, id=...))
    async with world.unchanged():
        for label in (carrying("why", 2), carrying("why", "none"), "Cancel"):
            said = await told(world, world.in_group("Ada").taps(label))
            assert said == refusal(Refused.NOT_YOURS)


async def test_buttons_of_last_year(sqlite_world: World) -> None:
    """Every button of every card of a rental that is long over says how it ended."""
    world = sqlite_world
    kari, group = world["Kari"], world.in_group("Anna")
    number = await requested(world, pieces=2, first=0, last=2)
    mine, ours = [], []

    async def seen() -> None:
        await world.settled()
        mine.append(kari.last("Rental "))
        ours.append(group.last("Rental "))

    await kari.types("/rentals")
    await kari.taps(by(Verb.SHOW_RENTAL, number))
    await seen()
    await group.taps("Approve")
    await seen()
    await group.taps("Hand out")
    await seen()
    await ask_for_time(world, number)
    await seen()
    await group.taps("Decline")
    await kari.taps("Return")
    await seen()
    await group.taps("Confirm return")
    await world.settled()
    await world.clock.advance(world.clock.now() + timedelta(days=400))
    async with world.unchanged():
        for person, cards in ((kari, mine), (group, ours)):
            for card in cards:
                for button in card.buttons:
                    said = await told(world, person.taps(button.text, card))
                    assert said.startswith(LONG_OVER), (button.text, said)


async def test_buttons_of_a_conversation_that_is_over(sqlite_world: World) -> None:
    """Taps that came too late change nothing: the card says how it ended. Once there is another conversation,
    the calendar of the one before is out of date.
    """
    world, kari = sqlite_world, sqlite_world["Kari"]
    await kari.types("/rent tent")
    calendar = await kari.sees(asking("rent.first"))
    await kari.types("/cancel")
    async with world.unchanged():
        await kari.taps_data(calendar.buttons[-1].data or "", calendar)
        assert await kari.toast() is None
    await kari.types("/rent stove")
    async with world.unchanged():
        for button in calendar.buttons:
            if (button.data or "").split(":")[1] != Verb.NOTHING:
                assert await told(world, kari.taps_data(button.data or "", calendar)) == OUTDATED


@pytest.mark.both_databases
async def test_two_tap_at_once(world: World) -> None:
    """One approves and the other reads who was first; the third, with Decline, reads it too."""
    number = await requested(world)
    await world["Ada"].types("/pending")
    await world["Ada"].taps(by(Verb.SHOW_RENTAL, number))
    card = await world["Ada"].sees("Rental ")
    group = world.in_group("Anna").last("Rental ")
    people = (world["Ada"], world.in_group("Anna"), world.in_group("Lars"))
    await asyncio.gather(
        people[0].taps("Approve", card), people[1].taps("Approve", group), people[2].taps("Approve", group)
    )
    await world.settled()
    said = sorted([await person.toast() or "" for person in people])
    assert "Approved." in said
    first = [refusal(Refused.ALREADY, rental_status="approved", by=who) for who in ("Ada Berg", "Anna Berg")]
    already = [one for one in said if one.startswith(tuple(first))]
    assert len(already) + said.count(ONLY_ADMINS) == 2
    assert len(already) >= 1
    assert [tap.answers for tap in world.sandbox.world.taps.values()] == [1] * len(world.sandbox.world.taps)


@pytest.mark.parametrize("what", ["too old to edit", "deleted"])
async def test_a_message_that_cannot_be_edited(sqlite_world: World, what: str) -> None:
    """The message that would have taken its place comes as a new one below."""
    world, group = sqlite_world, sqlite_world.in_group("Lars")
    await handed_out(world, pieces=2)
    card = group.last("Rental ")
    if what == "deleted":
        world.sandbox.world.delete(world.group.messages[card.id])
    else:
        world.sandbox.world.faults.add(
            "editMessageText", 400, description="Bad Request: message can't be edited"
        )
    async with world.unchanged():
        assert await told(world, group.taps(by(Verb.SOME_BACK), card)) == wording(piece_picker.some_back)
    await group.taps("T1 · Tent")
    assert await group.toast() == wording(checkout.take_back)


def cancel(world: World, number: int, session: Session) -> None:
    """Kari calls it off."""
    approval.cancel(Tx(session, world.clock.now(), actor(session, world, "Kari")), number)


async def test_a_page_beyond_the_last(sqlite_world: World) -> None:
    """A list that has become shorter since shows its last page."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    for _ in range(7):
        number = await requested(world)
        await write(world, partial(cancel, world, number))
    message = await asked(world, kari)
    async with world.unchanged():
        said = await told(world, kari.taps_data(pack(Verb.LIST, 10**17, "history"), message))
        assert said.startswith(wording(lists.history))
        assert "2/2" in kari.button_labels()


async def test_a_tap_whose_answer_was_lost(sqlite_world: World) -> None:
    """Telegram was in trouble just then: it is done once, and the button stops spinning all the same."""
    world, anna = sqlite_world, sqlite_world.in_group("Anna")
    await requested(world)
    world.sandbox.world.faults.add("answerCallbackQuery", 502)
    said = await heard(world, anna.taps("Approve"))
    assert said[0] == "Approved."
    assert "Approved by Anna Berg" in said[-1]


async def test_a_tap_whose_answer_has_to_wait(sqlite_world: World) -> None:
    """Telegram is asked too often: the chat goes on meanwhile, and the button stops spinning in the end."""
    world, anna = sqlite_world, sqlite_world.in_group("Anna")
    await requested(world)
    world.sandbox.world.faults.add("answerCallbackQuery", 429, count=2, retry_after=0)
    said = await heard(world, anna.taps("Approve"))
    assert said[0] == "Approved."
    assert "Approved by Anna Berg" in said[-1]


async def test_a_tap_whose_answer_would_come_too_late(sqlite_world: World) -> None:
    """It is dropped quietly: what it did is done, and the next tap is answered."""
    world, anna = sqlite_world, sqlite_world.in_group("Anna")
    await requested(world)
    world.sandbox.world.faults.add("answerCallbackQuery", 429, retry_after=60)
    await anna.taps("Approve")
    await world.settled()
    assert "Approved by Anna Berg" in anna.last().text
    assert (await heard(world, anna.taps("Hand out")))[0] is not None


async def test_a_tap_whose_answer_died_with_the_program(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its effect is committed, so that it is not handled again: the next start answers it."""
    monkeypatch.setattr(programs, "GRACE", 0.05)
    world, anna = sqlite_world, sqlite_world.in_group("Anna")
    await requested(world)
    held = world.sandbox.world.faults.add("answerCallbackQuery", 500, hold=True)
    await anna.taps("Approve")
    await held.met()
    await world.program.stop()
    world.sandbox.world.faults.clear()
    world.program = await start(world.sandbox, world.database, world.clock)
    assert await anna.toast() is None
    assert "Approved by Anna Berg" in (await anna.sees("Approved by Anna Berg")).text


async def test_a_tap_whose_menu_could_not_be_set(sqlite_world: World) -> None:
    """The menu that changes with a tap is no reason to go without an answer; it is set when its time has
    come, by whichever program runs then, and so is that of somebody who wrote /start.
    """
    world, kari, ola = sqlite_world, sqlite_world["Kari"], sqlite_world["Ola"]
    await kari.types("/language")
    await kari.sees(lambda message: bool(message.buttons))
    world.sandbox.world.faults.add("setMyCommands", 429, count=2, retry_after=60)
    button = kari.last().buttons[-1]
    await kari.taps(button.text)
    await kari.toast()
    await ola.types("/start")
    await world.settled()
    menus = world.sandbox.world.profile.commands
    assert not menus
    await world.program.stop()
    world.program = await start(world.sandbox, world.database, world.clock)
    await world.settled()
    assert not menus
    await world.clock.advance(world.clock.now() + timedelta(seconds=61))
    await world.settled()
    assert {scope for scope, _ in menus} == {f"chat:{kari.id}", f"chat:{ola.id}"}
    # Then it is set with /help, and not again for the same within an hour.
    for passes, is_set in ((0, True), (0, False), (1, True)):
        await world.clock.advance(world.clock.now() + timedelta(hours=passes))
        menus.clear()
        await ola.types("/help")
        await world.settled()
        assert bool(menus) is is_set
