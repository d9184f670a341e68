"""Parses a stored update into the library's object."""

import inspect
from collections.abc import Callable
from functools import cache

from telegram import Bot, TelegramObject, Update

from services.messaging import inbox


class Unreadable(Exception):
    """The library cannot parse an update, now or later. The error's text may quote parts of it."""


def parse(payload: str, bot: Bot) -> Update:
    """Parse an update. Raises Unreadable."""
    try:
        update = Update.de_json(inbox.parsed(payload), bot)
        for kind in Update.ALL_TYPES:
            _require_whole(kind, getattr(update, kind, None))
    except Exception as error:  # whatever the library raises, it raises each time
        raise Unreadable(f"cannot be read: {type(error).__name__}: {error}") from error
    return update


def _require_whole(kind: str, part: TelegramObject | None) -> None:
    """Raise ValueError for a missing required part, such as a message's chat, which the library accepts."""
    if part is None:
        return
    cls: Callable[..., object] = type(part)
    missing = [name for name in _needed(cls) if getattr(part, name, None) is None]
    if missing:
        raise ValueError(f"{kind} without {', '.join(missing)}")


@cache
def _needed(cls: Callable[..., object]) -> list[str]:
    """Return the required parts of this class."""
    parameters = inspect.signature(cls).parameters.values()
    return [
        one.name
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
    ]
