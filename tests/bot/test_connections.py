"""Requests without files, to a server that answers as each test wants."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from telegram import InputFile
from telegram.error import NetworkError, TimedOut

from bot.application import build, ways
from bot.connections import Connections
from tests.bot.conftest import until
from tests.certificates import make_certificate

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}'
DONE = (200, b'{"ok":true}')


@dataclass
class Server:
    """Answers requests in turn, and then no more; closes a connection with an answer in `last_words`."""

    answers: list[bytes]
    last_words: tuple[bytes, ...] = ()
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    url: str = ""
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        answer = b""
        try:
            while answer not in self.last_words:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                if self.answers:
                    answer = self.answers.pop(0)
                    writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.left.set()
        finally:
            writer.close()


@asynccontextmanager
async def serving(
    *answers: bytes, last_words: tuple[bytes, ...] = (), tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    server = Server(list(answers), last_words)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    scheme = "http" if tls is None else "https"
    server.url = f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()


async def post(connections: Connections, server: Server, read: float = 20) -> tuple[int, bytes]:
    url = f"{server.url}/bot1:a/sendMessage"
    return await connections.post(url, b'{"text":"a"}', "us", connect=20, read=read)


async def test_a_connection_carries_one_request_after_the_other() -> None:
    async with serving(OK, OK) as server:
        connections = Connections(server.url, None)
        assert [await post(connections, server) for _ in range(2)] == [DONE] * 2
        assert server.connections == 1
        head, _, body = server.requests[1].partition(b"\r\n\r\n")
        assert head.startswith(b"POST /bot1:a/sendMessage HTTP/1.1\r\n")
        assert body == b'{"text":"a"}'
        await connections.close()
        await server.left.wait()


async def test_requests_at_once_have_a_connection_each() -> None:
    async with serving(OK, OK, OK) as server:
        connections = Connections(server.url, None)
        assert await asyncio.gather(*(post(connections, server) for _ in range(3))) == [DONE] * 3
        assert server.connections == 3
        await connections.close()


CLOSING = OK.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n")
UNTIL_CLOSED = b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"ok":true}'
CHUNKS = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"o\r\n8\r\nk":true}\r\n0\r\n\r\n'


@pytest.mark.parametrize("answer", [CLOSING, UNTIL_CLOSED], ids=["closes", "until"])
async def test_a_connection_that_carries_no_more_is_not_used(answer: bytes) -> None:
    async with serving(answer, CHUNKS, last_words=(CLOSING, UNTIL_CLOSED)) as server:
        connections = Connections(server.url, None)
        assert [await post(connections, server) for _ in range(2)] == [DONE] * 2
        assert server.connections == 2
        await connections.close()


async def test_a_connection_that_was_left_is_not_used() -> None:
    async with serving(OK, OK, last_words=(OK,)) as server:
        connections = Connections(server.url, None)
        assert await post(connections, server) == DONE
        await until(lambda: not connections.free)
        assert await post(connections, server) == DONE
        await connections.close()


async def test_half_an_answer_is_none() -> None:
    half = OK[:-3]
    async with serving(half, OK, last_words=(half,)) as server:
        connections = Connections(server.url, None)
        with pytest.raises(NetworkError) as found:
            await post(connections, server)
        assert "ConnectError" not in found.value.message
        assert await post(connections, server) == DONE
        await connections.close()


async def test_an_answer_that_does_not_come() -> None:
    async with serving(OK[:9]) as server:
        connections = Connections(server.url, None)
        with pytest.raises(TimedOut):
            await post(connections, server, read=0.01)
        await server.left.wait()  # a late answer would be the next request's
        assert connections.free == 0


async def test_a_request_that_is_given_up_leaves_no_connection() -> None:
    async with serving() as server:
        connections = Connections(server.url, None)
        asking = asyncio.create_task(post(connections, server))
        await until(lambda: bool(server.requests))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await server.left.wait()
        assert connections.free == 0


async def test_nobody_listens() -> None:
    async with serving() as server:
        pass
    with pytest.raises(NetworkError, match="ConnectError"):
        await post(Connections(server.url, None), server)


async def test_certificates_are_checked(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, tmp_path / "key.pem")
    async with serving(OK, OK, tls=tls) as server:
        connections = Connections(server.url, ssl.create_default_context(cafile=certificate))
        assert [await post(connections, server) for _ in range(2)] == [DONE] * 2
        assert server.connections == 1
        await connections.close()
        with pytest.raises(NetworkError, match=r"ConnectError.*CERTIFICATE_VERIFY_FAILED"):
            await post(Connections(server.url, ssl.create_default_context()), server)


async def test_what_has_a_file_goes_through_httpx() -> None:
    message = b'{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"}}}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(message), message)
    async with serving(answer, answer) as server:
        bot = build("1:a", server.url).bot
        await bot.send_document(1, InputFile(b"words", filename="a.txt"))
        await bot.send_message(1, "æ & b")
        await bot.request.shutdown()
        assert [b"multipart/form-data" in request for request in server.requests] == [True, False]
        body = server.requests[1].partition(b"\r\n\r\n")[2]
        assert json.loads(body) == {"chat_id": "1", "text": "æ & b"}


def test_a_proxy_leads_to_telegram_but_not_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert ways("https://api.telegram.org", None)[1] is not None
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    assert ways("https://api.telegram.org", None)[1] is None
    assert ways("http://127.0.0.1:8081", None)[1] is not None
    assert ways("http://somebody:secret@127.0.0.1:8081", None)[1] is None
