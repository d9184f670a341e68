"""Classification of Telegram's errors for senders."""

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
    """Kinds of errors. PASSING: retry later. UNREACHABLE: the chat accepts no messages from the bot any more.

    MUTED: the bot may not write there at present, whatever the message.
    MIGRATED: retry in another chat. UNCHANGED: the message already is as it should be. GONE: the message to
    edit does not exist or cannot be edited. NO_TOPIC: the forum topic is gone or closed. STALE: the query is
    too old for an answer. OURS: a bug in this program.
    """

    PASSING = auto()
    UNREACHABLE = auto()
    MUTED = auto()
    MIGRATED = auto()
    UNCHANGED = auto()
    GONE = auto()
    NO_TOPIC = auto()
    STALE = auto()
    OURS = auto()


@dataclass(frozen=True)
class Trouble:
    """A classified error. `wait`: the pause that Telegram demands. `new_chat`: a migrated group's new id."""

    kind: Kind
    wait: timedelta | None = None
    new_chat: int | None = None


# Compared without case, which Telegram changes now and then.
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
    "not enough rights to send text messages": Kind.MUTED,
    "have no rights to send": Kind.MUTED,
    "have no write access": Kind.MUTED,
    "need administrator rights": Kind.MUTED,
    "chat_write_forbidden": Kind.MUTED,
    "chat_send_plain_forbidden": Kind.MUTED,
    "chat_guest_send_forbidden": Kind.MUTED,
    "chat_restricted": Kind.MUTED,
    "chat_admin_required": Kind.MUTED,
    "user_banned_in_channel": Kind.MUTED,
    "user_restricted": Kind.MUTED,
    "allow_payment_required": Kind.MUTED,
    "chat not found": Kind.UNREACHABLE,
    "group chat was deactivated": Kind.UNREACHABLE,
}


_NO_SUCH_FILES = ("chat_send_photos", "chat_send_docs", "chat_send_media")
"""Refusals of a chat that takes words, but not such files."""


def sort(error: TelegramError) -> Trouble:
    """Classify an error."""
    match error:
        case RetryAfter():
            return Trouble(Kind.PASSING, wait=seconds(error))
        case ChatMigrated():
            return Trouble(Kind.MIGRATED, new_chat=error.new_chat_id)
        case Forbidden():
            words = error.message.lower()
            if any(part in words for part in _NO_SUCH_FILES):
                return Trouble(Kind.OURS)  # words may go there
            known = next((kind for known, kind in _BY_WORDS.items() if known in words), None)
            return Trouble(known or Kind.UNREACHABLE)
        case BadRequest():  # a NetworkError by inheritance, which it is not by meaning
            words = error.message.lower()
            return Trouble(next((kind for known, kind in _BY_WORDS.items() if known in words), Kind.OURS))
        case NetworkError() if "entity too large" in error.message.lower():
            return Trouble(Kind.OURS)
        case NetworkError() | InvalidToken() | Conflict():
            return Trouble(Kind.PASSING)
        case _:
            return Trouble(Kind.OURS)


def words(error: TelegramError) -> str:
    """Return the error for the log: its name, and Telegram's words or the library's."""
    return f"{type(error).__name__}: {error.message}"


def told_to_wait(error: TelegramError) -> float:
    """Return the seconds that Telegram asks to wait; 0 where it asks for none."""
    return seconds(error).total_seconds() if isinstance(error, RetryAfter) else 0.0


def seconds(error: RetryAfter) -> timedelta:
    """Return the pause that Telegram asked for, a timedelta or, in older PTB versions, a number."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
