"""Rules of the structure: imports, commits, look-ups; each names the places that break it."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "db": {"db"},
    "services": {"db", "services"},
    "handlers": {"db", "services", "handlers"},
    "web": {"db", "services", "web"},
    "api": {"db", "services", "api"},
    "bot": {"db", "services", "handlers", "web", "api", "bot"},
    "sandbox": {"sandbox"},
    "deploy": {"db", "services"},
}
"""The packages of ours that each part may import. Tests, benchmarks and the guides' scripts may all."""

LADDERS: dict[str, tuple[set[str], ...]] = {
    "services": (
        {"core", "temporary_folders"},
        {"access", "scanning"},
        {"messaging"},
        {"transfers", "stoppages", "talk"},
        {"availability"},
        {"inventory"},
        {"rentals", "labels", "reports", "forgetting"},
        {"calendars"},
        {"desk", "members", "periodic"},
        {"maintenance", "onboarding", "organizations", "imports"},
        {"exports"},
    ),
    "handlers": (
        {"i18n"},
        {"parsing"},
        {"ui"},
        {"rentals", "members", "labels", "telegram"},
        {"policy"},
        {"access", "inventory", "maintenance", "organizations", "imports", "exports"},
        {"desk", "reports", "transfers", "calendars", "talk"},
        {"onboarding", "plain_text"},
        {"features"},
    ),
    "api": (
        {"settings", "refusals"},
        {"problems"},
        {"paging", "conditional", "limits", "pages", "pictures"},
        {"identity"},
        {"calls", "models"},
        {"show", "endpoints"},
        {"routers"},
        {"app"},
    ),
}
"""The packages of a layer, from the ground up: each may import those below it, and none beside it."""

MOST_FILES = 13
"""In one folder of the program: twelve modules and what makes it a package."""

MOST_LINES = 450
LONGER = {"db/migrations/versions/0001_the_foundation.py"}

OURS = {*MAY_IMPORT, "tests", "benchmarks", "docs"}
KNOW_NO_TELEGRAM = {"db", "services", "web", "api", "sandbox", "deploy"}
USES_THE_SANDBOX = {"bot/demo/app.py"}
COMMIT = {"db/session.py", "db/migrations/env.py", "db/copying.py"}
"""Files that end transactions: the program's own, and two that change the database's shape or kind."""

KNOW_THE_AUDIT = {
    "services/core/audit.py",  # writes it
    "services/reports/audit_log.py",  # tells what is in it
    "services/members/data_export.py",  # gives members what is in it about them
    "services/members/departure/erasure.py",  # takes out of it what is personal
    "services/forgetting.py",  # deletes what is old
    "bot/service/events.py",  # logs what is new in it
}
"""Files that know the audit. For all others it is there to be written: it only tells (docs/adr/0014)."""

AUDIT_IN_SQL = re.compile(r"\b(FROM|JOIN|UPDATE|INTO) audit\b")


