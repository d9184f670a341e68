"""Workers for the inbox: one per chat handles its updates in order, chats run in parallel."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy.orm import Session
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application

from bot import telegram_errors
from bot.retry import brief, insist, is_passing_database, pause, rest
from bot.sending.rate_limiter import Paced
from bot.service.discretion import words
from bot.service.observer import NOBODY, Observer, kind_of
from bot.telegram_errors import Kind, Trouble
from bot.trouble import DATABASE, TELEGRAM
from bot.updates.apologies import Apologies
from bot.updates.parsing import Unreadable, parse
from bot.updates.together import Together
from db import correlation
from db.models import InboxUpdate
from db.session import Database
from db.states import Lane
from handlers.telegram.context import AlreadyDone, Clock, InboxRef, Unnoted, current_update
from services.core.errors import Refusal
from services.core.tx import Tx
from services.messaging import group_chats, inbox, outbox

FAULT = "fault"
"""Kind of the message to the sender of an update that failed."""

OPERATOR_FAULT = "operator_fault"
"""Kind of the message to the operator about an update that was set aside."""

AT_ONCE = 256
"""The number of updates handled at a time. Generous, since each takes a place only while it runs."""

log = structlog.get_logger(__name__)


class Workers:
    """The workers of all chats with pending updates."""

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        database: Database,
        clock: Clock,
        *,
        operator_chat_id: int | None = None,
        wait: Callable[[int], float] = pause,
        observer: Observer = NOBODY,
        apologies: Apologies | None = None,
    ) -> None:
        self._application = application
        self._apologies = apologies or Apologies(application.bot)
        self._database = database
        self._clock = clock
        self._operator_chat_id = operator_chat_id
        self._wait = wait
        self._observer = observer
        self._queues: dict[int, deque[tuple[int, str | None]]] = {}
        self._together = Together(database)
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()

    async def resume(self) -> None:
        """Resume stored updates that are not done."""
        for inbox_id, chat_key in await self._database.read(inbox.waiting):
            self.add(inbox_id, chat_key)

    def add(self, inbox_id: int, chat_key: int, payload: str | None = None) -> None:
        """Queue a stored update after the earlier ones of its chat.

        `payload` is its text, where it is at hand; of what has to wait it is read again, so that no flood of
        updates fills the memory.
        """
        if chat_key in self._queues:
            self._queues[chat_key].append((inbox_id, None))
            return
        self._queues[chat_key] = deque([(inbox_id, payload)])
        task = asyncio.create_task(self._work(chat_key), name=f"chat {chat_key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_idle(self) -> bool:
        return not self._tasks

    async def idle(self) -> None:
        """Return once no chat has pending updates."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self, seconds: float) -> None:
        """Wait so many seconds for running updates. Pending ones stay in the inbox."""
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
                await self._handle(chat_key, *queue.popleft())
        finally:
            del self._queues[chat_key]

    async def _handle(self, chat_key: int, inbox_id: int, payload: str | None) -> None:
        """Attempt an update until it is done or set aside, or the program stops."""
        correlation.begin(f"u{inbox_id}")
        attempt, came, since = 0, payload, self._apologies.now()
        while not self._stopping.is_set():
            try:
                async with self._places:
                    await self._once(inbox_id, payload)
                return
            except Exception as error:  # noqa: BLE001 - the boundary of all handlers: the chat goes on
                attempt += 1
                wait = await self._settle(inbox_id, error, attempt)
                payload = None  # it may have taken effect all the same
                if is_passing_database(error):
                    await self._apologies.tell(chat_key, came, since)
            if wait is None:
                return
            await rest(self._stopping, wait)

    async def _once(self, inbox_id: int, payload: str | None) -> None:
        """Handle an update and mark it done. Raises the handlers' errors."""
        if payload is None:
            payload = await self._database.read(lambda session: inbox.load(session, inbox_id))
        if payload is None:
            return
        kind, result, began = "unreadable", "failed", time.perf_counter()
        try:
            update = parse(payload, self._application.bot)
            kind = kind_of(update)
            await self._through(InboxRef(inbox_id, payload), update)
            result = "done"
        finally:
            self._observer.updated(kind, result, time.perf_counter() - began)

    async def _through(self, ref: InboxRef, update: Update) -> None:
        """Pass an update through the handlers, and see that it is done. Raises their errors."""
        current_update.set(ref)
        # Returns normally even when handlers raise: our error handler records the error.
        await self._application.process_update(update)
        failures = [error for error in ref.failures if not isinstance(error, AlreadyDone)]
        if failures:
            raise failures[0]
        if not ref.done and not ref.failures:
            # Nothing was written, or no handler took it.
            await self._finish(ref.inbox_id, ref.payload)

    async def _finish(self, inbox_id: int, payload: str | None) -> None:
        now = self._clock()
        await self._together.write(lambda session: inbox.finish(Tx(session, now), inbox_id, payload))

    async def _settle(self, inbox_id: int, error: Exception, attempt: int) -> float | None:
        """Handle an error; return the seconds until the next attempt, or None for no further one."""
        if is_passing_database(error):
            DATABASE.met(brief(error))
            return self._wait(attempt)
        if isinstance(error, Unnoted):
            return self._wait(attempt)
        trouble = telegram_errors.sort(error) if isinstance(error, TelegramError) else None
        if trouble is not None and trouble.kind is Kind.PASSING:
            if not isinstance(error, Paced):
                TELEGRAM.met(f"{type(error).__name__}: {error}")
            log.debug("no answer could be sent; trying again", inbox_id=inbox_id, error=str(error))
            told = trouble.wait.total_seconds() if trouble.wait else 0.0
            return max(told, self._wait(attempt))
        try:
            if trouble is not None and trouble.kind is not Kind.OURS:
                log.info("an answer reached nobody", inbox_id=inbox_id, error=str(error))
                await insist(lambda: self._give_up_answer(inbox_id, trouble), self._wait)
                return None
            if not isinstance(error, Unreadable):
                # The first time with its traceback; none for a refusal, which nobody put into words.
                fault = error if attempt == 1 and not isinstance(error, Refusal) else None
                log.error(
                    "an update was not handled",
                    inbox_id=inbox_id,
                    attempt=attempt,
                    error=type(error).__name__,
                    exc_info=fault,
                )
            set_aside = await insist(lambda: self._count(inbox_id, error), self._wait)
        except Exception:  # the boundary's own bookkeeping failed: the row still waits, for the next start
            log.exception("a failure could not be noted", inbox_id=inbox_id)
            return None
        return None if set_aside else self._wait(attempt)

    async def _give_up_answer(self, inbox_id: int, trouble: Trouble) -> None:
        """Mark an update as done without an answer: it is stale, or the chat accepts none."""

        def work(session: Session) -> None:
            stored = session.get_one(InboxUpdate, inbox_id)
            if trouble.new_chat is not None:
                group_chats.moved(Tx(session, self._clock()), stored.chat_key, trouble.new_chat)
            inbox.finish(Tx(session, self._clock()), inbox_id, stored.payload)

        await self._database.write(work)

    async def _count(self, inbox_id: int, error: Exception) -> bool:
        """Count a failure; tell sender and operator about the last one, and return whether it was.

        An unreadable update is set aside at once, without a message to a group, which may not be concerned.
        """
        is_readable = not isinstance(error, Unreadable)
        what = f"{type(error).__name__}: {error}" if is_readable else str(error)

        def work(session: Session) -> bool:
            set_aside = inbox.failed(Tx(session, self._clock()), inbox_id, what, for_good=not is_readable)
            if set_aside is not None:
                if is_readable or set_aside.chat_key > 0:
                    self._tell_sender(session, set_aside)
                self._tell_operator(session, set_aside)
            return set_aside is not None

        is_over = await self._database.write(work)
        if is_over:
            # The reason may quote the update: it is shown by `equiplib status`, not logged.
            told = words(error) if is_readable else f"cannot be read: {type(error.__cause__).__name__}"
            log.error("an update was set aside", inbox_id=inbox_id, error=told)
        return is_over

    def _tell_sender(self, session: Session, row: InboxUpdate) -> None:
        """Tell the sender about the failure, by the raw payload, since the update may be unreadable."""
        update = inbox.content(row.payload)
        tapped = update.get("callback_query")
        message = update.get("message") or (tapped.get("message") if isinstance(tapped, dict) else None)
        if not isinstance(message, dict) or row.chat_key == 0:
            return
        thread = message.get("message_thread_id") if message.get("is_topic_message") else None
        outbox.send(
            Tx(session, self._clock()),
            FAULT,
            chat_id=row.chat_key,
            thread_id=thread if isinstance(thread, int) and abs(thread) < 2**63 else None,
            params={"inbox_id": row.id},
            lane=Lane.REPLY,
        )

    def _tell_operator(self, session: Session, row: InboxUpdate) -> None:
        if self._operator_chat_id is not None:
            outbox.send(
                Tx(session, self._clock()),
                OPERATOR_FAULT,
                chat_id=self._operator_chat_id,
                params={"inbox_id": row.id, "error": row.error[:500]},
            )
