"""Equipment picked by several conditions that hold together."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Item
from services.core.tx import Tx
from services.desk import counter
from services.inventory import attributes, locations, selection, tags
from services.inventory.selection import Filter, State
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import HOUR


def test_what_is_free_at_a_place_is_kept_there(session: Session, club: Club, now: datetime) -> None:
    """Not where only others of its kind are free: now, and on the days that are asked for."""
    anna = Tx(session, now, club.anna)
    loft, cellar = locations.add(anna, "Loft").id, locations.add(anna, "Cellar").id
    for item in session.scalars(select(Item)):
        item.location_id = loft if item.code == "T1" else cellar
    (first,) = session.scalars(select(Item.id).filter_by(code="T1"))
    counter.hand_out_now(Tx(session, now, club.lars), club.kari.user_id, [first], now + 5 * HOUR)

    def found(at: datetime, place: int, **more: object) -> list[str]:
        wanted = Filter(location_id=place, state=State.FREE, **more)  # type: ignore[arg-type]
        page = selection.equipment(Tx(session, at, club.kari), wanted)
        assert page.total == len(page.rows)
        return [row.equipment.name for row in page.rows]

    assert (found(now, loft), found(now, cellar)) == ([], ["Stove", "Tent"])
    assert found(now, loft, period=days(now, 0, 1)) == []
    assert found(now, loft, period=days(now, 1, 2)) == ["Tent"]
    assert found(now, loft, period=days(now, -3, -2)) == []
    (row,) = selection.equipment(Tx(session, now, club.kari), Filter(location_id=loft)).rows
    assert row.equipment.id == club.tent.id


def test_the_numbers_of_a_place_are_those_of_what_is_kept_there(
    session: Session, club: Club, now: datetime
) -> None:
    """Of three tents two are in the cellar, and one of these is out: beside the numbers of all three."""
    anna = Tx(session, now, club.anna)
    loft, cellar = locations.add(anna, "Loft").id, locations.add(anna, "Cellar").id
    for item in session.scalars(select(Item).filter_by(equipment_id=club.tent.id)):
        item.location_id = loft if item.code == "T1" else cellar
    (second,) = session.scalars(select(Item.id).filter_by(code="T2"))
    counter.hand_out_now(Tx(session, now, club.lars), club.kari.user_id, [second], now + 5 * HOUR)

    def numbers(**wanted: object) -> tuple[int, int, int, int]:
        page = selection.equipment(Tx(session, now, club.kari), Filter(**wanted))  # type: ignore[arg-type]
        (row,) = (row for row in page.rows if row.equipment.id == club.tent.id)
        assert row.there is not None
        return row.pieces, row.free_now, row.there.pieces, row.there.free

    assert numbers(location_id=cellar) == (3, 2, 2, 1)
    assert numbers(location_id=loft) == (3, 2, 1, 1)
    assert numbers(location_id=cellar, state=State.FREE, period=days(now, 1, 2)) == (3, 2, 2, 2)
    (row, *_) = selection.equipment(Tx(session, now, club.kari), Filter()).rows
    assert row.there is None


def test_type_tags_and_words_hold_together(session: Session, club: Club, now: datetime) -> None:
    """Of several tags each; with what was typed."""
    anna = Tx(session, now, club.anna)
    winter, light = tags.add(anna, "winter").id, tags.add(anna, "light").id
    club.tent.type = "Tents"
    other = factories.equipment(session, club.organization, now, "Tent, small", "S-1")
    for equipment_id, tag_id in ((club.tent.id, winter), (other.id, winter), (other.id, light)):
        attributes.tag_equipment(anna, equipment_id, tag_id=tag_id, on=True)
    session.flush()

    def found(**wanted: object) -> set[int]:
        page = selection.equipment(Tx(session, now, club.kari), Filter(**wanted))  # type: ignore[arg-type]
        return {row.equipment.id for row in page.rows}

    assert found(tag_ids=(winter,)) == {club.tent.id, other.id}
    assert found(tag_ids=(winter, light)) == {other.id}
    assert found(tag_ids=(winter,), type="Tents") == {club.tent.id}
    assert found(tag_ids=(winter,), words="small") == {other.id}
    assert found(tag_ids=(light,), type="Tents") == set()
