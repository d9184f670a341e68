"""The program: polling, workers, delivery and scheduler, wired together."""

import asyncio
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from telegram.error import InvalidToken, TelegramError

from bot.application import Limiter, OurApplication, build
from bot.cli.common import utc_now
from bot.delivery import Delivery, Render
from bot.errors import WrongToken
from bot.polling import Intake
from bot.retry import pause
from bot.scheduler import Sweeper
from bot.service.observer import NOBODY
from bot.service.systemd import Systemd
from bot.settings import Web
from bot.updates.webhook import Webhook
from bot.workers import Workers
from db.session import Database
from handlers.features import REGISTRY
from handlers.telegram import menus, registration, render
from handlers.telegram.context import Clock, Wiring
from handlers.ui.registry import Registry
from services.core.tx import Tx
from services.messaging import delivery_queue

if TYPE_CHECKING:
    from bot.service.web import Service

TELEGRAM = "https://api.telegram.org"

GRACE = 1.0
"""Seconds for running work to finish at the end."""

OFF = Web()
"""Nothing is served by HTTP."""

WEBHOOK_PATH = "/telegram/webhook"

log = structlog.get_logger(__name__)


class Program:
    """A running Equiplib: `start` and `stop`, or `run` for both.

    The caller migrates the database before and closes it afterwards. `wait` returns the seconds to wait after
    so many failures in a row; `limiter` paces messages. `announces`: register the menus with Telegram at the
    start. `web`: what is served by HTTP; `is_webhook`: Telegram delivers updates there.
    """

    def __init__(
        self,
        *,
        token: str,
        database: Database,
        api_url: str = TELEGRAM,
        clock: Clock = utc_now,
        operator_chat_id: int | None = None,
        register: Callable[[OurApplication, Registry], None] = registration.register,
        render: Render = render.render,
        wait: Callable[[int], float] = pause,
        limiter: Limiter | None = None,
        announces: bool = True,
        web: Web = OFF,
        is_webhook: bool = False,
    ) -> None:
        self._database = database
        self._clock = clock
        self._wait = wait
        self._announces = announces
        self.application = build(token, api_url, limiter)
        self.application.bot_data["wiring"] = Wiring(
            database, clock, (web.public_url or "") if web.calendar else ""
        )
        register(self.application, REGISTRY)
        bot = self.application.bot
        self.sweeper = Sweeper(database, clock)
        self.service: Service | None = None
        observer = NOBODY
        if is_webhook or web.is_on:
            from bot.service import web as serving  # noqa: PLC0415 - heavy, and rarely on

            self.service = serving.Service(web, database, clock, bot, self.sweeper)
            observer = self.sweeper.observer = self.service.observer
        self.workers = Workers(
            self.application, database, clock, operator_chat_id=operator_chat_id, wait=wait, observer=observer
        )
        self.delivery = Delivery(bot, database, clock, render, wait=wait, observer=observer)
        take = self.workers.add
        self._intake: Intake | Webhook = (
            Webhook(bot, database, clock, take, url=(web.public_url or "") + WEBHOOK_PATH, wait=wait)
            if is_webhook
            else Intake(bot, database, clock, take, wait=wait)
        )
        self._polling: asyncio.Task[None] | None = None
        self._announcing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Log in to Telegram, waiting for it if necessary, and start all parts. Raises WrongToken."""
        await self._log_in()
        if self._database.is_sqlite:
            # A single program runs on a SQLite file: messages being sent were the last one's.
            await self._database.write(lambda session: delivery_queue.release(Tx(session, self._clock())))
        await self.workers.resume()
        self.delivery.start()
        self.sweeper.start()
        if self.service is not None:
            webhook = self._intake if isinstance(self._intake, Webhook) else None
            await self.service.start(webhook)
        self._polling = asyncio.create_task(self._intake.run(), name="intake")
        if self._announces:
            self._announcing = asyncio.create_task(self._announce(), name="announcing")
        log.info("running", bot=self.application.bot.username)

    async def stop(self) -> None:
        """Stop within two seconds. Unfinished work is resumed after the next start."""
        ending = [task for task in (self._polling, self._announcing) if task is not None]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        if self.service is not None:
            await self.service.stop(GRACE)
        parts = (self.sweeper, self.workers, self.delivery)
        await asyncio.gather(*(part.stop(GRACE) for part in parts))
        await self.application.shutdown()
        await self.application.bot.shutdown()  # for a login that came only halfway
        log.info("stopped")

    async def run(self) -> None:
        """Run until SIGINT or SIGTERM. Raises WrongToken."""
        loop = asyncio.get_running_loop()
        asked = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, asked.set)
        systemd = Systemd()
        stopping = asyncio.create_task(asked.wait())
        running = asyncio.create_task(self._run(systemd))
        living = asyncio.create_task(systemd.live())
        try:
            await asyncio.wait([stopping, running], return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        finally:
            systemd.stopping()
            for task in (stopping, running):
                task.cancel()
            await asyncio.gather(stopping, running, return_exceptions=True)
            await self.stop()
            living.cancel()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    async def _run(self, systemd: Systemd) -> None:
        await self.start()
        systemd.ready()
        assert self._polling is not None
        try:
            await self._polling
        except InvalidToken as error:
            raise WrongToken from error

    async def wake_sweep(self) -> None:
        """Run the periodic work now and return when it is done."""
        await self.sweeper.sweep()

    async def idle(self) -> None:
        """Return once all stored updates are handled and all due messages sent."""
        while True:
            await self.workers.idle()
            await self.delivery.idle()
            if self.workers.is_idle and self.delivery.is_idle:
                return

    async def _log_in(self) -> None:
        attempt = 0
        while True:
            try:
                await self.application.initialize()
                if isinstance(self._intake, Intake):
                    # With a webhook set Telegram refuses polling.
                    await self.application.bot.delete_webhook()
                return
            except InvalidToken as error:
                raise WrongToken from error
            except TelegramError as error:
                attempt += 1
                wait = self._wait(attempt)
                log.warning("Telegram cannot be reached; trying again", error=error.message, seconds=wait)
                await asyncio.sleep(wait)

    async def _announce(self) -> None:
        try:
            await menus.announce(self.application.bot)
        except TelegramError as error:
            log.warning("the lists of commands were not set", error=error.message)
