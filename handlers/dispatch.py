"""From an update to the function that handles it, and from its outcome to an answer."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session
from telegram import InlineKeyboardMarkup, ReplyParameters, Update
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError

from db.states import Role
from handlers import callbacks, joining, menus, papers, rights, several
from handlers.callbacks import GROUP_ONLY, PRIVATE_ONLY, Tap, Verb
from handlers.commands import Command, Where
from handlers.context import Context
from handlers.message import Message
from handlers.papers import Paper
from handlers.step import Step, place_of, sender_of
from handlers.taps import TAPS, Look
from handlers.texts import Texts
from handlers.views import answers, calendar
from handlers.views.refusals import explain
from services import people, timetables
from services.errors import Refusal, Refused
from services.opening import What

T = TypeVar("T")
log = structlog.get_logger()

_LONGEST_TOAST = 200
"""Telegram's limit for the text that answers a tap."""

_LONGEST_CAPTION = 1024
"""Telegram's limit for the text on a file; longer ones are messages of their own."""

_PAUSES = (0.2, 1.0, 0.0)
"""Seconds after each attempt to answer a tap."""

_CANNOT_BE_EDITED = ("message can't be edited", "message to edit not found", "message_id_invalid")


def step_of(update: Update, context: Context, session: Session) -> Step | None:
    sender, place = sender_of(update), place_of(update)
    if sender is None or place is None:
        return None
    return Step(session, context.now(), sender, place, context.bot.username)


def _texts(step: Step) -> Texts:
    return step.texts


async def within(update: Update, context: Context, work: Callable[[Step], T], *, acts: bool) -> T | None:
    """Run `work` on this update, in a transaction that writes (and marks the update done) or only reads."""

    def run(session: Session) -> T | None:
        step = step_of(update, context, session)
        if step is None:
            return None
        if acts:
            people.meet(
                session,
                step.now,
                account_id=step.sender.account_id,
                first_name=step.sender.first_name,
                language=step.sender.language_code,
            )
        return work(step)

    return await (context.act(run) if acts else context.look(run))


async def texts_for(update: Update, context: Context) -> Texts:
    found = await within(update, context, _texts, acts=False)
    return found or Texts(now=context.now())


async def reply(update: Update, context: Context, message: Message, *, answers: bool = False) -> None:
    """Answer directly: only for what changed nothing, so that a repeated update answers again.

    `answers`: as a reply to the message that the update is about.
    """
    place = place_of(update)
    if place is None:
        return
    answered = ReplyParameters(place.message_id) if answers and place.message_id else None
    attachment, picture = message.attachment, message.picture
    if picture is not None and picture.content is not None:
        await context.bot.send_photo(
            place.chat_id,
            picture.content,
            caption=message.text,
            parse_mode=ParseMode.HTML,
            reply_markup=message.markup(),
            message_thread_id=place.thread_id,
        )
        return
    if attachment is None or len(message.text) > _LONGEST_CAPTION:
        await context.bot.send_message(
            place.chat_id,
            message.text,
            parse_mode=ParseMode.HTML,
            reply_markup=message.markup(),
            message_thread_id=place.thread_id,
            reply_parameters=answered,
        )
    if attachment is not None:
        short = len(message.text) <= _LONGEST_CAPTION
        await context.bot.send_document(
            place.chat_id,
            attachment.content,
            filename=attachment.name,
            caption=message.text if short else None,
            parse_mode=ParseMode.HTML,
            reply_markup=message.markup() if short else None,
            message_thread_id=place.thread_id,
        )


