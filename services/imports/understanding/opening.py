"""Opening a file of any kind as sheets of text."""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.core.errors import Refusal, Refused
from services.core.text import one_line
from services.imports import file_kind, refused_file
from services.imports.file_kind import About
from services.imports.readers import bounds, dialect, ods_reader, xls_reader, xlsx_reader, xlsx_sheets
from services.imports.readers.csv_reader import Table
from services.imports.understanding.encodings import Guess
from services.imports.understanding.header import first_table
from services.imports.understanding.sheets import Sheet, Spool

_OLE = b"\xd0\xcf\x11\xe0"
_HTML = (b"<html", b"<!doctype html", b"<table", b"<?xml")


@dataclass
class Opened:
    """A file's sheets; for a text file, how sure its encoding is."""

    sheets: list[Sheet]
    guess: Guess | None = None

    def close(self) -> None:
        for sheet in self.sheets:
            sheet.close()


def open_file(path: Path, encoding: str = "", reading: Callable[[], None] = lambda: None) -> Opened:
    """Open a file as `_open` does, without the columns in which refused rows came back with their reasons."""
    opened = _open(path, encoding, reading)
    for sheet in opened.sheets:
        head = sheet.rows.head(1)
        if head and refused_file.is_ours(head[0].cells):
            sheet.rows.skips = len(refused_file.COLUMNS)
    return opened


def _open(path: Path, encoding: str, reading: Callable[[], None]) -> Opened:
    """Open a file. `encoding`: of a text file, where a person chose it; `reading` is called now and then.

    Raises FILE_EMPTY, FILE_TOO_MUCH, FILE_NOT_CSV (kind: broken, html, xlsb, numbers, archive, picture,
    pdf, binary), and OSError where it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK\x03\x04"):
        return _archive(path, reading)
    if head.startswith(_OLE):
        return _checked(Opened(xls_reader.sheets(path)))
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        raise Refusal(Refused.FILE_NOT_CSV, kind="html")
    return _text_file(path, encoding)


def _archive(path: Path, reading: Callable[[], None]) -> Opened:
    bounds.check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except xlsx_reader.BROKEN as error:
        raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error
    if "xl/workbook.bin" in names:
        raise Refusal(Refused.FILE_NOT_CSV, kind="xlsb")
    if any(name.endswith(".iwa") for name in names):
        raise Refusal(Refused.FILE_NOT_CSV, kind="numbers")
    if {"mimetype", "content.xml"} <= names:
        return _checked(Opened(ods_reader.sheets(path)))
    return _checked(Opened(xlsx_sheets.sheets(path, reading)))


def _text_file(path: Path, encoding: str) -> Opened:
    table = Table(path, encoding)
    guess = None if encoding else dialect.guessed(path)
    return Opened([Sheet("", Spool(table, [table.first]), ragged=False)], guess)


def _checked(opened: Opened) -> Opened:
    filled = [sheet for sheet in opened.sheets if sheet.rows.head(1)]
    for sheet in opened.sheets:
        if sheet not in filled:
            sheet.close()
    if not filled:
        raise Refusal(Refused.FILE_EMPTY, header_only=False)
    return Opened(filled)


def about(
    path: Path, reading: Callable[[], None] = lambda: None, labels: Mapping[str, Any] | None = None
) -> About | None:
    """Return the kind of a file by its headers; None where it could be either. Raises as `open_file` does.

    `labels`: the organization's own names for its fields.
    """
    opened = open_file(path, reading=reading)
    try:
        first = [one_line(cell) for cell in opened.sheets[0].rows.head(1)[0].cells]
        ours = file_kind.ours(first, labels or {})
        return ours or file_kind.about(first_table(opened.sheets)[1].cells)
    finally:
        opened.close()
