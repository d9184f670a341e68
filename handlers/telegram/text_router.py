"""Routing of text and pictures that are no command to the conversation that asked, if any."""

from collections.abc import Callable

from telegram import Message, MessageEntity, Update

from db.models import Conversation as Row
from handlers.telegram import answers
from handlers.telegram.context import Context, current_update
from handlers.telegram.dispatch import refuse, texts_for, within
from handlers.telegram.replying import reply
from handlers.ui import conversation
from handlers.ui.cards import card_of
from handlers.ui.conversation import AboutRental, ConversationData
from handlers.ui.refusals import keep
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Place, Request, place_of
from services.core.errors import Refusal, Refused
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
    try:
        takes = await _reader(update, context, message, place)
        understood = await within(
            update, context, lambda step: takes(step) or _continue(step, message), acts=True
        )
        if not understood and not place.is_group:
            await reply(update, context, answers.not_understood(await texts_for(update, context)))
    except Refusal as refusal:
        await refuse(update, context, refusal)


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


def _continue(step: Request, message: Message) -> bool:
    """Take the message as an answer; return False where it answers nothing.

    Raises FORWARDED, CLOSED, in private NOT_A_MEMBER, and in a group ANONYMOUS and NOT_YOURS.
    """
    if not _is_command(message) and REGISTRY.takes_reply(step, message):
        return True
    row = _asked_in_group(step, message) if step.place.is_group else _asked(step)
    if row is None and not step.place.is_group and _is_welcomed(step):
        return True
    if row is None or _is_command(message):
        return False
    if message.forward_origin is not None:
        raise Refusal(Refused.FORWARDED)
    conversation.require_open(step, row)
    step.turn_to(row.organization_id)
    _take(step, row, message)
    conversation.render(step, row, renew=True)
    return True


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
    """Take the text or picture that was asked for; show on the card that anything else is not understood."""
    state = REGISTRY.state(row)
    # The problem of the last answer has been read.
    conversation.update(row, ConversationData(problem=None))
    if state is not None and state.photo is not None and message.photo:
        state.photo(step, row, message.photo[-1].file_id)
        below = REGISTRY.state(row)
        # Where both are an answer, the caption is the text.
        if state.text is not None and message.caption and below is not None and below.text is not None:
            below.text(step, row, message.caption)
    elif state is not None and state.text is not None and message.text is not None:
        state.text(step, row, message.text)
    elif state is not None and state.photo is not None and (state.text is None or is_picture(message)):
        why = Refused.PHOTO_AS_FILE if is_picture(message) else Refused.PHOTO_EXPECTED
        conversation.update(row, ConversationData(problem=keep(Refusal(why))))
    elif state is not None and state.text is not None:
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.TEXT_EXPECTED))))
    else:
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.TAP_EXPECTED))))


def is_picture(message: Message) -> bool:
    """Return whether a picture was sent as a file: Telegram does not let bots show it."""
    document = message.document
    return document is not None and (document.mime_type or "").startswith("image/")


def _is_command(message: Message) -> bool:
    """Return whether it begins with a command: the known ones have handlers, so this one was mistyped."""
    return any(e.type == MessageEntity.BOT_COMMAND and e.offset == 0 for e in message.entities)


def _asked(step: Request) -> Row | None:
    return conversation.find(step.tx, step.place.chat_id, step.sender.account_id)


def _asked_in_group(step: Request, message: Message) -> Row | None:
    """Return the question that this replies to, or this person's about the card that this replies to.

    Raises NOT_YOURS for somebody else's question, ANONYMOUS where the sender is hidden.
    """
    replied = message.reply_to_message
    card = card_of(step.tx, step.place.chat_id, replied.message_id) if replied is not None else None
    if card is None:
        return None
    if card.kind == notifications.DESK_CARD:
        mine = _asked(step)
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
