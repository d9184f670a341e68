"""Files sent by admins: the inventory, or the members."""

from contextlib import suppress

from telegram import Document, Update
from telegram import Message as TelegramMessage
from telegram.constants import ChatAction
from telegram.error import TelegramError

from db.states import Role
from handlers.imports import views
from handlers.imports.fetching import LARGEST, too_large
from handlers.telegram.context import Context
from handlers.telegram.dispatch import refuse, texts_for, within
from handlers.telegram.replying import answer_tap, reply
from handlers.telegram.text_router import is_picture, is_rest_of_album, written
from handlers.ui.message import Message
from handlers.ui.refusals import explain
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Request, place_of
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.imports import About, Invited, jobs
from services.members import invites


async def sent(update: Update, context: Context) -> None:
    """Take a file sent in private by an admin; from others it is handled like any other message.

    It is imported by bot/jobs/imports.py. Its headers tell its kind; where they do not, the admin is asked.
    """
    message = update.effective_message
    document = message.document if message is not None else None
    if message is None or document is None:
        return
    if is_picture(message) and await is_rest_of_album(message, context):
        return
    try:
        if is_picture(message):
            await written(update, context)
            return
        actor = await within(update, context, _importer_or_none, acts=False)
        if actor is None:
            await written(update, context)
            return
        if (document.file_size or 0) > LARGEST:
            raise too_large()
        with suppress(TelegramError):
            await context.bot.send_chat_action(actor.account_id, ChatAction.TYPING)
        await _queue(update, context, document)
    except Refusal as refusal:
        await refuse(update, context, refusal)


def command(step: Request, words: str) -> Message:
    """Explain how to import, for `/import`."""
    step.active().require(Role.ADMIN)
    return views.import_help(step.texts)


def importer(step: Request) -> Actor:
    """Return the importing admin. Raises NOT_ALLOWED, and as `step.active` does."""
    actor = step.active()
    actor.require(Role.ADMIN)
    return actor


def _importer_or_none(step: Request) -> Actor | None:
    """Return the importing admin, or None. Raises only CLOSED, which no conversation would answer."""
    try:
        return importer(step)
    except Refusal as refusal:
        if refusal.code is Refused.CLOSED:
            raise
        return None


async def chosen(update: Update, context: Context) -> None:
    """Import the file with the kind that was tapped; the tapped message replies to the file."""
    query = update.callback_query
    tap = REGISTRY.unpack(query.data) if query is not None else None
    if query is None:
        return
    asked = query.message if isinstance(query.message, TelegramMessage) else None
    file = (
        asked.reply_to_message.document if asked is not None and asked.reply_to_message is not None else None
    )
    try:
        if tap is None or tap.arg not in set(About) or file is None or _in_group(update):
            raise Refusal(Refused.OUTDATED)
        await _queue(update, context, file, About(tap.arg))
    except Refusal as refusal:
        await _refuse_tap(update, context, refusal)
        return
    await answer_tap(update, None)


def _in_group(update: Update) -> bool:
    """Return whether this is in a group, where no one's files or links belong."""
    place = place_of(update)
    return place is None or place.is_group


async def _refuse_tap(update: Update, context: Context, refusal: Refusal) -> None:
    t = await texts_for(update, context)
    await answer_tap(update, str(explain(t, refusal).striptags()), alert=True)


async def _queue(update: Update, context: Context, document: Document, of: About | None = None) -> None:
    """Queue the file: it is imported while the chat goes on. Raises as `importer` does."""

    def work(step: Request) -> None:
        jobs.add(
            step.by(importer(step)),
            chat_id=step.place.chat_id,
            message_id=step.place.message_id or 0,
            file_id=document.file_id,
            name=document.file_name or "",
            about=of,
        )

    await within(update, context, work, acts=True)
    context.wiring.wake_imports()


async def links(update: Update, context: Context) -> None:
    """Send new links for all members who are not in Telegram yet, as a file; earlier links are void.

    Links that never arrived are renewed by another tap.
    """
    try:
        if _in_group(update):
            raise Refusal(Refused.OUTDATED)
        found = await within(update, context, renew_links, acts=True)
    except Refusal as refusal:
        await _refuse_tap(update, context, refusal)
        return
    await answer_tap(update, None)
    t = await texts_for(update, context)
    await reply(update, context, views.links_message(t, found or [], context.bot.username, are_new=False))


def renew_links(step: Request) -> list[Invited]:
    """Renew the links. Raises as `importer` does."""
    return invites.renew(step.by(step.active()))
