"""Requests to Telegram without files: over httpcore alone, since httpx does as much work again for each."""

import ssl
from typing import Any
from urllib.parse import urlsplit

import httpcore
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest, RequestData

KEPT = 5.0
"""Seconds for which a connection is kept for the next request, as by httpx."""


class Connections:
    """The connections to one server. There are as many as requests at once; none waits for another."""

    def __init__(self, address: str, context: ssl.SSLContext | None) -> None:
        """`context`: its certificates, for an address with https."""
        self._host = urlsplit(address).netloc.encode()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context, max_connections=None, max_keepalive_connections=None, keepalive_expiry=KEPT
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
