"""Logging to standard error, with context, as text or JSON, and never with the token or an invite."""

import logging
import re
import sys

import structlog

from bot.settings import Format, Log
from services.core.text import without_secrets

_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

TALKATIVE = ("httpx", "httpcore", "apscheduler", "telegram", "alembic", "asyncio")
"""Libraries whose routine lines are dropped; httpx's even contain the token."""


_ROW = re.compile(r"(DETAIL:\s*)(?:(?!\\n)[^\n])*")
"""What PostgreSQL adds to a refusal: the row that it refuses, with all that people wrote."""


def struck(line: str) -> str:
    """Return a line without what lets somebody in, and without rows that a database quotes."""
    return without_secrets(_ROW.sub(r"\1***", line))


def configure(settings: Log, secret: str | None = None) -> None:
    """Log our lines and the libraries' to standard error; `secret` is redacted in every line."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(_Discreet(secret, settings.format))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.level.value.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class _Discreet(structlog.stdlib.ProcessorFormatter):
    """Redacts the token in formatted lines, including URLs and tracebacks."""

    def __init__(self, secret: str | None, form: Format) -> None:
        if form is Format.JSON:
            last: list[structlog.typing.Processor] = [
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ]
        else:
            plain = structlog.dev.plain_traceback
            last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
        remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        super().__init__(foreign_pre_chain=_SHARED, processors=[remove, *last])
        # The part behind the colon is the secret; the colon itself may be written as %3A.
        self._secret = secret.partition(":")[2] if secret else ""

    def format(self, record: logging.LogRecord) -> str:
        line = struck(super().format(record))
        return line.replace(self._secret, "***") if self._secret else line
