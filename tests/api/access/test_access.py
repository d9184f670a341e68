"""Rights of callers: every endpoint, tried by everybody who may not."""

import base64
from datetime import timedelta

import pytest
from starlette.types import Message

from api.app import endpoints
from api.endpoints import guard_of
from api.problems import MEDIA_TYPE
from db.models import User
from db.states import Role
from services.access import tokens
from services.core.tx import Tx
from tests import factories
from tests.api.clients import everything
from tests.api.clients.client import Server
from tests.api.clients.everything import Everything
from tests.factories import Club


@pytest.fixture
def all_of_it(server: Server, club: Club) -> Everything:
    made: Everything = server.does(lambda tx: everything.make(tx, club))
    return made


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


async def test_without_identity_it_is_401(server: Server, club: Club, all_of_it: Everything) -> None:
    """No credentials, wrong ones, those of another kind; a token that was revoked or has expired."""
    revoked = server.of(club.anna)
    server.does(lambda tx: tokens.revoke_all(tx.session, club.anna.user_id, tx.now))
    expired = server.does(lambda tx: tokens.make(tx, name="Old", days=1), club.anna)
    server.clock.now += timedelta(days=1)
    wrong: list[dict[str, str]] = [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer eql_wrong"},
        {"Authorization": "Bearer " + "x" * 2000},
        {"Authorization": f"Bearer {revoked.token}"},
        {"Authorization": f"Bearer {expired.secret}"},
        {"Authorization": f"Digest {revoked.token}"},
        {"Authorization": "Basic !!"},
        basic("anna", "eql_wrong"),
        basic("anna", f"{expired.secret}"),
    ]
    nobody = server.nobody()
    for route, method, path, body in everything.requests(all_of_it):
        if guard_of(route) is None:
            continue
        for headers in wrong if route.path == "/users/me" else wrong[:1] + wrong[4:5]:
            answer = await nobody.send(method, path, body, headers=headers)
            assert answer.status_code == 401, (method, path, headers, answer.text)
            assert answer.headers["content-type"] == MEDIA_TYPE
            assert "Bearer" in answer.headers["www-authenticate"]


async def test_identity_comes_before_the_body(server: Server, club: Club) -> None:
    """At every path of the document: 401 whatever is sent, in whatever form, and nothing of it is read."""
    nobody, tried = server.nobody(), 0
    document = (await nobody.get("/openapi.json")).json()

    async def receive() -> Message:
        raise AssertionError("the body was read")

    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "x-right" not in operation:
                continue
            for headers in ([], [(b"authorization", b"Bearer eql_wrong")]):
                sent = [*headers, (b"content-type", b"application/json"), (b"content-length", b"10000000")]
                answered: list[Message] = []

                async def send(message: Message, answered: list[Message] = answered) -> None:
                    answered.append(message)

                scope = {
                    **{"type": "http", "http_version": "1.1", "method": method.upper(), "root_path": ""},
                    **{"path": path, "query_string": b"limit=x&cursor=x", "headers": sent},
                }
                await server.app(scope, receive, send)
                assert answered[0]["status"] == 401, (method, path, answered)
                tried += 1
    assert tried > 150


async def test_a_role_comes_before_the_body(server: Server, club: Club) -> None:
    """Nobody learns what a body should be like who may not send it."""
    answer = await server.of(club.kari).post("/tags", {"name": 7})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_token_is_a_password_too(server: Server, club: Club) -> None:
    """For programs that know nothing but Basic."""
    program = server.of(club.kari)
    answer = await server.nobody().get("/users/me", headers=basic("kari", program.token or ""))
    assert answer.json()["id"] == club.kari.user_id


async def test_below_the_role_it_is_403(server: Server, club: Club, all_of_it: Everything) -> None:
    """Each endpoint by the role below the one that it declares, and by a token with that ceiling."""
    by_role = {Role.USER: club.ola, Role.LENDER: club.lars, Role.ADMIN: club.anna, Role.LEADER: all_of_it.ada}
    programs = {role: server.of(actor) for role, actor in by_role.items()}
    ceilings = {role: server.of(all_of_it.ada, role=role) for role in Role}
    tried = 0
    for route, method, path, body in everything.requests(all_of_it):
        guard = guard_of(route)
        assert guard is not None or route.path.startswith("/login")
        if guard is None or guard.right.role in (None, Role.USER) or guard.right.own:
            continue
        below = list(Role)[guard.right.role.rank - 1]
        for program in (programs[below], ceilings[below]):
            answer = await program.send(method, path, body)
            if guard.right.by_policy and answer.status_code == 409:
                continue  # how it stands comes before who may
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), (method, path)
            tried += 1
    assert tried > 50


