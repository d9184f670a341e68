"""Updates that nobody should send, though a Bot API server of one's own, an older or a newer one may."""

import json
from typing import Any, NamedTuple

from tests.bot.updates import corpus
from tests.bot.updates.corpus import WHO

USER = {"id": WHO, "is_bot": False, "first_name": "Kari"}
CHAT = {"id": WHO, "type": "private", "first_name": "Kari"}
MESSAGE: dict[str, Any] = {"message_id": 7, "date": 1796108400, "chat": CHAT, "from": USER, "text": "hello"}
POLL = {
    "id": "1",
    "question": "When?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
}
NUMBER = "<number>"
"""Stands for the update's own number."""


class Hostile(NamedTuple):
    """The text of an update, and whether the library can make something of it; None where handlers decide."""

    name: str
    text: str
    is_readable: bool | None


def of(kind: str, content: Any) -> str:
    """The text of an update with a number of its own."""
    return _numbered({kind: content})


def _numbered(content: dict[str, Any]) -> str:
    return json.dumps({"update_id": NUMBER, **content}).replace(f'"{NUMBER}"', NUMBER)


def message(**parts: Any) -> str:
    """The text of an update with a message that has these parts."""
    return of("message", {**MESSAGE, **parts})


def without(content: dict[str, Any], part: str) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != part}


def tap(seen: dict[str, Any] | None, **parts: Any) -> str:
    """The text of a tap."""
    return of("callback_query", {"id": "1", "from": USER, "chat_instance": "1", "message": seen, **parts})


PINNED = {"chat": CHAT, "message_id": 1}
DEEP = 200_000

READABLE = {
    "the message that ended it all": message(text=None, pinned_message={**PINNED, "date": 0}),
    "a message of the year 1970": message(date=0),
    "edited in 1970": of("edited_message", {**MESSAGE, "edit_date": 0}),
    "a tap on what is not to be seen": tap({**PINNED, "date": 0}, data="1:x:1"),
    "a tap on nothing": tap(None, data="1:x:1"),
    "a tap without data": tap(MESSAGE),
    "a kind that nobody knows": of("holiday", {"days": 3, "from": USER}),
    "a kind that nobody knows, no object": of("holiday", [1, [2]]),
    "a part that nobody knows": message(mood={"is_good": True}),
    "no kind": '{"update_id": <number>}',
    "an empty kind": of("message", None),
    "half an emoji": message(text="\ud83d hello \udc00"),
    "half an emoji as a name": message(**{"from": {**USER, "first_name": "\ud83d", "last_name": "\udc00"}}),
    "half an emoji as a title": message(chat={"id": -5, "type": "group", "title": "\ud83d"}),
    "half an emoji on a button": tap(MESSAGE, data="\ud83d"),
    "half an emoji as a language": message(**{"from": {**USER, "language_code": "\ud83d"}}),
    "half an emoji as the name of a part": message(**{"\ud83d": 1}),
    "a NUL": message(text="a\0b"),
    "a NUL as a name": message(**{"from": {**USER, "first_name": "\0", "language_code": "n\0b"}}),
    "a NUL as it is": message(text="a<nul>b").replace("<nul>", "\0"),
    "no UTF-8": message(text="<half>").replace("<half>", "\ud83d"),
    "a language of 300 letters": message(**{"from": {**USER, "language_code": "nb" * 150}}),
    "a name of 5000 letters": message(**{"from": {**USER, "first_name": "ø" * 5000}}),
    "a name of no letters": message(**{"from": {**USER, "first_name": ""}}),
    "a title of 5000 letters": message(chat={"id": -5, "type": "group", "title": "🏔" * 5000}),
    "brackets": message(text='"]}[{\\"'),
    "the same part twice": message(text="one").replace('"text"', '"text": "two", "text"'),
    "white space": message(text=" ").replace(",", "\n ,\t"),
    "a number without an end": of("message", {**MESSAGE, "location": {"latitude": 1, "longitude": 5e99}}),
    "null as a number": json.dumps({"update_id": None, "message": MESSAGE}),
    "a word as a number": json.dumps({"update_id": "seven", "message": MESSAGE}),
    "yes as a number": json.dumps({"update_id": True, "message": {**MESSAGE, "message_id": 8}}),
    "half a number": json.dumps({"update_id": 7.5, "message": MESSAGE}),
    "zero": json.dumps({"update_id": 0, "message": MESSAGE}),
    "a number below zero": json.dumps({"update_id": -700_000_001, "message": MESSAGE}),
    "the largest number": json.dumps({"update_id": 2**63 - 1, "message": MESSAGE}),
}

