"""The fate of a message: sent, edited, sent anew, tried again or given up, by what Telegram says."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import event, select
from sqlalchemy import text as text_of
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import delivery
from bot.program import Program
from bot.sending import takeover
from db import correlation
from db.models import Organization, OutboxMessage, Photo
from db.presence import Presence
from db.session import Database
from db.states import Lane, OutboxStatus
from handlers.ui.message import Attachment, Message, Picture
from sandbox import Sandbox
from sandbox.person import Person
from sandbox.world.records import Chat
from services.core.tx import Tx
from services.messaging import delivery_queue, outbox
from services.messaging.tidying import retention
from tests.bot.conftest import START, Edge, Outbox, messages, png, settled, text, until


async def test_a_card_edits_itself(box: Outbox, kari: Person) -> None:
    """One message, drawn again in place, with its buttons."""
    await box.draw(kari.id, text("<b>Requested</b>"))
    first = kari.last("Requested")
    await box.draw(kari.id, Message(Markup("Approved")))
    assert kari.last().id == first.id
    assert kari.transcript() == "Kari: /start\nBot: Approved"


async def test_a_card_drawn_alike_counts_as_drawn(box: Outbox, kari: Person) -> None:
    """Telegram says "not modified": that is what was wanted."""
    for _ in range(2):
        await box.draw(kari.id, text("Requested"))
    assert box.states() == [OutboxStatus.SENT, OutboxStatus.SENT]
    assert kari.transcript().count("Requested") == 1


async def test_a_card_that_is_renewed_comes_below_and_only_once(box: Outbox, kari: Person) -> None:
    """Messages written since stay above a renewed card; the old card is gone, and so are its buttons."""
    await box.draw(kari.id, text("When?"))
    await kari.types("tomorrow")
    await box.draw(kari.id, text("Until when?"), renew=True)
    assert kari.transcript() == "Kari: /start\nKari: tomorrow\nBot: Until when? [Confirm]"


async def test_a_card_whose_message_was_deleted_is_sent_anew(
    box: Outbox, kari: Person, sandbox: Sandbox
) -> None:
    """There is nothing to edit any more; the card follows the new message from then on."""
    await box.draw(kari.id, text("Requested"))
    sandbox.world.delete(sandbox.world.chats[kari.id].messages[kari.last().id])
    await box.draw(kari.id, text("Approved"))
    await box.draw(kari.id, text("Out"))
    assert kari.transcript() == "Kari: /start\nBot: Out [Confirm]"


async def test_a_card_with_nothing_to_show_goes(box: Outbox, kari: Person) -> None:
    """The row is dropped, and the message that showed the card is taken away."""
    await box.draw(kari.id, text("Requested"))
    await box.draw(kari.id, None)
    assert box.states() == [OutboxStatus.SENT, OutboxStatus.DROPPED]
    assert kari.transcript() == "Kari: /start"


async def test_a_picture_is_sent_by_its_bytes_once_and_then_by_telegrams_id(
    box: Outbox, kari: Person, sqlite: Database
) -> None:
    """Another bot's id, as after a change of the token, is refused: then the bytes serve again."""
    white = png()
    sqlite.write_now(lambda s: _keep_photo(s, white))
    picture = Picture(1, None, white)
    await box.draw(kari.id, replace(text("Tent"), picture=picture))
    known = sqlite.read_now(lambda s: s.get_one(Photo, 1)).telegram_file_id
    assert known is not None
    assert box.card().photo_id == 1
    await box.draw(kari.id, replace(text("Tent, again"), picture=Picture(1, known, None)), renew=True)
    await box.draw(kari.id, replace(text("Tent, moved"), picture=Picture(1, "other-bots", white)), renew=True)
    assert box.states() == [OutboxStatus.SENT] * 3
    assert "Tent, moved" in kari.transcript()


