"""Undoing an import: all of it or nothing, once, and only as long as nobody has used what it brought."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from db.models import (
    Block,
    Claim,
    CustomField,
    DamageNote,
    Equipment,
    ImportEffect,
    ImportRun,
    Item,
    Kit,
    KitPart,
    Location,
    Rental,
    RentalLine,
)
from db.states import ClaimStatus, Condition, RentalStatus, Role
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import import_file
from services.imports.afterwards import undo
from services.imports.afterwards.obstacles import Why
from services.imports.afterwards.undo import Extent
from services.imports.report import BaseReport
from services.imports.runner import Watch
from services.messaging.tidying import retention
from services.rentals import numbers
from tests import factories
from tests.services.imports.conftest import Club
from tests.services.imports.files import CHUNK

BEFORE = (
    "name,code,brand,tags,location,condition,comment,size\n"
    "Tent,T-1,Ajungilak,green,Shed,ok,,2\nTent,T-2,,,Shed,lost,gone,\nRope,R-1,,,Shed,ok,,\n"
)
AFTER = (
    "name,code,brand,tags,location,condition,comment,size,weight,equipment: Kind\n"
    "Tent,T-1,Helsport,red,Attic,damaged,a hole,3,2 kg,\nTent,T-2,,,Shed,ok,,,,\n"
    "Stove,R-1,,,Shed,ok,,,,gas\nStove,S-1,,hot,Kitchen,ok,,,1 kg,\nRope,R-2,,,Shed,ok,,,,\n"
)
"""Three items change, one of them into other equipment; two are new, and so are places, tags and fields."""


def act(club: Club, work: Callable[[Tx], Any]) -> Any:
    return club.database.write_now(lambda s: work(Tx(s, club.now, within=club.id)))


def undone(club: Club, run_id: int | None) -> Extent:
    assert run_id is not None
    found: Extent = act(club, lambda tx: undo.undo(tx, run_id))
    return found


def without_versions(club: Club) -> list[list[tuple[Any, ...]]]:
    """The rows of the inventory, but for their last column."""
    return [[row[:-1] if len(row) > 8 else row for row in rows] for rows in club.everything()]


def fields(club: Club) -> set[str]:
    query = select(CustomField.label).where(CustomField.organization_id == club.id)
    return set(club.database.read_now(lambda s: s.scalars(query).all()))


def test_all_of_it_goes_back(any_club: Club) -> None:
    """New rows go with their places, tags and fields; others have what they had; then the one before."""
    club = any_club
    first = club.brings(BEFORE).run_id
    before, known = without_versions(club), fields(club)
    run_id = club.brings(AFTER).run_id or 0
    assert act(club, lambda tx: undo.question(tx, run_id)) == Extent(2, 2, 4)
    assert undone(club, run_id) == Extent(2, 2, 4)
    assert (without_versions(club), fields(club)) == (before, known)
    with pytest.raises(Refusal) as refusal:
        undone(club, run_id)
    assert refusal.value.code is Refused.IMPORT_UNDONE
    assert undone(club, club.brings(AFTER).run_id) == Extent(2, 2, 4)
    assert undone(club, first) == Extent(3, 2, 0)
    assert not any(club.everything())
    assert fields(club) == set()
    assert act(club, lambda tx: tx.session.scalar(select(func.count(ImportEffect.id)))) == 0


class Killed(BaseException):
    """The end of the program, in the middle of an import."""


class Dies(Watch):
    def written(self, report: BaseReport, done: int, size: int) -> None:
        raise Killed


def test_an_import_that_was_killed_is_undone_as_one(club: Club) -> None:
    """Both attempts are one run, by the content of the file; the chunk that came twice counts once."""
    path = club.folder / "list.csv"
    path.write_text("name,code\n" + "".join(f"Tent,T-{i}\n" for i in range(CHUNK + 5)))
    with pytest.raises(Killed):
        asyncio.run(import_file(club.database, club.id, None, path, {}, club.now, follow=Dies()))
    assert club.brings(path).items_new == 5
    last: ImportRun | None = act(club, undo.last)
    assert last is not None and last.ended_at is not None
    assert undone(club, last.id) == Extent(CHUNK + 5, 1, 0)
    assert (club.items(), club.equipment(), act(club, undo.last)) == ({}, {}, None)


def test_an_import_that_is_undone_meanwhile_stops(club: Club) -> None:
    """Its next chunk is not written."""

    class Undoes(Watch):
        def written(self, report: BaseReport, done: int, size: int) -> None:
            if done < size:
                undone(club, act(club, undo.last).id)

    path = club.folder / "list.csv"
    path.write_text("name,code\n" + "".join(f"Tent,T-{i}\n" for i in range(CHUNK + 5)))
    report = asyncio.run(import_file(club.database, club.id, None, path, {}, club.now, follow=Undoes()))
    assert report.stopped is not None and report.stopped.code is Refused.IMPORT_CANCELLED
    assert club.items() == {}


def _claim(club: Club, code: str, status: ClaimStatus, *, by_block: bool = False) -> Callable[[Tx], None]:
    """A claim on an item, of a member's rental or of a block."""

    def work(tx: Tx) -> None:
        item = tx.session.scalars(select(Item).filter_by(organization_id=club.id, code=code)).one()
        starts, ends = tx.now + timedelta(days=1), tx.now + timedelta(days=2)
        claim = Claim(
            organization_id=club.id, item_id=item.id, status=status, starts_at=starts, blocked_until=ends
        )
        if status is not ClaimStatus.HELD and not by_block:
            claim.out_at = tx.now
        if by_block:
            block = Block(organization_id=club.id, created_at=tx.now)
            tx.session.add(block)
            tx.session.flush()
            claim.block_id = block.id
        else:
            line = _line(tx, club, item.equipment_id, RentalStatus.APPROVED)
            claim.rental_id, claim.line_id = line.rental_id, line.id
        tx.session.add(claim)

    return work


