"""One cell's text: cleaned, and without what others put there to say nothing."""

import re
from collections.abc import Iterable

from db.states import Condition
from services.core.text import _composed, _tidy, key, restore
from services.imports.readers.dialect import ESCAPED

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")

_PARTS_TAGS = re.compile("[,;]")
_TAG = re.compile(r"""\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*|(?P<plain>[^,;]*))(?:[,;]|\Z)""")

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


def defuse(text: str) -> str:
    """So that no spreadsheet runs it as a formula; `restore` gives it back, whatever it was.

    One that has its quotation mark already gets a second: `restore` takes one away.
    """
    return "'" + text if _DANGEROUS.match(text) else text


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


def is_unreadable(text: str) -> bool:
    """Whether there were bytes that are no text. PostgreSQL keeps no zero byte."""
    return "\x00" in text or (not text.isascii() and ESCAPED.search(text) is not None)


def readable(text: str) -> str:
    """With a question mark for each such byte, to be shown."""
    return ESCAPED.sub("?", text).replace("\x00", "?")


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
