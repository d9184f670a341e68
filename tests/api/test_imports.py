"""Imports by HTTP: a list is planned, decided about, brought in, and undone."""

import asyncio
import json
from datetime import timedelta
from typing import Any

from httpx import Response
from sqlalchemy import func, select, update

from db.models import Card, Item, OutboxMessage, User
from db.states import OutboxStatus, Role
from services.core.actor import Actor
from services.core.audit import BY_TOKEN
from services.core.tx import Tx
from services.imports import runs
from tests import factories
from tests.api.clients.client import Program, Server
from tests.factories import Club

OURS = "Name;Code;Condition\nRope;R1;ok\nRope;R2;ok\nAxe;A1;ok;more;cells\n"
LIST = (
    "Things of 2026;;;\nThing;Mark;No.;Where\nTarp;green;P-1;Cellar\nPulk;red;P-2;Loft\nPulk;blue;P-2;Loft\n"
)


async def send(program: Program, path: str, content: str | bytes, **fields: Any) -> Response:
    """Send a file as a form has it, with these fields beside it."""
    form = {key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()}
    raw = content.encode() if isinstance(content, str) else content
    return await program.send("POST", path, files={"file": ("list.csv", raw)}, data=form)


def codes(server: Server) -> set[str]:
    found: set[str] = server.does(lambda tx: {item.code for item in tx.session.query(Item)})
    return found


async def test_a_list_from_its_plan_to_its_undoing(server: Server, club: Club, ada: Actor) -> None:
    """The plan writes nothing; what is asked is decided; refused rows are told; all of it goes again."""
    anna, before = server.of(club.anna), codes(server)
    planned = await send(anna, "/imports/plan", LIST)
    plan = planned.json()
    assert planned.status_code == 200, planned.text
    assert (plan["about"], plan["ours"], plan["rows"], codes(server)) == ("inventory", False, 3, before)
    assert {one["header"] for one in plan["columns"]} >= {"Thing", "Mark", "No.", "Where"}
    if plan["questions"]:
        refused = await send(anna, "/imports", LIST)
        assert (refused.status_code, refused.json()["code"]) == (409, "questions_open")
        assert refused.json()["context"]["questions"] == plan["questions"]
    decided = {**plan["choices"], "names": ["Thing"], "columns": {"No.": "code", "Thing": "name"}}
    again = (await send(anna, "/imports/plan", LIST, choices=decided)).json()
    assert (again["questions"], again["things"][0]["name"], again["things"][0]["codes"]) == (
        [],
        "Tarp",
        ["P-1"],
    )
    done = await send(anna, "/imports", LIST, choices=decided)
    result = done.json()
    assert done.status_code == 200, done.text
    assert (result["rows"], result["numbers"]["items_new"], result["refused_total"]) == (3, 2, 1)
    assert [(one["line"], one["reason"]) for one in result["refused"]] == [(5, "code_twice")]
    assert codes(server) - before == {"P-1", "P-2"}
    kept = (await send(anna, "/imports/plan", LIST)).json()
    assert kept["choices"]["names"] == ["Thing"]
    undo = f"/imports/{result['id']}/undo"
    assert (await anna.get(undo)).json() == {"items": 2, "kinds": 2, "members": 0, "changed": 0}
    assert (await anna.post(undo)).json()["items"] == 2
    assert codes(server) == before
    twice = await anna.post(undo)
    assert (twice.status_code, twice.json()["code"]) == (409, "import_undone")
    assert (await anna.get("/imports/99999/undo")).status_code == 410
    entries = (await server.of(ada).get("/audit?limit=100")).json()["items"]
    (entry,) = [one for one in entries if one["action"] == "import"]
    assert (entry["by"], entry["token"], BY_TOKEN in entry["details"]) == (club.anna.name, "Kiosk", False)


async def test_our_own_file(server: Server, club: Club) -> None:
    """Nothing is asked; twice changes nothing."""
    anna = server.of(club.anna)
    first = (await send(anna, "/imports", OURS)).json()
    assert (first["numbers"]["items_new"], first["refused_total"]) == (2, 1), first
    second = (await send(anna, "/imports", OURS)).json()
    assert (second["numbers"]["items_new"], second["numbers"]["items_unchanged"]) == (0, 2)


