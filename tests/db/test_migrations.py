"""Migrations on both databases: what they make is what the models say, and what was there stays."""

import json
import os
import signal
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Connection, event, inspect, text
from sqlalchemy.exc import IntegrityError

from db.derived import TRIGGERS, create_triggers, trigger_names
from db.guards import OVERLAP, claim_guard_names, create_claim_guard
from db.migrations import UnknownVersion, config, is_current, newest, upgrade, version
from db.models import Base
from db.session import Database
from tests.db import history

# Such an index cannot be read in SQLite; `shape` compares the statement that it was made with.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
]

GUARD = {
    "sqlite": {f"{OVERLAP}_insert", f"{OVERLAP}_update"},
    "postgresql": {OVERLAP},
}
PARTIAL = {
    "uq_claims_one_out": "status = 'out'",
    "uq_extensions_one_asked": "status = 'asked'",
    "uq_hand_overs_one_offered": "status = 'offered'",
    "uq_join_requests_one_asked": "status = 'asked'",
    "uq_outbox_one_pending_per_card": "status = 'pending'",
    "uq_rentals_one_draft": "status = 'draft'",
    "uq_rentals_one_draft_for_others": "status = 'draft'",
}


def guard_of(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return claim_guard_names(connection)


def expected_guard(database: Database) -> set[str]:
    return GUARD["sqlite" if database.is_sqlite else "postgresql"]


def written(database: Database, work: Callable[[Connection], Any]) -> Any:
    with database.engine.begin() as connection:
        return work(connection)


def plain(value: Any) -> Any:
    """Reflected things without their place in a list, and types as their text."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "comment"}
    if isinstance(value, list):
        return sorted((plain(v) for v in value), key=repr)
    return value if isinstance(value, (str, int, bool, tuple)) or value is None else str(value)


def shape(database: Database) -> dict[str, Any]:
    """Everything that can be reflected: columns, keys, CHECK constraints, indexes with their conditions."""
    with database.engine.connect() as connection:
        look = inspect(connection)
        return {
            name: {
                "columns": plain(look.get_columns(name)),
                "primary key": plain(look.get_pk_constraint(name)),
                # SQLite's reflection finds no name of a key that was added with its column.
                "foreign keys": plain(
                    [
                        {**key, "name": None if database.is_sqlite else key["name"]}
                        for key in look.get_foreign_keys(name)
                    ]
                ),
                "unique": plain(look.get_unique_constraints(name)),
                "checks": plain(look.get_check_constraints(name)),
                "indexes": plain(look.get_indexes(name)),
                "statements": _statements(connection, name) if database.is_sqlite else None,
            }
            for name in look.get_table_names()
            if name != "alembic_version"
        }


def _statements(connection: Connection, table: str) -> list[str]:
    query = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = :table"
    return sorted(connection.scalars(text(query), {"table": table}))


def test_the_models_say_what_the_migrations_made(database: Database) -> None:
    """Alembic finds nothing to do between the migrated database and the models."""
    with database.engine.connect() as connection:
        # PostgreSQL cannot compare two JSON values; the next test looks at their defaults too.
        def defaults(*args: Any) -> bool | None:
            return False if isinstance(args[2].type, JSON) else None

        options = {"compare_type": True, "compare_server_default": defaults}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_constraints_and_indexes_are_the_models_too(new_database: Database) -> None:
    """Nor does a look at all that Alembic does not compare: CHECKs, cascades, conditions of indexes."""
    upgrade(new_database)
    migrated = shape(new_database)
    written(new_database, Base.metadata.drop_all)
    written(new_database, Base.metadata.create_all)
    written(new_database, create_claim_guard)
    written(new_database, create_triggers)
    assert shape(new_database) == migrated


def test_ids_are_never_given_out_twice(sqlite: Database) -> None:
    """Each table that the models say so of counts on in SQLite, also after it was rebuilt."""
    wanted = {name for name, table in Base.metadata.tables.items() if table.kwargs["sqlite_autoincrement"]}
    with sqlite.engine.connect() as connection:
        counting = connection.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
        assert set(counting) == wanted
    assert len(wanted) > 15


def test_the_claim_guard_is_there(database: Database) -> None:
    """Autogenerate sees neither triggers nor exclusion constraints: look for them in the catalogue."""
    assert guard_of(database) == expected_guard(database)
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            ddl = connection.scalar(
                text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
                {"name": OVERLAP},
            )
        assert ddl is not None and ddl.startswith("EXCLUDE USING gist") and "tstzrange" in ddl


def test_the_triggers_are_there(database: Database) -> None:
    """Those that keep what follows from other rows."""
    with database.engine.connect() as connection:
        assert trigger_names(connection) == TRIGGERS


def test_partial_unique_indexes_are_there(database: Database) -> None:
    """One item out, one open question, one pending drawing, one basket: unique, and only in that state."""
    with database.engine.connect() as connection:
        catalogue = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
            if database.is_sqlite
            else "SELECT indexname, indexdef FROM pg_indexes"
        )
        ddl = {name: sql for name, sql in connection.execute(text(catalogue)) if name in PARTIAL}
    assert ddl.keys() == PARTIAL.keys()
    for name, sql in ddl.items():
        status = PARTIAL[name].split("'")[1]
        assert "UNIQUE" in sql and "WHERE" in sql and f"'{status}'" in sql.split("WHERE")[1], name


def test_upgrading_again_does_nothing(new_database: Database) -> None:
    """The second run finds everything in its place and touches no row."""
    assert not is_current(new_database)
    upgrade(new_database, "0001")
    assert not is_current(new_database)
    upgrade(new_database)
    assert is_current(new_database)
    written(new_database, history.fill)
    before = shape(new_database), written(new_database, history.contents)
    upgrade(new_database)
    assert (shape(new_database), written(new_database, history.contents)) == before


def test_a_populated_database_keeps_its_rows(new_database: Database) -> None:
    """From the first revision with rows in every table to the newest: all there, guarded, pointing right."""
    upgrade(new_database, "0001")
    written(new_database, history.fill)
    before: dict[str, list[history.Row]] = written(new_database, history.contents)
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    upgrade(new_database)
    after: dict[str, list[history.Row]] = written(new_database, history.contents)
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[name]]
        if name == "cards":  # revision 0026 makes one of the last reminder
            kept = [row for row in kept if row["kind"] != "reminder"]
        if name == "inbox":  # revision 0007 keeps as a text what came
            kept = [{**row, "payload": json.loads(row["payload"])} for row in kept]
        assert kept == rows, name
    # Revision 0033: people know rentals by their ids; baskets have no number.
    numbers = {row["id"]: row["number"] for row in after["rentals"]}
    assert numbers == {1: None, 2: 2, 3: 3, 4: 4, 5: 5, 8: 8, 9: None}
    assert after["rental_numbers"] == [{"organization_id": 1, "last": 8}]
    assert guard_of(new_database) == expected_guard(new_database)
    broken = (
        "PRAGMA foreign_key_check"
        if new_database.is_sqlite
        else "SELECT conname FROM pg_constraint WHERE NOT convalidated"
    )
    assert written(new_database, lambda c: c.execute(text(broken)).all()) == []


def test_the_guard_still_bites_after_the_upgrade(new_database: Database) -> None:
    """Whatever the newest migration rebuilt: a second claim on an item that is out does not get in."""
    upgrade(new_database, "0001")
    written(new_database, history.fill)
    upgrade(new_database)
    for first, last in [(1.0, 3.0), (-1.0, 1.0), (0.5, 1.0), (-5.0, 9.0)]:
        second = {"claims": [history.claim(99, 1, 4, "held", first, last)]}
        with pytest.raises(IntegrityError, match=OVERLAP):
            written(new_database, partial(history.fill, rows=second))


def test_claims_without_the_moment_they_went_out_get_one(new_database: Database) -> None:
    """Revision 0002 asks since when a member has a thing; older rows that do not say get their start."""
    upgrade(new_database, "0001")
    silent = history.claim(6, 2, 2, "out", 0, 2)
    written(new_database, history.fill)
    written(new_database, lambda c: history.fill(c, {"claims": [silent]}))
    upgrade(new_database)
    rows = {row["id"]: row for row in written(new_database, history.contents)["claims"]}
    assert rows[6]["out_at"] == rows[6]["starts_at"]
    assert rows[3]["out_at"] is None
    unheard = history.claim(7, 3, 2, "returned", -9, -8)
    with pytest.raises(IntegrityError, match="out_at_known"):
        written(new_database, lambda c: history.fill(c, {"claims": [unheard]}))


def revised(database: Database, folder: Path, body: str) -> Callable[[], None]:
    """An upgrade to one more revision after the newest, that does what `body` says."""
    settings = config(database)
    versions = Path(settings.get_main_option("script_location") or "") / "versions"
    settings.set_main_option("path_separator", "newline")
    settings.set_main_option("version_locations", f"{versions}\n{folder}")
    newest = max(path.name[:4] for path in versions.glob("0*.py"))
    (folder / "9999_trial.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision, down_revision = '9999', '{newest}'\nbranch_labels = depends_on = None\n"
        f"def upgrade():\n    {body}\n"
    )
    return lambda: command.upgrade(settings, "head")


def test_rebuilding_a_table_keeps_its_children(new_database: Database, tmp_path: Path) -> None:
    """In SQLite a rebuild drops the old table: with foreign keys on, a rental's lines would go with it."""
    upgrade(new_database)
    written(new_database, history.fill)
    before = written(new_database, history.contents)
    revised(
        new_database,
        tmp_path,
        "with op.batch_alter_table('rentals', recreate='auto') as t: "
        "t.alter_column('purpose', existing_type=sa.Text(), nullable=True)",
    )()
    assert written(new_database, history.contents) == before
    columns = written(new_database, lambda c: inspect(c).get_columns("rentals"))
    assert [column["nullable"] for column in columns if column["name"] == "purpose"] == [True]


def test_a_migration_that_fails_leaves_nothing(new_database: Database, tmp_path: Path) -> None:
    """All or nothing: half of a migration is undone, and foreign keys are on for whoever comes next."""
    upgrade(new_database)
    written(new_database, history.fill)
    before = shape(new_database), written(new_database, history.contents)
    with pytest.raises(ZeroDivisionError):
        revised(new_database, tmp_path, "op.execute('DELETE FROM outbox'); op.drop_table('inbox'); 1 / 0")()
    assert (shape(new_database), written(new_database, history.contents)) == before
    assert is_current(new_database)
    with pytest.raises(IntegrityError):
        written(new_database, lambda c: c.execute(text("DELETE FROM organizations")))


def test_a_migration_may_not_leave_rows_that_point_nowhere(sqlite: Database, tmp_path: Path) -> None:
    """SQLite migrates with foreign keys off: they are checked before anything is committed."""
    written(sqlite, history.fill)
    with pytest.raises(RuntimeError, match="point nowhere"):
        revised(sqlite, tmp_path, "op.execute('DELETE FROM users')")()
    assert len(written(sqlite, history.contents)["users"]) == 1


def test_a_guard_that_was_lost_is_missed(sqlite: Database) -> None:
    """The look at the catalogue can fail: a batch change that does not mind the triggers loses them."""
    sqlite.close()  # a connection from before would still know the trigger when it is made again
    assert guard_of(sqlite) == GUARD["sqlite"]
    written(sqlite, lambda c: c.execute(text(f"DROP TRIGGER {OVERLAP}_update")))
    assert guard_of(sqlite) != GUARD["sqlite"]
    written(sqlite, lambda c: c.execute(text(f"DROP TRIGGER {OVERLAP}_insert")))
    written(sqlite, create_claim_guard)
    assert guard_of(sqlite) == GUARD["sqlite"]


@pytest.mark.parametrize("after", [1, pytest.param(5, marks=pytest.mark.long)])
def test_one_that_is_killed_is_as_it_was_and_ends_the_next_time(new_database: Database, after: int) -> None:
    """Between two steps, by a signal that nothing catches: of so many steps nothing is left."""
    upgrade(new_database, "0001")
    written(new_database, history.fill)
    before = shape(new_database), written(new_database, history.contents)
    new_database.engine.dispose()
    child = os.fork()
    if child == 0:
        _upgrade_and_be_killed(new_database.url.render_as_string(hide_password=False), after)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert version(new_database) == "0001"
    assert (shape(new_database), written(new_database, history.contents)) == before
    upgrade(new_database)
    assert is_current(new_database)
    assert guard_of(new_database) == expected_guard(new_database)


def _upgrade_and_be_killed(url: str, after: int) -> None:
    """Upgrade in a process of its own, which ends after so many steps."""
    steps = count(1)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE alembic_version") and next(steps) == after:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        database = Database(url)
        event.listen(database.engine, "after_cursor_execute", note)
        upgrade(database)
    finally:
        os._exit(1)


def test_a_newer_version_is_refused_with_both_numbers(new_database: Database) -> None:
    """And left as it is."""
    upgrade(new_database)
    written(new_database, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(UnknownVersion, match=f"9999.*{newest()}"):
        upgrade(new_database)
    assert version(new_database) == "9999"
