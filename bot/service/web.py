"""The web application of the running program: its parts, as the settings ask for them, and its server."""

from collections.abc import Callable
from datetime import datetime

import structlog
from starlette.types import ASGIApp

from api.app import create_app as create_api
from api.settings import ApiSettings
from bot import log_config
from bot.errors import Complaint
from bot.scheduler import Sweeper
from bot.service.health import Health
from bot.service.observer import NOBODY, Observer
from bot.settings import Web
from bot.updates.raw import RawBot
from bot.updates.webhook import Webhook
from db.session import Database
from services.calendars import feeds
from services.core.tx import Tx
from web.app import Parts, create_app
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
        scheduler: Sweeper,
    ) -> None:
        self._settings, self._database, self._clock = settings, database, clock
        self.health = Health(database, bot, scheduler, clock)
        self.metrics = None
        if settings.metrics:
            from bot.service import metrics  # noqa: PLC0415 - heavy, and rarely on

            self.metrics = metrics.Metrics(database, clock, self.health)
            self.metrics.syslog_lost = log_config.syslog_lost
        self._api = api(settings, database, clock, lambda: _username(bot)) if settings.api else None
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
        return await self._database.read(lambda session: feeds.calendar(Tx(session, now), secret))

    async def stop(self, seconds: float) -> None:
        """Wait so many seconds for requests being answered."""
        if self._server is not None:
            await self._server.stop(seconds)
        if self.metrics is not None:
            self.metrics.stop()


def api(
    settings: Web, database: Database, clock: Callable[[], datetime], username: Callable[[], str]
) -> ASGIApp:
    """Return the API."""
    given = ApiSettings(
        cors_origins=tuple(settings.cors),
        rate_per_minute=settings.api_rate,
        public_url=settings.public_url or "",
        bot_username=username,
    )
    return create_api(database, clock, given)


def _username(bot: RawBot) -> str:
    try:
        return bot.username
    except RuntimeError:  # Telegram has not answered yet
        return ""
