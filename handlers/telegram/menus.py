"""The menus people see: what everybody may use, and per person what their role adds."""

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from db.states import Role
from handlers.i18n.texts import LANGUAGES, Texts
from handlers.ui.registry import REGISTRY, Command, Where

log = structlog.get_logger(__name__)

_TELEGRAMS_NAME = {"nb": "no"}
"""Telegram calls Norwegian `no`; the menus are asked for by the language of the person's app."""

_FOR_ALL_OTHERS = "en"
"""The menus that are given without a language."""


ORDER = (
    *("start", "items", "rent", "rentals", "extend", "return", "cancel", "desk", "handout", "takeback"),
    *("pending", "inventory", "members", "invite", "import", "export", "labels", "policy", "organizations"),
    *("stats", "audit", "out", "overdue", "setup", "me", "language", "help"),
)
"""From top to bottom; a command that is not named here comes last."""


def _in_order() -> list[Command]:
    place = {name: number for number, name in enumerate(ORDER)}
    return sorted(REGISTRY.commands.values(), key=lambda c: place.get(c.name, len(place)))


def shown_in_private(role: Role | None) -> list[Command]:
    """The menu of somebody with this role; None for those who are no members."""
    return [
        c
        for c in _in_order()
        if c.where is not Where.GROUP and (c.role is None or (role is not None and role.covers(c.role)))
    ]


def shown_in_group() -> list[Command]:
    return [c for c in _in_order() if c.where is not Where.PRIVATE and c.name != "start"]


def menu(commands: list[Command], language: str) -> list[BotCommand]:
    t = Texts(language)
    return [BotCommand(c.name, str(t(c.about))) for c in commands if c.name != "start"]


async def announce(bot: Bot) -> None:
    """Tell Telegram the menus that hold for everybody; those of single people follow when they write."""
    for scope, commands in (
        (BotCommandScopeAllPrivateChats(), shown_in_private(None)),
        (BotCommandScopeAllGroupChats(), shown_in_group()),
    ):
        for language in LANGUAGES:
            code = None if language == _FOR_ALL_OTHERS else _TELEGRAMS_NAME.get(language, language)
            await bot.set_my_commands(menu(commands, language), scope=scope, language_code=code)


async def show_to(bot: Bot, chat_id: int, role: Role | None, language: str) -> None:
    """Give one person the menu of their role. Only a convenience: it never stands in the way of an answer."""
    try:
        await bot.set_my_commands(menu(shown_in_private(role), language), scope=BotCommandScopeChat(chat_id))
    except TelegramError as error:
        log.warning("a menu could not be set", chat_id=chat_id, error=str(error))
