"""Columns and rows that follow from others, kept by triggers: in each transaction, whoever writes.

`equipment.lendable` counts items, `equipment_parts` has the parts of words by which equipment is found. Like
the guard of the claims (db/guards.py), the triggers of a table are lost when a migration rebuilds it in
SQLite: such a migration calls `drop_triggers` before and `create_triggers` afterwards.
"""

from sqlalchemy import Connection, text

from db.models.inventory import LONGEST_PART

# As in db/states.py; what is stored there does not change.
_LENDABLE = "('ok', 'damaged')"

_COUNT_ITEMS = f"""
UPDATE equipment SET lendable = (
    SELECT count(*) FROM items WHERE items.equipment_id = equipment.id AND items.condition IN {_LENDABLE}
)
"""

_MORE = "UPDATE equipment SET lendable = lendable + 1 WHERE id = NEW.equipment_id"
_LESS = "UPDATE equipment SET lendable = lendable - 1 WHERE id = OLD.equipment_id"

_NEW, _OLD = f"NEW.condition IN {_LENDABLE}", f"OLD.condition IN {_LENDABLE}"
_MOVED = f"NEW.equipment_id <> OLD.equipment_id OR ({_NEW}) <> ({_OLD})"

# Without WITH, which triggers may not have: as many zeros as the text has letters, by their places.
_SQLITE_PARTS = f"""
SELECT DISTINCT e.organization_id, substr(e.rest, 1, instr(e.rest || ' ', ' ') - 1) AS part, e.id FROM (
    SELECT {{e}}.id, {{e}}.organization_id, substr({{e}}.search_text, place.key + 1, {LONGEST_PART}) AS rest
    FROM {{tables}} json_each(
        '[' || substr(replace(printf('%*s', length({{e}}.search_text), ''), ' ', ',0'), 2) || ']'
    ) AS place
) AS e WHERE e.rest NOT LIKE ' %' AND e.rest <> ''
"""

_POSTGRESQL_PARTS = f"""
SELECT DISTINCT {{e}}.organization_id, p.part, {{e}}.id
FROM {{tables}} generate_series(1, length({{e}}.search_text)) AS place,
    LATERAL (SELECT split_part(substr({{e}}.search_text, place, {LONGEST_PART}), ' ', 1) AS part) AS p
WHERE p.part <> ''
"""

_INSERT = "INSERT INTO equipment_parts (organization_id, part, equipment_id)"
_FORGET = "DELETE FROM equipment_parts WHERE equipment_id = NEW.id"
_OTHER_WORDS = "NEW.search_text <> OLD.search_text OR NEW.organization_id <> OLD.organization_id"

_ON_SQLITE = {
    "items_added": f"AFTER INSERT ON items WHEN {_NEW} BEGIN {_MORE}; END",
    "items_gone": f"AFTER DELETE ON items WHEN {_OLD} BEGIN {_LESS}; END",
    "items_changed": f"""
        AFTER UPDATE OF condition, equipment_id ON items WHEN {_MOVED}
        BEGIN {_LESS} AND {_OLD}; {_MORE} AND {_NEW}; END
    """,
    "equipment_added": f"""
        AFTER INSERT ON equipment BEGIN {_INSERT} {_SQLITE_PARTS.format(e="NEW", tables="")}; END
    """,
    "equipment_changed": f"""
        AFTER UPDATE OF search_text, organization_id ON equipment WHEN {_OTHER_WORDS}
        BEGIN {_FORGET}; {_INSERT} {_SQLITE_PARTS.format(e="NEW", tables="")}; END
    """,
}

_ON_POSTGRESQL = {
    "items_added": (f"AFTER INSERT ON items FOR EACH ROW WHEN ({_NEW})", f"{_MORE};"),
    "items_gone": (f"AFTER DELETE ON items FOR EACH ROW WHEN ({_OLD})", f"{_LESS};"),
    "items_changed": (
        f"AFTER UPDATE OF condition, equipment_id ON items FOR EACH ROW WHEN ({_MOVED})",
        f"{_LESS} AND {_OLD}; {_MORE} AND {_NEW};",
    ),
    "equipment_added": (
        "AFTER INSERT ON equipment FOR EACH ROW",
        f"{_INSERT} {_POSTGRESQL_PARTS.format(e='NEW', tables='')};",
    ),
    "equipment_changed": (
        f"AFTER UPDATE OF search_text, organization_id ON equipment FOR EACH ROW WHEN ({_OTHER_WORDS})",
        f"{_FORGET}; {_INSERT} {_POSTGRESQL_PARTS.format(e='NEW', tables='')};",
    ),
}

TRIGGERS = frozenset(_ON_SQLITE)


def create_triggers(connection: Connection) -> None:
    """Let the database keep what follows from other rows from now on."""
    if connection.dialect.name != "postgresql":
        for name, body in _ON_SQLITE.items():
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {body}")
        return
    for name, (when, body) in _ON_POSTGRESQL.items():
        connection.execute(
            text(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
                f" AS $$ BEGIN {body} RETURN NULL; END $$"
            )
        )
        connection.execute(text(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"))


def drop_triggers(connection: Connection) -> None:
    """Drop the triggers, for a migration that rebuilds one of their tables."""
    if connection.dialect.name != "postgresql":
        for name in _ON_SQLITE:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        return
    for name in _ON_POSTGRESQL:
        connection.execute(text(f"DROP FUNCTION IF EXISTS {name}() CASCADE"))


def fill(connection: Connection) -> None:
    """Write all anew from the rows that are there."""
    connection.exec_driver_sql(_COUNT_ITEMS)
    parts = _POSTGRESQL_PARTS if connection.dialect.name == "postgresql" else _SQLITE_PARTS
    connection.exec_driver_sql("DELETE FROM equipment_parts")
    connection.exec_driver_sql(f"{_INSERT} {parts.format(e='equipment', tables='equipment,')}")


def trigger_names(connection: Connection) -> set[str]:
    """Return the names of these triggers that exist in this database."""
    if connection.dialect.name == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('items', 'equipment')"
    return set(connection.scalars(text(query)))
