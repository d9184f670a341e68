"""The inventory as its keepers see it, and the changes they make to what is said of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from db.models import AuditEntry, CustomField, Equipment, Item, Location, Rental, Tag
from db.states import ClaimStatus, Condition, Described, RentalStatus
from services.availability import reallocation
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import attributes, catalog, creation, editing, listing
from services.maintenance import service_status
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import codes, item, refuses, said, set_condition


def found(session: Session, c: Club, now: datetime, words: str = "", *, retired: bool = False) -> list[str]:
    page = listing.find(Tx(session, now, within=c.organization.id), words=words, retired=retired, per_page=50)
    assert page.total == listing.count(
        Tx(session, now, within=c.organization.id), words=words, retired=retired
    )
    return [entry.name for entry in page.entries]


def details(session: Session, subject: str) -> list[tuple[str, dict[str, Any]]]:
    query = select(AuditEntry).filter_by(subject=subject).order_by(AuditEntry.id)
    return [(entry.action, entry.details) for entry in session.scalars(query)]


# Finding


def test_keepers_find_what_cannot_be_lent(session: Session, club: Club, now: datetime) -> None:
    """Equipment without items, and with nothing but broken ones; retired equipment only where asked for."""
    factories.equipment(session, club.organization, now, "Sledge")
    set_condition(session, "S1", Condition.LOST)
    assert found(session, club, now) == ["Sledge", "Stove", "Tent"]
    service_status.retire(Tx(session, now, club.anna), club.tent.id, seen=1)
    assert found(session, club, now) == ["Sledge", "Stove"]
    assert found(session, club, now, retired=True) == ["Tent"]


@pytest.mark.parametrize("words", ["AVZ-2", "avz-2", "avz", "SN-77", "sn-77", "tent", "Tént"])
def test_by_word_code_or_serial_number(session: Session, club: Club, now: datetime, words: str) -> None:
    """Whole or as it begins a code; capitals forgiven."""
    item(session, "T2").serial_number = "SN-77"
    item(session, "T2").code = "AVZ-2"
    session.flush()
    assert found(session, club, now, words) == ["Tent"]


@pytest.mark.parametrize("words", ["T2", "t2", "SN-77", "sn-77"])
def test_an_item_by_its_number(session: Session, club: Club, words: str, now: datetime) -> None:
    """By its code, else by its serial number."""
    item(session, "T2").serial_number = "SN-77"
    session.flush()
    assert listing.item_by_number(Tx(session, now, within=club.organization.id), words) is item(session, "T2")


def test_two_items_of_one_serial_number_are_not_guessed(session: Session, club: Club, now: datetime) -> None:
    """Neither is meant more than the other; the search finds their equipment."""
    for code in ("T1", "S1"):
        item(session, code).serial_number = "77"
    session.flush()
    assert listing.item_by_number(Tx(session, now, within=club.organization.id), "77") is None
    assert found(session, club, now, "77") == ["Stove", "Tent"]


@pytest.mark.parametrize("words", ["Ü-1", "ü-1"])
def test_codes_with_umlauts_are_found(session: Session, club: Club, words: str, now: datetime) -> None:
    """SQLite knows no capitals beyond A to Z; the code as it is written is found all the same."""
    item(session, "T1").code = "Ü-1"
    session.flush()
    assert catalog.item_by_code(Tx(session, now, within=club.organization.id), words) is not None


@pytest.mark.parametrize("words", ["´", "%", "_", "'", "\\", " ", "🦊"])
def test_signs_find_what_has_them(session: Session, club: Club, now: datetime, words: str) -> None:
    """They are no patterns; nothing but accents finds nothing; nothing at all finds everything."""
    everything = ["Stove", "Tent"]
    assert found(session, club, now, words) == (everything if not words.strip() else [])


def test_other_organisations_stay_out(session: Session, club: Club, now: datetime) -> None:
    """Neither found nor opened nor changed."""
    other = factories.club(session, now, "Turlaget")
    theirs = session.scalars(select(Item).filter_by(organization_id=other.organization.id)).first()
    assert theirs is not None
    assert found(session, club, now) == ["Stove", "Tent"]
    with refuses(session, Refused.NOT_FOUND):
        catalog.get_item(Tx(session, now, within=club.organization.id), theirs.id)
    with refuses(session, Refused.NOT_FOUND):
        service_status.set_condition(Tx(session, now, club.anna), theirs.id, condition=Condition.LOST, seen=1)
    with refuses(session, Refused.NOT_FOUND):
        editing.edit_equipment(Tx(session, now, club.anna), other.tent.id, field="name", text="Mine", seen=1)


def test_counts_tell_where_the_items_are(session: Session, club: Club, now: datetime) -> None:
    """Out, promised at this moment, in repair, retired; the rest is free."""
    factories.equipment(session, club.organization, now, "Lamp", *(f"L{i}" for i in range(6)))
    lamp = session.scalars(select(Equipment).filter_by(name="Lamp")).one()
    factories.handed_out(session, club, now, factories.days(now, 0, 2), (lamp, 1))
    factories.requested(session, club.ola, now, factories.days(now, 0, 2), (lamp, 1))
    set_condition(session, "L3", Condition.IN_REPAIR)
    set_condition(session, "L4", Condition.RETIRED)
    set_condition(session, "L5", Condition.DAMAGED)
    counts = listing.counts(Tx(session, now + timedelta(minutes=1)), lamp)
    assert (counts.items, counts.free, counts.out, counts.promised) == (5, 2, 1, 1)
    assert counts.of(Condition.RETIRED) == counts.of(Condition.IN_REPAIR) == counts.of(Condition.DAMAGED) == 1


def test_a_list_costs_the_same_however_long_the_inventory_is(
    session: Session, club: Club, now: datetime
) -> None:
    """With 1,000 equipment and 1,000 items of one: as many queries as with two."""
    seen: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))

    def look() -> int:
        seen.clear()
        for page in (0, 3, 9999):
            listing.find(Tx(session, now, within=club.organization.id), words="", page=page)
        listing.find(Tx(session, now, within=club.organization.id), words="tent")
        listing.items(Tx(session, now), club.tent.id, page=1)
        listing.counts(Tx(session, now), club.tent)
        return len(seen)

    before = look()
    session.add_all(
        Equipment(organization_id=club.organization.id, name=f"E {i}", search_text=f"e {i}", created_at=now)
        for i in range(1_000)
    )
    session.add_all(
        Item(
            organization_id=club.organization.id,
            equipment_id=club.tent.id,
            code=f"M{i}",
            label_token=f"m{i}",
            created_at=now,
        )
        for i in range(1000)
    )
    session.flush()
    assert look() == before
    assert len(listing.items(Tx(session, now), club.tent.id, page=1).lines) == 10


# Adding


def test_codes_are_unique_whatever_their_capitals(session: Session, club: Club, now: datetime) -> None:
    """The refusal says which thing has it."""
    with refuses(session, Refused.CODE_TAKEN, code="S1", name="Stove"):
        creation.items(Tx(session, now, club.anna), club.tent.id, code="s1")
    with refuses(session, Refused.CODE_TAKEN, code="S1"):
        editing.edit_item(
            Tx(session, now, club.anna), item(session, "T1").id, field="code", text=" s1 ", seen=1
        )
    with refuses(session, Refused.CODE_EMPTY):
        creation.items(Tx(session, now, club.anna), club.tent.id, code=" \u200b ")
    with refuses(session, Refused.TOO_MUCH_TEXT, most=100):
        creation.items(Tx(session, now, club.anna), club.tent.id, code="x" * 101)


def test_proposed_codes_go_on_from_the_last(session: Session, club: Club, now: datetime) -> None:
    """After the equipment's name; a number that was used is not proposed again."""
    creation.items(Tx(session, now, club.anna), club.tent.id, code="tent-007")
    made = creation.items(Tx(session, now, club.anna), club.tent.id, number=2)
    assert [one.code for one in made] == ["TENT-008", "TENT-009"]
    assert all(len(one.label_token) >= 12 for one in made)


