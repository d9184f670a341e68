"""The bot's updates: kept until an offset confirms them, redelivered until then."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.botapi.refusals import conflict
from sandbox.botapi.responses import Verbatim
from sandbox.world.changes import Changes

KEPT_FOR = timedelta(hours=24)
NEVER_BY_DEFAULT = frozenset({"chat_member"})
"""Kinds that come only when `allowed_updates` names them."""
FIRST_ID = 700_000_001
FUTURE = 10
"""An offset further than this beyond the next id confirms nothing: Telegram then starts at the oldest."""


@dataclass(frozen=True)
class Update:
    """An update that the bot has not confirmed yet."""

    id: int
    kind: str
    content: dict[str, object]
    at: datetime

    raw: Verbatim | None = None

    @property
    def chat(self) -> int:
        """The chat that it is about; 0 where that cannot be seen."""
        message = self.content.get("message")
        for part in (self.content, message if isinstance(message, dict) else {}):
            chat = part.get("chat")
            if isinstance(chat, dict):
                return int(chat["id"])
        return 0

    def json(self) -> dict[str, object] | Verbatim:
        return self.raw if self.raw is not None else {"update_id": self.id, self.kind: self.content}


@dataclass(frozen=True)
class Hook:
    """A webhook, and what went wrong with it last."""

    url: str = ""
    secret: str = ""
    connections: int = 40
    trouble: str = ""
    trouble_at: datetime | None = None


class Updates:
    """The queue of one bot. Times are the sandbox clock's, waiting is in real seconds."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._pending: list[Update] = []
        self._next_id = FIRST_ID
        self._allowed: frozenset[str] | None = None
        self._poll = 0
        self._ended_by = ""
        self._changes = Changes()
        self.hook = Hook()

    @property
    def webhook(self) -> str:
        """The address of the webhook; empty without one."""
        return self.hook.url

    def add(self, kind: str, content: dict[str, object]) -> None:
        """Queue an update, unless the bot did not ask for this kind."""
        wanted = kind in self._allowed if self._allowed is not None else kind not in NEVER_BY_DEFAULT
        if wanted:
            self._pending.append(Update(self._next_id, kind, content, self._now()))
            self._next_id += 1
            self._changes.notify()

    def add_raw(self, update: dict[str, object] | str) -> None:
        """Queue anything at all in the place of an update, asked for or not; text is sent to the letter.

        What is no text gets the next number where it has none. The place in the queue has that number too:
        it is confirmed by it, or with a later update, whatever it calls itself.
        """
        if isinstance(update, dict):
            update = json.dumps({"update_id": self._next_id, **update})
        self._pending.append(Update(self._next_id, "", {}, self._now(), Verbatim(update)))
        self._next_id += 1
        self._changes.notify()

    def pending_count(self) -> int:
        """The number of updates that nobody has confirmed yet."""
        self._drop_old()
        return len(self._pending)

    async def confirmed(self) -> None:
        """Return once nothing is left that the bot has not confirmed."""
        while self.pending_count():
            await self._changes.wait(KEPT_FOR.total_seconds())

    def restart_ids(self, next_id: int) -> None:
        """Number the next updates from here, as Telegram does at random after a quiet week."""
        self._next_id = next_id

    def drop_pending(self) -> None:
        """Forget what is not yet confirmed."""
        self._pending.clear()

    def allow(self, kinds: list[str]) -> None:
        """Queue only these kinds from now on; an empty list means the default."""
        self._allowed = frozenset(kinds) or None

    @property
    def allowed(self) -> list[str] | None:
        """The kinds that the bot asked for; None where it has not."""
        return sorted(self._allowed) if self._allowed is not None else None

    def set_webhook(self, hook: Hook) -> None:
        """Remember a webhook; setting one ends a poll that is waiting."""
        self.hook = hook
        self._changes.notify()
        if hook.url:
            self._end_poll("terminated by setWebhook request")

    def pending(self) -> list[Update]:
        """All that nobody has confirmed yet, in order."""
        self._drop_old()
        return list(self._pending)

    def delivered(self, update: Update) -> None:
        """Forget an update that the webhook took."""
        self._pending = [one for one in self._pending if one is not update]
        self._changes.notify()

    def refused(self, trouble: str) -> None:
        """Remember why the webhook did not take an update."""
        self.hook = replace(self.hook, trouble=trouble, trouble_at=self._now())

    async def changed(self, seconds: float) -> bool:
        """Wait for something new in the queue, or another webhook."""
        return await self._changes.wait(seconds)

    async def fetch(self, offset: int, limit: int, seconds: float) -> list[object]:
        """The next updates, waiting up to that many real seconds; raises 409 if another call takes over."""
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self._end_poll(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        mine = self._poll
        self._drop_old()
        self._confirm(offset)
        end = time.monotonic() + seconds
        while not self._pending and (left := end - time.monotonic()) > 0:
            await self._changes.wait(left)
            if mine != self._poll:
                if self._ended_by:
                    raise conflict(self._ended_by)
                return []
        return [one.json() for one in self._pending[:limit]]

    def close(self) -> None:
        """Let a poll that is waiting return with nothing, at shutdown."""
        self._end_poll("")

    def _end_poll(self, words: str) -> None:
        self._poll += 1
        self._ended_by = words
        self._changes.notify()

    def _drop_old(self) -> None:
        oldest = self._now() - KEPT_FOR
        self._pending = [one for one in self._pending if one.at > oldest]

    def _confirm(self, offset: int) -> None:
        if 0 < offset <= self._next_id + FUTURE:
            self._pending = [one for one in self._pending if one.id >= offset]
        elif offset < 0:
            self._pending = self._pending[offset:]
        self._changes.notify()
