"""Log lines are readable by people or machines, and hold no token."""

import json
import logging

import pytest
import structlog

from bot import log_config
from bot.settings import Format, Level, Log

TOKEN = "123456:ABC-secret"


@pytest.mark.parametrize("form", Format)
def test_the_token_is_struck_out_wherever_it_is(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    """In a text, in a value, in a library's line, in a traceback, and written as in a URL."""
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
    assert printed.err.count("***") >= 4
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
