"""Logging to standard error and syslog, with context, as text or JSON; never a secret or anybody's words."""

import logging
import re
import sys

import structlog

from bot.service import discretion, events
from bot.service.syslog import SyslogHandler, address_of
from bot.settings import Format, Log
from db import correlation
from services.core.text import without_secrets


def _correlate(
    _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Add what is being handled: an update, a request, a sweep."""
    current = correlation.current()
    if current is not None:
        event.setdefault("correlation", current)
    return event


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    _correlate,
    discretion.without_quotes,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

TALKATIVE = ("httpx", "httpcore", "apscheduler", "telegram", "alembic", "asyncio", "uvicorn")
"""Libraries whose routine lines are dropped; httpx's even contain the token, uvicorn's secret addresses."""


_ROW = re.compile(r"(DETAIL:\s*)(?:(?!\\n)[^\n])*")
"""PostgreSQL's addition to a refusal: the row that it refuses, with all that people wrote."""


def struck(line: str) -> str:
    """Return a line without what lets somebody in, and without rows that a database quotes."""
    return without_secrets(_ROW.sub(r"\1***", line))


def configure(settings: Log, secret: str | None = None) -> None:
    """Log our lines and the libraries' to standard error, and to syslog if that is set.

    `secret` is redacted in every line.
    """
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    events.listen()
    root = logging.getLogger()
    for old in root.handlers:
        if isinstance(old, SyslogHandler):
            old.close()
    root.handlers = [_ToStandardError()]
    root.handlers[0].setFormatter(_Discreet(secret, settings.format, colors=sys.stderr.isatty()))
    if settings.syslog is not None:
        where = address_of(settings.syslog, settings.syslog_ca)
        handler = SyslogHandler(where, hostname=settings.hostname, program=settings.program)
        handler.setFormatter(_Discreet(secret, settings.format, has_time=False))
        root.handlers.append(handler)
    root.setLevel(settings.level.value.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def syslog_lost() -> int:
    """Return how many lines no syslog server will ever see."""
    return sum(one.lost for one in logging.getLogger().handlers if isinstance(one, SyslogHandler))


class _ToStandardError(logging.Handler):
    """Writes to the standard error as it is at that moment: it may be another one than at the start."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:  # noqa: BLE001 - the boundary of logging: a line that cannot be written stops nothing
            self.handleError(record)


class _Discreet(structlog.stdlib.ProcessorFormatter):
    """Redacts the token in formatted lines, including URLs and tracebacks. Syslog has its own time."""

    def __init__(
        self, secret: str | None, form: Format, *, colors: bool = False, has_time: bool = True
    ) -> None:
        last: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
        last.append(discretion.on_one_line)
        if not has_time:
            last.append(_without_time)
        if form is Format.JSON:
            last += [discretion.add_traceback, structlog.processors.JSONRenderer(ensure_ascii=False)]
        else:
            last.append(
                structlog.dev.ConsoleRenderer(
                    colors=colors,
                    exception_formatter=discretion.format_traceback,
                    pad_event_to=40 if has_time else 0,
                )
            )
        super().__init__(foreign_pre_chain=_SHARED, processors=last)
        # The part behind the colon is the secret; the colon itself may be written as %3A.
        self._secret = secret.partition(":")[2] if secret else ""

    def format(self, record: logging.LogRecord) -> str:
        line = struck(super().format(record))
        return line.replace(self._secret, "***") if self._secret else line


def _without_time(
    _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    event.pop("timestamp", None)
    return event
