"""Formatted text: offsets in UTF-16 units, entities found by themselves, and safe HTML for the page."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Entity:
    """A stretch of formatted text. Offset and length are in UTF-16 units, as Telegram counts."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    user_id: int | None = None

    @property
    def end(self) -> int:
        """The unit after the last one."""
        return self.offset + self.length


def utf16_length(text: str) -> int:
    """Measure the text as Telegram does."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, start: int, end: int) -> str:
    """The part of the text between two UTF-16 offsets."""
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "replace")


FOUND = (
    ("bot_command", re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@<>])")),
    ("url", re.compile(r"(?<![\w@/])(?:https?://|t\.me/)[^\s<>\"']*[^\s<>\"'.,;:!?)\]]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.@])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z0-9_]{3,32}(?!\w)")),
)


def find_entities(text: str, given: tuple[Entity, ...] = ()) -> tuple[Entity, ...]:
    """The given entities and those Telegram finds by itself: commands, links, addresses, mentions."""
    taken = [
        (one.offset, one.end) for one in given if one.type in ("code", "pre", "text_link", "text_mention")
    ]
    found = list(given)
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(match.group())
            if all(end <= begin or stop <= start for begin, stop in taken):
                taken.append((start, end))
                found.append(Entity(kind, start, end - start))
    return tuple(sorted(found, key=lambda one: (one.offset, -one.length)))


TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def safe_html(text: str, entities: tuple[Entity, ...]) -> str:
    """HTML for the page: everything escaped, only known tags, links only to http, https and tg.

    Line breaks stay line breaks, for `white-space: pre-wrap`; commands and mentions stay plain text.
    """
    inside = [one for one in entities if one.length > 0]
    return str(
        _render(text, 0, utf16_length(text), sorted(inside, key=lambda one: (one.offset, -one.length)))
    )


def _render(text: str, start: int, end: int, entities: list[Entity]) -> Markup:
    parts: list[Markup] = []
    at = start
    for index, entity in enumerate(entities):
        # What begins before `at` was drawn within an entity before it; what crosses the end is left plain.
        if entity.offset < at or entity.end > end:
            continue
        within = [one for one in entities[index + 1 :] if one.offset < entity.end]
        parts.append(escape(cut(text, at, entity.offset)))
        parts.append(_wrap(entity, text, _render(text, entity.offset, entity.end, within)))
        at = entity.end
    parts.append(escape(cut(text, at, end)))
    return Markup("").join(parts)


def _wrap(entity: Entity, text: str, inner: Markup) -> Markup:
    if entity.type in TAGS:
        tag = Markup(TAGS[entity.type])
        return Markup("<{0}>{1}</{0}>").format(tag, inner)
    if entity.type == "expandable_blockquote":
        # Three lines of it, until it has the focus: a tap gives it, as does the keyboard.
        return Markup('<blockquote class="expandable" tabindex="0">{}</blockquote>').format(inner)
    if entity.type == "spoiler":
        return Markup('<span class="tg-spoiler">{}</span>').format(inner)
    address = entity.url if entity.type == "text_link" else cut(text, entity.offset, entity.end)
    if entity.type in ("text_link", "url") and address:
        if entity.type == "url" and "://" not in address:
            address = f"https://{address}"
        if is_safe_link(address):
            return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
                address, inner
            )
    return inner


def is_safe_link(address: str) -> bool:
    """Tell if Telegram makes a link of an address: tg, or http and https with a dot in the host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "tg" or (parts.scheme in ("http", "https") and "." in host))
