"""Checks of translations, with messages for translators."""

import re
from collections import Counter
from collections.abc import Sequence
from string import Formatter

from babel.messages.catalog import Catalog

from handlers.i18n.extraction import TAG, Found

LONGEST_LABEL = 40
"""Characters that fit on a button on a phone."""

_COMMAND = re.compile(r"(?<![\w<])/[a-z]+")
_ENTITY = re.compile(r"&(lt|gt|amp|quot|#\d+);")


def of_catalogue(catalogue: Catalog, found: dict[str, Found]) -> list[str]:
    """Return every problem that keeps the catalogue from being complete and correct."""
    known = {_one(message.id): message for message in catalogue if message.id}
    problems = [f"unused: {one!r}" for one in sorted(known.keys() - found.keys())]
    for one, wanted in sorted(found.items()):
        if one not in known:
            problems.append(f"missing: {one!r}")
            continue
        message = known[one]
        if message.fuzzy:
            problems.append(f"fuzzy: {one!r}")
        if isinstance(message.id, str) != (wanted.many is None):
            problems.append(f"singular and plural do not fit the code: {one!r}")
            continue
        problems += [f"{what}: {one!r}" for what in of_message(wanted, forms(message.string))]
    return problems


def of_message(message: Found, translated: Sequence[str]) -> list[str]:
    """Return the problems of one translation; its first form is the singular, the others are plurals."""
    if not all(translated) or len(translated) < len(message.forms):
        return ["untranslated"]
    problems = []
    for place, text in enumerate(translated):
        english = message.forms[min(place, len(message.forms) - 1)]
        problems += of_text(text, message.is_label)
        for what, of in (
            ("placeholders differ", placeholders),
            ("tags differ", tags),
            ("commands differ", commands),
            ("spaces or line breaks around it differ", _edges),
        ):
            if of(english) != of(text):
                problems.append(what)
    return list(dict.fromkeys(problems))


def of_text(text: str, is_label: bool) -> list[str]:
    """Return the problems of a text by itself, in any language."""
    problems = []
    if placeholders(text) is None:
        problems.append("braces do not balance")
    if not _balanced(text):
        problems.append("tags do not balance")
    if re.search(r"[<>&]", _ENTITY.sub("", TAG.sub("", text))):
        problems.append("a bare <, > or &")
    if is_label and len(text) > LONGEST_LABEL:
        problems.append(f"a label over {LONGEST_LABEL} characters")
    if is_label and TAG.search(text):
        problems.append("a tag on a label")
    return problems


def placeholders(text: str) -> Counter[str] | None:
    """Return the names in braces; None where they cannot be read."""
    try:
        return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def tags(text: str) -> Counter[str]:
    return Counter(TAG.findall(text))


def commands(text: str) -> Counter[str]:
    """Return commands such as `/rent`, which are the same in every language."""
    return Counter(_COMMAND.findall(TAG.sub(" ", text)))


def forms(string: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the translation as Babel keeps it, always as a tuple."""
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


def _one(id_: str | Sequence[str]) -> str:
    return id_ if isinstance(id_, str) else id_[0]


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _balanced(text: str) -> bool:
    open_: list[str] = []
    for tag in TAG.findall(text):
        name = tag.strip("</>").split()[0]
        if not tag.startswith("</"):
            open_.append(name)
        elif not open_ or open_.pop() != name:
            return False
    return not open_