async def test_the_list_of_imports(server: Server, club: Club, ada: Actor) -> None:
    """Each with its numbers, its codes, and whether it can be undone; none of another club, none too old."""
    anna, per = server.of(club.anna), "First name;Last name;Email\nNora;Hansen;nora@example.org\n"
    things = (await send(anna, "/imports", "Name;Code\nRope;R1\nRope;=R2\n")).json()["id"]
    changes = (await send(anna, "/imports", "Name;Code;Comment\nRope;R1;dry\nAxe;;\n")).json()["id"]
    people = (await send(server.of(ada), "/imports", per)).json()["id"]
    first = (await anna.get("/imports?limit=2")).json()
    rest = (await anna.get(f"/imports?cursor={first['next_cursor']}")).json()
    listed = [*first["items"], *rest["items"]]
    assert [one["id"] for one in listed] == [people, changes, things] and rest["next_cursor"] is None
    numbers = [[one[name] for name in ("items", "equipment", "members", "changed")] for one in listed]
    assert numbers == [[0, 0, 1, 0], [1, 1, 0, 1], [2, 1, 0, 0]]
    assert [one["by"]["id"] for one in listed] == [ada.user_id, club.anna.user_id, club.anna.user_id]
    assert {one["file"] for one in listed} == {"list.csv"} and all(one["ended_at"] for one in listed)
    older = (await anna.get(f"/imports/{things}")).json()
    assert (older["can_be_undone"], older["obstacles"]) == (False, 1), "R1 was changed since"
    codes_ = await anna.get(f"/imports/{things}/codes.csv?language=nb")
    rows = [row.split(";") for row in codes_.content.decode("utf-8-sig").splitlines()]
    assert ([row[0] for row in rows[1:]], len(rows[0])) == (["R1", "'=R2"], 5)
    assert (await anna.get(f"/imports/{people}/codes.csv")).status_code == 204
    assert (await anna.get(f"/imports/{changes}")).json()["can_be_undone"] is True
    assert (await anna.post(f"/imports/{changes}/undo")).status_code == 200
    undone = (await anna.get(f"/imports/{changes}")).json()
    assert (undone["undone_by"]["id"], undone["undo_until"]) == (club.anna.user_id, None)
    assert (undone["can_be_undone"], undone["items"]) == (False, 0)
    assert (await anna.get(f"/imports/{changes}/codes.csv")).status_code == 409
    assert (await anna.get(f"/imports/{things}")).json()["can_be_undone"] is True
    other = server.does(lambda tx: factories.club(tx.session, tx.now, "Turlaget"))
    assert (await server.of(other.anna).get("/imports")).json()["items"] == []
    server.clock.now += timedelta(days=31)
    assert (await anna.get("/imports")).json()["items"] == []
    assert (await anna.get(f"/imports/{things}")).status_code == 404


async def test_members(server: Server, club: Club, ada: Actor) -> None:
    """Each new one has a link; a token below its member's role brings nobody in."""
    anna, people = server.of(club.anna), "First name;Last name;Email\nNora;Hansen;nora@example.org\n"
    assert (await send(anna, "/imports/plan", people)).json()["about"] == "members"
    done = (await send(anna, "/imports", people)).json()
    (nora,) = done["invited"]
    assert (nora["name"], nora["email"]) == ("Nora Hansen", "nora@example.org")
    assert nora["invite_link"].startswith("https://t.me/")
    assert (await send(anna, "/imports", people)).json()["invited"] == []
    assert (await anna.post(f"/imports/{done['id']}/undo")).json()["members"] == 1
    limited = await send(server.of(ada, role=Role.ADMIN), "/imports", people)
    assert (limited.status_code, limited.json()["code"]) == (403, "not_allowed")


