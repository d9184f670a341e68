"""The parts know of each other what the architecture says, and no more.

That imports are at the top, and that each moment has a zone, ruff sees to.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "db": {"db"},
    "services": {"db", "services"},
    "handlers": {"db", "services", "handlers"},
    "bot": {"db", "services", "handlers", "bot"},
    "sandbox": {"sandbox"},
    "deploy": {"db", "services"},
}
"""What each part of the program may import of ours. Tests, benchmarks and the guides' scripts may all."""

OURS = {*MAY_IMPORT, "tests", "benchmarks", "docs"}
KNOW_NO_TELEGRAM = {"db", "services", "sandbox", "deploy"}
USES_THE_SANDBOX = {"bot/demo.py"}
COMMIT = {"db/session.py", "db/migrations/env.py", "deploy/move_to_postgresql.py"}
"""Where transactions end: the program's own, and the two of whoever changes the database's shape or kind."""


@dataclass
class Source:
    """One file: its path from the root, such as `services/rentals.py`, and what is in it."""

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


def sources(*parts: str) -> list[Source]:
    return [
        Source(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
        for part in parts
        for file in sorted((ROOT / part).rglob("*.py"))
    ]


PROGRAM = sources("db", "services", "handlers", "bot", "sandbox", "deploy")


def imports(tree: ast.AST) -> Iterator[str]:
    """Each name that is imported, with its module: `services.rentals.own`; relative ones begin with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def against_the_direction(source: Source) -> list[str]:
    """Imports that point up, aside, or to Telegram where it is not known."""
    found = []
    for name in imports(source.tree):
        part = name.split(".")[0]
        aside = part == "sandbox" and source.path in USES_THE_SANDBOX
        if part in OURS and part not in MAY_IMPORT[source.part] and not aside:
            found.append(name)
        if part == "telegram" and source.part in KNOW_NO_TELEGRAM:
            found.append(name)
        if part == "":
            found.append(name)
    return found


def dependencies(files: list[Source]) -> dict[str, set[str]]:
    """Which of these modules each of them imports."""
    modules = {source.module for source in files}
    return {
        source.module: {
            name if name in modules else name.rpartition(".")[0]
            for name in imports(source.tree)
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
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            of_database = last_name(node.value).lower().lstrip("_") in {"session", "connection", "engine"}
            if node.attr == "commit" or (node.attr == "begin" and of_database):
                found.append(node.lineno)
        elif isinstance(node, ast.Constant) and str(node.value).strip().upper() == "COMMIT":
            found.append(node.lineno)
    return found


Rule = Callable[[Source], list[str] | list[int]]


def broken(rule: Rule, files: list[Source]) -> dict[str, list[str] | list[int]]:
    """The files that break it, each with what is wrong there."""
    return {source.path: found for source in files if (found := rule(source))}


def test_imports_only_point_down() -> None:
    """From bot to handlers to services to db; the sandbox stands aside; no rule knows Telegram."""
    assert broken(against_the_direction, PROGRAM) == {}


def test_no_modules_import_each_other() -> None:
    """Nor in a ring: each can be read, and tested, after those that it names."""
    assert cycle(PROGRAM) == []


def test_only_the_session_module_commits() -> None:
    """Whatever a handler or a service does is in the transaction that it was given."""
    assert broken(transactions_of_its_own, PROGRAM) == {}


# Each rule, on lines that break it: a rule that sees nothing proves nothing.


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("db/session.py", "from services import rentals"),
        ("services/rentals.py", "import handlers.views"),
        ("services/rentals.py", "from telegram.error import BadRequest"),
        ("services/rentals.py", "if TYPE_CHECKING:\n    from telegram import Update"),
        ("services/rentals.py", "from ..bot import logs"),
        ("handlers/rent.py", "from bot import logs"),
        ("handlers/rent.py", "from tests import support"),
        ("bot/program.py", "from sandbox.clock import MovableClock"),
        ("sandbox/world.py", "from db.session import Database"),
        ("sandbox/world.py", "from telegram import Bot"),
    ],
)
def test_an_import_that_points_up_is_seen(path: str, line: str) -> None:
    """In whatever form it is written, and wherever it stands."""
    assert len(against_the_direction(Source(path, line))) == 1
    assert len(against_the_direction(Source(path, f"def late():\n    import os\n{line}"))) == 1


def test_what_points_down_is_allowed() -> None:
    """The demo has its sandbox, handlers have Telegram."""
    assert against_the_direction(Source("bot/demo.py", "from sandbox.server import Sandbox")) == []
    assert against_the_direction(Source("handlers/rent.py", "from telegram import Update")) == []
    assert against_the_direction(Source("handlers/rent.py", "from db.models import Rental\nimport os")) == []


def test_a_ring_is_seen() -> None:
    """Over any number of modules, whether a module is imported or a name from it."""
    ring = [
        Source("services/a.py", "from services import b"),
        Source("services/b.py", "import services.c"),
        Source("services/c.py", "from services.a import act"),
    ]
    assert set(cycle(ring)) == {"services.a", "services.b", "services.c"}
    assert cycle(ring[:2]) == []


@pytest.mark.parametrize(
    "line",
    [
        "session.commit()",
        "step.session.commit()",
        "done = session.commit",
        "with self._session.begin():\n    pass",
        "with Session(engine) as s, s.connection().begin():\n    pass",
        "with database.engine.begin() as connection:\n    pass",
        "session.execute(text('commit'))",
    ],
)
def test_a_commit_elsewhere_is_seen(line: str) -> None:
    """Called, handed on, or by the block that ends with one; the session module may."""
    assert len(transactions_of_its_own(Source("services/rentals.py", line))) == 1
    assert transactions_of_its_own(Source("db/session.py", line)) == []


def test_a_savepoint_is_no_commit() -> None:
    """And neither is a conversation that begins."""
    line = "with session.begin_nested():\n    conversation.begin(step)"
    assert transactions_of_its_own(Source("handlers/rent.py", line)) == []


def test_every_folder_of_the_program_is_a_package() -> None:
    """What is installed elsewhere is found by its `__init__.py`; a folder without one would stay behind."""
    folders = {Path(source.path).parent for source in PROGRAM if source.part != "deploy"}
    assert [folder for folder in folders if not (ROOT / folder / "__init__.py").exists()] == []
