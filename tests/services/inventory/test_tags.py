"""Tags: names, colours, and what is found by them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, EquipmentTag, Tag
from db.states import Role
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import catalog, tags
from services.inventory.search import kinds
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import refuses


@pytest.fixture
def winter(session: Session, club: Club, now: datetime) -> Tag:
    """On the tent."""
    tag = tags.add(Tx(session, now, club.anna), "winter")
    session.add(EquipmentTag(equipment_id=club.tent.id, tag_id=tag.id))
    session.flush()
    return tag


def test_a_renamed_tag_is_found_by_its_new_name(
    session: Session, club: Club, now: datetime, winter: Tag
) -> None:
    """And not by the old one; equipment keeps it."""
    tags.rename(Tx(session, now, club.anna), winter.id, "#Snow and ice")
    assert [tag.name for tag in tags.of_equipment(session, club.tent.id)] == ["Snow and ice"]

    def found(words: str) -> list[str]:
        return [
            e.name
            for e in catalog.search_equipment(
                Tx(session, now, within=club.organization.id), words=words
            ).entries
        ]

    assert (found("snow"), found("winter"), found("tent")) == (["Tent"], [], ["Tent"])


def test_colours_come_from_the_palette(session: Session, club: Club, now: datetime, winter: Tag) -> None:
    """One of them or none, with who changed it; another colour is no button of ours."""
    tags.paint(Tx(session, now, club.anna), winter.id, "blue")
    tags.paint(Tx(session, now, club.anna), winter.id, "blue")
    with refuses(session, Refused.OUTDATED):
        tags.paint(Tx(session, now, club.anna), winter.id, "pink")
    assert winter.color == "blue"
    tags.paint(Tx(session, now, club.anna), winter.id, None)
    told = session.scalars(select(AuditEntry).filter_by(subject="tag", action="paint")).all()
    assert [entry.details for entry in told] == [{"color": [None, "blue"]}, {"color": ["blue", None]}]


def test_a_switched_off_tag_is_not_offered_and_still_shown(
    session: Session, club: Club, now: datetime, winter: Tag
) -> None:
    """The list narrows by it no more; the equipment that carries it says so."""
    tags.switch(Tx(session, now, club.anna), winter.id, on=False)
    of = club.organization.id
    assert kinds.tags(Tx(session, now, within=of)) == []
    assert tags.listed(Tx(session, now, within=of)) == []
    assert [
        (t.name, t.equipment, t.off) for t in tags.listed(Tx(session, now, within=of), switched_off=True)
    ] == [("winter", 1, True)]
    assert [tag.name for tag in tags.of_equipment(session, club.tent.id)] == ["winter"]


def test_retired_equipment_does_not_count(session: Session, club: Club, now: datetime, winter: Tag) -> None:
    """The number beside a tag is of what there is."""
    club.tent.retired_at = now
    session.flush()
    assert [t.equipment for t in tags.listed(Tx(session, now, within=club.organization.id))] == [0]


def test_a_tag_has_its_name_alone(session: Session, club: Club, now: datetime, winter: Tag) -> None:
    """However it is written; a comma would make two of it in a file, so it goes."""
    with refuses(session, Refused.NAME_TAKEN):
        tags.add(Tx(session, now, club.anna), "# Winter")
    assert tags.add(Tx(session, now, club.anna), "ice, snow").name == "ice snow"
    with refuses(session, Refused.NAME_EMPTY):
        tags.add(Tx(session, now, club.anna), "#")


def test_only_admins_keep_tags(session: Session, club: Club, now: datetime, winter: Tag) -> None:
    """A lender is refused; another club's admin does not find them."""
    changes: tuple[Callable[[], object], ...] = (
        lambda: tags.add(Tx(session, now, club.lars), "summer"),
        lambda: tags.rename(Tx(session, now, club.lars), winter.id, "summer"),
        lambda: tags.paint(Tx(session, now, club.lars), winter.id, "red"),
        lambda: tags.switch(Tx(session, now, club.lars), winter.id, on=False),
    )
    for change in changes:
        with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
            change()
    other = factories.club(session, now, "Another club")
    with refuses(session, Refused.NOT_FOUND):
        tags.paint(Tx(session, now, other.anna), winter.id, "red")