def command(c: Command) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """The handler of one command."""

    async def handle(update: Update, context: Context) -> None:
        message, place = update.effective_message, place_of(update)
        if message is None or place is None or message.text is None:
            return
        words = "".join(message.text.split(maxsplit=1)[1:])
        try:
            if message.forward_origin is not None:
                raise Refusal(Refused.FORWARDED)
            wrong = _wrong_place(c, is_group=place.is_group)
            if wrong is not None:
                t = await texts_for(update, context)
                await reply(update, context, wrong(t, context.bot.username))
                return
            acts = c.acts if isinstance(c.acts, bool) else c.acts(words)
            answer = await within(update, context, lambda step: _run(step, c, words), acts=acts)
            if isinstance(answer, Paper):
                await hand_over(update, context, answer)
                return
        except Refusal as refusal:
            if not await _is_welcomed(update, context, refusal):
                await refuse(update, context, refusal)
            return
        if answer is not None:
            await reply(update, context, answer)
        if c.name in MENU_CHANGES and not place.is_group:
            await refresh_menu(update, context)

    return handle


async def hand_over(update: Update, context: Context, paper: Paper) -> None:
    """Make a file, send it, then note that: one that was on its way at the end of the program goes again."""
    place = place_of(update)
    if place is not None:
        count = await papers.send(context, place, paper)
        await within(update, context, lambda step: paper.after(step, count), acts=True)


def _run(step: Step, c: Command, words: str) -> Message | Paper | None:
    rights.require(step, c.name, c.role)
    answer = c.run(step, words)
    return several.named_here(step, answer) if isinstance(answer, Message) and c.role is not None else answer


def _look(step: Step, look: Look, tap: Tap) -> Message | Paper:
    shown = look(step, tap)
    return several.named_here(step, shown) if isinstance(shown, Message) else shown


MENU_CHANGES = ("start", "help")
"""Commands after which a person's menu is brought up to date; so is joining, and choosing a language."""


async def refresh_menu(update: Update, context: Context) -> None:
    """Show the person the commands of their role."""

    def who(step: Step) -> tuple[int, Role | None, str]:
        try:
            actor = step.actor_in_private()
            role = actor.role if actor.active else None
        except Refusal:
            role = None
        return step.sender.account_id, role, step.texts.language

    found = await within(update, context, who, acts=False)
    if found is not None:
        await menus.show_to(context.bot, *found)


def _wrong_place(c: Command, *, is_group: bool) -> Callable[[Texts, str], Message] | None:
    if is_group and c.where is Where.PRIVATE:
        return answers.private_only
    if not is_group and c.where is Where.GROUP:
        return lambda t, bot: answers.group_only(t)
    return None


async def _is_welcomed(update: Update, context: Context, refusal: Refusal) -> bool:
    """Whether a stranger is shown the way in instead: what they wrote in private is refused to nobody."""
    place = place_of(update)
    if refusal.code is not Refused.NOT_A_MEMBER or place is None or place.is_group:
        return False
    return bool(await within(update, context, joining.welcome_stranger, acts=True))


async def refuse(update: Update, context: Context, refusal: Refusal) -> None:
    """Say why not, where it was asked."""
    t = await texts_for(update, context)
    await reply(update, context, Message(explain(t, refusal)))


async def tapped(update: Update, context: Context) -> None:
    """Any button: check what it says, do it for whoever taps, and always answer the tap."""
    query = update.callback_query
    if query is None:
        return
    tap = callbacks.unpack(query.data)
    toast: str | None = None
    alert = False
    try:
        if tap is None:
            raise Refusal(Refused.OUTDATED)
        _require_place(update, tap.verb)
        if tap.verb is Verb.NOTHING:
            toast = await _why_nothing(update, context, tap)
        elif tap.verb in TAPS.acts:
            act = TAPS.acts[tap.verb]
            said = await within(update, context, lambda step: act(step, tap), acts=True)
            toast = str(said.striptags()) if said else None
            if tap.verb in (Verb.LANGUAGE, Verb.SWITCH) or _goes_elsewhere(tap):
                await refresh_menu(update, context)
        else:
            look = TAPS.looks[tap.verb]
            shown = await within(update, context, lambda step: _look(step, look, tap), acts=False)
            if isinstance(shown, Paper):
                await _send_paper(update, context, shown)
                return
            if shown is not None:
                await _replace(update, context, shown)
    except Refusal as refusal:
        toast, alert = explain(await texts_for(update, context), refusal).striptags(), True
    await answer_tap(update, toast, alert=alert)


