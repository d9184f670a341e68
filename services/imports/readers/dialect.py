"""Detection of a file's encoding, delimiter and quotation mark."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path

from services.core.errors import Refusal, Refused
from services.imports.understanding.encodings import Guess, guess, named
from services.imports.understanding.vocabulary import is_known

_HEAD = 65_536
_BLOCK = 1 << 20
_DELIMITERS = ";,\t|"
_ROWS_LOOKED_AT = 50
_LONGEST_LINE = 2_000

_MAGIC = {
    b"PK\x05\x06": "archive",
    b"\xd0\xcf\x11\xe0": "excel",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"%PDF": "pdf",
    b"\x1f\x8b": "archive",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
}
_WORKBOOK = b"PK\x03\x04"
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_NOT_TEXT_SHARE = 0.01

# An undecodable byte 0xNN becomes U+DCNN: the row it is in can be told from the others.
ESCAPED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Layout:
    """Encoding and CSV dialect of a file. `errors` is the decoder's mode for undecodable bytes."""

    encoding: str
    errors: str
    delimiter: str
    quote: str
    skip: bool
    """Return whether the first line is Excel's own hint, `sep=;`."""


def detect(path: Path, chosen: str = "") -> Layout:
    """Detect the layout of a file; `chosen`: its encoding, where a person said so.

    Raises FILE_EMPTY, FILE_NOT_CSV, and OSError where it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise Refusal(Refused.FILE_EMPTY, header_only=False)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            raise Refusal(Refused.FILE_NOT_CSV, kind=kind)
    encoding = (named(chosen) or chosen) if chosen else _encoding(path, head)
    if encoding == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = _utf16_without_mark(head)
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    # A longer file's head may end within a character; a whole file may not.
    text = codecs.getincrementaldecoder(encoding)(errors).decode(head, final=len(head) < _HEAD)
    if "\x00" in text or len(_CONTROL.findall(text)) > _NOT_TEXT_SHARE * len(text):
        raise Refusal(Refused.FILE_NOT_CSV, kind="binary")
    lines = io.StringIO(text, newline="").readlines()
    if len(head) == _HEAD and len(lines) > 1:
        lines.pop()  # cut off in the middle
    hint = re.fullmatch(r'"?sep=(.)"?', lines[0].strip("\r\n"), re.IGNORECASE)
    if hint:
        return Layout(encoding, errors, hint[1], _quote(lines[1:], hint[1]), skip=True)
    delimiter = max(_DELIMITERS, key=lambda d: _likeness(lines, d))
    return Layout(encoding, errors, delimiter, _quote(lines, delimiter), skip=False)


def _encoding(path: Path, head: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            return encoding
    if b"\x00" in head:
        return _utf16_without_mark(head)
    letters, escaped = _non_ascii(path)
    # One stray byte in a file of UTF-8 must not turn every umlaut of the others into rubbish.
    return "utf-8" if letters >= escaped else guess(_strange_lines(path)).best.encoding


def guessed(path: Path) -> Guess | None:
    """Return the guess that the encoding of a file is; None where it is no guess."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(tuple(_BYTE_ORDER_MARKS)) or b"\x00" in head:
        return None
    letters, escaped = _non_ascii(path)
    return None if letters >= escaped else guess(_strange_lines(path))


def _strange_lines(path: Path) -> bytes:
    """Return the first lines that are not plain ASCII, from the whole file."""
    found: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        for block in iter(partial(file.read, _BLOCK), b""):
            for line in re.split(rb"[\r\n]+", block):
                if not line.isascii():
                    found.append(line[:_LONGEST_LINE])
                    size += len(found[-1])
            if size > _HEAD:
                break
    return b"\n".join(found)[:_HEAD]


def _utf16_without_mark(head: bytes) -> str:
    """Detect UTF-16 without a byte order mark: Latin letters have a zero in every other byte."""
    half = len(head) / 2
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > 0.5 and even < 0.05:
        return "utf-16-le"
    if even > 0.5 and odd < 0.05:
        return "utf-16-be"
    raise Refusal(Refused.FILE_NOT_CSV, kind="binary")


def _non_ascii(path: Path) -> tuple[int, int]:
    """Count characters beyond ASCII, and bytes that are not UTF-8, in the whole file read as UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    letters = escaped = 0
    with path.open("rb") as file:
        for block in chain(iter(partial(file.read, _BLOCK), b""), [b""]):
            text = decoder.decode(block, final=not block)
            if not text.isascii():
                bad = len(ESCAPED.findall(text))
                escaped += bad
                letters += len(text) - len(text.encode("ascii", "ignore")) - bad
    return letters, escaped


def _likeness(lines: Sequence[str], delimiter: str) -> tuple[int, float, int]:
    """Score how well the lines fit a table with this delimiter: known headers, even rows, columns."""
    table = filter(None, csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    try:
        rows = list(islice(table, _ROWS_LOOKED_AT))
    except csv.Error:
        rows = []
    if not rows:
        return 0, 0.0, 0
    known, header = max((sum(map(is_known, row)), -number) for number, row in enumerate(rows))
    table_rows = rows[-header:]
    width = len(table_rows[0])
    even = sum(len(row) == width for row in table_rows) / len(table_rows) if width > 1 else 0.0
    return known, round(even, 1), width


def _quote(lines: Sequence[str], delimiter: str) -> str:
    """Return the quotation mark: a single one only where every header is enclosed in it."""
    header = next((line.strip("\r\n") for line in lines if line.strip()), "")
    cells = [cell.strip() for cell in header.split(delimiter) if cell.strip()]
    single = all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    return "'" if cells and single else '"'
