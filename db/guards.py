"""The guard against double booking: a constraint in PostgreSQL, triggers in SQLite.

DDL that can be dropped and created again, because SQLite's batch migrations lose a table's triggers: a
migration that rebuilds `claims` calls `create_claim_guard` afterwards.
"""

from sqlalchemy import Connection, text

OVERLAP = "claims_no_overlap"
"""The constraint's name in PostgreSQL, and the message of SQLite's triggers when they abort."""

_OCCUPIES = "('held', 'out')"

_POSTGRESQL = f"""
ALTER TABLE claims ADD CONSTRAINT {OVERLAP} EXCLUDE USING gist (
    int8range(item_id, item_id, '[]') WITH &&,
    tstzrange(starts_at, blocked_until, '[)') WITH &&
) WHERE (status IN {_OCCUPIES})
"""

_SQLITE_TRIGGER = f"""
CREATE TRIGGER {OVERLAP}_{{name}} BEFORE {{event}} ON claims
WHEN NEW.status IN {_OCCUPIES} AND EXISTS (
    SELECT 1 FROM claims AS other
    WHERE other.item_id = NEW.item_id
      AND other.status IN {_OCCUPIES}
      AND other.starts_at < NEW.blocked_until
      AND NEW.starts_at < other.blocked_until
      {{not_itself}}
)
BEGIN
    SELECT RAISE(ABORT, '{OVERLAP}');
END
"""

_SQLITE_TRIGGERS = {
    f"{OVERLAP}_insert": _SQLITE_TRIGGER.format(name="insert", event="INSERT", not_itself=""),
    f"{OVERLAP}_update": _SQLITE_TRIGGER.format(
        name="update",
        event="UPDATE OF item_id, starts_at, blocked_until, status",
        not_itself="AND other.id <> NEW.id",
    ),
}


def create_claim_guard(connection: Connection) -> None:
    """Make the database refuse two overlapping claims in held or out on one item."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_POSTGRESQL))
        return
    for ddl in _SQLITE_TRIGGERS.values():
        connection.execute(text(ddl))


def drop_claim_guard(connection: Connection) -> None:
    """Drop the guard, for a migration that rebuilds the table and for the control run of the race test."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE claims DROP CONSTRAINT IF EXISTS {OVERLAP}"))
        return
    for name in _SQLITE_TRIGGERS:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))


def claim_guard_names(connection: Connection) -> set[str]:
    """Return the names of the guard's constraint or triggers that exist in this database."""
    if connection.dialect.name == "postgresql":
        query = "SELECT conname FROM pg_constraint WHERE conrelid = 'claims'::regclass AND contype = 'x'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'claims'"
    return set(connection.scalars(text(query)))
