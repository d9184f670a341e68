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
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f'<office:document-content {_NAMES}><office:body><office:spreadsheet><table:table table:name="1">'
            f"{body}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xls(rows: Rows) -> bytes:
    """Return an Excel workbook of 1997: one stream of records, in a compound file."""

    def record(number: int, *parts: bytes) -> bytes:
        data = b"".join(parts)
        return struct.pack("<HH", number, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 0x0600))

    end = record(0x000A)
    cells = b"".join(
        record(0x0204, struct.pack("<HHHHB", y, x, 0, len(text), 1), text.encode("utf-16-le"))
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
        if text
    )
    title = struct.pack("<HBB", 0, 5, 0) + b"List1"
    head = begin(0x0005) + record(0x0042, struct.pack("<H", 1200))
    start = len(head) + 4 + 4 + len(title) + len(end)
    stream = head + record(0x0085, struct.pack("<I", start), title) + end + begin(0x0010) + cells + end
    return _compound(stream)


def _compound(stream: bytes) -> bytes:
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    chain = [*range(3, sectors + 2), _END]
    table = struct.pack(f"<{sectors + 2}I", _FAT, _END, *chain).ljust(_SECTOR, b"\xff")

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        written = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
        return written.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", first, size)

    folder = entry("Root Entry", 5, 1, _END, 0) + entry("Workbook", 2, _FREE, 2, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0, 0)
    return head.ljust(_SECTOR, b"\xff") + table + folder.ljust(_SECTOR, b"\0") + stream
