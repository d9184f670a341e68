"""Coming and going by HTTP: requests to join, calendars, accounts, own data, leaving, erasure, closing."""

import pytest

from api.settings import ApiSettings
from db.models import ChatAccount, JoinRequest, OutboxMessage, User
from db.states import Role
from services.core.actor import Actor
from services.core.tx import Tx
from services.members import linked_accounts
from services.members.departure import farewell
from services.messaging import outbox
from tests import factories
from tests.api.clients.client import Server
from tests.factories import Club

PUBLIC = "https://lend.example.org"


@pytest.fixture
def asking(server: Server, club: Club) -> list[int]:
    """Ids of two requests to join."""

    def ask(tx: Tx) -> list[int]:
        found = []
        for account_id, name in ((7001, "Nora"), (7002, "Per")):
            tx.session.add(ChatAccount(id=account_id, first_name=name, created_at=tx.now))
            tx.session.flush()
            row = JoinRequest(
                organization_id=club.organization.id,
                account_id=account_id,
                first_name=name,
                told={"phone": "+47 99 88 77 66"},
                asked_at=tx.now,
            )
            tx.session.add(row)
            tx.session.flush()
            found.append(row.id)
        return found

    made: list[int] = server.does(ask)
    return made


def told(server: Server, chat_id: int) -> list[str]:
    """The kinds of messages that wait for a chat."""
    kinds: list[str] = server.does(
        lambda tx: [row.kind for row in tx.session.query(OutboxMessage).filter_by(chat_id=chat_id)]
    )
    return kinds


async def test_requests_to_join(server: Server, club: Club, asking: list[int]) -> None:
    """Listed page by page, let in once, or declined with a reason; the second reads who was first."""
    anna = server.of(club.anna)
    first = (await anna.get("/join-requests?limit=1")).json()
    second = (await anna.get(f"/join-requests?limit=1&cursor={first['next_cursor']}")).json()
    assert [one["items"][0]["id"] for one in (first, second)] == asking
    assert (second["next_cursor"], first["items"][0]["answers"]) == (None, {"phone": "+47 99 88 77 66"})
    path, key = f"/join-requests/{asking[0]}", {"Idempotency-Key": "in"}
    new = await anna.post(f"{path}/approve", headers=key)
    assert (new.status_code, new.json()["first_name"], new.json()["in_chat"]) == (200, "Nora", True), new.text
    assert (await anna.get(f"/{new.headers['location'].strip('/')}")).status_code == 200
    assert (await anna.post(f"{path}/approve", headers=key)).json() == new.json()
    again = await anna.post(f"{path}/decline")
    assert (again.status_code, again.json()["context"]["by"]) == (409, club.anna.name)
    assert "admitted" in told(server, 7001)
    declined = await anna.post(f"/join-requests/{asking[1]}/decline", {"reason": "We are full."})
    assert (declined.json()["status"], declined.json()["reason"]) == ("declined", "We are full.")
    assert declined.json()["decided_by"]["id"] == club.anna.user_id
    assert told(server, 7002) == ["turned_away"]
    assert (await anna.get("/join-requests")).json()["items"] == []


async def test_addresses_of_calendars(server: Server, club: Club) -> None:
    """The same until they are renewed, and never kept; for lenders everybody's as well."""
    kari = server.of(club.kari)
    off = await kari.get("/users/me/calendars")
    assert (off.status_code, off.json()["code"]) == (404, "calendars_off")
    on = Server(server.database, server.clock, ApiSettings(rate_per_minute=0, public_url=PUBLIC))
    kari, lars = on.of(club.kari), on.of(club.lars)
    mine = (await kari.get("/users/me/calendars")).json()["addresses"]
    assert list(mine) == ["own"]
    assert mine["own"].startswith(f"{PUBLIC}/calendar/")
    assert (await kari.get("/users/me/calendars")).json()["addresses"] == mine
    assert set((await lars.get("/users/me/calendars")).json()["addresses"]) == {"own", "organization"}
    key = {"Idempotency-Key": "new"}
    new = (await kari.post("/users/me/calendars/renew", headers=key)).json()["addresses"]
    assert new["own"] != mine["own"]
    assert (await kari.post("/users/me/calendars/renew", headers=key)).json() == {"addresses": None}
    assert (await kari.get("/users/me/calendars")).json()["addresses"] == new


