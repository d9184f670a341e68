"""The cells of a list as people write them: numbers of pieces and conditions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from db.states import Condition
from services.core.text import key, one_line
from services.imports.understanding.headers.compounds import is_unspaced
from services.imports.understanding.vocabulary import (
    SEVERITY,
    condition_words,
    damage,
    inflected,
    is_nothing,
    keys,
    lights,
    numbers,
    of_remarks,
    spelled,
    units,
    works,
)


@cache
def _pieces() -> re.Pattern[str]:
    unit = rf"(?:{units()})"
    about = "|".join(sorted(map(re.escape, spelled("pieces", "about")), key=len, reverse=True))
    return re.compile(
        rf"(?:(?:{about})\.?|~|≈|×|x)?\s*"
        r"(?P<n>\d{1,3}(?:[ .,'’]\d{3})+|\d{1,7})(?:[.,]0+)?"
        rf"\s*(?:{unit}\b\.?|{unit})?",
        re.IGNORECASE,
    )


@cache
def _beginnings() -> frozenset[str]:
    """Return the characters, besides digits, that a number of pieces may begin with: most cells do not."""
    words = spelled("pieces", "about")
    return frozenset("~≈×xX").union(*((word[0], word[0].upper()) for word in words))


def pieces(text: str) -> int | None:
    """Return a number of pieces such as `5 stk`, `8 x` or `12`; None where the cell says something else."""
    return pieces_in(one_line(text))


def pieces_in(text: str) -> int | None:
    """Return the same of a text that is on one line already."""
    found = _pieces().fullmatch(text) if text and (text[0].isdecimal() or text[0] in _beginnings()) else None
    if found is None and text.isalpha() and len(text) <= _LONGEST_NUMBER:
        spelled = numbers().get(key(text))
        return int(spelled) if spelled is not None else None
    return int(re.sub(r"\D", "", found["n"])) if found else None


_OF_UNIT = re.compile(
    r"(?P<n>\d{1,4})\s+(?P<unit>[^\W\d_]{2,12})\.?|(?P<before>[^\W\d_]{2,12})\.?\s+(?P<m>\d{1,4})"
)


def of_unknown_unit(text: str) -> int | None:
    """Return the number of pieces beside a word that is no measure and no condition: `3 spools`."""
    found = _OF_UNIT.fullmatch(text)
    word = found["unit"] or found["before"] if found is not None else ""
    if found is None or key(word) in keys("measures") or kind_of(word) is not None:
        return None
    return int(found["n"] or found["m"])


_LONGEST_NUMBER = 8
"""Letters of the longest number that is spelled."""


@dataclass(frozen=True, slots=True)
class Said:
    """The condition of a thing as a cell says it.

    `condition` is None where nothing is said, or nothing that is understood; `kept`: the words tell more than
    the condition, and stay as the comment; `unknown`: they were not understood.
    """

    condition: Condition | None
    kept: bool = False
    unknown: bool = False


_NOT = re.compile(r"\b(?:not|no|never|nicht|kein|keine|ikke|ej|inte|niet|geen|non|pas|sans|nie|не)\b")
_META = re.compile(r"\s*\((?P<meta>[^)]*)\)\s*$")


@lru_cache(4_096)
def condition(text: str) -> Said:
    """Return what the cell says. Whatever is broken, lost, retired or not to be lent never counts as ok."""
    text = one_line(text)
    if is_nothing(text) and key(text) not in condition_words():
        return Said(None)
    base = _META.sub("", text)
    meta = _META.search(text)
    for form in (text, base, *([meta["meta"]] if meta else [])):
        kind = condition_words().get(key(form))
        if kind is not None:
            return _said(kind, kept=kind == "not_lent")
    if part := _of_parts(text):
        return _said("in_repair" if part in ("ok", "damaged") and damage_in(text) else part, kept=True)
    kind = inflected(key(base))
    return Said(Condition(kind)) if kind is not None else _contained(key(text))


def told(text: str) -> Said:
    """Return what a cell of a column of conditions says, colors of a traffic light among them."""
    light = lights().get(key(text)) if len(text) <= _LONGEST_WORDS else None
    return Said(Condition(light)) if light is not None else condition(text)


_PARTS = re.compile(r"\s[-–—]\s|[,;:.(\n]\s*")


def _of_parts(text: str) -> str | None:
    """Return the worst condition that a part of the text is by itself: `broken, pole missing` is broken."""
    parts = _PARTS.split(text)
    found = set(map(kind_of, parts)) if len(parts) > 1 else set()
    return next((kind for kind in ("not_lent", *SEVERITY[:-1]) if kind in found), None)


def kind_of(text: str) -> str | None:
    """Return the kind of condition that the whole text is, inflected or not; no mere number is one."""
    return _kind(text) if len(text) <= _LONGEST_WORDS else None


@lru_cache(16_384)
def _kind(text: str) -> str | None:
    said = key(text)
    if not said or said.isdigit():
        return None
    return condition_words().get(said) or inflected(said)


def remark(text: str) -> tuple[Condition | None, str]:
    """Return the condition in a remark that keeps a thing from being lent, and the words that merely hint at
    it: empty where a part of the remark says it and nothing else.
    """
    parts = _CLAUSES.split(text)
    if len(text) > _LONGEST_WORDS and all(part.strip().isdecimal() or _tells_nothing(part) for part in parts):
        return None, ""  # as nearly all are, mostly of clauses that came before
    if not _may_tell(text):
        return None, ""
    clauses = [_clause(part) for part in parts]
    said = {clause.kind for clause in clauses} | {kind_of(text)}
    words = _damage(clauses)
    kind = next((kind for kind in _FORBIDDING if kind in said), None)
    is_mended = not words and any(clause.is_over for clause in clauses)
    if kind is not None and not (kind == "in_repair" and is_mended):
        return _said(kind, kept=True).condition, ""
    return (Condition.IN_REPAIR, words) if words else (None, "")


_LONGEST_WORDS = 40
_FORBIDDING = ("not_lent", "retired", "lost", "in_repair")


def _said(kind: str, *, kept: bool) -> Said:
    if kind == "not_lent":
        return Said(Condition.IN_REPAIR, kept=True)
    return Said(Condition(kind), kept=kept)


@cache
def _among(kind: str) -> re.Pattern[str]:
    """Return a pattern for the words of a condition among others: whole words, in Latin letters."""
    words = [word for word, of in condition_words().items() if of == kind and not word.isdigit()]
    latin = [word for word in words if word.isascii() and len(word) >= (2 if kind == "ok" else 4)]
    others = [word for word in words if not word.isascii() and len(word) > 1]
    whole = "|".join(map(re.escape, sorted(latin, key=len, reverse=True)))
    parts = "|".join(map(re.escape, sorted(others, key=len, reverse=True)))
    return re.compile(rf"\b(?:{whole})\b|(?:{parts})")


def _contained(said: str) -> Said:
    """Look for words of a condition among others: `zip broken`, `ausgemustert 2022`."""
    for kind in ("not_lent", *SEVERITY[:-1]):
        found = _among(kind).search(said)
        if found and kind == "lost" and (part := _lacking(said)) is not None:
            return part
        if found and not _NOT.search(said[: found.start()]):
            return _said(kind, kept=True)
    words = said.split()
    if len(words) > 1 and _NOT.fullmatch(words[-2]) and works(words[-1]):
        return Said(Condition.IN_REPAIR, kept=True)
    if len(words) <= 3 and _among("ok").search(said) and not _NOT.search(said):
        return Said(Condition.OK, kept=True)
    if damage_in(said):
        return Said(Condition.IN_REPAIR, kept=True)
    return Said(None, kept=True, unknown=True)


def _lacking(said: str) -> Said | None:
    """Return the condition of a thing of which a part is missing; None where it is missing itself."""
    hit = damage("missing").search(said)
    if hit is None or not _beside(said, hit):
        return None
    if damage_in(said):
        return Said(Condition.IN_REPAIR, kept=True)
    return Said(None if _is_denied(said, hit, behind=True) else Condition.DAMAGED, kept=True)


def worst(*found: Condition | None) -> Condition | None:
    """Return the condition that forbids most; None where none is said."""
    said = [one.value for one in found if one is not None]
    return Condition(min(said, key=SEVERITY.index)) if said else None


# Damage among the words of a remark

_CLAUSES = re.compile(r"[,;:!?\n()\[\]。、，；（）]|\.(?!\d)|\s[-–—]\s")
_BUT = re.compile(r"\b(?:but|aber|men|mais|maar|pero|però|ale|но)\b", re.IGNORECASE)
_DENIES_BEFORE, _DENIES_BEHIND = 2, 1
"""Words of meaning between which a denial stands."""
_DENIALS = r"(?:not|t|dont|doesnt|wont|cannot|nicht|ikke|ikkje|ej|inte|niet|pas|plus|no|non|nao|nie|ne|не)"
_LATE_DENIALS = r"(?:nicht|ikke|ikkje|ej|inte|niet|pas|plus)"


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a remark. `kind`: of condition, where it says nothing else; `is_over`: whether damage is
    over, or with False that there is some.
    """

    text: str
    kind: str | None
    is_over: bool | None


