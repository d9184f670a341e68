"""Whatever wrote the file: its encoding, delimiter and quotation marks are found out, its lines counted."""

import codecs
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.core.errors import Refusal, Refused
from services.imports.readers.csv_reader import MOST_CHARACTERS, MOST_LINES, Record, Table
from services.imports.readers.dialect import detect
from services.imports.report import Reason

TEXT = "Bezeichnung;Invent.Nr.;Gebäude\nSägeblatt;S-1;Süd\nBåt;B-1;Øst\n"


def read(folder: Path, content: str | bytes) -> tuple[list[str], list[Record]]:
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = Table(path)
    try:
        return table.headers, list(table)
    finally:
        table.close()


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 bom", "cp1252", "utf-16 bom", "utf-16-be bom", "utf-16-le", "utf-16-be"],
)
def test_every_usual_encoding_is_found_out(tmp_path: Path, content: bytes) -> None:
    """The same text in seven encodings is the same table."""
    headers, records = read(tmp_path, content)
    assert headers == ["Bezeichnung", "Invent.Nr.", "Gebäude"]
    assert [r.cells for r in records] == [["Sägeblatt", "S-1", "Süd"], ["Båt", "B-1", "Øst"]]


def test_letters_far_down_decide_the_encoding_too(tmp_path: Path) -> None:
    """A file in Windows-1252 whose first umlaut comes after 200,000 bytes."""
    plain = "name;code\n" + "".join(f"Lamp;L-{i:06d}\n" for i in range(20_000))
    _, records = read(tmp_path, (plain + "Sägeblatt;S-1\n").encode("cp1252"))
    assert records[-1].cells == ["Sägeblatt", "S-1"]


def test_the_very_last_letter_decides_the_encoding_too(tmp_path: Path) -> None:
    """A file in Windows-1252 that ends with its only accent, without a line's end."""
    _, records = read(tmp_path, "code;name\nT-1;Café".encode("cp1252"))
    assert records[0].cells == ["T-1", "Café"]


def test_one_stray_byte_spoils_one_row_only(tmp_path: Path) -> None:
    """In a file of UTF-8 a row in another encoding does not turn all umlauts into rubbish."""
    content = TEXT.encode() + "Säge;S-2;Süd\n".encode("cp1252") + "Öse;O-1;Süd\n".encode()
    _, records = read(tmp_path, content)
    assert records[0].cells[0] == "Sägeblatt"
    assert records[-1].cells[0] == "Öse"


