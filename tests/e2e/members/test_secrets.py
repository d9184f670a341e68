"""Nothing that lets somebody in stays where it was: neither in a table nor in a line of the log."""

import json
import logging
import re

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.log_config import TALKATIVE, struck
from db.models import Base, InboxUpdate, OutboxMessage
from db.states import InboxStatus, OutboxStatus
from handlers.imports import views
from handlers.ui.callbacks import Verb
from services.core.tx import Tx
from services.messaging import delivery_queue, inbox, outbox
from tests.e2e.conftest import World
from tests.e2e.seen import by, wording

TOKEN = re.compile(r"j_[\w-]{32}")
FILE = b"first name,last name,email\nSiri,Dahl,siri@x.no\nPer,Lund,per@x.no\n"


def found(session: Session, secrets: set[str]) -> list[str]:
    """The tables and columns that hold one of the secrets."""
    return [
        f"{table.name}.{column}: {value!r}"[:200]
        for table in Base.metadata.sorted_tables
        for row in session.execute(select(table)).mappings()
        for column, value in row.items()
        if any(secret in str(value) for secret in secrets)
    ]


def said(world: World) -> set[str]:
    """Each token in anything that was sent to anybody, in a text or in a file."""
    texts = [
        m.text + repr(m.entities)
        for chat in world.sandbox.world.chats.values()
        for m in chat.messages.values()
    ]
    texts += [file.content.decode("utf-8", "replace") for file in world.sandbox.world.files._by_id.values()]
    return {token for text in texts for token in TOKEN.findall(text)}


@pytest.mark.both_databases
async def test_no_secret_of_a_story_stays(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Invites that are opened, tried twice, answered, sent on; links of a file, and new ones for all."""
    caplog.set_level(logging.DEBUG)
    anna, siri, eva = world["Anna"], world["Siri"], world["Eva"]
    with structlog.testing.capture_logs() as logged:
        await anna.types("/invite")
        await anna.taps(by(Verb.INVITE))
        invite = await anna.sees("start=j_")
        home = f"https://t.me/{world.program.application.bot.username}?start="
        link = home + TOKEN.findall(invite.text)[0]
        await anna.replies(invite, f"Look: {link}")
        await eva.opens(link)
        await eva.opens(link)
        await world["Lars"].types(link)
        await anna.sends_document("members.csv", FILE)
        given = await anna.sees(wording(views.links_message, n=2))
        await siri.opens(home + TOKEN.findall(anna.file_of(given).content.decode())[0])
        await anna.types("/members")
        await anna.taps(by(Verb.LINKS))
        await world.settled()
    secrets = said(world) | {world.program.application.bot.token.partition(":")[2]}
    assert len(secrets) > 4
    assert await world.database.read(lambda s: found(s, secrets)) == []
    lines = [struck(str(line)) for line in logged]
    lines += [struck(record.getMessage()) for record in caplog.records if is_printed(record)]
    assert [line for line in lines if any(secret in line for secret in secrets)] == []


def is_printed(record: logging.LogRecord) -> bool:
    """As the log is configured, the libraries' routine lines are not."""
    return record.name.partition(".")[0] not in TALKATIVE or record.levelno >= logging.WARNING


SECRET = "j_" + "Ab-_" * 8


@pytest.mark.both_databases(long=True)
async def test_what_never_arrives_keeps_no_link(world: World) -> None:
    """Dropped, given up, refused, of a chat that is gone; an update that is set aside for good."""

    def work(session: Session) -> list[str]:
        tx = Tx(session, world.clock.now())
        for number in range(4):
            outbox.send(tx, "said", chat_id=900 + number, params={"what": "invite", "link": SECRET})
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.chat_id >= 900)).all()
        for row in rows:
            row.status = OutboxStatus.SENDING
        session.flush()
        delivery_queue.dropped(tx, [rows[0].id])
        delivery_queue.refused(session, [rows[1].id], f"Bad Request: {SECRET}")
        for _ in range(delivery_queue.MOST_ATTEMPTS):
            delivery_queue.failed(tx, [rows[2].id], f"KeyError: {SECRET}")
            rows[2].status = (
                OutboxStatus.SENDING if rows[2].status is OutboxStatus.PENDING else rows[2].status
            )
        delivery_queue.unreachable(tx, 903, "blocked")
        payload = json.dumps({"message": {"text": f"/start {SECRET}"}})
        (stored,) = inbox.store(tx, [inbox.Arrival(10**9, 900, payload)])
        inbox.failed(tx, stored[0], f"cannot be read: {SECRET}", for_good=True)
        session.flush()
        session.expire_all()
        aside = session.get_one(InboxUpdate, stored[0])
        assert (aside.status, "/start" in aside.payload) == (InboxStatus.SET_ASIDE, True)
        return found(session, {SECRET})

    assert await world.database.write(work) == []


def test_errors_show_neither_parameters_nor_rows() -> None:
    """A database quotes the whole row that it refuses: no line of the log has it."""
    row = f"DETAIL:  Failing row contains (7, 1000, {{'text': '/start {SECRET}'}}, waiting)."
    assert struck(f'null value in column "x"\n{row}\nHINT: none') == (
        'null value in column "x"\nDETAIL:  ***\nHINT: none'
    )
    assert SECRET not in struck(f"Key (token)=({SECRET}) already exists, or https://t.me/x?start={SECRET}.")
