"""Damage, photos of returns, stickers and open custody, by HTTP."""

from sqlalchemy import func, select

from db.models import Card, OutboxMessage, Photo
from services.core.actor import Actor
from services.inventory import catalog
from services.members import accounts
from services.messaging import notifications
from tests.api.clients.client import Server, Upload
from tests.api.clients.everything import picture
from tests.factories import Club
from tests.services.permissions.assertions import set_policy

DAYS = {"first": "2026-12-02", "last": "2026-12-04"}
PHOTO = Upload("photo", picture())


def item_of(server: Server, club: Club, number: int = 0) -> int:
    found: int = server.does(lambda tx: catalog.items_of(tx.session, club.tent.id)[number].id)
    return found


async def test_damage_and_its_photo(server: Server, club: Club) -> None:
    """Reported, told to the desk, shown with its photo to lenders; the same twice is once."""
    lars, kari, item = server.of(club.lars), server.of(club.kari), item_of(server, club)
    said = await lars.post(f"/items/{item}/damage", {"note": "A pole is bent."})
    path = "/damage/" + said.headers["location"].rpartition("/")[2]
    cards = select(func.count(Card.id)).where(Card.kind == notifications.DAMAGE_CARD)
    assert server.does(lambda tx: tx.session.scalar(cards)) == 1
    assert (await lars.get(f"{path}/photo")).json()["code"] == "no_photo"
    assert (await kari.get(path)).status_code == (await kari.send("PUT", f"{path}/photo", PHOTO)).status_code
    assert (await lars.send("PUT", f"{path}/photo", PHOTO)).json()["has_photo"]
    first = await lars.get(f"{path}/photo")
    assert first.headers["content-type"] == "image/jpeg"
    await lars.send("PUT", f"{path}/photo", PHOTO)
    assert (await lars.get(f"{path}/photo")).headers["etag"] == first.headers["etag"]
    await lars.send("PUT", f"{path}/photo", Upload("photo", picture((50, 50))))
    assert server.does(lambda tx: tx.session.scalar(select(func.count(Photo.id)))) == 1
    (listed,) = (await lars.get(f"/items/{item}/damage")).json()["items"]
    assert (listed["note"], listed["has_photo"]) == ("A pole is bent.", True)
    assert listed["reported_by"]["name"] == "Lars Lender"
    anna = server.of(club.anna)
    assert (await lars.post(f"{path}/close")).status_code == 403
    assert (await anna.post(f"{path}/close")).json()["closed_at"] is not None
    assert (await anna.post(f"{path}/close")).status_code == 409
    assert (await lars.get(f"/items/{item}/damage")).json()["items"] == []


async def test_a_photo_of_what_came_back(server: Server, club: Club) -> None:
    """It is of the item that is not fine; its damage shows it, too; without a return there is none."""
    lars, kari = server.of(club.lars), server.of(club.kari)
    server.does(lambda tx: set_policy(tx.session, tx.session.merge(club.organization), approval=False))
    rental = (
        await kari.post("/rentals", {"lines": [{"equipment_id": club.tent.id, "quantity": 2}], **DAYS})
    ).json()
    path = f"/rentals/{rental['id']}"
    await lars.post(f"{path}/hand-out")
    assert (await lars.send("PUT", f"{path}/return/photo", PHOTO)).json()["code"] == "outdated"
    bad, fine = (one["item_id"] for one in rental["items"])
    await lars.post(f"{path}/return", {"item_ids": [bad], "condition": "damaged", "note": "Torn"})
    cards = select(func.count(Card.id)).where(Card.kind == notifications.DAMAGE_CARD)
    assert server.does(lambda tx: tx.session.scalar(cards)) == 1, "the desk is told, as by the chat"
    sent = await lars.send("PUT", f"{path}/return/photo", PHOTO)
    shown = {one["item_id"]: one["has_return_photo"] for one in sent.json()["items"]}
    assert shown == {bad: True, fine: False}
    assert (await kari.get(f"{path}/items/{bad}/photo")).status_code == 200
    assert (await kari.get(f"{path}/items/{fine}/photo")).status_code == 404
    (damage,) = (await lars.get(f"/items/{bad}/damage")).json()["items"]
    assert damage["has_photo"]
    assert (await kari.send("PUT", f"{path}/return/photo", PHOTO)).status_code == 403


async def test_stickers(server: Server, club: Club) -> None:
    """Added by a lender, found by, of one item only; removed by an admin."""
    lars, anna = server.of(club.lars), server.of(club.anna)
    one, other = item_of(server, club), item_of(server, club, 1)
    added = await lars.post(f"/items/{one}/codes", {"code": "4006381333931", "kind": "ean13"})
    assert (added.status_code, added.json()["other_codes"]) == (201, ["4006381333931"])
    assert (await lars.get("/items/by-code/4006381333931")).json()["id"] == one
    taken = await lars.post(f"/items/{other}/codes", {"code": "4006381333931"})
    assert (taken.status_code, taken.json()["code"]) == (409, "code_taken")
    (code,) = (await lars.get(f"/items/{one}/codes")).json()["items"]
    assert code["kind"] == "ean13"
    path = f"/items/{one}/codes/{code['id']}"
    assert (await lars.send("DELETE", path)).status_code == 403
    assert (await anna.send("DELETE", path, headers={"If-Match": '"0"'})).status_code == 412
    for _ in range(2):
        assert (await anna.send("DELETE", path)).json()["other_codes"] == []


async def test_open_custody(server: Server, club: Club) -> None:
    """Handed out until further notice: named items only, by a lender, not what somebody needs later."""
    lars, item = server.of(club.lars), item_of(server, club)
    server.does(lambda tx: set_policy(tx.session, tx.session.merge(club.organization), approval=False))
    open_ended = {"lines": [{"item_id": item}], "member_id": club.kari.user_id, "hand_out": True}
    assert (await server.of(club.kari).post("/rentals", open_ended)).status_code == 403
    for wrong in (
        {**open_ended, "hand_out": False},
        {**open_ended, "first": "2026-12-02"},
        {**open_ended, "purpose": "Tour"},
        {**open_ended, "lines": [{"equipment_id": club.tent.id}]},
    ):
        assert (await lars.post("/rentals", wrong)).status_code == 422
    made = await lars.post("/rentals", open_ended)
    assert made.status_code == 201, made.text
    assert (made.json()["status"], made.json()["due_at"]) == ("out", None)
    dated = await lars.post(f"/rentals/{made.json()['id']}/due", {"last": "2026-12-09"})
    assert dated.json()["last"] == "2026-12-09"


async def test_an_organization_with_all_its_details(server: Server, ada: Actor) -> None:
    """Each detail at once; a bad one refuses it whole."""
    leader = server.of(ada)
    details = {"number": "991 234 567", "email": "post@example.org", "phone": "22 33 44 55", "city": "Oslo"}
    new = {"name": "Turlaget", "timezone": "Europe/Oslo", **details}
    assert (await leader.post("/organizations", {**new, "email": "no address"})).status_code == 422
    made = await leader.post("/organizations", new)
    assert made.status_code == 201, made.text
    assert {name: made.json()[name] for name in details} == details
    told = server.does(lambda tx: tx.session.query(OutboxMessage).filter_by(chat_id=ada.account_id).all())
    assert [(one.kind, one.organization_id) for one in told] == [(accounts.SWITCHED, made.json()["id"])]
    taken = await leader.post("/organizations", {**new, "name": "Other"})
    assert (taken.status_code, taken.json()["field"]) == (409, "number")
