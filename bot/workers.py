"""Handling what is in the inbox: one worker per chat takes its updates in order, chats go in parallel."""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from sqlalchemy.orm import Session
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application

from bot import telegram_errors
from bot.retry import brief, insist, is_passing_database, pause, rest
from bot.telegram_errors import Kind, Trouble
from db.models import InboxUpdate
from db.session import Database
from db.states import Lane
from handlers.telegram.context import AlreadyDone, Clock, InboxRef, current_update
from services.messaging import group_chats, inbox, outbox

FAULT = "fault"
"""Kind of the message to the one whose update met our own fault."""

OPERATOR_FAULT = "operator_fault"
"""Kind of the message that tells the operator of an update that was set aside."""

AT_ONCE = 256
"""How many chats are handled at a time. Generous: a place is taken by one update, not by a chat's queue."""

log = structlog.get_logger(__name__)


class Workers:
    """All chats' workers. A chat that has nothing to do has none."""

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        database: Database,
        clock: Clock,
        *,
        operator_chat_id: int | None = None,
        wait: Callable[[int], float] = pause,
    ) -> None:
        self._application = application
        self._database = database
        self._clock = clock
        self._operator_chat_id = operator_chat_id
        self._wait = wait
        self._queues: dict[int, deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()

    async def resume(self) -> None:
        """Take up what was stored before and is not done."""
        for inbox_id, chat_key in await self._database.read(inbox.waiting):
            self.add(inbox_id, chat_key)

    def add(self, inbox_id: int, chat_key: int) -> None:
        """Have a stored update handled, after those of its chat that were added before."""
        if chat_key in self._queues:
            self._queues[chat_key].append(inbox_id)
            return
        self._queues[chat_key] = deque([inbox_id])
        task = asyncio.create_task(self._work(chat_key), name=f"chat {chat_key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_idle(self) -> bool:
        return not self._tasks

    async def idle(self) -> None:
        """Return once no chat has anything left to handle."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self, seconds: float) -> None:
        """Let what is being handled come to its end for so long. What waits stays in the inbox."""
        self._stopping.set()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, chat_key: int) -> None:
        queue = self._queues[chat_key]
        try:
            while queue and not self._stopping.is_set():
                await self._handle(queue.popleft())
        finally:
            del self._queues[chat_key]

    async def _handle(self, inbox_id: int) -> None:
        """Try until the update is done or set aside, or the program stops."""
        attempt = 0
        while not self._stopping.is_set():
            try:
                async with self._places:
                    await self._once(inbox_id)
                return
            except Exception as error:  # noqa: BLE001 - the boundary of all handlers: the chat goes on
                attempt += 1
                wait = await self._settle(inbox_id, error, attempt)
            if wait is None:
                return
            await rest(self._stopping, wait)

    async def _once(self, inbox_id: int) -> None:
        """Handle an update and mark it done. Raises what the handlers raised."""
        payload = await self._database.read(lambda session: inbox.load(session, inbox_id))
        if payload is None:
            return
        ref = InboxRef(inbox_id)
        current_update.set(ref)
        # Returns normally even when handlers raise: our error handler notes what they raised.
        await self._application.process_update(Update.de_json(payload, self._application.bot))
        failures = [error for error in ref.failures if not isinstance(error, AlreadyDone)]
        if failures:
            raise failures[0]
        if not ref.done and not ref.failures:
            # Nothing was written, or nobody felt concerned.
            await self._finish(inbox_id)

    async def _finish(self, inbox_id: int) -> None:
        work = partial(inbox.finish, inbox_id=inbox_id, now=self._clock())
        await self._database.write(work, quietly=True)

    async def _settle(self, inbox_id: int, error: Exception, attempt: int) -> float | None:
        """What follows from an error: the seconds until the next attempt, or None when there is none."""
        if is_passing_database(error):
            log.warning("the database is in trouble; trying again", inbox_id=inbox_id, error=brief(error))
            return self._wait(attempt)
        trouble = telegram_errors.sort(error) if isinstance(error, TelegramError) else None
        if trouble is not None and trouble.kind is Kind.PASSING:
            log.warning("no answer could be sent; trying again", inbox_id=inbox_id, error=str(error))
            told = trouble.wait.total_seconds() if trouble.wait else 0.0
            return max(told, self._wait(attempt))
        try:
            if trouble is not None and trouble.kind is not Kind.OURS:
                log.info("an answer reached nobody", inbox_id=inbox_id, error=str(error))
                await insist(lambda: self._give_up_answer(inbox_id, trouble), self._wait)
                return None
            log.error("an update was not handled", inbox_id=inbox_id, attempt=attempt, exc_info=error)
            set_aside = await insist(lambda: self._count(inbox_id, error), self._wait)
        except Exception:  # the boundary's own bookkeeping failed: the row still waits, for the next start
            log.exception("a failure could not be noted", inbox_id=inbox_id)
            return None
        return None if set_aside else self._wait(attempt)

    async def _give_up_answer(self, inbox_id: int, trouble: Trouble) -> None:
        """Done without an answer: it is stale, or the chat takes none."""

        def work(session: Session) -> None:
            chat = session.get_one(InboxUpdate, inbox_id).chat_key
            if trouble.new_chat is not None:
                group_chats.moved(session, self._clock(), chat, trouble.new_chat)
            inbox.finish(session, inbox_id, self._clock())

        await self._database.write(work)

    async def _count(self, inbox_id: int, error: Exception) -> bool:
        """Count the failure; the last one is told to the sender and the operator. True if that was it."""
        what = f"{type(error).__name__}: {error}"

        def work(session: Session) -> bool:
            set_aside = inbox.failed(session, inbox_id, what, self._clock())
            if set_aside is not None:
                self._tell(session, set_aside)
            return set_aside is not None

        is_over = await self._database.write(work)
        if is_over:
            log.error("an update was set aside", inbox_id=inbox_id, error=what)
        return is_over

    def _tell(self, session: Session, row: InboxUpdate) -> None:
        """From the payload as it is: it may be what cannot be read."""
        now, update = self._clock(), row.payload
        message = update.get("message") or (update.get("callback_query") or {}).get("message")
        if isinstance(message, dict):
            outbox.say(
                session,
                now,
                chat_id=row.chat_key,
                thread_id=message.get("message_thread_id") if message.get("is_topic_message") else None,
                kind=FAULT,
                params={"inbox_id": row.id},
                lane=Lane.REPLY,
            )
        if self._operator_chat_id is not None:
            outbox.say(
                session,
                now,
                chat_id=self._operator_chat_id,
                kind=OPERATOR_FAULT,
                params={"inbox_id": row.id, "error": row.error[:500]},
            )
