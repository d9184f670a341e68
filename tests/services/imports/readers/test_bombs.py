"""Small files that would fill the memory, or a day: refused within a second, in one sentence."""

import asyncio
import io
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook as Book

from services.core.errors import Refusal, Refused
from services.imports import import_file
from services.imports.readers import bounds, ods_reader
from services.imports.readers.bounds import Bound
from services.imports.report import BaseReport
from services.imports.runner import Watch
from services.imports.understanding.opening import open_file
from tests.services.imports.conftest import Club
from tests.services.imports.files import CHUNK
from tests.services.imports.workbooks import merged, ods_of, shared, xls_of

SHEET, TEXTS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_NAMESPACE = b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_SHEET = b"<worksheet" + _NAMESPACE + b"<sheetData>", b"</sheetData></worksheet>"
_TEXTS = b"<sst" + _NAMESPACE, b"</sst>"
_CELL = b'<row><c t="inlineStr"><is><t>', b"</t></is></c></row>"
_SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
MB = 1_000_000

LETTERS = Random(1).randbytes(MB // 2).hex().encode()
"""A million characters that compress to half of it, as real ones do."""

Repeated = tuple[bytes, bytes, int, bytes]
"""A part's beginning, its repeated middle, the number of repetitions, and its end."""


def within(outer: tuple[bytes, bytes], inner: tuple[bytes, bytes], what: bytes, times: int) -> Repeated:
    return outer[0] + inner[0], what, times, inner[1] + outer[1]


def workbook(part: str, content: Repeated, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with this in the place of a part, compressed without unpacking it anywhere."""
    made, out = io.BytesIO(), io.BytesIO()
    book = Book()
    book.worksheets[0].append(["name"])
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        if part != TEXTS:
            new.writestr(TEXTS, _TEXTS[0] + _TEXTS[1])
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info).replace(b"</Types>", _SHARED + b"</Types>"))
        head, what, times, tail = content
        if method != zipfile.ZIP_DEFLATED:
            new.writestr(zipfile.ZipInfo(part), head + what * times + tail, method)
        else:
            new.writestr(zipfile.ZipInfo(part), _deflated(content))
            entry = new.getinfo(part)
            entry.compress_type, entry.file_size = method, len(head) + len(what) * times + len(tail)
            if times == 1:
                entry.CRC = zlib.crc32(head + what + tail)
    return out.getvalue()


def _deflated(content: Repeated) -> bytes:
    """Compressed: a block that refers to nothing before it can be written any number of times."""
    head, what, times, tail = content
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    begun = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    each = packer.compress(what) + packer.flush(zlib.Z_FULL_FLUSH)
    return begun + each * times + packer.compress(tail) + packer.flush()


NUMBERED = b"".join(
    b'<row r="%d"><c t="inlineStr"><is><t>Tent %d</t></is></c></row>' % (i, i * 7919 % 10_000)
    for i in range(1, 1001)
)
WORKBOOKS = {
    "one cell of 900 MB": (SHEET, within(_SHEET, _CELL, b"x" * MB, 900), Bound.UNPACKED),
    "one cell of 10 MB": (
        SHEET,
        within(_SHEET, _CELL, LETTERS, 10),
        Bound.CELL,
    ),
    "one cell in pieces": (SHEET, within(_SHEET, _CELL, b"abc<!-- <row> -->" * 50_000, 5), Bound.CELL),
    "one row of cells": (SHEET, within(_SHEET, (b"<row>", b"</row>"), b"<c/>" * 100_000, 10), Bound.CELL),
    "a million rows": (
        SHEET,
        (_SHEET[0], b"<row><c><v>1</v></c></row>" * MB, 1, _SHEET[1]),
        Bound.UNPACKED,
    ),
    "950,000 rows, each its own": (SHEET, (_SHEET[0], NUMBERED, 950, _SHEET[1]), Bound.ROWS),
    "6,000,000 texts": (TEXTS, (_TEXTS[0], b"<si><t/></si>" * 10_000, 600, _TEXTS[1]), Bound.UNPACKED),
    "600,000 texts": (TEXTS, (_TEXTS[0], b"<si><t>a</t></si>" * 10, 60_000, _TEXTS[1]), Bound.TEXTS),
    "styles": (
        STYLES,
        (b"<styleSheet" + _NAMESPACE, b"<xf/>" * 1000, 1000, b"</styleSheet>"),
        Bound.UNPACKED,
    ),
}


def refused(path: Path, content: bytes) -> Refusal:
    """Why the file is refused: within a second of this thread's own time, and little memory."""
    path.write_bytes(content)
    opened_before = time.thread_time()
    with pytest.raises(Refusal) as refusal:
        opened = open_file(path)
        try:
            for _ in opened.sheets[0].rows:
                pass
        finally:
            opened.close()
    assert time.thread_time() - opened_before < 1.5  # a second, and half of one for a busy machine
    return refusal.value


@contextmanager
def little_memory(most: int = 60 * MB) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, name: str) -> None:
    """Before anything of it is in memory; it is told what there is too much of."""
    part, content, bound = WORKBOOKS[name]
    bomb = workbook(part, content)
    assert len(bomb) < 20 * MB
    found = refused(tmp_path / "file", bomb)
    assert (found.code, found.data["bound"]) == (Refused.FILE_TOO_MUCH, bound)


def test_a_cell_takes_no_more_memory_than_its_bound(tmp_path: Path) -> None:
    """Whatever is repeated in it."""
    with little_memory():
        refused(
            tmp_path / "file",
            workbook(SHEET, within(_SHEET, _CELL, LETTERS, 40)),
        )


def test_a_text_that_many_cells_share_is_counted_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small sheet of references to a long text does not fill the disk."""
    monkeypatch.setattr(bounds, "MOST_KEPT_CHARACTERS", 10 * MB)
    book, cell = Book(), "x" * 30_000
    for _ in range(400):
        book.worksheets[0].append([cell])
    out = io.BytesIO()
    book.save(out)
    assert refused(tmp_path / "file", out.getvalue()).data["bound"] is Bound.UNPACKED


def test_parts_that_are_read_again_and_again_are_counted_in_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many sheets, each of them read to its end, since none has a value."""
    monkeypatch.setattr(bounds, "MOST_READ_BYTES", MB // 4)
    book = Book()
    for number in range(30):
        sheet = book.create_sheet(f"sheet {number}")
        for _ in range(250):
            sheet.append([""])
    out = io.BytesIO()
    book.save(out)
    assert refused(tmp_path / "file", out.getvalue()).data["bound"] is Bound.UNPACKED


def test_what_cannot_be_measured_is_no_workbook(tmp_path: Path) -> None:
    """A compression that unpacks in one piece, another encoding, entities of its own."""
    for content, method in (
        (within(_SHEET, _CELL, b"Tent", 1), zipfile.ZIP_BZIP2),
        (within(_SHEET, _CELL, b"Tent", 1), zipfile.ZIP_LZMA),
        (("<worksheet/>".encode("utf-16"), b"", 0, b""), zipfile.ZIP_DEFLATED),
        ((b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + _SHEET[0], b"", 0, _SHEET[1]), zipfile.ZIP_DEFLATED),
    ):
        found = refused(tmp_path / "file", workbook(SHEET, content, method=method))
        assert (found.code, found.data["kind"]) == (Refused.FILE_NOT_CSV, "broken")


def test_a_table_of_contents_without_end_is_not_read(tmp_path: Path) -> None:
    """An archive of a hundred thousand empty parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(20_000):
            archive.writestr(zipfile.ZipInfo(f"{number:020}"), b"")
    assert refused(tmp_path / "file", out.getvalue()).data["bound"] is Bound.UNPACKED


def test_a_sheet_that_is_formatted_to_its_last_row_comes_in(tmp_path: Path) -> None:
    """Many rows without a value are no bomb."""
    blank = b"".join(b'<row r="%d" ht="15"><c r="A%d" s="0"/></row>' % (i, i) for i in range(2, 8_000))
    head = _SHEET[0] + b'<row r="1"><c t="inlineStr"><is><t>name</t></is></c></row>'
    (tmp_path / "file").write_bytes(workbook(SHEET, (head, blank, 1, _SHEET[1])))
    opened = open_file(tmp_path / "file")
    assert [record.cells for record in opened.sheets[0].rows] == [["name"]]
    opened.close()


TEXTS_OF_ROWS = {
    "blank rows": ("name\n" + "\n" * 3_000_000, Bound.ROWS),
    "quotes that never end": ("name\n" + ('"x\n' + ("y" * 600 + "\n") * 150) * 70, Bound.QUOTES),
}


@pytest.mark.parametrize("name", TEXTS_OF_ROWS)
def test_a_csv_file_of_too_much_is_refused(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same sentences."""
    monkeypatch.setattr(bounds, "MOST_BLANK_ROWS", 100_000)
    text, bound = TEXTS_OF_ROWS[name]
    assert refused(tmp_path / "file", text.encode()).data["bound"] is bound


def test_too_many_columns_are_refused(club: Club) -> None:
    """Each would be a custom field of everything in the file. Those without a name do not count."""
    many = "name," + ",".join(f"c{i}" for i in range(900)) + "\nTent\n"
    with pytest.raises(Refusal) as refusal:
        club.brings(many)
    assert refusal.value.data["bound"] is Bound.COLUMNS
    assert club.brings("name,code" + "," * 2_000 + "\nTent,T-1\n").items_new == 1


def test_a_line_of_100_mb_is_one_refused_row(tmp_path: Path) -> None:
    """It is never in memory whole, and what comes after it is read."""
    (tmp_path / "file").write_bytes(b"name\n" + b"x" * 100 * MB + b"\nTent\n")
    with little_memory():
        opened = open_file(tmp_path / "file")
        _, first, second = list(opened.sheets[0].rows)
        opened.close()
    assert (first.problem is not None, second.cells) == (True, ["Tent"])


def test_a_file_that_is_refused_row_by_row_is_given_up(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of its rows being wrong, the rest is not read, and nothing is written."""
    monkeypatch.setattr(bounds, "MOST_REFUSED", 1_000)
    good = "".join(f"Tent,T-{i}\n" for i in range(600))
    with pytest.raises(Refusal) as refusal:
        club.brings("name,code\n" + good + ",T-x\n" * 900_000)
    assert (refusal.value.data["bound"], refusal.value.data["most"] < 3_000) == (Bound.REFUSED, True)
    assert club.items() == {}


def test_a_bad_file_of_good_rows_comes_in_whole(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer than half refused is what happens."""
    monkeypatch.setattr(bounds, "MOST_REFUSED", 10)
    report = club.brings("name,code\n" + "".join(f"Tent,T-{i}\n,bad\nTent,U-{i}\n" for i in range(400)))
    assert (report.stopped, report.items_new, report.refused_total) == (None, 800, 400)


def test_wide_rows_come_in_smaller_transactions(club: Club) -> None:
    """Two hundred custom fields of everything are not in memory for five hundred rows at a time."""
    told: list[int] = []
    head = ",".join(["name", "code", *(f"c{i}" for i in range(198))])
    rows = "".join(f"Tent,T-{i}," + ",".join(["x"] * 198) + "\n" for i in range(300))
    report = club.brings(f"{head}\n{rows}", progress=lambda done, _: told.append(done))
    assert report.items_new == 300
    assert len(told) >= 3  # fewer rows still, where the machine is slow


class CallsOff(Watch):
    """Calls an import off after its first chunk."""

    def written(self, report: BaseReport, done: int, size: int) -> None:
        raise Refusal(Refused.IMPORT_CANCELLED)


def test_an_import_can_be_called_off_between_two_chunks(club: Club) -> None:
    """All that was written stays, and the report says so."""
    path = club.folder / "list.csv"
    path.write_text("name,code\n" + "".join(f"Tent,T-{i}\n" for i in range(2 * CHUNK)))
    report = asyncio.run(import_file(club.database, club.id, None, path, {}, club.now, follow=CallsOff()))
    assert report.stopped is not None and report.stopped.code is Refused.IMPORT_CANCELLED
    assert (report.rows, len(club.items())) == (CHUNK, CHUNK)


def test_a_workbook_can_be_called_off_while_it_is_read(club: Club) -> None:
    """Nothing of it is written then."""

    class Impatient(Watch):
        def reading(self) -> None:
            raise Refusal(Refused.IMPORT_CANCELLED)

    book = Book()
    for number in range(1_500):
        book.worksheets[0].append(["name" if number == 0 else f"Tent {number}"])
    book.save(club.folder / "list.xlsx")
    work = import_file(
        club.database, club.id, None, club.folder / "list.xlsx", {}, club.now, follow=Impatient()
    )
    with pytest.raises(Refusal) as refusal:
        asyncio.run(work)
    assert (refusal.value.code, club.items()) == (Refused.IMPORT_CANCELLED, {})


ROW = "<table:table-row{}>{}</table:table-row>"
CELL = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
OPEN_DOCUMENTS = {
    "a row, 190,000 times": (
        ROW.format(
            ' table:number-rows-repeated="190000"',
            CELL.format(' table:number-columns-repeated="900"', "a" * 1000),
        ),
        Bound.UNPACKED,
    ),
    "a cell that reaches down": (
        ROW.format("", CELL.format(' table:number-rows-spanned="200000"', "a" * 30_000))
        + ROW.format(
            ' table:number-rows-repeated="190000"', "<table:covered-table-cell/>" + CELL.format("", "a")
        ),
        Bound.UNPACKED,
    ),
    "a row of tags": (ROW.format("", "<table:table-cell/>" * 200_000), Bound.CELL),
    "tags of many rows": (ROW.format("", "<table:table-cell/>" * 1000) * 20, None),
    "tags outside rows": ("<table:shape/>" * 20_000, None),
    "a tag in a tag": ("<a>" * 100_000 + "</a>" * 100_000, None),
}


@pytest.mark.parametrize("name", OPEN_DOCUMENTS)
def test_an_open_document_of_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whatever it says is repeated, before it is written anywhere; what is no cell takes no memory."""
    monkeypatch.setattr(bounds, "MOST_KEPT_CHARACTERS", MB)
    content, bound = OPEN_DOCUMENTS[name]
    table = f'<table:table table:name="1">{ROW.format("", CELL.format("", "Name"))}{content}</table:table>'
    path = tmp_path / "list.ods"
    if bound is not None:
        assert refused(path, ods_of(table)).data["bound"] is bound
        return
    path.write_bytes(ods_of(table))
    with little_memory(2 * MB), suppress(Refusal):
        for sheet in ods_reader.sheets(path):
            sheet.close()


def test_an_old_workbook_of_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells that are one down to the last row, over and over; a long text that many cells share."""
    texts, cells = shared("a" * 8000, 200)
    assert refused(tmp_path / "merged.xls", xls_of(cells + merged(2), texts)).data["bound"] is Bound.UNPACKED
    monkeypatch.setattr(bounds, "MOST_KEPT_CHARACTERS", 1_000_000)
    assert refused(tmp_path / "shared.xls", xls_of(cells, texts)).data["bound"] is Bound.UNPACKED
