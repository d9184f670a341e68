"""A rental's whole life by HTTP, and what people read of it in the chat."""

from typing import Any

from sqlalchemy import func, select

from db.models import AuditEntry, Card, Equipment, OutboxMessage, Rental
from db.states import RentalStatus
from services.core.tx import Tx
from services.inventory import locations
from services.messaging import notifications
from services.rentals.booking import request
from tests.api.clients.client import Server
from tests.factories import Club
from tests.services.permissions.assertions import set_policy

DAYS = {"first": "2026-12-02", "last": "2026-12-04"}


async def test_a_rentals_whole_life(server: Server, club: Club) -> None:
    """Asked for, approved, swapped, handed out, extended, returned to a place, each by its own person."""
    kari, anna, lars = server.of(club.kari), server.of(club.anna), server.of(club.lars)
    asked = await kari.post(
        "/rentals", {"lines": [{"equipment_id": club.tent.id}], **DAYS, "purpose": "Tour"}
    )
    assert asked.status_code == 201, asked.text
    rental = asked.json()
    path = f"/rentals/{rental['id']}"
    assert asked.headers["location"].endswith(path)
    assert (rental["status"], rental["first"], rental["last"]) == ("requested", "2026-12-02", "2026-12-04")
    assert rental["member"] == {"id": club.kari.user_id, "name": "Kari Nordmann"}

    approved = await anna.post(f"{path}/approve")
    assert approved.json()["status"] == "approved"
    assert approved.json()["decided_by"]["name"] == "Anna Admin"
    again = await anna.post(f"{path}/approve")
    assert (again.status_code, again.json()["code"]) == (409, "already")

    had = approved.json()["items"][0]["item_id"]
    others = (await lars.get(f"/equipment/{club.tent.id}/items")).json()["items"]
    other = next(one["id"] for one in others if one["id"] != had)
    swapped = await lars.post(f"{path}/swap", {"item_id": had, "for_item_id": other})
    assert [one["item_id"] for one in swapped.json()["items"]] == [other]

    out = await lars.post(f"{path}/hand-out")
    assert out.json()["status"] == "out"
    assert (await lars.get(f"/items/{other}/rental")).json()["id"] == rental["id"]
    assert [one["id"] for one in (await lars.get("/rentals/current")).json()["items"]] == [rental["id"]]

    longer = await kari.post(f"{path}/extension", {"last": "2026-12-06"})
    assert longer.json()["extension"] is not None, longer.text
    granted = await anna.post(f"{path}/extension/approve")
    assert (granted.json()["last"], granted.json()["extension"]) == ("2026-12-06", None)

    back = await kari.post(f"{path}/return")
    assert back.json()["items"][0]["return_reported"]
    confirmed = await lars.post(f"{path}/confirm")
    assert confirmed.json()["status"] == "returned"
    assert (await lars.get(f"/items/{other}/rental")).status_code == 404
    history = (await lars.get(f"/items/{other}/rentals")).json()["items"]
    assert [one["id"] for one in history] == [rental["id"]]
    assert [one["id"] for one in (await kari.get("/rentals/me")).json()["items"]] == [rental["id"]]


async def test_people_are_told_in_the_chat(server: Server, club: Club) -> None:
    """The approvers get the card of a request, the member that of the answer; the audit says by which way."""
    kari, anna = server.of(club.kari), server.of(club.anna)
    asked = await kari.post("/rentals", {"lines": [{"equipment_id": club.tent.id}], **DAYS})
    rental_id = asked.json()["id"]

    def cards(kind: str) -> list[int]:
        query = select(Card.chat_id).filter_by(kind=kind, subject_id=rental_id)
        found: list[int] = server.does(lambda tx: list(tx.session.scalars(query)))
        return found

    assert cards(notifications.DESK_CARD) == [club.anna.account_id]
    assert cards(notifications.RENTAL_CARD) == [club.kari.account_id]
    await anna.post(f"/rentals/{rental_id}/decline", {"reason": "Not then."})

    def read(tx: Tx) -> tuple[int | None, dict[str, Any]]:
        of_card = OutboxMessage.kind == notifications.RENTAL_CARD
        waiting = tx.session.scalar(select(func.count(OutboxMessage.id)).where(of_card))
        query = select(AuditEntry).filter_by(action="decline", subject_id=rental_id)
        return waiting, tx.session.scalars(query).one().details

    waiting, details = server.does(read)
    assert waiting == 1
    assert details["api_token"] > 0


