"""Kits: kept by admins, found and rented by members, never more than their parts."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Kit, RentalLine
from db.states import Condition, Role
from services.availability import reservations, schedules
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import catalog, kits
from services.inventory.search import recent
from services.rentals import queries
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import codes, refuses, set_condition


def camping(session: Session, club: Club, now: datetime, name: str = "Camping kit", **parts: int) -> Kit:
    """By default two tents and a stove."""
    kit = kits.add(Tx(session, now, club.anna), name)
    for part, quantity in (parts or {"tent": 2, "stove": 1}).items():
        kits.set_part(Tx(session, now, club.anna), kit.id, getattr(club, part).id, quantity, seen=kit.version)
    return kit


def lines(session: Session, rental_id: int) -> list[tuple[int, int, int | None, int | None]]:
    return [
        (line.equipment_id, line.quantity, line.kit_id, line.kit_pieces)
        for line in reservations.lines_of(session, rental_id)
    ]


def test_a_kit_is_made_and_changed_by_admins(session: Session, club: Club, now: datetime) -> None:
    """Each change is a new version, and stands in the audit with what was and what is."""
    kit = camping(session, club, now)
    kits.rename(Tx(session, now, club.anna), kit.id, "  Winter   camp ", seen=kit.version)
    kits.set_part(Tx(session, now, club.anna), kit.id, club.stove.id, 0, seen=kit.version)
    kits.retire(Tx(session, now, club.anna), kit.id, seen=kit.version)
    kits.bring_back(Tx(session, now, club.anna), kit.id, seen=kit.version)
    assert (kit.name, kit.search_text, kit.version, kit.retired_at) == ("Winter camp", "winter camp", 7, None)
    assert [(p.name, p.quantity) for p in kits.parts(session, kit.id)] == [("Tent", 2)]
    told = session.scalars(select(AuditEntry).filter_by(subject="kit", subject_id=kit.id)).all()
    assert [entry.action for entry in told] == [
        *("add", "set_part", "set_part", "rename", "set_part", "retire", "bring_back"),
    ]
    assert told[3].details == {"name": ["Camping kit", "Winter camp"]}
    assert told[4].details == {"own": club.stove.name, "value": [1, 0]}


@pytest.mark.parametrize("who", ["kari", "lars"])
def test_only_admins_keep_kits(session: Session, club: Club, now: datetime, who: str) -> None:
    """Members and lenders are refused, whatever they try."""
    kit = camping(session, club, now)
    actor: Actor = getattr(club, who)
    changes: tuple[Callable[[], object], ...] = (
        lambda: kits.add(Tx(session, now, actor), "Another"),
        lambda: kits.rename(Tx(session, now, actor), kit.id, "Another", seen=kit.version),
        lambda: kits.set_part(Tx(session, now, actor), kit.id, club.tent.id, 1, seen=kit.version),
        lambda: kits.retire(Tx(session, now, actor), kit.id, seen=kit.version),
    )
    for change in changes:
        with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
            change()


def test_a_name_is_taken_once(session: Session, club: Club, now: datetime) -> None:
    """Capitals do not make another name, a retired kit keeps its own, and another club has its own names."""
    kit = camping(session, club, now)
    with refuses(session, Refused.NAME_TAKEN, off=False):
        kits.add(Tx(session, now, club.anna), "CAMPING kit")
    kits.retire(Tx(session, now, club.anna), kit.id, seen=kit.version)
    with refuses(session, Refused.NAME_TAKEN, off=True):
        kits.add(Tx(session, now, club.anna), "Camping kit")
    with refuses(session, Refused.NAME_EMPTY):
        kits.add(Tx(session, now, club.anna), " \n ")
    kits.rename(Tx(session, now, club.anna), kit.id, "CAMPING KIT", seen=kit.version)
    other = factories.club(session, now, "Another club")
    kits.add(Tx(session, now, other.anna), "Camping kit")


def test_two_who_change_the_same_kit(session: Session, club: Club, now: datetime) -> None:
    """The second reads who was first, and nothing of theirs is done; then it can be sent again."""
    kit = camping(session, club, now)
    seen = kit.version
    ada = factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)
    kits.set_part(Tx(session, now, ada), kit.id, club.tent.id, 3, seen=seen)
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Ada Berg"):
        kits.set_part(Tx(session, now, club.anna), kit.id, club.tent.id, 1, seen=seen)
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Ada Berg"):
        kits.retire(Tx(session, now, club.anna), kit.id, seen=seen)
    kits.set_part(Tx(session, now, club.anna), kit.id, club.tent.id, 1, seen=kit.version)
    assert [p.quantity for p in kits.parts(session, kit.id)] == [1, 1]


def test_another_clubs_kit_and_equipment_are_not_there(session: Session, club: Club, now: datetime) -> None:
    """Neither to look at, to change, to put in a kit, nor to rent."""
    kit = camping(session, club, now)
    other = factories.club(session, now, "Another club")
    with refuses(session, Refused.NOT_FOUND):
        kits.set_part(Tx(session, now, club.anna), kit.id, other.tent.id, 1, seen=kit.version)
    with refuses(session, Refused.NOT_FOUND):
        kits.retire(Tx(session, now, other.anna), kit.id, seen=kit.version)
    basket = request.open_draft(Tx(session, now, other.kari))
    with refuses(session, Refused.NOT_FOUND):
        baskets.put_kit(Tx(session, now, other.kari), basket, kit.id, 1)
    assert catalog.search(Tx(session, now, within=other.organization.id), words="camping").total == 0


@pytest.mark.parametrize("pieces", [-1, 1000, 2**63])
def test_a_part_has_a_number_that_makes_sense(
    session: Session, club: Club, now: datetime, pieces: int
) -> None:
    """From one up; what is beyond is refused with the limits."""
    kit = camping(session, club, now)
    with refuses(session, Refused.OUT_OF_RANGE, least=1, most=999):
        kits.set_part(Tx(session, now, club.anna), kit.id, club.tent.id, pieces, seen=kit.version)


def test_members_find_kits_among_the_equipment(session: Session, club: Club, now: datetime) -> None:
    """By name, with how often they can be had; not while they are empty or retired."""
    kit = kits.add(Tx(session, now, club.anna), "Tent party")

    def found(words: str) -> list[tuple[str, int, int, bool]]:
        page = catalog.search(Tx(session, now, within=club.organization.id), words=words)
        return [(e.name, e.pieces, e.free_now, e.kit_id == kit.id) for e in page.entries]

    assert found("tent") == [("Tent", 3, 3, False)]
    kits.set_part(Tx(session, now, club.anna), kit.id, club.tent.id, 2, seen=kit.version)
    assert found("tent") == [("Tent", 3, 3, False), ("Tent party", 1, 1, True)]
    assert found("party") == [("Tent party", 1, 1, True)]
    factories.handed_out(session, club, now, days(now, 0, 2), (club.tent, 2))
    assert found("party") == [("Tent party", 1, 0, True)]
    kits.retire(Tx(session, now, club.anna), kit.id, seen=kit.version)
    assert found("tent") == [("Tent", 3, 1, False)]


def test_lists_with_kits_page_as_one(session: Session, club: Club, now: datetime) -> None:
    """Each equipment and kit is on exactly one page, in order of names; a type or tag leaves kits out."""
    for number in range(7):
        camping(session, club, now, f"Kit {number}")
    pages = [
        catalog.search(Tx(session, now, within=club.organization.id), page=page, per_page=4)
        for page in range(3)
    ]
    assert [(page.total, page.pages) for page in pages] == [(9, 3)] * 3
    shown = [entry.name for page in pages for entry in page.entries]
    assert shown == [*(f"Kit {number}" for number in range(7)), "Stove", "Tent"]
    assert catalog.search(Tx(session, now, within=club.organization.id), page=99, per_page=4).page == 2
    assert catalog.search(Tx(session, now, within=club.organization.id), type_="Tents").total == 0


def test_a_kit_is_its_parts_lines(session: Session, club: Club, now: datetime) -> None:
    """More and fewer change all of them; none takes them out; what is there beside stays."""
    kit = camping(session, club, now, tent=1, stove=1)
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    tent, stove = club.tent.id, club.stove.id
    assert lines(session, basket.id) == [(tent, 1, None, None), (tent, 1, kit.id, 1), (stove, 1, kit.id, 1)]
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 2)
    assert lines(session, basket.id)[0] == (tent, 2, None, None)
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 0)
    assert lines(session, basket.id) == [(tent, 2, None, None)]


def test_a_basket_with_a_kit_that_changed(session: Session, club: Club, now: datetime) -> None:
    """The next plus brings the kit as it is now; what was requested stays as it was."""
    kit = camping(session, club, now, tent=1, stove=1)
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    kits.set_part(Tx(session, now, club.anna), kit.id, club.stove.id, 0, seen=kit.version)
    kits.set_part(Tx(session, now, club.anna), kit.id, club.tent.id, 2, seen=kit.version)
    assert [line[1] for line in lines(session, basket.id)] == [1, 1]
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    assert lines(session, basket.id) == [(club.tent.id, 2, kit.id, 2)]
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    rental = request.request(Tx(session, now, club.kari), basket.id)
    kits.set_part(Tx(session, now, club.anna), kit.id, club.tent.id, 1, seen=kit.version)
    (line,) = queries.lines_of(session, rental)
    assert (line.name, line.quantity, [(p.name, p.quantity) for p in line.parts]) == (
        *("Camping kit", 1),
        [("Tent", 2)],
    )


def test_the_part_that_is_missing_is_named(session: Session, club: Club, now: datetime) -> None:
    """The missing part of a kit is named if there are too few at all, and if too few are free then."""
    kit = camping(session, club, now, tent=1, stove=1)
    basket = request.open_draft(Tx(session, now, club.kari))
    with refuses(session, Refused.NOT_ENOUGH, kit="Camping kit", name="Stove", wanted=2, pieces=1):
        baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 2)
    factories.requested(session, club.ola, now, days(now, 1, 3), (club.stove, 1))
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    with refuses(session, Refused.NOT_FREE, name="Stove", wanted=1, free=0):
        request.set_period(Tx(session, now), basket, days(now, 1, 2))
    request.set_period(Tx(session, now), basket, days(now, 4, 5))
    set_condition(session, "S1", Condition.IN_REPAIR)
    with refuses(session, Refused.NOT_FREE, name="Stove"):
        request.request(Tx(session, now, club.kari), basket.id)


def test_kits_and_single_things_share_the_stock(session: Session, club: Club, now: datetime) -> None:
    """Three tents serve one alone and two in a kit, each once; a fourth is refused."""
    kit = camping(session, club, now, tent=2)
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    with refuses(session, Refused.NOT_ENOUGH, kit=None, name="Tent", wanted=4, pieces=3):
        baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 2)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    rental = request.request(Tx(session, now, club.kari), basket.id)
    assert codes(session, rental) == ["T1", "T2", "T3"]
    again = request.open_draft(Tx(session, now, club.ola))
    baskets.put_kit(Tx(session, now, club.ola), again, kit.id, 1)
    with refuses(session, Refused.NOT_FREE, name="Tent", wanted=2, free=0):
        request.set_period(Tx(session, now), again, days(now, 1, 2))


def test_one_particular_item_beside_a_kit(session: Session, club: Club, now: datetime) -> None:
    """The kit does not take the item that was asked for by its code."""
    kit = camping(session, club, now, tent=2)
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    first = session.scalars(select(RentalLine).filter_by(rental_id=basket.id)).one()
    t1 = schedules.load(Tx(session, now), club.organization.id, [club.tent.id]).slots[club.tent.id][0]
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1, item_id=t1.item_id)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    rental = request.request(Tx(session, now, club.kari), basket.id)
    assert codes(session, rental) == ["T1", "T2", "T3"]
    assert first.quantity == 2


def test_empty_and_retired_kits_are_not_rented(session: Session, club: Club, now: datetime) -> None:
    """The one has nothing in it, the other is not there any more; out of the basket both go."""
    kit = kits.add(Tx(session, now, club.anna), "Camping kit")
    basket = request.open_draft(Tx(session, now, club.kari))
    with refuses(session, Refused.KIT_EMPTY, name="Camping kit"):
        baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    kits.set_part(Tx(session, now, club.anna), kit.id, club.tent.id, 1, seen=kit.version)
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    kits.retire(Tx(session, now, club.anna), kit.id, seen=kit.version)
    with refuses(session, Refused.KIT_RETIRED):
        baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 0)
    assert lines(session, basket.id) == []
    with refuses(session, Refused.NOT_FOUND):
        baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)


def test_what_came_with_a_kit_is_not_among_what_was_rented_lately(
    session: Session, club: Club, now: datetime
) -> None:
    """The list begins with what a member chose, and a kit's parts were not chosen one by one."""
    kit = camping(session, club, now)
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    request.request(Tx(session, now, club.kari), basket.id)
    assert recent.of_member(Tx(session, now, within=club.organization.id), club.kari.user_id) == ()


