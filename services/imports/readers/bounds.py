"""Bounds on what a file may unpack to, so that a small file cannot fill the memory or a day.

A workbook is an archive of XML. Its library reads some parts whole, and keeps one row or one text of the
others in memory, however long: each part is measured while it is inflated, before the library sees it. The
bounds are far above any list that a club keeps; what passes takes some hundred megabytes at most.
"""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Literal

from services.core.errors import Refusal, Refused

MOST_SHEET_BYTES = 300_000_000
"""Unpacked size of a sheet, in bytes. One whose million rows are all formatted, and empty, has 200 MB."""

MOST_TEXTS_BYTES = 100_000_000
"""Unpacked size of the texts that cells share: all of them are kept in memory."""

MOST_WHOLE_BYTES = 10_000_000
MOST_WHOLE_TAGS = 200_000
"""Unpacked size, and tags, of a part that is read whole, such as the styles: a tag takes a kilobyte then."""

MOST_READ_BYTES = 3 * MOST_SHEET_BYTES
"""Bytes that are unpacked in all: a hundred sheets may share one part, and some are read twice."""

MOST_RATIO = 100
FREE_BYTES = 5_000_000
"""A part larger than this may unpack to so many times its own size. Real sheets reach 10 to 30."""

MOST_DIRECTORY_BYTES = 1_000_000
"""The archive's own table of contents: ten thousand parts. A workbook has dozens."""

MOST_TEXTS = 300_000
"""Texts that cells share. Each takes the library 30 microseconds."""

MOST_TEXT_BYTES = 1_000_000
"""One shared text, with the markup of its letters. Excel's cells hold 32,767 characters."""

MOST_ROWS = 1_048_576
"""Excel's own limit, also of the rows without any value, which are formatted only."""

MOST_FILLED_ROWS = 200_000
"""Rows with a value. Each takes a millisecond to import; a longer list can come in as CSV."""

MOST_ROW_BYTES = 5_000_000
MOST_ROW_TAGS = 100_000
"""One row of a sheet, as XML. With Excel's 16,384 columns all formatted it has 400 kB, and a tag for each."""

MOST_CELLS = 20_000_000
"""Cells that are looked at, empty ones too: a row that says it ends at column XFD has 16,384."""

MOST_ROW_CHARACTERS = 1_000_000
MOST_KEPT_CHARACTERS = 300_000_000
"""Characters of a row, and of all: a text that a million cells share is there a million times."""

MOST_COLUMNS = 200
"""Columns with a name. Each unknown one becomes a custom field of everything in the file."""

MOST_BLANK_ROWS = MOST_ROWS
"""Rows without any value, one after the other, in a CSV file."""

MOST_READ_AGAIN = 5_000_000
"""Characters of a CSV file that are read a second time, since a quotation mark before them does not close."""

MOST_REFUSED = 5_000
"""Refused rows after which a file is given up, if they are more than half: it is wrong as a whole."""

_BLOCK = 1 << 18
_TOKEN = re.compile(
    rb"<(?:(?P<end>!\[CDATA\[|!--|\?)|(?P<other>!)"
    rb"|(?:[^\s<>/!?:]{1,100}:)?(?P<tag>row|si|v|is|t)(?=[\s/>]))"
)
_ENDS = {b"![CDATA[": b"]]>", b"!--": b"-->", b"?": b"?>"}
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


class Bound(StrEnum):
    """Kinds of too much, as data of FILE_TOO_MUCH."""

    UNPACKED = "unpacked"  # data: most (megabytes), or 0 where it is the ratio or the number of parts
    CELL = "cell"  # a cell, or a row, is longer than there can be
    TEXTS = "texts"  # data: most
    ROWS = "rows"  # data: most
    COLUMNS = "columns"  # data: most
    QUOTES = "quotes"  # of quotation marks that do not close
    REFUSED = "refused"  # data: most: of so many rows more than half are refused


def too_much(bound: Bound, most: int = 0) -> Refusal:
    return Refusal(Refused.FILE_TOO_MUCH, bound=bound, most=most)


def check_columns(headers: Sequence[str], match: Callable[[Sequence[str]], None]) -> None:
    """Match the headers. Raises what that does, as for a letter that is no table, and FILE_TOO_MUCH."""
    is_wide = sum(map(bool, headers)) > MOST_COLUMNS
    match(headers[: 5 * MOST_COLUMNS] if is_wide else headers)
    if is_wide:
        raise too_much(Bound.COLUMNS, MOST_COLUMNS)


