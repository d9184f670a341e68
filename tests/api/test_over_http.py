"""The API as the program serves it: mounted at `/api`, by uvicorn, on both databases."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from db.models import Rental
from db.session import Database
from services.access import tokens
from tests import factories
from tests.api.clients.client import Clock, Server
from tests.factories import Club

DAYS = {"first": "2026-12-02", "last": "2026-12-04"}


@asynccontextmanager
async def served(server: Server) -> AsyncIterator[str]:
    """Serve on a free port of this machine; yield the address."""
    shell = Starlette(routes=[Mount("/api", server.app)])
    running = uvicorn.Server(uvicorn.Config(shell, log_config=None, lifespan="off"))
    listening = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(running.serve([listening]))
    port = listening.getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/api"
    finally:
        running.should_exit = True
        await task


async def test_many_at_once(database: Database, now: datetime) -> None:
    """One key sent by ten at once makes one rental; ten who want the last one get one, and nine a reason."""
    server = Server(database, Clock(now))
    club: Club = server.does(lambda tx: factories.club(tx.session, now))
    made = server.does(lambda tx: tokens.make(tx, name="Kiosk"), club.kari)
    mine = {"Authorization": f"Bearer {made.secret}"}
    async with served(server) as address, httpx.AsyncClient(headers=mine, timeout=30) as client:
        body = {"lines": [{"equipment_id": club.tent.id}], **DAYS}
        once = {"Idempotency-Key": "once"}
        answers = await asyncio.gather(
            *(client.post(f"{address}/rentals", json=body, headers=once) for _ in range(10))
        )
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert answers[0].headers["location"] == f"/api/rentals/{answers[0].json()['id']}"
        stove = {"lines": [{"equipment_id": club.stove.id}], **DAYS}
        wanted = await asyncio.gather(*(client.post(f"{address}/rentals", json=stove) for _ in range(10)))
        assert sorted(answer.status_code for answer in wanted) == [201] + [409] * 9
        assert {answer.json()["code"] for answer in wanted if answer.status_code == 409} == {"not_free"}
        decided = await asyncio.gather(
            *(client.post(f"{address}/rentals/{answers[0].json()['id']}/cancel") for _ in range(5))
        )
        assert sorted(answer.status_code for answer in decided) == [200] + [409] * 4
        large = await client.post(f"{address}/rentals", content=b"x" * 10_000_000)
        assert large.status_code == 413
        document = (await client.get(f"{address}/openapi.json")).json()
        assert document["servers"] == [{"url": "/api"}]
        assert (await client.get(f"{address}/docs")).status_code == 200
    assert server.does(lambda tx: tx.session.query(Rental).count()) == 2
