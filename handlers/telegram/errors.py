"""Exceptions in handlers: kept for the worker, logged with their context, never shown to people."""

import logging

import structlog
from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter

from handlers.telegram.context import AlreadyDone, Context, current_update

log = structlog.get_logger()


async def failed(update: object, context: Context) -> None:
    """Keep and log an exception; python-telegram-bot calls this, then goes on as if nothing had happened."""
    reference = current_update.get()
    if reference is not None and context.error is not None:
        reference.failures.append(context.error)
    if isinstance(context.error, AlreadyDone):
        return
    # Telegram out of reach is no fault of ours: the worker tries again.
    passing = isinstance(context.error, NetworkError | RetryAfter) and not isinstance(
        context.error, BadRequest
    )
    log.log(
        logging.WARNING if passing else logging.ERROR,
        "handler failed",
        update_id=update.update_id if isinstance(update, Update) else None,
        exc_info=context.error,
    )
