"""Docstrings begin with a verb in the imperative, or name the thing."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
VAGUE = ("What", "Who", "Whom", "Whose", "Whoever", "Where", "How", "Whether", "So many")
BEGINS = re.compile(rf"""["']\\?\s*(?:{"|".join(VAGUE)}) """)
"""A text begins so; hardly any file has one, and the others need not be parsed."""


def vague(source: str) -> list[str]:
    """Return the docstrings, also those of constants and fields, that begin with a question's word."""
    if not BEGINS.search(source):
        return []
    found = [
        node.value.value.strip()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    return [text for text in found if text.startswith(tuple(f"{word} " for word in VAGUE))]


def test_docstrings_say_what_a_thing_is() -> None:
    """`Return …` or `The …`, and never `What …` or `Whether …`."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True)
    files = [ROOT / name for name in listed.stdout.split()]
    there = [path for path in files if path.exists()]
    assert {str(p.relative_to(ROOT)): bad for p in there if (bad := vague(p.read_text()))} == {}


def test_a_vague_docstring_is_seen() -> None:
    """Of a function, a class, a constant."""
    assert vague('def f():\n    """Whether it is."""') == ["Whether it is."]
    assert vague('A = 1\n"""How often."""\n\n\ndef f():\n    """Return it."""') == ["How often."]
