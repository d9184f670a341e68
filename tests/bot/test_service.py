"""The web application of the running program: health and numbers, as monitors ask for them."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import Complaint
from bot.program import Program
from bot.settings import Web
from bot.updates.webhook import secret_of
from db.session import Database
from sandbox import Sandbox
from services.core.tx import Tx
from services.messaging import outbox
from tests.bot.conftest import settled, until
from web.app import SECRET, WEBHOOK

ALL = Web(port=0, health=True, metrics=True)


@pytest.fixture
async def served(make_program: Callable[..., Program]) -> AsyncIterator[Program]:
    """The program with everything on that is served without an address."""
    program = make_program(web=ALL)
    await program.start()
    yield program
    await program.stop()


@pytest.fixture
async def client(served: Program) -> AsyncIterator[httpx.AsyncClient]:
    assert served.service is not None
    where = f"http://127.0.0.1:{served.service.port}"
    async with httpx.AsyncClient(base_url=where, verify=False, trust_env=False) as client:
        yield client


async def numbers(client: httpx.AsyncClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return what Prometheus reads, by name and labels."""
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def key(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


async def test_the_numbers_tell_what_happened(
    served: Program, client: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    """Updates, messages, queues, the sweep, statements, as Prometheus' own parser reads them."""
    kari = sandbox.add_person("Kari")
    await kari.types("/write hello")
    await kari.types("/boom private")
    await settled(sandbox, served)
    await until(lambda: served.scheduler.swept_at is not None)
    found = await numbers(client)
    assert found[key("equiplib_updates_total", kind="message", result="done")] == 1
    assert found[key("equiplib_updates_total", kind="message", result="failed")] == 5
    assert found[key("equiplib_update_seconds_count", kind="message")] == 6
    assert found[key("equiplib_messages_total", lane="reply", result="sent")] == 2
    assert found[key("equiplib_inbox_updates", status="set_aside")] == 1
    assert found[key("equiplib_outbox_messages", status="sent")] == 2
    assert found[key("equiplib_sweeps_total", result="done")] >= 1
    assert 0 <= found[key("equiplib_sweep_age_seconds")] < 60
    assert found[key("equiplib_oldest_unsent_seconds")] == 0
    assert found[key("equiplib_telegram_up")] == 1
    assert found[key("equiplib_statements_total")] > 10
    await client.get("/nothing/private")
    again = await numbers(client)
    assert again[key("equiplib_http_requests_total", part="metrics", method="GET", status="200")] == 1
    assert again[key("equiplib_http_requests_total", part="other", method="GET", status="404")] == 1
    assert "private" not in (await client.get("/metrics")).text


async def ready(client: httpx.AsyncClient) -> tuple[int, dict[str, Any]]:
    answer = await client.get("/health/ready")
    found: dict[str, Any] = json.loads(answer.text)
    assert found["ready"] is (answer.status_code == 200)
    return answer.status_code, found["checks"]


async def test_ready_says_what_is_wrong(
    served: Program, client: httpx.AsyncClient, sandbox: Sandbox, sqlite: Database
) -> None:
    """All is well; then Telegram is away, the sweep has stopped, a message has been due for too long."""
    await until(lambda: served.scheduler.swept_at is not None)
    assert (await client.get("/health/live")).text == "ok"
    status, checks = await ready(client)
    assert (status, set(checks)) == (200, {"database", "telegram", "sweep", "notices"})
    served.application.bot.contact.answered_at = None
    sandbox.world.faults.add("getMe", 502)
    await served.scheduler.stop(1)
    assert served.scheduler.swept_at is not None
    served.scheduler.swept_at -= 1000
    await served.delivery.stop(1)
    sqlite.write_now(
        lambda s: outbox.send(Tx(s, sandbox.clock.now() - timedelta(hours=1)), "text", chat_id=5)
    )
    status, checks = await ready(client)
    assert (status, {name for name, check in checks.items() if not check["ok"]}) == (
        503,
        {"telegram", "sweep", "notices"},
    )
    assert checks["notices"]["oldest_seconds"] == 3600


async def test_it_is_heard_while_telegram_is_waited_for(
    sandbox: Sandbox, make_program: Callable[..., Program], sqlite: Database
) -> None:
    """It lives, is not ready, and takes no update yet."""
    program = make_program(web=Web(port=0, health=True, public_url="https://x.org"), is_webhook=True)
    sandbox.world.faults.add("getMe", 502, count=1000)
    starting = asyncio.create_task(program.start())
    await until(lambda: program.service is not None and program.service.is_listening)
    assert program.service is not None
    where = f"http://127.0.0.1:{program.service.port}"
    async with httpx.AsyncClient(base_url=where, verify=False) as client:
        assert (await client.get("/health/live")).status_code == 200
        status, checks = await ready(client)
        assert status == 503 and not checks["telegram"]["ok"] and checks["database"]["ok"]
        secret = {SECRET: secret_of(sandbox.token)}
        assert (await client.post(WEBHOOK, content=b"{}", headers=secret)).status_code == 503
        sandbox.world.faults.clear()
        await starting
        assert (await client.post(WEBHOOK, content=b"{}", headers=secret)).status_code == 200
    await program.stop()


async def test_the_api_is_served_where_it_is_installed(make_program: Callable[..., Program]) -> None:
    """Below `/api`, with its own documentation."""
    pytest.importorskip("api.app", reason="the API is not there")
    before = set(threading.enumerate())
    program = make_program(web=Web(port=0, api=True))
    await program.start()
    assert program.service is not None
    where = f"http://127.0.0.1:{program.service.port}"
    async with httpx.AsyncClient(base_url=where, verify=False) as client:
        assert (await client.get("/api/openapi.json")).status_code == 200
        for path in ("/api", "/api/"):
            assert (await client.get(path)).headers["location"] == "/api/docs"
        assert (await client.head("/api/docs")).status_code == 200
        assert (await client.get("/health/live")).status_code == 404
        wrong = {"username": "kari", "password": "wrong"}
        assert (await client.post("/api/login", json=wrong)).status_code == 401
    checking = [one for one in set(threading.enumerate()) - before if one.name.startswith("passwords")]
    assert checking
    await program.stop()
    for thread in checking:
        thread.join(5)
        assert not thread.is_alive()


async def test_what_is_off_is_not_found(make_program: Callable[..., Program]) -> None:
    """And a port that is taken is told by its setting; so is an API that is not installed."""
    program = make_program(web=Web(port=0, health=True))
    await program.start()
    assert program.service is not None
    port = program.service.port
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", verify=False) as client:
        for path in ("/metrics", "/api", "/api/docs", "/telegram/webhook", "/calendar/x.ics", "/"):
            assert (await client.get(path)).status_code == 404
    second = make_program(web=Web(port=port, health=True))
    with pytest.raises(Complaint, match=r"web\.host or web\.port is wrong"):
        await second.start()
    await second.stop()
    await program.stop()
