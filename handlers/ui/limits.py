"""Texts within Telegram's limits: 4096 characters, 1024 under a picture, and an emoji may count as two."""

import re
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from handlers.ui.message import Message

TEXT, CAPTION = 4096, 1024
_ROOM = CAPTION - 64
"""The part of the limit that is used: one character too many, and nothing is shown at all."""

_LEAST = 20
"""Characters of a cut text that still make sense."""

_THREE_LINES, _MOST_LINES = 150, 3
"""Characters and lines of a person's text that is shown as it is."""

_TAGS = re.compile("<(/?)[a-z][^>]*>")


@dataclass(frozen=True)
class Spare:
    """A part that is left out, or cut short, where there is no room for it."""

    text: str
    before: Markup | str = ""
    after: Markup | str = ""
    is_prose: bool = False
    """A person's own words, which become a quote where they are long."""

    def within(self, room: int) -> Markup | None:
        room -= weight(self.before) + weight(self.after)
        if room < min(_LEAST, weight(self.text)):
            return None
        text = cut(self.text, room)
        return Markup("{}{}{}").format(self.before, unfolding(text) if self.is_prose else text, self.after)


def unfolding(text: str) -> Markup:
    """Return what a person wrote: as it is, or where it is long as a quote that opens with a tap."""
    is_long = len(text) > _THREE_LINES or text.count("\n") >= _MOST_LINES
    return Markup("<blockquote expandable>{}</blockquote>" if is_long else "{}").format(text)


def weight(text: str | Markup) -> int:
    """Return the length as Telegram counts at worst: UTF-16 units, without tags."""
    shown = plain(text) if isinstance(text, Markup) else text
    return len(shown.encode("utf-16-le", "replace")) // 2


def plain(text: Markup) -> str:
    """Return a text without its formatting."""
    # Not `striptags`: that makes white space single, and all of it counts.
    return Markup(_TAGS.sub("", text)).unescape()


def cut(text: str, most: int) -> str:
    """Cut a text to a weight of `most`, with an ellipsis where something is missing."""
    whole = text.encode("utf-16-le", "replace")
    if len(whole) <= 2 * most:
        return text
    return whole[: 2 * (most - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def fit(*parts: Markup | str | Spare | None, room: int = _ROOM) -> Markup:
    """Join the parts line by line: the fixed ones whole, the spare ones in turn while there is room."""
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


def sendable(message: Message) -> Message:
    """Return the message within Telegram's limits, whatever people wrote.

    Below a picture there is less room: where the text needs more, the picture is dropped. A text that is
    still too long loses its last lines.
    """
    if message.picture is not None and weight(message.text) > CAPTION:
        message = replace(message, picture=None)
    if weight(message.text) > TEXT:
        message = replace(message, text=_shortened(message.text, TEXT))
    return message


def _shortened(text: Markup, most: int) -> Markup:
    """Return the first lines, and an ellipsis below.

    Tags are removed where one line alone is too long, or a tag would be cut in two.
    """
    shown: list[Markup | str] = []
    left = most - weight("…")
    for line in text.split("\n"):
        left -= weight(line) + 1
        if left < 0:
            break
        shown.append(line)
    kept = Markup("\n").join([*shown, "…"])
    ends = _TAGS.findall(kept)
    return kept if shown and ends.count("") == ends.count("/") else escape(cut(plain(text), most))