def _goes_elsewhere(tap: Tap) -> bool:
    """Whether the person may act in another organisation now, with another role."""
    return tap.verb is Verb.CONVERSATION and tap.arg.partition(" ")[0] in ("work", "language", "close2")


def _require_place(update: Update, verb: Verb) -> None:
    place = place_of(update)
    if place is not None and verb in (PRIVATE_ONLY if place.is_group else GROUP_ONLY):
        raise Refusal(Refused.OUTDATED)


async def _send_paper(update: Update, context: Context, paper: Paper) -> None:
    """The tap is answered first: nobody waits for a file with a spinning button."""
    t = await texts_for(update, context)
    await answer_tap(update, str(t("One moment …").striptags()), alert=False)
    try:
        await hand_over(update, context, paper)
    except Refusal as refusal:
        await refuse(update, context, refusal)


async def _why_nothing(update: Update, context: Context, tap: Tap) -> str | None:
    """What a day that cannot be tapped says; None for mere labels."""
    t = await texts_for(update, context)
    match tap.arg:
        case "taken":
            return str(t("Nothing is free that day."))
        case What.HAND_OUT:
            return str(t("Closed: nothing is handed out then."))
        case What.RETURN:
            return str(t("Closed: nothing is taken back then."))
        case calendar.SHUT_FOR_A_REASON:
            reason = await within(update, context, lambda step: _reason(step, tap.id), acts=False)
            return str(t("Closed: {reason}", reason=reason).striptags() if reason else t("Closed that day."))
    return None


def _reason(step: Step, closure_id: int) -> str | None:
    return timetables.reason_of(step.session, step.actor_in_private().organization_id, closure_id)


async def answer_tap(update: Update, toast: str | None, *, alert: bool = False) -> None:
    query = update.callback_query
    if query is None:
        return
    for pause in _PAUSES:
        try:
            await query.answer(_cut(toast) if toast else None, show_alert=alert)
            return
        except BadRequest as error:
            # A tap that waited for us longer than Telegram waits: what it did is on the card.
            if "query is too old" not in str(error).lower():
                raise
            return
        except NetworkError as error:
            # What it did is done, and is not done again: nobody else would stop the button's spinning.
            log.warning("a tap could not be answered", error=str(error))
            await asyncio.sleep(pause)


def _cut(toast: str) -> str:
    """As much as Telegram takes, which counts in UTF-16 units: most emoji are two."""
    whole = toast.encode("utf-16-le")
    if len(whole) <= 2 * _LONGEST_TOAST:
        return toast
    return whole[: 2 * (_LONGEST_TOAST - 1)].decode("utf-16-le", "ignore") + "…"


async def _replace(update: Update, context: Context, message: Message) -> None:
    """Show it in place of the message tapped; below, where that cannot be edited any more."""
    query = update.callback_query
    if query is None:
        return
    if not isinstance(query.message, TelegramMessage):
        await reply(update, context, message)
        return
    try:
        if query.message.photo:
            await query.edit_message_caption(
                message.text, parse_mode=ParseMode.HTML, reply_markup=_inline(message)
            )
        else:
            await query.edit_message_text(
                message.text, parse_mode=ParseMode.HTML, reply_markup=_inline(message)
            )
    except BadRequest as error:
        words = str(error).lower()
        if any(known in words for known in _CANNOT_BE_EDITED):
            await reply(update, context, message)
        elif "not modified" not in words:
            raise


def _inline(message: Message) -> InlineKeyboardMarkup | None:
    markup = message.markup()
    return markup if isinstance(markup, InlineKeyboardMarkup) else None