def check_directory(path: Path) -> None:
    """Raise FILE_TOO_MUCH where the archive's table of contents, which is read whole, is too long."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 20:
        return  # the library finds it broken
    length = struct.unpack_from("<L", tail, at + 12)[0]
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if wide >= 0 and len(tail) >= wide + 48:
        length = max(length if length != 0xFFFFFFFF else 0, struct.unpack_from("<Q", tail, wide + 40)[0])
    if length > MOST_DIRECTORY_BYTES:
        raise too_much(Bound.UNPACKED)


class Archive(zipfile.ZipFile):
    """An archive whose parts are measured before they are used, by how they are used: not by their names.

    `open` is for parts that are read row by row, or text by text; `read` for those that are read whole.
    """

    def __init__(self, path: Path) -> None:
        check_directory(path)
        self._parts: list[IO[bytes]] = []
        super().__init__(path)
        self._measured: set[str] = set()
        self._left = MOST_READ_BYTES

    def open(
        self,
        name: str | zipfile.ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        """Return a part to read. Raises FILE_TOO_MUCH, and the errors of a broken archive."""
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if info.filename not in self._measured:
            self._measure(info)
            self._measured.add(info.filename)
        return self._counted(info, pwd)

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """Return a whole part. Raises as `open` does."""
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        self._check_size(info, MOST_WHOLE_BYTES)
        with self._counted(info, pwd) as part:
            content = part.read()
        if content.count(b"<") > MOST_WHOLE_TAGS:
            raise too_much(Bound.UNPACKED)
        return content

    def _counted(self, info: zipfile.ZipInfo, pwd: bytes | None) -> IO[bytes]:
        part = io.BufferedReader(_Part(self, super().open(info, "r", pwd)), _BLOCK)
        self._parts.append(part)
        return part

    def close(self) -> None:
        """Close the archive and its parts: a library that was stopped in the middle leaves them open."""
        for part in getattr(self, "_parts", ()):
            part.close()
        super().close()

    def take(self, size: int) -> None:
        """Count what was unpacked. Raises FILE_TOO_MUCH."""
        self._left -= size
        if self._left < 0:
            raise too_much(Bound.UNPACKED, MOST_READ_BYTES // 1_000_000)

    def _check_size(self, info: zipfile.ZipInfo, most: int) -> None:
        """Check the declared size: the archive cuts off what is longer, and then finds it broken."""
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Others are unpacked in one piece, whatever their size.
            raise zipfile.BadZipFile("no compression that workbooks have")
        if info.file_size > most:
            raise too_much(Bound.UNPACKED, most // 1_000_000)
        if info.file_size > max(FREE_BYTES, MOST_RATIO * info.compress_size):
            raise too_much(Bound.UNPACKED)

    def _measure(self, info: zipfile.ZipInfo) -> None:
        self._check_size(info, MOST_SHEET_BYTES)
        with super().open(info) as part:
            measure(part)


class _Part(io.RawIOBase):
    """A part that counts what is read of it."""

    def __init__(self, archive: Archive, part: IO[bytes]) -> None:
        self._archive, self._part = archive, part

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._part.read(len(buffer))
        self._archive.take(len(content))
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._part.close()
        super().close()


def measure(part: IO[bytes]) -> None:
    """Measure the rows of a sheet, or the shared texts. Raises FILE_TOO_MUCH, and ValueError for other XML.

    Looks for the tags that begin a row or a text without parsing: what parses differently, such as a comment,
    is skipped as a whole, and has to be short.
    """
    scan = _Scan()
    window, at = part.read(_BLOCK), 0
    if window.startswith(_WIDE):
        raise ValueError("not in UTF-8")
    while window:
        more = part.read(_BLOCK)
        at = scan.look(window + more, at, len(window) if more else None) - len(window)
        window = more


class _Scan:
    def __init__(self) -> None:
        self.rows = self.filled = self.texts = 0
        self.unit: bytes | None = None
        self.is_filled = False
        self.size = self.tags = self.text_bytes = 0

    def look(self, window: bytes, start: int, end: int | None) -> int:
        """Look at the tags that begin before `end`; return the place to go on at."""
        stop = len(window) if end is None else end
        at = start
        while at < stop and (found := _TOKEN.search(window, at)) is not None and found.start() < stop:
            self._pass(window, at, found.start())
            if found["other"]:
                raise ValueError("a document type of its own")
            at = self._skip(window, found) if found["end"] else found.end()
            self._add(at - found.start(), 1)
            if found["tag"]:
                self._tag(found["tag"])
        if at < stop:
            self._pass(window, at, stop)
            at = stop
        return at

    def _skip(self, window: bytes, found: "re.Match[bytes]") -> int:
        """Return the end of a comment or the like. Within a block of its beginning there has to be one."""
        ending = _ENDS[found["end"]]
        at = window.find(ending, found.end())
        if at < 0:
            raise too_much(Bound.CELL)
        return at + len(ending)

    def _pass(self, window: bytes, start: int, end: int) -> None:
        self._add(end - start, window.count(b"<", start, end))

    def _add(self, size: int, tags: int) -> None:
        self.size += size
        self.tags += tags
        if self.size > MOST_ROW_BYTES or self.tags > MOST_ROW_TAGS:
            raise too_much(Bound.CELL)
        if self.unit == b"si" and self.size > MOST_TEXT_BYTES:
            raise too_much(Bound.CELL)

    def _tag(self, tag: bytes) -> None:
        if tag in (b"row", b"si"):
            if tag == b"si":
                self.text_bytes += self.size
            self.unit, self.size, self.tags, self.is_filled = tag, 0, 0, False
        if tag == b"row":
            self.rows += 1
        elif tag == b"si":
            self.texts += 1
        elif self.unit == b"row" and not self.is_filled:
            self.is_filled = True
            self.filled += 1
        if self.rows > MOST_ROWS:
            raise ValueError("more rows than there can be")
        if self.filled > MOST_FILLED_ROWS:
            raise too_much(Bound.ROWS, MOST_FILLED_ROWS)
        if self.texts > MOST_TEXTS:
            raise too_much(Bound.TEXTS, MOST_TEXTS)
        if self.text_bytes > MOST_TEXTS_BYTES:
            raise too_much(Bound.UNPACKED, MOST_TEXTS_BYTES // 1_000_000)
