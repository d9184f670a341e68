"""Exceptions in handlers: kept for the worker, which sorts and logs them, and never shown to people."""

import structlog
from markupsafe import Markup
from telegram import Update

from handlers.i18n.texts import Texts, closest
from handlers.telegram.context import Context, current_update

log = structlog.get_logger()


async def failed(update: object, context: Context) -> None:
    """Keep an exception; python-telegram-bot calls this, then goes on as if nothing had happened."""
    reference = current_update.get()
    if reference is not None and context.error is not None:
        reference.failures.append(context.error)
    else:
        update_id = update.update_id if isinstance(update, Update) else None
        log.error("a handler failed outside of any update", update_id=update_id, exc_info=context.error)


def in_trouble(language: str | None) -> Markup:
    """Return what people read who wait while the database is in trouble."""
    t = Texts(closest(language))
    return t(
        "I cannot reach my data at the moment. I have your message, and will answer as soon "
        "as I can; there is no need to send it again."
    )
