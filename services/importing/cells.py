"""One cell's text: cleaned, and without what others put there to say nothing."""

import re
import unicodedata
from collections.abc import Iterable

from db.states import Condition
from services.importing.detection import ESCAPED
from services.importing.mapping import key

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r]")
_SPACE_IN_LINE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")

_PARTS_TAGS = re.compile("[,;]")
_TAG = re.compile(r"""\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*|(?P<plain>[^,;]*))(?:[,;]|\Z)""")

_NO_SERIAL = (
    "none, no, unknown, n/a, na, nil, null, no serial, not available, not applicable, "
    "keine, kein, keiner, ohne, unbekannt, unbek., keine Angabe, k. A., nicht vorhanden, "
    "ingen, ukjent, uten, mangler, finnes ikke"
)
_NO_SERIAL_KEYS = {key(words) for words in _NO_SERIAL.split(", ")}

NO_ITEMS = "no items"
"""In the place of a condition: the row describes equipment, and there is no such item yet."""

# What may be lent (ok, damaged) is kept apart from what may not: a broken thing waits for its repair.
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
"""The words we use ourselves, to tell what would have been understood."""

_YES_WORDS = "true, yes, y, 1, x, active, activated, ja, aktiv, aktivert, aktiviert"
_NO_WORDS = "false, no, n, 0, inactive, deactivated, nei, nein, inaktiv, deaktivert"
_YES = {key(word) for word in _YES_WORDS.split(", ")}
_NO = {key(word) for word in _NO_WORDS.split(", ")}


def restore(text: str) -> str:
    """A formula that was defused with a quotation mark in front, as it was: `'=1+1` becomes `=1+1`."""
    return text[1:] if _DEFUSED.match(text) else text


def defuse(text: str) -> str:
    """So that no spreadsheet runs it as a formula; `restore` gives it back, whatever it was.

    One that has its quotation mark already gets a second: `restore` takes one away.
    """
    return "'" + text if _DANGEROUS.match(text) else text


def one_line(text: str) -> str:
    """Trimmed, in one line and in composed characters: `u` + two dots is `ü`, as everybody else types it."""
    return _tidy(restore(_composed(text).strip()))


def _tidy(text: str) -> str:
    return _SPACE_IN_LINE.sub(" ", text).strip()


def many_lines(text: str) -> str:
    """The same for texts that may have several lines."""
    text = _composed(text).replace("\r\n", "\n").replace("\r", "\n")
    return restore(_CONTROL.sub(" ", text).strip())


def tags(text: str) -> list[str]:
    """A cell's tags: parted by commas or semicolons; one that holds such a sign stands in quotation marks."""
    found = []
    for match in _TAG.finditer(restore(_composed(text).strip())):
        quoted = match["quoted"]
        found.append(_tidy(match["plain"] if quoted is None else quoted.replace('""', '"')))
    return [tag for tag in found if tag]


def join_tags(names: Iterable[str]) -> str:
    """One cell of which `tags` gives the names back, once it is defused."""
    return ", ".join(map(_quoted, names))


def _quoted(tag: str) -> str:
    return '"' + tag.replace('"', '""') + '"' if tag.startswith('"') or _PARTS_TAGS.search(tag) else tag


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_unreadable(text: str) -> bool:
    """Whether there were bytes that are no text. PostgreSQL keeps no zero byte."""
    return "\x00" in text or (not text.isascii() and ESCAPED.search(text) is not None)


def readable(text: str) -> str:
    """With a question mark for each such byte, to be shown."""
    return ESCAPED.sub("?", text).replace("\x00", "?")


def serial_number(text: str) -> str | None:
    """None for `keine`, `n/a`, `-`, `?` and the like, which say that there is none."""
    words = key(text)
    return None if not words or words in _NO_SERIAL_KEYS else text


def says_no_items(text: str) -> bool:
    """Whether the row is about equipment of which there is no item yet."""
    return key(text) == NO_ITEMS


def condition(text: str) -> Condition | None:
    """None where the word is unknown."""
    return _CONDITION_OF.get(key(text))


def yes_no(text: str) -> bool | None:
    """None where the word is neither."""
    said = key(text)
    return said in _YES if said in _YES | _NO else None
