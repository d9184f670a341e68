"""Exports in the reader's language, under the organisation's own names, as spreadsheets like them."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from db.models import Equipment, Kit, KitPart, Location, Organization, Photo, User
from db.states import Condition, Role
from services.core.text import separator
from services.exports import Format, What
from services.imports import About, about
from services.imports.inventory.preview import preview
from services.imports.understanding.choices import Choices
from tests.services.exports.conftest import take_out
from tests.services.exports.test_round_trip import nothing_changes, sheet, thing
from tests.services.imports.conftest import Club
from tests.services.imports.members.test_member_import import brings, everything

LABELS: dict[str, Any] = {
    "equipment.brand": {"label": "Maker; who", "hint": "x"},
    "item.code": {"label": "=Kode"},
    "user.phone": {"label": "Mobil"},
    "rental.purpose": {"label": "Trip"},
}


def fill(session: Session, club: Club) -> None:
    """One of each that a file tells: a described place, a kit, a picture, a rule, equipment without items."""
    tent = thing(
        session,
        club,
        "Tent",
        "007",
        brand="Fjell",
        place="Store",
        tags=["winter"],
        comment="one\ntwo; three",
        label="+47 22 33 44 55",
        condition=Condition.IN_REPAIR,
        custom={"Telefon": "+4722334455"},
    )
    thing(session, club, "Rope", "R-1", place="Attic", condition=Condition.RETIRED)
    store = session.query(Location).filter_by(name="Store", organization_id=club.id).one()
    store.description = "Behind the\nstage"
    equipment = session.get_one(Equipment, tent.equipment_id)
    photo, kit = (
        Photo(organization_id=club.id),
        Kit(organization_id=club.id, name="Tour", created_at=club.now),
    )
    session.add_all([photo, kit])
    session.flush()
    equipment.photo_id, equipment.policy = photo.id, {"longest_days": 3}
    session.add(KitPart(kit_id=kit.id, equipment_id=equipment.id, quantity=2))
    bare = Equipment(organization_id=club.id, name="Bare", created_at=club.now, retired_at=club.now)
    session.add(bare)


def cells(path: Path, language: str) -> list[list[str]]:
    if path.suffix == ".xlsx":
        return [[str(one) if one is not None else "" for one in row] for row in sheet(path)]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=separator(language)))


def named(club: Club, labels: dict[str, Any]) -> None:
    def work(session: Session) -> None:
        session.get_one(Organization, club.id).labels = labels

    club.database.write_now(work)


@pytest.mark.parametrize("kind", list(Format))
@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("labels", [{}, LABELS], ids=["usual", "renamed"])
def test_the_inventory_comes_in_again(
    club: Club, kind: Format, language: str, labels: dict[str, Any]
) -> None:
    """Unchanged into its own organisation, whole into an empty one; and nothing is asked about it."""
    club.database.write_now(lambda s: fill(s, club))
    named(club, labels)
    path = take_out(club, kind, language=language)
    assert preview(path, Choices(), labels=labels).ours and about(path, labels=labels) is About.INVENTORY
    nothing_changes(club, path)
    other = club.found("Another")
    named(other, labels)
    other.brings(path)
    told = {"photo", "rules", "kits", "bilde", "regler", "sett"}
    before = cells(path, language)
    after = cells(take_out(other, kind, language=language), language)
    kept = [n for n, header in enumerate(before[0]) if header not in told]
    assert len(before[0]) - len(kept) == 3
    assert after == [[row[n] for n in kept] for row in before]
    places = other.database.read_now(
        lambda s: {p.name: p.description for p in s.query(Location).filter_by(organization_id=other.id)}
    )
    assert places == {"Store": "Behind the\nstage", "Attic": ""}


def test_headers_and_words_are_the_readers(club: Club) -> None:
    """With the organisation's names before those of the language."""
    club.database.write_now(lambda s: fill(s, club))
    named(club, LABELS)
    head, tent, *_ = cells(take_out(club, language="nb"), "nb")
    row = dict(zip(head, tent, strict=True))
    assert head[:4] == ["navn", "'=Kode", "Maker; who", "modell"]
    assert (row["tilstand"], row["bilde"], row["sett"]) == ("til reparasjon", "ja", "2 × Tour")
    assert row["regler"] == "longest_days: 3"
    assert (row["utstyr tatt ut av bruk"], row["om stedet"]) == ("nei", "Behind the\nstage")
    assert (row["kjennetegn"], row["Telefon"]) == ("+47 22 33 44 55", "+4722334455")


def test_a_workbook_is_ready_to_read(club: Club) -> None:
    """Its header is bold and stays; columns are as wide as their texts; a text stays one when edited."""
    club.database.write_now(lambda s: fill(s, club))
    book = load_workbook(take_out(club, Format.XLSX, language="nb"))
    (page,) = book.worksheets
    assert (page.title, page.freeze_panes) == ("Inventar", "A2")
    assert {cell.font.bold for cell in page[1]} == {True} and not page["A2"].font.bold
    widths = [column.width for column in page.column_dimensions.values()]
    assert len(widths) == len(page[1]) and min(widths) >= 8 and max(widths) <= 50
    longest = max(len(str(cell.value)) for cell in page[1])
    assert max(widths) > 1.1 * longest, "the bold header has room"
    code, label = page["B2"], next(cell for cell in page[2] if str(cell.value).startswith("+47 "))
    assert (code.value, code.data_type, code.number_format) == ("007", "s", "@")
    assert (label.value, label.data_type, label.quotePrefix) == ("+47 22 33 44 55", "s", True)


@pytest.mark.parametrize("kind", list(Format))
@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("labels", [{}, LABELS], ids=["usual", "renamed"])
def test_members_come_in_again(club: Club, kind: Format, language: str, labels: dict[str, Any]) -> None:
    """With their roles, days and numbers; a telephone number has no apostrophe, and a day is a day."""

    def work(session: Session) -> None:
        org = session.get_one(Organization, club.id)
        org.labels = labels
        kari = User(organization_id=club.id, first_name="Kari", last_name="Nord", created_at=club.now)
        kari.email, kari.phone, kari.born_on, kari.role = (
            "k@x.no",
            "+4722334455",
            date(1990, 5, 1),
            Role.LENDER,
        )
        kari.active_until, kari.custom = (
            club.now + timedelta(days=90),
            {"Password": "7", "status": "gesperrt"},
        )
        ola = User(organization_id=club.id, first_name="Ola", created_at=club.now, username="ola")
        ola.active_until, ola.note = club.now - timedelta(days=3), "a\nb"
        session.add_all([kari, ola])

    club.database.write_now(work)
    path = take_out(club, kind, What.MEMBERS, language=language)
    assert about(path, labels=labels) is About.MEMBERS
    head, kari, _ = cells(path, language)
    assert "+4722334455" in kari and ("Mobil" in head) == bool(labels)
    if kind is Format.XLSX:
        (born,) = [one for one in sheet(path)[1] if getattr(one, "year", 0) == 1990]
        assert born.date() == date(1990, 5, 1)
    before = everything(club)
    report = brings(club, path)
    assert (report.unchanged, report.refused, report.invited) == (2, [], [])
    assert everything(club) == before
