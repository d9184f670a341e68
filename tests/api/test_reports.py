"""Reports by HTTP: the audit, the statistics, and the pile that is approved at once."""

from datetime import timedelta

from services.core.actor import Actor
from services.core.tx import Tx
from tests import factories
from tests.api.clients.client import Server
from tests.factories import Club


async def test_the_audit(server: Server, club: Club, ada: Actor) -> None:
    """Newest first, page by page; about one person or thing; for leaders."""
    leader, anna = server.of(ada), server.of(club.anna)
    for name in ("summer", "winter", "spring"):
        assert (await anna.post("/tags", {"name": name})).status_code == 201
    everything = (await leader.get("/audit?limit=100")).json()["items"]
    first = (await leader.get("/audit?limit=2")).json()
    second = (await leader.get(f"/audit?limit=100&cursor={first['next_cursor']}")).json()
    assert [*first["items"], *second["items"]] == everything
    assert second["next_cursor"] is None
    newest = everything[0]
    assert (newest["by"], newest["token"], newest["action"]) == (club.anna.name, "Kiosk", "add")
    assert (newest["subject"], newest["what"]) == ("tag", "spring")
    (who,) = (await leader.get("/audit/subjects?q=Anna")).json()["items"]
    hers = (await leader.get(f"/audit?{who['kind']}={who['id']}&limit=100")).json()["items"]
    assert {one["by"] for one in hers} == {club.anna.name}
    assert (await leader.get(f"/audit?person={who['id']}&item=1")).status_code == 422
    assert (await leader.get("/audit?equipment=99999")).status_code == 404
    assert (await anna.get("/audit")).status_code == 403


async def test_statistics(server: Server, club: Club, ada: Actor) -> None:
    """Of the last 12 months, or a year; for admins."""
    anna, now = server.of(club.anna), server.clock.now
    days = factories.days(now, 0, 2)
    server.does(lambda tx: factories.handed_out(tx.session, club, now, days, (club.tent, 1)))
    found = (await anna.get("/stats")).json()
    assert (found["rentals"], found["borrowers"]) == (1, 1)
    assert found["most_rented"] == [{"name": club.tent.name, "number": 1}]
    assert sum(one["pieces"] for one in found["weeks"]) == 1
    year = (await anna.get("/stats?year=2020")).json()
    assert (year["first"], year["rentals"], year["as_of"]) == ("2020-01-01", 0, None)
    assert (await anna.get("/stats?year=1999")).status_code == 422
    assert (await server.of(club.lars).get("/stats")).status_code == 403


async def test_all_that_waits_is_approved(server: Server, club: Club) -> None:
    """As they were seen; what cannot be approved keeps waiting, with the reason; twice is once."""
    anna, now = server.of(club.anna), server.clock.now
    days = factories.days(now, 1, 3)

    def ask(tx: Tx) -> list[int]:
        both = (club.kari, club.ola)
        return [factories.requested(tx.session, one, now, days, (club.tent, 1)).id for one in both]

    first, second = server.does(ask)
    late = await anna.send("PUT", f"/users/{club.ola.user_id}/suspension", {"reason": "Late."})
    assert late.status_code == 200
    earlier = (now - timedelta(minutes=1)).isoformat()
    none = await anna.post("/rentals/approve-all", {"until": earlier})
    assert (none.status_code, none.json()["code"]) == (409, "nothing_waits")
    key = {"Idempotency-Key": "pile"}
    done = await anna.post("/rentals/approve-all", headers=key)
    assert done.status_code == 200, done.text
    assert (done.json()["approved"], done.json()["left"]) == (1, 0)
    assert done.json()["refused"] == [{"rental_id": second, "code": "renter_suspended"}]
    assert (await anna.post("/rentals/approve-all", headers=key)).json() == done.json()
    assert (await anna.get(f"/rentals/{first}")).json()["status"] == "approved"
    assert (await server.of(club.lars).post("/rentals/approve-all")).status_code == 403


async def test_head_is_the_head_of_get(server: Server, club: Club) -> None:
    """Of lists, and of one thing; who may is asked as well. The root leads to the documentation."""
    kari = server.of(club.kari)
    for path in ("/equipment", f"/equipment/{club.tent.id}"):
        head, got = await kari.send("HEAD", path), await kari.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == got.headers
    assert (await kari.send("HEAD", "/users")).status_code == 403
    assert (await server.nobody().send("HEAD", "/equipment")).status_code == 401
    assert (await server.nobody().get("/")).headers["location"] == "/docs"
    refused = await kari.send("PUT", "/equipment")
    assert "HEAD" in refused.headers["allow"]
