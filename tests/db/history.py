"""Possible contents of a database of revision 0001: at least one row in each of its tables.

Written down in that revision's own columns, never through the models: those move on, old databases do not.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table, insert, text

Row = dict[str, Any]

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def _after(days: float) -> datetime:
    return NOON + timedelta(days=days)


def claim(id_: int, item: int, line: int | None, status: str, first: float, last: float, **more: Any) -> Row:
    return {
        "id": id_,
        "organization_id": 1,
        "item_id": item,
        "rental_id": line,
        "line_id": line,
        "status": status,
        "starts_at": _after(first),
        "blocked_until": _after(last),
        "problem": "",
        **more,
    }


def _rental(id_: int, status: str, **more: Any) -> Row:
    return {
        "id": id_,
        "organization_id": 1,
        "user_id": 1,
        "status": status,
        "starts_at": _after(0),
        "due_at": _after(2),
        "purpose": "",
        "comment": "",
        "reason": "",
        "created_at": NOON,
        **more,
    }


def _line(id_: int) -> Row:
    return {"id": id_, "rental_id": id_, "equipment_id": 1, "quantity": 1}


def _item(id_: int, code: str) -> Row:
    return {
        "id": id_,
        "organization_id": 1,
        "equipment_id": 1,
        "code": code,
        "label": "",
        "location_id": 1,
        "condition": "ok",
        "comment": "",
        "custom": {},
        "label_token": f"token-{code}",
        "created_at": NOON,
        "version": 1,
    }


def _message(id_: int, status: str, **more: Any) -> Row:
    return {
        "id": id_,
        "organization_id": 1,
        "chat_id": 71,
        "lane": "notice",
        "kind": "reminder",
        "params": {"rental_id": 2},
        "renew": False,
        "status": status,
        "not_before": NOON,
        "attempts": 0,
        "error": "",
        "created_at": NOON,
        **more,
    }


ROWS: Mapping[str, list[Row]] = {
    "organizations": [
        {
            "id": 1,
            "name": "Fjellklubben <ø>",
            "timezone": "Europe/Oslo",
            "language": "nb",
            "policy": {"turnaround_hours": 2},
            "group_chat_id": -1001234567890123,
            "created_at": NOON,
        }
    ],
    "users": [
        {
            "id": 1,
            "organization_id": 1,
            "first_name": "Kari",
            "last_name": "🏔",
            "email": "kari@example.org",
            "role": "leader",
            "custom": {},
            "created_at": NOON,
        }
    ],
    "chat_accounts": [{"id": 71, "first_name": "Kari", "organization_id": 1, "created_at": NOON}],
    "account_links": [{"id": 1, "account_id": 71, "organization_id": 1, "user_id": 1, "created_at": NOON}],
    "invites": [
        {
            "id": 1,
            "organization_id": 1,
            "token_hash": "0" * 64,
            "role": "user",
            "uses_left": 1,
            "expires_at": _after(14),
            "created_by": 1,
            "created_at": NOON,
        }
    ],
    "audit": [
        {
            "id": 1,
            "organization_id": 1,
            "at": NOON,
            "user_id": 1,
            "action": "request",
            "subject": "rental",
            "subject_id": 1,
            "details": {"items": [1]},
        }
    ],
    "locations": [{"id": 1, "organization_id": 1, "name": "Attic"}],
    "tags": [{"id": 1, "organization_id": 1, "name": "winter"}],
    "photos": [{"id": 1, "organization_id": 1, "content": b"\x89PNG\x00\xff"}],
    "equipment": [
        {
            "id": 1,
            "organization_id": 1,
            "name": "Tent",
            "brand": "",
            "model": "",
            "type": "",
            "description": "",
            "photo_id": 1,
            "custom": {},
            "policy": {},
            "search_text": "tent",
            "created_at": NOON,
            "version": 1,
        }
    ],
    "equipment_tags": [{"equipment_id": 1, "tag_id": 1}],
    "items": [_item(1, "T1"), _item(2, "T2"), _item(3, "T 3 ø")],
    "rentals": [
        _rental(1, "draft", starts_at=None, due_at=None),
        _rental(2, "out", request_key="71:5"),
        _rental(3, "returned", ended_at=_after(-8)),
        _rental(4, "approved", starts_at=_after(20), due_at=_after(22), expires_at=_after(21)),
        _rental(5, "declined", decided_by=1, reason="Under repair"),
        _rental(8, "cancelled", requested_at=NOON),
        _rental(9, "cancelled"),  # a basket that was discarded
    ],
    "rental_lines": [_line(id_) for id_ in range(1, 6)],
    "blocks": [{"id": 1, "organization_id": 1, "reason": "repair", "created_at": NOON}],
    "claims": [
        claim(1, 1, 2, "out", 0, 2, out_at=_after(0.1), out_by=1),
        claim(2, 1, 3, "returned", -10, -8, out_at=_after(-10), returned_at=_after(-8), returned_to=1),
        claim(3, 1, 4, "held", 20, 22),
        claim(4, 2, 5, "released", 0, 2),
        claim(5, 3, None, "held", 0, 30, block_id=1),
    ],
    "extensions": [{"id": 1, "rental_id": 2, "due_at": _after(5), "status": "asked", "asked_at": NOON}],
    "cards": [
        {
            "id": 1,
            "organization_id": 1,
            "kind": "rental",
            "subject_id": 2,
            "chat_id": 71,
            "message_id": 9,
            "photo_id": 1,
        }
    ],
    "outbox": [
        _message(1, "sent", dedup_key="due:2:x:71", sent_at=NOON, message_id=9),
        _message(2, "pending", card_id=1, kind="rental", lane="reply"),
    ],
    "conversations": [
        {
            "id": 1,
            "chat_id": 71,
            "account_id": 71,
            "organization_id": 1,
            "name": "rent",
            "state": "pick",
            "data": {"rental_id": 1},
            "version": 3,
            "updated_at": NOON,
        }
    ],
    "inbox": [
        {
            "id": 1,
            "update_id": 9_000_000_000,
            "chat_key": 71,
            "payload": {"update_id": 9_000_000_000, "message": {"text": "/rent ⛺"}},
            "status": "set_aside",
            "attempts": 5,
            "error": "ValueError",
            "received_at": NOON,
        }
    ],
}


def tables(connection: Connection) -> dict[str, Table]:
    """The database's own tables as they are now, in the order in which rows can be put into them."""
    found = MetaData()
    found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name != "alembic_version"}


