"""The delivery to a webhook, as Telegram does it: in order in each chat, again until it is taken."""

import asyncio
import json
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

import httpx

from sandbox.botapi.responses import Verbatim
from sandbox.world.updates import Update, Updates

SECRET = "X-Telegram-Bot-Api-Secret-Token"
PATIENCE = 60.0
"""Seconds that a webhook has for its answer."""

LONGEST_PAUSE = 60.0


class Courier:
    """Delivers the updates of one bot while a webhook is set.

    `names` leads from the address of a webhook, `https://host`, to the server that stands there: the sandbox
    reaches nothing but this machine. `pause`: the seconds until an update is delivered again, by attempts.
    """

    def __init__(self, updates: Updates) -> None:
        self._updates = updates
        self._waiting: dict[int, tuple[int, float]] = {}
        self.names: dict[str, str] = {}
        self.pause: Callable[[int], float] = lambda attempts: min(LONGEST_PAUSE, 2.0 ** (attempts - 1))
        self.verify: bool | ssl.SSLContext = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Deliver whatever comes from now on."""
        self._task = asyncio.create_task(self._run(), name="webhook")

    async def stop(self) -> None:
        """End in the middle of whatever it is."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        client: httpx.AsyncClient | None = None
        try:
            while True:
                update, seconds = self._next()
                if update is None:
                    await self._updates.changed(seconds)
                    continue
                client = client or httpx.AsyncClient(verify=self.verify, trust_env=False, timeout=PATIENCE)
                await self._deliver(client, update)
        finally:
            if client is not None:
                await client.aclose()

    def _next(self) -> tuple[Update | None, float]:
        """Return the next update whose chat is not waiting; else the seconds until one is."""
        if not self._updates.webhook:
            self._waiting.clear()
            return None, LONGEST_PAUSE
        now, seconds = time.monotonic(), LONGEST_PAUSE
        for update in self._updates.pending():
            until = self._waiting.get(update.chat, (0, 0.0))[1]
            if until <= now:
                return update, 0.0
            seconds = min(seconds, until - now)
        return None, seconds

    async def _deliver(self, client: httpx.AsyncClient, update: Update) -> None:
        hook = self._updates.hook
        trouble = await self._post(client, hook.url, hook.secret, update)
        if trouble is None:
            self._waiting.pop(update.chat, None)
            self._updates.delivered(update)
            return
        attempts = self._waiting.get(update.chat, (0, 0.0))[0] + 1
        self._waiting[update.chat] = (attempts, time.monotonic() + self.pause(attempts))
        self._updates.refused(trouble)

    async def _post(self, client: httpx.AsyncClient, url: str, secret: str, update: Update) -> str | None:
        """Deliver once; return what went wrong, in Telegram's words."""
        content = update.json()
        text = content if isinstance(content, Verbatim) else json.dumps(content, separators=(",", ":"))
        headers = {"content-type": "application/json", **({SECRET: secret} if secret else {})}
        parts = httpx.URL(url)
        there = self.names.get(f"{parts.scheme}://{parts.netloc.decode()}")
        if there is None:
            return "Failed to resolve host: Name or service not known"
        try:
            answer = await client.post(
                there + parts.raw_path.decode(),
                content=text.encode("utf-8", "surrogatepass"),
                headers={**headers, "host": parts.netloc.decode()},
            )
        except httpx.ConnectError:
            return "Connection refused"
        except httpx.HTTPError:
            return "Connection timed out"
        if answer.is_success:
            return None
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
