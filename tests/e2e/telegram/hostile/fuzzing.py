"""Whatever people and odd servers could send, made up at random: by the same seed always the same.

A step is a text, a tap on what is there, a button made by hand, a file, or an update whose content is broken
somewhere. People get into conversations by commands and buttons, and go on in whatever state they are.
"""

import json
from collections.abc import Awaitable, Callable
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

from handlers.features import REGISTRY
from sandbox.person import Person
from tests.bot.conftest import png
from tests.bot.updates import corpus, hostile
from tests.e2e.conftest import PEOPLE, World
from tests.e2e.telegram.hostile.test_forged_callbacks import GARBAGE, STRANGE

TEXTS = (
    *(
        "tent",
        "T1",
        "Tent 2",
        "tomorrow",
        "3 days",
        "4.12.",
        "2026-12-04 2026-12-06",
        "0",
        "-1",
        "999999999",
        "1,5",
    ),
    *("yes", "confirm", "cancel", "thanks", "<b>bold</b>", "&amp;", "{name}", "%s", "🏔" * 30, "x" * 4096),
    *(
        "²",
        "１２",
        "\u202eabc",
        "a\nb\nc",
        "'; DROP TABLE users; --",
        "31.2.",
        "29.2.2027",
        "25:61",
        "T1 T2 P1",
    ),
    *(
        "kari@example.org",
        "+47 99 88 77 66",
        "https://t.me/x?start=i_y",
        "the 40th of May",
        "9" * 60,
        ".",
        "\u200b",
    ),
    *(
        "1 week from friday",
        "Mon 10-12, Tue 14:00-18:00",
        "Fields: a; b; c",
        "#",
        "@",
        "1, 3, 7",
        "00:00",
        "24:00",
    ),
)
ARGUMENTS = (
    "",
    "1",
    "T1",
    "tent",
    "99999999",
    "kari",
    "x" * 500,
    "tent x2 4.12. 6.12.",
    "<i>",
    "2026",
    "csv",
)

ODD_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        2**31,
        2**53,
        2**63,
        2**70,
        -(2**70),
        0.5,
        1e300,
        "",
        "x",
        "²",
        "<b>",
        "\0",
        "\ud83d",
    ),
    *("x" * 5000, [], {}, [None], {"id": 1}, [[]], "2026-12-01", "1:ap:1:"),
)


@cache
def _sent() -> list[dict[str, Any]]:
    """Return what to alter: made when it is asked for first, which takes a second."""
    return [
        *({"message": {**hostile.MESSAGE, "text": words}} for words in ("/start", "/rent tent", "hello")),
        json.loads(hostile.tap(hostile.MESSAGE, data="1:ap:1:").replace(hostile.NUMBER, "0")),
        *(case.content for case in corpus.cases()),
    ]


class Fuzz:
    """Random steps of the people of a world."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._random = Random(seed)
        steps: tuple[tuple[int, Callable[[Person], Awaitable[object]]], ...] = (
            (20, self._types),
            (50, self._taps),
            (10, self._forges),
            (5, self._sends),
            (10, self._breaks),
        )
        self._weights = [weight for weight, _ in steps]
        self._steps = [step for _, step in steps]

    async def step(self) -> None:
        """Do one thing, as anybody, in private or in the group."""
        name = self._random.choice([*PEOPLE])
        person = self._world[name]
        if name in ("Lars", "Anna", "Ada") and self._random.random() < 0.2:
            person = person.in_group(self._world.group)
        (step,) = self._random.choices(self._steps, self._weights)
        await step(person)

    def _text(self) -> str:
        dice = self._random.random()
        if dice < 0.3:
            command = self._random.choice([*REGISTRY.commands])
            return f"/{command} {self._random.choice(ARGUMENTS)}".strip()
        if dice < 0.9:
            return self._random.choice(TEXTS)
        return "".join(chr(self._random.randrange(32, 0x2FFF)) for _ in range(self._random.randrange(1, 60)))

    async def _types(self, person: Person) -> None:
        await person.types(self._text())

    async def _taps(self, person: Person) -> None:
        """One of the buttons of the last few messages, most likely of the last."""
        world = self._world.sandbox.world
        messages = [m for m in world.newest_first(person.chat) if m.buttons][:4]
        if not messages:
            await person.types("/help")
            return
        message = messages[min(int(self._random.expovariate(1.5)), len(messages) - 1)]
        data = [button.data for button in message.buttons if button.data]
        if data:
            await person.taps_data(self._random.choice(data), message)

    async def _forges(self, person: Person) -> None:
        messages = [m for m in self._world.sandbox.world.newest_first(person.chat) if m.sender.is_bot]
        if not messages:
            await person.types("/help")
            return
        verb = self._random.choice([*REGISTRY.buttons])
        number = self._random.choice((0, 1, 2, 3, 9, 10**17))
        argument = self._random.choice(["", "1", "2", *STRANGE])
        data = self._random.choice([f"1:{verb}:{number}:{argument}", self._random.choice(GARBAGE)])
        await person.taps_data(data, self._random.choice(messages))

    async def _sends(self, person: Person) -> None:
        kind = self._random.randrange(3)
        if kind == 0:
            await person.sends_sticker()
        elif kind == 1:
            await person.sends_photo(png())
        else:
            content = self._random.randbytes(self._random.randrange(200))
            await person.sends_document(self._random.choice(("a.csv", "b.xlsx", "c.pdf", "d")), content)

    async def _breaks(self, _person: Person) -> None:
        """Send an update of which one part, or several, is something else."""
        content = deepcopy(self._random.choice(_sent()))
        for _ in range(self._random.choice((1, 1, 2, 4))):
            self._break(content)
        content.pop("update_id", None)
        self._world.sandbox.world.updates.add_raw(content)

    def _break(self, content: dict[str, Any]) -> None:
        places: list[tuple[Any, Any]] = []

        def walk(value: Any) -> None:
            if isinstance(value, dict | list):
                for key, one in value.items() if isinstance(value, dict) else enumerate(value):
                    places.append((value, key))
                    walk(one)

        walk(content)
        if not places:
            return
        where, key = self._random.choice(places)
        if isinstance(where, dict) and self._random.random() < 0.3:
            del where[key]
        else:
            where[key] = deepcopy(self._random.choice(ODD_VALUES))
