"""The audit entries that the services write, read from their code: subject and action of every call."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SERVICES = Path(__file__).parents[3] / "services"
_CHAINS = 6
"""The number of functions that may pass an action on to each other."""


@dataclass(frozen=True)
class Noted:
    """`where`: file and line of the call."""

    subject: str
    action: str
    where: str


@dataclass
class _Module:
    name: str
    tree: ast.Module
    aliases: dict[str, str] = field(default_factory=dict)
    """Names under which other modules, and functions of theirs, are known here."""


@dataclass(frozen=True)
class _Place:
    module: _Module
    functions: tuple[ast.FunctionDef, ...]
    """The functions around, the innermost last."""


class Unclear(AssertionError):
    """An entry in the audit whose action or subject cannot be told by reading."""


def _modules(folder: Path) -> dict[str, _Module]:
    found = {}
    for file in sorted(folder.rglob("*.py")):
        name = ".".join(file.relative_to(folder).with_suffix("").parts)
        module = _Module(name, ast.parse(file.read_text(encoding="utf-8")))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "services":
                path = (node.module or "").removeprefix("services").lstrip(".")
                for one in node.names:
                    module.aliases[one.asname or one.name] = f"{path}.{one.name}".lstrip(".")
        found[name] = module
    return found


def _calls(
    module: _Module, node: ast.AST, around: tuple[ast.FunctionDef, ...] = ()
) -> Iterator[tuple[ast.Call, _Place]]:
    for child in ast.iter_child_nodes(node):
        inner = (*around, child) if isinstance(child, ast.FunctionDef) else around
        if isinstance(child, ast.Call):
            yield child, _Place(module, around)
        yield from _calls(module, child, inner)


def _called(call: ast.Call, module: _Module) -> str:
    """`audit.note`, whatever it is called here."""
    match call.func:
        case ast.Name(id=name):
            return module.aliases.get(name, f"{module.name}.{name}")
        case ast.Attribute(value=ast.Name(id=base), attr=name):
            return f"{module.aliases.get(base, base)}.{name}"
    return ""


class Reader:
    """Follows the arguments `subject` and `action` back to the texts that they come from."""

    def __init__(self, folder: Path = SERVICES) -> None:
        self.modules = _modules(folder)
        self.calls = [c for m in self.modules.values() for c in _calls(m, m.tree)]

    def everything(self) -> list[Noted]:
        found = []
        for call, place in self.calls:
            name = _called(call, place.module)
            if name == "core.audit.note":
                subjects = self._texts(_argument(call, "subject", 2), place)
            elif name == "core.audit.rental":
                subjects = {"rental"}
            else:
                continue
            if place.module.name == "core.audit":
                continue
            position = 2 if name == "core.audit.rental" else 1
            actions = self._texts(_argument(call, "action", position), place)
            where = f"services/{place.module.name.replace('.', '/')}.py:{call.lineno}"
            if not subjects or not actions:
                raise Unclear(f"{where}: cannot tell what is noted; pass subject and action as texts")
            found += [Noted(s, a, where) for s in sorted(subjects) for a in sorted(actions)]
        return found

    def _texts(self, node: ast.expr | None, place: _Place, depth: int = 0) -> set[str]:
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp(body=body, orelse=other):
                return self._texts(body, place, depth) | self._texts(other, place, depth)
            case ast.Name(id=name):
                return self._of_name(name, place, depth)
            case ast.Attribute(attr=name):
                return self._of_attribute(name)
        return set()

    def _of_name(self, name: str, place: _Place, depth: int) -> set[str]:
        for function in reversed(place.functions):
            assigned = _assigned(name, function)
            if assigned:
                return set().union(*(self._texts(value, place, depth) for value in assigned))
            arguments = [*function.args.args, *function.args.kwonlyargs]
            if any(argument.arg == name for argument in arguments) and depth < _CHAINS:
                return self._passed(function, name, place.module, depth)
        return set().union(*(self._texts(v, place, depth) for v in _assigned(name, place.module.tree)))

    def _passed(self, function: ast.FunctionDef, name: str, module: _Module, depth: int) -> set[str]:
        """Collect the texts that callers give as this parameter, and its default."""
        positions = [argument.arg for argument in function.args.args]
        position = positions.index(name) if name in positions else None
        found = self._texts(_default(function, name), _Place(module, ()), depth + 1)
        target = f"{module.name}.{function.name}"
        for call, place in self.calls:
            if _called(call, place.module) == target:
                found |= self._texts(_argument(call, name, position), place, depth + 1)
        return found

    def _of_attribute(self, name: str) -> set[str]:
        """An attribute of some class: every text that a class gives it."""
        found: set[str] = set()
        for module in self.modules.values():
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ClassDef):
                    place = _Place(module, ())
                    found = found.union(*(self._texts(v, place) for v in _assigned(name, node)))
        return found


def _argument(call: ast.Call, name: str, position: int | None) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if position is not None and position < len(call.args) else None


def _assigned(name: str, inside: ast.AST) -> list[ast.expr]:
    found = []
    for node in ast.walk(inside):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        if any(isinstance(t, ast.Name) and t.id == name for t in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            found.append(node.value)
    return found


def _default(function: ast.FunctionDef, name: str) -> ast.expr | None:
    arguments = function.args
    for argument, value in zip(reversed(arguments.args), reversed(arguments.defaults), strict=False):
        if argument.arg == name:
            return value
    for argument, kept in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if argument.arg == name:
            return kept
    return None