def test_a_header_that_is_no_text_can_still_be_shown(tmp_path: Path) -> None:
    """It becomes the name of a custom field, and has to fit into any database."""
    headers, _ = read(tmp_path, "name;code;größe;".encode() + b"\xff\nTent;T-1\n")
    assert headers == ["name", "code", "größe", "?"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    """Also where another one is in the texts more often."""
    rows = [["name", "code", "comment"], ["Tent", "T-1", "a; b, c, d; e"], ["Rope", "R-1", "x, y; z"]]
    text = "\r\n".join(delimiter.join(f'"{c}"' for c in row) for row in rows)
    headers, records = read(tmp_path, text)
    assert [headers, *(r.cells for r in records)] == rows


def test_the_delimiter_of_unknown_headers_is_the_one_that_makes_even_rows(tmp_path: Path) -> None:
    """Nothing to recognise, but every row has three cells."""
    headers, _ = read(tmp_path, "Ding, gross;Nr;Wo\na, b;1;x\nc;2;y\n")
    assert headers == ["Ding, gross", "Nr", "Wo"]


def test_the_hint_of_a_spreadsheet_is_obeyed(tmp_path: Path) -> None:
    """`sep=;` is no header."""
    headers, records = read(tmp_path, "sep=;\nname;code\nTent;T-1\n")
    assert headers == ["name", "code"]
    assert records == [Record(3, ["Tent", "T-1"])]


def test_single_quotation_marks_around_everything_are_seen(tmp_path: Path) -> None:
    """A file that quotes with ' is read as one that quotes with "."""
    headers, records = read(tmp_path, "'name','code'\n'Tent, large','T-1'\n")
    assert headers == ["name", "code"]
    assert records[0].cells == ["Tent, large", "T-1"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_does(tmp_path: Path, end: str) -> None:
    """Cells of several lines and empty lines count, whatever ends a line."""
    rows = ["name;code", '"two', 'lines";A', "", ";;", "Tent;B"]
    _, records = read(tmp_path, end.join(rows))
    assert [(r.line, r.cells[1]) for r in records] == [(2, "A"), (6, "B")]


def test_inches_in_an_open_cell_are_just_inches(tmp_path: Path) -> None:
    """A quotation mark inside an unquoted cell is a character like any other."""
    _, records = read(tmp_path, 'name;code\nMonitor 24";M-1\n"Screen 8""";S-1\n')
    assert [r.cells for r in records] == [['Monitor 24"', "M-1"], ['Screen 8"', "S-1"]]


def test_a_quotation_mark_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    """The rows after it are read as if it were not there."""
    more = "".join(f"Rope {i};R-{i}\n" for i in range(MOST_LINES + 50))
    _, records = read(tmp_path, f'name;code\n"Tent;T-1\nLamp;L-1\n{more}')
    assert records[0] == Record(2, ['"Tent;T-1'], Reason.BAD_QUOTES)
    assert records[1] == Record(3, ["Lamp", "L-1"])
    assert records[-1].line == MOST_LINES + 53


def test_a_quotation_mark_that_another_row_closes_is_noticed(tmp_path: Path) -> None:
    """A quotation mark that would silently swallow a row is refused instead."""
    _, records = read(tmp_path, 'name;code\n"Tent;T-1\n"Lamp";L-1\nRope;R-1\n')
    assert [(r.line, r.problem) for r in records] == [(2, Reason.BAD_QUOTES), (3, None), (4, None)]


def test_an_endless_line_is_not_held_in_memory(tmp_path: Path) -> None:
    """A line of a million characters is one bad row, and the next one is read."""
    _, records = read(tmp_path, "name;code\n" + "x" * (10 * MOST_CHARACTERS) + "\nTent;T-1\n")
    assert [(r.line, r.problem) for r in records] == [(2, Reason.BAD_QUOTES), (3, None)]
    assert len(records[0].cells[0]) <= MOST_CHARACTERS + 1


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x04\x00", "picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "excel"),
        (b"%PDF-1.7\n%abc\n1 0 obj", "pdf"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x01\x02\x03name;code\x04\x05", "binary"),
    ],
)
def test_what_is_no_table_is_refused_by_its_kind(tmp_path: Path, content: bytes, kind: str) -> None:
    """Pictures, workbooks, PDFs and other binary files, also when they are called .csv."""
    path = tmp_path / "inventory.csv"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refusal:
        detect(path)
    assert (refusal.value.code, refusal.value.data["kind"]) == (Refused.FILE_NOT_CSV, kind)


@pytest.mark.parametrize("content", [b"", b"\n \r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b";;;\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """Nothing, or nothing but white space, marks of the encoding, delimiters."""
    with pytest.raises(Refusal) as refusal:
        read(tmp_path, content)
    assert refusal.value.code is Refused.FILE_EMPTY


@example(b"\xc2", b"")
@given(st.binary(max_size=400), st.sampled_from([b"", b"name;code\n", b"name,code\nTent,T-1\n"]))
def test_whatever_the_bytes_they_are_read_or_refused(content: bytes, before: bytes) -> None:
    """Nothing else ever comes of a file, and every row begins on a line after the one before."""
    with TemporaryDirectory() as folder:
        try:
            _, records = read(Path(folder), before + content)
        except Refusal as refusal:
            assert refusal.code in (Refused.FILE_EMPTY, Refused.FILE_NOT_CSV)
        else:
            numbers = [record.line for record in records]
            assert numbers == sorted(set(numbers))
