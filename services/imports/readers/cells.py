"""The text of one cell, cleaned, without the placeholders of other programs for an empty one."""

import re
from collections.abc import Iterable
from datetime import date

from db.states import Condition
from services.core.text import _composed, _tidy, key, restore
from services.imports.readers.dialect import ESCAPED

_PARTS_TAGS = re.compile("[,;]")
_TAG = re.compile(r"""\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*|(?P<plain>[^,;]*))(?:[,;]|\Z)""")

NO_ITEMS = "no items"
"""Value of the condition column in a row about equipment that has no items yet."""

# Lendable conditions (ok, damaged) are kept apart from the others: a broken item waits for its repair.
# English, German, Norwegian, Snipe-IT's own.
_CONDITIONS: dict[Condition, str] = {
    Condition.OK: (
        "ok, okay, good, very good, fine, new, working, functional, excellent, used, "
        "in Ordnung, i. O., gut, sehr gut, neu, neuwertig, einwandfrei, funktioniert, gebraucht, "
        "bra, god, ny, i orden, hel, virker, brukt, "
        "ready to deploy, deployed, deployable"
    ),
    Condition.DAMAGED: "damaged, worn, beschädigt, abgenutzt, mangelhaft, skadet, skadd, slitt",
    Condition.IN_REPAIR: (
        "in repair, under repair, repair, broken, defective, "
        "in Reparatur, Reparatur, defekt, kaputt, "
        "til reparasjon, på reparasjon, reparasjon, ødelagt, i stykker, "
        "out for repair, out for diagnostics"
    ),
    Condition.LOST: (
        "lost, missing, stolen, verloren, vermisst, gestohlen, fehlt, "
        "tapt, mistet, borte, savnet, stjålet, lost/stolen"
    ),
    Condition.RETIRED: (
        "retired, disposed, scrapped, ausgemustert, ausgeschieden, entsorgt, "
        "tatt ut av bruk, kassert, utrangert, avhendet, archived, broken - not fixable"
    ),
}
_CONDITION_OF = {key(word): kind for kind, words in _CONDITIONS.items() for word in words.split(", ")}
CONDITIONS = [kind.value.replace("_", " ") for kind in Condition]
"""Our own words for conditions, shown where a word is unknown."""

_YES_WORDS = "true, yes, y, 1, x, active, activated, ja, aktiv, aktivert, aktiviert"
_NO_WORDS = "false, no, n, 0, inactive, deactivated, nei, nein, inaktiv, deaktivert"
_YES = {key(word) for word in _YES_WORDS.split(", ")}
_NO = {key(word) for word in _NO_WORDS.split(", ")}


def tags(text: str) -> list[str]:
    """Split a cell into tags at commas or semicolons; tags in quotation marks may contain these."""
    found = []
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


def readable(text: str) -> str:
    """Return the cell with a question mark for each such byte, for display."""
    return ESCAPED.sub("?", text).replace("\x00", "?")


def says_no_items(text: str) -> bool:
    """Return whether the row is about equipment without items."""
    return key(text) == NO_ITEMS


def condition(text: str) -> Condition | None:
    """Return the condition; None where the word is unknown."""
    return _CONDITION_OF.get(key(text))


def yes_no(text: str) -> bool | None:
    """Return the truth of a yes or no; None for any other word."""
    said = key(text)
    return said in _YES if said in _YES | _NO else None


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")


def day(text: str) -> date | None:
    """Parse a date: `2026-12-01`, also with a time after it, or `1.12.2026`; None for anything else."""
    iso, day_first = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if iso is not None:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if day_first is not None:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
    except ValueError:
        pass
    return None