async def test_the_basket_in_the_chat_stays(server: Server, club: Club) -> None:
    """A member who asks by a program keeps the basket that they were filling in the chat."""
    basket = server.does(lambda tx: request.open_draft(tx).id, club.kari)
    asked = await server.of(club.kari).post("/rentals", {"lines": [{"equipment_id": club.tent.id}], **DAYS})
    assert asked.status_code == 201
    status = server.does(lambda tx: tx.session.get_one(Rental, basket).status)
    assert status is RentalStatus.DRAFT


async def test_over_the_counter(server: Server, club: Club) -> None:
    """A request, its approval and the check-out are one: where one is not allowed, nothing happens."""
    body = {
        "lines": [{"item_id": 1}],
        "first": "2026-12-01",
        "last": "2026-12-03",
        "member_id": club.kari.user_id,
        "hand_out": True,
    }
    server.does(lambda tx: set_policy(tx.session, tx.organization, desk_hands_out=False), club.anna)
    refused = await server.of(club.lars).post("/rentals", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "needs_approval")
    done = await server.of(club.anna).post("/rentals", body)
    assert done.status_code == 201, done.text
    assert done.json()["status"] == "out"
    assert done.json()["entered_by"]["id"] == club.anna.user_id
    assert [one["id"] for one in (await server.of(club.lars).get("/rentals")).json()["items"]] == [
        done.json()["id"]
    ]


async def test_the_desk_hands_out_by_the_rules(server: Server, club: Club) -> None:
    """As over the counter: but for themselves a lender needs no approval, unless the thing does."""

    def own_rule(tx: Tx) -> None:
        tx.session.get_one(Equipment, club.stove.id).policy = {"approval": True}

    server.does(own_rule)
    wanted = {
        (club.lars, club.kari.user_id, club.tent.id): None,
        (club.lars, club.kari.user_id, club.stove.id): "needs_approval",
        (club.lars, None, club.tent.id): "needs_approval",
        (club.kari, None, club.tent.id): "needs_approval",
        (club.anna, club.kari.user_id, club.stove.id): None,
    }
    days = {"first": "2026-12-01", "last": "2026-12-03", "hand_out": True}
    for (who, member, equipment), code in wanted.items():
        body = {"lines": [{"equipment_id": equipment}], "member_id": member, **days}
        answer = await server.of(who).post("/rentals", body)
        assert (answer.json().get("code"), answer.json()["status"]) == (code, 403 if code else "out")
    left = (await server.of(club.anna).get("/rentals")).json()["items"]
    assert [one["decided_by"]["id"] for one in left] == [club.anna.user_id, club.lars.user_id]


async def test_what_is_not_free_says_what_is(server: Server, club: Club) -> None:
    """The stove is with somebody: the answer names the next period in which it is free."""
    kari, ola = server.of(club.kari), server.of(club.ola)
    body = {"lines": [{"equipment_id": club.stove.id}], **DAYS}
    assert (await kari.post("/rentals", body)).status_code == 201
    refused = (await ola.post("/rentals", body)).json()
    assert (refused["code"], refused["context"]["free"]) == ("not_free", 0)
    assert refused["context"]["next_free"]["starts_at"] > "2026-12-04"


