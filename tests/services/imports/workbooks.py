"""Workbooks of a few cells, written as small as their readers take them."""

import io
import struct
import zipfile
from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[str]]

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def ods(rows: Rows, *, down: Collection[tuple[int, int, int]] = ()) -> bytes:
    """Return an OpenDocument workbook. `down`: cells that span so many rows, as (row, column, number)."""
    spans = {(row, column): number for row, column, number in down}
    covered = {(row + i, column) for row, column, number in down for i in range(1, number)}

    def cell(row: int, column: int, text: str) -> str:
        if (row, column) in covered:
            return "<table:covered-table-cell/>"
        span = f' table:number-rows-spanned="{spans[row, column]}"' if (row, column) in spans else ""
        return f"<table:table-cell{span}><text:p>{escape(text)}</text:p></table:table-cell>"

    body = "".join(
        f"<table:table-row>{''.join(cell(y, x, text) for x, text in enumerate(row))}</table:table-row>"
        for y, row in enumerate(rows)
    )
    return ods_of(f'<table:table table:name="1">{body}</table:table>')


def ods_of(content: str) -> bytes:
    """Return an OpenDocument workbook with this in the place of its tables."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f"<office:document-content {_NAMES}><office:body><office:spreadsheet>"
            f"{content}</office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xls(rows: Rows) -> bytes:
    """Return an Excel workbook of 1997: one stream of records, in a compound file."""
    return xls_of(_cells(rows))


def xls_with_hidden(rows: Rows, column: int) -> bytes:
    """Return the same with a column that is not shown."""
    return xls_of(_record(0x007D, struct.pack("<HHHHHH", column, column, 2048, 0, 1, 0)) + _cells(rows))


def _cells(rows: Rows) -> bytes:
    return b"".join(
        _record(0x0204, struct.pack("<HHHHB", y, x, 0, len(text), 1), text.encode("utf-16-le"))
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
        if text
    )


def merged(times: int) -> bytes:
    """Return so many records of a sheet's column that is one cell, to the last row there can be."""
    ranges = struct.pack("<HHHH", 0, 0xFFFF, 0, 0) * 1000
    return _record(0x00E5, struct.pack("<H", 1000), ranges) * times


def shared(text: str, rows: int) -> tuple[bytes, bytes]:
    """Return a text that cells share, and so many rows with a cell of it."""
    written = _record(0x00FC, struct.pack("<IIHB", rows, 1, len(text), 0), text.encode("latin-1"))
    return written, b"".join(_record(0x00FD, struct.pack("<HHHI", y, 0, 0, 0)) for y in range(rows))


def _record(number: int, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack("<HH", number, len(data)) + data


def xls_of(cells: bytes, texts: bytes = b"") -> bytes:
    """Return an Excel workbook of 1997 with these records in its sheet."""
    record = _record

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 0x0600))

    end = record(0x000A)
    title = struct.pack("<HBB", 0, 5, 0) + b"List1"
    head = begin(0x0005) + record(0x0042, struct.pack("<H", 1200)) + texts
    start = len(head) + 4 + 4 + len(title) + len(end)
    stream = head + record(0x0085, struct.pack("<I", start), title) + end + begin(0x0010) + cells + end
    return _compound(stream)


def _compound(stream: bytes) -> bytes:
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    tables = -(-(sectors + 2) * 4 // (_SECTOR - 4))
    chain = [*range(tables + 2, tables + sectors + 1), _END]
    table = struct.pack(f"<{tables + sectors + 1}I", *[_FAT] * tables, _END, *chain)
    table = table.ljust(tables * _SECTOR, b"\xff")

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        written = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
        return written.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", first, size)

    folder = entry("Root Entry", 5, 1, _END, 0) + entry("Workbook", 2, _FREE, tables + 1, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    numbers = range(tables)
    head += struct.pack(f"<IIIIIIIII{tables}I", 0, tables, tables, 0, 4096, _END, 0, _END, 0, *numbers)
    return head.ljust(_SECTOR, b"\xff") + table + folder.ljust(_SECTOR, b"\0") + stream
