"""The parts know of each other what the architecture says, and no more.

That imports are at the top, and that each moment has a zone, ruff sees to.
"""

from collections import Counter
from pathlib import Path
from textwrap import indent

import pytest

from tests.layering import (
    KNOW_THE_AUDIT,
    LADDERS,
    LONGER,
    MOST_FILES,
    MOST_LINES,
    PROGRAM,
    ROOT,
    Source,
    against_the_direction,
    against_the_ladder,
    aliases_of_a_module,
    broken,
    cycle,
    looks_up,
    package,
    reads_of_the_audit,
    rungs,
    transactions_of_its_own,
)


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
        ("services/rentals/booking/request.py", "import handlers.views"),
        ("services/rentals/booking/request.py", "from telegram.error import BadRequest"),
        ("services/rentals/booking/request.py", "if TYPE_CHECKING:\n    from telegram import Update"),
        ("services/rentals/booking/request.py", "from ..bot import logs"),
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
    assert against_the_ladder(Source("services/rentals/booking/request.py", lines)) == []


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
    assert len(transactions_of_its_own(Source("services/rentals/booking/request.py", line))) == 1
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
