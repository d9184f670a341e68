"""Routing of text and pictures that are no command: to the conversation that asked, or to what answers all
others in private.
"""

from collections.abc import Callable
from dataclasses import replace

from telegram import Message, MessageEntity, Update

from db.models import Conversation as Row
from handlers.i18n.texts import LANGUAGES
from handlers.parsing import plain_words
from handlers.telegram import answers
from handlers.telegram.context import Context, current_update
from handlers.telegram.conversations import converse
from handlers.telegram.dispatch import OnlyShown, hand_over, refuse, texts_for, within
from handlers.telegram.replying import reply
from handlers.telegram.unnoted import require_noted
from handlers.ui import conversation
from handlers.ui.callbacks import Verb
from handlers.ui.cards import replied_to
from handlers.ui.conversation import AboutRental, ConversationData, Shared
from handlers.ui.message import Document
from handlers.ui.message import Message as Shown
from handlers.ui.refusals import keep
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Place, Request, place_of
from services.core.errors import Refusal, Refused
from services.core.text import key
from services.messaging import conversations, inbox, notifications


async def written(update: Update, context: Context) -> None:
    """Hand the message to the conversation it belongs to; in private, answer where there is none."""
    message, place = update.effective_message, place_of(update)
    if message is None or place is None:
        return
    if place.is_group and not _replies_to(message, context.bot.id):
        return
    if await is_rest_of_album(message, context):
        return
    await require_noted(context, message)
    try:
        takes = await _reader(update, context, message, place)
        answer = await within(
            update, context, lambda step: None if takes(step) else _continue(step, message), acts=True
        )
    except OnlyShown as only:
        answer = only.answer
    except Refusal as refusal:
        await refuse(update, context, refusal)
        return
    if isinstance(answer, Document):
        await hand_over(update, context, answer)
    elif answer is not None:
        # The buttons of a mistyped command run it with the words of the message that they reply to.
        await reply(update, context, answer, answers=_is_command(message))


async def _reader(
    update: Update, context: Context, message: Message, place: Place
) -> Callable[[Request], bool]:
    """Return what takes a picture with codes that was sent in private."""
    if place.is_group or not (message.photo or is_picture(message)):
        return lambda step: False
    return await REGISTRY.picture(update, context)


async def is_rest_of_album(message: Message, context: Context) -> bool:
    """Return whether this is a further picture of an album: people mean one message by it, answered once."""
    update = current_update.get()
    if message.media_group_id is None or update is None:
        return False
    number = update.inbox_id
    return await context.look(lambda session: inbox.is_rest_of_album(session, number))


def _replies_to(message: Message, account_id: int) -> bool:
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == account_id


def _continue(step: Request, message: Message) -> Shown | Document | None:
    """Take the message as an answer; in private, take others as a search or a command.

    Return what is to be shown; None where it follows, or there is nothing. Raises FORWARDED, CLOSED, in
    private NOT_A_MEMBER, in a group ANONYMOUS and NOT_YOURS; OnlyShown, and as the command that is meant.
    """
    if not _is_command(message) and REGISTRY.takes_reply(step, message):
        return None
    row = _asked_in_group(step, message) if step.place.is_group else conversation.asked(step)
    if row is None and not step.place.is_group and _is_welcomed(step):
        return None
    if row is None or _is_command(message):
        return None if step.place.is_group else _answer(step, message)
    if message.forward_origin is not None:
        raise Refusal(Refused.FORWARDED)
    conversation.require_open(step, row)
    step.turn_to(row.organization_id)
    text = "" if step.place.is_group else message.text or ""
    if plain_words.cancels(text):
        return REGISTRY.commands["cancel"].run(step, "")
    if _tap_in_words(step, row, message):
        return None
    if (follow := REGISTRY.meant(step, row, text)) is not None:
        return follow()
    _take(step, row, message)
    if ConversationData.of(row).outcome != conversation.HANDED_OVER:
        conversation.render(step, row, renew=True)
    return None


def _answer(step: Request, message: Message) -> Shown | Document | None:
    """Answer what belongs to no question. Raises FORWARDED."""
    if message.forward_origin is not None and message.text:
        raise Refusal(Refused.FORWARDED)
    return REGISTRY.answer(step, message)


def _is_welcomed(step: Request) -> bool:
    """Return whether the person is a stranger who was shown the way in. Raises NOT_A_MEMBER, CLOSED."""
    try:
        step.actor()
    except Refusal as refusal:
        if refusal.code is not Refused.NOT_A_MEMBER or not REGISTRY.welcomes(step):
            raise
        return True
    return False


