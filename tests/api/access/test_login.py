"""Signing in: by password where the organization allows it, by a QR code confirmed in the chat."""

import base64
import re
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import func, select, text

from db.models import Organization, OutboxMessage, User
from services.access import links, passwords
from services.core.tx import Tx
from tests.api.clients.client import Program, Server
from tests.factories import Club

PASSWORD = "correct horse battery"


@pytest.fixture
def kari(server: Server, club: Club) -> str:
    """Kari's username; the club allows passwords, and hers is PASSWORD."""

    def work(tx: Tx) -> None:
        tx.session.get_one(Organization, club.organization.id).policy = {"passwords": True}
        row = tx.session.get_one(User, club.kari.user_id)
        row.username, row.email = "kari", "kari@example.org"
        passwords.store(tx, row, passwords.hashed(PASSWORD))

    server.does(work)
    return "kari"


async def log_in(server: Server, name: str, password: str, address: str = "127.0.0.1") -> tuple[int, str]:
    program = Program(server.app, address=address)
    answer = await program.post("/login", {"username": name, "password": password})
    return answer.status_code, answer.json().get("token", answer.json().get("code"))


async def test_a_right_password_gives_a_token(server: Server, kari: str) -> None:
    """By username or email, for some hours; and with Basic it needs none."""
    for name in ("Kari", "kari@example.org"):
        status, token = await log_in(server, name, PASSWORD)
        assert status == 200
        assert (await Program(server.app, token).get("/users/me")).json()["username"] == "kari"
    header = base64.b64encode(f"kari:{PASSWORD}".encode()).decode()
    answer = await server.nobody().get("/users/me", headers={"Authorization": f"Basic {header}"})
    assert answer.status_code == 200
    server.clock.now += timedelta(hours=13)
    assert (await Program(server.app, token).get("/users/me")).status_code == 401
    ended = Program(server.app, (await log_in(server, "kari", PASSWORD))[1])
    assert (await ended.send("DELETE", "/login")).status_code == 204
    assert (await ended.get("/users/me")).status_code == 401


async def test_unknown_and_wrong_are_the_same(server: Server, club: Club, kari: str) -> None:
    """A name that is not there, a wrong password, a club that allows none: one answer, word for word."""
    nobody = server.nobody()
    answers = [
        await nobody.post("/login", {"username": name, "password": "wrong password"})
        for name in ("kari", "nobody", "ola@example.org")
    ]

    def switch_off(tx: Tx) -> None:
        tx.session.get_one(Organization, club.organization.id).policy = {}

    server.does(switch_off)
    answers.append(await nobody.post("/login", {"username": "kari", "password": PASSWORD}))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


async def test_what_is_refused_is_in_the_log(server: Server, club: Club, kari: str) -> None:
    """With its reason, as what the chat refuses is; nothing of what was sent."""
    with structlog.testing.capture_logs() as logged:
        await log_in(server, "kari", "wrong password")
        await server.of(club.kari).get("/users")
    refused = [line for line in logged if line["event"] == "refused"]
    assert [(line["log_level"], line["reason"]) for line in refused] == [
        ("info", "wrong_password"),
        ("info", "not_allowed"),
    ]
    assert "wrong password" not in str(logged)


