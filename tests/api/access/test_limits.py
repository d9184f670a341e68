"""Requests of a hostile caller: too much, too fast, too deep, or no text at all."""

import asyncio

from api.problems import MEDIA_TYPE
from api.settings import ApiSettings
from db.models import Rental
from tests.api.clients.client import Clock, Server
from tests.factories import Club

DAYS = {"first": "2026-12-02", "last": "2026-12-04"}


async def test_bad_bodies_are_422_or_413(server: Server, club: Club) -> None:
    """10 MB, deep JSON, halves of characters, NUL, numbers without end, no JSON: never 500."""
    kari = server.of(club.kari)
    lines = [{"equipment_id": club.tent.id}]
    sent = {
        b"x" * 10_000_000: 413,
        b"[" * 100_000: 422,
        b'{"a":' * 60 + b"1" + b"}" * 60: 422,
        b"": 422,
        b"nothing": 422,
        b"\xff\xfe": 422,
        b"1" * 5000: 422,
        b"NaN": 422,
        b'{"purpose": "\\ud800"}': 422,
        b'{"purpose": "\\u0000"}': 422,
        b'{"\\udfff": 1}': 422,
    }
    for body, status in sent.items():
        answer = await kari.send("POST", "/rentals", body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE), body[:40]
    emoji = {"lines": lines, **DAYS, "purpose": "Tur 🏔"}
    assert (await kari.post("/rentals", emoji)).json()["purpose"] == "Tur 🏔"


async def test_bad_values_say_where(server: Server, club: Club) -> None:
    """Each with its place; times without a zone among them."""
    kari = server.of(club.kari)
    line = {"equipment_id": club.tent.id}
    bodies: list[tuple[dict[str, object], list[object]]] = [
        ({"lines": [], **DAYS}, ["body", "lines"]),
        ({"lines": [{}], **DAYS}, ["body", "lines", 0]),
        ({"lines": [{"equipment_id": 2**63}], **DAYS}, ["body", "lines", 0, "equipment_id"]),
        ({"lines": [{"equipment_id": -1}], **DAYS}, ["body", "lines", 0, "equipment_id"]),
        ({"lines": [line | {"quantity": 10**30}], **DAYS}, ["body", "lines", 0, "quantity"]),
        ({"lines": [line], "first": "2026-12-02"}, ["body"]),
        ({"lines": [line], "first": "0001-01-01", "last": "0001-01-02"}, ["body", "first"]),
        (
            {"lines": [line], "starts_at": "2026-12-02T08:00:00", "due_at": "2026-12-04T08:00:00Z"},
            ["body", "starts_at"],
        ),
        (
            {"lines": [line], "starts_at": "9999-12-31T23:59:59-12:00", "due_at": "9999-12-31T23:59:59Z"},
            ["body", "starts_at"],
        ),
        ({"lines": [line], "starts_at": 1796460000, "due_at": "1796470000"}, ["body", "starts_at"]),
        ({"lines": [line], "starts_at": 1796460000, "due_at": "1796470000"}, ["body", "due_at"]),
        ({"lines": [line], "first": 1796428800, "last": "1796428800"}, ["body", "first"]),
        ({"lines": [line], "first": "2026-12-02T00:00:00Z", "last": "20261204"}, ["body", "first"]),
        ({"lines": [line], "first": "2026-12-02T00:00:00Z", "last": "20261204"}, ["body", "last"]),
        ({"lines": [line], **DAYS, "what": 1}, ["body", "what"]),
    ]
    for body, loc in bodies:
        answer = await kari.post("/rentals", body)
        assert answer.status_code == 422, (body, answer.text)
        assert loc in [one["loc"] for one in answer.json()["errors"]], (body, answer.text)
    moments = {"starts_at": "2026-12-02T09:00:00+01:00", "due_at": "2026-12-04T20:00:00+01:00"}
    asked = await kari.post("/rentals", {"lines": [line], **moments})
    assert asked.json()["starts_at"] == "2026-12-02T08:00:00Z"