UNREADABLE = {
    "a message in no chat": of("message", without(MESSAGE, "chat")),
    "a tap by nobody": of("callback_query", {"id": "1", "chat_instance": "1", "data": "1:x:1"}),
    "a change of nothing": of("my_chat_member", {"chat": CHAT, "from": USER, "date": 1}),
    "no number": json.dumps({"message": MESSAGE}),
    "a message without a date": of("message", without(MESSAGE, "date")),
    "a pinned message without a date": message(text=None, pinned_message=PINNED),
    "null": "null",
    "yes": "true",
    "a number": "7",
    "a word": '"update"',
    "a list": "[[], {}]",
    "words": "what is this",
    "a part that is missing": '{"update_id": <number>, "message": }',
    "an update number beyond 64 bits": json.dumps({"update_id": 2**63, "message": MESSAGE}),
    "an update number of 5000 digits": json.dumps({"message": MESSAGE})[:-1]
    + ', "update_id": '
    + "9" * 5000
    + "}",
    "a message number beyond 64 bits": message(message_id=2**63),
    "a message number of 5000 digits": message(message_id="<long>").replace('"<long>"', "9" * 5000),
    "a sender beyond 64 bits": message(**{"from": {**USER, "id": 2**64}}),
    "a chat beyond 64 bits": message(chat={**CHAT, "id": -(2**70)}),
    "no number at all": message(message_id=float("nan")),
    "without end": message(date=float("inf")),
    "the day after the calendar": message(date=10**12),
    "a day before the calendar": message(date=-(10**12)),
    "edited after the calendar": of("edited_message", {**MESSAGE, "edit_date": 2**62}),
    "a word as a date": message(date="soon"),
    "a sender who may be a bot": message(**{"from": without(USER, "is_bot")}),
    "a sender without a number": message(**{"from": without(USER, "id")}),
    "a sender without a name": message(**{"from": without(USER, "first_name")}),
    "a chat of no type": message(chat=without(CHAT, "type")),
    "a message without a number": of("message", without(MESSAGE, "message_id")),
    "a message that is a word": of("message", "hello"),
    "a message that is a number": of("message", 7),
    "a poll as an older server sends it": message(text=None, poll=POLL),
    "the same poll alone": of("poll", POLL),
    "a text that is a number": message(text=7),
    "a text that is a list": message(text=["hello"]),
    "a name that is a number": message(text="/start", **{"from": {**USER, "first_name": 7}}),
    "a name that is nothing": message(text="/start", **{"from": {**USER, "first_name": None}}),
    "marks without a place": message(
        text="/start", entities=[{"type": "bot_command", "offset": None, "length": 1}]
    ),
    "a tap with a list": tap(MESSAGE, data=["1:x:1"]),
    "too deep to be read": '{"update_id": <number>, "deep": ' + "[" * DEEP + "]" * DEEP + "}",
}

ODD = {
    "marks at places that are none": message(entities=[{"type": "bot_command", "offset": -9, "length": 99}]),
    "a tap with a large number": tap(MESSAGE, data="1:rent:99999999999999999999999999"),
    "a document of no size": message(text=None, document={"file_id": "1", "file_unique_id": "1"}),
}
"""Updates that the library takes but handlers may fail at: they are tried again, as after our own fault."""

HOSTILE = [
    *(Hostile(name, text, is_readable=None) for name, text in ODD.items()),
    *(Hostile(name, text, is_readable=True) for name, text in READABLE.items()),
    *(Hostile(name, text, is_readable=False) for name, text in UNREADABLE.items()),
]


def texts(first: int) -> list[tuple[str, bool | None]]:
    """Everything that may come, good and bad by turns, numbered, and whether it can be read."""
    good: list[tuple[str, bool | None]] = [(_numbered(case.content), True) for case in corpus.cases()]
    bad = [(one.text, one.is_readable) for one in HOSTILE]
    mixed = [one for pair in zip(good, bad, strict=False) for one in pair]
    rest = [*good[len(bad) :], *bad[len(good) :]]
    return [(text.replace(NUMBER, str(first + n)), ok) for n, (text, ok) in enumerate([*mixed, *rest])]
