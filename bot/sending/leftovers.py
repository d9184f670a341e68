"""Removes messages that others have replaced, and tries until they are gone."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from telegram.error import TelegramError

from bot import telegram_errors
from bot.retry import insist, is_passing_database, rest
from bot.sending import message_sender
from bot.sending.message_sender import Bot, Old
from bot.telegram_errors import Kind
from db.models import Card, OutboxMessage
from db.session import Database
from db.states import Lane
from handlers.telegram.context import Clock
from handlers.ui import conversation, limits
from handlers.ui.message import Message
from handlers.ui.sentences import organization_header
from services.core.tx import Tx
from services.messaging.tidying import leftovers
from services.messaging.tidying.leftovers import Removal

LOOK_EVERY = 60.0
"""Seconds between looks for what is left, as by another program."""

AT_A_TIME = 100

log = structlog.get_logger(__name__)


class Remover:
    """The remover of one program. `render` draws what stands where a message can only be edited."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Clock,
        render: Callable[[Tx, list[OutboxMessage]], Message | None],
        wait: Callable[[int], float],
    ) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._render = render
        self._wait = wait
        self._gone: set[int] = set()
        self._woken = asyncio.Event()
        self._looked = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.wake()
        self._runner = asyncio.create_task(self._run(), name="leftovers")

    async def stop(self) -> None:
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
            with suppress(SQLAlchemyError):  # the next start finds them gone
                await self._forget()

    def wake(self) -> None:
        """Look for what is left now."""
        self._looked.clear()
        self._woken.set()

    async def idle(self) -> None:
        """Return once all that was left has been looked for, and tried, if it runs at all."""
        if self._runner is not None and not self._runner.done():
            await self._looked.wait()

    async def remove(self, removal: Removal) -> None:
        """Remove a message now, or note when to try again."""
        try:
            is_gone = await message_sender.delete(self._bot, removal.chat_id, removal.message_id)
            if not is_gone:
                await self._wind_up(removal)
        except TelegramError as error:
            trouble = telegram_errors.sort(error)
            if trouble.kind in (Kind.PASSING, Kind.MUTED):
                delay = trouble.wait or timedelta(seconds=self._wait(removal.attempts + 1))
                await self._postpone(removal, delay)
                return
            log.debug("an old message stays", chat_id=removal.chat_id, error=str(error))
            is_gone = True
        # Noted together with others: what is found gone again does no harm. What stays is not edited twice.
        self._gone.add(removal.id)
        if not is_gone:
            await insist(self._forget)

    async def _wind_up(self, removal: Removal) -> None:
        """Leave a line of a message that cannot be deleted: no buttons, and nothing outdated."""
        instead = await insist(lambda: self._database.read(lambda session: self._draw(session, removal)))
        old = Old(removal.message_id, removal.photo_id)
        await message_sender.wind_up(self._bot, removal.chat_id, old, instead)

    def _draw(self, session: Session, removal: Removal) -> Message | None:
        card = session.get(Card, removal.card_id) if removal.card_id is not None else None
        if card is None or card.message_id is None or card.kind == conversation.CARD:
            return None  # a question shows nothing that can be outdated
        now = self._clock()
        row = OutboxMessage(
            organization_id=card.organization_id,
            chat_id=card.chat_id,
            thread_id=card.thread_id,
            lane=Lane.NOTICE,
            kind=card.kind,
            card_id=card.id,
            renew=False,
            params={},
            not_before=now,
            created_at=now,
        )
        try:
            message = self._render(Tx(session, now), [row])
        except Exception:  # the boundary around views
            log.exception("a card could not be drawn once more", kind=card.kind)
            return None
        return _in_a_line(message) if message is not None else None

    async def _postpone(self, removal: Removal, delay: timedelta) -> None:
        def work(session: Session) -> None:
            leftovers.retry_later(Tx(session, self._clock()), removal, delay)

        await insist(lambda: self._database.write(work, quietly=True))
        asyncio.get_running_loop().call_later(delay.total_seconds(), self.wake)

    async def _run(self) -> None:
        is_start = True
        while True:
            self._woken.clear()
            try:
                await self._look(is_start=is_start)
                is_start = False
            except Exception as error:  # the boundary: the next look has its own chance
                if not is_passing_database(error):
                    log.exception("what is left could not be removed")
            if not self._woken.is_set():
                self._looked.set()
            await rest(self._woken, LOOK_EVERY)

    async def _look(self, *, is_start: bool) -> None:
        """Note what is gone, and remove what is due; at the start all that is left."""
        await self._forget()
        now = None if is_start else self._clock()
        while found := await self._database.read(lambda session: leftovers.due(session, now, AT_A_TIME)):
            for removal in found:
                await self.remove(removal)
            if not await self._forget() or len(found) < AT_A_TIME:
                return

    async def _forget(self) -> bool:
        """Forget the rows of messages that are gone; return whether there were any."""
        gone, self._gone = self._gone, set()
        if gone:
            await self._database.write(lambda session: leftovers.removed(session, gone), quietly=True)
        return bool(gone)


def _in_a_line(message: Message) -> Message:
    """Return the first line of a card, which goes on below."""
    first, *rest = message.text.split("\n")
    shown = rest[0] if rest and first.startswith(organization_header.SIGN) else first
    return Message(Markup("{} ⤵️").format(limits.plain(Markup(shown))))
