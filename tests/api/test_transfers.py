"""Transfers by HTTP: one member offers, the next one answers."""

from services.core.tx import Tx
from services.rentals import approval
from tests import factories
from tests.api.clients.client import Server
from tests.factories import Club


async def test_from_one_member_to_the_next(server: Server, club: Club) -> None:
    """Offered, withdrawn, declined, accepted; each only by whose it is; then it is out to the other."""
    now = server.clock.now

    def rentals(tx: Tx) -> tuple[int, int]:
        has = factories.handed_out(tx.session, club, now, factories.days(now, 0, 1), (club.stove, 1))
        gets = factories.requested(tx.session, club.ola, now, factories.days(now, 1, 2), (club.stove, 1))
        approval.approve(tx.by(club.anna), gets.id)
        return has.id, gets.id

    has, gets = server.does(rentals)
    kari, ola, anna = (server.of(one) for one in (club.kari, club.ola, club.anna))
    assert (await ola.get(f"/rentals/{has}/next-members")).status_code == 404
    (following,) = (await kari.get(f"/rentals/{has}/next-members")).json()["items"]
    assert following["rental_id"] == gets
    body = {"to_rental_id": gets, "item_ids": [following["items"][0]["item_id"]]}
    path, key = f"/rentals/{has}/transfers", {"Idempotency-Key": "offer"}
    assert (await ola.post(path, body)).status_code == 404
    assert (await kari.post(path, {"to_rental_id": has})).json()["code"] == "nobody_next"
    made = await kari.post(path, body, headers=key)
    assert (made.status_code, made.json()["is_mine"]) == (201, True), made.text
    assert (await kari.post(path, body, headers=key)).json() == made.json()
    one = made.headers["location"]
    one = f"/{one.strip('/')}"
    (listed,) = (await ola.get("/transfers")).json()["items"]
    assert (listed["id"], listed["is_mine"], listed["rental_id"]) == (made.json()["id"], False, gets)
    assert (await anna.get(one)).status_code == 404
    for program, deed in ((kari, "accept"), (kari, "decline"), (ola, "withdraw"), (anna, "accept")):
        assert (await program.post(f"{one}/{deed}")).status_code == 404, deed
    assert (await kari.post(f"{one}/withdraw")).json()["items"][0]["status"] == "withdrawn"
    late = await ola.post(f"{one}/accept")
    assert (late.status_code, late.json()["code"]) == (409, "hand_over_answered")
    second = f"/{(await kari.post(path, body)).headers['location'].strip('/')}"
    declined = (await ola.post(f"{second}/decline")).json()
    assert (declined["is_open"], declined["items"][0]["status"]) == (False, "declined")
    third = f"/{(await kari.post(path, body)).headers['location'].strip('/')}"
    assert (await ola.post(f"{third}/accept")).json()["items"][0]["status"] == "done"
    assert (await kari.get(f"/rentals/{has}")).json()["status"] == "returned"
    assert (await ola.get(f"/rentals/{gets}")).json()["status"] == "out"
    assert (await kari.get("/transfers")).json()["items"] == []
