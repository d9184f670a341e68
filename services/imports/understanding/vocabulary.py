"""Words by which columns and cells of a list are known, in fifteen languages (words.toml)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from services.core.text import key
from services.imports.understanding.headers import compounds
from services.imports.understanding.headers.meaning import PLACE as PLACE
from services.imports.understanding.headers.meaning import Meaning as Meaning
from services.imports.understanding.headers.meaning import Word as Word


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))


@cache
def _columns() -> dict[str, tuple[Word, ...]]:
    found: dict[str, dict[Meaning, Word]] = {}
    for name, by_language in _table()["columns"].items():
        meaning = Meaning(name)
        for language, words in by_language.items():
            for rank, word in enumerate(words):
                found.setdefault(normalized(word), {}).setdefault(
                    meaning, Word(meaning, rank, language == "weak")
                )
    return {word: tuple(meanings.values()) for word, meanings in found.items()}


@cache
def _begins() -> dict[str, Meaning]:
    return {normalized(word): Meaning(name) for name, words in _table()["begins"].items() for word in words}


_ASKED = 100
"""The rank of a header that is a question: any known word comes before it."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TYPED = re.compile(r"^cf:\s*(?P<label>.*?)\s*,\s*type:\s*\w+$", re.IGNORECASE)
_PARENTHESES = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_EITHER = re.compile(r"[\s,:;–-]+(?P<yes>\w+)\s*/\s*(?P<no>\w+)\s*\??$")
_NUMBER_SIGN = re.compile(r"#|№|\bn[°º]\.?|\bn\.[ºo]", re.IGNORECASE)


def normalized(header: str) -> str:
    """Return a header for comparison: `Item #`, `item no.` and `itemNo` are equal."""
    return key(_NUMBER_SIGN.sub(" no ", _CAMEL.sub(" ", header)))


def label_of(header: str) -> str:
    """Return a header without what a product puts around it: `cf: Brand, type:option` is `Brand`."""
    typed = _TYPED.match(header.strip())
    return typed["label"] if typed else header.strip()


def _plain(header: str) -> str:
    """Return a header without what stands in parentheses, and without `yes/no` at its end."""
    plain = _PARENTHESES.sub(" ", label_of(header))
    found = _EITHER.search(plain) if "/" in plain else None
    is_either = found is not None and {yes_no(found["yes"]), yes_no(found["no"])} == {True, False}
    return plain[: found.start()] if found is not None and is_either else plain


def meanings(header: str) -> tuple[Word, ...]:
    """Return what a header can mean; nothing where it is unknown."""
    if _is_measured(header):
        return ()
    columns, plain = _columns(), _plain(header)
    header = label_of(header)
    for form in (normalized(header), key(header), normalized(plain), normalized(plain).rstrip("s")):
        if form and form in columns:
            return columns[form]
    said = normalized(plain)
    asked = next((word for word in _begins() if said == word or said.startswith(f"{word} ")), None)
    if asked is not None:
        return (Word(_begins()[asked], _ASKED),)
    return _of_parts(plain) or _of_thing(said)


@lru_cache(4_096)
def _of_thing(said: str) -> tuple[Word, ...]:
    """Return what a header means that names the thing, too: `Product type`, `Gerätezustand`, `设备状态`."""
    things = keys("compound", "things")
    is_named = not things.isdisjoint(said.split())
    of_name = said.removesuffix(" name")
    parts = compounds.fields(said, things, keys("compound", "fillers"))
    for part in (*parts, *([of_name] if of_name != said else [])):
        allowed = _OF_A_NAME if part == of_name else _OF_A_THING
        if not is_named and part in said.split() and part != of_name:
            allowed = frozenset({Meaning.QUANTITY})
        found = [word for word in _columns().get(part, ()) if word.meaning in allowed]
        if found:
            return tuple(Word(word.meaning, word.rank + _ASKED, word.weak) for word in found)
    return ()


_OF_A_THING = frozenset(Meaning) - {*PLACE, Meaning.TAGS, Meaning.LABEL, Meaning.COMMENT, Meaning.HOLDER}
"""Meanings of headers that name the thing: other words beside one are more often a thing, as `Tool box`."""
_OF_A_NAME = frozenset((Meaning.BRAND, Meaning.MODEL, Meaning.TYPE, *PLACE))