def fill(connection: Connection, rows: Mapping[str, list[Row]] = ROWS) -> None:
    """Put the rows in. The columns of a row that are not named are left empty, but for what must be there."""
    for table in tables(connection).values():
        for row in rows.get(table.name, []):
            if table.name == "rentals" and "number" in table.c:
                row = row | {"number": row["id"]}
            kept = {name: _kept(connection, table.c[name], value) for name, value in row.items()}
            connection.execute(insert(table).values(kept))
    if connection.dialect.name == "postgresql":
        _count_on(connection)


def _kept(connection: Connection, column: Column[Any], value: Any) -> Any:
    """SQLite keeps moments without an offset; JSON may be kept as a text."""
    if isinstance(value, dict) and not isinstance(column.type, JSON):
        return json.dumps(value)
    if isinstance(value, datetime) and connection.dialect.name == "sqlite":
        return value.replace(tzinfo=None)
    return value


def _count_on(connection: Connection) -> None:
    """Ids that were written by hand are not handed out again."""
    for name, table in tables(connection).items():
        if "id" in table.c and table.c.id.autoincrement and name != "chat_accounts":
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
            )


def contents(connection: Connection) -> dict[str, list[Row]]:
    """Every row of every table, by the column's name."""
    return {
        name: [dict(row._mapping) for row in connection.execute(table.select().order_by(*table.primary_key))]
        for name, table in tables(connection).items()
    }
