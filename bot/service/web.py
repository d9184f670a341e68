"""The web application of the running program: its parts, as the settings ask for them, and its server."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog
from fastapi import FastAPI
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from api.app import close as close_api
from api.app import create_app as create_api
from api.settings import ApiSettings
from bot import log_config
from bot.errors import Complaint
from bot.scheduler import Scheduler
from bot.service.health import Health
from bot.service.observer import NOBODY, Observer
from bot.settings import Web
from bot.updates.raw import RawBot
from bot.updates.webhook import Webhook
from db.session import Database
from services.calendars import feeds
from services.core.errors import Refusal
from services.core.tx import Tx
from web.app import Parts, Unavailable, create_app
from web.server import Server

log = structlog.get_logger(__name__)


class Service:
    """The served parts, and what is noted about them. Raises Complaint where a part is not installed."""

    def __init__(
        self,
        settings: Web,
        database: Database,
        clock: Callable[[], datetime],
        bot: RawBot,
        scheduler: Scheduler,
    ) -> None:
        self._settings, self._database, self._clock = settings, database, clock
        self.health = Health(database, bot, scheduler, clock)
        self.metrics = None
        if settings.metrics:
            from bot.service import metrics  # noqa: PLC0415 - heavy, and rarely on

            self.metrics = metrics.Metrics(database, clock, self.health)
            self.metrics.syslog_lost = log_config.syslog_lost
        self._api = api(settings, database, clock, bot) if settings.api else None
        self._server: Server | None = None

    @property
    def observer(self) -> Observer:
        """The observer that is to be told of updates and messages."""
        return self.metrics or NOBODY

    @property
    def is_listening(self) -> bool:
        return self._server is not None and self._server.port != 0

    @property
    def port(self) -> int:
        """The port that is listened on."""
        assert self._server is not None
        return self._server.port

    async def start(self, webhook: Webhook | None) -> None:
        """Listen. Raises Complaint where that is not possible."""
        on, metrics = self._settings, self.metrics
        app = create_app(
            Parts(
                telegram=webhook,
                ready=self.health.ready if on.health else None,
                metrics=metrics.collect if metrics is not None else None,
                calendar=self._calendar if on.calendar else None,
                api=self._api,
                observe=metrics.requested if metrics is not None else None,
            )
        )
        self._server = Server(app, on.host, on.port, on.proxies)
        try:
            await self._server.start()
        except OSError as error:
            raise Complaint(
                f"web.host or web.port is wrong: {on.host}:{on.port}: {error.strerror or error}."
            ) from None
        log.info("listening", host=on.host, port=self._server.port)

    async def _calendar(self, secret: str) -> bytes | None:
        now = self._clock()
        try:
            return await self._database.read(lambda session: feeds.calendar(Tx(session, now), secret))
        except Refusal as refusal:
            # The organization has an impossible setting, which its leaders were told of.
            raise Unavailable(refusal.code) from None

    async def stop(self, seconds: float) -> None:
        """Wait so many seconds for requests being answered."""
        if self._server is not None:
            await self._server.stop(seconds)
        if self._api is not None:
            close_api(self._api)
        if self.metrics is not None:
            self.metrics.stop()


def api(settings: Web, database: Database, clock: Callable[[], datetime], bot: RawBot) -> FastAPI:
    """Return the API."""
    given = ApiSettings(
        cors_origins=tuple(settings.cors),
        rate_per_minute=settings.api_rate,
        public_url=settings.public_url or "",
        bot_username=lambda: _username(bot),
        fetch=partial(_fetch, bot),
    )
    return create_api(database, clock, given)


async def _fetch(bot: RawBot, file_id: str) -> bytes | None:
    """Return a file that was sent to the bot; None where Telegram has it no more. Raises ConnectionError."""
    try:
        file = await bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())
    except (BadRequest, Forbidden, InvalidToken):  # the last two: a 404, by the library
        return None
    except (TelegramError, RuntimeError) as error:  # RuntimeError: before it has begun
        raise ConnectionError from error


def _username(bot: RawBot) -> str:
    try:
        return bot.username
    except RuntimeError:  # Telegram has not answered yet
        return ""