async def test_what_a_list_leaves_to_decide(server: Server, club: Club) -> None:
    """Things with a holder are handed out as listed, once; an address that two share goes to one of them."""
    anna, lars = server.of(club.anna), server.of(club.lars)
    lent = "Name;Code;Checked out to\nRope;R1;Kari Nordmann\nRope;R2;Somebody\n"
    path = f"/imports/{(await send(anna, '/imports', lent)).json()['id']}"
    listed = (await lars.get(f"{path}/holders")).json()["items"]
    assert [(one["code"], one["state"], one["user_id"]) for one in listed] == [
        ("R1", "member", club.kari.user_id),
        ("R2", "nobody", None),
    ]
    assert (await lars.post(f"{path}/hand-out")).json() == {"items": 1, "refused": []}
    assert (await lars.post(f"{path}/hand-out")).json() == {"items": 0, "refused": []}
    people = "Mitgliedsnummer;Vorname;Nachname;E-Mail\n1;Nora;Hansen;us@x.no\n2;Per;Hansen;us@x.no\n"
    path = f"/imports/{(await send(anna, '/imports', people)).json()['id']}/addresses"
    (shared,) = (await anna.get(path)).json()["items"]
    assert (shared["address"], [one["name"] for one in shared["members"]]) == (
        "us@x.no",
        ["Nora Hansen", "Per Hansen"],
    )
    per = shared["members"][1]["id"]
    # As with a tap in the chat, the card there asks no more.
    cards = select(func.count(OutboxMessage.id)).where(OutboxMessage.status == OutboxStatus.PENDING)
    cards = cards.join(Card).where(Card.kind == runs.CARD)
    server.does(lambda tx: tx.session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT)))
    server.does(lambda tx: tx.session.execute(update(Card).values(message_id=1)))
    assert (await anna.post(path, {"user_id": per})).status_code == 200
    assert server.does(lambda tx: tx.session.scalar(cards)) == 1
    assert (await anna.get(f"/users/{per}")).json()["email"] == "us@x.no"
    again = await anna.post(path, {"user_id": per})
    assert (again.status_code, again.json()["code"]) == (409, "address_settled")


async def test_what_is_no_list(server: Server, club: Club) -> None:
    """Empty, a picture, no file, wrong decisions, too large."""
    anna = server.of(club.anna)
    for path in ("/imports/plan", "/imports"):
        for content in ("", b"\x89PNG\r\n\x1a\n\0\0", "\0\0\0"):
            answer = await send(anna, path, content)
            assert answer.status_code == 422, (path, content, answer.text)
        assert (await anna.post(path)).status_code == 422
        wrong = [f'{{"encoding": "{one}"}}' for one in ("utf-9", "idna", "rot13", "undefined", "utf-7")]
        wrong += ['{"columns": {"Thing": "boss"}}', '{"names": ["a\\u0000"]}', '{"names": ["\\ud800"]}']
        for choices in (*wrong, "[", '{"x": 1}'):
            answer = await send(anna, path, LIST, choices=choices)
            assert answer.json()["errors"][0]["loc"][:2] == ["body", "choices"], answer.text
        bytes_ = await send(anna, path, LIST, choices={"encoding": "UTF16"})
        assert (bytes_.status_code, bytes_.json()["code"]) == (422, "file_not_csv")
        unknown = await send(anna, path, LIST, about="birds")
        assert unknown.status_code == 422
    assert (await send(anna, "/imports/plan", b"x" * 20_000_001)).status_code == 413
    assert (await send(server.of(club.lars), "/imports", LIST)).status_code == 403


async def test_a_plan_promises_nothing(server: Server, club: Club) -> None:
    """Twice at once is once, and undone once; a demoted admin brings nothing in after their plan."""
    anna = server.of(club.anna)
    both = await asyncio.gather(*(send(anna, "/imports", "Name;Code\nAxe;A1\n") for _ in range(2)))
    assert sorted(one.json()["numbers"]["items_new"] for one in both) == [0, 1]
    (run,) = [one.json()["id"] for one in both if one.json()["numbers"]["items_new"]]
    undone = await asyncio.gather(*(anna.post(f"/imports/{run}/undo") for _ in range(2)))
    assert sorted(one.status_code for one in undone) == [200, 409]
    assert (await send(anna, "/imports/plan", OURS)).status_code == 200

    def demote(tx: Tx) -> None:
        tx.session.get_one(User, club.anna.user_id).role = Role.LENDER

    server.does(demote)
    refused = await send(anna, "/imports", OURS)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (await anna.get("/imports")).status_code == 403
    assert "A1" not in codes(server)
