"""The parts know of each other what the architecture says, and no more.

That imports are at the top, and that each moment has a zone, ruff sees to.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from textwrap import indent

import pytest

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
        {"access"},
        {"messaging"},
        {"transfers", "stoppages"},
        {"availability"},
        {"inventory"},
        {"rentals", "labels", "reports"},
        {"calendars"},
        {"desk", "members", "periodic"},
        {"maintenance", "onboarding", "organizations", "imports"},
        {"exports"},
    ),
    "handlers": (
        {"i18n"},
        {"parsing"},
        {"ui"},
        {"rentals", "members", "labels", "exports", "telegram"},
        {"policy"},
        {"access", "inventory", "maintenance", "organizations", "imports"},
        {"desk", "reports", "transfers", "calendars"},
        {"onboarding"},
        {"features"},
    ),
    "api": (
        {"settings", "refusals"},
        {"problems"},
        {"paging", "conditional", "limits", "pages", "logins", "pictures"},
        {"auth"},
        {"calls", "models"},
        {"show", "endpoints"},
        {"routers"},
        {"app"},
    ),
}
"""The packages of a layer, from the ground up: each may import those below it, and none beside it."""

MOST_FILES = 15
"""In one folder of the program: about twelve modules and what makes it a package."""

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
    "services/members/erasure.py",  # takes out of it what is personal
    "bot/service/events.py",  # logs what is new in it
}
"""Files that know the audit. For all others it is there to be written: it only tells (docs/adr/0014)."""

AUDIT_IN_SQL = re.compile(r"\b(FROM|JOIN|UPDATE|INTO) audit\b")


@dataclass
class Source:
    """One file: its path from the root, such as `services/rentals/request.py`, and what is in it."""

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


PROGRAM = sources("db", "services", "handlers", "web", "api", "bot", "sandbox", "deploy")


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


def package(module: str) -> str:
    """Return the package of a layer that a module is in: `services.rentals` of `services.rentals.request`."""
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
    for name in imports(source.tree):
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
    names = [name for name in imports(source.tree) if name.split(".")[0] == "sqlalchemy"]
    found = [name for name in names if name != "sqlalchemy.orm.Session"]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in LOOKS_UP and last_name(node.value) == "session":
            found.append(f"session.{node.attr}")
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


def reads_of_the_audit(source: Source) -> list[int]:
    """The lines that name its model, or its table in SQL, where nobody but the audit's own may."""
    if source.part == "db" or source.path in KNOW_THE_AUDIT:
        return []
    found = []
    for node in ast.walk(source.tree):
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


def test_imports_only_point_down() -> None:
    """From bot to handlers to services to db; the sandbox stands aside; no rule knows Telegram."""
    assert broken(against_the_direction, PROGRAM) == {}


def test_the_edges_know_no_sql() -> None:
    """Handlers and the API look things up by functions of services."""
    assert broken(looks_up, PROGRAM) == {}


def test_packages_import_only_what_stands_below_them() -> None:
    """By the ladder of their layer."""
    assert broken(against_the_ladder, PROGRAM) == {}


def test_every_package_has_its_place_on_the_ladder() -> None:
    """And the ladder names no package that there is not."""
    for layer in LADDERS:
        there = {package(s.module) for s in PROGRAM if s.part == layer and s.module != layer}
        assert there == set(rungs(layer))


def test_folders_and_files_stay_small() -> None:
    """A stranger sees at a glance what is in a folder, and reads a file in one go."""
    program = [s for s in PROGRAM if s.path not in LONGER]
    folders = Counter(str(Path(s.path).parent) for s in program)
    del folders["db/migrations/versions"]  # grows with the years
    assert {folder: n for folder, n in folders.items() if n > MOST_FILES} == {}
    assert {s.path: n for s in program if (n := s.text.count("\n")) > MOST_LINES} == {}


def test_no_modules_import_each_other() -> None:
    """Nor in a ring: each can be read, and tested, after those that it names."""
    assert cycle(PROGRAM) == []


def test_only_the_session_module_commits() -> None:
    """Whatever a handler or a service does is in the transaction that it was given."""
    assert broken(transactions_of_its_own, PROGRAM) == {}


def test_the_audit_only_tells() -> None:
    """No rule, no screen and no button rests on it: rows may be removed, and sentences reworded."""
    assert broken(reads_of_the_audit, PROGRAM) == {}
    assert {source.path for source in PROGRAM} > KNOW_THE_AUDIT


def test_no_module_keeps_an_alias_unprepared() -> None:
    """Threads share what modules keep."""
    assert broken(aliases_of_a_module, PROGRAM) == {}


