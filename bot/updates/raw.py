"""Raw updates: python-telegram-bot fetches them without parsing."""

import hashlib
import json
import re
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from telegram.error import NetworkError, TelegramError
from telegram.ext import ExtBot

from bot.connections import Connections, PlainRequest
from db.states import Lane
from services.messaging import inbox
from services.messaging.inbox import Arrival

_LARGEST = 2**63 - 1
"""The range of a database's integer; Telegram's own numbers have at most 52 bits."""

_MARK = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},"]', re.DOTALL)
"""A JSON string or a structural character; a lone quotation mark begins an unterminated string."""

_OF_A_MESSAGE = ("message_id", "date", "chat", "photo")
"""All that is read of a message that was sent; of an edited one nothing is. The rest would take the library
as long as the request."""

_NOT_PLAIN = re.compile(r"[^\t\n\r\x20-\x7e]")


class Contact:
    """Telegram's presence, by the last call; times are the monotonic clock's."""

    def __init__(self) -> None:
        self.answered_at: float | None = None
        self.is_there = False

    def note(self, *, answered: bool) -> None:
        """Note how a call went."""
        self.is_there = answered
        if answered:
            self.answered_at = time.monotonic()


class CarefulRequest(PlainRequest):
    """A request that takes only Telegram's own answers for what they say: a gateway in between knows neither
    whether the token is wrong nor who blocked the bot.
    """

    def __init__(self, contact: Contact, connections: Connections | None = None, **options: Any) -> None:
        super().__init__(connections, **options)
        self._contact = contact

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Return the status code and the answer. Raises TelegramError."""
        try:
            code, payload = await super().do_request(*args, **kwargs)
        except TelegramError:
            self._contact.note(answered=False)
            raise
        self._contact.note(answered=code < HTTPStatus.INTERNAL_SERVER_ERROR)
        # What is too large for Telegram is refused by its own gateway.
        is_refusal = code >= HTTPStatus.BAD_REQUEST and code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        if is_refusal and not _is_telegrams(payload):
            raise NetworkError(f"somebody else than Telegram answers ({code})")
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return an answer. Raises NetworkError for a page, which the library would log with a traceback."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise NetworkError("somebody else than Telegram answers")
        sent = answer.get("result")
        if isinstance(sent, dict) and "edit_date" in sent:
            answer["result"] = True
        elif isinstance(sent, dict) and "message_id" in sent:
            answer["result"] = {name: sent[name] for name in _OF_A_MESSAGE if name in sent}
        return answer


def _is_telegrams(payload: bytes) -> bool:
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and answer.get("ok") is False


class _RawRequest(CarefulRequest):
    """A request that keeps each update's text, and gives the library an empty list."""

    texts: list[str] | None = None

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]  # a static method there
        """Return an answer without its result. Raises TelegramError, which quotes nothing of the answer."""
        text = payload.decode("utf-8", "replace")
        self.texts = elements(text)
        if self.texts is not None:
            return {"ok": True, "result": []}
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response") from None
        return {**answer, "result": []}


class RawBot(ExtBot[dict[str, Lane]]):
    """A bot that can fetch updates without parsing them."""

    def __init__(
        self,
        token: str,
        *,
        contact: Contact,
        polling: dict[str, Any] | None = None,
        connections: Connections | None = None,
        **options: Any,
    ) -> None:
        self._raw = _RawRequest(contact, connections, httpx_kwargs=polling)
        self._contact = contact
        super().__init__(token, get_updates_request=self._raw, **options)

    @property
    def contact(self) -> Contact:
        """Tell if Telegram answers."""
        return self._contact

    async def fetch(self, *, offset: int | None, seconds: int, allowed: Sequence[str]) -> list[str]:
        """Return the texts of the next updates. Raises TelegramError."""
        self._raw.texts = None
        await self.get_updates(offset=offset, timeout=seconds, allowed_updates=allowed)
        if self._raw.texts is None:
            raise TelegramError("an answer without a list of updates")
        return self._raw.texts


def elements(answer: str) -> list[str] | None:
    """Return the text of each element of the list `result`, or None where it is incomplete or missing.

    Elements are split by brackets, not parsed, so that none can invalidate the others.
    """
    found: list[str] | None = None
    depth, key, start = 0, "", -1
    for mark in _MARK.finditer(answer):
        sign = mark.group()
        if sign == '"' or (depth == 0 and sign != "{"):
            return None
        if sign in "[{":
            depth += 1
            if depth == 2 and sign == "[" and key == '"result"':
                found, start = [], mark.end()
        elif sign in "]}":
            depth -= 1
        elif sign != "," and depth == 1:
            key = sign
        if start >= 0 and found is not None and (depth == 1 or (depth == 2 and sign == ",")):
            found.append(answer[start : mark.start()].strip())
            start = mark.end() if depth == 2 else -1
    return [one for one in found if one] if found is not None and depth == 0 else None


class Raw(NamedTuple):
    """An update to store. `confirms`: its id, where it has a usable one to confirm."""

    arrival: Arrival
    confirms: int | None


def read(text: str) -> Raw:
    """Return an update with its id and chat key, whatever else it contains.

    Without a usable id it gets a negative one derived from its text, so that a redelivery is recognized.
    """
    payload = _NOT_PLAIN.sub(_escaped, text)
    content = inbox.content(payload)
    number = content.get("update_id")
    given = number if isinstance(number, int) and not isinstance(number, bool) else None
    confirms = given if given is not None and 0 <= given < _LARGEST else None
    known_by = confirms if confirms is not None else _made(payload if given is None else f"number {given:x}")
    return Raw(Arrival(known_by, _line(content), payload), confirms)


def _made(text: str) -> int:
    digest = hashlib.sha256(text.encode()).digest()
    return -1 - (int.from_bytes(digest[:8]) >> 1)


def _escaped(character: re.Match[str]) -> str:
    """Return a character as an ASCII escape of JSON: no database accepts a NUL or a lone surrogate."""
    return json.dumps(character.group())[1:-1]


def _line(content: dict[str, Any]) -> int:
    """Return the update's chat, else its sender, else 0."""
    parts = [part for part in content.values() if isinstance(part, dict)]
    messages = [part["message"] for part in parts if isinstance(part.get("message"), dict)]
    for names, where in ((("chat",), [*messages, *parts]), (("from", "user", "voter_chat"), parts)):
        for part in where:
            for name in names:
                one = part.get(name)
                number = one.get("id") if isinstance(one, dict) else None
                if isinstance(number, int) and abs(number) <= _LARGEST:
                    return int(number)
    return 0