async def test_a_photo_that_telegram_does_not_know_any_more(box: Outbox, kari: Person) -> None:
    """Sent by somebody to the bot under another token, it has no bytes here: the text goes out without it."""
    await box.draw(kari.id, replace(text("Tent"), picture=Picture(1, "other-bots", None)))
    assert box.states() == [OutboxStatus.SENT]
    assert kari.transcript().startswith("Kari: /start\nBot: Tent\n")


def _keep_photo(session: Session, content: bytes) -> None:
    session.add(Organization(id=1, name="Club", timezone="UTC", created_at=START))
    session.flush()
    session.add(Photo(id=1, organization_id=1, content=content))


async def test_a_card_changes_between_text_and_picture(box: Outbox, kari: Person, sqlite: Database) -> None:
    """Telegram cannot turn one into the other: it is sent anew, and the old message goes."""
    white = png()
    sqlite.write_now(lambda s: _keep_photo(s, white))
    await box.draw(kari.id, text("Tent"))
    await box.draw(kari.id, replace(text("Tent with photo"), picture=Picture(1, None, white)))
    await box.draw(kari.id, replace(text("Tent, edited"), picture=Picture(1, None, white)))
    assert kari.transcript() == "Kari: /start\nBot: (photo photo.jpg) Tent, edited [Confirm]"
    await box.draw(kari.id, text("Tent without"))
    assert kari.transcript() == "Kari: /start\nBot: Tent without [Confirm]"


async def test_an_attachment_is_sent_with_its_name(box: Outbox, kari: Person) -> None:
    """A file goes out as a document, its text as the caption."""
    box.shows = Message(Markup("Your <b>labels</b>"), attachment=Attachment("labels.pdf", b"%PDF-"))
    await box.say(kari.id, "", kind="message")
    await box.program.idle()
    assert kari.transcript() == "Kari: /start\nBot: (file labels.pdf) Your labels"
    sent = kari.last().document
    assert sent is not None and sent.content == b"%PDF-"


async def test_a_bundle_is_one_message(box: Outbox, kari: Person) -> None:
    """The due messages of a bundle are drawn together."""
    soon = box.sandbox.clock.now() + timedelta(milliseconds=50)
    for word in ("tent", "rope"):
        await box.say(kari.id, word, lane=Lane.NOTICE, bundle="due", not_before=soon)
    await until(lambda: box.sandbox.clock.now() > soon)
    await box.program.idle()
    assert kari.transcript() == "Kari: /start\nBot: tent\n    rope"


