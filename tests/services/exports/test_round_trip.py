"""Everything that is exported comes in again unchanged, whatever it is."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import update
from sqlalchemy.orm import Session

from db.models import CustomField, Equipment, EquipmentTag, Item, ItemCode, Location, Tag
from db.states import Condition, Described
from services.core import text as core_text
from services.core.text import fold, many_lines, one_line, serial_number
from services.exports import Format
from services.imports import Report
from services.imports.mapping import COLUMNS
from services.imports.report import Reason
from services.inventory.codes.forms import compared
from tests import long
from tests.services.exports.conftest import take_out
from tests.services.imports.conftest import Club
from tests.services.imports.files import real

each_format = pytest.mark.parametrize("kind", list(Format))

NASTY = [
    'He said "no", twice',
    "a;b;c",
    "one\ntwo\n\nthree",
    "007",
    "=1+1",
    "+47 22 33",
    "-5",
    "@x",
    "\tindented",
    "'=x",
    "''=x",
    "'n Gitarre",
    "' '",
    "🎸🇳🇴",
    "שלום עולם",
    "مرحبا, عالم",
    "_x0041_ and _x000D_",
    "#N/A",
    "TRUE",
    "1e5",
    "2026-12-01",
    "0,5",
    "a|b",
    "sep=;",
    "x\u2028y\x85z",
    '"quoted"',
    "<b>&amp;</b>",
    "\\n \\",
    "none of it",
]


def thing(session: Session, club: Club, name: str, code: str, **said: Any) -> Item:
    """An item of an equipment of its own, straight into the database."""
    described: dict[str, Any] = {
        k: said.pop(k) for k in ("brand", "model", "type", "description") if k in said
    }
    described["custom"] = said.pop("of_equipment", {})
    tags, place = said.pop("tags", ()), said.pop("place", None)
    equipment = Equipment(organization_id=club.id, name=name, created_at=club.now, **described)
    equipment.search_text = fold(name)
    session.add(equipment)
    session.flush()
    for tag in tags:
        row = session.query(Tag).filter_by(organization_id=club.id, name=tag).first()
        if row is None:
            row = Tag(organization_id=club.id, name=tag)
            session.add(row)
            session.flush()
        session.add(EquipmentTag(equipment_id=equipment.id, tag_id=row.id))
    location = None
    if place:
        location = session.query(Location).filter_by(organization_id=club.id, name=place).first()
        location = location or Location(organization_id=club.id, name=place)
        session.add(location)
        session.flush()
    item = Item(
        organization_id=club.id,
        equipment_id=equipment.id,
        code=code,
        location_id=location.id if location else None,
        label_token=f"{club.id}-{code}"[:20] + str(equipment.id),
        created_at=club.now,
        **said,
    )
    session.add(item)
    session.flush()
    return item


def nothing_changes(club: Club, path: Path) -> Report:
    """The file brings its own organisation nothing that it does not have."""
    before = club.everything()
    report = club.brings(path)
    told = (report.refused, report.items_new, report.items_changed, report.equipment_changed)
    assert told == ([], 0, 0, 0)
    assert report.items_unchanged == report.rows - report.without_items == len(club.items())
    assert club.everything() == before
    return report


def there_and_back(club: Club, kind: Format) -> None:
    """Into the same organisation nothing, into an empty one everything: there it is the same file."""
    path = take_out(club, kind)
    nothing_changes(club, path)
    other = club.found(f"Another {next(club.numbers)}")
    other.brings(path)
    again = take_out(other, kind)
    if kind is Format.CSV:
        assert again.read_bytes() == path.read_bytes()
    else:
        assert sheet(again) == sheet(path)


def sheet(path: Path) -> list[tuple[Any, ...]]:
    """A workbook's cells; the file itself says when it was made."""
    return [tuple(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@each_format
def test_nasty_texts_survive_everywhere(any_club: Club, kind: Format) -> None:
    """Each in every field that can hold it, as tags, as places and as the organisation's own fields."""

    def fill(session: Session) -> None:
        for i, text in enumerate(NASTY):
            line, longer = one_line(core_text.defuse(text)), many_lines(core_text.defuse(text))
            thing(
                session,
                any_club,
                f"{line} {i}",
                f"{line}/{i}",
                **{"brand": line, "model": line, "type": line, "description": longer, "place": line},
                serial_number=serial_number(line),
                tags={line, "a, b", 'c"d', "=1", "'=1", f"tag {i}"},
                comment=longer,
                condition=list(Condition)[i % len(Condition)],
                custom={"Owner": longer, "=own": longer},
                of_equipment={"Owner": longer, "=own": longer, f"No. {i}": longer},
            )

    any_club.database.write_now(fill)
    there_and_back(any_club, kind)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
dangerous = st.builds("{}{}".format, st.sampled_from(["=", "+", "-", "@", "\t", "'", "''", '"']), texts)
any_text = st.one_of(texts, dangerous, st.sampled_from(NASTY))


@each_format
@given(data=st.lists(st.tuples(*[any_text] * 5), min_size=1, max_size=4))
@example(data=[("a", "'=1", ", ", "\t", "label")])
@settings(
    max_examples=long.cases(4, 8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_survives(club: Club, kind: Format, data: list[tuple[str, ...]]) -> None:
    """Whatever an item says of itself, trimmed and composed as everything that comes in is."""
    of = club.found(f"Of {next(club.numbers)}")

    def fill(session: Session) -> None:
        for i, (name, longer, tag, serial, own) in enumerate(data):
            thing(
                session,
                of,
                f"{one_line(name)} {i}".strip(),
                f"{one_line(serial)}-{i}",
                description=many_lines(longer),
                comment=many_lines(longer),
                tags={one_line(tag)} - {""},
                place=one_line(own) or None,
                serial_number=serial_number(one_line(serial)),
                label=one_line(tag),
                custom={k: v for k, v in {one_line(own): many_lines(longer)}.items() if k and v},
                of_equipment={k: v for k, v in {one_line(tag): many_lines(longer)}.items() if k and v},
            )

    of.database.write_now(fill)
    there_and_back(of, kind)


@each_format
def test_codes_of_stickers_survive(any_club: Club, kind: Format) -> None:
    """Several on one item, with what separates them in a cell, and those that a spreadsheet would change."""

    def fill(session: Session) -> None:
        for n, codes in enumerate([("4006381333931", "=1+1", "a, b; c", '"q'), (), ("007",)]):
            item = thing(session, any_club, f"Tent {n}", f"T-{n}")
            for code in codes:
                row = ItemCode(item_id=item.id, code=code, compared=compared(code), created_at=any_club.now)
                row.organization_id = any_club.id
                session.add(row)

    any_club.database.write_now(fill)
    there_and_back(any_club, kind)


def test_a_code_of_another_item_is_refused(club: Club) -> None:
    """One that is another's sticker, inventory code or serial number, in the file or before it."""

    def fill(session: Session) -> None:
        thing(session, club, "Tent", "T-1")
        thing(session, club, "Lamp", "L-1", serial_number="SN-1")
        thing(session, club, "Stove", "S-1")

    club.database.write_now(fill)
    head = ",".join([*(field.value for field in COLUMNS), "other codes"])

    def line(name: str, code: str, others: str) -> str:
        cells = {"name": name, "code": code, "other codes": others}
        return ",".join(f'"{cells.get(column, "")}"' for column in head.split(","))

    def brings(*lines: str) -> list[tuple[Reason, str]]:
        return [(row.reason, row.value) for row in club.brings("\n".join([head, *lines])).refused]

    assert brings(line("Tent", "T-1", "44; 45"), line("Stove", "S-1", "t-1")) == [(Reason.CODE_OF, "t-1")]
    assert brings(line("Stove", "S-1", "4 4"), line("Rope", "45", "")) == [
        (Reason.CODE_OF, "4 4"),
        (Reason.CODE_OF, "45"),
    ]
    assert brings(line("Stove", "S-1", "sn-1")) == [(Reason.CODE_OF, "sn-1")]
    # Given up in one row, free for the next.
    assert brings(line("Tent", "T-1", "44"), line("Stove", "S-1", "45")) == []


@each_format
def test_what_is_known_of_equipment_survives(any_club: Club, kind: Format) -> None:
    """Its own fields, also beside an item's of the same name; and equipment of which there is no item yet."""

    def fill(session: Session) -> None:
        thing(
            session, any_club, "Tent", "T-1", of_equipment={"Size": "2", "item: x": "="}, custom={"Size": "3"}
        )
        odd = {"equipment: Size": "4", "item: Equipment:x": "5", "Item: y": "6"}
        thing(session, any_club, "Stove", "S-1", custom=odd, label="Red")
        for i in range(3):
            bare = Equipment(organization_id=any_club.id, name=f"Bare {i}", created_at=any_club.now)
            bare.type, bare.custom, bare.search_text = "Odd", {"Size": str(i)}, f"bare {i} odd"
            session.add(bare)

    any_club.database.write_now(fill)
    path = take_out(any_club, kind)
    assert nothing_changes(any_club, path).without_items == 3
    other = any_club.found("Another")
    other.brings(path)
    assert {name: e.custom for name, e in other.equipment().items()} == {
        "Tent": {"Size": "2", "item: x": "="},
        "Stove": {},
        **{f"Bare {i}": {"Size": str(i)} for i in range(3)},
    }
    assert {code: i.custom for code, i in other.items().items()} == {
        "T-1": {"Size": "3"},
        "S-1": {"equipment: Size": "4", "item: Equipment:x": "5", "Item: y": "6"},
    }
    there_and_back(any_club, kind)


@each_format
@pytest.mark.parametrize("own", [{}, {"retired equipment": "1"}, {"label": "2"}])
def test_what_is_retired_comes_in_retired(club: Club, kind: Format, own: dict[str, str]) -> None:
    """Equipment with items and without, whatever fields there are beside; what is in use comes in so."""

    def fill(session: Session) -> None:
        for name in ("Tent", "Stove"):
            thing(session, club, name, name[0], custom=own, of_equipment={"retired": "2019"})
        session.add(Equipment(organization_id=club.id, name="Bare", created_at=club.now))
        session.flush()
        retired = update(Equipment).where(Equipment.name.in_(["Tent", "Bare"]))
        session.execute(retired.values(retired_at=club.now - timedelta(days=900)))

    club.database.write_now(fill)
    path = take_out(club, kind)
    there_and_back(club, kind)
    other = club.found("One more")
    other.brings("name,code,condition\nTent,T,ok\nStove,S,ok\nBare,,no items\n")
    other.brings(path)
    assert {name for name, e in other.equipment().items() if e.retired_at is not None} == {"Tent", "Bare"}
    assert {code: item.custom for code, item in other.items().items()} == {"T": own, "S": own}


def test_what_was_in_use_when_the_file_was_made_is_in_use_again(club: Club) -> None:
    """The column says both; an empty cell, or a file without it, leaves things as they are."""
    club.brings("name,code,retired equipment\nTent,T,yes\nStove,S,yes\nLamp,L,yes\n")
    club.brings("name,code,retired equipment\nTent,T,no\nStove,S,\n")
    club.brings("name,code\nLamp,L\n")
    retired = {name: e.retired_at is not None for name, e in club.equipment().items()}
    assert retired == {"Tent": False, "Stove": True, "Lamp": True}


def test_many_equipment_without_items_come_in_chunks(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is missed or told twice, between the items and at the end."""
    monkeypatch.setattr("services.exports.inventory.CHUNK", 2)

    def fill(session: Session) -> None:
        for i in range(5):
            session.add(Equipment(organization_id=club.id, name=f"Bare {i}", created_at=club.now))
            thing(session, club, f"Tent {i}", f"T-{i}")

    club.database.write_now(fill)
    names = [row["name"] for row in rows(take_out(club))]
    assert names == [*(f"Tent {i}" for i in range(5)), *(f"Bare {i}" for i in range(5))]


@pytest.mark.parametrize("kind", [Format.CSV, pytest.param(Format.XLSX, marks=pytest.mark.long)])
def test_a_real_inventory_survives(club: Club, kind: Format) -> None:
    """1,102 items of a lending stock, with five columns of its own."""
    club.brings(real("arts-university-inventory.csv"))
    there_and_back(club, kind)


def test_the_columns_are_the_template_s_and_then_the_organisation_s(club: Club) -> None:
    """Its fields in their order, those out of use only where a thing still has one."""

    def fill(session: Session) -> None:
        thing(session, club, "Tent", "T-1", custom={"Zip": "blue", "Old": "x"})
        for position, label in enumerate(["Weight", "Old", "Older"]):
            disabled = club.now if label.startswith("Old") else None
            session.add(
                CustomField(
                    organization_id=club.id,
                    describes=Described.ITEM,
                    label=label,
                    position=position,
                    disabled_at=disabled,
                )
            )

    club.database.write_now(fill)
    header = list(rows(take_out(club))[0])
    assert header == [*(field.value for field in COLUMNS), "Weight", "Old", "Zip"]


@pytest.mark.parametrize("label", ["label", "room", "Gebäude", "name", "Asset Tag", "Category", "Etikett"])
def test_own_fields_are_not_taken_for_ours(club: Club, label: str) -> None:
    """Whatever they are called: in a file of ours only the columns of the template mean what they say."""
    club.database.write_now(
        lambda s: thing(s, club, "Tent", "T-1", place="Shelf", label="Big", custom={label: "7"})
    )
    path = take_out(club)
    nothing_changes(club, path)
    other = club.found("Another")
    other.brings(path)
    item = other.items()["T-1"]
    assert (item.label, item.custom, other.place("T-1")) == ("Big", {label: "7"}, "Shelf")


def test_formulas_are_defused(club: Club) -> None:
    """No cell of a file begins with what a spreadsheet would run."""
    club.database.write_now(
        lambda s: thing(s, club, "=cmd|' /C calc'!A0", "+1+A1", comment="@SUM(A1)", custom={"-x": "\t=1"})
    )
    path = take_out(club)
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in found if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert rows(path)[0]["name"] == "'=cmd|' /C calc'!A0"


def test_leading_zeros_stay_in_a_workbook(club: Club) -> None:
    """All cells are texts there: a spreadsheet does not make 7 of 007, nor an error of `#N/A`."""
    club.database.write_now(lambda s: thing(s, club, "#N/A", "007", serial_number="1e5"))
    path = take_out(club, Format.XLSX)
    assert [cell.data_type for cell in load_workbook(path).worksheets[0][2] if cell.value] == ["s"] * 4


def test_an_empty_organisation_has_a_header(club: Club) -> None:
    """A file to fill in."""
    header = take_out(club).read_text(encoding="utf-8-sig").strip().split(",")
    assert header == [field.value for field in COLUMNS]
    assert sheet(take_out(club, Format.XLSX)) == [tuple(header)]


def test_another_organisation_s_things_stay_out(club: Club) -> None:
    """Neither its items nor its fields nor its tags."""
    other = club.found("Another")
    other.database.write_now(lambda s: thing(s, other, "Secret", "S-1", custom={"Hidden": "1"}))
    club.database.write_now(lambda s: thing(s, club, "Tent", "T-1"))
    text = take_out(club).read_text(encoding="utf-8-sig")
    assert "Secret" not in text and "Hidden" not in text


@each_format
def test_days_in_own_fields_survive(any_club: Club, kind: Format) -> None:
    """In a workbook they are days, but for those before it knows any, and what only looks like one."""
    own = {"Bought": "2021-03-15", "Built": "1899-12-31", "Odd": "2021-02-31"}
    any_club.database.write_now(lambda s: thing(s, any_club, "Tent", "T-1", custom=own, of_equipment=own))
    other = any_club.found("Other")
    other.brings(take_out(any_club, kind))
    assert other.items()["T-1"].custom == own
    assert other.equipment()["Tent"].custom == own