def _take(step: Request, row: Row, message: Message) -> None:
    """Take the text or picture that was asked for, or the words of a button; keep what comes too early.

    The card shows that anything else is not understood.
    """
    state = REGISTRY.state(row)
    # The problem of the last answer has been read.
    conversation.update(row, ConversationData(problem=None))
    shared = _shared(message)
    if shared is not None and state is not None and state.shared is not None:
        state.shared(step, row, shared)
        return
    photo = message.photo[-1].file_id if message.photo else ""
    text = (message.caption if message.photo else message.text) or ""
    # A caption alone is no answer: who sends a photo means the photo.
    is_asked = state is not None and (state.photo is not None if photo else True)
    if is_asked and conversation.give(REGISTRY.state, step, row, text=text, photo=photo):
        return
    if state is not None and state.photo is not None and (state.text is None or is_picture(message)):
        why = Refusal(Refused.PHOTO_AS_FILE if is_picture(message) else Refused.PHOTO_EXPECTED)
    elif state is not None and state.text is not None:
        why = Refusal(Refused.TEXT_EXPECTED)
    elif state is not None and state.keeps and (text or photo):
        _keep(row, text, photo)
        why = Refusal(Refused.TAP_EXPECTED, kept=True)
    else:
        why = Refusal(Refused.TAP_EXPECTED)
    conversation.update(row, ConversationData(problem=keep(why)))


def _shared(message: Message) -> Shared | None:
    """Return the person whom a button below the input shared, or whose number was sent."""
    contact = message.contact
    if contact is not None:
        names = contact.first_name, contact.last_name or ""
        return Shared(contact.user_id or 0, *names, contact.phone_number)
    if message.users_shared is None or not message.users_shared.users:
        return None
    user = message.users_shared.users[0]
    return Shared(user.user_id, user.first_name or "", user.last_name or "")


def _keep(row: Row, text: str, photo: str) -> None:
    """Keep what a later step will ask for; the newest photo, and all that was written."""
    kept = ConversationData.of(row)
    said = "\n".join(part for part in (kept.kept_text, text) if part)
    conversation.update(row, ConversationData(kept_text=said, kept_photo=photo or kept.kept_photo))


def _tap_in_words(step: Request, row: Row, message: Message) -> bool:
    """Take the words of a button as a tap on it, where nothing is to be written."""
    state, said = REGISTRY.state(row), key(message.text or "")
    if state is None or state.text is not None or not said:
        return False
    for language in dict.fromkeys((step.texts.language, *LANGUAGES)):
        shown = state.draw(step.tx, row, replace(step.texts, language=language))
        buttons = [button for some in (shown.buttons if shown is not None else ()) for button in some]
        # A thing's button has its name or code first, then what is told of it.
        called = [b for b in buttons if said in (key(b.label), key(b.label.partition(" · ")[0]))]
        taps = {tap for tap in (REGISTRY.unpack(b.data) for b in called) if tap is not None}
        if len(taps) == 1 and (tap := taps.pop()).verb is Verb.CONVERSATION:
            # Below what was written, whatever becomes of the card.
            conversation.render(step, row, renew=True)
            converse(step, tap)
            return True
    return False


def is_picture(message: Message) -> bool:
    """Return whether a picture was sent as a file: Telegram does not let bots show it."""
    document = message.document
    return document is not None and (document.mime_type or "").startswith("image/")


def _is_command(message: Message) -> bool:
    """Return whether it begins with a command: the known ones have handlers, so this one was mistyped."""
    return any(e.type == MessageEntity.BOT_COMMAND and e.offset == 0 for e in message.entities)


def _asked_in_group(step: Request, message: Message) -> Row | None:
    """Return the question that this replies to, or this person's about the card that this replies to.

    Raises NOT_YOURS for somebody else's question, ANONYMOUS where the sender is hidden.
    """
    card = replied_to(step.tx, message)
    if card is None:
        return None
    if card.kind == notifications.DESK_CARD:
        mine = conversation.asked(step)
        return mine if mine is not None and AboutRental.of(mine).rental_id == card.subject_id else None
    row = conversations.get(step.session, card.subject_id) if card.kind == conversation.CARD else None
    if row is None or row.state == conversation.OVER:
        return None
    if step.sender.is_anonymous:
        raise Refusal(Refused.ANONYMOUS)
    if row.account_id != step.sender.account_id:
        raise Refusal(Refused.NOT_YOURS)
    return row


async def edited(update: Update, context: Context) -> None:
    """Answer in private that an edited message changes nothing."""
    place = place_of(update)
    if place is not None and not place.is_group:
        await reply(update, context, answers.edited(await texts_for(update, context)))