async def test_what_a_chat_gets_meanwhile_goes_at_once(
    box: Outbox, kari: Person, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queued together, or just as the one before is done: nothing waits for the next look of its own."""
    monkeypatch.setattr(delivery, "LOOK_EVERY", 60.0)
    now, noted = box.sandbox.clock.now(), program.delivery._together.write

    def say(*words: str) -> None:
        def work(session: Session) -> None:
            for word in words:
                outbox.send(Tx(session, now), "text", chat_id=kari.id, params={"text": word}, lane=Lane.REPLY)

        box.database.write_now(work)

    async def write(work: Callable[[Session], Any]) -> Any:
        found = await noted(work)
        if len(box.states()) == 2 and box.states()[1] is OutboxStatus.SENT:
            say("third")
            await asyncio.sleep(0.05)  # it is looked for, and its chat is still taken
        return found

    monkeypatch.setattr(program.delivery._together, "write", write)
    say("first", "second")
    await until(lambda: box.states() == [OutboxStatus.SENT] * 3)


@pytest.mark.parametrize("code", [429, 500, 502, 504, None])
async def test_what_does_not_get_through_is_sent_again_in_order(
    box: Outbox, kari: Person, sandbox: Sandbox, code: int | None
) -> None:
    """Limits, Telegram's troubles and broken connections pass; nothing overtakes in the meantime."""
    sandbox.world.faults.add("sendMessage", code, count=2, retry_after=0)
    for word in ("first", "second"):
        await box.say(kari.id, word)
    await until(lambda: box.states() == [OutboxStatus.SENT] * 2)
    assert kari.transcript() == "Kari: /start\nBot: first\nBot: second"
    assert messages(box.database)[0].attempts == 0


async def test_a_send_that_may_have_arrived_is_sent_again(
    box: Outbox, kari: Person, sandbox: Sandbox
) -> None:
    """The connection broke after the message was taken: a rare duplicate, never a loss."""
    sandbox.world.faults.add("sendMessage", after_effect=True)
    await box.say(kari.id, "Return the tent")
    await until(lambda: box.states() == [OutboxStatus.SENT])
    assert kari.transcript().count("Return the tent") == 2


async def test_a_chat_in_trouble_does_not_hold_up_others(
    box: Outbox, kari: Person, sandbox: Sandbox, program: Program
) -> None:
    """While one chat's messages fail and fail again, another's arrive."""
    ola = sandbox.add_person("Ola")
    await ola.types("/start")
    await settled(sandbox, program)
    sandbox.world.faults.add("sendMessage", 502, count=10_000, chat_id=kari.id)
    await box.say(kari.id, "stuck")
    for number in range(3):
        await box.say(ola.id, f"arrives {number}")
    await ola.sees("arrives 2")
    assert messages(box.database)[0].status is not OutboxStatus.SENT


async def test_messages_of_one_cause_are_drawn_in_one_transaction(
    box: Outbox, kari: Person, edge: Edge, program: Program
) -> None:
    """If one of them cannot be drawn, each is drawn alone, and the other goes out once."""
    ola = box.sandbox.add_person("Ola")
    await ola.types("/start")
    await settled(box.sandbox, program)
    drawn_in: list[tuple[int, Session]] = []
    broken_for: set[int] = set()

    def draw(session: Session, rows: Sequence[OutboxMessage], *_: Any) -> Message:
        drawn_in.append((rows[0].chat_id, session))
        if rows[0].chat_id in broken_for:
            raise KeyError("params")
        return text("drawn")

    edge.draw["drawn"] = draw

    async def say() -> list[tuple[int, Session]]:
        drawn_in.clear()

        def work(session: Session) -> None:
            for person in (kari, ola):
                tx = Tx(session, box.sandbox.clock.now())
                outbox.send(tx, "drawn", chat_id=person.id, lane=Lane.REPLY)

        correlation.begin("u1")
        await box.database.write(work)
        await until(lambda: box.states()[-1] is OutboxStatus.SENT)
        return list(drawn_in)

    (first, one), (second, another) = await say()
    assert (first, second) == (kari.id, ola.id)
    assert one is another
    broken_for.add(kari.id)
    found = await say()
    assert [chat for chat, _ in found][-2:].count(ola.id) == 1
    assert len({session for _, session in found}) == 3
    assert ola.transcript().count("drawn") == 2


async def test_a_message_that_cannot_be_drawn_holds_up_nobody(
    box: Outbox, kari: Person, edge: Edge, capsys: pytest.CaptureFixture[str]
) -> None:
    """A view that raises concerns its message alone: it is tried again later, and the next goes."""

    def broken(*_: Any) -> Message:
        raise KeyError("params")

    edge.draw["broken"] = broken
    await box.say(kari.id, "", kind="broken")
    await box.say(kari.id, "fine")
    await kari.sees("fine")
    await box.program.idle()
    row = messages(box.database)[0]
    assert (row.status, row.attempts, row.error) == (OutboxStatus.PENDING, 1, "KeyError: 'params'")
    assert "a message could not be made" in capsys.readouterr().out


async def test_what_no_longer_holds_is_dropped(box: Outbox, kari: Person) -> None:
    """The last look before sending finds nothing to say any more."""
    box.shows = None
    await box.say(kari.id, "", kind="message")
    await box.program.idle()
    assert box.states() == [OutboxStatus.DROPPED]


async def test_somebody_who_blocked_the_bot_is_reported_to_the_group_once(
    box: Outbox, kari: Person, group: Chat, sandbox: Sandbox, program: Program
) -> None:
    """Messages for somebody who blocked the bot are dropped; the admins read it once, however many waited."""
    await kari.blocks_bot()
    for word in ("tent", "rope"):
        await box.say(kari.id, word)
    await settled(sandbox, program)
    await box.say(kari.id, "stove")
    await program.idle()
    assert sandbox.transcript(group).count("unreachable") == 1
    assert box.states().count(OutboxStatus.DROPPED) == 3


async def test_a_group_that_moved_gets_its_messages_in_the_new_chat(
    box: Outbox, group: Chat, sandbox: Sandbox
) -> None:
    """The answer names the new chat: it is stored, and the message sent there, the card with it."""
    await box.draw(group.id, text("Kari asks for a tent"))
    new = sandbox.migrate(group)
    await box.draw(group.id, text("Approved"))
    assert "Bot: Approved [Confirm]" in sandbox.transcript(new)
    assert box.card().chat_id == new.id
    organization = box.database.read_now(lambda s: s.get_one(Organization, 1))
    assert organization.group_chat_id == new.id


async def test_a_topic_that_is_gone_is_done_without(box: Outbox, sandbox: Sandbox, program: Program) -> None:
    """The admins deleted the forum topic that was bound: the group itself gets the message."""
    ada = sandbox.add_person("Ada")
    forum = sandbox.add_group("Admins", [ada], forum=True)
    topic = sandbox.add_topic(forum, "Equipment", ada)
    await box.say(forum.id, "in the topic", thread_id=topic)
    await program.idle()
    del forum.topics[topic]
    await box.say(forum.id, "in the group", thread_id=topic)
    await program.idle()
    threads = [one.thread_id for one in sandbox.world.visible(forum) if one.sender is sandbox.world.bot]
    assert threads == [topic, None]


def on_its_way(sandbox: Sandbox, database: Database, by: int | None) -> Person:
    """The person to whom the program of this number is sending something."""
    kari = sandbox.add_person("Kari")
    kari.user.started = True

    def lease(session: Session) -> None:
        now = sandbox.clock.now()
        outbox.send(Tx(session, now), "text", chat_id=kari.id, params={"text": "Return it"})
        delivery_queue.lease(Tx(session, now), replies=1, notices=1, by=by)

    database.write_now(lease)
    return kari


@pytest.mark.parametrize("by", [None, 7])
async def test_what_was_on_its_way_at_a_kill_is_sent_by_the_next_start(
    sandbox: Sandbox, make_program: Callable[..., Program], database: Database, by: int | None
) -> None:
    """At once, without waiting for the lease to run out: whoever had it is no more."""
    kari = on_its_way(sandbox, database, by)
    program = make_program(database)
    await program.start()
    await kari.sees("Return it")
    await program.stop()


async def test_what_another_program_is_sending_is_taken_over_when_it_dies(
    sandbox: Sandbox,
    make_program: Callable[..., Program],
    postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not while it lives; and within two looks of its death, of whatever it died."""
    monkeypatch.setattr(takeover, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(takeover, "SOON", 0.0)
    ours, its = Database(postgresql_url), Database(postgresql_url)
    other = Presence(its)
    assert other.living() == {other.number}
    kari = on_its_way(sandbox, ours, other.number)
    program = make_program(ours)
    looks = 0
    holders = delivery_queue.holders

    def counted(session: Session) -> set[int | None]:
        nonlocal looks
        looks += 1
        return holders(session)

    monkeypatch.setattr(delivery_queue, "holders", counted)
    await program.start()
    await until(lambda: looks > 5)
    assert "Return it" not in kari.transcript()
    other.end()
    seen = looks
    await kari.sees("Return it")
    assert looks - seen < 10
    await program.stop()
    ours.close()
    its.close()


async def test_a_program_whose_connection_broke_shows_itself_again(postgresql_url: str) -> None:
    """As when the database was restarted: it has its number back before it counts as dead."""
    ours, its = Database(postgresql_url), Database(postgresql_url)
    one, other = Presence(ours), Presence(its)
    assert one.living() == {one.number}
    assert other.living() == {one.number, other.number}
    its.write_now(
        lambda s: s.execute(
            text_of("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE objid = :one"), {"one": one.number}
        )
    )
    with pytest.raises(DBAPIError):
        one.living()
    assert one.number in one.living()
    other.end()
    assert one.living() == {one.number}
    one.end()
    ours.close()
    its.close()


async def test_a_group_that_threw_the_bot_out_is_unbound(box: Outbox, group: Chat, sandbox: Sandbox) -> None:
    """Nothing is raised and nothing tried again."""
    sandbox.remove_bot(group, by=sandbox.person("Ada"))
    await box.say(group.id, "Kari asks for a tent")
    await box.program.idle()
    assert box.states()[0] is OutboxStatus.DROPPED
    assert box.database.read_now(lambda s: s.get_one(Organization, 1)).group_chat_id is None


async def test_a_reply_overtakes_a_thousand_notices(
    sandbox: Sandbox, make_program: Callable[..., Program], sqlite: Database
) -> None:
    """Nine in the morning: everybody is reminded, and whoever writes is answered at once all the same."""
    kari = sandbox.add_person("Kari")
    people = [sandbox.add_person(f"Person {number}") for number in range(1000)]
    for person in people:
        person.user.started = True

    def remind(session: Session) -> None:
        now = sandbox.clock.now()
        for person in people:
            outbox.send(Tx(session, now), "text", chat_id=person.id, params={"text": "Return it"})

    sqlite.write_now(remind)
    program = make_program()
    await program.start()
    await until(lambda: sqlite.read_now(_number_sent) > 0)
    for number in range(3):
        await kari.types(f"/write answer {number}")
        await kari.sees(f"answer {number}", timeout=5)
    assert sqlite.read_now(_number_sent) < 300
    await program.stop()


def _number_sent(session: Session) -> int:
    return retention.messages(session).get(OutboxStatus.SENT, 0)


async def test_what_another_process_writes_is_sent_too(
    box: Outbox, kari: Person, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing wakes us for it: the regular look finds it."""
    monkeypatch.setattr(delivery, "LOOK_EVERY", 0.05)
    await box.program.idle()
    other = Database(sqlite_url)
    now = box.sandbox.clock.now()
    other.write_now(lambda s: outbox.send(Tx(s, now), "text", chat_id=kari.id, params={"text": "Hello"}))
    await kari.sees("Hello")
    other.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_somebody_is_just_changing_is_waited_for(
    make_program: Callable[..., Program],
    sandbox: Sandbox,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A row that is locked, as by what is left of a killed program, is passed over: no reason to rest.
    (SQLite has no such locks.)
    """
    monkeypatch.setattr(delivery, "LOOK_AGAIN", 0.01)
    kari, due = sandbox.add_person("Kari"), START + timedelta(hours=1)
    program = make_program(database)
    await program.start()
    await kari.types("/start")
    await settled(sandbox, program)
    more: dict[str, Any] = {"kind": "text", "params": {"text": "Hello"}, "not_before": due}
    await database.write(lambda s: outbox.send(Tx(s, START), chat_id=kari.id, **more))
    held, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(session: Session) -> None:
        session.execute(select(OutboxMessage).with_for_update()).all()
        loop.call_soon_threadsafe(held.set)
        go_on.wait()

    holding = asyncio.create_task(database.read(hold))
    await held.wait()
    looks: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "SKIP LOCKED" in statement:
            looks.append(statement)

    event.listen(database.bare_engine, "before_cursor_execute", note)
    await sandbox.clock.advance(due)
    resting = asyncio.create_task(program.idle())
    await until(lambda: len(looks) > 3)
    event.remove(database.bare_engine, "before_cursor_execute", note)
    assert not resting.done()
    go_on.set()
    await asyncio.gather(holding, resting)
    await kari.sees("Hello")
    await program.stop()
