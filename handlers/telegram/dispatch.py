"""Dispatch of updates to the functions that handle them, and of outcomes to answers."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from markupsafe import Markup
from sqlalchemy.orm import Session
from telegram import Message as TelegramMessage
from telegram import Update

from db.states import Role
from handlers.i18n.texts import Texts
from handlers.telegram import answers, documents, permissions
from handlers.telegram.context import AlreadyDone, Context
from handlers.telegram.replying import answer_tap, drop_buttons, reply, strip, take_place
from handlers.telegram.setup import menus
from handlers.ui import cards
from handlers.ui.callbacks import Tap
from handlers.ui.message import Document, Message, fingerprint
from handlers.ui.refusals import explain
from handlers.ui.registry import REGISTRY, Act, AnyButton, Command, Hint, Look, Where
from handlers.ui.request import Request, place_of, sender_of
from handlers.ui.sentences import organization_header
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import accounts
from services.messaging.tidying import leftovers

T = TypeVar("T")


def step_of(update: Update, context: Context, session: Session) -> Request | None:
    sender, place = sender_of(update), place_of(update)
    if sender is None or place is None:
        return None
    address = context.wiring.public_url
    return Request(session, context.now(), sender, place, context.bot.username, address)


def _texts(step: Request) -> Texts:
    return step.texts


async def within(update: Update, context: Context, work: Callable[[Request], T], *, acts: bool) -> T | None:
    """Run `work` on this update, in a transaction that writes (and marks the update done) or only reads."""

    def run(session: Session) -> T | None:
        step = step_of(update, context, session)
        if step is None:
            return None
        step.recognize()
        if acts:
            identity.remember_account(
                Tx(session, step.now),
                account_id=step.sender.account_id,
                first_name=step.sender.first_name,
                language=step.sender.language_code,
            )
        return work(step)

    return await (context.act(run) if acts else context.look(run))


async def texts_for(update: Update, context: Context) -> Texts:
    found = await within(update, context, _texts, acts=False)
    return found or Texts(now=context.now())


def command(c: Command) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """Return the handler of one command."""

    async def handle(update: Update, context: Context) -> None:
        message, place = update.effective_message, place_of(update)
        if message is None or place is None or message.text is None:
            return
        words = "".join(message.text.split(maxsplit=1)[1:])
        if message.forward_origin is not None:
            await refuse(update, context, Refusal(Refused.FORWARDED))
        else:
            await obey(update, context, c, words, is_group=place.is_group)

    return handle


async def obey(update: Update, context: Context, c: Command, words: str, *, is_group: bool) -> None:
    """Run a command with these words, and answer."""
    try:
        wrong = _wrong_place(c, is_group=is_group)
        if wrong is not None:
            t = await texts_for(update, context)
            await reply(update, context, wrong(t, context.bot.username))
            return
        shows_menu = c.name in MENU_CHANGES and not is_group
        work = partial(_obey, c=c, words=words, shows_menu=shows_menu)
        answer, menu = await within(update, context, work, acts=c.acts_with(words)) or (None, None)
        if isinstance(answer, Document):
            await hand_over(update, context, answer)
            return
    except Refusal as refusal:
        if not await _is_welcomed(update, context, refusal):
            await refuse(update, context, refusal)
        return
    if answer is not None:
        await reply(update, context, answer)
    if menu is not None:
        await _show_menu(context, *menu)


async def hand_over(update: Update, context: Context, document: Document) -> None:
    """Make a file, send it, then record that: a file interrupted by the program's end is sent again.

    Where Telegram does not take the file, its words say so instead.
    """
    place = place_of(update)
    if place is not None:
        sent = await documents.send(context, place, document)
        if sent.is_refused:
            t = await texts_for(update, context)
            instead = t("There should be a file here, but it could not be sent to this chat.")
            await reply(update, context, Message(Markup("\n").join([document.caption(sent.count), instead])))
            return
        await within(update, context, lambda step: document.after(step, sent.count), acts=True)


class OnlyShown(Exception):
    """Ends a transaction that writes nothing: its answer is sent directly, as after any reading."""

    def __init__(self, answer: Message | Document) -> None:
        super().__init__()
        self.answer = answer


def _obey(
    step: Request, c: Command, words: str, *, shows_menu: bool
) -> tuple[Message | Document | None, "_Menu | None"]:
    """Run a command; return the person's menu too, where it is shown anew."""
    answer = run(step, c, words)
    return answer, _menu(step) if shows_menu else None


def run(step: Request, c: Command, words: str) -> Message | Document | None:
    """Run a command, in this transaction. Raises as `permissions.require`, and as the command."""
    permissions.require(step, c)
    answer = c.run(step, words)
    if isinstance(answer, Message) and c.role is not None:
        return organization_header.named_here(step, answer)
    return answer


def _look(step: Request, look: Look, tap: Tap) -> Message | Document:
    shown = look.run(step, tap)
    return organization_header.named_here(step, shown) if isinstance(shown, Message) else shown


MENU_CHANGES = ("start", "help")
"""Commands after which a person's menu is updated; so it is after a tap that changes it."""


_Menu = tuple[int, Role | None, str]
"""The account whose menu it is, its role and its language."""


def _menu(step: Request) -> _Menu:
    return step.sender.account_id, menus.role_of(step.actor_in_private), step.texts.language


async def refresh_menu(update: Update, context: Context) -> None:
    """Show the person the commands of their role."""
    found = await within(update, context, _menu, acts=False)
    if found is not None:
        await _show_menu(context, *found)


