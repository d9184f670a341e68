"""An inventory file sent by an admin."""

import tempfile
from pathlib import Path

from telegram import Document, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, InvalidToken

from db.states import Role
from handlers.context import Context
from handlers.dispatch import refuse, reply, texts_for, within
from handlers.step import Step
from handlers.views.importing import summary
from handlers.writing import is_picture, waits_for_photo, written
from services.errors import Refusal, Refused
from services.importing import import_file
from services.people import Actor

LARGEST = 20_000_000
"""Bytes: more than that a bot cannot fetch (Bot API, getFile)."""


async def sent(update: Update, context: Context) -> None:
    """A file in private: the inventory, if an admin sends it; for others it is like any other message.

    The import takes many transactions and may run twice when it is interrupted: the second time finds
    everything there already.
    """
    message = update.effective_message
    document = message.document if message is not None else None
    if message is None or document is None:
        return
    try:
        if is_picture(message) and await within(update, context, waits_for_photo, acts=False):
            await written(update, context)
            return
        actor = await within(update, context, _admin, acts=False)
        if actor is None:
            await written(update, context)
            return
        if (document.file_size or 0) > LARGEST:
            raise _too_large()
        await _import(update, context, document, actor)
    except Refusal as refusal:
        await refuse(update, context, refusal)


def _admin(step: Step) -> Actor | None:
    try:
        actor = step.active()
    except Refusal:
        return None
    return actor if actor.may(Role.ADMIN) else None


async def _fetch(document: Document, path: Path) -> Path:
    """Raises FILE_TOO_LARGE, FILE_NOT_FETCHED; what passes, such as a 502, is tried again by the worker."""
    try:
        file = await document.get_file()
        return await file.download_to_drive(path)
    except BadRequest as error:
        if "too big" in str(error).lower():
            raise _too_large() from None
        raise Refusal(Refused.FILE_NOT_FETCHED) from None
    except (Forbidden, InvalidToken):
        # So python-telegram-bot calls a 404 as well: there is nothing at the path that getFile told.
        raise Refusal(Refused.FILE_NOT_FETCHED) from None


def _too_large() -> Refusal:
    return Refusal(Refused.FILE_TOO_LARGE, megabytes=LARGEST // 1_000_000)


async def _import(update: Update, context: Context, document: Document, actor: Actor) -> None:
    await context.bot.send_chat_action(actor.account_id, ChatAction.TYPING)
    with tempfile.TemporaryDirectory(prefix="equiplib-import-") as folder:
        path = await _fetch(document, Path(folder) / "inventory.csv")
        report = await import_file(
            context.wiring.database, actor.organization_id, actor.user_id, path, {}, context.now()
        )
    await reply(update, context, summary(await texts_for(update, context), report))
