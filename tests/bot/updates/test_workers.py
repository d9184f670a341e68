"""One chat in order, chats in parallel; what goes wrong is sorted."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from telegram import Update
from telegram.error import BadRequest

from bot.program import Program
from db.models import Organization
from db.session import Database
from db.states import InboxStatus
from handlers.telegram.context import Context, current_update
from sandbox import Sandbox
from services.core.tx import Tx
from services.messaging import inbox
from services.messaging.inbox import Arrival
from tests.bot.conftest import START, Edge, messages, say, settled, until, updates


async def test_a_chat_is_handled_in_order(sandbox: Sandbox, program: Program, edge: Edge) -> None:
    """However fast somebody types, one thing follows another."""
    kari = sandbox.add_person("Kari")
    for number in range(30):
        await kari.types(str(number))
    await kari.types("/read done")
    await kari.sees("done")
    assert edge.seen == [*(str(number) for number in range(30)), "/read done"]


async def test_a_chat_that_hangs_does_not_delay_another(
    sandbox: Sandbox, program: Program, edge: Edge
) -> None:
    """While one chat's handler waits, and more comes for it, everybody else is answered."""
    free = asyncio.Event()

    async def hang(update: Update, context: Context, text: str) -> None:
        await free.wait()

    edge.handle["hang"] = hang
    kari, ola = sandbox.add_person("Kari"), sandbox.add_person("Ola")
    await kari.types("/hang")
    await until(lambda: edge.seen == ["/hang"])
    for number in range(50):
        await kari.types(f"{number}")
    await ola.types("/read here")
    await ola.sees("here")
    assert edge.seen == ["/hang", "/read here"]
    free.set()
    await settled(sandbox, program)
    assert len(edge.seen) == 52


