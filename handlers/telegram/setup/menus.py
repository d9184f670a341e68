"""The menus of commands: one for everybody, and one per person for their role."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from markupsafe import Markup
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from db.models import OutboxMessage
from db.states import Role
from handlers.i18n.texts import LANGUAGES, Texts
from handlers.telegram.setup import profile
from handlers.ui.message import Menu, Message
from handlers.ui.registry import REGISTRY, Command, Where
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal
from services.core.tx import Tx
from services.messaging import outbox

log = structlog.get_logger(__name__)

MENU = "menu"
"""The kind of an outbox message that has no text, and sets one person's menu."""

_AGAIN, _AT_ONCE = timedelta(minutes=1), timedelta(seconds=1)
"""The pause until a menu is tried again where Telegram names none, and the shortest pause."""

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
    """Set the menus that hold for everybody, and the descriptions; single people's follow when they write."""
    for scope, commands in (
        (BotCommandScopeAllPrivateChats(), shown_in_private(None)),
        (BotCommandScopeAllGroupChats(), shown_in_group()),
    ):
        for language in LANGUAGES:
            code = profile.code_of(language)
            await bot.set_my_commands(menu(commands, language), scope=scope, language_code=code)
    await profile.describe(bot)


async def show_to(bot: Bot, chat_id: int, role: Role | None, language: str) -> timedelta | None:
    """Set one person's menu; return the pause until the next attempt where it failed for a passing reason.

    A convenience: its failure never prevents an answer.
    """
    try:
        await bot.set_my_commands(menu(shown_in_private(role), language), scope=BotCommandScopeChat(chat_id))
    except TelegramError as error:
        log.info("a menu could not be set", chat_id=chat_id, error=str(error))
        if isinstance(error, BadRequest | Forbidden):
            return None
        wait = error.retry_after if isinstance(error, RetryAfter) else _AGAIN
        return max(wait if isinstance(wait, timedelta) else timedelta(seconds=wait), _AT_ONCE)
    return None


def set_later(tx: Tx, account_id: int, wait: timedelta) -> None:
    """Queue the menu of one person for another attempt; several that wait are set once."""
    outbox.send(
        tx,
        MENU,
        chat_id=account_id,
        organization_id=None,
        bundle=f"{MENU}:{account_id}",
        not_before=tx.now + wait,
    )


def queued(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    """Render a menu on its own: that of the role which the person has by now."""
    account_id = rows[0].chat_id
    role = role_of(lambda: identity.resolve(tx, account_id=account_id))
    return Message(Markup(), menu=Menu(role, t.language))


def role_of(identify: Callable[[], Actor]) -> Role | None:
    """Return the role whose commands the menu of this actor shows; None for no member."""
    try:
        actor = identify()
    except Refusal:
        return None
    return actor.role if actor.active else None
