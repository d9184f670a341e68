"""Connections to Telegram, for requests without files: httpx does several times the work for each of them."""

import asyncio
import ssl
from collections import deque
from typing import Any
from urllib.parse import urlsplit

import h11
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest, RequestData

KEPT = 5.0
"""Seconds for which a connection is kept for the next request, as by httpx."""

_SECOND_ADDRESS = 0.25
"""Seconds after which the next address of Telegram is tried too, as by httpx. A server without https is near,
and asyncio leaks a socket when such an attempt is cancelled at the wrong moment.
"""


class _Connection(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self) -> None:
        self._http = h11.Connection(h11.CLIENT)
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._http.receive_data(data)
        self._wake()

    def eof_received(self) -> None:
        self._http.receive_data(b"")
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self.eof_received()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    @property
    def is_free(self) -> bool:
        """Tell if it can carry a request: the last is done, and the server has neither spoken nor left."""
        is_silent = self._http.trailing_data == (b"", False)
        return is_silent and self._http.states == {h11.CLIENT: h11.IDLE, h11.SERVER: h11.IDLE}

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def ask(self, request: h11.Request, body: bytes, seconds: float | None) -> tuple[int, bytes]:
        """Send a request; return the status code and the answer. Raises RemoteProtocolError, and TimeoutError
        after so many seconds without a word.
        """
        assert self._transport is not None
        http = self._http
        events = (request, h11.Data(body), h11.EndOfMessage())
        self._transport.write(b"".join(http.send(event) or b"" for event in events))
        code, parts = 0, []
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                await self._more(seconds)
            elif isinstance(event, h11.Response):
                code = event.status_code
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                break
        if http.our_state is http.their_state is h11.DONE:
            http.start_next_cycle()
        return code, b"".join(parts)

    async def _more(self, seconds: float | None) -> None:
        self._waiting = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(seconds):
            await self._waiting


class Connections:
    """The connections to one server. There are as many as requests at once; none waits for another."""

    def __init__(self, address: str, context: ssl.SSLContext | None) -> None:
        """`context`: its certificates, for an address with https."""
        parts = urlsplit(address)
        self._root = f"{parts.scheme}://{parts.netloc}"
        self._host, self._netloc = parts.hostname or "", parts.netloc
        self._port = parts.port or (443 if context is not None else 80)
        self._context = context
        self._kept: deque[tuple[float, _Connection]] = deque()

    async def post(
        self, url: str, body: bytes, agent: str, *, connect: float | None, read: float | None
    ) -> tuple[int, bytes]:
        """Send a form; return the status code and the answer. Raises NetworkError, whose message names a
        ConnectError where nothing was sent.
        """
        request = h11.Request(
            method="POST",
            target=url.removeprefix(self._root),
            headers=[
                ("Host", self._netloc),
                ("User-Agent", agent),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Content-Length", str(len(body))),
            ],
        )
        connection = self._take() or await self._connect(connect)
        try:
            return await connection.ask(request, body, read)
        except TimeoutError as error:
            raise TimedOut from error
        except h11.RemoteProtocolError as error:
            raise NetworkError(f"RemoteProtocolError: {error}") from error
        finally:
            if connection.is_free:
                self._kept.append((asyncio.get_running_loop().time(), connection))
            else:
                connection.close()

    def _take(self) -> _Connection | None:
        """Return the connection that was used last, if one can be used still; close the others of no use."""
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
                _, connection = await loop.create_connection(
                    _Connection,
                    self._host,
                    self._port,
                    ssl=self._context,
                    happy_eyeballs_delay=None if self._context is None else _SECOND_ADDRESS,
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
        await asyncio.sleep(0)  # the loop does it in its next turn


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
            request_data.url_encoded_parameters().encode() if request_data is not None else b"",
            self.USER_AGENT,
            connect=own.connect if connect_timeout is default else connect_timeout,
            read=own.read if read_timeout is default else read_timeout,
        )
