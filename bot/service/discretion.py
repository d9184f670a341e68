"""Discretion: what a traceback may say in the log, where nobody's words belong."""

import re
import sys
import traceback
from types import TracebackType
from typing import TextIO

from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError, TimeoutError
from structlog.typing import EventDict, ExcInfo, WrappedLogger

SPEAKS_OF_MACHINES = (OSError, OperationalError, InterfaceError, DisconnectionError, TimeoutError)
"""Exceptions whose texts are about connections, files and locks. All others may quote what people wrote, or
what is stored about them: the text is kept with the update or message, for `equiplib status`."""


_QUOTED = re.compile(r"\"[^\"]*\"?|(?<!\w)'[^']*'?|(?<!\w)`[^`]*`?", re.DOTALL)


def without_quotes(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Take out of an error's text what it quotes: Telegram's refusals may repeat a part of the message."""
    told = event.get("error")
    if isinstance(told, str):
        event["error"] = _QUOTED.sub('"…"', told)
    return event


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def on_one_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Write out what would begin a line, colour a terminal or turn the writing round."""
    for key, told in event.items():
        if isinstance(told, str) and key != "exception" and _UNSEEN.search(told):
            event[key] = _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], told)
    return event


def words(error: BaseException) -> str:
    """Return the exception's kind, and its text where that cannot quote anybody."""
    kind = type(error).__qualname__
    if isinstance(error, SPEAKS_OF_MACHINES) or _is_of_the_network(error):
        first = (str(error) or "").splitlines()
        return f"{kind}: {first[0]}" if first else kind
    return kind


def _is_of_the_network(error: BaseException) -> bool:
    """Return whether it is one of the library's about the way to Telegram, which not every command loads."""
    cls = type(error)
    return cls.__module__ == "telegram.error" and cls.__name__ in ("NetworkError", "TimedOut", "RetryAfter")


def lines_of(error: BaseException | None, trace: TracebackType | None = None) -> list[str]:
    """Return the traceback of an exception, and of those that led to it, with `words` at each end."""
    if error is None:
        return []
    told = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        told = [*lines_of(cause, cause.__traceback__), "and then:"]
    frames = traceback.extract_tb(trace or error.__traceback__)
    told += ["Traceback (most recent call last):"] if frames else []
    told += [line.rstrip("\n") for line in traceback.format_list(frames)]
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            told += ["one of several:", *lines_of(one, one.__traceback__)]
    return [*told, words(error)]


def format_traceback(out: TextIO, exc_info: ExcInfo) -> None:
    """Write a traceback for the console renderer."""
    _, error, trace = exc_info
    out.write("\n" + "\n".join(lines_of(error, trace)))


def add_traceback(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put the traceback into the event as a text, for a machine."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(lines_of(error, error.__traceback__))
    return event