async def test_more_chats_than_places_are_all_handled(
    sandbox: Sandbox, program: Program, edge: Edge, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of chats at a time is bounded; the others have their turn after."""
    monkeypatch.setattr(program.workers, "_places", asyncio.Semaphore(2))
    people = [sandbox.add_person(f"Person {number}") for number in range(20)]
    for person in people:
        await person.types("hello")
    await settled(sandbox, program)
    assert len(edge.seen) == 20


async def test_five_failures_set_an_update_aside_and_the_chat_goes_on(
    sandbox: Sandbox, make_program: Callable[..., Program], edge: Edge, sqlite: Database
) -> None:
    """Our own fault is tried five times; then the sender and the operator are told, and the next one runs."""
    kari, operator = sandbox.add_person("Kari"), sandbox.add_person("Operator")
    await operator.types("/start")
    program = make_program(operator_chat_id=operator.id)
    await program.start()
    await kari.types("/boom <secret>")
    await kari.types("/read next")
    await kari.sees("fault")
    await kari.sees("next")
    await operator.sees("operator_fault")
    await program.stop()
    assert edge.seen.count("/boom <secret>") == 5
    row = next(row for row in updates(sqlite) if row.status is InboxStatus.SET_ASIDE)
    assert row.error == "RuntimeError: <secret>"
    assert "secret" not in sandbox.transcript(kari).replace("Kari: /boom <secret>", "")


async def test_an_update_that_cannot_be_read_is_set_aside_at_once(
    sandbox: Sandbox,
    make_program: Callable[..., Program],
    sqlite: Database,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Not tried five times: the sender and the operator are told once, and the next one runs."""
    kari, operator = sandbox.add_person("Kari"), sandbox.add_person("Operator")
    await operator.types("/start")
    program = make_program(operator_chat_id=operator.id)
    await program.start()
    message = {"chat": {"id": kari.id}, "text": "secret"}
    sandbox.world.updates.add_raw({"message": {**message, "reply_markup": "secret"}})
    await kari.types("/read next")
    await kari.sees("fault")
    await kari.sees("next")
    await operator.sees("operator_fault")
    await settled(sandbox, program)
    await program.stop()
    row = next(row for row in updates(sqlite) if row.status is InboxStatus.SET_ASIDE)
    assert row.attempts == 1
    assert row.error.startswith("cannot be read: ")
    assert json.loads(row.payload)["message"]["text"] == "secret"
    assert [row.kind for row in messages(sqlite)] == ["fault", "operator_fault"]
    assert "secret" not in capsys.readouterr().out


async def test_no_group_hears_of_what_cannot_be_read(
    sandbox: Sandbox, make_program: Callable[..., Program], sqlite: Database
) -> None:
    """A poll among its members, as an older server sends it, is no business of the bot."""
    kari, operator = sandbox.add_person("Kari"), sandbox.add_person("Operator")
    group = sandbox.add_group("Utstyr", members=[kari], bot=True)
    program = make_program(operator_chat_id=operator.id)
    await program.start()
    sandbox.world.updates.add_raw({"message": {"chat": {"id": group.id, "type": "group"}, "poll": {}}})
    await settled(sandbox, program)
    await program.stop()
    assert [(row.kind, row.chat_id) for row in messages(sqlite)] == [("operator_fault", operator.id)]


async def test_an_update_from_before_the_upgrade_is_handled(
    sandbox: Sandbox, make_program: Callable[..., Program], sqlite: Database, edge: Edge
) -> None:
    """An update stored as the library wrote it reads like one that Telegram sends."""
    kari = sandbox.add_person("Kari")
    await kari.types("hello")
    seen = (await sandbox.world.updates.fetch(0, 1, 0))[0]
    sandbox.world.updates.drop_pending()
    update = Update.de_json(json.loads(json.dumps(seen)))
    old = Arrival(update.update_id, kari.id, json.dumps(update.to_dict()))
    sqlite.write_now(lambda s: inbox.store(Tx(s, sandbox.clock.now()), [old]))
    program = make_program()
    await program.start()
    await program.workers.idle()
    await program.stop()
    assert edge.seen == ["hello"]


async def test_a_database_that_is_away_for_a_moment_is_waited_for(
    sandbox: Sandbox, program: Program, edge: Edge, sqlite: Database
) -> None:
    """It is not counted as a failure, however often it happens."""
    outages = 12

    def say_when_it_is_back(session: Session, now: datetime, update: Update) -> None:
        nonlocal outages
        if outages:
            outages -= 1
            raise OperationalError("UPDATE", None, Exception("the database is restarting"))
        say(session, now, update, "back again")

    async def break_down(update: Update, context: Context, text: str) -> None:
        await context.act(lambda session: say_when_it_is_back(session, context.now(), update))

    edge.handle["break"] = break_down
    kari = sandbox.add_person("Kari")
    await kari.types("/break")
    await kari.sees("back again")
    await settled(sandbox, program)
    assert len(edge.seen) == 13
    assert updates(sqlite)[0].attempts == 0


async def test_a_statement_that_always_fails_holds_up_nobody(
    sandbox: Sandbox, program: Program, edge: Edge, sqlite: Database
) -> None:
    """SQLite reports what is too much for it as it does its troubles; it is our own fault all the same."""
    too_much = text("SELECT " + ", ".join("1" * 3000))

    async def ask_too_much(update: Update, context: Context, words: str) -> None:
        await context.act(lambda session: session.execute(too_much))

    edge.handle["much"] = ask_too_much
    kari = sandbox.add_person("Kari")
    await kari.types("/much")
    await kari.types("/read next")
    await kari.sees("next")
    await settled(sandbox, program)
    assert [row.status for row in updates(sqlite)] == [InboxStatus.SET_ASIDE, InboxStatus.DONE]


async def test_what_another_program_did_meanwhile_does_not_take_effect_again(
    sandbox: Sandbox, program: Program, edge: Edge, sqlite: Database
) -> None:
    """Two programs on one database may both have the update: what the second one does is undone, quietly."""

    async def come_second(update: Update, context: Context, words: str) -> None:
        ref = current_update.get()
        assert ref is not None
        await sqlite.write(lambda session: inbox.finish(Tx(session, context.now()), ref.inbox_id))
        await context.act(lambda session: say(session, context.now(), update, "twice"))

    edge.handle["second"] = come_second
    kari = sandbox.add_person("Kari")
    await kari.types("/second")
    await kari.types("/read next")
    await kari.sees("next")
    await settled(sandbox, program)
    assert edge.seen == ["/second", "/read next"]
    assert [(row.status, row.attempts) for row in updates(sqlite)] == 2 * [(InboxStatus.DONE, 0)]
    assert messages(sqlite) == []


@pytest.mark.parametrize("code", [500, 502, 429, None])
async def test_an_answer_that_does_not_get_through_is_given_again(
    sandbox: Sandbox, program: Program, edge: Edge, sqlite: Database, code: int | None
) -> None:
    """Telegram's and the network's troubles are waited out, uncounted, and the update is handled again."""
    sandbox.world.faults.add("sendMessage", code, retry_after=0)
    kari = sandbox.add_person("Kari")
    await kari.types("/read hello")
    await kari.sees("hello")
    await settled(sandbox, program)
    assert edge.seen == ["/read hello"] * 2
    assert (updates(sqlite)[0].status, updates(sqlite)[0].attempts) == (InboxStatus.DONE, 0)


async def test_what_took_effect_does_not_take_effect_again(
    sandbox: Sandbox, program: Program, edge: Edge, sqlite: Database
) -> None:
    """A handler that fails after its transaction is not run a second time: the transaction said done."""

    async def act_and_fail(update: Update, context: Context, text: str) -> None:
        await context.act(lambda session: say(session, context.now(), update, "done it"))
        raise RuntimeError("too late")

    edge.handle["late"] = act_and_fail
    kari = sandbox.add_person("Kari")
    await kari.types("/late")
    await kari.sees("done it")
    await settled(sandbox, program)
    assert edge.seen == ["/late"]
    assert updates(sqlite)[0].status is InboxStatus.DONE
    assert len(messages(sqlite)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Message is not modified: specified new message content",
        "Query is too old and response timeout expired or query ID is invalid",
        "Message to edit not found",
    ],
)
async def test_an_answer_that_nobody_needs_is_no_failure(
    sandbox: Sandbox, program: Program, edge: Edge, sqlite: Database, words: str
) -> None:
    """A list drawn twice alike, a tap answered late: done, without a word to anybody."""

    async def too_late(*_: Any) -> None:
        raise BadRequest(words)

    edge.handle["tap"] = too_late
    kari = sandbox.add_person("Kari")
    await kari.types("/tap")
    await kari.types("/read next")
    await kari.sees("next")
    await settled(sandbox, program)
    assert edge.seen == ["/tap", "/read next"]
    assert {row.status for row in updates(sqlite)} == {InboxStatus.DONE}
    assert messages(sqlite) == []


