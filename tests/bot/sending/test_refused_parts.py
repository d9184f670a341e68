"""A message of which Telegram refuses a part arrives without that part: words and buttons are not lost."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from markupsafe import Markup

from bot.program import Program
from bot.sending.rate_limiter import Unpaced
from db.models import Photo
from db.session import Database
from db.states import OutboxStatus
from handlers.ui.message import Attachment, Button, Message, Picture
from sandbox import Sandbox
from sandbox.person import Person
from sandbox.world.records import Chat
from tests.bot.conftest import Outbox, png, text

PHOTO = Picture(1, None, png())
NOTE = "There should be a photo here, but it could not be sent to this chat."

REFUSED_PHOTOS = [
    (400, "Bad Request: not enough rights to send photos to the chat"),
    (400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
    (400, "Bad Request: IMAGE_PROCESS_FAILED"),
    (400, "Bad Request: wrong file identifier/HTTP URL specified"),
    (400, "Bad Request: wrong remote file identifier specified: Wrong string length"),
    (400, "Bad Request: file is too big"),
    (400, "Bad Request: something new about photos"),
    (403, "Forbidden: CHAT_SEND_PHOTOS_FORBIDDEN"),
    (403, "Forbidden: CHAT_SEND_MEDIA_FORBIDDEN"),
    (413, "Request Entity Too Large"),
]


@pytest.fixture
async def program(make_program: Callable[..., Program], sandbox: Sandbox) -> AsyncIterator[Program]:
    """The program, without pauses between messages."""
    sandbox.world.limits.enabled = False
    program = make_program(limiter=Unpaced())
    await program.start()
    yield program
    await program.stop()


@pytest.fixture
def kept(group: Chat, sqlite: Database) -> None:
    """The photo of these tests is stored."""
    sqlite.write_now(lambda s: s.add(Photo(id=1, organization_id=1, content=png())))


async def test_a_photo_that_is_refused(box: Outbox, group: Chat, sandbox: Sandbox, kept: None) -> None:
    """Whatever Telegram calls it, words and buttons arrive, with a line about the photo."""
    for number, (code, words) in enumerate(REFUSED_PHOTOS):
        sandbox.world.faults.add("sendPhoto", code, description=words)
        bent = replace(text(f"Pole {number} is bent"), picture=PHOTO)
        await box.draw(group.id, bent, renew=True)
        assert box.states() == [OutboxStatus.SENT] * (number + 1), words
        assert sandbox.transcript(group) == f"Bot: Pole {number} is bent\n    {NOTE} [Confirm]", words


async def test_a_group_that_takes_no_photos(box: Outbox, group: Chat, sandbox: Sandbox, kept: None) -> None:
    """The card is edited in place from then on, without another attempt; anew, the photo is tried again."""
    group.refused_kinds = {"photo"}
    shown = replace(text("A pole is bent"), picture=PHOTO)
    await box.draw(group.id, shown)
    first = box.card().message_id
    await box.draw(group.id, replace(shown, text=Markup("It is repaired")))
    assert box.card().message_id == first
    assert sandbox.transcript(group) == f"Bot: It is repaired\n    {NOTE} [Confirm]"
    group.refused_kinds = set()
    await box.draw(group.id, replace(shown, text=Markup("It is bent again")), renew=True)
    assert sandbox.transcript(group) == "Bot: (photo photo.jpg) It is bent again [Confirm]"


async def test_a_file_that_is_refused(box: Outbox, kari: Person, sandbox: Sandbox) -> None:
    """As one too large, which python-telegram-bot calls a network error: its words arrive, once."""
    sandbox.world.faults.add("sendDocument", 413, description="Request Entity Too Large")
    box.shows = Message(Markup("Your labels"), attachment=Attachment("labels.pdf", b"%PDF-"))
    await box.say(kari.id, "", kind="message")
    await box.program.idle()
    assert box.states() == [OutboxStatus.SENT]
    assert kari.transcript().startswith("Kari: /start\nBot: Your labels\n")


@pytest.mark.parametrize(
    ("message", "arrives"),
    [
        (Message(Markup("2 < 3 & <b>more"), text("").buttons), "2 < 3 & more [Confirm]"),
        (Message(Markup("<x>Tent</x> &amp; rope")), "Tent & rope"),
        (Message(Markup("Tent"), ((Button("Open", url="https://"),),)), "Tent"),
        (Message(Markup("Tent"), ((Button("x", "1" * 65),),)), "Tent"),
    ],
)
async def test_formatting_or_buttons_that_are_wrong(
    box: Outbox, kari: Person, message: Message, arrives: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Our own faults: the rest arrives, and the operator reads of it."""
    await box.draw(kari.id, message)
    assert box.states() == [OutboxStatus.SENT]
    assert kari.transcript() == f"Kari: /start\nBot: {arrives}"
    assert "a part was refused" in capsys.readouterr().out


async def test_a_caption_with_wrong_formatting_keeps_its_photo(
    box: Outbox, group: Chat, sandbox: Sandbox, kept: None
) -> None:
    """Only the part that is refused is left out, and so it is when the card is edited."""
    for words in ("<x>Bent</x>", "<x>Repaired</x>"):
        await box.draw(group.id, replace(text(words), picture=PHOTO))
    assert sandbox.transcript(group) == "Bot: (photo photo.jpg) Repaired [Confirm]"
    assert len(sandbox.world.visible(group)) == 1


async def test_what_is_refused_whole_is_given_up(
    box: Outbox, kari: Person, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text too long is so in every form: it is marked and logged once."""
    await box.say(kari.id, "x" * 5000)
    await box.say(kari.id, "fine")
    await box.program.idle()
    assert box.states() == [OutboxStatus.FAILED, OutboxStatus.SENT]
    assert capsys.readouterr().out.count("Telegram refused a message") == 1
