"""The menus of commands: one for everybody, and one per person for their role."""

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
"""Telegram calls Norwegian `no`; menus are requested in the language of the person's app."""

_FOR_ALL_OTHERS = "en"
"""The language of the menus that are set without one."""


ORDER = (
    *("start", "items", "rent", "rentals", "extend", "return", "cancel", "desk", "handout", "takeback"),
    *("pending", "inventory", "members", "invite", "import", "export", "labels", "policy", "organizations"),
    *("stats", "audit", "out", "overdue", "move", "setup", "calendar", "me", "language", "token", "help"),
)
"""The order of commands; those that are not named here come last."""


def _in_order() -> list[Command]:
    place = {name: number for number, name in enumerate(ORDER)}
    return sorted(REGISTRY.commands.values(), key=lambda c: place.get(c.name, len(place)))


def shown_in_private(role: Role | None) -> list[Command]:
    """Return the menu of a role; None is for people without membership."""
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
    """Set the menus that hold for everybody; those of single people follow when they write."""
    for scope, commands in (
        (BotCommandScopeAllPrivateChats(), shown_in_private(None)),
        (BotCommandScopeAllGroupChats(), shown_in_group()),
    ):
        for language in LANGUAGES:
            code = None if language == _FOR_ALL_OTHERS else _TELEGRAMS_NAME.get(language, language)
            await bot.set_my_commands(menu(commands, language), scope=scope, language_code=code)


async def show_to(bot: Bot, chat_id: int, role: Role | None, language: str) -> None:
    """Set one person's menu. A convenience: its failure never prevents an answer."""
    try:
        await bot.set_my_commands(menu(shown_in_private(role), language), scope=BotCommandScopeChat(chat_id))
    except TelegramError as error:
        log.info("a menu could not be set", chat_id=chat_id, error=str(error))
