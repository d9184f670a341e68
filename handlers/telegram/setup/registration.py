"""The one ordered list of handlers."""

from typing import Any

from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from handlers.telegram import dispatch, errors, groups, text_router
from handlers.ui import callbacks
from handlers.ui.registry import Handle, Registry

App = Application[Any, Any, Any, Any, Any, Any]


def register(application: App, registry: Registry) -> None:
    """Register all handlers; the first one that matches takes the update."""
    new_messages = filters.UpdateType.MESSAGE
    for c in registry.commands.values():
        application.add_handler(CommandHandler(c.name, dispatch.command(c), filters=new_messages))
    for verb, button in registry.buttons.items():
        if isinstance(button, Handle):
            pattern = f"^{callbacks.VERSION}:{verb}:"
            application.add_handler(CallbackQueryHandler(button.run, pattern=pattern))
    application.add_handler(CallbackQueryHandler(dispatch.tapped))
    application.add_handler(ChatMemberHandler(groups.my_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, groups.migrated))
    # In private everything else belongs to a conversation; in a group only what answers the bot.
    private = filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
    for sent in registry.file_handlers():
        application.add_handler(MessageHandler(new_messages & private & filters.Document.ALL, sent))
    replies = filters.REPLY & ~filters.StatusUpdate.ALL
    shared = filters.ChatType.PRIVATE & filters.StatusUpdate.USERS_SHARED
    application.add_handler(MessageHandler(new_messages & (private | shared | replies), text_router.written))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, text_router.edited))
    application.add_error_handler(errors.failed)
