"""The text of one cell, cleaned, without the placeholders of other programs for an empty one."""

import re
from collections.abc import Iterable, Sequence

from services.core.text import _composed, _tidy, restore
from services.imports.readers.dialect import ESCAPED

_PARTS_TAGS = re.compile("[,;]")
_SHORTENED = re.compile(r"\d[.,]\d{1,14}E\+(?:0?[6-9]|[12]\d)", re.IGNORECASE)
_TAG = re.compile(r"""\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*|(?P<plain>[^,;]*))(?:[,;]|\Z)""")


def tags(text: str) -> list[str]:
    """Split a cell into tags at commas or semicolons; tags in quotation marks may contain these."""
    found: list[str] = []
    if not text:
        return found
    for match in _TAG.finditer(restore(_composed(text).strip())):
        quoted = match["quoted"]
        found.append(_tidy(match["plain"] if quoted is None else quoted.replace('""', '"')))
    return [tag for tag in found if tag]


def join_tags(names: Iterable[str]) -> str:
    """Join tags to one cell that `tags` splits again, once it is defused."""
    return ", ".join(map(_quoted, names))


def _quoted(tag: str) -> str:
    return '"' + tag.replace('"', '""') + '"' if tag.startswith('"') or _PARTS_TAGS.search(tag) else tag


def is_unreadable(text: str) -> bool:
    """Return whether the cell has bytes that are no text. PostgreSQL stores no zero byte."""
    return "\x00" in text or (not text.isascii() and ESCAPED.search(text) is not None)


def may_be_wrong(cells: Sequence[str], width: int) -> bool:
    """Return whether a row of a list may have to be refused for one of its cells, or for one too many."""
    if len(cells) > width:
        return True
    text = "\n".join(cells)
    return "+" in text or "#" in text or is_unreadable(text)


def is_shortened(text: str) -> bool:
    """Return whether a spreadsheet wrote a long number, as below a bar code, by its first digits only."""
    return "+" in text and _SHORTENED.fullmatch(text.strip()) is not None


def readable(text: str) -> str:
    """Return the cell with a question mark for each such byte, for display."""
    return ESCAPED.sub("?", text).replace("\x00", "?")