@lru_cache(4_096)
def likely(header: str) -> tuple[Word, ...]:
    """Return what a header can mean, guessing where one of its words is known: `CL location`."""
    if (found := meanings(header)) or _is_measured(header):
        return found
    part = compounds.likely(normalized(_plain(header)), _telling(), keys("compound", "others"))
    words = _columns()[part] if part else ()
    return tuple(Word(word.meaning, _GUESSED, weak=True) for word in words if word.meaning in _GUESSES)


_GUESSED = 200
"""The rank of a header of which only one word is known."""
_GUESSES = frozenset((Meaning.NAME, Meaning.LOCATION, Meaning.CONDITION))


@cache
def _telling() -> frozenset[str]:
    """Return the words that tell a meaning beside unknown ones: a place, a condition, or a `name`."""
    found = {
        word
        for word, of in _columns().items()
        if any(one.meaning in (Meaning.LOCATION, Meaning.CONDITION) and not one.weak for one in of)
    }
    return frozenset(found - keys("compound", "not_telling")) | keys("compound", "names")


def _is_measured(header: str) -> bool:
    """Return whether the header says in which measure its numbers are: `Range (mm)`."""
    return key(compounds.in_parentheses(header)) in keys("compound", "measures")


_BETWEEN = re.compile(
    r"\s*(?:/|\||&|\+)\s*|\s+(?:and|or|und|oder|og|eller|och|en|of|et|ou|y|o|e|i|lub|a|nebo|и|или)\s+"
)


def _of_parts(header: str) -> tuple[Word, ...]:
    """Return what a header of several words can mean, where those known mean the same: `Vehicle / locker`."""
    parts = _BETWEEN.split(header.strip())
    found = [_columns().get(normalized(part), ()) for part in parts] if len(parts) > 1 else []
    meant = {Meaning.LOCATION if word.meaning in PLACE else word.meaning for of in found for word in of[:1]}
    one = meant.pop() if len(meant) == 1 else next((of for of, parts in _JOINED if meant == parts), None)
    return (Word(one, _ASKED),) if one is not None else ()


_JOINED = [
    (Meaning.MODEL, {Meaning.BRAND, Meaning.MODEL}),
    (Meaning.CONDITION, {Meaning.CONDITION, Meaning.COMMENT}),
]
"""Meanings of a column whose header has two of them."""


def is_known(header: str) -> bool:
    """Return whether the header can mean anything of ours."""
    return any(word.meaning is not Meaning.CUSTOM for word in meanings(header)) or is_secret(header)


def is_kept(header: str) -> bool:
    """Return whether the header is a known one of a list's own fields, such as a price."""
    return any(word.meaning is Meaning.CUSTOM for word in meanings(header))


@cache
def keys(section: str, part: str = "words") -> frozenset[str]:
    """Return the words of a part of the table, as keys."""
    return frozenset(key(word) for word in _table()[section][part])


def spelled(section: str, part: str = "words") -> Sequence[str]:
    """Return the same words as they are written."""
    found: Sequence[str] = _table()[section][part]
    return found


def is_secret(header: str) -> bool:
    """Return whether the column holds what must never be kept, such as passwords."""
    said = normalized(_PARENTHESES.sub(" ", label_of(header)))
    return said in keys("left_out", "secret") or not keys("left_out", "within").isdisjoint(said.split())


def is_own(header: str) -> bool:
    """Return whether another program numbers its own rows, or names its own files, in the column."""
    return normalized(header) in keys("left_out", "own")


_LONGEST_WORD = 60


def is_nothing(text: str) -> bool:
    """Return whether the cell has no value: blank, or a word such as `none` or `-`."""
    if len(text) > _LONGEST_WORD:
        return not any(map(str.isalnum, text))
    return not text[-1:].isdigit() and _is_nothing(text)  # none of the words has a number


@lru_cache(16_384)
def _is_nothing(text: str) -> bool:
    said = key(text)
    return not said or said in keys("nothing")


@cache
def _totals() -> tuple[str, ...]:
    return tuple(f"{word} " for word in keys("totals"))


