"""Requests to Telegram without files: over httpcore alone, since httpx does as much work again for each, and
on asyncio itself, since anyio is a quarter of the rest.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlsplit

import httpcore
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest, RequestData

KEPT = 5.0
"""Seconds for which a connection is kept for the next request, as by httpx."""

OTHER_ADDRESS = 0.25
"""Seconds after which the server's next address is tried beside one that does not answer."""


class _Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """The bytes of one connection. Requests are short, and writing them waits for nothing."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._is_over = False
        self._error: Exception | None = None
        self._news = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._news.set()

    def eof_received(self) -> None:
        self._is_over = True
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_over, self._error = True, exc
        self._news.set()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        if not self._received and not self._is_over:
            self._news.clear()
            try:
                async with asyncio.timeout(timeout):
                    await self._news.wait()
            except TimeoutError as error:
                raise httpcore.ReadTimeout from error
        if not self._received and self._error is not None:
            raise httpcore.ReadError(str(self._error)) from self._error
        part = bytes(self._received[:max_bytes])
        del self._received[:max_bytes]
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        if self._is_over:
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)

    async def aclose(self) -> None:
        self._transport.abort()
        await asyncio.sleep(0)  # until it is

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
    ) -> httpcore.AsyncNetworkStream:
        """Return itself: the connection began with it."""
        return self

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks: whether there is anything to read, as where it was closed."""
        if info == "is_readable":
            return bool(self._received) or self._is_over
        return self._transport.get_extra_info(info)


class _Network(httpcore.AsyncNetworkBackend):
    """Connects to the server, with TLS where there is a context."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                # No race of one: where it is cancelled, asyncio leaves the socket to the collector.
                several = len(await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)) > 1
                delay = OTHER_ADDRESS if several else None
                _, stream = await loop.create_connection(
                    _Stream, host, port, ssl=self._context, happy_eyeballs_delay=delay
                )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return stream


class Connections:
    """The connections to one server. There are as many as requests at once; none waits for another."""

    def __init__(self, address: str, context: ssl.SSLContext | None) -> None:
        """`context`: its certificates, for an address with https."""
        self._host = urlsplit(address).netloc.encode()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=None,
            keepalive_expiry=KEPT,
            network_backend=_Network(context),
        )

    async def post(
        self, url: str, body: bytes, agent: str, *, connect: float | None, read: float | None
    ) -> tuple[int, bytes]:
        """Send JSON; return the status code and the answer. Raises TimedOut and NetworkError, whose message
        names a ConnectError where nothing was sent.
        """
        headers = [
            (b"Host", self._host),
            (b"User-Agent", agent.encode()),
            (b"Content-Type", b"application/json"),
            (b"Content-Length", str(len(body)).encode()),
        ]
        limits = {"connect": connect, "read": read, "write": read, "pool": connect}
        try:
            answer = await self._pool.request(
                "POST", url, headers=headers, content=body, extensions={"timeout": limits}
            )
        except (httpcore.ConnectTimeout, httpcore.PoolTimeout) as error:
            raise TimedOut("ConnectError: timed out") from error
        except httpcore.TimeoutException as error:
            raise TimedOut from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from error
        return answer.status, answer.content

    @property
    def free(self) -> int:
        """Return the number of connections that could carry a request now."""
        return sum(one.is_available() and not one.has_expired() for one in self._pool.connections)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


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
