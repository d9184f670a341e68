"""Log lines are readable by people or machines, and hold no token."""

import json
import logging
from contextlib import suppress
from datetime import datetime

import httpx
import pytest
import structlog
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot import log_config
from bot.settings import Format, Level, Log
from db.session import Database
from services.core import audit
from services.core.tx import Tx
from tests import factories
from web.app import Parts, create_app

TOKEN = "123456:ABC-secret"


@pytest.mark.parametrize("form", Format)
def test_the_token_is_struck_out_wherever_it_is(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    """In a text, in a value, in a library's line, and as in a URL; a traceback has no texts at all."""
    log_config.configure(Log(format=form), TOKEN)
    log = structlog.get_logger("bot.test")
    log.warning(f"calling {TOKEN}", url=f"https://api.telegram.org/bot{TOKEN}/getMe")
    logging.getLogger("other").warning("GET /bot%s/getMe", TOKEN.replace(":", "%3A"))
    try:
        raise RuntimeError(TOKEN)
    except RuntimeError:
        log.exception("failed")
    printed = capsys.readouterr()
    assert "ABC-secret" not in printed.err
    assert printed.err.count("***") == 3
    assert "RuntimeError" in printed.err
    assert printed.out == ""


def test_json_lines_hold_their_context(capsys: pytest.CaptureFixture[str]) -> None:
    """One object a line, ours and the libraries' alike."""
    log_config.configure(Log(format=Format.JSON))
    structlog.get_logger("bot.test").warning("a message has to wait", chat_id=7)
    logging.getLogger("other").error("trouble")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["chat_id"], ours["level"]) == ("a message has to wait", 7, "warning")
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("trouble", "other", "error")
    assert ours["timestamp"].endswith("Z")


def test_the_level_holds_and_libraries_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """Even at debug, httpx's lines with every URL stay out; its warnings come."""
    log_config.configure(Log(level=Level.DEBUG), TOKEN)
    logging.getLogger("httpx").info("HTTP Request: POST")
    logging.getLogger("httpx").warning("slow")
    structlog.get_logger("bot.test").debug("detail")
    debug = capsys.readouterr().err
    assert "HTTP Request" not in debug and "slow" in debug and "detail" in debug
    log_config.configure(Log(level=Level.WARNING), TOKEN)
    structlog.get_logger("bot.test").info("running")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", Format)
def test_no_exception_quotes_anybody(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    """People's words in a traceback, the database's or Telegram's stay out; the place where it happened, and
    what is about machines, is told.
    """
    log_config.configure(Log(level=Level.DEBUG, format=form))
    log = structlog.get_logger("bot.test")
    secret = "hemmelig"
    try:
        try:
            raise IntegrityError("INSERT", None, Exception(f"Key (email)=({secret}) already exists"))
        except IntegrityError as error:
            raise ExceptionGroup(secret, [ValueError(secret), KeyError(secret)]) from error
    except ExceptionGroup:
        log.exception("failed")
    try:
        raise OperationalError("BEGIN", None, Exception("database is locked"))
    except OperationalError as error:
        logging.getLogger("other").error("failed too", exc_info=error)
    log.error("refused", error=f"BadRequest: can't parse entities: unsupported tag \"{secret}\", '{secret}'")
    printed = capsys.readouterr().err
    assert secret not in printed
    for told in (
        "IntegrityError",
        "ValueError",
        "test_log_config.py",
        "database is locked",
        "parse entities",
    ):
        assert told in printed


async def test_a_request_s_path_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    """An address of a calendar is a secret; a fault on the way to it tells which part it was."""

    async def broken(secret: str) -> bytes | None:
        raise ValueError(secret)

    log_config.configure(Log(level=Level.DEBUG, format=Format.JSON))
    transport = httpx.ASGITransport(create_app(Parts(calendar=broken)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answer = await client.get("/calendar/hemmelig.ics?also=hemmelig")
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {"a request was not handled", "answered"} <= {line["event"] for line in lines}
    assert {line["correlation"] for line in lines} == {answer.headers["x-request-id"]}
    assert "hemmelig" not in json.dumps(lines)


def test_what_did_not_happen_is_not_told(
    sqlite: Database, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """Events come after the commit, once, with numbers alone: not what a savepoint took back, and not what a
    transaction did that failed in the end.
    """
    club = sqlite.write_now(lambda session: factories.club(session, now))
    log_config.configure(Log(format=Format.JSON))

    def note(session: Session, action: str) -> None:
        audit.note(Tx(session, now, club.anna), action, "item", 7, reason="hemmelig")

    def work(session: Session) -> None:
        note(session, "before")
        with session.begin_nested():
            note(session, "kept")
        with suppress(KeyError), session.begin_nested():
            note(session, "taken_back")
            session.flush()
            raise KeyError
        assert capsys.readouterr().err == ""

    def many(session: Session) -> None:
        for _ in range(500):
            note(session, "many")

    def fails(session: Session) -> None:
        note(session, "never")
        session.flush()
        raise KeyError

    sqlite.write_now(work)
    sqlite.write_now(many)
    with suppress(KeyError):
        sqlite.write_now(fails)
    printed = capsys.readouterr().err
    told = [json.loads(line) for line in printed.splitlines()]
    assert [line["event"] for line in told] == ["item: before", "item: kept", "item: many"]
    assert (told[2]["times"], told[2]["user"], "item" in told[2]) == (500, club.anna.user_id, False)
    assert (told[0]["item"], told[0]["user"]) == (7, club.anna.user_id)
    assert "hemmelig" not in printed


@pytest.mark.parametrize("form", [Format.TEXT, Format.JSON])
def test_nothing_from_outside_begins_a_line(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    """No value and no words of a library: neither a line, nor colours, nor writing turned round."""
    forged = "Kari\n2026-12-01T09:00:00Z [info] all is well\r\x1b[2J\x85\u2028\u202etxt"
    log_config.configure(Log(format=form))
    structlog.get_logger("bot").warning("who", file=forged, error=forged)
    logging.getLogger("telegram").warning("said %s", forged)
    printed = capsys.readouterr().err
    assert len(printed.split("\n")) == 3 and len(printed.splitlines()) == 2
    assert not set("\x1b\r\u202e\u2028\x85") & set(printed)
