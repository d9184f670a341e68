"""HTML parse mode, as Telegram reads it and in the words with which it refuses."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sandbox.botapi.entities import Entity, is_safe_link, utf16_length
from sandbox.botapi.refusals import Refusal, bad_request

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})(?![0-9a-fA-F])|#([0-9]{1,7})(?![0-9])|([a-zA-Z]+));?")
PLAIN = re.compile(r"[^<&]+")
NAME_TOKEN = re.compile(r"[a-z0-9.-]*")
BARE_ADDRESS = re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?")
SPACE = " \t\r\n\0\x0b"


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    start: int


class _Reader:
    """Reads one text. Errors name byte offsets, since Telegram counts bytes there."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, tuple[Entity, ...]]:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self._peek() == "<":
                self._start_tag()
            elif plain := PLAIN.match(self.source, self.at):
                self._add(plain.group())
                self.at = plain.end()
            else:
                self._add(self._character())
        if self.open:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.parts), tuple(sorted(self.entities, key=lambda one: (one.offset, -one.length)))

    def _add(self, text: str) -> None:
        text = text.replace("\r", "")
        self.parts.append(text)
        self.offset += utf16_length(text)

    def _character(self) -> str:
        """One character reference; what is none stays as it is written."""
        match = CHARACTER.match(self.source, self.at)
        if match:
            hexadecimal, decimal, name = match.groups()
            if name:
                decoded = NAMED.get(name)
            else:
                number = int(hexadecimal, 16) if hexadecimal else int(decimal)
                valid = 0 < number < 0x10FFFF and not 0xD800 <= number < 0xE000
                decoded = chr(number) if valid else None
            if decoded is not None:
                self.at = match.end()
                return decoded
        self.at += 1
        return "&"

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _skip(self, stop: str) -> str:
        start = self.at
        while self._peek() and self._peek() not in stop:
            self.at += 1
        return self.source[start : self.at]

    def _skip_space(self) -> None:
        while self._peek() and self._peek() in SPACE:
            self.at += 1

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._skip(SPACE + ">").lower()
        if not self._peek():
            raise _unparsable(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in TYPES:
            raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        argument = ""
        while True:
            self._skip_space()
            if self._peek() == ">":
                break
            name, value = self._attribute(tag, begin)
            argument = _argument(tag, name, value) or argument
        self.at += 1
        if tag == "span" and argument != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.open.append(_Open(tag, argument, self.offset, len(self.parts)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._skip(SPACE + "=>/\"'")
        if not name:
            raise _unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}')
        self._skip_space()
        if self._peek() != "=":
            if not self._peek():
                raise _unparsable(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
            return name, ""
        self.at += 1
        self._skip_space()
        quote = self._peek()
        if not quote:
            raise _unparsable(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
        if quote in "\"'":
            self.at += 1
            value = self._quoted(quote)
        else:
            token = self.at
            value = self._skip(SPACE + ">").lower()
            if not NAME_TOKEN.fullmatch(value):
                raise _unparsable(f"Unexpected end of name token at byte offset {self._byte(token)}")
        if not self._peek():
            raise _unparsable(f"Unclosed start tag at byte offset {self._byte(begin)}")
        return name, value

    def _quoted(self, quote: str) -> str:
        value = ""
        while self._peek() and self._peek() != quote:
            if self._peek() == "&":
                value += self._character()
            else:
                value += self._peek()
                self.at += 1
        self.at += 1
        return value

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise _unparsable(f"Unexpected end tag at byte offset {self._byte(begin)}")
        self.at += 2
        found = self._skip(SPACE + ">").lower()
        self._skip_space()
        if self._peek() != ">":
            raise _unparsable(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self.at += 1
        opened = self.open.pop()
        if found and found != opened.tag:
            raise _unparsable(
                f"Unmatched end tag at byte offset {self._byte(begin)}, "
                f'expected "</{opened.tag}>", found "</{found}>"'
            )
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        # A tag around nothing gives an entity of no length, which `tidy` drops.
        length = self.offset - opened.offset
        if opened.tag == "a":
            self._close_link(opened, length)
        elif opened.tag == "code" and self.open and self.open[-1].tag == "pre" and opened.argument:
            self.open[-1].argument = opened.argument
        elif opened.tag == "pre":
            self.entities.append(Entity("pre", opened.offset, length, language=opened.argument or None))
        elif opened.tag == "blockquote" and opened.argument:
            self.entities.append(Entity("expandable_blockquote", opened.offset, length))
        else:
            self.entities.append(Entity(TYPES[opened.tag], opened.offset, length))

    def _close_link(self, opened: _Open, length: int) -> None:
        address = opened.argument or "".join(self.parts[opened.start :])
        parts = urlsplit(address) if is_safe_link(address) else None
        if parts and parts.scheme == "tg" and parts.netloc == "user":
            number = parse_qs(parts.query).get("id", [""])[0]
            if number.isdecimal():
                self.entities.append(Entity("text_mention", opened.offset, length, user_id=int(number)))
                return
        if not parts and BARE_ADDRESS.fullmatch(address):
            address = f"http://{address}"
        if is_safe_link(address):
            # An address Telegram does not take is dropped in silence; the words stay.
            self.entities.append(Entity("text_link", opened.offset, length, url=address))


def _argument(tag: str, name: str, value: str) -> str:
    if tag == "a" and name == "href":
        return value
    if tag == "code" and name == "class":
        return value.removeprefix("language-") if value.startswith("language-") else ""
    if tag == "span" and name == "class":
        return value
    return "1" if tag == "blockquote" and name == "expandable" else ""


def _unparsable(words: str) -> Refusal:
    return bad_request(f"can't parse entities: {words}")


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """The plain text and its entities; raises the 400 that Telegram would answer."""
    return _Reader(source).read()


def tidy(text: str, entities: tuple[Entity, ...]) -> tuple[str, tuple[Entity, ...]]:
    """Text as Telegram keeps it: no control characters, no blanks around it; entities move along."""
    clean = CONTROL.sub(" ", text)
    stripped = clean.strip()
    shift = utf16_length(clean[: len(clean) - len(clean.lstrip())])
    end = utf16_length(stripped)
    moved: list[Entity] = []
    for one in entities:
        start = max(one.offset - shift, 0)
        stop = min(one.end - shift, end)
        if stop > start:
            moved.append(Entity(one.type, start, stop - start, one.url, one.language, one.user_id))
    return stripped, tuple(moved)