def is_total(text: str) -> bool:
    """Return whether the cell begins a row of sums: `Sum`, `Total items: 75`."""
    if len(text) > 2 * _LONGEST_WORD:
        return False
    return is_total_key(key(text))


def is_total_key(said: str) -> bool:
    """Return the same for a cell's key."""
    return said in keys("totals") or (len(said) < 40 and said.startswith(_totals()))


def is_total_word(said: str) -> bool:
    """Return whether a cell's key is a word for a sum and nothing else: no `Total station`."""
    return said in keys("totals")


@cache
def units() -> str:
    """Return the units behind a number of pieces, as alternatives of a regular expression."""
    words = sorted(_table()["pieces"]["words"], key=len, reverse=True)
    return "|".join(map(re.escape, words))


SEVERITY = ("retired", "lost", "in_repair", "damaged", "ok")
"""Conditions from the one that forbids most: where a cell says two, the first counts."""


@cache
def condition_words() -> dict[str, str]:
    """Return the kind of condition by its word: those of SEVERITY, and `not_lent`."""
    table = _table()["conditions"]
    found: dict[str, str] = {}
    for kind in (*SEVERITY, "not_lent"):
        for word in table[kind]:
            found.setdefault(key(word), kind)
    return found


def yes_no(text: str) -> bool | None:
    """Return the truth of a yes or no; None for any other word."""
    said = key(text) or text.strip().removesuffix(_SHOWN_AS_PICTURE)
    if not said:
        return None
    if said in keys("yes_no", "yes") or said in _YES_SIGNS:
        return True
    return False if said in keys("yes_no", "no") or said in _NO_SIGNS else None


_YES_SIGNS, _NO_SIGNS = "✓✔✅☑", "✗✘✖❌☒🚫☐□⬜"
_SHOWN_AS_PICTURE = "\ufe0f"
_ANSWER = re.compile(rf"(?P<answer>[{_YES_SIGNS}{_NO_SIGNS}]{_SHOWN_AS_PICTURE}?|[^\W\d_]+)(?P<more>.*)")


def answer(text: str) -> tuple[bool | None, str]:
    """Return the truth of an answer, and the words behind it: `no (lens cracked)`, `❌ no power`.

    None, and the whole text, for what is no answer.
    """
    found = yes_no(text)
    if found is not None or not text:
        return found, ""
    match = _ANSWER.fullmatch(text)
    if match is None or (truth := yes_no(match["answer"])) is None:
        return None, text
    of_word = match["answer"][0].isalpha()
    if of_word and (len(match["answer"]) < 2 or not re.match(r"\s*[-–—,;:(.]", match["more"])):
        return None, text
    return truth, match["more"].strip(" -–—,;:().")


def is_of_days(header: str) -> bool:
    """Return whether there are days below the header."""
    said = key(header)
    return not keys("days").isdisjoint(said.split()) or any(
        word.startswith(part) or word.endswith(part)
        for word in said.split()
        for part in keys("days", "within")
    )


@cache
def numbers() -> dict[str, str]:
    """Return numbers in words, with their digits: `ett` is 1."""
    return {key(word): n for n, words in _table()["numbers"].items() if n.isdigit() for word in words}


def of_numbers(part: str) -> frozenset[str]:
    """Return the words of this part: `of` all, an `article` in front, what no number is `not_before`."""
    return keys("numbers", part)


_ENDING = re.compile(r"[aeiouyаеиоуыэюяй]+s?$")
_SHORTEST_STEM = 4


def _stem(word: str) -> str:
    """Return a word without its ending: `averiada` and `averiados` are equal. Empty for a short one."""
    found = _ENDING.sub("", word)
    return found if len(found) >= _SHORTEST_STEM and found.isalpha() else ""


@cache
def _stems() -> dict[str, str]:
    """Return the conditions by the stems of their words: adjectives agree with what they describe."""
    found = {_stem(word): kind for word, kind in condition_words().items() if kind != "not_lent"}
    return {stem: kind for stem, kind in found.items() if stem}


def inflected(said: str) -> str | None:
    """Return the kind of condition whose word this is with another ending."""
    return _stems().get(_stem(said))


def works(said: str) -> bool:
    """Return whether the word says that a thing works."""
    return said in keys("asked", "works")