async def test_who_is_suspended_is_told_so(server: Server, club: Club, all_of_it: Everything) -> None:
    """A suspended member, and a former one, can do nothing but bring back, and read what is their own."""
    programs = [server.of(club.anna), server.of(club.lars)]

    def end(tx: Tx) -> None:
        tx.session.get_one(User, club.anna.user_id).suspended_at = tx.now
        tx.session.get_one(User, club.lars.user_id).active_until = tx.now

    server.does(end)
    for route, method, path, body in everything.requests(all_of_it):
        guard = guard_of(route)
        if guard is None or guard.right.former:
            continue
        for program, code in zip(programs, ("suspended", "membership_ended"), strict=True):
            answer = await program.send(method, path, body)
            assert (answer.status_code, answer.json()["code"]) == (403, code), (method, path, answer.text)


async def test_another_organizations_ids_are_404(server: Server, club: Club, all_of_it: Everything) -> None:
    """In every path and every body, for its own leader; and nothing of it is read or changed."""
    other = server.does(lambda tx: factories.club(tx.session, tx.now, "Turlaget"))
    petra = server.does(
        lambda tx: factories.member(tx.session, other.organization, tx.now, "Petra Leader", Role.LEADER)
    )
    program = server.of(petra)
    for route, method, path, body in everything.requests(all_of_it):
        if not any(f"{{{name}}}" in route.path for name in (*all_of_it.ids, "code", "token")):
            continue
        if "{code}" in route.path:
            path = "/items/by-code/NONE-1"
        answer = await program.send(method, path, body)
        assert answer.status_code == 404, (method, path, answer.text)
    for method, path, body in foreign_bodies(all_of_it, other):
        answer = await program.send(method, path, body)
        assert answer.status_code == 404, (method, path, body, answer.text)
    seen = [
        await program.get(path) for path in ("/users", "/items", "/rentals", "/tags", "/locations", "/blocks")
    ]
    assert "Kari" in seen[0].text  # the other club has one of that name as well
    assert str(club.organization.id) not in {str(one["organization_id"]) for one in seen[0].json()["items"]}
    assert [one.json()["items"] for one in seen[2:]] == [[], [], [], []]


def foreign_bodies(of: Everything, own: Club) -> list[tuple[str, str, object]]:
    """Requests about one's own things, with ids of another organization in them."""
    ids, days = of.ids, everything.DAYS
    mine = own.tent.id
    lines = [
        {"equipment_id": ids["equipment_id"]},
        {"item_id": ids["item_id"]},
        {"kit_id": ids["kit_id"]},
    ]
    return [
        *(("POST", "/rentals", {"lines": [line], **days}) for line in lines),
        ("POST", "/rentals", {"lines": [{"equipment_id": mine}], "member_id": ids["user_id"], **days}),
        ("POST", "/equipment", {"name": "Rope", "tag_ids": [ids["tag_id"]]}),
        ("PUT", f"/equipment/{mine}/tags", {"tag_ids": [ids["tag_id"]]}),
        ("PUT", f"/equipment/{mine}/tags/{ids['tag_id']}", None),
        ("POST", f"/equipment/{mine}/items", {"location_id": ids["location_id"]}),
        ("POST", "/kits", {"name": "Set", "parts": [{"equipment_id": ids["equipment_id"], "quantity": 1}]}),
        ("POST", "/blocks", {"equipment_id": ids["equipment_id"], "pieces": 1, "reason": "Own use", **days}),
        (
            "POST",
            "/blocks",
            {"equipment_id": mine, "item_ids": [ids["item_id"]], "reason": "Own use", **days},
        ),
    ]


def test_every_endpoint_says_who_may() -> None:
    """In the document; but for signing in."""
    assert [
        one.path for one in endpoints() if guard_of(one) is None and not one.path.startswith("/login")
    ] == []
