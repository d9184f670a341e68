"""Writing by HTTP: inventory, members, organizations; versions and what is taken."""

from typing import Any

from httpx import Response
from sqlalchemy import select, update

from db.models import ApiRequest, ChatAccount, Organization
from db.states import Role
from services.core.actor import Actor
from tests import factories
from tests.api.clients.client import Program, Server
from tests.factories import Club


def taken(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("field")


async def test_equipment_and_its_items(server: Server, club: Club) -> None:
    """Added with fields and tags, changed on the version that was read, retired and brought back."""
    anna = server.of(club.anna)
    await anna.post("/fields", {"describes": "equipment", "label": "Colour"})
    tag = (await anna.post("/tags", {"name": "winter", "color": "#54ABED"})).json()
    assert tag["color"] == "blue"
    new = {"name": "Rope", "brand": "Edelrid", "fields": {"colour": "green"}, "tag_ids": [tag["id"]]}
    added = await anna.post("/equipment", new)
    assert added.status_code == 201, added.text
    rope = added.json()
    assert (rope["fields"], [one["name"] for one in rope["tags"]]) == ({"Colour": "green"}, ["winter"])
    assert taken(await anna.post("/equipment", {"name": "rope"})) == (409, "name")
    path = f"/equipment/{rope['id']}"
    items = (await anna.post(f"{path}/items", {"number": 2})).json()["items"]
    assert len(items) == 2
    assert taken(await anna.post(f"{path}/items", {"code": "T1"})) == (409, "code")
    seen = await anna.get(path)
    assert seen.json()["pieces"] == 2
    again = await anna.get(path, headers={"If-None-Match": seen.headers["etag"]})
    assert again.status_code == 304
    old = {"If-Match": seen.headers["etag"]}
    changed = await anna.patch(path, {"model": "Boa", "description": "60 m"}, headers=old)
    assert changed.json()["model"] == "Boa"
    refused = await anna.patch(path, {"model": "Other"}, headers=old)
    assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")
    untagged = await anna.send("DELETE", f"{path}/tags/{tag['id']}")
    assert untagged.json()["tags"] == []
    assert (await anna.patch(path, {"retired": True})).json()["retired"]
    assert (await server.of(club.kari).get(path)).status_code == 404
    assert not (await anna.patch(path, {"retired": False})).json()["retired"]
    assert taken(await anna.patch(path, {"fields": {"Size": "L"}})) == (422, "fields")


async def test_an_item_and_its_place(server: Server, club: Club) -> None:
    """Moved, described, taken out of lending: not without those who would lose it being named."""
    anna = server.of(club.anna)
    place = (await anna.post("/locations", {"name": "Cellar"})).json()
    assert taken(await anna.post("/locations", {"name": "cellar"})) == (409, "name")
    asked = await server.of(club.kari).post(
        "/rentals", {"lines": [{"equipment_id": club.stove.id}], "first": "2026-12-02", "last": "2026-12-04"}
    )
    item_id = asked.json()["items"][0]["item_id"]
    path = f"/items/{item_id}"
    changed = await anna.patch(path, {"location_id": place["id"], "serial_number": "SN-1", "label": "Blue"})
    assert changed.json()["location"]["name"] == "Cellar"
    assert (await server.of(club.kari).get(path)).json()["serial_number"] is None
    found = (await anna.get("/items", params={"q": "SN-1", "place": place["id"]})).json()["items"]
    assert [one["id"] for one in found] == [item_id]
    refused = await anna.patch(path, {"condition": "in_repair"})
    assert (refused.status_code, refused.json()["context"]) == (409, {"rentals": [asked.json()["id"]]})
    given = {"condition": "in_repair", "giving_up": [asked.json()["id"]], "reason": "Broken."}
    assert (await anna.patch(path, given)).json()["condition"] == "in_repair"
    assert (await anna.get("/locations", params={"active": False})).json()["items"][0]["items"] == 1
    assert not (await anna.patch(f"/locations/{place['id']}", {"active": False})).json()["active"]


async def test_kits_and_blocks(server: Server, club: Club) -> None:
    """A kit is asked for as one; what is blocked is not free then."""
    anna, kari = server.of(club.anna), server.of(club.kari)
    parts = [{"equipment_id": club.tent.id, "quantity": 2}, {"equipment_id": club.stove.id, "quantity": 1}]
    kit = (await anna.post("/kits", {"name": "Weekend", "parts": parts})).json()
    days = {"first": "2026-12-02", "last": "2026-12-04"}
    asked = await kari.post("/rentals", {"lines": [{"kit_id": kit["id"]}], **days})
    assert [one["quantity"] for one in asked.json()["lines"][0]["parts"]] == [2, 1]
    smaller = await anna.patch(f"/kits/{kit['id']}", {"parts": parts[:1]})
    assert [one["quantity"] for one in smaller.json()["parts"]] == [2]
    body: dict[str, Any] = {"equipment_id": club.tent.id, "pieces": 2, "reason": "Drying", **days}
    refused = await anna.post("/blocks", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "hits_more")
    block = await anna.post("/blocks", {**body, "pieces": 1})
    assert block.status_code == 201, block.text
    params = {"from": "2026-12-02", "to": "2026-12-04"}
    free = (await kari.get(f"/equipment/{club.tent.id}", params=params)).json()
    assert (free["pieces"], free["free"]) == (3, 0)
    listed = await kari.get("/equipment", params={**params, "state": "free"})
    assert [one["id"] for one in listed.json()["items"]] == []
    assert (await anna.post(f"/blocks/{block.json()['id']}/end")).status_code == 200
    assert (await kari.get(f"/equipment/{club.tent.id}", params=params)).json()["free"] == 1


async def test_members(server: Server, club: Club, ada: Actor) -> None:
    """Added with a link of their own, changed, suspended; nobody above oneself, nobody's name twice."""
    anna = server.of(club.anna)
    new = {"first_name": "Nora", "username": "nora", "email": "Nora@Example.org", "city": "Oslo"}
    added = await anna.post("/users", new)
    assert added.status_code == 201, added.text
    nora = added.json()
    assert "start=j_" in nora["invite_link"]
    assert (nora["email"], nora["in_chat"]) == ("nora@example.org", False)
    same = await anna.post("/users", {"first_name": "Other", "email": "nora@example.org"})
    assert taken(same) == (409, "email")
    assert same.json()["context"] == {"by": "Nora"}
    assert taken(await anna.post("/users", {"first_name": "Other", "username": "NORA"})) == (409, "username")
    above = await anna.post("/users", {"first_name": "Boss", "role": "leader"})
    assert (above.status_code, above.json()["code"]) == (403, "not_allowed")
    assert (await anna.patch(f"/users/{ada.user_id}", {"role": "user"})).status_code == 403
    path = f"/users/{nora['id']}"
    old = {"If-Match": (await anna.get(path)).headers["etag"]}
    changed = await anna.patch(path, {"role": "lender", "city": None, "born_on": "1990-05-01"}, headers=old)
    assert (changed.json()["role"], changed.json()["city"]) == ("lender", None), changed.text
    assert (await anna.patch(path, {"city": "Bergen"}, headers=old)).status_code == 412
    out = await anna.send("PUT", f"{path}/suspension", {"reason": "Late."})
    assert out.json()["suspended"]["reason"] == "Late."
    assert (await anna.send("DELETE", f"{path}/suspension")).json()["suspended"] is None
    found = (await anna.get("/users", params={"q": "nora", "role": "lender"})).json()
    assert (found["total"], found["items"][0]["id"]) == (1, nora["id"])


async def test_ones_own_details(server: Server, club: Club) -> None:
    """Those that the chat lets members change, in the version that was read; also while suspended."""
    kari, anna = server.of(club.kari), server.of(club.anna)
    old = {"If-Match": (await kari.get("/users/me")).headers["etag"]}
    changed = await kari.patch("/users/me", {"phone": "99 88 77 66", "last_name": "Dahl"}, headers=old)
    assert (changed.json()["phone"], changed.json()["name"]) == ("99 88 77 66", "Kari Dahl"), changed.text
    assert changed.headers["etag"] == (await kari.get("/users/me")).headers["etag"]
    assert (await kari.patch("/users/me", {"phone": None}, headers=old)).status_code == 412
    for more in ({"role": "admin"}, {"note": "x"}, {"username": "boss"}, {"active_until": None}):
        assert (await kari.patch("/users/me", more)).json()["errors"][0]["type"] == "extra_forbidden"
    assert (await kari.patch("/users/me", {"first_name": None})).json()["field"] == "name"
    await anna.patch("/users/me", {"email": "anna@example.org"})
    taken_by = await kari.patch("/users/me", {"email": "Anna@example.org"})
    assert (*taken(taken_by), taken_by.json().get("context")) == (409, "email", {"by": None})
    await anna.send("PUT", f"/users/{club.kari.user_id}/suspension", {"reason": "Late."})
    assert (await kari.patch("/users/me", {"phone": None})).json()["phone"] is None


async def test_a_link_is_shown_once(server: Server, club: Club) -> None:
    """The same request again adds nobody, and its answer has no link: it is kept nowhere."""
    anna = server.of(club.anna)
    key = {"Idempotency-Key": "nora"}
    first, again = [await anna.post("/users", {"first_name": "Nora"}, headers=key) for _ in range(2)]
    assert (first.json()["id"], again.json()["id"]) == (5, 5)
    link = first.json()["invite_link"]
    assert again.json()["invite_link"] is None
    kept = server.does(lambda tx: tx.session.scalars(select(ApiRequest.body)).one())
    assert link.partition("start=")[2] not in kept


async def test_pages_of_a_list(server: Server, club: Club) -> None:
    """Cursor by cursor, everything comes once."""
    anna = server.of(club.anna)
    for number in range(5):
        await anna.post("/equipment", {"name": f"Rope {number}"})
        await anna.post(f"/equipment/{club.tent.id + 2 + number}/items", {})
    names, params = [], {"limit": "3"}
    while True:
        page = (await anna.get("/equipment", params=params)).json()
        names += [one["name"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert names == sorted(names)
    assert len(names) == page["total"] == 7


async def test_organizations_and_rules(server: Server, club: Club, ada: Actor) -> None:
    """Details by their leader, on the version that was read; another with its own name; rules with bounds."""
    leader = server.of(ada)
    path = f"/organizations/{club.organization.id}"
    old = {"If-Match": (await leader.get("/organizations/me")).headers["etag"]}
    changed = await leader.patch(path, {"number": "987", "email": "post@example.org"}, headers=old)
    assert changed.json()["number"] == "987", changed.text
    assert (await leader.patch(path, {"number": "1"}, headers=old)).status_code == 412
    assert taken(await leader.patch(path, {"timezone": "Europe/Atlantis"})) == (422, "timezone")
    made = await leader.post("/organizations", {"name": "Turlaget", "timezone": "Europe/Oslo"})
    assert made.status_code == 201, made.text
    same = await leader.post("/organizations", {"name": "turlaget", "timezone": "Europe/Oslo"})
    assert taken(same) == (409, "name")
    names = [one["name"] for one in (await leader.get("/organizations")).json()["items"]]
    assert names == ["Fjellklubben", "Turlaget"]
    elsewhere = await leader.patch(f"/organizations/{made.json()['id']}", {"number": "1"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "other_organization")
    rules = {"longest_days": 7, "hand_out_at": "10:00", "overdue_days": [1, 2], "approver": "lender"}
    after = (await leader.patch("/organizations/me/policy", {"rules": rules})).json()["rules"]
    assert (after["longest_days"], after["hand_out_at"], after["approver"]) == (7, "10:00:00", "lender")
    for wrong in ({"longest_days": 0}, {"longest_days": "many"}, {"what": 1}, {"approver": "user"}):
        answer = await leader.patch("/organizations/me/policy", {"rules": wrong})
        assert answer.status_code == 422, (wrong, answer.text)
        assert [one["loc"] for one in answer.json()["errors"]] == [["body", "rules", *wrong]]
    back = (await leader.patch("/organizations/me/policy", {"rules": {"longest_days": None}})).json()
    assert back["rules"]["longest_days"] == 30
    account = server.does(lambda tx: tx.session.get_one(ChatAccount, ada.account_id).organization_id)
    assert account == made.json()["id"]


async def test_rules_of_one_equipment(server: Server, club: Club) -> None:
    """The organization's apply where it has none of its own; the rule that cannot be so is named."""
    anna, path = server.of(club.anna), f"/equipment/{club.tent.id}/policy"
    read = await anna.get(path)
    old = {"If-Match": read.headers["etag"]}
    assert read.json() == {"rules": {}}
    rules = {"longest_days": 3, "who_may_rent": "lender", "approval": False}
    assert (await anna.patch(path, {"rules": rules}, headers=old)).json() == {"rules": rules}
    assert (await anna.patch(path, {"rules": {"approval": None}}, headers=old)).status_code == 412
    for wrong in ({"longest_days": 0}, {"who_may_rent": "boss"}, {"most_items": 3}, {"approval": [1]}):
        answer = await anna.patch(path, {"rules": wrong})
        assert answer.json()["errors"][0]["loc"] == ["body", "rules", *wrong], answer.text
    shown = (await anna.get(f"/equipment/{club.tent.id}")).json()
    assert shown["needed_role"] == "lender"
    back = await anna.patch(path, {"rules": dict.fromkeys(rules)})
    assert back.json() == {"rules": {}}


async def test_an_invite_for_several(server: Server, club: Club) -> None:
    """A link for new people, shown once; never above one's own role."""
    anna, key = server.of(club.anna), {"Idempotency-Key": "poster"}
    made = await anna.post("/invites", {"role": "user", "uses": 30, "days": 7}, headers=key)
    assert (made.status_code, "start=j_" in made.json()["invite_link"]) == (201, True), made.text
    again = await anna.post("/invites", {"role": "user", "uses": 30, "days": 7}, headers=key)
    assert again.json() == {"invite_link": None}
    assert (await anna.post("/invites", {"role": "leader"})).status_code == 403
    assert (await anna.post("/invites", {"uses": 501})).status_code == 422


async def test_opening_hours_and_closed_days(server: Server, club: Club, ada: Actor) -> None:
    """Members read them; leaders set hours by weekday, for all places or one, and days that are closed."""
    kari, leader = server.of(club.kari), server.of(ada)
    path = "/organizations/me/opening-hours"
    assert (await kari.get(path)).json()["own"] is False
    hours = {"hand_out": [{"opens": "17:00", "closes": "20:00"}], "take_back": None}
    week = {"monday": {**hours, "take_back": hours["hand_out"]}, "friday": hours}
    assert (await kari.send("PUT", path, {"days": week})).status_code == 403
    put = await leader.send("PUT", path, {"days": week})
    assert put.status_code == 200, put.text
    assert (put.json()["own"], set(put.json()["days"])) == (True, {"monday", "friday"})
    assert put.json()["days"]["friday"] == hours
    assert (await kari.get(path)).json() == put.json()
    none = await leader.send("PUT", path, {"days": {}})
    assert (none.status_code, none.json()["code"]) == (409, "no_open_day")
    backwards = {"monday": {"hand_out": [{"opens": "20:00", "closes": "17:00"}], "take_back": None}}
    assert (await leader.send("PUT", path, {"days": backwards})).status_code == 422
    assert (await leader.get(f"{path}?location=999")).status_code == 404
    assert (await leader.send("DELETE", path)).status_code == 204
    assert (await kari.get(path)).json()["own"] is False
    days = {"first": "2026-12-24", "last": "2026-12-26", "reason": "Christmas", "yearly": True}
    closed = await leader.post("/closed-days", days)
    assert closed.status_code == 201, closed.text
    (listed,) = (await kari.get("/closed-days")).json()["items"]
    assert (listed["reason"], listed["yearly"], listed["hours"]) == ("Christmas", True, None)
    for far in ("2031-05-01", "2199-12-31"):
        later = await leader.post("/closed-days", {"first": far, "last": far, "yearly": True})
        assert (later.json()["first"], later.json()["id"] > listed["id"]) == (far, True), later.text
        assert (await leader.send("DELETE", f"/closed-days/{later.json()['id']}")).status_code == 204
    wrong = await leader.post("/closed-days", {**days, "first": "2026-12-27"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "end_before_start")
    assert (await leader.send("DELETE", f"/closed-days/{listed['id']}")).status_code == 204
    assert (await kari.get("/closed-days")).json()["items"] == []


async def test_own_tokens(server: Server, club: Club) -> None:
    """They are listed without their secrets, and can be ended."""
    kari: Program = server.of(club.kari)
    (mine,) = (await kari.get("/users/me/tokens")).json()["items"]
    assert mine["name"] == "Kiosk"
    assert (await kari.send("DELETE", f"/users/me/tokens/{mine['id']}")).status_code == 204
    assert (await kari.get("/users/me")).status_code == 401


async def test_a_member_as_a_whole(server: Server, club: Club) -> None:
    """PUT clears what is left out, PATCH leaves it; in the version that was read, within one's role."""
    anna, path = server.of(club.anna), f"/users/{club.kari.user_id}"
    await anna.post("/fields", {"describes": "user", "label": "Size"})
    until = "2027-01-01T00:00:00Z"
    told = {"city": "Oslo", "phone": "99 88 77 66", "active_until": until, "fields": {"size": "L"}}
    first = await anna.patch(path, told)
    assert (first.json()["active_until"], first.json()["fields"]) == (until, {"Size": "L"})
    whole = {"first_name": "Karin", "role": "lender", "phone": "11 22 33 44"}
    put = await anna.send("PUT", path, whole, headers={"If-Match": first.headers["etag"]})
    now = put.json()
    assert (now["first_name"], now["role"], now["phone"]) == ("Karin", "lender", "11 22 33 44")
    assert (now["last_name"], now["city"], now["active_until"], now["fields"]) == ("", None, None, {})
    old = await anna.send("PUT", path, whole, headers={"If-Match": first.headers["etag"]})
    assert old.status_code == 412
    for name in ("Late.", "Very late."):
        held = await anna.patch(path, {"suspended": {"reason": name}})
        assert (held.json()["suspended"]["reason"], held.json()["active"]) == (name, False)
    again = await anna.send("PUT", path, whole)
    assert again.json()["suspended"]["reason"] == "Very late."
    assert (await anna.send("PUT", path, {**whole, "suspended": None})).json()["active"]
    assert (await anna.send("PUT", path, {**whole, "role": "leader"})).status_code == 403
    assert (await anna.send("PUT", path, {"first_name": "Karin"})).status_code == 422


async def test_fields_have_an_order_and_versions(server: Server, club: Club) -> None:
    """Added where they belong, renamed on the version that was read, switched off."""
    anna = server.of(club.anna)
    new = {"describes": "item", "label": "Size"}
    size = await anna.post("/fields", new)
    first = (await anna.post("/fields", {**new, "label": "Colour", "position": 1})).json()
    listed = (await anna.get("/fields?describes=item")).json()["items"]
    assert [one["label"] for one in listed] == ["Colour", "Size"]
    path = size.headers["location"]
    version = {"If-Match": (await anna.get(path)).headers["etag"]}
    renamed = await anna.patch(path, {"label": "Length", "position": 1}, headers=version)
    assert (renamed.json()["label"], renamed.json()["position"]) == ("Length", 1)
    assert (await anna.patch(path, {"active": False}, headers=version)).status_code == 412
    assert not (await anna.patch(f"/fields/{first['id']}", {"active": False})).json()["active"]


async def test_nothing_of_the_old_data_is_lost(server: Server, club: Club) -> None:
    """Details of organizations, places and members go in and come out; a note only to admins."""
    leader = server.does(
        lambda tx: factories.member(
            tx.session, tx.session.merge(club.organization), tx.now, "Ada Leader", Role.LEADER
        )
    )
    anna, ada = server.of(club.anna), server.of(leader)
    await anna.post("/fields", {"describes": "organization", "label": "Bank"})
    details = {"number": "987 654 321", "postal_code": "0155", "city": "Oslo"}
    details |= {"other_id": "F-7", "comment": "Founded 1903"}
    here = f"/organizations/{club.organization.id}"
    changed = await ada.patch(here, {**details, "fields": {"bank": "1 2"}})
    assert changed.status_code == 200, changed.text
    assert changed.json().items() >= {**details, "fields": {"Bank": "1 2"}}.items()
    await ada.post("/organizations", {"name": "Seilklubben", "timezone": "Europe/Oslo"})
    server.does(
        lambda tx: tx.session.execute(
            update(Organization).where(Organization.name == "Seilklubben").values(number="123")
        )
    )
    again = await ada.patch(here, {"number": "123"})
    assert taken(again) == (409, "number")
    place = (await anna.post("/locations", {"name": "Loft", "description": "Up the ladder"})).json()
    path = f"/locations/{place['id']}"
    assert (await anna.patch(path, {"description": "Left"})).json()["description"] == "Left"
    kari = f"/users/{club.kari.user_id}"
    told = (await anna.patch(kari, {"postal_code": "5003", "note": "Pays in cash"})).json()
    assert (told["postal_code"], told["note"]) == ("5003", "Pays in cash")
    own = (await server.of(club.kari).get("/users/me")).json()
    assert (own["postal_code"], own["note"]) == ("5003", None)


async def test_two_that_are_one_are_merged(server: Server, club: Club) -> None:
    """Members and places: told before, done once, and the one who went is there no more."""
    anna = server.of(club.anna)
    places = [(await anna.post("/locations", {"name": name})).json()["id"] for name in ("Loft", "The loft")]
    for path, (kept, gone) in (
        ("/locations", places),
        ("/users", (club.kari.user_id, club.ola.user_id)),
    ):
        planned = await anna.get(f"{path}/{kept}/merge/{gone}")
        assert planned.status_code == 200, planned.text
        done = await anna.post(f"{path}/{kept}/merge", {"gone_id": gone})
        assert (done.status_code, done.json()) == (200, planned.json())
        assert (await anna.get(f"{path}/{gone}")).status_code == 404
        assert (await anna.get(f"{path}/{kept}")).status_code == 200
        assert (await anna.post(f"{path}/{kept}/merge", {"gone_id": gone})).status_code == 404
