"""The numbers for Prometheus: counted as things happen, or looked up when they are asked for."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.service.health import Health
from bot.service.observer import Observer
from db.session import Database
from db.states import InboxStatus, OutboxStatus
from services.core.tx import Tx
from services.messaging.tidying import retention

QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""The bounds of the histograms, in seconds."""


class Metrics(Observer):
    """The numbers of one program, in a registry of its own."""

    def __init__(self, database: Database, clock: Callable[[], datetime], health: Health) -> None:
        self._database, self._clock, self._health = database, clock, health
        self.registry = here = CollectorRegistry()
        ProcessCollector(registry=here)
        PlatformCollector(registry=here)
        self._updates = Counter("equiplib_updates", "Updates handled", ["kind", "result"], registry=here)
        self._update_seconds = Histogram(
            "equiplib_update_seconds", "Time to handle an update", ["kind"], buckets=QUICK, registry=here
        )
        self._messages = Counter("equiplib_messages", "Messages sent", ["lane", "result"], registry=here)
        self._message_seconds = Histogram(
            "equiplib_message_seconds", "Time to make and send one", ["lane"], buckets=QUICK, registry=here
        )
        self._requests = Counter(
            "equiplib_http_requests", "HTTP requests", ["part", "method", "status"], registry=here
        )
        self._request_seconds = Histogram(
            "equiplib_http_request_seconds", "Time to answer one", ["part"], buckets=QUICK, registry=here
        )
        self._sweeps = Counter("equiplib_sweeps", "Runs of the periodic work", ["result"], registry=here)
        self._sweep_seconds = Histogram(
            "equiplib_sweep_seconds", "Time of one run", buckets=QUICK, registry=here
        )
        self._statements = Counter("equiplib_statements", "Statements to the database", registry=here)
        self._statement_seconds = Counter("equiplib_statement_seconds", "Time that they took", registry=here)
        self._inbox = Gauge("equiplib_inbox_updates", "Stored updates", ["status"], registry=here)
        self._outbox = Gauge("equiplib_outbox_messages", "Stored messages", ["status"], registry=here)
        self._unsent = Gauge(
            "equiplib_oldest_unsent_seconds", "Age of the oldest message that is due", registry=here
        )
        self._sweep_age = Gauge("equiplib_sweep_age_seconds", "Time since the last run", registry=here)
        self._telegram = Gauge("equiplib_telegram_up", "Whether Telegram answered last", registry=here)
        self._syslog_lost = Gauge("equiplib_syslog_lost", "Lines that syslog never got", registry=here)
        self.syslog_lost: Callable[[], int] = lambda: 0
        self._listen()

    def updated(self, kind: str, result: str, seconds: float) -> None:
        """Count an update."""
        self._updates.labels(kind, result).inc()
        self._update_seconds.labels(kind).observe(seconds)

    def sent(self, lane: str, result: str, seconds: float) -> None:
        """Count a message."""
        self._messages.labels(lane, result).inc()
        self._message_seconds.labels(lane).observe(seconds)

    def swept(self, result: str, seconds: float) -> None:
        """Count a run of the periodic work."""
        self._sweeps.labels(result).inc()
        self._sweep_seconds.observe(seconds)

    def requested(self, part: str, method: str, status: int, seconds: float) -> None:
        """Count a request; methods are made up by whoever asks."""
        known = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
        self._requests.labels(part, known, str(status)).inc()
        self._request_seconds.labels(part).observe(seconds)

    async def collect(self) -> bytes:
        """Return all numbers in Prometheus' own format."""
        await self._database.read(self._look)
        sweep_age = self._health.sweep_age()
        self._sweep_age.set(float("nan") if sweep_age is None else sweep_age)
        self._telegram.set(float(self._health.telegram_is_there()))
        self._syslog_lost.set(self.syslog_lost())
        return generate_latest(self.registry)

    def _look(self, session: Session) -> None:
        now = self._clock()
        updates, messages = retention.updates(session), retention.messages(session)
        for inbox_status in InboxStatus:
            self._inbox.labels(inbox_status.value).set(updates.get(inbox_status, 0))
        for outbox_status in OutboxStatus:
            self._outbox.labels(outbox_status.value).set(messages.get(outbox_status, 0))
        due = retention.oldest_due(Tx(session, now))
        self._unsent.set(max(0.0, (now - due).total_seconds()) if due is not None else 0.0)

    def _listen(self) -> None:
        """Count the statements, with the time from each one's start to its end."""
        engine, begun = self._database.bare_engine, "equiplib_begun"

        @event.listens_for(engine, "before_cursor_execute")
        def before(connection: Any, *_: Any) -> None:
            connection.info[begun] = time.perf_counter()

        @event.listens_for(engine, "after_cursor_execute")
        def after(connection: Any, *_: Any) -> None:
            self._statements.inc()
            self._statement_seconds.inc(time.perf_counter() - connection.info[begun])

        def silence() -> None:
            with suppress(Exception):
                event.remove(engine, "before_cursor_execute", before)
                event.remove(engine, "after_cursor_execute", after)

        self.stop = silence
