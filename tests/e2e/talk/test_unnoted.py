"""An answer to a message that is not noted as sent, or was sent twice: nothing that is typed is lost."""

from datetime import timedelta

from sandbox.world.records import Message
from services.messaging import notifications
from services.talk import messages as talk
from tests.e2e.arrange import requested
from tests.e2e.conftest import World
from tests.e2e.seen import of_kind, saying

MESSAGE = of_kind(talk.MESSAGE)


def in_group(world: World) -> list[Message]:
    """The bot's messages in the group, the oldest first."""
    return [one for one in world.sandbox.world.visible(world.group) if one.sender.is_bot]


def breaks(world: World) -> None:
    """Let the next message to the group arrive without our hearing so: it is sent again."""
    world.sandbox.world.faults.add("sendMessage", chat_id=world.group.id, after_effect=True)


async def is_sent_again(world: World, number: int) -> None:
    """Check that the answer waits until then."""
    await world.sandbox.world.updates.confirmed()
    assert len(in_group(world)) == number and not world.program.workers.is_idle
    await world.clock.advance(world.clock.now() + timedelta(minutes=1))


async def test_an_answer_to_a_card_and_to_words(sqlite_world: World) -> None:
    """Of each, the one that was not heard of is answered: a card is known by its buttons, words by theirs."""
    world, kari, anna = sqlite_world, sqlite_world["Kari"], sqlite_world.in_group("Anna")
    breaks(world)
    number = await requested(world)
    card = await anna.sees(of_kind(notifications.DESK_CARD, number))
    await anna.replies(card, "All of them?")
    await is_sent_again(world, 1)
    await anna.sees(saying("handed_on", name="Kari Berg"))
    asked = await kari.sees(MESSAGE)
    await world.settled()
    assert "All of them?" in asked.text
    # Once more, now that the first of the two is known to be there.
    await anna.replies(card, "And until when?")
    await world.settled()
    assert "And until when?" in kari.last(MESSAGE).text

    before = len(in_group(world))
    breaks(world)
    await kari.replies(asked, "Only two.")
    first = await anna.sees(MESSAGE)
    await anna.replies(first, "Fine.")
    await is_sent_again(world, before + 1)
    await world.settled()
    assert "Fine." in kari.last(MESSAGE).text
    assert len([one for one in in_group(world) if MESSAGE(one)]) == 2