async def test_failures_slow_an_account_and_an_address(server: Server, kari: str) -> None:
    """After some in a row, with the seconds to wait; time lets one in again, and success forgets them."""
    for number in range(5):
        assert await log_in(server, "kari", "wrong", f"10.0.0.{number}") == (401, "unauthorized")
    first = await Program(server.app).post("/login", {"username": "kari", "password": "wrong"})
    assert (first.status_code, first.json()["code"]) == (429, "login_slowed")
    assert int(first.headers["retry-after"]) >= 1
    assert await log_in(server, "KARI ", PASSWORD) == (429, "login_slowed")
    server.clock.now += timedelta(seconds=2)
    assert (await log_in(server, "kari", PASSWORD))[0] == 200
    assert await log_in(server, "kari", "wrong") == (401, "unauthorized")
    statuses = [(await log_in(server, f"name{n}", "wrong", "10.1.1.1"))[0] for n in range(22)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert (await log_in(server, "other", "wrong", "10.1.1.2"))[0] == 401


async def test_no_password_is_stored_or_answered(server: Server, kari: str) -> None:
    """Only its hash is there, and it is in no answer."""
    program = Program(server.app, (await log_in(server, "kari", PASSWORD))[1])
    wrong = {"current_password": "marker-one-two", "new_password": "short"}
    answer = await program.send("PUT", "/users/me/password", wrong)
    assert answer.status_code == 422
    assert "marker-one-two" not in answer.text
    names = ("passwords", "audit", "outbox", "api_tokens", "login_failures", "api_requests")
    rows = server.does(lambda tx: [tx.session.execute(text(f"SELECT * FROM {n}")).all() for n in names])
    assert PASSWORD not in repr(rows)
    assert "$argon2id$" in repr(rows)
    assert "argon2" not in (await program.get("/users/me")).text


async def test_a_new_password(server: Server, club: Club, kari: str) -> None:
    """With the present one, or with a code from the chat, which works once; earlier logins end."""
    program = Program(server.app, (await log_in(server, "kari", PASSWORD))[1])
    new = {"current_password": "wrong password", "new_password": "another long one"}
    refused = await program.send("PUT", "/users/me/password", new)
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_password")
    done = await program.send("PUT", "/users/me/password", {**new, "current_password": PASSWORD})
    assert done.status_code == 200, done.text
    assert (await program.get("/users/me")).status_code == 401
    assert (await log_in(server, "kari", PASSWORD))[0] == 401
    assert (await log_in(server, "kari", "another long one"))[0] == 200
    code = server.does(lambda tx: links.for_password(tx, tx.session.get_one(User, club.kari.user_id)))
    by_code = {"code": code, "new_password": "a third long one"}
    assert (await server.nobody().post("/login/password", by_code)).status_code == 200
    assert (await server.nobody().post("/login/password", by_code)).status_code == 410
    assert (await log_in(server, "kari", "a third long one"))[0] == 200
    # A token alone sets none: it may be worth less than its maker.
    token = server.of(club.kari)
    alone = await token.send("PUT", "/users/me/password", {"new_password": "a fourth long one"})
    assert alone.status_code == 422


async def test_a_forgotten_password(server: Server, club: Club, kari: str) -> None:
    """The answer is the same for everybody; a member gets a message, not too often."""

    def told() -> int:
        query = select(func.count(OutboxMessage.id)).filter_by(kind=links.PASSWORD_ASKED)
        found: int = server.does(lambda tx: tx.session.scalar(query))
        return found

    answers = [await server.nobody().post("/login/link", {"username": name}) for name in ("nobody", "kari")]
    assert {answer.status_code for answer in answers} == {202}
    assert answers[0].content == answers[1].content
    assert told() == 1
    for _ in range(6):
        assert (await server.nobody().post("/login/link", {"username": "kari"})).status_code == 202
    assert told() < 5


async def test_login_by_qr_code(server: Server, club: Club) -> None:
    """It waits until the member who opened the link confirms; then it gives one token, once."""
    nobody = server.nobody()
    begun = (await nobody.post("/login/qr", {"name": "Front desk"})).json()
    found = re.search(r"start=(l_[\w-]+)", begun["link"])
    assert found is not None
    assert begun["svg"].startswith("<svg")
    ask = {"secret": begun["secret"]}
    assert (await nobody.post("/login/qr/token", ask)).status_code == 202
    link_id = server.does(lambda tx: links.opened(tx, found[1]).id, club.kari)
    for other in (club.ola, club.anna):
        with pytest.raises(Exception, match="link_over"):
            server.does(lambda tx: links.opened(tx, found[1]), other)
        with pytest.raises(Exception, match="not_found"):
            server.does(lambda tx: links.confirm(tx, link_id), other)
    assert (await nobody.post("/login/qr/token", ask)).status_code == 202
    server.does(lambda tx: links.confirm(tx, link_id), club.kari)
    given = await nobody.post("/login/qr/token", ask)
    assert given.json()["user_id"] == club.kari.user_id
    assert (await Program(server.app, given.json()["token"]).get("/rentals/me")).status_code == 200
    assert (await nobody.post("/login/qr/token", ask)).status_code == 410
    late = (await nobody.post("/login/qr", {})).json()
    server.clock.now += timedelta(minutes=6)
    assert (await nobody.post("/login/qr/token", {"secret": late["secret"]})).status_code == 410
