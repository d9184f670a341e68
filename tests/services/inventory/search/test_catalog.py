"""Finding equipment: by words, by type, by tag, by code."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import Connection, event, insert
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Item, Tag
from db.states import Condition
from services.core.errors import Refused
from services.core.text import fold
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.search import kinds, recent
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import DAY, refuses, set_condition


def found(session: Session, club: Club, now: datetime, words: str = "", **asked: object) -> list[str]:
    """The names on the page that a search shows."""
    page = catalog.search_equipment(Tx(session, now, within=club.organization.id), words=words, **asked)  # type: ignore[arg-type]
    return [entry.name for entry in page.entries]


def tag(session: Session, club: Club, name: str, *equipment: Equipment, disabled: bool = False) -> int:
    row = Tag(
        organization_id=club.organization.id,
        name=name,
        disabled_at=club.organization.created_at if disabled else None,
    )
    session.add(row)
    session.flush()
    session.add_all(EquipmentTag(equipment_id=one.id, tag_id=row.id) for one in equipment)
    session.flush()
    return row.id


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are run inside."""
    statements: list[str] = []

    def note(_c: Connection, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "words", ["måleutstyr", "MÅLEUTSTYR", "maleutstyr", "Maleutstyr", " måle ", "øre maleutstyr", "OREKLOKKE"]
)
def test_case_and_accents_are_forgiven(session: Session, club: Club, now: datetime, words: str) -> None:
    """As people type on a telephone, whatever stands in the list; the words in any order."""
    factories.equipment(session, club.organization, now, "Måleutstyr Øreklokke", "M1")
    assert found(session, club, now, words) == ["Måleutstyr Øreklokke"]


def test_all_the_words_count(session: Session, club: Club, now: datetime) -> None:
    """Name, brand, model and type alike; what has only one of two words is not meant."""
    factories.equipment(
        session, club.organization, now, "Camera", "C1", brand="Canon", model="EOS R5", type="Photo"
    )
    factories.equipment(session, club.organization, now, "Lens", "C2", brand="Canon")
    assert found(session, club, now, "canon") == ["Camera", "Lens"]
    assert found(session, club, now, "r5 canon") == ["Camera"]
    assert found(session, club, now, "photo eos") == ["Camera"]
    assert found(session, club, now, "canon nikon") == []


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", '"; --', "t%nt", "t_nt", "[t]ent", "*"])
def test_no_sign_means_anything_else(session: Session, club: Club, now: datetime, words: str) -> None:
    """Signs are signs: nothing matches all, and nothing breaks."""
    assert found(session, club, now, words) == []


def test_a_sign_in_a_name_is_found(session: Session, club: Club, now: datetime) -> None:
    """A percent sign or an underscore finds only the names that contain it."""
    factories.equipment(session, club.organization, now, "Wine 12% or so_so", "W1")
    assert found(session, club, now, "12%") == found(session, club, now, "so_so") == ["Wine 12% or so_so"]


def test_very_many_words(session: Session, club: Club, now: datetime) -> None:
    """A whole book is searched for by its beginning, in no time."""
    assert found(session, club, now, "tent " * 10_000) == ["Tent"]
    assert found(session, club, now, "x" * 100_000) == []


def test_what_begins_with_the_words_comes_first(session: Session, club: Club, now: datetime) -> None:
    """Then the others, each by name, whatever its capitals."""
    for name in ("Big tent", "tent pegs", "Tentacle", "A tent for two"):
        factories.equipment(session, club.organization, now, name, name)
    expected = ["Tent", "tent pegs", "Tentacle", "A tent for two", "Big tent"]
    assert found(session, club, now, "TENT") == expected
    assert found(session, club, now) == [
        "A tent for two",
        "Big tent",
        "Stove",
        "Tent",
        "tent pegs",
        "Tentacle",
    ]


@pytest.mark.parametrize("search", [catalog.search_equipment, catalog.search])
def test_page_by_page(
    search: Callable[..., catalog.Page], session: Session, club: Club, now: datetime
) -> None:
    """Each thing on one page, none twice or never; beyond the end is the last page, before it the first."""
    tx = Tx(session, now, within=club.organization.id)
    for number in range(20):
        factories.equipment(session, club.organization, now, f"Rope {number:02}", f"R{number}")
    pages = [search(tx, words="rope", page=n) for n in range(3)]
    assert [len(page.entries) for page in pages] == [8, 8, 4]
    assert [entry.name for page in pages for entry in page.entries] == [f"Rope {n:02}" for n in range(20)]
    assert {(page.total, page.pages) for page in pages} == {(20, 3)}
    for page, where in ((99, 2), (-1, 0)):
        assert search(tx, words="rope", page=page).page == where
    full = search(tx, words="rope", page=9, per_page=10)
    assert (len(full.entries), full.total, full.page, full.pages) == (10, 20, 1, 2)
    nothing = search(tx, words="nothing", page=3)
    assert (nothing.entries, nothing.total, nothing.page, nothing.pages) == ((), 0, 0, 1)


