"""The program: polling, workers, delivery and scheduler, wired together."""

import asyncio
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot import telegram_errors, trouble
from bot.application import Limiter, OurApplication, build
from bot.cli.common import utc_now
from bot.delivery import Delivery, Render
from bot.errors import NotAlone, WrongToken
from bot.jobs.imports import Imports
from bot.polling import Doubt, Poller, Rival
from bot.retry import insist, pause
from bot.scheduler import Scheduler
from bot.sending.takeover import Takeover
from bot.sending.taps import answer_last
from bot.service.observer import NOBODY
from bot.service.systemd import Systemd
from bot.settings import Web
from bot.telegram_errors import Kind
from bot.updates.apologies import AFTER, Apologies
from bot.updates.standby import Standby
from bot.updates.webhook import Webhook
from bot.workers import Workers
from db.session import Database
from handlers.features import REGISTRY
from handlers.telegram import render
from handlers.telegram.context import Clock, Wiring
from handlers.telegram.setup import menus, registration
from handlers.ui.registry import Registry
from services import temporary_folders

if TYPE_CHECKING:
    from bot.service.web import Service

TELEGRAM = "https://api.telegram.org"

BELIEVE_AFTER = 60.0
"""Seconds of nothing but refusals after which the token is taken for wrong: one may be a gateway's, or come
from a Telegram that restarts. And seconds of conflicts after which another program is there to stay.
"""

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
    start. `transport` carries requests to Telegram, in place of HTTP connections. `web`: what is served;
    `is_webhook`: Telegram delivers updates there. `apologizes_after`: seconds in which the database is away.
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
        believe_after: float = BELIEVE_AFTER,
        transport: httpx.AsyncBaseTransport | None = None,
        web: Web = OFF,
        is_webhook: bool = False,
        apologizes_after: float = AFTER,
    ) -> None:
        self._database = database
        self._clock = clock
        self._wait = wait
        self._announces = announces
        self._doubt = Doubt(believe_after)
        self.application = build(token, api_url, limiter, transport)
        bot = self.application.bot
        self.scheduler = Scheduler(database, clock, operator_chat_id=operator_chat_id)
        self.service: Service | None = None
        observer = NOBODY
        if is_webhook or web.is_on:
            from bot.service import web as serving  # noqa: PLC0415 - heavy, and rarely on

            self.service = serving.Service(web, database, clock, bot, self.scheduler)
            observer = self.scheduler.observer = self.service.observer
        register(self.application, REGISTRY)
        apologies = Apologies(bot, after=apologizes_after)
        self.workers = Workers(
            *(self.application, database, clock),
            operator_chat_id=operator_chat_id,
            wait=wait,
            observer=observer,
            apologies=apologies,
        )
        self.takeover = Takeover(database, clock, self._taken_over, self._another_died)
        self.imports = Imports(bot, database, clock, wait=wait, number=self.takeover.number)
        self.delivery = Delivery(
            bot, database, clock, render, wait=wait, number=self.takeover.number, observer=observer
        )
        self.application.bot_data["wiring"] = Wiring(
            database,
            clock,
            self.delivery.doubtful,
            self.delivery.remover.wake,
            self.imports.wake,
            public_url=(web.public_url or "") if web.calendar else "",
        )
        take = self.workers.add
        self._receiver: Poller | Webhook = (
            Webhook(
                *(bot, database, clock, take),
                url=(web.public_url or "") + WEBHOOK_PATH,
                wait=wait,
                doubt=self._doubt,
                is_open=False,
            )
            if is_webhook
            else Poller(
                *(bot, database, clock, take),
                wait=wait,
                doubt=self._doubt,
                apologies=apologies,
                rival=Rival(believe_after),
            )
        )
        shares = isinstance(self._receiver, Poller) and not database.is_sqlite
        self._standby = Standby(database, self._resume) if shares else None
        self._polling: asyncio.Task[None] | None = None
        self._announcing: asyncio.Task[None] | None = None
        self._answering: asyncio.Task[None] | None = None
        self._started = asyncio.Event()

    async def start(self) -> None:
        """Log in to Telegram, waiting for it if necessary, and start all parts. Raises WrongToken."""
        if self.service is not None:
            # Before all else: whoever watches hears what is waited for.
            webhook = self._receiver if isinstance(self._receiver, Webhook) else None
            await self.service.start(webhook)
        await self._log_in()
        await self.takeover.start()
        left = await asyncio.to_thread(temporary_folders.tidy)
        if left:
            log.info("temporary folders of a killed program were removed", folders=left)
        if self._standby is None:
            await self._resume()
        self.delivery.start()
        self.imports.start()
        self.scheduler.start()
        if isinstance(self._receiver, Webhook):
            self._receiver.is_open = True
        fetching = self._receiver.run() if self._standby is None else self._standby.run(self._receiver.run)
        self._polling = asyncio.create_task(fetching, name="updates")
        if self._standby is not None:
            await self._standby.ready()
        if self._announces:
            self._announcing = asyncio.create_task(self._announce(), name="announcing")
        self._started.set()
        log.info("running", bot=self.application.bot.username)

    async def _resume(self) -> None:
        """Take up what a program before this one stored and did not finish."""
        await self.delivery.prepare()
        answering = answer_last(self.application.bot, self._database, self._clock)
        self._answering = asyncio.create_task(answering, name="taps of before")
        await insist(self.workers.resume, self._wait)

    def _taken_over(self) -> None:
        self.delivery.wake()
        self.imports.wake()

    async def _another_died(self) -> None:
        # Where one program fetches, whoever has the turn after it sees to that.
        if isinstance(self._receiver, Webhook):
            await self._resume()

    async def stop(self) -> None:
        """Stop within two seconds. Unfinished work is resumed after the next start."""
        tasks = (self._polling, self._announcing, self._answering)
        ending = [task for task in tasks if task is not None]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        if isinstance(self._receiver, Poller):
            await self._receiver.settle(GRACE)
        if self.service is not None:
            await self.service.stop(GRACE)
        parts = (self.scheduler, self.workers, self.imports, self.delivery)
        await asyncio.gather(*(part.stop(GRACE) for part in parts))
        if self._standby is not None:
            await self._standby.end()
        await self.takeover.stop()
        await self.application.shutdown()
        await self.application.bot.shutdown()  # for a login that came only halfway
        log.info("stopped")

    async def run(self) -> None:
        """Run until SIGINT or SIGTERM. Raises WrongToken, and NotAlone."""
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
        except Conflict as error:
            raise NotAlone from error

    async def wake_sweep(self) -> None:
        """Run the periodic work now and return when it is done."""
        await self.scheduler.sweep()

    async def idle(self) -> None:
        """Return once the start is over, all stored updates are handled and all due messages sent."""
        await self._started.wait()
        while True:
            await self.workers.idle()
            await self.imports.idle()
            await self.delivery.idle()
            await self.delivery.remover.idle()
            if self.workers.is_idle and self.imports.is_idle and self.delivery.is_idle:
                return

    async def _log_in(self) -> None:
        attempt = 0
        while True:
            told = 0.0
            try:
                await self.application.initialize()
                if isinstance(self._receiver, Poller):
                    # With a webhook set Telegram refuses polling.
                    await self.application.bot.delete_webhook()
                self._doubt.clear()
                return
            except InvalidToken as error:
                if self._doubt.is_over():
                    raise WrongToken from error
            except TelegramError as error:
                trouble.TELEGRAM.met(telegram_errors.words(error))
                told = telegram_errors.told_to_wait(error)
            attempt += 1
            await asyncio.sleep(max(told, self._wait(attempt)))

    async def _announce(self) -> None:
        """Set the menus, waiting for Telegram if necessary."""
        attempt = 0
        while True:
            try:
                await menus.announce(self.application.bot)
                return
            except TelegramError as error:
                words = telegram_errors.words(error)
                if telegram_errors.sort(error).kind is not Kind.PASSING:
                    log.warning("the lists of commands were not set", error=words)
                    return
                trouble.TELEGRAM.met(words)
                told = telegram_errors.told_to_wait(error)
            attempt += 1
            await asyncio.sleep(max(told, self._wait(attempt)))