@dataclass
class Source:
    """One file: its path from the root, such as `services/rentals/booking/request.py`, and what is in it."""

    path: str
    text: str

    @property
    def part(self) -> str:
        return self.path.split("/")[0]

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All that is in the tree, walked once for all rules."""
        return list(ast.walk(self.tree))

    @cached_property
    def imports(self) -> list[str]:
        """Each name that is imported, with its module: `services.rentals.own`; relative ones begin with a
        dot.
        """
        return list(_imports(self.nodes))


def sources(*parts: str) -> list[Source]:
    return [
        Source(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
        for part in parts
        for file in sorted((ROOT / part).rglob("*.py"))
    ]


PROGRAM = sources("db", "services", "handlers", "web", "api", "bot", "sandbox", "deploy")


def _imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def against_the_direction(source: Source) -> list[str]:
    """Imports that point up, aside, or to Telegram where it is not known."""
    found = []
    for name in source.imports:
        part = name.split(".")[0]
        aside = part == "sandbox" and source.path in USES_THE_SANDBOX
        if part in OURS and part not in MAY_IMPORT[source.part] and not aside:
            found.append(name)
        if part == "telegram" and source.part in KNOW_NO_TELEGRAM:
            found.append(name)
        if part == "":
            found.append(name)
    return found


def package(module: str) -> str:
    """Return the package of a layer that a module is in: `services.rentals` of `services.rentals.returns`."""
    return ".".join(module.split(".")[:2])


def rungs(layer: str) -> dict[str, int]:
    """Return how high each package of a layer stands."""
    return {f"{layer}.{name}": height for height, names in enumerate(LADDERS[layer]) for name in names}


def against_the_ladder(source: Source) -> list[str]:
    """Imports from a package of the same layer that does not stand lower."""
    if source.part not in LADDERS or source.module == source.part:
        return []
    heights, here = rungs(source.part), package(source.module)
    found = set()
    for name in source.imports:
        there = package(name)
        is_beside = name.split(".")[0] == source.part and there not in {here, source.part}
        if is_beside and heights.get(there, 0) >= heights[here]:
            found.add(f"{here} -> {there}")
    return sorted(found)


LOOKS_UP = {"add", "add_all", "delete", "execute", "get", "get_one", "merge", "query", "scalar", "scalars"}


def looks_up(source: Source) -> list[str]:
    """SQL at the edge: names of SQLAlchemy but for the session's type, and rows read or written by hand."""
    if source.part not in ("handlers", "api"):
        return []
    names = [name for name in source.imports if name.split(".")[0] == "sqlalchemy"]
    found = [name for name in names if name != "sqlalchemy.orm.Session"]
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in LOOKS_UP and last_name(node.value) == "session":
            found.append(f"session.{node.attr}")
    return found


def dependencies(files: list[Source]) -> dict[str, set[str]]:
    """Which of these modules each of them imports."""
    modules = {source.module for source in files}
    return {
        source.module: {
            name if name in modules else name.rpartition(".")[0]
            for name in source.imports
            if name in modules or name.rpartition(".")[0] in modules
        }
        - {source.module}
        for source in files
    }


def cycle(files: list[Source]) -> list[str]:
    """Modules that import each other in a ring; empty where there is none."""
    try:
        TopologicalSorter(dependencies(files)).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        return ring
    return []


def last_name(node: ast.expr) -> str:
    """The nearest name in an expression: `session` in `self.session`, `Session` in `db.Session(engine)`."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr
        case ast.Call():
            return last_name(node.func)
        case _:
            return ""


def transactions_of_its_own(source: Source) -> list[int]:
    """The lines that commit, or begin what commits at its end. Savepoints do neither."""
    if source.path in COMMIT:
        return []
    found = []
    for node in source.nodes:
        if isinstance(node, ast.Attribute):
            of_database = last_name(node.value).lower().lstrip("_") in {"session", "connection", "engine"}
            if node.attr == "commit" or (node.attr == "begin" and of_database):
                found.append(node.lineno)
        elif isinstance(node, ast.Constant) and str(node.value).strip().upper() == "COMMIT":
            found.append(node.lineno)
    return found


def reads_of_the_audit(source: Source) -> list[int]:
    """The lines that name its model, or its table in SQL, where nobody but the audit's own may."""
    if source.part == "db" or source.path in KNOW_THE_AUDIT:
        return []
    found = []
    for node in source.nodes:
        match node:
            case ast.ImportFrom():
                named = "AuditEntry" in {alias.name for alias in node.names}
            case ast.Attribute():
                named = node.attr == "AuditEntry"
            case ast.Constant(value=str(words)):
                named = AUDIT_IN_SQL.search(words) is not None
            case _:
                continue
        if named:
            found.append(node.lineno)
    return found


def aliases_of_a_module(source: Source) -> list[int]:
    """The lines outside functions that make an alias: SQLAlchemy would prepare it at its first use, in two
    threads at once maybe, and leave it wrong. `db.aliases.kept` prepares it.
    """
    found, left = [], list[ast.AST](ast.iter_child_nodes(source.tree))
    while left:
        node = left.pop()
        if isinstance(node, ast.Call) and last_name(node.func) in {"aliased", "with_polymorphic"}:
            found.append(node.lineno)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            left.append(node.args)
        else:
            left += ast.iter_child_nodes(node)
    return found


Rule = Callable[[Source], list[str] | list[int]]


def broken(rule: Rule, files: list[Source]) -> dict[str, list[str] | list[int]]:
    """The files that break it, each with what is wrong there."""
    return {source.path: found for source in files if (found := rule(source))}