def damage_in(text: str) -> str:
    """Return the words of a remark that say that something of the thing is broken or missing; empty where
    none do, where they are denied, or where it was mended since.
    """
    return _damage([_clause(part) for part in _CLAUSES.split(text)]) if _may_tell(text) else ""


def _damage(clauses: Sequence[_Clause]) -> str:
    found = ""
    for clause in clauses:
        if clause.is_over is not None:
            found = "" if clause.is_over else found or one_line(clause.text)
    return found


_WORDS = re.compile(r"\w+")
_HEAD = 4
"""The letters of its beginning by which a word may be one of damage."""


@cache
def _heads_of_damage() -> frozenset[str]:
    """Return the beginnings of all words that keep a thing back, and of mending, with accents and without:
    of several words the longest one's, as it is rarest.
    """
    words: list[str] = []
    for part in ("broken", "missing", "gone", "mended", "works"):
        words += spelled("remarks", part)
    for kind in _FORBIDDING:
        words += spelled("conditions", kind)
    forms = [re.findall(r"\w+", form) for word in words for form in (word.lower(), key(word))]
    return frozenset(max(parts, key=len)[:_HEAD] for parts in forms if parts)


def _may_tell(text: str) -> bool:
    """Return whether any word begins like one that keeps a thing back: in most remarks none does."""
    heads = [word[:_HEAD] for word in _WORDS.findall(text.lower())]
    return not _heads_of_damage().isdisjoint(heads) or (not text.isascii() and is_unspaced(text))


