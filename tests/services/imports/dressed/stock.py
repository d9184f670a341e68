"""A club's true stock, drawn at random: what a list of it has to bring in, however it is dressed."""

import random
import re
from dataclasses import dataclass, field

from tests.services.imports.dressed.words import BRANDS, COMMON, PEOPLE, Language

USUAL_STATES = ("ok", "ok", "ok", "ok", "damaged", "in_repair", "lost", "retired")


@dataclass
class Piece:
    """One thing: its own code and state, and who has it."""

    code: str = ""
    serial: str = ""
    state: str = "ok"
    holder: str = ""


@dataclass
class Kind:
    """Pieces of one name. `section`: the number of its category, which is written in `type`."""

    name: str
    brand: str
    model: str
    section: int
    pieces: list[Piece]
    place: str = ""
    type: str = ""
    remark: str = ""
    harm: bool = False
    decoys: dict[str, str] = field(default_factory=dict)


def pick(rng: random.Random, words: str) -> str:
    return rng.choice(words.split("|"))


def draw(rng: random.Random, language: Language, *, branded: bool) -> list[Kind]:
    """Return between five and sixteen kinds, in the order of their sections and places."""
    number = rng.randint(5, 16)
    names = rng.sample([*language.things.split("|"), *COMMON], number)
    sections = sorted(rng.randrange(rng.choice((2, 3))) for _ in names)
    places = language.places.split("|")
    kinds = []
    for name, section in zip(names, sections, strict=True):
        brand, model = "", ""
        if branded:
            brand = rng.choice(list(BRANDS))
            model = rng.choice(BRANDS[brand])
            name = name if name not in COMMON else pick(rng, language.things)
        pieces = [Piece() for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4, 6, 12)))]
        kinds.append(Kind(name, brand, model, section, pieces, places[section]))
    seen: set[tuple[str, str, str]] = set()
    unique = []
    for kind in kinds:
        if (kind.name, kind.brand, kind.model) not in seen:
            seen.add((kind.name, kind.brand, kind.model))
            unique.append(kind)
    return unique


def number_pieces(rng: random.Random, kinds: list[Kind], form: str) -> None:
    """Give codes to all pieces: words and numbers as clubs write them."""
    running = rng.choice((1, 1, 7, 100))
    prefix = rng.choice(("FK-", "A", "INV", "EQ-", "T/"))
    used: set[str] = set()
    for kind in kinds:
        letters = re.sub("[^A-Z]", "", kind.name.upper())[:2] or "X"
        own = next(
            one for n in range(99) if (one := letters if not n else f"{letters}{chr(64 + n)}") not in used
        )
        used.add(own)
        for n, piece in enumerate(kind.pieces, start=1):
            if form == "zeros":
                piece.code = f"{running:04d}"
            elif form == "numbers":
                piece.code = str(running + 1000)
            elif form == "running":
                piece.code = f"{prefix}{running:03d}"
            else:
                piece.code = f"{own}-{n}"
            running += 1


def dated(rng: random.Random, form: str) -> str:
    year, month, day = rng.randint(2015, 2025), rng.randint(1, 12), rng.randint(1, 28)
    return form.format(y=year, m=month, d=day)


def holder(rng: random.Random) -> str:
    return rng.choice(PEOPLE)
