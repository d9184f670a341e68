"""The words an organisation describes its things with: types, places, tags, fields of its own."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import CustomField, Equipment, Item
from db.states import Described
from services.places import listed as listed_places
from services.tags import listed as listed_tags


def types(session: Session, organization_id: int) -> list[str]:
    """The types in use, those with the most equipment first."""
    return list(
        session.scalars(
            select(Equipment.type)
            .where(Equipment.organization_id == organization_id, Equipment.type != "")
            .group_by(Equipment.type)
            .order_by(func.count(Equipment.id).desc(), func.lower(Equipment.type), Equipment.type)
        )
    )


def places(session: Session, organization_id: int) -> list[tuple[int, str]]:
    """The places that are offered, those with the most items first."""
    found = listed_places(session, organization_id)
    return [(one.id, one.name) for one in sorted(found, key=lambda one: -one.items)]


def tags(session: Session, organization_id: int) -> list[tuple[int, str]]:
    """The tags that are offered, by name."""
    return [(one.id, one.name) for one in listed_tags(session, organization_id)]


def labels_of(session: Session, row: Equipment | Item) -> list[str]:
    """The organisation's own fields of this thing in their order, then what a file brought besides.

    A field that is switched off is left out unless it has a value here.
    """
    describes = Described.EQUIPMENT if isinstance(row, Equipment) else Described.ITEM
    known = session.execute(
        select(CustomField.label, CustomField.disabled_at)
        .filter_by(organization_id=row.organization_id, describes=describes)
        .order_by(CustomField.position, CustomField.id)
    ).all()
    shown = [one.label for one in known if one.disabled_at is None or row.custom.get(one.label)]
    return shown + sorted(row.custom.keys() - {one.label for one in known})
