"""Columns that are named on the command line, and the refused rows that come back as a file."""

import asyncio
import csv
import io
from contextlib import closing

from handlers.i18n.texts import Texts
from handlers.imports.views import refused_rows
from services.imports import Report, import_file
from services.imports.understanding.opening import open_file
from tests.services.imports.conftest import Club


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


def _file(club: Club, source: bytes, report: Report, t: Texts) -> str:
    path = club.folder / "sent.csv"
    path.write_bytes(source)
    with closing(open_file(path)) as opened:
        attachment = refused_rows(t, report, opened.sheets)
    assert attachment is not None
    return attachment.content.decode("utf-8-sig")
