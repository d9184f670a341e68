"""Texts under a picture: Telegram takes 1024 characters there, and an emoji may count as two."""

from dataclasses import dataclass

from markupsafe import Markup

CAPTION = 1024
_ROOM = CAPTION - 64
"""What we use of it: one character too many, and nothing is shown at all."""

_LEAST = 20
"""Less than that of a longer text says nothing."""


@dataclass(frozen=True)
class Spare:
    """A part that is left out, or cut short, where there is no room for it."""

    text: str
    before: Markup | str = ""
    after: Markup | str = ""

    def within(self, room: int) -> Markup | None:
        room -= weight(self.before) + weight(self.after)
        if room < min(_LEAST, weight(self.text)):
            return None
        return Markup("{}{}{}").format(self.before, cut(self.text, room), self.after)


def weight(text: str | Markup) -> int:
    """Its length as Telegram counts at worst: UTF-16 units, without tags."""
    plain = _plain(text) if isinstance(text, Markup) else text
    return len(plain.encode("utf-16-le", "replace")) // 2


def _plain(text: Markup) -> str:
    # `striptags` makes white space single: lines count as they are.
    return "\n".join(Markup(line).striptags() for line in text.split("\n"))


def cut(text: str, most: int) -> str:
    """As much of it as weighs no more than `most`, with an ellipsis where something is missing."""
    whole = text.encode("utf-16-le", "replace")
    if len(whole) <= 2 * most:
        return text
    return whole[: 2 * (most - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def fit(*parts: Markup | str | Spare | None, room: int = _ROOM) -> Markup:
    """The parts line by line: the fixed ones whole, the spare ones in turn while there is room."""
    fixed = [part for part in parts if part is not None and not isinstance(part, Spare)]
    left = room - sum(weight(part) + 1 for part in fixed)
    shown: list[Markup | str] = []
    for part in parts:
        if isinstance(part, Spare):
            fitted = part.within(left - 1)
            if fitted is None:
                continue
            left -= weight(fitted) + 1
            shown.append(fitted)
        elif part is not None:
            shown.append(part)
    return Markup("\n").join(shown)