def test_a_kit_and_the_same_thing_beside_it_count_together(
    session: Session, club: Club, now: datetime
) -> None:
    """Each could be had, but not both: there are three tents, and one is promised to somebody else then."""
    kit = camping(session, club, now, tent=1, stove=1)
    factories.requested(session, club.ola, now, days(now, 1, 2), (club.tent, 1))
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 2)
    with refuses(session, Refused.NOT_FREE, name="Tent", wanted=3, free=2):
        request.set_period(Tx(session, now), basket, days(now, 1, 2))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 2)
    with refuses(session, Refused.NOT_FREE, name="Tent", wanted=3, free=2):
        request.request(Tx(session, now, club.kari), basket.id)


def test_a_kit_that_was_retired_is_not_asked_for(session: Session, club: Club, now: datetime) -> None:
    """Not from a basket that it was put in before; its things can be, beside those that are there."""
    kit = camping(session, club, now, tent=1, stove=1)
    basket = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), basket, club.tent.id, 1)
    baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 1)
    request.set_period(Tx(session, now), basket, days(now, 1, 2))
    kits.retire(Tx(session, now, club.anna), kit.id, seen=kit.version)
    with refuses(session, Refused.KIT_RETIRED, name="Camping kit", kit_id=kit.id):
        request.request(Tx(session, now, club.kari), basket.id)
    with refuses(session, Refused.KIT_RETIRED, name="Camping kit", kit_id=kit.id):
        baskets.put_kit(Tx(session, now, club.kari), basket, kit.id, 2)
    baskets.unpack_kit(session, basket, kit.id)
    baskets.unpack_kit(session, basket, kit.id)
    assert sorted(lines(session, basket.id)) == sorted(
        [(club.tent.id, 2, None, None), (club.stove.id, 1, None, None)]
    )
    request.request(Tx(session, now, club.kari), basket.id)
    with refuses(session, Refused.ALREADY):
        baskets.unpack_kit(session, basket, kit.id)


def test_which_kits_lack_something(session: Session, club: Club, now: datetime) -> None:
    """Those in use that take more than there is, by name."""
    camping(session, club, now)
    camping(session, club, now, "Alone", tent=1)
    old = camping(session, club, now, "Old", tent=9)
    kits.retire(Tx(session, now, club.anna), old.id, seen=old.version)
    assert [kits.lacking(session, club.tent.id, n) for n in (0, 1, 2)] == [
        ["Alone", "Camping kit"],
        ["Camping kit"],
        [],
    ]
