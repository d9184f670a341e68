"""Syslog by RFC 5424: over UDP, TCP or TLS, from a thread of its own that nobody waits for."""

import logging
import os
import queue
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

DAEMON = 3
"""The facility."""

SEVERITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
DEBUG = 7

MOST_WAITING = 10_000
"""Lines that wait while the server is away; more are only counted."""

LONGEST_DATAGRAM = 65_000

PATIENCE = 10.0
"""Seconds for the server to take something."""

LONGEST_PAUSE = 30.0


class Address(NamedTuple):
    """A server: `udp`, `tcp` or `tls`, host and port. `ca`: what its certificate is checked against."""

    kind: str
    host: str
    port: int
    ca: Path | None = None


def address_of(url: str, ca: Path | None = None) -> Address:
    """Return the parts of a checked setting."""
    parts = urlsplit(url)
    return Address(parts.scheme, parts.hostname or "", parts.port or 514, ca)


class SyslogHandler(logging.Handler):
    """Sends what is logged to a syslog server.

    While the server is away lines wait; those beyond `most_waiting` are lost, counted in `lost`, and the
    number is told once it is back. `pause`: the seconds until the next attempt, by failures.
    """

    def __init__(
        self,
        address: Address,
        *,
        hostname: str | None = None,
        program: str = "equiplib",
        most_waiting: int = MOST_WAITING,
        pause: Callable[[int], float] = lambda failures: min(LONGEST_PAUSE, 0.5 * 2.0 ** min(failures, 10)),
    ) -> None:
        super().__init__()
        self._address = address
        self._hostname = _word(hostname or socket.gethostname(), 255)
        self._program = _word(program, 48)
        self._pause = pause
        self._waiting: queue.Queue[bytes | None] = queue.Queue(most_waiting)
        self._ending = threading.Event()
        self._connection: socket.socket | None = None
        self.lost = 0
        """Lines that no server will ever see."""
        self._told_lost = 0
        self._thread = threading.Thread(target=self._run, name="syslog", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a line; never waits."""
        try:
            self._waiting.put_nowait(self._message(record.levelno, record.created, self.format(record)))
        except queue.Full:
            self.lost += 1
        except Exception:  # noqa: BLE001 - a line that cannot be written must not end what it is about
            self.lost += 1

    def close(self) -> None:
        """Give what waits a moment to be sent, then end."""
        if not self._ending.is_set():
            self._ending.set()
            with suppress(queue.Full):
                self._waiting.put_nowait(None)
            self._thread.join(timeout=2)
        super().close()

    def _message(self, level: int, created: float, text: str) -> bytes:
        severity = next((number for least, number in SEVERITIES if level >= least), DEBUG)
        at = datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        head = f"<{DAEMON * 8 + severity}>1 {at} {self._hostname} {self._program} {os.getpid()} - - "
        return head.encode("ascii") + text.encode("utf-8", "replace")

    def _run(self) -> None:
        while (message := self._waiting.get()) is not None:
            if not self._deliver(message):
                return
            if self.lost > self._told_lost:
                number, self._told_lost = self.lost - self._told_lost, self.lost
                self._deliver(
                    self._message(
                        logging.WARNING, time.time(), f"lines that were lost while syslog was away: {number}"
                    )
                )
        self._hang_up()

    def _deliver(self, message: bytes) -> bool:
        """Send it, however long that takes; return False where the program ends before."""
        failures = 0
        while True:
            try:
                self._send(message)
                return True
            except OSError:
                self._hang_up()
                failures += 1
                if self._ending.wait(self._pause(failures)):
                    return False

    def _send(self, message: bytes) -> None:
        if self._connection is not None and self._is_gone(self._connection):
            self._hang_up()
        if self._connection is None:
            self._connection = self._connect()
        if self._address.kind == "udp":
            self._connection.send(_whole_characters(message, LONGEST_DATAGRAM))
        else:
            # Counted octets (RFC 6587), so that a line may have line ends in it.
            self._connection.sendall(b"%d %s" % (len(message), message))

    def _connect(self) -> socket.socket:
        kind, host, port, ca = self._address
        if kind == "udp":
            family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            datagrams = socket.socket(family, socket.SOCK_DGRAM)
            datagrams.connect(where)
            return datagrams
        plain = socket.create_connection((host, port), timeout=PATIENCE)
        if kind == "tcp":
            return plain
        try:
            context = ssl.create_default_context(cafile=ca)
            return context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def _is_gone(self, connection: socket.socket) -> bool:
        """Return whether the server hung up: what is written after that is lost without an error."""
        if self._address.kind == "udp":
            return False
        readable, _, _ = select.select([connection], [], [], 0)
        if not readable:
            return False
        connection.settimeout(0)
        try:
            return connection.recv(4096) == b""  # a syslog server says nothing, but for TLS' own messages
        except (ssl.SSLWantReadError, BlockingIOError):
            return False
        except OSError:
            return True
        finally:
            connection.settimeout(PATIENCE)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError):
                connection.close()


def _word(text: str, most: int) -> str:
    """Return a field of the header: printable ASCII without spaces."""
    kept = "".join(character for character in text if "!" <= character <= "~")
    return kept[:most] or "-"


def _whole_characters(message: bytes, most: int) -> bytes:
    return message if len(message) <= most else message[:most].decode("utf-8", "ignore").encode()
