"""What an error from Telegram means for the one who sends."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)


class Kind(Enum):
    """PASSING: the same again later. UNREACHABLE: this chat takes nothing from us any more.

    MIGRATED: the same to another chat. UNCHANGED: it is as it should be already. GONE: the message to edit
    is not there or cannot be edited. NO_TOPIC: the forum topic is gone or closed. STALE: nobody waits for
    this any more. OURS: a bug of our own.
    """

    PASSING = auto()
    UNREACHABLE = auto()
    MIGRATED = auto()
    UNCHANGED = auto()
    GONE = auto()
    NO_TOPIC = auto()
    STALE = auto()
    OURS = auto()


@dataclass(frozen=True)
class Trouble:
    """`wait`: how long Telegram told us to be quiet. `new_chat`: where a migrated group is now."""

    kind: Kind
    wait: timedelta | None = None
    new_chat: int | None = None


# Telegram's wording changes case now and then: compared without it.
_BY_WORDS = {
    "message is not modified": Kind.UNCHANGED,
    "message to edit not found": Kind.GONE,
    "message can't be edited": Kind.GONE,
    "there is no text in the message to edit": Kind.GONE,
    "there is no caption in the message to edit": Kind.GONE,
    "message_id_invalid": Kind.GONE,
    "message thread not found": Kind.NO_TOPIC,
    "topic_closed": Kind.NO_TOPIC,
    "query is too old": Kind.STALE,
    "message to be replied not found": Kind.STALE,
    "message to delete not found": Kind.STALE,
    "message can't be deleted": Kind.STALE,
    "chat not found": Kind.UNREACHABLE,
    "group chat was deactivated": Kind.UNREACHABLE,
}


def sort(error: TelegramError) -> Trouble:
    """Which kind of trouble an error is."""
    match error:
        case RetryAfter():
            return Trouble(Kind.PASSING, wait=seconds(error))
        case ChatMigrated():
            return Trouble(Kind.MIGRATED, new_chat=error.new_chat_id)
        case Forbidden():
            return Trouble(Kind.UNREACHABLE)
        case BadRequest():  # a NetworkError by inheritance, which it is not by meaning
            words = error.message.lower()
            return Trouble(next((kind for known, kind in _BY_WORDS.items() if known in words), Kind.OURS))
        case NetworkError() if "entity too large" in error.message.lower():
            return Trouble(Kind.OURS)
        case NetworkError() | InvalidToken() | Conflict():
            return Trouble(Kind.PASSING)
        case _:
            return Trouble(Kind.OURS)


def seconds(error: RetryAfter) -> timedelta:
    """How long to be quiet; a timedelta in PTB 22's new manner, a number in the old one."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