def test_codes_that_count_a_kind_are_counted_on(session: Session, club: Club, now: datetime) -> None:
    """After BOAT-1 and BOAT-09 of canoes comes BOAT-10, not CANOE-001; what others have is left out."""
    canoe = creation.equipment(Tx(session, now, club.anna), name="Canoe")
    for code in ("BOAT-1", "BOAT-09"):
        creation.items(Tx(session, now, club.anna), canoe.id, code=code)
    creation.items(Tx(session, now, club.anna), club.tent.id, code="boat-11")
    made = creation.items(Tx(session, now, club.anna), canoe.id, number=2)
    assert [one.code for one in made] == ["BOAT-10", "BOAT-12"]
    creation.items(Tx(session, now, club.anna), canoe.id, code="AVZ22531")
    assert creation.propose(Tx(session, now, within=canoe.organization_id), "Canoe") == ["CANOE-001"]


def test_a_name_that_there_is_gets_one_more(session: Session, club: Club, now: datetime) -> None:
    """Also where it is retired: then it is in use again. A new name is new equipment."""
    service_status.retire(Tx(session, now, club.anna), club.tent.id, seen=1)
    made = creation.one(Tx(session, now, club.anna), name="  TENT ", type_="ignored", file_id="photo")
    assert (made.equipment_id, club.tent.retired_at, club.tent.type) == (club.tent.id, None, "")
    assert club.tent.photo_id is not None
    new = creation.one(Tx(session, now, club.anna), name="Kayak", type_="Boats")
    kayak = session.get_one(Equipment, new.equipment_id)
    assert (kayak.name, kayak.search_text, new.code) == ("Kayak", "kayak boats", "KAYAK-001")