async def test_accounts_and_own_data(server: Server, club: Club) -> None:
    """Another account is unlinked, not the last one; all that is stored can be read, but no secret."""
    kari, of = server.of(club.kari), club.organization.id
    server.does(lambda tx: factories.account(tx.session, tx.now, 7003, of, club.kari.user_id))
    ids = [one["id"] for one in (await kari.get("/users/me/accounts")).json()["items"]]
    assert ids == [club.kari.account_id, 7003]
    assert (await kari.send("DELETE", "/users/me/accounts/7003")).status_code == 204
    assert told(server, 7003) == [linked_accounts.UNLINKED]
    assert (await kari.send("DELETE", "/users/me/accounts/7003")).status_code == 404
    last = await kari.send("DELETE", f"/users/me/accounts/{club.kari.account_id}")
    assert (last.status_code, last.json()["code"]) == (409, "last_account")
    link = {"link": "https://t.me/equiplib_bot?start=secret"}
    to = club.kari.account_id
    server.does(lambda tx: outbox.send(tx, "another_account", chat_id=to, params=link, organization_id=of))
    data = await kari.get("/users/me/data")
    assert "another_account" in [one["kind"] for one in data.json()["messages_to_you"]]
    assert "start=secret" not in data.text
    assert data.json()["profile"]["first_name"] == "Kari"
    assert kari.token is not None
    assert kari.token not in data.text
    assert "token_hash" not in data.text


async def test_leaving(server: Server, club: Club, ada: Actor) -> None:
    """Not with things, not without knowing what is cancelled; the token ends, the chat is told."""
    kari, now = server.of(club.kari), server.clock.now
    days = factories.days(now, 0, 2)
    server.does(lambda tx: factories.handed_out(tx.session, club, now, days, (club.tent, 1)))
    (held,) = (await kari.get("/users/me/leaving")).json()["items_out"]
    refused = await kari.post("/users/me/leave")
    assert (refused.status_code, refused.json()["code"]) == (409, "things_out")
    back = await server.of(club.lars).post(f"/rentals/{held['rental_id']}/return")
    assert back.status_code == 200
    later = factories.days(now, 3, 5)
    server.does(lambda tx: factories.requested(tx.session, club.kari, now, later, (club.tent, 1)))
    before = (await kari.get("/users/me/leaving")).json()
    assert before["items_out"] == []
    assert (await kari.post("/users/me/leave")).status_code == 412
    assert (await kari.post("/users/me/leave", {"cancels": before["cancels"]})).status_code == 204
    assert (await kari.get("/users/me")).status_code == 401
    assert told(server, club.kari.account_id)[-1:] == [farewell.LEFT]
    kiosk = await server.of(ada, role=Role.LENDER).post("/users/me/leave")
    assert (kiosk.status_code, kiosk.json()["code"]) == (403, "not_allowed")
    only = await server.of(ada).post("/users/me/leave")
    assert (only.status_code, only.json()["code"]) == (409, "last_leader")


async def test_erasure(server: Server, club: Club) -> None:
    """Only where it is said; nothing personal is left, the token included."""
    kari = server.of(club.kari)
    server.does(
        lambda tx: factories.account(tx.session, tx.now, 7003, club.organization.id, club.kari.user_id)
    )
    assert (await kari.post("/users/me/erase")).status_code == 422
    assert (await kari.post("/users/me/erase", {"erase": False})).status_code == 422
    gone = await kari.post("/users/me/erase", {"erase": True})
    assert gone.status_code == 204, gone.text
    assert (await kari.get("/users/me")).status_code == 401
    user = server.does(lambda tx: tx.session.get_one(User, club.kari.user_id))
    assert (user.first_name, user.email, user.forgotten_at) == ("", None, server.clock.now)
    assert told(server, club.kari.account_id) == told(server, 7003) == [farewell.LEFT]


async def test_closing(server: Server, club: Club, ada: Actor) -> None:
    """Named, and with nothing out; then nothing can be done there any more."""
    leader, now = server.of(ada), server.clock.now
    days = factories.days(now, 1, 2)
    server.does(lambda tx: factories.requested(tx.session, club.kari, now, days, (club.tent, 1)))
    plan = (await leader.get("/organizations/me/closing")).json()
    assert (plan["cancels"], plan["items_out"], plan["members"]) == (1, 0, 5)
    assert (await server.of(club.anna).get("/organizations/me/closing")).status_code == 403
    wrong = await leader.post("/organizations/me/close", {"name": "Turlaget"})
    assert wrong.json()["errors"][0]["loc"] == ["body", "name"]
    done = await leader.post("/organizations/me/close", {"name": club.organization.name})
    assert (done.status_code, done.json()["closed"]) == (200, True)
    after = await leader.get("/organizations/me")
    assert (after.status_code, after.json()["code"]) == (403, "closed")
