"""Names that people give to locations, tags, fields and kits."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.core.errors import Refusal, Refused


@dataclass(frozen=True)
class Taken:
    """A name in use; `off`: its owner is disabled or retired."""

    id: int
    name: str
    off: bool


def clean(text: str, most: int) -> str:
    """Return the name on one line. Raises NAME_EMPTY, TOO_MUCH_TEXT beyond `most` characters."""
    name = " ".join(text.split())
    if not name:
        raise Refusal(Refused.NAME_EMPTY)
    if len(name) > most:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=most)
    return name


def require_new(name: str, taken: Iterable[Taken], *, but: int | None = None) -> None:
    """Raise NAME_TAKEN where another than `but` has the same name, ignoring case."""
    for one in taken:
        if one.id != but and one.name.casefold() == name.casefold():
            raise Refusal(Refused.NAME_TAKEN, name=one.name, off=one.off)