@pytest.mark.parametrize(
    ("name", "why"),
    [("", Refused.NAME_EMPTY), ("\u3164", Refused.NAME_EMPTY), ("x" * 201, Refused.TOO_MUCH_TEXT)],
)
def test_names_that_are_none(session: Session, club: Club, now: datetime, name: str, why: Refused) -> None:
    """Nothing, nothing to see, and too much."""
    with refuses(session, why):
        creation.one(Tx(session, now, club.anna), name=name)


def test_members_and_lenders_change_nothing(session: Session, club: Club, now: datetime) -> None:
    """Each way in asks for the role itself."""
    t1 = item(session, "T1").id
    for actor in (club.kari, club.lars):
        for attempt in (
            lambda a: creation.one(Tx(session, now, a), name="Tent"),
            lambda a: creation.items(Tx(session, now, a), club.tent.id),
            lambda a: creation.equipment(Tx(session, now, a), name="Kayak"),
            lambda a: editing.edit_equipment(
                Tx(session, now, a), club.tent.id, field="name", text="x", seen=1
            ),
            lambda a: editing.edit_item(Tx(session, now, a), t1, field="code", text="x", seen=1),
            lambda a: editing.edit_item_custom(Tx(session, now, a), t1, label="x", text="x", seen=1),
            lambda a: attributes.move_item(Tx(session, now, a), t1, location_id=1, seen=1),
            lambda a: attributes.named_place(Tx(session, now, a), "x"),
            lambda a: attributes.tag_equipment(Tx(session, now, a), club.tent.id, tag_id=1, on=True),
            lambda a: attributes.set_photo(Tx(session, now, a), club.tent.id, file_id="x", seen=1),
            lambda a: service_status.set_condition(Tx(session, now, a), t1, condition=Condition.LOST, seen=1),
            lambda a: service_status.retire(Tx(session, now, a), club.tent.id, seen=1),
            lambda a: service_status.bring_back(Tx(session, now, a), club.tent.id, seen=1),
        ):
            with refuses(session, Refused.NOT_ALLOWED):
                attempt(actor)


# Changing


@pytest.mark.parametrize("field", ["name", "brand", "model", "type"])
def test_search_follows_every_change(session: Session, club: Club, now: datetime, field: str) -> None:
    """A new word is found at once, and the audit has the old one and the new."""
    editing.edit_equipment(Tx(session, now, club.anna), club.tent.id, field=field, text="Vårfjell", seen=1)
    assert found(session, club, now, "varfjell") == ["Vårfjell" if field == "name" else "Tent"]
    before = "Tent" if field == "name" else ""
    assert details(session, "equipment") == [("edit", {field: [before, "Vårfjell"]})]
    assert club.tent.version == 2


def test_tags_are_searched_too(session: Session, club: Club, now: datetime) -> None:
    """Put on and taken off, as often as is tapped; the others stay."""
    winter = attributes.named_tag(Tx(session, now, club.anna), "#Winter")
    assert attributes.named_tag(Tx(session, now, club.anna), "winter") is winter
    for _ in range(2):
        attributes.tag_equipment(Tx(session, now, club.anna), club.tent.id, tag_id=winter.id, on=True)
    assert found(session, club, now, "winter") == ["Tent"]
    assert club.tent.version == 2
    attributes.tag_equipment(Tx(session, now, club.anna), club.tent.id, tag_id=winter.id, on=False)
    assert found(session, club, now, "winter") == []
    assert details(session, "equipment") == [
        ("edit", {"tags": [None, "Winter"]}),
        ("edit", {"tags": ["Winter", None]}),
    ]


