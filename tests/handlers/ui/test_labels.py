"""Labels of buttons: Telegram takes them as they are, so an escaped sign would be read as it is written."""

import ast
from collections.abc import Iterator

from tests.layering import PROGRAM

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _is_filled(node: ast.expr) -> bool:
    """Return whether it is a text with gaps that were filled with escaped values: t("…", name=…)."""
    return (
        isinstance(node, ast.Call)
        and bool(node.keywords)
        and ast.unparse(node.func).split(".")[0] in ("t", "step")
    )


def _still_escaped(tree: ast.AST) -> Iterator[int]:
    """Yield the lines where a filled text becomes plain by `str`, which leaves `&amp;` in it."""
    for function in (node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)):
        filled = {
            name.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and _is_filled(node.value)
            for name in node.targets
            if isinstance(name, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "str" and len(node.args) == 1:
                value = node.args[0]
                if _is_filled(value) or (isinstance(value, ast.Name) and value.id in filled):
                    yield node.lineno


def test_none_keeps_escaped_signs() -> None:
    """`unescape` makes a label of a text; `str` would show a button for O&#39;Brien."""
    found = [
        f"{source.path}:{line}"
        for source in PROGRAM
        if source.part == "handlers"
        for line in _still_escaped(source.tree)
    ]
    assert found == []
