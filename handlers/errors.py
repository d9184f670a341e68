"""What goes wrong in a handler: kept for the worker, logged with its context, never shown to people."""

import structlog
from telegram import Update

from handlers.context import AlreadyDone, Context, current_update

log = structlog.get_logger()


async def failed(update: object, context: Context) -> None:
    """python-telegram-bot calls this for every exception and then goes on as if nothing had happened."""
    reference = current_update.get()
    if reference is not None and context.error is not None:
        reference.failures.append(context.error)
    if isinstance(context.error, AlreadyDone):
        return
    log.error(
        "handler failed",
        update_id=update.update_id if isinstance(update, Update) else None,
        exc_info=context.error,
    )
