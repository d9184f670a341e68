"""Requests that the web back end before ours could not answer, or answered to the wrong people."""

import pytest

from services.core.actor import Actor
from tests import factories
from tests.api.clients.client import Server
from tests.factories import Club

ASKED: list[tuple[str, str, str, object, int]] = [
    # What answered 500, or never worked.
    ("anna", "GET", "/users/me", None, 200),
    ("anna", "PATCH", "/users/{kari}", {"city": "Oslo"}, 200),
    ("nobody", "POST", "/login/link", {"username": "kari@example.org"}, 202),
    ("nobody", "POST", "/login/link", {"username": "nobody@example.org"}, 202),
    ("nobody", "POST", "/login/qr", {}, 201),
    ("kari", "GET", "/organizations/me", None, 200),
    ("ada", "POST", "/organizations", {"name": "Fjellklubben", "timezone": "Europe/Oslo"}, 409),
    ("anna", "DELETE", "/equipment/{tent}/tags/{tag}", None, 200),
    ("kari", "GET", "/items/{item}", None, 200),  # where it is kept
    ("kari", "GET", "/rentals/999", None, 404),
    ("lars", "GET", "/items/{item}/rental", None, 404),
    ("lars", "GET", "/items/999/rental", None, 404),
    ("lars", "GET", "/rentals", None, 200),  # empty
    ("lars", "GET", "/rentals?member={kari}", None, 200),  # empty
    ("kari", "GET", "/rentals/me", None, 200),
    ("lars", "GET", "/rentals/current", None, 200),
    ("lars", "POST", "/rentals/999/return", {}, 404),
    ("anna", "POST", "/fields", {"describes": "item", "label": "Size"}, 409),
    ("kari", "GET", "/templates", None, 200),
    ("kari", "GET", "/roles", None, 200),
    ("kari", "GET", "/roles/admin", None, 200),
    ("kari", "GET", "/roles/5", None, 404),
    ("ada", "POST", "/roles", {"name": "boss"}, 405),
    # What it let through.
    ("anna", "POST", "/users", {"first_name": "Boss", "role": "leader"}, 403),
    ("kari", "PATCH", "/users/{kari}", {"role": "leader"}, 403),
    ("kari", "GET", "/users/{ola}", None, 403),
    ("anna", "GET", "/users/{petra}", None, 404),
    ("nobody", "GET", "/organizations", None, 401),
    ("anna", "PATCH", "/organizations/{theirs}", {"name": "Ours"}, 403),
    ("ada", "PATCH", "/organizations/{theirs}", {"name": "Ours"}, 404),
    ("anna", "GET", "/organizations/{theirs}", None, 404),
    ("anna", "GET", "/equipment/{kayak}", None, 404),
    ("nobody", "GET", "/roles", None, 401),
    ("kari", "POST", "/rentals/{olas}/return", {}, 404),
    ("kari", "GET", "/rentals/{olas}", None, 404),
    ("lars", "POST", "/rentals", {"lines": [{"equipment_id": 77}]}, 404),
    ("lars", "POST", "/rentals", {"lines": [{"item_id": "{item}", "quantity": 2}]}, 422),
    ("anna", "POST", "/users", {"first_name": "Kari", "email": "kari@example.org"}, 409),
    ("anna", "POST", "/users", {"first_name": "Kari", "username": "kari"}, 409),
    ("anna", "POST", "/equipment", {"name": "Tent"}, 409),
    ("anna", "POST", "/tags", {"name": "winter"}, 409),
]


@pytest.fixture
def known(server: Server, club: Club, ada: Actor) -> dict[str, object]:
    """The ids that paths name."""

    other = server.does(lambda tx: factories.club(tx.session, tx.now, "Padleklubben"))
    kayak = server.does(lambda tx: factories.equipment(tx.session, other.organization, tx.now, "Kayak", "K1"))
    olas = server.does(
        lambda tx: factories.requested(
            tx.session, club.ola, tx.now, factories.days(tx.now, 1, 3), (club.stove, 1)
        )
    )
    return {
        "kari": club.kari.user_id,
        "ola": club.ola.user_id,
        "petra": other.anna.user_id,
        "theirs": other.organization.id,
        "kayak": kayak.id,
        "tent": club.tent.id,
        "item": 1,
        "olas": olas.id,
    }


async def test_each_is_answered_as_it_should(
    server: Server, club: Club, ada: Actor, known: dict[str, object]
) -> None:
    """One by one, on one club: what failed works or says why, what was open is closed."""
    programs = {
        "nobody": server.nobody(),
        "kari": server.of(club.kari),
        "lars": server.of(club.lars),
        "anna": server.of(club.anna),
        "ada": server.of(ada),
    }
    anna = programs["anna"]
    await anna.patch(f"/users/{club.kari.user_id}", {"username": "kari", "email": "kari@example.org"})
    tag = (await anna.post("/tags", {"name": "winter"})).json()["id"]
    await anna.send("PUT", f"/equipment/{club.tent.id}/tags/{tag}")
    await anna.post("/fields", {"describes": "item", "label": "Size"})
    days = {"first": "2026-12-02", "last": "2026-12-04"}
    wrong = []
    for who, method, path, body, status in ASKED:
        if path == "/rentals" and isinstance(body, dict):
            lines = [
                {key: known["item"] if value == "{item}" else value for key, value in line.items()}
                for line in body["lines"]
            ]
            body = {"lines": lines, **days}
        answer = await programs[who].send(method, path.format(tag=tag, **known), body)
        if answer.status_code != status:
            wrong.append((who, method, path, answer.status_code, answer.text[:200]))
    assert wrong == []
