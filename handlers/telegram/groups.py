"""Changes of chats: the bot is added, removed or blocked; a group becomes a supergroup."""

from telegram import ChatMember, Update

from handlers.telegram.context import Context
from handlers.telegram.dispatch import within
from handlers.ui.request import Request
from services.messaging import delivery_queue, group_chats

_HERE = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER)


async def my_membership(update: Update, context: Context) -> None:
    """Greet a group that the bot was added to, unbind one that it left, remember who blocked it."""
    change = update.my_chat_member
    if change is None:
        return
    was_here, is_here = (m.status in _HERE for m in (change.old_chat_member, change.new_chat_member))
    await within(update, context, lambda step: _changed(step, was_here=was_here, is_here=is_here), acts=True)


def _changed(step: Request, *, was_here: bool, is_here: bool) -> None:
    if not step.place.is_group:
        # An account that writes has not blocked the bot: see `identity.remember_account`.
        if not is_here:
            delivery_queue.blocked(step.tx, step.sender.account_id)
    elif not is_here:
        group_chats.lost(step.tx, step.place.chat_id)
    elif not was_here:
        step.say("greeting")
    else:
        group_chats.retry_now(step.tx, step.place.chat_id)


async def migrated(update: Update, context: Context) -> None:
    """Follow a group that became a supergroup to its new id."""
    message = update.effective_message
    if message is None or message.migrate_to_chat_id is None:
        return
    old, new = message.chat.id, message.migrate_to_chat_id
    await within(update, context, lambda step: group_chats.moved(step.tx, old, new), acts=True)
