"""The site for nginx, in front of the running program, with a certificate of its own: the real nginx."""

import asyncio
import os
import re
import shutil
import socket
import ssl
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.program import Program
from bot.settings import Web
from db.session import Database
from sandbox import MovableClock, Sandbox
from tests.certificates import make_certificate
from web.app import SECRET, WEBHOOK, Parts, create_app
from web.server import Server

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SITE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NAME = "lend.example.org"
ADDRESS = f"https://{NAME}"
RATE, BURST = 1, 60
"""The limit by address, slowed down: a slow machine asks more seldom than the site allows."""

MAIN = """
daemon off; pid {folder}/pid; error_log {folder}/errors; {user}
events {{}}
http {{
  access_log {folder}/access;
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
  uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  include {folder}/site;
}}
"""

pytestmark = pytest.mark.skipif(not Path(NGINX).exists(), reason="nginx is not installed")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Front:
    """A running nginx with our site; `trusted` is what its certificate is checked against."""

    def __init__(self, folder: Path, port: int, patience: str = "60s") -> None:
        self.plain, self.tls = free_port(), free_port()
        self.folder = folder
        certificate = make_certificate(folder, NAME)
        self.trusted = ssl.create_default_context(cafile=certificate)
        site = SITE.read_text("utf-8")
        for old, new in {
            "127.0.0.1:8090": f"127.0.0.1:{port}",
            "listen 80;": f"listen 127.0.0.1:{self.plain};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.tls} ssl;",
            f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(folder / "key.pem"),
            "rate=20r/s;": f"rate={RATE}r/s;",
            "proxy_read_timeout 60s;": f"proxy_read_timeout {patience};",
        }.items():
            assert old in site
            site = site.replace(old, new)
        (folder / "site").write_text(site, "utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[httpx.AsyncClient]:
        process = await asyncio.create_subprocess_exec(
            *(NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")), stderr=PIPE
        )
        try:
            async with httpx.AsyncClient(
                base_url=f"https://127.0.0.1:{self.tls}",
                verify=self.trusted,
                trust_env=False,
                headers={"host": NAME},
            ) as client:
                await self._until_it_listens(process)
                yield client
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()

    async def _until_it_listens(self, process: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(10):
            while True:
                assert process.returncode is None, process.stderr and await process.stderr.read()
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.tls)
                except OSError:
                    await asyncio.sleep(0.01)
                    continue
                writer.close()
                return


async def test_telegram_delivers_through_nginx(sqlite: Database, tmp_path: Path) -> None:
    """From port 80 to TLS, the webhook to the program and back to the person; what is for this machine alone,
    what has no secret and what is too large is turned away.
    """
    async with Sandbox(clock=MovableClock(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))) as sandbox:
        program = Program(
            token=sandbox.token,
            api_url=sandbox.url,
            database=sqlite,
            clock=sandbox.clock.now,
            announces=False,
            web=Web(port=0, public_url=ADDRESS, health=True, metrics=True),
            is_webhook=True,
        )
        await program.start()
        assert program.service is not None
        front = Front(tmp_path, program.service.port)
        async with front.running() as client:
            sandbox.courier.verify = front.trusted
            sandbox.courier.pause = lambda _: 0.01
            sandbox.courier.names[ADDRESS] = f"https://127.0.0.1:{front.tls}"
            kari = sandbox.add_person("Kari")
            await kari.types("/start")
            await kari.sees("")
            assert (await client.post(WEBHOOK, content=b"{}")).status_code == 403
            large = await client.post(WEBHOOK, content=b" " * 1_100_000, headers={SECRET: "x"})
            assert large.status_code == 413
            for path in ("/health/live", "/health/ready", "/metrics", "/", "/telegram/", "/sandbox"):
                assert (await client.get(path)).status_code == 404
            plain = f"http://127.0.0.1:{front.plain}/api/x?y=1"
            async with httpx.AsyncClient(verify=False, trust_env=False) as unsafe:
                answer = await unsafe.get(plain, headers={"host": NAME})
            assert (answer.status_code, answer.headers["location"]) == (308, f"{ADDRESS}/api/x?y=1")
        await program.stop()


async def _body(receive: Any) -> bytes:
    whole, more = b"", True
    while more:
        message = await receive()
        whole, more = whole + message["body"], message.get("more_body", False)
    return whole


async def test_the_program_knows_who_asks_and_nginx_how_often(tmp_path: Path) -> None:
    """The client's own address and scheme, whatever it says of itself; a limit by address; and no log has the
    address of a calendar.
    """

    given_up = asyncio.Event()

    async def who(scope: object, receive: object, send: object) -> None:
        request = Request(scope)  # type: ignore[arg-type]
        assert request.client is not None
        if request.method == "POST":
            assert len(await _body(receive)) == 20_100_000
        if request.url.path in ("/api/imports", "/api/slow"):
            await given_up.wait()
        answer = JSONResponse({"client": request.client.host, "scheme": request.url.scheme})
        await answer(scope, receive, send)  # type: ignore[arg-type]

    async def calendar(secret: str) -> bytes | None:
        return b"BEGIN:VCALENDAR"

    server = Server(create_app(Parts(api=who, calendar=calendar)), "127.0.0.1", 0, "127.0.0.1")
    await server.start()
    (tmp_path / "hasty").mkdir()
    async with Front(tmp_path / "hasty", server.port, patience="1s").running() as client:
        # A list may take longer than anything else, and be as large as the program takes it.
        sent = asyncio.create_task(client.post("/api/imports", content=b"x" * 20_100_000))
        assert (await client.get("/api/slow")).status_code == 504
        given_up.set()
        assert (await sent).status_code == 200
    front = Front(tmp_path, server.port)
    async with front.running() as client:
        lies = {"x-forwarded-for": "10.9.8.7", "x-forwarded-proto": "gopher"}
        assert (await client.get("/api/", headers=lies)).json() == {"client": "127.0.0.1", "scheme": "https"}
        found = await client.get("/calendar/hemmelig.ics")
        assert (found.status_code, found.headers["strict-transport-security"]) == (200, "max-age=31536000")
        began = time.monotonic()
        asked = [client.get("/api/", timeout=60) for _ in range(150)]
        codes = [answer.status_code for answer in await asyncio.gather(*asked)]
        most = 1 + BURST + RATE * (time.monotonic() - began)
        assert set(codes) == {200, 429} and BURST - 5 <= codes.count(200) <= most
    await server.stop(1)
    assert "hemmelig" not in (tmp_path / "access").read_text()
    assert re.search(r"GET /api/ ", (tmp_path / "access").read_text())
