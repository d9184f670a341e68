"""Delivery: outbox messages are leased, rendered from the current state, sent, and marked."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session
from telegram.error import NetworkError, TelegramError

from bot import telegram_errors
from bot.retry import insist, pause, rest
from bot.sending import message_sender
from bot.sending.leftovers import Remover
from bot.sending.message_sender import Bot, Old, Parcel, Posted
from bot.sending.rate_limiter import Paced
from bot.service.observer import NOBODY, Observer
from bot.telegram_errors import Kind, Trouble
from bot.trouble import OUTBOX, TELEGRAM
from bot.updates.together import Together
from db import correlation
from db.models import Card, OutboxMessage
from db.session import Database
from db.states import Lane
from handlers.telegram.context import Clock
from handlers.telegram.render import instead_of_file
from handlers.telegram.setup import menus
from handlers.ui.message import Message
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.messaging import delivery_queue, group_chats, quiet_hours
from services.messaging.delivery_queue import Leased, Outcome
from services.messaging.tidying import leftovers

T = TypeVar("T")

Render = Callable[[Tx, Sequence[OutboxMessage]], Message | None]

Drawn = Parcel | datetime | None
"""A message, the moment (UTC) of the next attempt, or None where it is no longer needed."""

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

DRAWN_TOGETHER = 4
"""The most messages of one cause that are drawn in one transaction: the first waits for the last."""

DRAW_AGAIN = timedelta(minutes=10)
"""The wait of a message that cannot be drawn because of its organization's settings."""

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
        number: int | None = None,
        observer: Observer = NOBODY,
    ) -> None:
        """`number` is this program's, for the rows that it leases."""
        self._number = number
        self._bot = bot
        self._database = database
        self._clock = clock
        self._render = render
        self._wait = wait
        self.remover = Remover(bot, database, clock, render, wait)
        self.doubtful: set[int] = set()
        """The chats in which a card may have been sent twice."""
        self._observer = observer
        self._together = Together(database)
        self._on_the_way: dict[int, Lane] = {}
        self._passed_over: set[int] = set()
        """The chats in which a message was on the way at a look, since the one that marks it as sent began to
        look itself: there may be more for them."""
        self._is_news = False
        """A transaction was committed since the last look: it has probably queued a message."""
        self._awaited = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._troubles: dict[int, int] = {}
        self._woken = asyncio.Event()
        self._quiet = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self._stop_hearing: Callable[[], None] | None = None

    async def prepare(self) -> None:
        """Find out which chats may have a card twice, before an update is handled that is a tap on one."""
        self.doubtful |= await insist(lambda: self._database.read(leftovers.suspected_in))

    def start(self) -> None:
        loop = asyncio.get_running_loop()

        def committed() -> None:
            # Called in the writing thread. The last commits may come after the loop has ended.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._hear)

        self._stop_hearing = self._database.on_commit(committed)
        self._runner = asyncio.create_task(self._run(), name="delivery")
        self.remover.start()

    def _hear(self) -> None:
        self._is_news = True
        self.wake()

    def wake(self) -> None:
        """Query for due messages now."""
        self._quiet.clear()
        self._woken.set()

    async def idle(self) -> None:
        """Return once nothing is due or being sent."""
        self.wake()
        self._awaited += 1
        try:
            await self._quiet.wait()
        finally:
            self._awaited -= 1

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
        await self.remover.stop()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                taken = await self._take()
                if taken is not None and taken >= REFILL:
                    continue  # there may be more; with fewer no lane was filled, and ends wake us
                if taken is None and not self._tasks and not self._woken.is_set():
                    self._quiet.set()
                is_held = taken == 0
                OUTBOX.fine()
            except Exception as error:  # noqa: BLE001 - the boundary of the sender's loop: nothing may end it
                OUTBOX.met(_words(error), fault=error)
                await asyncio.sleep(LOOK_EVERY)
                continue
            await rest(self._woken, LOOK_AGAIN if is_held else LOOK_EVERY)

    def _places(self) -> dict[str, int]:
        """Return the free places by lane, as the delivery queue takes them."""
        lanes = list(self._on_the_way.values())
        notices = NOTICES - lanes.count(Lane.NOTICE)
        return {
            "replies": REPLIES - lanes.count(Lane.REPLY),
            "notices": notices if notices >= REFILL else 0,
        }

    async def _take(self) -> int | None:
        """Lease messages for the free places and send them; return their number, None if none is due."""
        now, busy, places = self._clock(), list(self._on_the_way), self._places()
        self._passed_over.update(busy)
        is_news, self._is_news = self._is_news, False

        def is_due(session: Session) -> bool:
            return bool(delivery_queue.due_lanes(Tx(session, now), busy=busy, **places))

        def lease(session: Session) -> list[Leased] | None:
            return delivery_queue.lease(Tx(session, now), busy=busy, by=self._number, **places)

        # Without news it looks first, since that needs no write.
        if not is_news and not await insist(lambda: self._database.read(is_due)):
            return None
        leased = await insist(lambda: self._database.write(lease, quietly=True))
        if leased is None:
            return None
        self._on_the_way.update((one.chat_id, one.lane) for one in leased)
        for some in _of_one_cause(leased):
            task = asyncio.create_task(self._deliver_all(some), name=f"outbox {some}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(leased)

    async def _deliver_all(self, some: Sequence[Leased]) -> None:
        """Deliver messages of one cause, drawn in one transaction: they show much of the same."""
        if len(some) == 1:
            await self._deliver(some[0], {})
            return
        try:
            drawn = dict(zip(some, await self._draw(some), strict=True))
        except Exception:  # noqa: BLE001 - whichever is at fault fails again, when each is drawn alone
            drawn = {}
        await asyncio.gather(*(self._deliver(one, drawn) for one in some))

    async def _deliver(self, leased: Leased, drawn: Mapping[Leased, Drawn]) -> None:
        """Deliver one message; `drawn` has what was drawn before."""
        is_last = False
        try:
            parcel = drawn[leased] if leased in drawn else (await self._draw([leased]))[0]
            is_last = await self._send(leased, parcel)
        except Exception as error:  # the boundary around views: a fault in one concerns this message alone
            words = _words(error)
            fault = None if isinstance(error, Refusal) else error
            log.error("a message could not be made", outbox_ids=leased.ids, error=words, exc_info=fault)
            await self._note(lambda s: delivery_queue.failed(Tx(s, self._clock()), leased.ids, words))
        finally:
            places_were_few = len(self._on_the_way) >= REFILL
            was_passed_over = leased.chat_id in self._passed_over
            del self._on_the_way[leased.chat_id]
            self._passed_over.discard(leased.chat_id)
            if not is_last or was_passed_over or places_were_few or self._awaited:
                self.wake()

    async def _send(self, leased: Leased, parcel: Drawn) -> bool:
        """Return whether it was sent, and nothing else waits for its chat."""
        if isinstance(parcel, datetime):
            later = parcel
            await self._note(lambda s: delivery_queue.postpone(s, leased.ids, later))
            return False
        if parcel is None:
            now = self._clock()
            gone = await insist(
                lambda: self._database.write(lambda s: delivery_queue.dropped(Tx(s, now), leased.ids))
            )
            if gone is not None:
                await self.remover.remove(gone)
            return False
        correlation.begin(parcel.correlation)
        began = time.perf_counter()
        try:
            posted = await message_sender.post(self._bot, parcel)
        except TelegramError as error:
            self._observer.sent(parcel.lane, "refused", time.perf_counter() - began)
            await self._settle(leased, error)
            return False
        self._observer.sent(parcel.lane, "sent", time.perf_counter() - began)
        return await self._sent(leased, parcel, posted)

    async def _sent(self, leased: Leased, parcel: Parcel, posted: Posted) -> bool:
        """Record a message that Telegram has accepted, and what it leaves to do; return whether nothing else
        waits for its chat.
        """
        log.info("sent", chat_id=parcel.chat_id, outbox_ids=leased.ids, message_id=posted.message_id)
        self._troubles.pop(leased.chat_id, None)

        def work(session: Session) -> Outcome:
            tx = Tx(session, self._clock())
            if posted.menu_after is not None:
                menus.set_later(tx, leased.chat_id, posted.menu_after)
            return delivery_queue.sent(
                tx,
                leased.ids,
                posted.message_id,
                photo_id=posted.photo_id,
                refused_photo_id=posted.refused_photo_id,
                photo=posted.photo,
                buttons=parcel.message.fingerprint(),
            )

        # What an earlier look passed over is among what waits for its chat.
        self._passed_over.discard(leased.chat_id)
        outcome = await insist(lambda: self._together.write(work))
        if posted.menu_after is not None:
            asyncio.get_running_loop().call_later(posted.menu_after.total_seconds(), self.wake)
        if outcome.is_doubtful:
            self.doubtful.add(parcel.chat_id)
        if outcome.leftover is not None:
            await self.remover.remove(outcome.leftover)
        return not outcome.more_wait

    async def _draw(self, some: Sequence[Leased]) -> list[Drawn]:
        """Draw messages from one state of the database."""

        def work(session: Session) -> list[Drawn]:
            rows = delivery_queue.to_draw(session, [number for one in some for number in one.ids])
            tx = Tx(session, self._clock())
            return [self._drawn_if_possible(tx, [row for row in rows if row.id in one.ids]) for one in some]

        return await insist(lambda: self._database.read(work))

    def _drawn_if_possible(self, tx: Tx, rows: Sequence[OutboxMessage]) -> Drawn:
        try:
            return self._drawn(tx, rows) if rows else None
        except Refusal as refusal:
            if refusal.code is not Refused.SETTINGS_WRONG:
                raise
            # Whoever can set that right is told by the sweep.
            return tx.now + DRAW_AGAIN

    def _drawn(self, tx: Tx, rows: Sequence[OutboxMessage]) -> Drawn:
        later = quiet_hours.until(tx, rows)
        if later is not None:
            return later
        message = self._render(tx, rows)
        if message is None:
            return None
        first = next((row for row in rows if row.card_id is not None), rows[0])
        card = tx.session.get(Card, first.card_id) if first.card_id is not None else None
        return Parcel(
            chat_id=first.chat_id,
            thread_id=first.thread_id,
            lane=first.lane,
            message=message,
            old=Old(card.message_id, card.photo_id, card.refused_photo_id)
            if card and card.message_id
            else None,
            renew=first.renew and message.is_news,
            rings=message.is_news and any(row.rings for row in rows),
            correlation=first.correlation,
            instead_of_file=instead_of_file(tx, first, message),
        )

    async def _note(self, work: Callable[[Session], T]) -> T:
        # Quietly: delivery queries again when it is done.
        return await insist(lambda: self._database.write(work, quietly=True))

    async def _settle(self, leased: Leased, error: TelegramError) -> None:
        """Record a message that Telegram did not accept."""
        trouble, words = telegram_errors.sort(error), _words(error)
        chat, now = leased.chat_id, self._clock()
        match trouble.kind:
            case Kind.PASSING:
                delay = self._delay(chat, trouble)
                if not isinstance(error, Paced):
                    TELEGRAM.met(words)
                log.debug("a message has to wait", chat_id=chat, error=words, seconds=delay.total_seconds())
                is_unsure = isinstance(error, NetworkError) and "ConnectError" not in error.message
                await self._note(
                    lambda s: delivery_queue.retry_later(
                        Tx(s, now), leased.ids, delay, words, is_unsure=is_unsure
                    )
                )
                asyncio.get_running_loop().call_later(delay.total_seconds(), self.wake)
            case Kind.UNREACHABLE:
                log.info("a chat cannot be reached", chat_id=chat, error=words)
                await self._note(lambda s: delivery_queue.unreachable(Tx(s, now), chat, words))
            case Kind.MUTED | Kind.NO_TOPIC:
                wait = await self._note(lambda s: self._wait_for_rights(s, leased, now, words))
                log.info("the bot may not write in a chat", chat_id=chat, error=words, wait=str(wait))
                if wait is not None:
                    asyncio.get_running_loop().call_later(wait.total_seconds(), self.wake)
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

    @staticmethod
    def _wait_for_rights(session: Session, leased: Leased, now: datetime, words: str) -> timedelta | None:
        """Have a message wait until the bot may write there; return the pause until the next attempt.

        None where nobody's group has refused it for a day: then it is given up.
        """
        wait = group_chats.muted(Tx(session, now), leased.chat_id)
        if wait is None:
            delivery_queue.refused(session, leased.ids, words)
            return None
        delivery_queue.retry_later(Tx(session, now), leased.ids, wait, words)
        return wait

    def _move(self, session: Session, leased: Leased, new: int, now: datetime, words: str) -> None:
        group_chats.moved(Tx(session, now), leased.chat_id, new)
        delivery_queue.retry_later(Tx(session, now), leased.ids, timedelta(0), words)


def _of_one_cause(leased: Sequence[Leased]) -> Iterator[Sequence[Leased]]:
    """Group messages that the same update or sweep brought about, a few at a time."""
    groups: dict[str | int, list[Leased]] = {}
    for one in leased:
        groups.setdefault(one.cause or one.chat_id, []).append(one)
    for group in groups.values():
        for start in range(0, len(group), DRAWN_TOGETHER):
            yield group[start : start + DRAWN_TOGETHER]


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