def _line(tx: Tx, club: Club, equipment_id: int, status: RentalStatus) -> RentalLine:
    organization = tx.organization
    member = factories.member(tx.session, organization, tx.now, "Kari Holt")
    rental = Rental(
        organization_id=club.id,
        user_id=member.user_id,
        status=status,
        starts_at=tx.now + timedelta(days=1),
        due_at=tx.now + timedelta(days=2),
        created_at=tx.now,
        requested_at=None if status is RentalStatus.DRAFT else tx.now,
        number=None if status is RentalStatus.DRAFT else numbers.take(tx.session, club.id),
    )
    tx.session.add(rental)
    tx.session.flush()
    line = RentalLine(rental_id=rental.id, equipment_id=equipment_id, quantity=1)
    tx.session.add(line)
    tx.session.flush()
    return line


def _item(tx: Tx, code: str) -> Item:
    return tx.session.scalars(select(Item).filter_by(code=code)).one()


def _kind(tx: Tx, name: str) -> Equipment:
    return tx.session.scalars(select(Equipment).filter_by(name=name)).one()


def _edited(tx: Tx) -> None:
    tx.session.execute(update(Item).where(Item.code == "T-1").values(version=Item.version + 1))


def _noted(tx: Tx) -> None:
    tx.session.add(
        DamageNote(
            organization_id=tx.organization_id, item_id=_item(tx, "S-1").id, note="a", created_at=tx.now
        )
    )


def _in_kit(tx: Tx) -> None:
    kit = Kit(organization_id=tx.organization_id, name="Trip", created_at=tx.now)
    tx.session.add(kit)
    tx.session.flush()
    tx.session.add(KitPart(kit_id=kit.id, equipment_id=_kind(tx, "Stove").id, quantity=1))


def _place_gone(tx: Tx) -> None:
    item = _item(tx, "T-1")
    shed = tx.session.scalars(select(Location).filter_by(name="Shed")).one()
    tx.session.execute(update(Item).where(Item.location_id == shed.id).values(location_id=item.location_id))
    tx.session.delete(shed)


@pytest.mark.parametrize(
    ("name", "code", "why"),
    [
        ("Stove", "S-1", Why.LENT),
        ("Tent", "T-2", Why.PROMISED),
        ("Rope", "R-2", Why.BLOCKED),
        ("Tent", "T-1", Why.CHANGED),
        ("Stove", "S-1", Why.CHANGED),
        ("Stove", "", Why.IN_BASKET),
        ("Stove", "", Why.IN_KIT),
        ("Stove", "", Why.HAS_MORE),
        ("Tent", "T-1", None),
    ],
)
def test_what_was_used_since_keeps_it_from_being_undone(
    club: Club, name: str, code: str, why: Why | None
) -> None:
    """Nothing of it is undone, and what is in the way is named."""
    club.brings(BEFORE)
    run_id = club.brings(AFTER).run_id
    use: dict[Why | None, Callable[[Tx], Any]] = {
        Why.LENT: _claim(club, code, ClaimStatus.OUT),
        Why.PROMISED: _claim(club, code, ClaimStatus.HELD),
        Why.BLOCKED: _claim(club, code, ClaimStatus.HELD, by_block=True),
        Why.CHANGED: _edited if code == "T-1" else _noted,
        Why.IN_BASKET: lambda tx: _line(tx, club, _kind(tx, "Stove").id, RentalStatus.DRAFT),
        Why.IN_KIT: _in_kit,
        None: _place_gone,
    }
    if why is Why.HAS_MORE:
        club.brings("name,code\nStove,S-9\n")
    else:
        act(club, use[why])
    before = club.everything()
    with pytest.raises(Refusal) as refusal:
        undone(club, run_id)
    assert refusal.value.code is Refused.UNDO_TOO_LATE
    assert [name, code, why or Why.CHANGED] in [one[:3] for one in refusal.value.data["things"]]
    assert club.everything() == before


def test_what_was_promised_before_stays_lendable(club: Club) -> None:
    """The import found a lost tent again; by then somebody was promised it, so it is not lost again."""
    club.brings("name,code,condition\nTent,T-1,lost\n")
    act(club, _claim(club, "T-1", ClaimStatus.HELD))
    run_id = club.brings("name,code,condition\nTent,T-1,ok\n").run_id
    with pytest.raises(Refusal) as refusal:
        undone(club, run_id)
    assert refusal.value.data["things"] == [["Tent", "T-1", Why.PROMISED, ""]]
    assert club.items()["T-1"].condition is Condition.OK


def test_who_may_and_until_when(club: Club) -> None:
    """An admin of the same organisation, for 30 days; then nothing of it is kept."""
    run_id = club.brings("name,code\nTent,T-1\n").run_id
    assert run_id is not None
    other = club.found("Other club")

    def refused(tx: Tx) -> Refused:
        with pytest.raises(Refusal) as refusal:
            undo.undo(tx, run_id)
        return refusal.value.code

    def look(tx: Tx) -> list[Refused]:
        lender = factories.member(tx.session, tx.organization, tx.now, "Leo", Role.LENDER)
        later = tx.at(tx.now + retention.RUNS_KEPT)
        return [refused(tx.by(lender)), refused(tx.of(other.id)), refused(later)]

    assert act(club, look) == [Refused.NOT_ALLOWED, Refused.NOT_FOUND, Refused.UNDO_OVER]
    act(club, lambda tx: retention.tidy(tx.at(tx.now + retention.RUNS_KEPT + timedelta(days=1))))
    assert act(club, lambda tx: tx.session.scalar(select(func.count(ImportEffect.id)))) == 0
