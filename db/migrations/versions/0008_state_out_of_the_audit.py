"""state out of the audit: returns, prints of labels, and why somebody was turned down are rows of their own

Returns keep the numbers that the audit gave them: buttons and cards of before name them so.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any

import sqlalchemy as sa
from alembic import op

from db.guards import create_claim_guard, drop_claim_guard
from db.models.base import Key, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# SQLite rebuilds the tables: AUTOINCREMENT has to be named again, and the guard's triggers are lost.
_REBUILT = {"sqlite_autoincrement": True}
_Moment = UtcDateTime(timezone=True)
_CONDITIONS = ("ok", "damaged", "in_repair", "lost", "retired")
_CHUNK = 500

Row = sa.RowMapping

# As they are at this revision. Columns that the filling does not touch are left out.
_AUDIT = sa.table(
    "audit",
    sa.column("id", Key),
    sa.column("organization_id", Key),
    sa.column("at", _Moment),
    sa.column("user_id", Key),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
    sa.column("subject_id", Key),
    sa.column("details", sa.JSON),
)
_RETURNS = sa.table(
    "returns",
    sa.column("id", Key),
    sa.column("organization_id", Key),
    sa.column("rental_id", Key),
    sa.column("returned_at", _Moment),
    sa.column("returned_to", Key),
    sa.column("location_id", Key),
    sa.column("put_away_at", _Moment),
    sa.column("put_away_by", Key),
)
_CLAIMS = sa.table(
    "claims",
    sa.column("id", Key),
    sa.column("rental_id", Key),
    sa.column("item_id", Key),
    sa.column("status", sa.String),
    sa.column("out_at", _Moment),
    sa.column("returned_at", _Moment),
    sa.column("return_id", Key),
    sa.column("returned_location_id", Key),
    sa.column("condition_before", sa.String),
)
_LABEL_PRINTS = sa.table(
    "label_prints",
    sa.column("organization_id", Key),
    sa.column("sheet", sa.String),
    sa.column("first", Key),
    sa.column("labels", Key),
    sa.column("printed_at", _Moment),
    sa.column("printed_by", Key),
)
_JOIN_REQUESTS = sa.table("join_requests", sa.column("id", Key), sa.column("reason", sa.Text))
_LOCATIONS = sa.table(
    "locations", sa.column("id", Key), sa.column("organization_id", Key), sa.column("name", sa.String)
)


def upgrade() -> None:
    _make_returns()
    _make_label_prints()
    _widen_claims()
    with op.batch_alter_table("join_requests", table_kwargs=_REBUILT) as requests:
        requests.add_column(sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False))
    connection = op.get_bind()
    _fill_returns(connection)
    _fill_claims(connection)
    _fill_label_prints(connection)
    _fill_reasons(connection)


# Tables


def _reference(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, Key, nullable=nullable)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _make_returns() -> None:
    op.create_table(
        "returns",
        _reference("id", nullable=False),
        _reference("organization_id", nullable=False),
        _reference("rental_id", nullable=False),
        sa.Column("returned_at", _Moment, nullable=False),
        _reference("returned_to"),
        _reference("location_id"),
        sa.Column("put_away_at", _Moment, nullable=True),
        _reference("put_away_by"),
        _foreign("returns", "organization_id", "organizations"),
        _foreign("returns", "rental_id", "rentals"),
        _foreign("returns", "returned_to", "users"),
        _foreign("returns", "location_id", "locations"),
        _foreign("returns", "put_away_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_returns_rental_id", "returns", ["rental_id"])


def _make_label_prints() -> None:
    op.create_table(
        "label_prints",
        _reference("id", nullable=False),
        _reference("organization_id", nullable=False),
        sa.Column("sheet", sa.String(40), nullable=False),
        _reference("first", nullable=False),
        _reference("labels", nullable=False),
        sa.Column("printed_at", _Moment, nullable=False),
        _reference("printed_by"),
        _foreign("label_prints", "organization_id", "organizations"),
        _foreign("label_prints", "printed_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_prints")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_label_prints_organization_id", "label_prints", ["organization_id"])


def _widen_claims() -> None:
    condition = sa.Enum(
        *_CONDITIONS,
        name=op.f("ck_claims_condition_before"),
        native_enum=False,
        create_constraint=True,
        length=20,
    )
    connection = op.get_bind()
    drop_claim_guard(connection)
    with op.batch_alter_table("claims", table_kwargs=_REBUILT) as claims:
        for name, target in (
            ("out_location_id", "locations"),
            ("return_id", "returns"),
            ("returned_location_id", "locations"),
        ):
            claims.add_column(_reference(name))
            claims.create_foreign_key(op.f(f"fk_claims_{name}"), target, [name], ["id"])
        claims.add_column(sa.Column("condition_before", condition, nullable=True))
        claims.create_index("ix_claims_return_id", ["return_id"])
    create_claim_guard(connection)


# What the audit knew


def _pages(connection: sa.Connection, subject: str, action: str) -> Iterator[list[Row]]:
    """Yield the audit entries of this kind in batches, oldest first: there may be millions."""
    query = sa.select(_AUDIT).where(_AUDIT.c.subject == subject, _AUDIT.c.action == action)
    query, last = query.order_by(_AUDIT.c.id).limit(_CHUNK), 0
    while page := list(connection.execute(query.where(_AUDIT.c.id > last)).mappings()):
        yield page
        last = page[-1]["id"]


def _noted(connection: sa.Connection, subject: str, action: str) -> Iterator[Row]:
    """Yield the audit entries of this kind one by one, oldest first."""
    return chain.from_iterable(_pages(connection, subject, action))


def _fill_returns(connection: sa.Connection) -> None:
    answers = {entry["details"].get("return"): entry for entry in _noted(connection, "rental", "put_away")}
    places = _Places(connection)
    for entries in _pages(connection, "rental", "take_back"):
        connection.execute(
            _RETURNS.insert(), [_return(entry, answers.get(entry["id"]), places) for entry in entries]
        )
    if connection.dialect.name == "postgresql":
        # Numbers that were written by hand are not handed out again.
        sequence = sa.func.pg_get_serial_sequence("returns", "id")
        last = connection.scalar(sa.select(sa.func.max(_RETURNS.c.id)))
        if last is not None:
            connection.execute(sa.select(sa.func.setval(sequence, last)))


def _return(entry: Row, answer: Row | None, places: "_Places") -> dict[str, Any]:
    return {
        "id": entry["id"],
        "organization_id": entry["organization_id"],
        "rental_id": entry["subject_id"],
        "returned_at": entry["at"],
        "returned_to": entry["user_id"],
        "location_id": places.called(answer, answer["details"].get("place")) if answer else None,
        "put_away_at": answer["at"] if answer else None,
        "put_away_by": answer["user_id"] if answer else None,
    }


class _Places:
    """Return the locations by their names at the time of an entry: the audit keeps names."""

    def __init__(self, connection: sa.Connection) -> None:
        self.of: dict[int, list[Row]] = defaultdict(list)
        for row in connection.execute(sa.select(_LOCATIONS)).mappings():
            self.of[row["organization_id"]].append(row)
        self.renamed: dict[int, list[Row]] = defaultdict(list)
        for entry in _noted(connection, "location", "rename"):
            self.renamed[entry["subject_id"]].append(entry)

    def called(self, entry: Row, name: str | None) -> int | None:
        return next(
            (one["id"] for one in self.of[entry["organization_id"]] if self._name(one, entry["id"]) == name),
            None,
        )

    def _name(self, location: Row, entry_id: int) -> str:
        later = (one for one in self.renamed[location["id"]] if one["id"] > entry_id)
        first = next(later, None)
        return str(first["details"]["name"][0] if first is not None else location["name"])


def _fill_claims(connection: sa.Connection) -> None:
    """Set the claims of each return, and the item's condition before its report."""
    changes: dict[int, list[Row]] = defaultdict(list)
    for entry in _noted(connection, "item", "condition"):
        changes[entry["subject_id"]].append(entry)
    written = _CLAIMS.update().where(_CLAIMS.c.id == sa.bindparam("claim"))
    written = written.values(return_id=sa.bindparam("of"), condition_before=sa.bindparam("before"))
    for entries in _pages(connection, "rental", "take_back"):
        found = {
            (entry["subject_id"], item_id, entry["at"]): entry["id"]
            for entry in entries
            for item_id in entry["details"]["items"]
        }
        claims = connection.execute(
            sa.select(_CLAIMS.c.id, _CLAIMS.c.rental_id, _CLAIMS.c.item_id, _CLAIMS.c.returned_at).where(
                _CLAIMS.c.status == "returned",
                _CLAIMS.c.rental_id.in_({entry["subject_id"] for entry in entries}),
            )
        )
        values = [
            {"claim": claim.id, "of": number, "before": _before(changes[claim.item_id], number)}
            for claim in claims
            if (number := found.get((claim.rental_id, claim.item_id, claim.returned_at))) is not None
        ]
        if values:
            connection.execute(written, values)
    _fill_places(connection)


