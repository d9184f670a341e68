"""Messages of ours that people answer before they are noted as sent: the program may be sending them, or
have died over them.
"""

from telegram import Message as TelegramMessage

from handlers.telegram.context import Context, Unnoted
from services.core.tx import Tx
from services.messaging.tidying import unnoted


async def require_noted(context: Context, message: TelegramMessage) -> None:
    """Raise Unnoted for a reply to a message that may yet be noted as sent: it is handled after that."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != context.bot.id:
        return
    now, chat_id, message_id = context.now(), message.chat.id, replied.message_id
    if await context.look(lambda s: unnoted.may_be(Tx(s, now), chat_id, message_id)):
        raise Unnoted