@pytest.mark.parametrize("code", ["AVZ 22531/ø", " avz 22531/ø ", "Avz 22531/ø"])
def test_a_code_finds_its_equipment(session: Session, club: Club, now: datetime, code: str) -> None:
    """As it is written on the thing, or with other capitals."""
    camera = factories.equipment(session, club.organization, now, "Camera", "AVZ 22531/ø", "AVZ 22532/ø")
    assert found(session, club, now, code) == ["Camera"]
    item = catalog.item_by_code(Tx(session, now, within=club.organization.id), code)
    assert item is not None
    assert (item.code, item.equipment_id) == ("AVZ 22531/ø", camera.id)


@pytest.mark.parametrize("code", ["Ø7", "ø7"])
def test_a_code_with_other_letters(session: Session, club: Club, now: datetime, code: str) -> None:
    """Capitals are forgiven for letters of any alphabet."""
    factories.equipment(session, club.organization, now, "Oar", "Ø7")
    item = catalog.item_by_code(Tx(session, now, within=club.organization.id), code)
    assert item is not None and item.code == "Ø7"


def test_codes_that_differ_by_capitals(session: Session, club: Club, now: datetime) -> None:
    """The one that is written so, if there is one."""
    factories.equipment(session, club.organization, now, "Camera", "A1", "a1")
    factories.equipment(session, club.organization, now, "Oar", "aØ1", "AØ1", "Aø1")
    for code in ("A1", "a1", "aØ1", "Aø1", "AØ1"):
        item = catalog.item_by_code(Tx(session, now, within=club.organization.id), code)
        assert item is not None and item.code == code


@pytest.mark.parametrize("code", ["", "  ", "T", "T11", "T%", "x" * 101, "x" * 10_000])
def test_what_is_no_code(session: Session, club: Club, now: datetime, code: str) -> None:
    """Half a code is none, and neither is what no code could be."""
    assert catalog.item_by_code(Tx(session, now, within=club.organization.id), code) is None


def test_another_organisations_things_are_never_found(session: Session, club: Club, now: datetime) -> None:
    """By no word, code, label, tag, type or number."""
    other = factories.club(session, now, "Seilklubben")
    sail = factories.equipment(session, other.organization, now, "Sail", "X1", type="Boats")
    theirs = tag(session, other, "Sailing", sail)
    here = club.organization.id
    assert found(session, club, now, "sail") == found(session, club, now, "X1") == []
    assert found(session, club, now, type_="Boats") == found(session, club, now, tag_id=theirs) == []
    assert "Sail" not in found(session, club, now)
    assert catalog.item_by_code(Tx(session, now, within=here), "X1") is None
    assert (kinds.types(Tx(session, now, within=here)), kinds.tags(Tx(session, now, within=here))) == (
        [],
        [],
    )
    for wrong in (sail.id, 10**9):
        with refuses(session, Refused.NOT_FOUND):
            catalog.get(Tx(session, now, within=here), wrong)
    with refuses(session, Refused.NOT_FOUND):
        catalog.item_by_label(Tx(session, now, within=here), f"{other.organization.id}-X1")
    there = other.organization.id
    assert catalog.get(Tx(session, now, within=there), sail.id) is sail
    assert catalog.item_by_label(Tx(session, now, within=there), f"{there}-X1").code == "X1"
    factories.requested(session, other.kari, now, factories.days(now, 1, 2), (sail, 1))
    assert recent.of_member(Tx(session, now, within=here), other.kari.user_id) == ()


def test_only_what_can_be_lent_is_shown(session: Session, club: Club, now: datetime) -> None:
    """Nothing retired, nothing without a piece, nothing all of whose pieces are gone or broken."""
    factories.equipment(session, club.organization, now, "Tent without pieces")
    factories.equipment(session, club.organization, now, "Tent of old", "O1", retired_at=now)
    factories.equipment(session, club.organization, now, "Tent lost", "L1")
    set_condition(session, "L1", Condition.LOST)
    set_condition(session, "T2", Condition.LOST)
    assert found(session, club, now, "tent") == ["Tent"]
    (entry,) = catalog.search_equipment(Tx(session, now, within=club.organization.id), words="tent").entries
    assert (entry.pieces, entry.free_now) == (2, 2)


def test_how_many_are_free_now(session: Session, club: Club, now: datetime) -> None:
    """Pieces that are out are not free, even when overdue; pieces promised for later are."""
    factories.handed_out(session, club, now, factories.days(now, 0, 1), (club.tent, 2))
    factories.requested(session, club.ola, now, factories.days(now, 5, 6), (club.stove, 1))
    for moment in (now, now + 3 * DAY):
        page = catalog.search_equipment(Tx(session, moment, within=club.organization.id))
        assert [(e.name, e.pieces, e.free_now) for e in page.entries] == [("Stove", 1, 1), ("Tent", 3, 1)]