async def test_an_answer_to_somebody_who_left_is_no_failure(
    sandbox: Sandbox, program: Program, sqlite: Database
) -> None:
    """Somebody who writes and blocks the bot at once gets no answer, and raises no alarm."""
    kari = sandbox.add_person("Kari")
    await kari.types("/read hello")
    await kari.blocks_bot()
    await settled(sandbox, program)
    assert {row.status for row in updates(sqlite)} <= {InboxStatus.DONE}
    assert messages(sqlite) == []


async def test_an_answer_to_a_group_that_has_moved_tells_where_it_is(
    sandbox: Sandbox, program: Program, edge: Edge, sqlite: Database
) -> None:
    """Once anything learns that a group has moved, all that is for it goes to the new chat."""
    kari = sandbox.add_person("Kari")
    group = sandbox.add_group("Utstyr", members=[kari], bot=True)
    of = Organization(name="Club", timezone="UTC", group_chat_id=group.id, created_at=START)
    sqlite.write_now(lambda session: session.add(of))
    moved: list[int] = []

    async def answer_too_late(update: Update, context: Context, words: str) -> None:
        moved.append(sandbox.migrate(group).id)
        await context.bot.send_message(group.id, "here")

    command = f"late@{sandbox.world.bot.username}"
    edge.handle[command] = answer_too_late
    await kari.in_group(group).types(f"/{command}")
    await settled(sandbox, program)
    assert sqlite.read_now(lambda s: s.scalars(select(Organization.group_chat_id)).all()) == moved
    assert {row.status for row in updates(sqlite)} == {InboxStatus.DONE}
