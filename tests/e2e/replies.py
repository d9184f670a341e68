"""The bot's replies to what people did: all of them, or the only one that there may be."""

from collections.abc import Awaitable, Iterable

from handlers.desk.codes import views as code_views
from handlers.plain_text import answers
from sandbox.person import Person
from sandbox.world.records import Message
from services.core.errors import Refused
from tests.e2e.conftest import World
from tests.e2e.seen import refusal, wording

NOT_FOUND = refusal(Refused.NOT_FOUND)
OUTDATED = refusal(Refused.OUTDATED)
ONLY_ADMINS = refusal(Refused.NOT_ALLOWED, needed="admin")
ONLY_LENDERS = refusal(Refused.NOT_ALLOWED, needed="lender")
NOT_A_MEMBER = refusal(Refused.NOT_A_MEMBER)
ENDED = refusal(Refused.MEMBERSHIP_ENDED)
ANONYMOUS = refusal(Refused.ANONYMOUS)
GROUP_NOT_BOUND = refusal(Refused.GROUP_NOT_BOUND)
NOT_UNDERSTOOD = wording(answers.not_understood)
NO_CODE = wording(code_views.no_code)


async def heard(world: World, doing: Awaitable[object]) -> list[str]:
    """All that the bot says while this is done and handled: in any chat, new or changed, and over a button.

    Every button that was tapped has been answered once.
    """
    await world.settled()
    telegram = world.sandbox.world
    tapped = set(telegram.taps)
    before = {m: m.text for chat in telegram.chats.values() for m in chat.messages.values()}
    await doing
    await world.settled()
    taps = [tap for id_, tap in telegram.taps.items() if id_ not in tapped]
    assert [tap.answers for tap in taps] == [1] * len(taps)
    said = [tap.text for tap in taps if tap.text]
    said += [
        message.text
        for chat in telegram.chats.values()
        for message in telegram.newest_first(chat)
        if message.sender is telegram.bot and before.get(message) != message.text
    ]
    return said


async def told(world: World, doing: Awaitable[object]) -> str:
    """The one thing that is said."""
    said = await heard(world, doing)
    assert len(said) == 1, said
    return said[0]


async def toasts(world: World, person: Person, data: Iterable[str], message: Message) -> list[str]:
    """Tap these hand-made buttons in a row without waiting, and list the toasts over them; "" for nothing."""
    telegram = world.sandbox.world
    await world.settled()
    tapped = set(telegram.taps)
    for one in data:
        await person.taps_data(one, message)
    await world.settled()
    taps = [tap for id_, tap in telegram.taps.items() if id_ not in tapped]
    assert [tap.answers for tap in taps] == [1] * len(taps)
    return [tap.text or "" for tap in taps]


async def asked(world: World, person: Person) -> Message:
    """The bot's answer to /help, wherever that is asked."""
    await person.types(f"/help@{world.sandbox.world.bot.username}")
    await world.settled()
    return person.last()


async def at_hand(world: World, person: Person, data: str, message: Message) -> str:
    """Tap a hand-made button; the one thing that is said."""
    return await told(world, person.taps_data(data, message))
