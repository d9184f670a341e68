"""Delivery: outbox messages are leased, rendered from the current state, sent, and marked."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session
from telegram.error import TelegramError

from bot import message_sender, telegram_errors
from bot.message_sender import Bot, Old, Parcel
from bot.retry import insist, pause, rest
from bot.service.observer import NOBODY, Observer
from bot.telegram_errors import Kind, Trouble
from db import correlation
from db.models import Card, OutboxMessage
from db.session import Database
from db.states import Lane
from handlers.telegram.context import Clock
from handlers.ui import conversation
from handlers.ui.message import Message
from services.core.tx import Tx
from services.messaging import delivery_queue, group_chats, quiet_hours
from services.messaging.delivery_queue import Leased

Render = Callable[[Tx, Sequence[OutboxMessage]], Message | None]

REPLIES, NOTICES = 32, 32
"""The number of messages sent at once, by lane: notices never take the places of replies."""

REFILL = NOTICES // 2
"""The free places at which notices are leased: with ten thousand pending, the query takes 10 ms."""

LOOK_EVERY = 5.0
"""Seconds between queries without a wake-up: other processes write rows too, and rows become due."""

LOOK_AGAIN = 0.2
"""Seconds until the next query where due rows are locked: by a service, or by the open transaction of a
program that was killed.
"""

log = structlog.get_logger(__name__)


class Delivery:
    """The delivery of one program. Several programs may deliver from one database."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Clock,
        render: Render,
        *,
        wait: Callable[[int], float] = pause,
        observer: Observer = NOBODY,
    ) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._render = render
        self._wait = wait
        self._observer = observer
        self._on_the_way: dict[int, Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._troubles: dict[int, int] = {}
        self._woken = asyncio.Event()
        self._quiet = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self._stop_hearing: Callable[[], None] | None = None

    def start(self) -> None:
        loop = asyncio.get_running_loop()

        def committed() -> None:
            # Called in the writing thread. The last commits may come after the loop has ended.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self.wake)

        self._stop_hearing = self._database.on_commit(committed)
        self._runner = asyncio.create_task(self._run(), name="delivery")

    def wake(self) -> None:
        """Query for due messages now."""
        self._quiet.clear()
        self._woken.set()

    async def idle(self) -> None:
        """Return once nothing is due or being sent."""
        self.wake()
        await self._quiet.wait()

    @property
    def is_idle(self) -> bool:
        return self._quiet.is_set()

    async def stop(self, seconds: float) -> None:
        """Wait so many seconds for messages being sent. The rest is sent after the next start."""
        if self._stop_hearing is not None:
            self._stop_hearing()
            self._stop_hearing = None
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                taken = await self._take()
                if taken is not None and taken >= REFILL:
                    continue  # there may be more; with fewer no lane was filled, and each end wakes us
                if taken is None and not self._tasks and not self._woken.is_set():
                    self._quiet.set()
                is_held = taken == 0 and not self._tasks
            except Exception:  # the boundary of the sender's loop: nothing may end it
                log.exception("the outbox could not be read")
                await asyncio.sleep(LOOK_EVERY)
                continue
            await rest(self._woken, LOOK_AGAIN if is_held else LOOK_EVERY)

    @staticmethod
    def _due(session: Session, now: datetime, places: Mapping[Lane, int], busy: Sequence[int]) -> set[Lane]:
        return set(
            delivery_queue.due_lanes(
                Tx(session, now), replies=places[Lane.REPLY], notices=places[Lane.NOTICE], busy=busy
            )
        )

    @staticmethod
    def _lease(
        session: Session, now: datetime, places: Mapping[Lane, int], busy: Sequence[int]
    ) -> list[Leased]:
        return delivery_queue.lease(
            Tx(session, now),
            replies=places.get(Lane.REPLY, 0),
            notices=places.get(Lane.NOTICE, 0),
            busy=busy,
        )

    async def _take(self) -> int | None:
        """Lease messages for the free places and send them; return their number, None if none is due."""
        now, busy = self._clock(), list(self._on_the_way)
        lanes = list(self._on_the_way.values())
        replies = REPLIES - lanes.count(Lane.REPLY)
        notices = NOTICES - lanes.count(Lane.NOTICE)
        if notices < REFILL:
            notices = 0
        # Queried first, since that needs no write.
        places = {Lane.REPLY: replies, Lane.NOTICE: notices}
        due = await insist(lambda: self._database.read(lambda session: self._due(session, now, places, busy)))
        if not due:
            return None
        wanted = {lane: number for lane, number in places.items() if lane in due}
        leased = await insist(
            lambda: self._database.write(
                lambda session: self._lease(session, now, wanted, busy), quietly=True
            )
        )
        for one in leased:
            self._on_the_way[one.chat_id] = one.lane
            task = asyncio.create_task(self._deliver(one), name=f"outbox {one.ids}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(leased)

    async def _deliver(self, leased: Leased) -> None:
        try:
            await self._draw_and_send(leased)
        except Exception as error:  # the boundary around views: a fault in one concerns this message alone
            words = _words(error)
            log.exception("a message could not be made", outbox_ids=leased.ids)
            await self._note(lambda s: delivery_queue.failed(Tx(s, self._clock()), leased.ids, words))
        finally:
            del self._on_the_way[leased.chat_id]
            self.wake()

    async def _draw_and_send(self, leased: Leased) -> None:
        parcel = await insist(lambda: self._database.read(lambda s: self._draw(s, leased)))
        if isinstance(parcel, datetime):
            later = parcel
            await self._note(lambda s: delivery_queue.postpone(s, leased.ids, later))
            return
        if parcel is None:
            gone = await insist(lambda: self._database.write(lambda s: delivery_queue.dropped(s, leased.ids)))
            if gone is not None:
                await message_sender.remove(self._bot, leased.chat_id, Old(gone, None))
            return
        correlation.begin(parcel.correlation)
        began = time.perf_counter()
        try:
            posted = await message_sender.post(self._bot, parcel)
        except TelegramError as error:
            self._observer.sent(parcel.lane, "refused", time.perf_counter() - began)
            await self._settle(leased, error)
            return
        self._observer.sent(parcel.lane, "sent", time.perf_counter() - began)
        log.info("sent", chat_id=parcel.chat_id, outbox_ids=leased.ids, message_id=posted.message_id)
        self._troubles.pop(leased.chat_id, None)
        await self._note(
            lambda s: delivery_queue.sent(
                Tx(s, self._clock()),
                leased.ids,
                posted.message_id,
                photo_id=posted.photo_id,
                photo=posted.photo,
            )
        )
        if posted.leftover is not None:
            instead = None if parcel.is_dialog else parcel.message
            await message_sender.remove(self._bot, parcel.chat_id, posted.leftover, instead)

    def _draw(self, session: Session, leased: Leased) -> Parcel | datetime | None:
        """Return the message, the moment (UTC) of the next attempt, or None where it is no longer needed."""
        rows, now = delivery_queue.to_draw(session, leased.ids), self._clock()
        later = quiet_hours.until(Tx(session, now), rows) if rows else None
        if later is not None:
            return later
        message = self._render(Tx(session, now), rows) if rows else None
        if message is None:
            return None
        first = rows[0]
        card = session.get(Card, first.card_id) if first.card_id is not None else None
        return Parcel(
            chat_id=first.chat_id,
            thread_id=first.thread_id,
            lane=first.lane,
            message=message,
            old=Old(card.message_id, card.photo_id) if card and card.message_id else None,
            renew=first.renew,
            is_dialog=card is not None and card.kind == conversation.CARD,
            correlation=first.correlation,
        )

    async def _note(self, work: Callable[[Session], object]) -> None:
        # Quietly: delivery queries again when it is done.
        await insist(lambda: self._database.write(work, quietly=True))

    async def _settle(self, leased: Leased, error: TelegramError) -> None:
        """Record a message that Telegram did not accept."""
        trouble, words = telegram_errors.sort(error), _words(error)
        chat, now = leased.chat_id, self._clock()
        match trouble.kind:
            case Kind.PASSING:
                delay = self._delay(chat, trouble)
                log.warning("a message has to wait", chat_id=chat, error=words, seconds=delay.total_seconds())
                await self._note(lambda s: delivery_queue.retry_later(Tx(s, now), leased.ids, delay, words))
                asyncio.get_running_loop().call_later(delay.total_seconds(), self.wake)
            case Kind.UNREACHABLE:
                log.info("a chat cannot be reached", chat_id=chat, error=words)
                await self._note(lambda s: delivery_queue.unreachable(Tx(s, now), chat, words))
            case Kind.MIGRATED if trouble.new_chat is not None:
                log.info("a group has moved", chat_id=chat, new_chat_id=trouble.new_chat)
                new = trouble.new_chat
                await self._note(lambda s: self._move(s, leased, new, now, words))
            case _:
                log.error("Telegram refused a message", chat_id=chat, outbox_ids=leased.ids, error=words)
                await self._note(lambda s: delivery_queue.refused(s, leased.ids, words))

    def _delay(self, chat: int, trouble: Trouble) -> timedelta:
        """Return the delay that Telegram asked for, else one that grows with each failure of this chat."""
        self._troubles[chat] = self._troubles.get(chat, 0) + 1
        return trouble.wait or timedelta(seconds=self._wait(self._troubles[chat]))

    def _move(self, session: Session, leased: Leased, new: int, now: datetime, words: str) -> None:
        group_chats.moved(Tx(session, now), leased.chat_id, new)
        delivery_queue.retry_later(Tx(session, now), leased.ids, timedelta(0), words)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
