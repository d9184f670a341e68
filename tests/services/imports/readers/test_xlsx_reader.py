"""Excel workbooks come in as CSV files do: as they show, with the lines that the sheet has."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book
from openpyxl.cell import WriteOnlyCell

from services.core.errors import Refusal, Refused
from services.imports.report import Reason
from services.imports.understanding.opening import open_file
from tests.services.imports.conftest import Club


def book(*rows: list[Any], sheets: int = 1) -> bytes:
    """A workbook of these rows on its last sheet; those before are empty."""
    made = Book()
    for _ in range(sheets - 1):
        made.create_sheet()
    for row in rows:
        made.worksheets[-1].append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(folder: Path, content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    path = folder / "file.xlsx"
    path.write_bytes(content)
    opened = open_file(path)
    try:
        header, *rows = opened.sheets[0].rows
        return header.cells, [(record.line, record.cells) for record in rows]
    finally:
        opened.close()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part of the archive made otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == part else data)
    return out.getvalue()


MOMENT = datetime(2026, 12, 1, 14, 30)  # noqa: DTZ001 - a sheet knows no time zones
SHEET = "xl/worksheets/sheet1.xml"


def test_cells_are_the_texts_that_one_sees(tmp_path: Path) -> None:
    """Numbers without a point where they are whole, days as days, truth in capitals, empty ones empty."""
    values = [7, 7.0, 0.1, 123456789012345, -3, True, date(2026, 12, 1)]
    headers, rows = read(tmp_path, book([*"abcdefghij"], [*values, MOMENT, time(9, 5), None], [None, "x"]))
    assert headers == [*"abcdefghij"]
    assert rows == [
        (2, ["7", "7", "0.1", "123456789012345", "-3", "TRUE", "2026-12-01", "2026-12-01 14:30", "09:05"]),
        (3, ["", "x"]),
    ]


def test_codes_keep_the_zeros_that_their_format_shows(tmp_path: Path) -> None:
    """A number shown as 00042 is that."""
    made = Book(write_only=True)
    page = made.create_sheet()
    cell = WriteOnlyCell(page, 42)
    cell.number_format = "00000"
    page.append(["code"])
    page.append([cell])
    made.save(tmp_path / "made.xlsx")
    assert read(tmp_path, (tmp_path / "made.xlsx").read_bytes())[1] == [(2, ["00042"])]


def test_formulas_are_what_they_came_to_last(tmp_path: Path) -> None:
    """The value that is kept with them; one that was never reckoned says nothing."""
    content = changed(
        book(["name", "code"], ["Tent", "=1+1"], ["Rope", "=2+2"]),
        SHEET,
        lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(b"<v></v>", b""),
    )
    assert b"<v>2</v>" in zipfile.ZipFile(io.BytesIO(content)).read(SHEET)
    assert read(tmp_path, content)[1] == [(2, ["Tent", "2"]), (3, ["Rope"])]


def test_coded_characters_are_what_they_mean(tmp_path: Path) -> None:
    """Excel writes a line break as _x000D_, and that text itself with its first sign coded."""
    coded = ["a_x000A_b", "_x005F_x0041_", "_xD83C__xDFB8_", "half _xD83C_"]
    rows = read(tmp_path, book(["name"], *([text] for text in coded)))[1]
    assert [cells for _, cells in rows] == [["a\nb"], ["_x0041_"], ["🎸"], ["half \ufffd"]]


def test_lines_are_those_of_the_sheet(club: Club, tmp_path: Path) -> None:
    """Also below empty ones: the report leads to the row that is meant."""
    content = book(["name", "code"], ["Tent", "T-1"], [], [None, "T-2"], ["Rope", "T-1"], ["A\nB", "T-3"])
    report = club.brings(content)
    assert [(r.line, r.column, r.reason) for r in report.refused] == [
        (4, "name", Reason.NO_NAME),
        (5, "code", Reason.CODE_TWICE),
    ]
    assert (report.items_new, sorted(club.equipment())) == (2, ["A B", "Tent"])


def test_the_first_sheet_with_anything_on_it_counts(tmp_path: Path) -> None:
    """Empty ones before it do not."""
    assert read(tmp_path, book(["name"], ["Tent"], sheets=3)) == (["name"], [(2, ["Tent"])])


def test_a_sheet_s_word_about_its_size_is_not_trusted(tmp_path: Path) -> None:
    """One that claims to be as wide as can be has no more cells for that."""
    content = changed(
        book(["name"], ["Tent"]), SHEET, lambda xml: xml.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    )
    assert read(tmp_path, content) == (["name"], [(2, ["Tent"])])


ELSEWHERE = (b't="inlineStr"><is><t>Tent</t></is>', b't="s"><v>77</v>')
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 20) for c in range(ord("b"), ord("j")))
    + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&i;</t></is></c></row></sheetData></worksheet>"
)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04rest",
        book(["name"], ["Tent"])[:-200],
        book(["name"], ["Tent"]).replace(b"\x00\x00\x00", b"\x01\x01\x01", 8),
        changed(book(["name"], ["Tent"]), SHEET, lambda xml: xml[: len(xml) // 2]),
        changed(book(["name"], ["Tent"]), SHEET, lambda xml: b"no XML at all"),
        changed(book(["name"], ["Tent"]), "xl/workbook.xml", lambda xml: xml[:-20]),
        changed(book(["name"], ["Tent"]), SHEET, lambda xml: ENTITIES),
        changed(book(["name"], ["Tent"]), SHEET, lambda xml: xml.replace(b'r="2"', b'r="99999999999"')),
        changed(book(["name"], ["Tent"]), SHEET, lambda xml: xml.replace(*ELSEWHERE)),
    ],
    ids=[
        *("cut short", "no directory", "damaged", "half a sheet", "no sheet", "no workbook", "entities"),
        *("far below", "a text that is not there"),
    ],
)
def test_a_broken_workbook_is_refused_whole(club: Club, content: bytes) -> None:
    """Before anything is written."""
    before = club.everything()
    with pytest.raises(Refusal) as refusal:
        club.brings(content)
    assert (refusal.value.code, refusal.value.data["kind"]) == (Refused.FILE_NOT_CSV, "broken")
    assert club.everything() == before


@pytest.mark.parametrize("step", [31, pytest.param(1, marks=pytest.mark.long)])
def test_every_broken_byte_is_a_sentence_at_most(tmp_path: Path, step: int) -> None:
    """Whichever byte of a workbook is wrong, it is read or refused; in short, one here and there."""
    whole = book(["name", "code"], ["Tent", "T-1"], ["Rope", 7])
    for at in range(0, len(whole), step):
        try:
            read(tmp_path, whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        except Refusal as refusal:
            assert refusal.code in (Refused.FILE_NOT_CSV, Refused.FILE_EMPTY, Refused.FILE_TOO_MUCH)


def test_a_part_that_is_larger_than_declared_is_cut_off(tmp_path: Path) -> None:
    """And then found broken: nothing is unpacked beyond what the archive says."""
    styles = changed(book(["name"], ["Tent"]), "xl/styles.xml", lambda xml: xml + b" " * 2_000_000)
    size = zipfile.ZipFile(io.BytesIO(styles)).getinfo("xl/styles.xml").file_size
    lying = styles.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    with pytest.raises(Refusal) as refusal:
        read(tmp_path, lying)
    assert refusal.value.data["kind"] == "broken"


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    """A zip file of whatever else is told so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inventory.csv", "name,code\n")
    with pytest.raises(Refusal) as refusal:
        read(tmp_path, out.getvalue())
    assert refusal.value.data["kind"] == "archive"


def test_a_workbook_without_rows_is_empty(tmp_path: Path) -> None:
    """As an empty CSV file is; one with a header alone too."""
    with pytest.raises(Refusal) as refusal:
        read(tmp_path, book())
    assert (refusal.value.code, refusal.value.data["header_only"]) == (Refused.FILE_EMPTY, False)
    assert read(tmp_path, book(["name"])) == (["name"], [])