def test_nothing_is_overwritten_unseen(session: Session, club: Club, now: datetime) -> None:
    """The second is told who was first, and may send it again once it is seen; the same is no change."""
    ada = factories.member(session, club.organization, now, "Ada Berg", club.anna.role)
    t1 = item(session, "T1")
    editing.edit_item(Tx(session, now, club.anna), t1.id, field="comment", text="wet", seen=1)
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Anna Admin"):
        editing.edit_item(Tx(session, now, ada), t1.id, field="comment", text="torn", seen=1)
    editing.edit_item(Tx(session, now, ada), t1.id, field="comment", text="wet", seen=1)
    assert (t1.comment, t1.version) == ("wet", 2)
    editing.edit_item(Tx(session, now, ada), t1.id, field="comment", text="torn", seen=2)
    assert t1.comment == "torn"
    club.tent.version += 1  # as an import does
    session.flush()
    with refuses(session, Refused.CHANGED_MEANWHILE, by=None):
        editing.edit_equipment(Tx(session, now, ada), club.tent.id, field="brand", text="x", seen=1)


def test_a_name_that_there_is_is_not_given_twice(session: Session, club: Club, now: datetime) -> None:
    """Whatever its capitals; one's own may change them."""
    with refuses(session, Refused.NAME_TAKEN):
        editing.edit_equipment(Tx(session, now, club.anna), club.tent.id, field="name", text="stove", seen=1)
    editing.edit_equipment(Tx(session, now, club.anna), club.tent.id, field="name", text="TENT", seen=1)
    assert club.tent.name == "TENT"


@pytest.mark.parametrize(
    ("text", "kept"), [("n/a", None), ("", None), ("0012", "0012"), ("x" * 200, "x" * 200)]
)
def test_serial_numbers(session: Session, club: Club, now: datetime, text: str, kept: str | None) -> None:
    """A text that says there is no serial number is stored as none, as in a file."""
    t1 = item(session, "T1")
    t1.serial_number = "old"
    session.flush()
    editing.edit_item(Tx(session, now, club.anna), t1.id, field="serial_number", text=text, seen=1)
    assert t1.serial_number == kept


def test_own_fields_and_what_a_file_brought(session: Session, club: Club, now: datetime) -> None:
    """In their order, those switched off only with a value; a label may be any word."""
    t1 = item(session, "T1")
    t1.custom = {"Zoll": "1", "Old": "x"}
    for place, (label, off) in enumerate([("action", None), ("Weight", None), ("Old", now), ("Gone", now)]):
        session.add(
            CustomField(
                organization_id=club.organization.id,
                describes=Described.ITEM,
                label=label,
                position=place,
                disabled_at=off,
            )
        )
    session.flush()
    assert attributes.labels_of(session, t1) == ["action", "Weight", "Old", "Zoll"]
    editing.edit_item_custom(Tx(session, now, club.anna), t1.id, label="action", text="2 kg", seen=1)
    editing.edit_item_custom(Tx(session, now, club.anna), t1.id, label="Zoll", text="", seen=2)
    assert t1.custom == {"Old": "x", "action": "2 kg"}
    assert details(session, "item") == [
        ("edit", {"custom": {"action": [None, "2 kg"]}}),
        ("edit", {"custom": {"Zoll": ["1", None]}}),
    ]


def test_a_thing_is_moved(session: Session, club: Club, now: datetime) -> None:
    """To a place that is offered, or to none; one switched off is offered again when it is written."""
    cellar = attributes.named_place(Tx(session, now, club.anna), "Cellar")
    t1 = item(session, "T1")
    attributes.move_item(Tx(session, now, club.anna), t1.id, location_id=cellar.id, seen=1)
    assert details(session, "item") == [("edit", {"location": [None, "Cellar"]})]
    cellar.disabled_at = now
    session.flush()
    with refuses(session, Refused.NOT_FOUND):
        attributes.move_item(
            Tx(session, now, club.anna), item(session, "T2").id, location_id=cellar.id, seen=1
        )
    assert attributes.named_place(Tx(session, now, club.anna), "CELLAR").disabled_at is None
    attributes.move_item(Tx(session, now, club.anna), t1.id, location_id=None, seen=2)
    assert t1.location_id is None
    assert session.scalars(select(Location)).all() == [cellar]
    assert session.scalars(select(Tag)).all() == []


