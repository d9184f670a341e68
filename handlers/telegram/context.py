"""The context of every handler: the database, the clock, and the update being handled."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session
from telegram.ext import CallbackContext, ExtBot

from db.session import Database
from services.core.tx import Tx
from services.messaging import inbox

T = TypeVar("T")
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Wiring:
    """The parts of the program that handlers use. `public_url`: where calendars are reached, if they are."""

    database: Database
    clock: Clock
    doubtful: set[int] = field(default_factory=set)
    """The chats in which a card may have been sent twice, as a program died."""
    tidy: Callable[[], None] = lambda: None
    """Has what was found to be left removed."""
    wake_imports: Callable[[], None] = lambda: None
    """Says that a file waits to be imported."""
    public_url: str = ""
    menus: dict[int, tuple[object, ...]] = field(default_factory=dict)
    """Of each person's chat the menu that was set last, and the hour: it is not set again for the same."""


@dataclass
class InboxRef:
    """The stored update being handled, its text, whether it has taken effect, and its failures."""

    inbox_id: int
    payload: str | None = None
    done: bool = False
    failures: list[BaseException] = field(default_factory=list)


current_update: ContextVar[InboxRef | None] = ContextVar("current_update", default=None)


class AlreadyDone(Exception):
    """This update took effect before: nothing is left to do."""


class Unnoted(Exception):
    """The message that this update answers is not noted as sent yet: it is handled a moment later."""


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """python-telegram-bot's context, with our own database and clock."""

    @property
    def wiring(self) -> Wiring:
        wiring: Wiring = self.bot_data["wiring"]
        return wiring

    def now(self) -> datetime:
        return self.wiring.clock()

    async def act(self, work: Callable[[Session], T]) -> T:
        """Run `work` and mark the update done, in one transaction: it takes effect once.

        Raises AlreadyDone when it did before. At most once per update.
        """
        update = current_update.get()
        now = self.now()

        def whole(session: Session) -> T:
            if update is not None and not inbox.finish(Tx(session, now), update.inbox_id, update.payload):
                raise AlreadyDone
            return work(session)

        result = await self.wiring.database.write(whole)
        if update is not None:
            update.done = True
        return result

    async def look(self, work: Callable[[Session], T]) -> T:
        """Run `work` without writing; the answer is sent directly, and the update marked done after it."""
        return await self.wiring.database.read(work)