# Each rule, on lines that break it: a rule that sees nothing proves nothing.


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("db/session.py", "from services import rentals"),
        ("services/rentals/request.py", "import handlers.views"),
        ("services/rentals/request.py", "from telegram.error import BadRequest"),
        ("services/rentals/request.py", "if TYPE_CHECKING:\n    from telegram import Update"),
        ("services/rentals/request.py", "from ..bot import logs"),
        ("handlers/rentals/lists.py", "from bot import logs"),
        ("handlers/rentals/lists.py", "from api import calls"),
        ("api/routers/rentals.py", "from handlers.ui import registry"),
        ("handlers/rentals/lists.py", "from tests import support"),
        ("bot/program.py", "from sandbox.world.clock import MovableClock"),
        ("sandbox/world/state.py", "from db.session import Database"),
        ("sandbox/world/state.py", "from telegram import Bot"),
    ],
)
def test_an_import_that_points_up_is_seen(path: str, line: str) -> None:
    """In whatever form it is written, and wherever it stands."""
    assert len(against_the_direction(Source(path, line))) == 1
    assert len(against_the_direction(Source(path, f"def late():\n    import os\n{line}"))) == 1


def test_what_points_down_is_allowed() -> None:
    """The demo has its sandbox, handlers have Telegram."""
    assert against_the_direction(Source("bot/demo/app.py", "from sandbox.server import Sandbox")) == []
    assert against_the_direction(Source("handlers/rentals/lists.py", "from telegram import Update")) == []
    assert (
        against_the_direction(Source("handlers/rentals/lists.py", "from db.models import Rental\nimport os"))
        == []
    )


@pytest.mark.parametrize(
    "line",
    ["from sqlalchemy import select", "row = step.session.get(Row, 1)", "tx.session.scalars(query)"],
)
def test_sql_at_the_edge_is_seen(line: str) -> None:
    """Whatever the session is called with."""
    assert len(looks_up(Source("handlers/desk/scanning.py", line))) == 1
    assert looks_up(Source("services/desk/lookup.py", line)) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("services/core/policy.py", "from services.rentals import request"),
        ("services/labels/pdf.py", "from services.reports.stats import Stats"),
        ("handlers/ui/form.py", "from handlers.inventory import add"),
    ],
)
def test_an_import_up_the_ladder_is_seen(path: str, line: str) -> None:
    """Beside counts as up."""
    assert len(against_the_ladder(Source(path, line))) == 1


def test_what_stands_lower_may_be_imported() -> None:
    """So may what is in the same package, and other layers are none of the ladder's business."""
    lines = (
        "from services.core import policy\nfrom services.rentals import baskets\nfrom db.models import Rental"
    )
    assert against_the_ladder(Source("services/rentals/request.py", lines)) == []


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
    assert len(transactions_of_its_own(Source("services/rentals/request.py", line))) == 1
    assert transactions_of_its_own(Source("db/session.py", line)) == []


@pytest.mark.parametrize(
    "line",
    [
        "from db.models import AuditEntry, Claim",
        "entry = session.get(models.AuditEntry, entry_id)",
        "rows = session.execute(text('SELECT id FROM audit WHERE id = 7'))",
    ],
)
def test_a_look_into_the_audit_is_seen(line: str) -> None:
    """By its model or by its table, above the models and wherever it stands; who tells of it may look."""
    for path in ("services/inventory/locations.py", "handlers/desk/return_report.py", "bot/program.py"):
        assert len(reads_of_the_audit(Source(path, line))) == 1
        assert len(reads_of_the_audit(Source(path, f"def late():\n    {line}"))) == 1
    assert reads_of_the_audit(Source("services/reports/audit_log.py", line)) == []


def test_writing_into_the_audit_is_no_look() -> None:
    """Nor is a word about it."""
    line = '"""Read from the audit of old."""\naudit.note(session, now, action="audit")'
    assert reads_of_the_audit(Source("services/inventory/locations.py", line)) == []


@pytest.mark.parametrize(
    "line",
    [
        "_FROM, _TO = aliased(Claim), aliased(Claim)",
        "_IDS = select(orm.aliased(Claim).id)",
        "class Query:\n    there = aliased(Card)",
        "def find(session, there=aliased(Card)):\n    pass",
    ],
)
def test_an_alias_of_a_module_is_seen(line: str) -> None:
    """Wherever it is run when the module is imported; what a call makes is its own."""
    assert aliases_of_a_module(Source("services/transfers/offers.py", line))
    later = f"def late():\n{indent(line, '    ')}"
    assert aliases_of_a_module(Source("services/transfers/offers.py", later)) == []


def test_a_savepoint_is_no_commit() -> None:
    """And neither is a conversation that begins."""
    line = "with session.begin_nested():\n    conversation.start(step)"
    assert transactions_of_its_own(Source("handlers/rentals/lists.py", line)) == []


def test_every_folder_of_the_program_is_a_package() -> None:
    """A folder without an `__init__.py` is not found when the program is installed, and would stay behind."""
    folders = {Path(source.path).parent for source in PROGRAM if source.part != "deploy"}
    assert [folder for folder in folders if not (ROOT / folder / "__init__.py").exists()] == []
