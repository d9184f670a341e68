"""The observer of what the program does; by itself it notes nothing."""

from collections.abc import Mapping
from typing import Any

from telegram import Update


class Observer:
    """Is told of each update and message. Called on the event loop, so it must be quick."""

    def updated(self, kind: str, result: str, seconds: float) -> None:
        """Note an attempt to handle an update."""

    def sent(self, lane: str, result: str, seconds: float) -> None:
        """Note an attempt to send a message."""

    def swept(self, result: str, seconds: float) -> None:
        """Note a run of the periodic work."""


NOBODY = Observer()


def kind_of(update: Update | Mapping[str, Any]) -> str:
    """Return the kind of an update, such as `message`; "other" for those that the library does not know."""
    for kind in Update.ALL_TYPES:
        if (update.get(kind) if isinstance(update, Mapping) else getattr(update, kind, None)) is not None:
            return str(kind)
    return "other"
