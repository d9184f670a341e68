"""A club with one of everything that has an id, and a request to each endpoint about it."""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fastapi.routing import APIRoute
from PIL import Image

from api.app import endpoints
from db.models import ChatAccount, ImportRun, JoinRequest
from db.states import Described, Role
from services.access import tokens
from services.core import custom_fields
from services.core.actor import Actor
from services.core.tx import Tx
from services.desk import transfer
from services.inventory import attributes, catalog, kits, locations, tags
from services.inventory.codes import stickers
from services.maintenance import blocks, damage
from services.organizations import opening_hours_settings
from services.rentals import approval
from services.transfers import offers
from tests import factories
from tests.api.clients.client import Upload
from tests.factories import Club

HOURS = [{"opens": "17:00", "closes": "20:00"}]
DAYS = {"first": "2026-12-20", "last": "2026-12-22"}


@dataclass
class Everything:
    """The ids, by the names that paths have for them."""

    ids: dict[str, int]
    codes: dict[str, str]
    ada: Actor


def make(tx: Tx, c: Club) -> Everything:
    """Fill the club."""
    admin, now = tx.by(c.anna), tx.now
    ada = factories.member(tx.session, c.organization, now, "Ada Leader", Role.LEADER)
    item = catalog.items_of(tx.session, c.tent.id)[0]
    location, tag, kit = locations.add(admin, "Cellar"), tags.add(admin, "winter"), kits.add(admin, "Set")
    kits.set_part(admin, kit.id, c.tent.id, 1, seen=kit.version)
    attributes.tag_equipment(admin, c.tent.id, tag_id=tag.id, on=True)
    block = blocks.create(
        admin,
        blocks.Asked(c.stove.id, now + timedelta(days=90), now + timedelta(days=91), pieces=1),
        reason="Cleaning",
    )
    leader, summer = tx.by(ada), date(2027, 7, 1)
    opening_hours_settings.close_days(leader, None, [opening_hours_settings.Days(summer, summer)])
    note = damage.open_note(admin, item.id, "A pole is bent.")
    code = stickers.add(admin, item.id, "4006381333931") and stickers.listed(tx.session, item.id)[0]
    tx.session.add(ChatAccount(id=7007, first_name="Nora", created_at=now))
    tx.session.flush()
    imported = ImportRun(organization_id=c.organization.id, key="file:", file_name="List", created_at=now)
    tx.session.add(imported)
    asking = JoinRequest(organization_id=c.organization.id, account_id=7007, first_name="Nora", asked_at=now)
    tx.session.add(asking)
    tx.session.flush()
    ids = {
        "import_id": imported.id,
        "transfer_id": offered(tx, c),
        "join_request_id": asking.id,
        "account_id": c.kari.account_id,
        "damage_id": note.id,
        "code_id": code.id,
        "organization_id": c.organization.id,
        "user_id": c.kari.user_id,
        "equipment_id": c.tent.id,
        "item_id": item.id,
        "location_id": location.id,
        "tag_id": tag.id,
        "gone_user_id": c.ola.user_id,
        "gone_location_id": locations.add(admin, "The cellar").id,
        "kit_id": kit.id,
        "closed_days_id": opening_hours_settings.closures(leader, None)[0].id,
        "block_id": block.id,
        "field_id": custom_fields.add(admin, Described.EQUIPMENT, "Colour").id,
        "rental_id": factories.requested(tx.session, c.kari, now, factories.days(now, 1, 3), (c.tent, 1)).id,
        "token_id": tokens.make(tx.by(c.kari), name="Other").id,
    }
    return Everything(ids, {"code": item.code, "token": item.label_token, "role_id": "admin"}, ada)


def offered(tx: Tx, c: Club) -> int:
    """Let Kari have a stove, and offer it to Lars, who has it next; return the offer."""
    kari = factories.handed_out(tx.session, c, tx.now, factories.days(tx.now, 0, 1), (c.stove, 1))
    lars = factories.requested(tx.session, c.lars, tx.now, factories.days(tx.now, 1, 2), (c.stove, 1))
    approval.approve(tx.by(c.anna), lars.id)
    transfer.offer(tx.by(c.kari), kari.id, lars.id)
    tx.session.flush()
    return offers.latest(tx.by(c.kari), kari.id, lars.id).id


def path_of(route: APIRoute, of: Everything) -> str:
    return route.path.format(what="inventory", format="csv", **of.ids, **of.codes)


