"""Requests to Telegram without files: over h11 and asyncio alone, since httpx, which is built on h11, does
several times its work for each.
"""

import asyncio
import socket
import ssl
from collections import deque
from typing import Any, cast
from urllib.parse import urlsplit

import h11
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest, RequestData

KEPT = 5.0
"""Seconds for which a connection is kept for the next request, as by httpx."""

OTHER_ADDRESS = 0.25
"""Seconds after which the server's next address is tried beside one that does not answer."""


class _Connection(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self) -> None:
        self._http = h11.Connection(h11.CLIENT)
        self._news = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._http.receive_data(data)
        self._news.set()

    def eof_received(self) -> None:
        self._http.receive_data(b"")
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.eof_received()

    @property
    def is_free(self) -> bool:
        """Tell if it can carry a request: the last is done, and the server has neither spoken nor left."""
        has_idled = self._http.our_state is self._http.their_state is h11.IDLE
        return has_idled and self._http.trailing_data == (b"", False)

    def close(self) -> None:
        self._transport.abort()

    async def ask(
        self, target: str, headers: list[tuple[str, str]], body: bytes, seconds: float | None
    ) -> tuple[int, bytes]:
        """Send a request; return the status code and the answer. Raises ProtocolError, and TimeoutError
        after so many seconds without a word.
        """
        http, code, parts = self._http, 0, []
        request = h11.Request(method="POST", target=target, headers=headers)
        events = (request, h11.Data(body), h11.EndOfMessage())
        # Requests are short: writing them waits for nothing.
        self._transport.write(b"".join(http.send(event) or b"" for event in events))
        while type(event := http.next_event()) is not h11.EndOfMessage:
            if event is h11.NEED_DATA:
                self._news.clear()
                async with asyncio.timeout(seconds):
                    await self._news.wait()
            elif isinstance(event, h11.Response):
                code = event.status_code
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
        if http.our_state is http.their_state is h11.DONE:
            http.start_next_cycle()
        return code, b"".join(parts)


class Connections:
    """The connections to one server. There are as many as requests at once; none waits for another."""

    def __init__(self, address: str, context: ssl.SSLContext | None) -> None:
        """`context`: its certificates, for an address with https."""
        parts = urlsplit(address)
        self._root, self._netloc = f"{parts.scheme}://{parts.netloc}", parts.netloc
        self._host, self._port = parts.hostname or "", parts.port or (80 if context is None else 443)
        self._context = context
        self._kept: deque[tuple[float, _Connection]] = deque()

    async def post(
        self, url: str, body: bytes, agent: str, *, connect: float | None, read: float | None
    ) -> tuple[int, bytes]:
        """Send JSON; return the status code and the answer. Raises TimedOut and NetworkError, whose message
        names a ConnectError where nothing was sent.
        """
        headers = [
            ("Host", self._netloc),
            ("User-Agent", agent),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
        ]
        connection = self._take() or await self._connect(connect)
        try:
            return await connection.ask(url.removeprefix(self._root), headers, body, read)
        except TimeoutError as error:
            raise TimedOut from error
        except h11.ProtocolError as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from error
        finally:
            # Also where the request was given up: a late answer would be the next one's.
            if connection.is_free:
                self._kept.append((asyncio.get_running_loop().time(), connection))
            else:
                connection.close()

    def _take(self) -> _Connection | None:
        """Return the connection that was used last, if it can still be used; close those that cannot."""
        oldest = asyncio.get_running_loop().time() - KEPT
        while self._kept and self._kept[0][0] < oldest:
            self._kept.popleft()[1].close()
        while self._kept:
            _, connection = self._kept.pop()
            if connection.is_free:
                return connection
            connection.close()
        return None

    async def _connect(self, seconds: float | None) -> _Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                # No race of one: where it is cancelled, asyncio leaves the socket to the collector.
                found = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
                _, connection = await loop.create_connection(
                    _Connection,
                    self._host,
                    self._port,
                    ssl=self._context,
                    happy_eyeballs_delay=OTHER_ADDRESS if len(found) > 1 else None,
                )
        except TimeoutError as error:
            raise TimedOut("ConnectError: timed out") from error
        except OSError as error:
            raise NetworkError(f"ConnectError: {error}") from error
        return connection

    @property
    def free(self) -> int:
        """Return the number of connections that could carry a request now."""
        return sum(connection.is_free for _, connection in self._kept)

    async def close(self) -> None:
        """Close the connections that carry no request."""
        while self._kept:
            self._kept.pop()[1].close()
        await asyncio.sleep(0)  # until they are


class PlainRequest(HTTPXRequest):
    """A request that goes over `connections`; through httpx where there are none, or with files."""

    def __init__(self, connections: Connections | None, **options: Any) -> None:
        super().__init__(**options)
        self._connections = connections

    async def shutdown(self) -> None:
        """Close all connections."""
        await super().shutdown()
        if self._connections is not None:
            await self._connections.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        write_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        connect_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        pool_timeout: Any = HTTPXRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status code and the answer. Raises TelegramError."""
        has_files = request_data is not None and request_data.contains_files
        if self._connections is None or method != "POST" or has_files:
            timeouts = (read_timeout, write_timeout, connect_timeout, pool_timeout)
            return await super().do_request(url, method, request_data, *timeouts)
        default, own = HTTPXRequest.DEFAULT_NONE, self._client.timeout
        return await self._connections.post(
            url,
            request_data.json_payload if request_data is not None else b"{}",
            self.USER_AGENT,
            connect=own.connect if connect_timeout is default else connect_timeout,
            read=own.read if read_timeout is default else read_timeout,
        )