_DATED = re.compile(r"\s+(?:\w{1,5}\s+)?[\d./-]{4,}\s*$")
"""A date behind a word: `sold 2023`, `verkauft am 1.3.2024`."""


@lru_cache(16_384)  # in the remarks of a list the same clauses come again and again
def _clause(text: str) -> _Clause:
    found = [_of_clause(said) for part in _BUT.split(text) if (said := key(part))]
    is_over = next((one for one in reversed(found) if one is not None), None)
    return _Clause(text, kind_of(text) or kind_of(_DATED.sub("", text)), is_over)


@lru_cache(16_384)
def _tells_nothing(text: str) -> bool:
    clause = _clause(text)
    return clause.is_over is None and clause.kind not in _FORBIDDING


def _of_clause(said: str) -> bool | None:
    mended = _mended(said)
    return mended if mended is not None else False if _is_damaged(said) else None


def _mended(said: str) -> bool | None:
    """Return whether the clause says that something was mended; False where that is still to be done."""
    hit = damage("mended").search(said)
    if hit is None:
        return None
    before = said[: hit.start()].split()[-1:]
    still = not of_remarks("still_to").isdisjoint(before)
    return not still and not _is_denied(said, hit)


def _is_damaged(said: str) -> bool:
    if any(not _is_denied(said, hit) for hit in damage("broken").finditer(said)):
        return True
    for part in ("missing", "gone"):
        for hit in damage(part).finditer(said):
            if _parts_beside(said, hit) and not _is_denied(said, hit, behind=True):
                return True
    return _does_not_work().search(said) is not None


@cache
def _does_not_work() -> re.Pattern[str]:
    verbs = "|".join(sorted(map(re.escape, of_remarks("works")), key=len, reverse=True))
    return re.compile(rf"\b{_DENIALS} (?:\w+ )?(?:{verbs})\b|\b(?:{verbs}) (?:\w+ )?{_LATE_DENIALS}\b")


def _beside(said: str, hit: re.Match[str]) -> list[str]:
    """Return the words of meaning beside those of something missing."""
    passed = of_remarks("filler") | of_remarks("denied")
    behind = said[hit.end() :].split()
    until = next((n for n, word in enumerate(behind) if word in of_remarks("since")), len(behind))
    words = [*said[: hit.start()].split(), *behind[:until]]
    return [word for word in words if word not in passed and not word.isdigit()]


def _parts_beside(said: str, hit: re.Match[str]) -> list[str]:
    """Return those of them that may be a part without which the thing is not lent."""
    beside = f" {' '.join(_beside(said, hit))} "
    for word in sorted(of_remarks("small"), key=len, reverse=True):
        beside = beside.replace(f" {word} ", "  ")
    return beside.split()


def _is_denied(said: str, hit: re.Match[str], *, behind: bool = False) -> bool:
    """Return whether a word is denied by one before it, or `behind` it: `mangler ikke noe`."""
    if not of_remarks("harmless").isdisjoint(said[hit.end() :].split()[:1]):
        return True
    if is_unspaced(hit[0]):
        near = said[max(0, hit.start() - 2) : hit.start()], said[hit.end() : hit.end() + 4]
        signs = [word for word in of_remarks("denied") if is_unspaced(word)]
        return any(sign in near[0] for sign in signs) or any(s in near[1] for s in signs if len(s) > 1)
    after = said[hit.end() :].split()
    before = said[: hit.start()].split()
    words = [*before, *after] if behind else before
    numbered = {
        n for n, word in enumerate(words) if word == "no" and words[n + 1 : n + 2] and words[n + 1].isdigit()
    }
    passed = of_remarks("filler")
    near_before = [n for n, word in enumerate(before) if word not in passed][-_DENIES_BEFORE:]
    near_behind = [n + len(before) for n, word in enumerate(after) if word not in passed][:_DENIES_BEHIND]
    looked = near_before + (near_behind if behind else [])
    return any(words[n] in of_remarks("denied") and n not in numbered for n in looked)
