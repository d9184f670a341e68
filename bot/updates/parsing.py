"""Parses a stored update into the library's object."""

import inspect
from collections.abc import Callable, Mapping
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
            part = getattr(update, kind, None)
            _require_whole(kind, part)
            _require_types(part)
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


def _require_types(part: object) -> None:
    """Raise ValueError for a text or a number that is something else, at any depth: the library takes it."""
    if isinstance(part, tuple):
        for one in part:
            _require_types(one)
    if not isinstance(part, TelegramObject):
        return
    cls: Callable[..., object] = type(part)
    for name, type_, may_be_none in _plain(cls):
        value = getattr(part, name, None)
        if value is None and may_be_none:
            continue
        if type_ is None:
            _require_types(value)
        elif not isinstance(value, type_):
            raise ValueError(f"{name} is a {type(value).__name__}")


_TYPES: Mapping[str, type] = {"str": str, "int": int}


@cache
def _plain(cls: Callable[..., object]) -> list[tuple[str, type | None, bool]]:
    """Return the parts of this class: each one's plain type, if it has one, and whether it may be None."""
    found = []
    # What has no slot of its name is computed, or warns that it is deprecated.
    slots = {name for base in inspect.getmro(cls) for name in getattr(base, "__slots__", ())}  # type: ignore[arg-type]
    for one in inspect.signature(cls).parameters.values():
        if one.name not in slots or one.name == "api_kwargs":
            continue
        hint = one.annotation if isinstance(one.annotation, str) else inspect.formatannotation(one.annotation)
        alone = hint.removeprefix("Optional[").removesuffix("]").removesuffix(" | None")
        type_ = _TYPES.get(alone)
        found.append((one.name, type_, type_ is None or alone != hint or one.default is not one.empty))
    return found