async def test_bad_addresses_are_404_405_or_422(server: Server, club: Club) -> None:
    """Ids that no row can have, bytes that are no text, paths and methods that there are not."""
    anna = server.of(club.anna)
    found = {
        path: (await anna.get(path)).status_code
        for path in (
            *(f"/rentals/{2**63}", "/rentals/0", "/rentals/-1", "/rentals/x", "/rentals/1.5"),
            *("/rentals/999", "/items/by-code/%00", "/items/by-code/%ff", "/nothing", "/users/me/"),
            *("/equipment?q=%00", "/equipment?cursor=x", "/equipment?limit=0", "/equipment?from=2026-12-01"),
            *("/rentals?status=lost", "/export/secrets.csv", "/export/rentals.csv", "/labels.pdf?first=999"),
        )
    }
    assert set(found.values()) <= {404, 422}, found
    assert (found["/rentals/999"], found["/nothing"]) == (404, 404)
    wrong = await anna.send("DELETE", "/roles")
    assert (wrong.status_code, wrong.headers["content-type"]) == (405, MEDIA_TYPE)
    assert (await anna.post("/roles", {"name": "boss"})).status_code == 405


async def test_what_is_misspelt_is_told(server: Server, club: Club) -> None:
    """A filter that there is not would give everything; a body that is not said to be JSON is not read."""
    anna = server.of(club.anna)
    for path, name in (
        ("/rentals?membr=7", "membr"),
        ("/equipment?status=free", "status"),
        ("/labels.pdf?equipmnt=1", "equipmnt"),
        ("/users/me?x=%00%ff&y", "query"),
    ):
        answer = await anna.get(path)
        loc = answer.json()["errors"][0]["loc"]
        assert (answer.status_code, loc[0], loc[-1]) == (422, "query", name), path
    assert (await server.nobody().get("/rentals?membr=7")).status_code == 401
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = await anna.send("POST", "/tags", b'{"name": "red"}', headers={"Content-Type": kind})
        assert answer.json()["errors"][0]["loc"] == ["header", "Content-Type"], kind
    merge = {"Content-Type": "application/merge-patch+json; charset=utf-8"}
    assert (await anna.send("POST", "/tags", b'{"name": "red"}', headers=merge)).status_code == 201
    wrong = await anna.send("PUT", "/rentals?membr=7")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, POST")


async def test_too_many_requests_are_429(server: Server, club: Club) -> None:
    """Each caller for itself, with how long to wait."""
    limited = Server(server.database, Clock(server.clock.now), ApiSettings(rate_per_minute=60))
    one, other = limited.of(club.kari), limited.of(club.ola)
    answers = [await one.get("/roles") for _ in range(12)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await other.get("/roles")).status_code == 200


async def test_the_same_key_twice_at_once(server: Server, club: Club) -> None:
    """One rental, and both hear of it."""
    kari = server.of(club.kari)
    body = {"lines": [{"equipment_id": club.tent.id}], **DAYS}
    answers = await asyncio.gather(
        *(kari.post("/rentals", body, headers={"Idempotency-Key": "once"}) for _ in range(6))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert server.does(lambda tx: tx.session.query(Rental).count()) == 1


async def test_cors_is_closed(server: Server, club: Club) -> None:
    """Until an origin is named; then it is that one's, without credentials of the browser."""
    asks = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    closed = await server.nobody().send("OPTIONS", "/users/me", headers=asks)
    assert "access-control-allow-origin" not in closed.headers
    opened = Server(server.database, server.clock, ApiSettings(cors_origins=("https://app.example",)))
    answer = await opened.nobody().send("OPTIONS", "/users/me", headers=asks)
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-credentials" not in answer.headers
    other = await opened.nobody().send(
        "OPTIONS", "/users/me", headers={**asks, "Origin": "https://evil.example"}
    )
    assert "access-control-allow-origin" not in other.headers


async def test_pages_of_the_documentation(server: Server) -> None:
    """They need nobody's token, and load nothing from anywhere else."""
    for path in ("/docs", "/redoc"):
        page = (await server.nobody().get(path)).text
        assert "/rentals/{rental_id}/approve" in page
        assert "https://" not in page.replace("https://t.me/", "")
    document = (await server.nobody().get("/openapi.json")).json()
    assert document["paths"]["/rentals/{rental_id}/approve"]["post"]["x-right"].startswith("admin")
    names = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]
    assert len(set(names)) == len(names) and "approve_rental" in names