def test_types_and_tags(session: Session, club: Club, now: datetime) -> None:
    """Those in use, with how much there is of each, by name; a tag that was put away is not."""
    of = club.organization
    oar = factories.equipment(session, of, now, "Oar", "O1", type="boats")
    sail = factories.equipment(session, of, now, "Sail", "O2", type="boats")
    axe = factories.equipment(session, of, now, "Axe", "O3", type="Camp")
    factories.equipment(session, of, now, "Nothing", type="Empty")
    water = tag(session, club, "water", oar, sail)
    wood = tag(session, club, "Wood", oar, axe)
    tag(session, club, "Old", oar, disabled=True)
    tag(session, club, "Unused")
    assert kinds.types(Tx(session, now, within=of.id)) == [("boats", 2), ("Camp", 1)]
    assert kinds.tags(Tx(session, now, within=of.id)) == [(water, "water", None, 2), (wood, "Wood", None, 2)]
    assert (
        found(session, club, now, type_="boats") == found(session, club, now, tag_id=water) == ["Oar", "Sail"]
    )
    assert found(session, club, now, "sail", tag_id=water, type_="boats") == ["Sail"]


def test_what_somebody_rented_last(session: Session, club: Club, now: datetime) -> None:
    """The newest first, each once, four at most; no basket that was never sent, nothing of others."""
    kinds = [factories.equipment(session, club.organization, now, f"Thing {n}", f"X{n}") for n in range(5)]
    for day, kind in enumerate([*kinds, kinds[0]]):
        factories.requested(session, club.kari, now, factories.days(now, 2 * day + 1, 2 * day + 2), (kind, 1))
    factories.requested(session, club.ola, now, factories.days(now, 1, 2), (club.tent, 1))
    names = [
        e.name for e in recent.of_member(Tx(session, now, within=club.organization.id), club.kari.user_id)
    ]
    assert names == ["Thing 0", "Thing 4", "Thing 3", "Thing 2"]


def test_pieces_in_order(session: Session, club: Club) -> None:
    """All of them, by code."""
    assert [item.code for item in catalog.items_of(session, club.tent.id)] == ["T1", "T2", "T3"]


def stock(session: Session, club: Club, now: datetime, first: int, last: int) -> None:
    """Add a kind of equipment for each number in the range, with two pieces each."""
    of = club.organization.id
    numbers = range(first, last)
    session.execute(
        insert(Equipment),
        [
            {
                "id": 1000 + n,
                "organization_id": of,
                "name": f"Rope {n}",
                "search_text": fold(f"Rope {n}"),
                "type": f"Type {n % 7}",
                "created_at": now,
            }
            for n in numbers
        ],
    )
    session.execute(
        insert(Item),
        [
            {
                "organization_id": of,
                "equipment_id": 1000 + n,
                "code": f"R{n}{piece}",
                "label_token": f"r{n}{piece}",
                "created_at": now,
            }
            for n in numbers
            for piece in "ab"
        ],
    )


def test_a_large_stock_takes_no_more_queries(session: Session, club: Club, now: datetime) -> None:
    """144 kinds or 2,000: a search, a list, a page far back and the types are as many statements each."""

    def statements() -> list[int]:
        numbers = []
        of = club.organization.id
        for look in (
            lambda: catalog.search_equipment(Tx(session, now, within=of)),
            lambda: catalog.search_equipment(Tx(session, now, within=of), words="rope"),
            lambda: catalog.search_equipment(Tx(session, now, within=of), words="rope", page=17),
            lambda: catalog.search_equipment(Tx(session, now, within=of), words="R100a"),
            lambda: kinds.types(Tx(session, now, within=of)),
            lambda: kinds.tags(Tx(session, now, within=of)),
            lambda: recent.of_member(Tx(session, now, within=of), club.kari.user_id),
        ):
            session.expire_all()
            with counted(session) as run:
                look()
            numbers.append(len(run))
        return numbers

    stock(session, club, now, 0, 142)
    small = statements()
    stock(session, club, now, 142, 1_998)
    assert catalog.search_equipment(Tx(session, now, within=club.organization.id)).total == 2_000
    assert statements() == small
    assert min(small) > 0
    assert max(small) <= 6


def test_the_readings_of_a_line_are_looked_for_at_once(session: Session, club: Club, now: datetime) -> None:
    """Each finds what a search for it would, a code its item; two statements for all of them."""
    factories.equipment(session, club.organization, now, "Tent pole", "Å7")
    readings = ["tent", "Tent 1.12.", "t2", "å7", "stove", ""]
    with counted(session) as statements:
        meant = catalog.meant(Tx(session, now, within=club.organization.id), readings)
    assert len(statements) == 2
    for words in readings:
        page = catalog.search(Tx(session, now, within=club.organization.id), words=words, per_page=50)
        assert [one.name for one in meant[words].named] == [entry.name for entry in page.entries]
        item = catalog.item_by_code(Tx(session, now, within=club.organization.id), words)
        assert meant[words].item is item
    assert meant["t2"].item is not None and meant["å7"].item is not None
    assert meant["tent"].is_known and not meant["Tent 1.12."].is_known