def bodies(of: Everything) -> dict[tuple[str, str], Any]:
    """The body that each writing endpoint is sent, so that it would do something if it were allowed."""
    ids = of.ids
    item = {"item_id": ids["item_id"]}
    return {
        ("PUT", "/users/me/password"): {"code": "none", "new_password": "correct horse"},
        ("PATCH", "/users/me"): {"phone": "99 88 77 66"},
        ("POST", "/users"): {"first_name": "Nora"},
        ("PATCH", "/users/{user_id}"): {"city": "Oslo"},
        ("PUT", "/users/{user_id}"): {"first_name": "Kari", "role": "user"},
        ("PUT", "/users/{user_id}/suspension"): {"reason": "Late."},
        ("POST", "/invites"): {"uses": 2},
        ("PUT", "/organizations/me/opening-hours"): {
            "days": {"monday": {"hand_out": HOURS, "take_back": HOURS}}
        },
        ("POST", "/closed-days"): {"first": "2027-07-05", "last": "2027-07-09"},
        ("POST", "/organizations"): {"name": "Turlaget", "timezone": "Europe/Oslo"},
        ("PATCH", "/organizations/me/policy"): {"rules": {"longest_days": 7}},
        ("PATCH", "/organizations/{organization_id}"): {"phone": "22 33 44 55"},
        ("POST", "/equipment"): {"name": "Rope"},
        ("PATCH", "/equipment/{equipment_id}"): {"brand": "Helsport"},
        ("PATCH", "/equipment/{equipment_id}/policy"): {"rules": {"longest_days": 3}},
        ("PUT", "/equipment/{equipment_id}/tags"): {"tag_ids": []},
        ("PUT", "/equipment/{equipment_id}/photo"): Upload("photo", picture()),
        ("POST", "/equipment/{equipment_id}/items"): {"number": 1},
        ("PATCH", "/items/{item_id}"): {"label": "Blue"},
        ("POST", "/items/{item_id}/codes"): {"code": "5901234123457"},
        ("PUT", "/damage/{damage_id}/photo"): Upload("photo", picture()),
        ("PUT", "/rentals/{rental_id}/return/photo"): Upload("photo", picture()),
        ("POST", "/items/{item_id}/damage"): {"note": "A pole is bent."},
        ("POST", "/rentals"): {"lines": [item], **DAYS},
        ("POST", "/imports/{import_id}/addresses"): {"user_id": ids["user_id"]},
        ("POST", "/imports/plan"): Upload("file", b"Name;Code\nRope;R1\n"),
        ("POST", "/imports"): Upload("file", b"Name;Code\nRope;R1\n"),
        ("POST", "/rentals/approve-all"): {},
        ("POST", "/rentals/{rental_id}/transfers"): {"to_rental_id": ids["rental_id"]},
        ("POST", "/users/me/erase"): {"erase": True},
        ("POST", "/users/me/leave"): {},
        ("POST", "/join-requests/{join_request_id}/decline"): {"reason": "Full."},
        ("POST", "/organizations/me/close"): {"name": "Fjellklubben"},
        ("POST", "/rentals/{rental_id}/decline"): {"reason": "No."},
        ("POST", "/rentals/{rental_id}/change"): {"lines": [item], **DAYS},
        ("POST", "/rentals/{rental_id}/approve-part"): {"lines": [item]},
        ("POST", "/rentals/{rental_id}/propose"): DAYS,
        ("POST", "/rentals/{rental_id}/more-time"): {"last": "2026-12-09"},
        ("POST", "/rentals/move-due-dates"): {"day": "2026-12-09", "to": "2026-12-10"},
        ("POST", "/rentals/{rental_id}/hand-out"): {},
        ("POST", "/rentals/{rental_id}/swap"): {**item, "for_item_id": ids["item_id"]},
        ("POST", "/rentals/{rental_id}/due"): {"last": "2026-12-09"},
        ("POST", "/rentals/{rental_id}/extension"): {"last": "2026-12-09"},
        ("POST", "/rentals/{rental_id}/return"): {},
        ("POST", "/rentals/{rental_id}/problem"): {"note": "It is wet."},
        ("POST", "/tags"): {"name": "summer", "color": "#22aa44"},
        ("PATCH", "/tags/{tag_id}"): {"active": False},
        ("POST", "/locations"): {"name": "Loft"},
        ("PATCH", "/locations/{location_id}"): {"name": "Loft"},
        ("POST", "/users/{user_id}/merge"): {"gone_id": ids["gone_user_id"]},
        ("POST", "/locations/{location_id}/merge"): {"gone_id": ids["gone_location_id"]},
        ("POST", "/kits"): {"name": "Other set"},
        ("PATCH", "/kits/{kit_id}"): {"retired": True},
        ("POST", "/blocks"): {"equipment_id": ids["equipment_id"], "pieces": 1, "reason": "Own use", **DAYS},
        ("POST", "/templates"): {"labels": {"item.code": {"label": "Tag"}}},
        ("PATCH", "/templates"): {"labels": {"item.code": {"label": "Number"}}},
        ("POST", "/fields"): {"describes": "item", "label": "Size"},
        ("PATCH", "/fields/{field_id}"): {"label": "Paint"},
    }


def requests(of: Everything) -> list[tuple[APIRoute, str, str, Any]]:
    """A request to each endpoint: its route, method, path and body."""
    known = bodies(of)
    found = []
    for route in endpoints():
        for method in sorted(route.methods or ()):
            body = known.pop((method, route.path), None)
            found.append((route, method, path_of(route, of), body))
    assert known == {}, "endpoints that there are not"
    return found


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG", mode: str = "RGB", **more: Any) -> bytes:
    """Return a picture, as somebody's program sends it."""
    target = io.BytesIO()
    Image.new(mode, size, "green").save(target, kind, **more)
    return target.getvalue()


def noon(day: int) -> datetime:
    return datetime.fromisoformat(f"2026-12-{day:02}T12:00:00+01:00")