def _before(changes: list[Row], return_id: int) -> str | None:
    """Return None where nothing was changed since, or something else changed it."""
    since = [one for one in changes if one["id"] > return_id]
    if not since or any(one["details"].get("return") != return_id for one in since):
        return None
    return str(since[0]["details"]["condition"][0])


def _fill_places(connection: sa.Connection) -> None:
    """Set the locations of returned items, except for items that had gone out again."""
    again = _CLAIMS.alias("again")
    gone = (
        sa.select(again.c.id)
        .join(_RETURNS, _RETURNS.c.id == _CLAIMS.c.return_id)
        .where(
            again.c.item_id == _CLAIMS.c.item_id,
            again.c.out_at > _RETURNS.c.returned_at,
            again.c.out_at <= _RETURNS.c.put_away_at,
        )
        .correlate(_CLAIMS)
        .exists()
    )
    place = sa.select(_RETURNS.c.location_id).where(_RETURNS.c.id == _CLAIMS.c.return_id).scalar_subquery()
    connection.execute(
        _CLAIMS.update().where(_CLAIMS.c.return_id.is_not(None), ~gone).values(returned_location_id=place)
    )


def _fill_label_prints(connection: sa.Connection) -> None:
    for entry in _noted(connection, "organization", "labels"):
        details = entry["details"]
        if "sheet" in details:
            connection.execute(
                _LABEL_PRINTS.insert().values(
                    organization_id=entry["organization_id"],
                    sheet=details["sheet"],
                    first=details.get("first", 0),
                    labels=details.get("labels", 0),
                    printed_at=entry["at"],
                    printed_by=entry["user_id"],
                )
            )


def _fill_reasons(connection: sa.Connection) -> None:
    """Set the reasons of declined requests to join; the audit has none of erased members."""
    for entry in _noted(connection, "join_request", "turn_away"):
        reason = entry["details"].get("reason", "")
        if reason:
            connection.execute(
                _JOIN_REQUESTS.update()
                .where(_JOIN_REQUESTS.c.id == entry["subject_id"])
                .values(reason=reason)
            )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
