"""The one ordered list of handlers, and the menus people see."""

from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from handlers import dispatch, errors, groups
from handlers.commands import COMMANDS, Command, shown_in_group, shown_in_private
from handlers.texts import LANGUAGES, Texts

App = Application[Any, Any, Any, Any, Any, Any]


def register(application: App) -> None:
    """The first handler that fits takes the update."""
    new_messages = filters.UpdateType.MESSAGE
    for c in COMMANDS:
        application.add_handler(CommandHandler(c.name, dispatch.command(c), filters=new_messages))
    application.add_handler(CallbackQueryHandler(dispatch.tapped))
    application.add_handler(ChatMemberHandler(groups.my_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, groups.migrated))
    # In private everything else belongs to a conversation; in a group only what answers the bot.
    private = filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(new_messages & private, dispatch.written))
    application.add_handler(MessageHandler(new_messages & filters.REPLY & filters.TEXT, dispatch.written))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, dispatch.edited))
    application.add_error_handler(errors.failed)


def menu(commands: list[Command], language: str) -> list[BotCommand]:
    t = Texts(language)
    return [BotCommand(c.name, str(t(c.about))) for c in commands if c.name != "start"]


async def announce(bot: Bot) -> None:
    """Tell Telegram the menus that hold for everybody; those of single people follow their role."""
    for language in LANGUAGES:
        code = {"nb": "no"}.get(language, language)
        for scope, commands in (
            (BotCommandScopeAllPrivateChats(), shown_in_private(None)),
            (BotCommandScopeAllGroupChats(), shown_in_group()),
        ):
            await bot.set_my_commands(menu(commands, language), scope=scope, language_code=code)
            if language == "en":
                await bot.set_my_commands(menu(commands, language), scope=scope)
