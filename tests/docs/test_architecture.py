"""The page about the architecture is true: what it names is there, and there is one word for each thing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.core.policy import Policy

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

NAMED = re.compile(r"((?:`\w+`(?:, )?)+) in `([a-z_0-9/]+\.py)`")
"""One or more names, and the file that defines them."""

RULES = (
    "Longest rental",
    "Who may approve",
    "Turnaround",
    "Quiet hours",
    "What a declined member reads",
    "How often and how long a rental is extended",
    "A return that stops overdue messages",
    "the day before, due, overdue",
    "Label sizes",
    "How long an invite is good for",
    "Opening hours",
    "accents",
)
"""Words that a stranger asks for; each has its line in the table."""

RENAMED = {
    "belongings",
    "fitness",
    "handing",
    "house_rules",
    "intake",
    "leading",
    "mere_labels",
    "papers",
    "passing_on",
    "patience",
    "place_claims",
    "posting",
    "putting",
    "reach",
    "reseat",
    "seating",
    "small_talks",
    "standing",
    "sweeper",
    "troubles",
    "upkeep",
    "withdrawals",
    "writing",
    "BORN_LATER",
    "HITS_MORE",
    "NOTHING_WAITS",
    "ONESELF",
    "Seat",
    "THINGS_ARE_OUT",
    "Wish",
}
"""Names that things had before each got its one word. What is stored or sent keeps the word that it has."""

PARTS = ("db", "web", "services", "handlers", "api", "bot")


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its own heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def named(text: str) -> list[tuple[str, str]]:
    """Return each name that stands before a file, with that file."""
    return [(name, path) for names, path in NAMED.findall(text) for name in re.findall(r"\w+", names)]


def is_defined(name: str, path: str) -> bool:
    """Tell if the file defines it: a class, a function, a constant, or the words of a refusal or a rule."""
    text = (ROOT / path).read_text(encoding="utf-8")
    forms = (
        rf"^\s*(?:async def|def|class) {name}\b",
        rf"^{name}\b.*?=",
        rf"^[A-Z_, ]*\b{name}\b[A-Z_, ]* = ",
        rf"^\s*Refused\.{name}:",
        rf'^\s*"{name}":',
    )
    return any(re.search(form, text, re.MULTILINE) for form in forms)


def test_each_file_and_name_is_there() -> None:
    """Files and folders, the tests that prove a promise among them; each name stands in its file."""
    paths = re.findall(r"`((?:[a-z_0-9]+/)+(?:[a-z_0-9]+\.py)?)`", PAGE)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [(name, path) for name, path in named(PAGE) if not is_defined(name, path)] == []


def test_every_rule_is_found_at_once() -> None:
    """Each line says which function decides it, in the services or below the handlers' screens."""
    table = rows("Where is which rule")
    for rule, decided, _ in table:
        assert named(decided), rule
    assert [rule for rule in RULES if not any(rule in line[0] for line in table)] == []


def test_every_setting_has_a_line_or_a_function_of_its_own() -> None:
    """The table is about the rules that there are: none of the words' keys is made up."""
    known = {*Policy.model_fields}
    keys = [name for name, path in named(PAGE) if path == "handlers/policy/rules.py" and name.islower()]
    assert [key for key in keys if key not in known] == []


def test_every_term_is_in_the_code() -> None:
    """Each word of the glossary has a line that says what it is, and a name that the code has."""
    for term, meaning, code in rows("Glossary"):
        assert term and meaning, term
        assert named(code), term


def names(text: str) -> Iterator[str]:
    """Every name that a module defines: classes, functions, what they are given, and what is assigned."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name


def old_words(path: str, text: str) -> set[str]:
    """Return the names in a module, its own among them, that gave way to another word."""
    found = set(Path(path).with_suffix("").parts)
    if any(word in text for word in RENAMED):  # to parse all files takes a second
        found.update(names(text))
    return {name for name in found if name.strip("_") in RENAMED}


def test_old_words_are_gone() -> None:
    """One word for each thing: no module, class, function or variable has one of those before."""
    found = {
        file.relative_to(ROOT).as_posix(): old
        for part in PARTS
        for file in sorted((ROOT / part).rglob("*.py"))
        if "migrations" not in file.parts
        if (old := old_words(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/upkeep.py", ""),
        ("services/putting/views.py", ""),
        ("services/rentals/booking/request.py", "class Wish:\n    pass"),
        ("services/rentals/booking/request.py", "def reseat():\n    pass"),
        ("services/rentals/booking/request.py", "def _place(seating):\n    pass"),
        ("services/rentals/booking/request.py", "for seating in ():\n    pass"),
    ],
)
def test_an_old_word_is_seen(path: str, text: str) -> None:
    """In a module's name, a definition, a parameter or a variable."""
    assert len(old_words(path, text)) == 1


def test_a_word_within_another_is_none() -> None:
    """Nor is one in a text, or an attribute of somebody else's."""
    assert (
        old_words(
            "services/rentals/booking/request.py", 'def is_putting_off():\n    return "upkeep", os.reach'
        )
        == set()
    )
