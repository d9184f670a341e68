"""Headers and words of our own files: in the reader's language, and as an organization calls its fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from services.core.text import one_line
from services.imports.understanding import vocabulary


class Kind(StrEnum):
    """Kinds of our own files."""

    INVENTORY = "inventory"
    MEMBERS = "members"
    RENTALS = "rentals"


_NAMED: Mapping[Kind, Mapping[str, str]] = {
    Kind.INVENTORY: {
        **{name: f"equipment.{name}" for name in ("name", "brand", "model", "type", "description", "tags")},
        **{name: f"item.{name}" for name in ("code", "location", "label", "comment")},
        "serial number": "item.serial_number",
    },
    Kind.MEMBERS: {
        **{name: f"user.{name}" for name in ("username", "email", "phone", "city", "note")},
        "first name": "user.first_name",
        "last name": "user.last_name",
        "membership number": "user.membership_id",
        "date of birth": "user.born_on",
        "other id": "user.other_id",
        "postcode": "user.postal_code",
    },
    Kind.RENTALS: {"purpose": "rental.purpose", "comment": "rental.comment"},
}
"""The names of an organization's standard fields (Organization.labels), by our columns."""


@dataclass(frozen=True)
class Headings:
    """Headers for one reader. `labels`: the organization's own names for its fields."""

    language: str = "en"
    labels: Mapping[str, Any] = field(default_factory=dict)

    def of(self, kind: Kind, columns: Sequence[str]) -> list[str]:
        """Return the headers of these columns."""
        words = vocabulary.own_words(self.language, kind)
        return [self._label(kind, name) or words.get(name, name) for name in columns]

    def _label(self, kind: Kind, name: str) -> str:
        kept = self.labels.get(_NAMED[kind].get(name, ""))
        return one_line(str(kept.get("label", ""))) if isinstance(kept, Mapping) else ""

    def word(self, word: str) -> str:
        """Return a word of our own in cells, such as a condition or the title of a sheet."""
        return vocabulary.own_words(self.language, "words").get(word, word)


def known(labels: Mapping[str, Any]) -> Iterator[Headings]:
    """Yield all headings that a file of ours may have come with: with the names and without, by language."""
    for language in vocabulary.own_languages():
        yield Headings(language, labels)
        if labels:
            yield Headings(language)


def reading(
    kind: Kind, headers: Sequence[str], columns: Sequence[str], labels: Mapping[str, Any]
) -> Headings | None:
    """Return the headings in which the headers begin with these columns; None where they do not."""
    said = list(headers[: len(columns)])
    return next((one for one in known(labels) if one.of(kind, columns) == said), None)
