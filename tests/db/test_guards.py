"""The database itself refuses a double booking."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.guards import OVERLAP
from db.models import Block, Claim, Equipment, Item, Organization
from db.session import Database
from db.states import ClaimStatus

START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def one_item(session: Session) -> int:
    organization = Organization(name="Club", timezone="Europe/Oslo", created_at=START)
    session.add(organization)
    session.flush()
    equipment = Equipment(organization_id=organization.id, name="Tent", created_at=START)
    session.add(equipment)
    session.add(Block(organization_id=organization.id, created_at=START))
    session.flush()
    item = Item(
        organization_id=organization.id,
        equipment_id=equipment.id,
        code="T1",
        label_token="t",
        created_at=START,
    )
    session.add(item)
    session.flush()
    return item.id


def claim(item: int, first: int, last: int, status: ClaimStatus = ClaimStatus.HELD) -> Claim:
    return Claim(
        organization_id=1,
        item_id=item,
        block_id=1,
        status=status,
        starts_at=START + timedelta(hours=first),
        blocked_until=START + timedelta(hours=last),
    )


def test_overlapping_claims_are_refused_by_the_database(database: Database) -> None:
    """Two claims in held on one item, one hour in common: the second never gets in."""
    item = database.write_now(one_item)
    database.write_now(lambda s: s.add(claim(item, 0, 10)))
    with pytest.raises(IntegrityError, match=OVERLAP):
        database.write_now(lambda s: s.add(claim(item, 9, 20)))


@pytest.mark.parametrize("hours", [(0, 10), (20, 30)])
def test_claims_that_touch_are_allowed(database: Database, hours: tuple[int, int]) -> None:
    """Periods are half-open: one may begin at the moment another ends, whichever of them comes first."""
    item = database.write_now(one_item)
    database.write_now(lambda s: s.add(claim(item, 10, 20)))
    database.write_now(lambda s: s.add(claim(item, *hours)))


def test_moving_a_claim_onto_another_is_refused(database: Database) -> None:
    """The guard also watches changes: a wanted claim cannot become held where another is."""
    item = database.write_now(one_item)
    database.write_now(lambda s: s.add(claim(item, 0, 10)))
    wanted = claim(item, 5, 15, ClaimStatus.WANTED)
    database.write_now(lambda s: s.add(wanted))

    def hold(session: Session) -> None:
        found = session.get_one(Claim, wanted.id)
        found.status = ClaimStatus.HELD

    with pytest.raises(IntegrityError, match=OVERLAP):
        database.write_now(hold)


@pytest.mark.parametrize("taken", [ClaimStatus.HELD, ClaimStatus.OUT])
@pytest.mark.parametrize("change", ["item", "earlier", "later"])
def test_changing_a_claim_into_another_is_refused(
    database: Database, change: str, taken: ClaimStatus
) -> None:
    """Neither another item, nor an earlier start or a later end, brings two claims together."""
    item = database.write_now(one_item)

    def prepare(session: Session) -> int:
        first = session.get_one(Item, item)
        other = Item(
            organization_id=first.organization_id,
            equipment_id=first.equipment_id,
            code="T2",
            label_token="u",
            created_at=START,
        )
        session.add_all([other, claim(item, 0, 10, taken), claim(item, 20, 30)])
        session.flush()
        moving = claim(other.id if change == "item" else item, *((5, 15) if change == "item" else (12, 18)))
        session.add(moving)
        session.flush()
        return moving.id

    moving = database.write_now(prepare)

    def move(session: Session) -> None:
        found = session.get_one(Claim, moving)
        match change:
            case "item":
                found.item_id = item
            case "earlier":
                found.starts_at = START + timedelta(hours=9)
            case "later":
                found.blocked_until = START + timedelta(hours=21)

    with pytest.raises(IntegrityError, match=OVERLAP):
        database.write_now(move)


def test_an_item_is_out_once(database: Database) -> None:
    """Two claims of one item cannot both be out, even when their periods do not meet."""
    item = database.write_now(one_item)
    database.write_now(lambda s: s.add(claim(item, 0, 10, ClaimStatus.OUT)))
    with pytest.raises(IntegrityError):
        database.write_now(lambda s: s.add(claim(item, 20, 30, ClaimStatus.OUT)))


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    """Rollback is the default: what came before the error is gone with it."""

    def work(session: Session) -> None:
        one_item(session)
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError):
        database.write_now(work)
    assert database.read_now(lambda s: s.query(Organization).count()) == 0


def test_a_read_commits_nothing(database: Database) -> None:
    """A row that a reader writes by mistake is not kept."""
    database.read_now(one_item)
    assert database.read_now(lambda s: s.query(Organization).count()) == 0
