"""The tests of the whole program quote no wording: whoever rewords a sentence has nothing to change here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from handlers.i18n import extraction
from handlers.i18n.extraction import TAG

HERE = Path(__file__).parent

LABELS = {
    *("Hand out", "Take back", "Picked up", "Confirm return", "New token", "Sign in", "New password"),
    "Confirm it, then a second rental",
}
"""Buttons that the trade calls so; scripts rely on their names."""

NAMED = {"Camping kit", "first name", "rent tent"}
"""Names that people give their things and the columns of their files, and lines that they type."""

TYPED = {"types": 0, "replies": 1, "edits": 1, "sends_photo": 1, "sends_document": 2}
"""Which argument of these a person writes."""


def test_no_literal_quotes_what_the_code_words() -> None:
    """No literal of two words or more is a part of a message of the catalogue, or has one in it."""
    pieces = _pieces()
    whole, several = "\0".join(pieces), [piece for piece in pieces if _words(piece) > 1]
    quoted = [
        f"{path.name}:{line}: {text!r}"
        for path in sorted(HERE.rglob("*.py"))
        if path != Path(__file__)
        for line, text in _literals(path)
        if _quotes(text, several, whole)
    ]
    assert quoted == []


def _pieces() -> list[str]:
    """The messages without their tags, cut where values stand."""
    return [
        literal.strip()
        for message in extraction.in_handlers().values()
        for form in message.forms
        for literal, *_ in Formatter().parse(TAG.sub("", form))
    ]


def _quotes(text: str, several: list[str], whole: str) -> bool:
    """`several`: the pieces of two words or more."""
    text = text.strip()
    if text.startswith("/") or text in LABELS | NAMED or _words(text) < 2:
        return False
    return text in whole or any(piece in text for piece in several)


def _words(text: str) -> int:
    return len(re.findall(r"[^\W\d_]+", text))


def _literals(path: Path) -> Iterator[tuple[int, str]]:
    """The texts in a file, without its docstrings and what people write."""
    tree = ast.parse(path.read_text("utf-8"))
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in TYPED:
                place = TYPED[name]
                given = (*node.args[place : place + 1], *node.keywords)
                left_out |= {id(inner) for argument in given for inner in ast.walk(argument)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.lineno, node.value
