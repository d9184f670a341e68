"""Every kind of update with every optional part: made from the library's own classes."""

import inspect
import json
import types
import typing
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Literal, NamedTuple

import telegram
from telegram import Chat, Message, TelegramObject, Update, User
from telegram._utils.defaultvalue import DefaultValue

DATE = datetime(2026, 12, 1, 8, tzinfo=UTC)
WHO = 4242
"""The sender and the private chat of every update."""

SENDER = User(WHO, "Kari", is_bot=False)

Class = type[TelegramObject]

_KNOWN: dict[tuple[Class, str], Any] = {
    (Chat, "id"): WHO,
    (Chat, "type"): Chat.PRIVATE,
    (User, "id"): WHO,
    (User, "is_bot"): False,
    (User, "language_code"): "nb",
}
_PLAIN: dict[Any, Any] = {int: 7, float: 0.5, bool: True, datetime: DATE, timedelta: timedelta(seconds=5)}
_NOT_SENT = {"api_kwargs", "self"}


class Case(NamedTuple):
    """An update without its number, and what it is about."""

    name: str
    content: dict[str, Any]


@cache
def parameters(cls: type[Any]) -> dict[str, tuple[Any, bool]]:
    """Return the parts of an object of this class: each one's type, and whether it has to be there."""
    module = inspect.getmodule(cls.__init__)
    names = {**vars(telegram), **vars(typing), **(vars(module) if module else {})}
    hints = typing.get_type_hints(cls.__init__, globalns=names)
    return {
        name: (hints[name], one.default is inspect.Parameter.empty)
        for name, one in inspect.signature(cls.__init__).parameters.items()
        if name not in _NOT_SENT and one.kind is not inspect.Parameter.VAR_KEYWORD
    }


def variants(hint: Any) -> list[Any]:
    """The types that a part can have: a class that stands for others is each of those."""
    if isinstance(hint, type) and issubclass(hint, TelegramObject):
        under = [one for sub in hint.__subclasses__() for one in variants(sub)]
        return under or [hint]
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        given = [one for one in typing.get_args(hint) if one is not type(None)]
        # A default of the library's own is nothing that Telegram sends.
        some = [v for one in given if typing.get_origin(one) is not DefaultValue for v in variants(one)]
        return some[:1] if datetime in some or timedelta in some else some
    return [hint]


def reachable() -> set[Class]:
    """Every class that may be part of an update."""
    found: set[Class] = set()

    def follow(hint: Any) -> None:
        for one in variants(hint):
            if not (isinstance(one, type) and issubclass(one, TelegramObject)):
                for inner in typing.get_args(one):
                    follow(inner)
            elif one not in found:
                found.add(one)
                for part, _ in parameters(one).values():  # type: ignore[arg-type]  # as below
                    follow(part)

    for part, _ in parameters(Update).values():
        follow(part)
    return found


class Maker:
    """Makes objects; `filled`: the classes of which one with every part was made."""

    def __init__(self) -> None:
        self.filled: set[Class] = set()
        self._turns: dict[Any, Iterator[int]] = {}

    def make(self, cls: Class, *, filled: bool, above: frozenset[Class] = frozenset()) -> TelegramObject:
        """Make an object with all its parts, which are as full, or only with those that have to be there."""
        filled = filled and cls not in above
        if filled:
            self.filled.add(cls)
        how: dict[str, Any] = {"filled": filled, "above": above | {cls}}
        every = parameters(cls)  # type: ignore[arg-type]  # a class can be hashed, whatever its objects do
        try:
            needed = {name: hint for name, (hint, needed) in every.items() if needed or filled}
            return cls(**{name: self._part(cls, name, hint, **how) for name, hint in needed.items()})
        except TypeError:
            # What was added to the Bot API later has to be there all the same.
            return cls(**{name: self._part(cls, name, hint, **how) for name, (hint, _) in every.items()})

    def _part(self, cls: Class, name: str, hint: Any, **how: Any) -> Any:
        if (cls, name) in _KNOWN:
            return _KNOWN[cls, name]
        possible = variants(hint)
        turn = next(self._turns.setdefault(hint, count()))
        return self.value(possible[turn % len(possible)], name, **how)

    def value(self, hint: Any, name: str, **how: Any) -> Any:
        """Make a value of a type that is no union."""
        origin = typing.get_origin(hint)
        if isinstance(hint, type) and issubclass(hint, TelegramObject):
            return self.make(hint, **how)
        if origin is Literal:
            return typing.get_args(hint)[0]
        if origin is not None and issubclass(origin, Sequence):
            inner = typing.get_args(hint)[0]
            return [self.value(one, name, **how) for one in variants(inner)]
        if hint in (str, object):
            return name
        for known, value in _PLAIN.items():
            if hint is known:
                return value
        if origin is dict or hint is dict:
            return {}
        raise AssertionError(f"no value for {hint} of {name}")


def plain(made: TelegramObject) -> dict[str, Any]:
    """As the Bot API would write it. The library's own writing leaves moments in what is not accessible."""
    written = json.dumps(made.to_dict(), default=lambda moment: int(moment.timestamp()))
    content: dict[str, Any] = json.loads(written)
    return content


def cases(maker: Maker | None = None) -> list[Case]:
    """Each kind of update, bare and with everything; each part of a message alone, in each variant."""
    maker = maker or Maker()
    found: list[Case] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's deprecations
        for kind, (hint, needed) in parameters(Update).items():
            if needed:
                continue
            for cls in variants(hint):
                found.append(Case(f"{kind}, bare", {kind: plain(maker.make(cls, filled=False))}))
                filled = -1
                while len(maker.filled) > filled:  # once more, as long as there are other variants within
                    filled = len(maker.filled)
                    found.append(Case(f"{kind}, full", {kind: plain(maker.make(cls, filled=True))}))
        bare = {"message_id": 7, "date": DATE, "chat": Chat(WHO, Chat.PRIVATE), "from_user": SENDER}
        for name, (hint, _) in parameters(Message).items():
            if name in bare:
                continue
            for one in variants(hint):
                part = maker.value(one, name, filled=True, above=frozenset({Message}))
                about = f"message, {name}: {getattr(one, '__name__', one)}"
                found.append(Case(about, {"message": plain(Message(**{**bare, name: part}))}))
    return found
