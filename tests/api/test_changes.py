"""Changes by HTTP of rentals that were agreed."""

from datetime import timedelta

from tests.api.clients.client import Server
from tests.factories import Club

DAYS = {"first": "2026-12-02", "last": "2026-12-04"}


async def test_a_rental_is_changed_by_all_who_may(server: Server, club: Club) -> None:
    """Shorter at once, longer by a request; days proposed and taken; a part approved; more time; moved."""
    kari, anna, lars = server.of(club.kari), server.of(club.anna), server.of(club.lars)
    tents = {"lines": [{"equipment_id": club.tent.id, "quantity": 2}]}
    one = {"lines": [{"equipment_id": club.tent.id}]}
    first = (await kari.post("/rentals", {**tents, **DAYS})).json()
    path = f"/rentals/{first['id']}"
    assert (await kari.post(f"{path}/propose", DAYS)).status_code == 403
    later = {"first": "2026-12-07", "last": "2026-12-09"}
    assert (await anna.post(f"{path}/propose", later)).json()["first"] == "2026-12-07"
    assert (await kari.post(f"{path}/proposal/refuse")).json()["first"] == "2026-12-02"
    await anna.post(f"{path}/propose", later)
    assert (await kari.post(f"{path}/proposal/take")).json()["status"] == "approved"
    shorter = {"first": "2026-12-07", "last": "2026-12-08"}
    assert (await kari.post(f"{path}/change", {**one, **shorter})).json()["id"] == first["id"]
    longer = {"first": "2026-12-07", "last": "2026-12-10"}
    asked = (await kari.post(f"{path}/change", {**tents, **longer})).json()
    assert (asked["status"], asked["changes_id"]) == ("requested", first["id"])
    part = await anna.post(f"/rentals/{asked['id']}/approve-part", one)
    assert (part.json()["status"], part.json()["lines"][0]["quantity"]) == ("approved", 1)
    assert (await kari.get(path)).json()["status"] == "cancelled"
    more = await lars.post(f"/rentals/{asked['id']}/more-time", {"last": "2026-12-11"})
    assert more.json()["last"] == "2026-12-11"
    move = {"day": "2026-12-11", "to": "2026-12-12"}
    assert (await lars.post("/rentals/move-due-dates", move)).status_code == 403
    planned = await anna.post("/rentals/move-due-dates", {**move, "dry_run": True})
    assert planned.json() == {"moved": [asked["id"]], "stays": [], "left": 0, "last": asked["id"]}
    assert (await anna.post("/rentals/move-due-dates", move)).json() == planned.json()
    assert (await kari.get(f"/rentals/{asked['id']}")).json()["last"] == "2026-12-12"


async def test_what_was_not_fetched_is_given_up(server: Server, club: Club) -> None:
    """Days after it began, piece by piece and all of it; more or longer is refused."""
    kari, anna, lars = server.of(club.kari), server.of(club.anna), server.of(club.lars)
    tents = {"equipment_id": club.tent.id}
    path = "/rentals/"
    asked = (await kari.post("/rentals", {"lines": [{**tents, "quantity": 3}], **DAYS})).json()
    path += str(asked["id"])
    await anna.post(f"{path}/approve")
    server.clock.now += timedelta(days=1, hours=3)
    first = (await kari.get(path)).json()["items"][0]["item_id"]
    await lars.post(f"{path}/hand-out", {"item_ids": [first]})
    longer = await kari.post(f"{path}/change", {"lines": [tents], **DAYS, "last": "2026-12-05"})
    assert longer.json()["code"] == "only_fewer"
    fewer = (await kari.post(f"{path}/change", {"lines": [tents], **DAYS})).json()
    assert [one["status"] for one in fewer["items"]] == ["out", "held"]
    none = (await kari.post(f"{path}/change", {"lines": [], **DAYS})).json()
    assert ([one["status"] for one in none["items"]], none["last"]) == (["out"], DAYS["last"])
    other = (
        await kari.post("/rentals", {"lines": [tents], "first": "2026-12-07", "last": "2026-12-08"})
    ).json()
    refused = await kari.post(f"/rentals/{other['id']}/change", {"lines": [], **DAYS})
    assert (refused.status_code, refused.json()["code"]) == (422, "empty_basket")