async def test_the_same_key_acts_once(server: Server, club: Club) -> None:
    """The same request with the same key gets the same answer; another with this key is refused."""
    kari = server.of(club.kari)
    body = {"lines": [{"equipment_id": club.tent.id}], **DAYS}
    key = {"Idempotency-Key": "abc-1"}
    first = await kari.post("/rentals", body, headers=key)
    again = await kari.post("/rentals", body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    other = await kari.post("/rentals", {**body, "purpose": "Other"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    # It is their own: somebody else's key of the same name is another.
    assert (await server.of(club.ola).post("/rentals", body, headers=key)).json()["id"] != first.json()["id"]


async def test_return_to_a_place_in_a_condition(server: Server, club: Club) -> None:
    """A lender takes back some of it, says where it lies and that it is damaged, and why."""
    lars, anna = server.of(club.lars), server.of(club.anna)
    body = {
        "lines": [{"equipment_id": club.tent.id, "quantity": 2}],
        "first": "2026-12-01",
        "last": "2026-12-03",
    }
    rental = (await anna.post("/rentals", {**body, "hand_out": True})).json()
    place = server.does(lambda tx: locations.add(tx, "Cellar").id, club.anna)
    one, two = (piece["item_id"] for piece in rental["items"])
    path = f"/rentals/{rental['id']}"
    said = {"item_ids": [one], "location_id": place, "condition": "damaged", "note": "A pole is bent."}
    back = await lars.post(f"{path}/return", said)
    assert back.status_code == 200, back.text
    assert {p["item_id"]: p["status"] for p in back.json()["items"]} == {one: "returned", two: "out"}
    item = (await lars.get(f"/items/{one}")).json()
    assert (item["condition"], item["location"]["id"]) == ("damaged", place)
    assert (await lars.post(f"{path}/return", {"item_ids": [999]})).status_code == 404
    missing = await anna.post(f"{path}/problem", {"note": "It is wet.", "item_id": two})
    assert missing.json()["items"][1]["problem"] == "It is wet."


async def test_a_return_that_is_not_there(server: Server, club: Club) -> None:
    """A lender contradicts what the member reports to be back: it is out again, once."""
    kari, lars, anna = server.of(club.kari), server.of(club.lars), server.of(club.anna)
    body = {"lines": [{"equipment_id": club.tent.id}], "first": "2026-12-01", "last": "2026-12-03"}
    given = await anna.post("/rentals", {**body, "member_id": club.kari.user_id, "hand_out": True})
    path = f"/rentals/{given.json()['id']}"
    assert (await lars.post(f"{path}/contradict")).json()["code"] == "already"
    assert (await kari.post(f"{path}/return")).json()["items"][0]["return_reported"]
    assert (await kari.post(f"{path}/contradict")).status_code == 403
    out = (await lars.post(f"{path}/contradict")).json()
    assert (out["status"], out["items"][0]["return_reported"]) == ("out", False)


async def test_the_moment_that_it_really_was(server: Server, club: Club) -> None:
    """`at` on hand-out and return, for lenders."""
    kari, lars = server.of(club.kari), server.of(club.lars)
    body = {"lines": [{"equipment_id": club.tent.id}], "first": "2026-12-01", "last": "2026-12-03"}
    path = f"/rentals/{(await kari.post('/rentals', body)).json()['id']}"
    await server.of(club.anna).post(f"{path}/approve")
    early = "2026-12-01T07:30:00Z"
    assert (await kari.post(f"{path}/hand-out", {"at": early})).status_code == 403
    out = (await lars.post(f"{path}/hand-out", {"at": early})).json()
    assert out["items"][0]["out_at"] == early
    late = await lars.post(f"{path}/return", {"at": "2026-12-01T07:00:00Z"})
    assert (late.status_code, late.json()["code"]) == (409, "not_then")
    back = (await lars.post(f"{path}/return", {"at": "2026-12-01T07:45:00Z"})).json()
    assert back["items"][0]["returned_at"] == "2026-12-01T07:45:00Z"
    assert (await lars.post(f"{path}/due", {"last": "2026-12-09"})).json()["code"] == "already"
