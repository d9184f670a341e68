"""Two places that are one."""

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Item, Location, OpeningHours
from services.core import references
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import editing, locations
from services.inventory.merging import places
from services.reports import audit_log
from tests.factories import Club
from tests.services.permissions.assertions import refuses


def test_the_audit_keeps_the_names_of_then(session: Session, club: Club, now: datetime) -> None:
    """Of a place that was renamed, merged, and renamed again; of renamed equipment."""
    tx = Tx(session, now, club.anna)
    loft, cellar, shed = (locations.add(tx, name) for name in ("Loft", "Cellar", "Shed"))
    locations.rename(tx, loft.id, "Attic")
    places.merge(tx, cellar.id, loft.id)
    locations.rename(tx, cellar.id, "Vault")
    places.merge(tx, shed.id, cellar.id)
    locations.rename(tx, shed.id, "Hut")
    editing.edit_equipment(tx, club.tent.id, field="name", text="Big tent", seen=club.tent.version)
    session.flush()
    shown, _ = audit_log.page(tx)
    assert [(one.action, one.what) for one in reversed(shown)] == [
        *(("add", name) for name in ("Loft", "Cellar", "Shed")),
        ("rename", "Loft"),
        ("merge", "Cellar"),
        ("rename", "Cellar"),
        ("merge", "Shed"),
        ("rename", "Shed"),
        ("edit", "Tent"),
    ]


def test_what_lay_in_both_lies_in_one(session: Session, club: Club, now: datetime) -> None:
    """Items and their history move, hours of the place that goes end where the other has its own."""
    tx = Tx(session, now, club.anna)
    kept, gone = (locations.add(tx, name) for name in ("Loft", "The loft"))
    locations.describe(tx, gone.id, "Up the ladder")
    item = session.scalars(select(Item)).first()
    assert item is not None
    item.location_id = gone.id
    for place, weekday in ((kept, 0), (gone, 1)):
        hours = {"weekday": weekday, "opens": time(9), "closes": time(10)}
        session.add(OpeningHours(organization_id=club.organization.id, location_id=place.id, **hours))
    session.flush()
    found = places.plan(tx, kept.id, gone.id)
    assert (found.items, found.hours, found.hours_end) == (1, 1, True)
    assert not found.description_ends
    version, gone_id = item.version, gone.id
    places.merge(tx, kept.id, gone_id)
    assert session.get(Location, gone_id) is None
    assert not any(references.count(session, Location, gone_id).values())
    assert (item.location_id, item.version, kept.description) == (kept.id, version + 1, "Up the ladder")
    told = session.scalars(select(AuditEntry.action).filter_by(subject="location", subject_id=kept.id)).all()
    assert sorted(told) == ["add", "add", "describe", "merge"]
    third = locations.add(tx, "Attic")
    locations.describe(tx, third.id, "Mind your head")
    assert places.plan(tx, kept.id, third.id).description_ends
    places.merge(tx, kept.id, third.id)
    last = session.scalars(
        select(AuditEntry).filter_by(action="merge").order_by(AuditEntry.id.desc())
    ).first()
    assert last is not None and last.details["replaced"] == {"description": "Mind your head"}
    with refuses(session, Refused.MERGE_SAME):
        places.merge(tx, kept.id, kept.id)
    with refuses(session, Refused.NOT_FOUND):
        places.merge(tx, kept.id, gone_id)
    with refuses(session, Refused.NOT_ALLOWED):
        places.merge(Tx(session, now, club.lars), kept.id, gone_id)