def asked(header: str) -> tuple[str, bool] | None:
    """Return the kind of condition that a header asks about, where its cells are yes or no: that of a yes,
    or that of a no, with False; `available` for what may merely be with somebody.
    """
    said = f" {normalized(_plain(header))} "
    for word in keys("asked", "beside"):
        said = said.replace(f" {word} ", " ")
    said = said.strip()
    if said in keys("asked", "available"):
        return "available", False
    if said in keys("asked", "works"):
        return "in_repair", False
    kind = condition_words().get(said) or inflected(said)
    return (kind, True) if kind not in (None, "ok", "not_lent") else None


@cache
def _of_people() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name, words in _table()["people"].items():
        for rank, word in enumerate(words):
            found.setdefault(normalized(word), {}).setdefault(name, rank)
    return found


def of_people(header: str) -> Mapping[str, int]:
    """Return the fields of a person that a header can mean, with how early it stands among their words."""
    header = label_of(header)
    plain = normalized(_PARENTHESES.sub(" ", header))
    for form in (normalized(header), key(header), plain, plain.removeprefix("user ").removeprefix("member ")):
        if form and form in _of_people():
            return _of_people()[form]
    return {}


@cache
def _by_word(section: str) -> dict[str, str]:
    return {key(word): kind for kind, words in _table()[section].items() for word in words}


def role(text: str) -> str | None:
    """Return the role that a word means; None for an unknown one."""
    return _by_word("people_roles").get(key(text))


def membership(text: str) -> str | None:
    """Return whether somebody is a `member`, `left`, or is `barred`; None for an unknown word."""
    return _by_word("people_status").get(key(_NUMBERED.sub("", _PARENTHESES.sub(" ", text))))


_NUMBERED = re.compile(r"^\s*\d{1,2}[.):]\s*")
"""A number before a word of a list that is chosen from: `2. Member`."""


@cache
def particles() -> frozenset[str]:
    """Return the words between two names that belong to the last, in lower case."""
    return frozenset(_table()["people_names"]["particles"])


def own_languages() -> list[str]:
    """Return the languages that our own files come in, English first."""
    return ["en", *_table()["ours"]]


def own_words(language: str, part: str) -> Mapping[str, str]:
    """Return the words of our own files in a language, by the English ones, which are not in it."""
    base = language.replace("_", "-").split("-")[0].lower()
    base = "nb" if base in ("no", "nn") else base
    found: Mapping[str, str] = _table()["ours"].get(base, {}).get(part, {})
    return found


NO_ITEMS = "no items"
"""Condition of a row about equipment that has no items yet."""


@cache
def _no_items() -> frozenset[str]:
    return frozenset(key(own_words(one, "words").get(NO_ITEMS, NO_ITEMS)) for one in own_languages())


def says_no_items(text: str) -> bool:
    """Return whether the condition says that the row is about equipment without items."""
    return key(text) in _no_items()


@cache
def all_words() -> frozenset[str]:
    """Return all known words as they are written, in lower case: what a text in these languages contains."""
    table = _table()
    texts = [word for of in table["columns"].values() for words in of.values() for word in words]
    texts += [word for words in table["conditions"].values() for word in words]
    texts += [word for words in table["people"].values() for word in words]
    texts += table["totals"]["words"] + table["common"]["words"]
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]+", text.casefold()))


@cache
def lights() -> Mapping[str, str]:
    """Return the kinds of condition by the colors of a traffic light."""
    return _by_word("lights")


@cache
def of_remarks(part: str) -> frozenset[str]:
    """Return the words of one part of what remarks say of damage."""
    return keys("remarks", part)


@cache
def damage(part: str) -> re.Pattern[str]:
    """Return a pattern for words of damage among others, such as `broken` or `missing` ones, in a key."""
    words = sorted(_table()["remarks"][part], key=len, reverse=True)
    forms = [re.escape(key(word)) + (r"\w*" if word.endswith("*") else "") for word in words]
    latin = [form for word, form in zip(words, forms, strict=True) if not compounds.is_unspaced(word)]
    others = [form for word, form in zip(words, forms, strict=True) if compounds.is_unspaced(word)]
    return re.compile(rf"\b(?:{'|'.join(latin)})\b" + "".join(f"|{form}" for form in others))
