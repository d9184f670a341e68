"""Triggers keep what the rows say, whatever is done to them, on both databases."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db.derived import fill
from db.models import Equipment, EquipmentPart, Item
from db.session import Database
from db.states import Condition
from tests import factories


def _derived(session: Session) -> tuple[dict[int, int], list[Any]]:
    counts = session.execute(select(Equipment.id, Equipment.lendable).order_by(Equipment.id))
    parts = select(EquipmentPart.part, EquipmentPart.equipment_id)
    return dict(counts.all()), sorted(tuple(row) for row in session.execute(parts))


def test_triggers_keep_what_follows(database: Database, now: datetime) -> None:
    """Items that come, go, break and change their equipment; texts that change, with odd letters in them."""

    def work(session: Session) -> None:
        club = factories.club(session, now)
        of, tent, stove = club.organization, club.tent.id, club.stove.id
        code = Item.code
        session.execute(update(Item).where(code == "T1").values(condition=Condition.LOST))
        session.execute(update(Item).where(code == "T2").values(condition=Condition.DAMAGED))
        session.execute(update(Item).where(code == "T3").values(equipment_id=stove))
        odd = 'x"y\\z 100% \u26fa o\u0308 {a} %s averyveryveryverylongword a  b'
        session.execute(update(Equipment).where(Equipment.id == tent).values(search_text=odd))
        empty = factories.equipment(session, of, now, "Rope", "R1", "R2").id
        session.execute(update(Equipment).where(Equipment.id == empty).values(search_text=""))
        session.execute(delete(Item).where(code == "R1"))
        counts, parts = _derived(session)
        assert counts == {tent: 1, stove: 2, empty: 1}
        assert {"averyver", "100%", "z", "%"} <= {part for part, id_ in parts if id_ == tent}
        fill(session.connection())
        assert _derived(session) == (counts, parts)
        gone = factories.equipment(session, of, now, "Sledge").id
        session.execute(delete(Equipment).where(Equipment.id == gone))
        assert _derived(session) == (counts, parts)

    database.write_now(work)
