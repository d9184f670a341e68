"""Columns that are named on the command line, and the refused rows that come back as a file."""

import asyncio
import csv
import io
from contextlib import closing

from openpyxl import Workbook

from handlers.i18n.texts import Texts
from handlers.imports.views import refused_rows
from services.imports import import_file
from services.imports.report import BaseReport
from services.imports.understanding.opening import open_file
from tests.services.imports.conftest import Club
from tests.services.imports.members.test_member_import import brings, members


def test_the_column_of_retired_equipment_is_about_the_equipment(club: Club) -> None:
    """A column mapped to `retired equipment` retires the equipment, and leaves its pieces' condition."""
    text = "Item #;Utstyr;Borte\nT-1;Telt;yes\nK-1;Kano;no\n"
    path = club.folder / "retired.csv"
    path.write_text(text)
    named = {"retired equipment": "Borte"}
    asyncio.run(import_file(club.database, club.id, None, path, named, club.now))
    assert {name: e.retired_at is not None for name, e in club.equipment().items()} == {
        "Telt": True,
        "Kano": False,
    }
    assert {i.condition for i in club.items().values()} == {"ok"}


def test_refused_rows_are_mended_and_sent_again(club: Club) -> None:
    """The file holds line, sheet, column, reason and cells; mended, it brings in only what was refused."""
    for language in ("en", "nb"):
        bad = "x" * 300
        source = (
            f"Item #;Utstyr;Merke;Merke;Notat\n{language}1;Telt;Fjell;;fint\n"
            f'{language}2;{bad};"=1+1";To;"to ""linjer"""\n{language}3;Kano;;;\n'
        ).encode()
        report = club.brings(source)
        text = _file(club, source, report, Texts(language, now=club.now))
        head, row = csv.reader(io.StringIO(text), delimiter=";" if language == "nb" else ",")
        assert head[4:] == ["Item #", "Utstyr", "Merke", "Merke", "Notat"]
        assert row[:3] == ["3", "", "Utstyr"] and row[3]
        assert row[4:] == [f"{language}2", bad, "'=1+1", "To", 'to "linjer"']
        before = club.items().keys()
        again = club.brings(text.replace(bad, "Ski").encode("utf-8-sig"))
        assert (again.items_new, again.refused_total) == (1, 0)
        assert club.items().keys() - before == {f"{language}2"}
        assert not {label for label in club.items()[f"{language}2"].custom if ":" in label}


def _file(club: Club, source: bytes, report: BaseReport, t: Texts) -> str:
    path = club.folder / "sent.csv"
    path.write_bytes(source)
    with closing(open_file(path)) as opened:
        attachment = refused_rows(t, report, opened.sheets)
    assert attachment is not None
    return attachment.content.decode("utf-8-sig")


def test_refused_rows_of_several_sheets_come_in_one_file(club: Club) -> None:
    """Each says its sheet, and has its cells under its own headers; mended, they come in."""
    book, long = Workbook(), "x" * 300
    tents = book.worksheets[0]
    tents.title = "Tents"
    for row in (["Name", "Code", "Size"], ["Tent", "T-1", "2"], [long, "T-2", "3"]):
        tents.append(row)
    boats = book.create_sheet("Boats")
    for row in (["Code", "Name", "Length"], ["B-1", long, "5 m"], ["B-2", "Canoe", "4 m"]):
        boats.append(row)
    path = club.folder / "lists.xlsx"
    book.save(path)
    text = _file(club, path.read_bytes(), club.brings(path), Texts("nb", now=club.now))
    head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert head[4:] == ["Name", "Code", "Size", "Length"]
    assert [(row[0], row[1], row[5:]) for row in rows] == [
        ("3", "Tents", ["T-2", "3", ""]),
        ("2", "Boats", ["B-1", "", "5 m"]),
    ]
    again = club.brings(text.replace(long, "Mended").encode("utf-8-sig"))
    assert (again.items_new, again.refused_total) == (2, 0)
    assert club.items()["B-1"].custom == {"Length": "5 m"}


def test_refused_rows_of_a_second_table_have_its_headers(club: Club) -> None:
    """Tables below each other in one sheet: each row comes back under the headers that stand above it."""
    long = "x" * 300
    boats = f"Item #,Place,Name\nB-1,Shed,{long}\nB-2,Shed,Canoe\n"
    source = f"Item #,Name,Size\nT-1,Tent,2\nT-2,{long},3\n,,\nBoats,,\n{boats}"
    report = club.brings(source.encode())
    head, *rows = csv.reader(io.StringIO(_file(club, source.encode(), report, Texts("en", now=club.now))))
    assert head[4:] == ["Item #", "Name", "Size", "Place"]
    assert [row[4:] for row in rows] == [["T-2", long, "3", ""], ["B-1", long, "", "Shed"]]


def test_refused_members_come_back_too(club: Club) -> None:
    """A member whose row was refused comes in once it is mended; the others stay as they are."""
    source = b"Fornavn;E-post;Gruppe\nAda;ada@x.no;A\nKari;her;B\n"
    text = _file(club, source, brings(club, source.decode()), Texts("nb", now=club.now))
    head, row = csv.reader(io.StringIO(text), delimiter=";")
    assert head[4:] == ["Fornavn", "E-post", "Gruppe"] and row[4:] == ["Kari", "her", "B"]
    report = brings(club, text.replace(";her;", ";kari@x.no;"))
    assert (report.new, report.refused, len(members(club))) == (1, [], 2)
    assert members(club)["Kari"].custom == {"Gruppe": "B"}
