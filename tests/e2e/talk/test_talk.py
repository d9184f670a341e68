"""People talk about a rental: replies to its cards are handed on to the other side."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ChatAccount, OutboxMessage
from db.states import RentalStatus, Role
from handlers.rentals.requests.asking_again import OTHER_DAYS
from handlers.talk.messages import Verb
from handlers.ui.callbacks import Verb as Card
from sandbox.world.records import Message
from services.core.errors import Refused
from services.core.tx import Tx
from services.messaging import notifications
from services.rentals import approval, queries
from services.talk import messages as talk
from tests.e2e.arrange import actor, requested, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, of_kind, refusal, saying, showing

MESSAGE = of_kind(talk.MESSAGE)


async def _cards(world: World) -> tuple[int, Message, Message]:
    """A request of Kari's: its number, its card in the group, and her own."""
    number = await requested(world)

    def drawn(session: Session) -> None:
        tx = Tx(session, world.clock.now())
        notifications.update_member_card(tx, queries.rental(tx, number), notify=True)

    await write(world, drawn)
    card = world.in_group("Anna").last(of_kind(notifications.DESK_CARD, number))
    return number, card, world["Kari"].last(of_kind(notifications.RENTAL_CARD, number))


def _answered(message: Message) -> int | None:
    return message.reply_to.id if message.reply_to is not None else None


async def test_member_and_group_talk_below_the_card(sqlite_world: World) -> None:
    """A reply to a card, by either side, is a message below that card, and so on; nothing of it is kept."""
    world = sqlite_world
    kari, anna, ada = world["Kari"], world.in_group("Anna"), world.in_group("Ada")
    number, theirs, mine = await _cards(world)

    await kari.replies(mine, "May <b>Ola</b> fetch it? 🙂")
    await kari.sees(saying("handed_on", name=None))
    asked = await anna.sees(MESSAGE)
    assert "May <b>Ola</b> fetch it? 🙂" in asked.text and _answered(asked) == theirs.id

    await anna.replies(asked, "Yes, on the 3rd.")
    await anna.sees(saying("handed_on", name="Kari Berg"))
    answer = await kari.sees(MESSAGE)
    assert "Yes, on the 3rd." in answer.text and _answered(answer) == mine.id

    await ada.replies(theirs, "Or before.")
    await kari.sees(lambda message: MESSAGE(message) and "Or before." in message.text)

    await world.settled()
    # Reply asks for the text; what is written then needs to be no reply.
    await kari.taps(by(Verb.REPLY, number), answer)
    await kari.sees(asking("talk.ask"))
    await kari.types("Takk skal du ha!")
    await world.settled()
    assert "Takk skal du ha!" in anna.last(MESSAGE).text
    await kari.types("And hello?")
    await world.settled()
    assert "And hello?" not in anna.last(MESSAGE).text

    await ada.taps(by(Verb.REPLY, number), anna.last(MESSAGE))
    question = await ada.sees(asking("talk.ask"))
    await world.settled()
    await ada.replies(question, "You are welcome.")
    await world.settled()
    assert "You are welcome." in kari.last(MESSAGE).text

    sent = select(OutboxMessage.params).filter_by(kind=talk.MESSAGE)
    kept = await world.database.read(lambda session: session.scalars(sent).all())
    assert len(kept) == 5 and all(params.keys() == {"rental_id", "user_id"} for params in kept)


async def test_questions_photos_and_who_may(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A photo keeps its words; what is too long, too often or from the wrong person is refused; an open
    question comes first.
    """
    monkeypatch.setattr(talk, "MOST_AN_HOUR", 3)
    world = sqlite_world
    kari, ola, anna = world["Kari"], world["Ola"], world.in_group("Anna")
    number, card, mine = await _cards(world)

    await kari.sends_photo(caption="This one?", reply_to=mine)
    await world.settled()
    shown = anna.last(MESSAGE)
    assert shown.photo is not None and "This one?" in shown.text

    # Too long, and too many.
    await kari.replies(mine, "a" * (talk.LONGEST + 1))
    await kari.sees(refusal(Refused.TOO_MUCH_TEXT, most=talk.LONGEST))
    for n in range(talk.MOST_AN_HOUR - 1):
        await kari.replies(mine, f"Hello {n}?")
    await world.settled()
    await kari.replies(mine, "Hello again?")
    await kari.sees(refusal(Refused.TOO_MANY_MESSAGES))

    world.sandbox.add_member(world.group, ola)
    await ola.in_group(world.group).replies(card, "I want it.")
    await anna.sees(refusal(Refused.NOT_ALLOWED, needed=Role.LENDER))
    await world["Ada"].in_group(world.group, anonymous=True).replies(card, "I am the group.")
    await anna.sees(refusal(Refused.ANONYMOUS))

    def blocked(session: Session) -> None:
        session.get_one(ChatAccount, kari.id).blocked_at = world.clock.now()

    await write(world, blocked)
    await anna.replies(card, "Are you there?")
    await anna.sees(refusal(Refused.NOT_DELIVERED, name="Kari Berg"))

    await anna.taps(by(Card.DECLINE, number), card)
    await anna.sees(asking("decline.ask"))
    await anna.replies(card, "Too late.")
    await anna.sees(showing(RentalStatus.DECLINED, number))


async def test_what_came_to_nothing_leads_on(sqlite_world: World) -> None:
    """A declined request can be asked for again, for the same days or for others."""
    world = sqlite_world
    kari = world["Kari"]
    number = await requested(world)
    await write(
        world,
        lambda session: approval.decline(
            Tx(session, world.clock.now(), actor(session, world, "Anna")), number, reason=""
        ),
    )
    await kari.sees(showing(RentalStatus.DECLINED, number))
    await kari.taps(by(Card.ASK_AGAIN, number, OTHER_DAYS))
    await kari.sees(asking("rent.first"))
