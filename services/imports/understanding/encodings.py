"""The encoding of a text file, told by its words; where it is a guess, the texts that it could be."""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from services.imports.understanding.vocabulary import all_words

CANDIDATES = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "iso8859-2", "iso8859-5", "iso8859-15"),
    *("mac_roman", "mac_latin2", "mac_cyrillic", "cp437", "cp850", "cp858", "cp852", "cp866", "koi8-r"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
"""Encodings beside UTF-8 and UTF-16, in the order in which they are preferred where two fit alike."""

_NAMED = (
    *CANDIDATES,
    *(
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "ascii",
        "koi8-u",
        "shift_jis",
        "euc_kr",
        "gbk",
    ),
    *(f"iso8859-{part}" for part in range(1, 17) if part != 12),
    *(f"cp{page}" for page in (737, 775, 855, 857, 861, 862, 863, 864, 865, 869, 874, *range(1250, 1259))),
    *("mac_greek", "mac_turkish", "mac_iceland"),
)


@cache
def _known() -> frozenset[str]:
    return frozenset(codecs.lookup(name).name for name in _NAMED)


def named(name: str) -> str | None:
    """Return Python's own name of an encoding that a person named; None where no text has such a one."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if found in _known() else None


_ASIAN = {"cp932", "euc_jp", "gb18030", "big5", "cp949"}
_SURE = 1.12
"""A best reading this much better than the next different one is taken without a question."""

_WORD = re.compile(r"[^\W\d_]+")
_BROKEN = re.compile(r"(?<=[^\W\d_])[^\w\s\x00-\x7f’‘·–—](?=[^\W\d_])|(?<=[a-z])[–—](?=[a-z])")
"""A sign within a word, as no word has it: `Kj¢kken`, `ao–t`."""

_LONE = re.compile(r"(?<=\d)(?:\s?[À-ÖØ-ßâ-äæ-èê-ñòô-öø-ɏ]|[À-ɏ]{2,})(?!\w)")
"""A Latin letter alone behind a number, where a currency's sign stands: `10 ú`, but not `10 à 20`; or some,
where blanks stand.
"""

_HEAD = 65_536


@dataclass(frozen=True)
class Reading:
    """A possible encoding, its score, and the first words that are not plain ASCII in it."""

    encoding: str
    score: float
    sample: str


@dataclass(frozen=True)
class Guess:
    """The best encoding. `others`: different readings that are about as good; then a person is asked."""

    best: Reading
    others: tuple[Reading, ...] = ()


def guess(data: bytes) -> Guess:
    """Guess the encoding of a text that is neither UTF-8 nor UTF-16."""
    words = [line for line in re.split(rb"[\r\n]+", data[:_HEAD]) if not line.isascii()]
    sample = b"\n".join(words[:400])
    if data[:_HEAD].isascii() or not sample:
        sample = data[:_HEAD]
    readings: dict[str, Reading] = {}
    for encoding in CANDIDATES:
        text = _decoded(sample, encoding)
        if text is not None:
            reading = Reading(encoding, _score(text, encoding), _shown(text))
            known = readings.get(text)
            if known is None or known.score < reading.score:
                readings[text] = reading
    ranked = sorted(readings.values(), key=lambda r: -r.score)
    if not ranked:
        return Guess(Reading("cp1252", 0, ""))
    best = ranked[0]
    others = [
        r
        for r in ranked[1:]
        if r.score > 0 and r.sample and r.sample != best.sample and r.score * _SURE >= best.score
    ]
    return Guess(best, tuple(others[:2]))


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # Cut off within a character, as a short file is not.
        if encoding in _ASIAN and error.start >= len(data) - 3 and len(data) > 400:
            return data[: error.start].decode(encoding)
        if encoding == "cp1252" and len(error.object) > 400:  # a stray byte in a long text
            return data.decode(encoding, "replace")
        return None


def _score(text: str, encoding: str) -> float:
    """Score how much the text reads as one that people wrote: above all, by words that are known."""
    strange = [c for c in text if not c.isascii()]
    if not strange:
        return 1.0
    good = sum(_worth(c, encoding) for c in strange)
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    known = sum(len(word) > 1 and word.casefold() in all_words() for word in words)
    broken = len(_BROKEN.findall(text)) + len(_LONE.findall(text))
    mixed = broken + sum(_is_mixed(word) for word in words)
    count = max(1, len(words) + broken)
    score = good / len(strange)
    return max(0.0, score - 0.9 * mixed / count) + 1.5 * known / count + 0.2 * bool(known)


_COMMON = set(
    "\u00a0äöüßåæøéèêëàâçñóíáúãõôîïìòùûœýčšžřěůąęłżźćńśőűđ«»„“”’‘–—…€£°²³½×±§ÄÖÜÅÆØÉÈÊÀÂÔÎÛŒÇÑÓÍÁÚČŠŽŘŁŻŚ"
)


def _worth(c: str, encoding: str) -> float:
    kind = unicodedata.category(c)
    if encoding in _ASIAN:
        if "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3":
            return 1.2 if _is_everyday(c, encoding) else 0.55
        return 0.7 if "\uff00" <= c <= "\uff60" or "\u3000" <= c <= "\u303f" else 0.0
    if c in _COMMON or c == "\xa0":
        return 1.0
    if "\u0400" <= c <= "\u045f":
        return 0.95
    if "\u0370" <= c <= "\u03ff":
        return 0.97
    if kind[0] == "L":
        return 0.6
    return -0.6 if kind in ("So", "Sm", "Cc", "Cn", "Co") or "\u2500" <= c <= "\u25ff" else 0.1


def _is_everyday(c: str, encoding: str) -> bool:
    """Return whether the character is among those of a standard's first level, which texts mostly use."""
    if "\u3040" <= c <= "\u30ff" or "\uac00" <= c <= "\ud7a3":
        return True
    if encoding == "gb18030":
        first = c.encode("gb18030")[0]
        return 0xB0 <= first <= 0xD7
    if encoding == "big5":
        return 0xA4 <= c.encode("big5")[0] <= 0xC6
    code = c.encode("euc_jp", "ignore")
    return len(code) == 2 and 0xB0 <= code[0] <= 0xCF


def _is_mixed(word: str) -> bool:
    """Return whether the word changes between scripts or cases as no word does: `GerŠt`, `BŚl`, `naïvЖ`."""
    if any(a.islower() and b.isupper() for a, b in pairwise(word)):
        return True
    if any(c.isupper() and not c.isascii() for c in word[1:]) and not word.isupper():
        return True
    return len({_script(c) for c in word}) > 1


_JAPANESE = {"HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA", "HALFWIDTH", "FULLWIDTH"}


@cache
def _script(c: str) -> str:
    name = unicodedata.name(c, "").partition(" ")[0]
    return (
        "JAPANESE"
        if name in ("HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA", "HALFWIDTH", "FULLWIDTH")
        else name
    )


def _shown(text: str) -> str:
    """Return the first words that tell readings apart."""
    found = [word for word in re.findall(r"\S+", text) if not word.isascii()]
    return " ".join(dict.fromkeys(found[:12]))[:80]