async def _show_menu(context: Context, account_id: int, role: Role | None, language: str) -> None:
    """Set a menu, unless it was set just so within this hour: another program may have set another one."""
    now, known = context.now(), context.wiring.menus
    wanted = (role, language, now.replace(minute=0, second=0, microsecond=0))
    if known.pop(account_id, None) != wanted:
        wait = await menus.show_to(context.bot, account_id, role, language)
        if wait is not None:
            await context.wiring.database.write(lambda s: menus.set_later(Tx(s, now), account_id, wait))
            return
    known[account_id] = wanted


def _wrong_place(c: Command, *, is_group: bool) -> Callable[[Texts, str], Message] | None:
    if is_group and c.where is Where.PRIVATE:
        return answers.private_only
    if not is_group and c.where is Where.GROUP:
        return lambda t, bot: answers.group_only(t)
    return None


async def _is_welcomed(update: Update, context: Context, refusal: Refusal) -> bool:
    """Return whether a stranger was shown the way in instead of a refusal, in private."""
    place = place_of(update)
    if refusal.code is not Refused.NOT_A_MEMBER or place is None or place.is_group:
        return False
    return bool(await within(update, context, REGISTRY.welcomes, acts=True))


async def refuse(update: Update, context: Context, refusal: Refusal) -> None:
    """Answer with a refusal, where the update came from."""
    t = await texts_for(update, context)
    await reply(update, context, Message(explain(t, refusal)))


_SHOWN_ON_THE_CARD = (Refused.ALREADY, Refused.EXTENSION_ANSWERED)
"""Refusals after a second tap, or another person's: the card says it too, so that a passing line will do."""


async def tapped(update: Update, context: Context) -> None:
    """Handle any button: check its data, run it for the person who tapped, and always answer the tap."""
    query = update.callback_query
    if query is None:
        return
    tap = REGISTRY.unpack(query.data)
    toast: str | None = None
    alert, refused = False, None
    try:
        if tap is None:
            raise Refusal(Refused.OUTDATED)
        button = REGISTRY.buttons[tap.verb]
        _require_place(update, button)
        if isinstance(button, Hint):
            hint = button
            toast = await within(update, context, lambda step: hint.run(step, tap), acts=False)
        elif isinstance(button, Act):
            act = button
            await _tidy(update, context)
            done = await within(update, context, lambda step: _act(step, act, tap), acts=True)
            said, menu_changes, is_spent = done or (None, False, False)
            if act.wakes_imports:
                context.wiring.wake_imports()
            toast = str(said.striptags()) if said else None
            await answer_tap(update, toast)  # before anything else that Telegram may refuse
            if menu_changes:
                await refresh_menu(update, context)
            if is_spent:
                await drop_buttons(update, tap.id)
            return
        elif isinstance(button, Look):
            look = button
            shown = await within(update, context, lambda step: _look(step, look, tap), acts=False)
            if isinstance(shown, Document):
                await _send_document(update, context, shown)
                return
            if shown is not None:
                await take_place(update, context, shown)
    except Refusal as refusal:
        toast = explain(await texts_for(update, context), refusal).striptags()
        alert = refusal.code not in _SHOWN_ON_THE_CARD
        refused = refusal.code
    except AlreadyDone:  # and what followed was cut short, maybe before it was answered
        toast = None
    await answer_tap(update, toast, alert=alert)
    if refused is Refused.QUESTION_GONE:
        await strip(update)


def _act(step: Request, act: Act, tap: Tap) -> tuple[Markup | None, bool, bool]:
    """Return the toast, whether the person's menu changed, and whether the tapped buttons are done.

    The last is so for a message that is no card, once its rental is done.
    """
    before = _menu_of(step)
    is_spent = act.ends_reminder and not tap.arg and cards.shown_here(step) is None
    return act.run(step, tap), _menu_of(step) != before, is_spent


async def _tidy(update: Update, context: Context) -> None:
    """If a card may have been sent twice as a program died, and this is the first of them, have it removed
    and the card itself shown below: the tap means both.
    """
    query, place, wiring = update.callback_query, place_of(update), context.wiring
    message = query.message if query is not None else None
    if place is None or place.chat_id not in wiring.doubtful or not isinstance(message, TelegramMessage):
        return
    shown = fingerprint(cards.buttons_of(message))
    if shown is None:
        return
    now, chat_id, message_id = context.now(), place.chat_id, message.message_id
    found = await wiring.database.write(
        lambda session: leftovers.recognize(Tx(session, now), chat_id, message_id, shown)
    )
    if found:
        wiring.tidy()


def _menu_of(step: Request) -> tuple[object, ...]:
    """Return what a menu depends on: the organization acted in, whether it is open, and the language."""
    account = accounts.account(step.session, step.sender.account_id)
    here = account.organization_id if account is not None else None
    organization = step.tx.organization_of(here) if here is not None else None
    return (
        here,
        account.language if account is not None else None,
        organization.closed_at if organization is not None else None,
    )


def _require_place(update: Update, button: AnyButton) -> None:
    place = place_of(update)
    if place is not None and not button.where.includes(is_group=place.is_group):
        raise Refusal(Refused.OUTDATED)


async def _send_document(update: Update, context: Context, document: Document) -> None:
    """Answer the tap, then make and send the file: nobody waits for it with a spinning button."""
    t = await texts_for(update, context)
    await answer_tap(update, str(t("One moment …").striptags()), alert=False)
    try:
        await hand_over(update, context, document)
    except Refusal as refusal:
        await refuse(update, context, refusal)