# Retiring


NOT_LENT = (Condition.RETIRED, Condition.IN_REPAIR, Condition.LOST)


@pytest.mark.parametrize("condition", [c for c in NOT_LENT if c is not Condition.LOST])
def test_what_is_out_stays_in_lending(
    session: Session, club: Club, now: datetime, condition: Condition
) -> None:
    """It is told who has it and until when; nor does its equipment go. Damaged it may be all the same."""
    period = factories.days(now, 0, 2)
    factories.handed_out(session, club, now, period, (club.tent, 1))
    t1 = item(session, "T1").id
    told = {"code": "T1", "name": "Kari Nordmann", "due_at": period.due_at}
    with refuses(session, Refused.ITEM_IS_WITH, **told):
        service_status.set_condition(Tx(session, now, club.anna), t1, condition=condition, seen=1)
    with refuses(session, Refused.ITEM_IS_WITH, **told):
        service_status.retire(Tx(session, now, club.anna), club.tent.id, seen=1)
    service_status.set_condition(Tx(session, now, club.anna), t1, condition=Condition.DAMAGED, seen=1)
    assert item(session, "T1").condition is Condition.DAMAGED


def test_what_is_out_can_be_lost(session: Session, club: Club, now: datetime) -> None:
    """The rental that it was out with is over, unless somebody else has changed the item meanwhile."""
    rental = factories.handed_out(session, club, now, factories.days(now, 0, 2), (club.tent, 1))
    t1 = item(session, "T1").id
    with refuses(session, Refused.CHANGED_MEANWHILE):
        service_status.set_condition(Tx(session, now, club.anna), t1, condition=Condition.LOST, seen=7)
    assert session.get_one(Rental, rental.id).status is RentalStatus.OUT
    service_status.set_condition(Tx(session, now, club.anna), t1, condition=Condition.LOST, seen=1)
    assert session.get_one(Rental, rental.id).status is RentalStatus.RETURNED
    assert item(session, "T1").condition is Condition.LOST
    service_status.set_condition(Tx(session, now, club.anna), t1, condition=Condition.DAMAGED, seen=2)
    assert item(session, "T1").condition is Condition.DAMAGED


@pytest.mark.parametrize("condition", NOT_LENT)
def test_who_can_have_another_gets_it(
    session: Session, club: Club, now: datetime, condition: Condition
) -> None:
    """Nobody loses anything, and nobody is told."""
    rental = factories.requested(session, club.ola, now, factories.days(now, 5, 6), (club.tent, 1))
    (code,) = codes(session, rental)
    before = len(said(session, reallocation.WITHDRAWN))
    service_status.set_condition(
        Tx(session, now, club.anna), item(session, code).id, condition=condition, seen=1, reason="Gone"
    )
    assert codes(session, rental, ClaimStatus.HELD) not in ([], [code])
    assert len(said(session, reallocation.WITHDRAWN)) == before


def test_nobody_loses_it_unseen(session: Session, club: Club, now: datetime) -> None:
    """The rentals that lose something are named first; those that came since are asked about once more."""
    first = factories.requested(session, club.ola, now, factories.days(now, 5, 6), (club.stove, 1))
    s1 = item(session, "S1").id
    assert [loss.rental_id for loss in service_status.would_lose(Tx(session, now), [s1])] == [first.id]
    second = factories.requested(session, club.kari, now, factories.days(now, 8, 9), (club.stove, 1))
    with refuses(session, Refused.ITEM_PROMISED, rentals=[second.id]):
        service_status.retire(Tx(session, now, club.anna), club.stove.id, seen=1, giving_up=[first.id])
    both = [first.id, second.id]
    service_status.retire(
        Tx(session, now, club.anna), club.stove.id, seen=1, giving_up=both, reason="Retired"
    )
    assert (first.status, second.status) == (RentalStatus.CANCELLED, RentalStatus.CANCELLED)
    assert len(said(session, reallocation.WITHDRAWN)) == 2
