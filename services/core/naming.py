"""Names that people give to what an organisation has: places, tags, fields, kits."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.core.errors import Refusal, Refused


@dataclass(frozen=True)
class Taken:
    """A name that there is already; `off`: what has it is not offered any more."""

    id: int
    name: str
    off: bool


def clean(text: str, most: int) -> str:
    """The name on one line. Raises NAME_EMPTY, TOO_MUCH_TEXT beyond `most` characters."""
    name = " ".join(text.split())
    if not name:
        raise Refusal(Refused.NAME_EMPTY)
    if len(name) > most:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=most)
    return name


def require_new(name: str, taken: Iterable[Taken], *, but: int | None = None) -> None:
    """Raise NAME_TAKEN where another than `but` is called the same, capitals forgiven."""
    for one in taken:
        if one.id != but and one.name.casefold() == name.casefold():
            raise Refusal(Refused.NAME_TAKEN, name=one.name, off=one.off)
