"""Extraction of messages: the arguments of `t(...)`, `step.texts(...)`, `t.plural(...)` and `N_(...)`.

The syntax tree is read, not the running program, so that a message in a rare branch is found as well.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

HANDLERS = Path(__file__).parents[1]

_TRANSLATES = frozenset({"t", "texts", "N_"})
_LABELS = frozenset({"Button", "str", "Rule"})
"""Calls that make a label: `Button(...)`, or `str(t(...))`, which takes it out of the HTML."""

TAG = re.compile(r"</?[a-z][^<>]*>")


@dataclass(frozen=True)
class Found:
    """A message in English, in one or two forms; `is_label`: it is on a button somewhere."""

    one: str
    many: str | None = None
    is_label: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        return (self.one,) if self.many is None else (self.one, self.many)


class BadCall(ValueError):
    """A text that no catalogue can hold: put together while the program runs, or with two plurals."""


@cache
def in_handlers(folder: Path = HANDLERS) -> dict[str, Found]:
    """Return every message of the Python files in the folder, by its (singular) English. Raises BadCall."""
    found: list[Found] = []
    for path in _files(folder):
        found += in_source(path.read_text("utf-8"), str(path.relative_to(folder)))
    return _merged(found)


def in_source(source: str, name: str) -> list[Found]:
    """Return the messages of one file, as often as they occur. Raises BadCall with the place."""
    tree = ast.parse(source, name)
    labels = _inside_labels(tree)
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        try:
            if _name(call.func) == "plural" and len(call.args) >= 2:
                pairs = zip(_constants(call.args[0]), _constants(call.args[1]), strict=True)
                found += [Found(one, many, id(call) in labels) for one, many in pairs]
            elif _name(call.func) in _TRANSLATES or _makes_texts(call.func):
                found += [Found(text, None, id(call) in labels) for text in _constants(call.args[0])]
        except BadCall as error:
            raise BadCall(f"{name}:{call.lineno}: {error}") from None
    return found


def untranslated(folder: Path = HANDLERS) -> list[str]:
    """Return texts for people that bypass the catalogues: `Button("Open")`, `Markup("Hello")`."""
    found = []
    for path in _files(folder):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ("Button", "Markup", "Message", "lines"):
                found += [
                    f"{path.relative_to(folder)}:{node.lineno}: {text}"
                    for argument in node.args
                    for text in _bare_words(argument)
                ]
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if path.parent.name != "locales")


def _merged(found: Iterable[Found]) -> dict[str, Found]:
    merged: dict[str, Found] = {}
    for message in found:
        known = merged.get(message.one, message)
        if known.many and message.many and known.many != message.many:
            raise BadCall(f"two plurals of one message: {known.many!r} and {message.many!r}")
        merged[message.one] = Found(
            message.one, known.many or message.many, known.is_label or message.is_label
        )
    return merged


def _name(callee: ast.expr) -> str:
    match callee:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _makes_texts(callee: ast.expr) -> bool:
    """Return whether it calls new texts at once, as `Texts("nb")("Hello")` does."""
    made = callee.value if isinstance(callee, ast.Await) else callee
    return isinstance(made, ast.Call) and "texts" in _name(made.func).lower()


def _inside_labels(tree: ast.AST) -> set[int]:
    """Return the calls whose result is a button's label."""
    return {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and _name(node.func) in _LABELS
        for inner in ast.walk(node.args[0])
    }


def _constants(argument: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument can be; none for a variable with one that `N_` marked elsewhere."""
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _constants(body)
            yield from _constants(orelse)
        case ast.JoinedStr() | ast.BinOp():
            raise BadCall("a message is one text with {placeholders}, not put together from pieces")


def _bare_words(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(text)):
            words = "".join(literal for literal, *_ in Formatter().parse(TAG.sub("", text)))
            if re.search(r"[^\W\d_]", words):
                yield text
