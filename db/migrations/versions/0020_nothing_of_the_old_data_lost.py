"""nothing of the old data lost: details of organizations, places and members, and where items went out from"""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from db.models.base import Key, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_CHUNK = 500
_REBUILT = {"sqlite_autoincrement": True}
_DESCRIBED = "describes IN ('equipment', 'item', 'user', 'rental', 'organization')"
_Moment = UtcDateTime(timezone=True)

_ORGANIZATIONS = sa.table(
    "organizations", sa.column("id", Key), sa.column("number", sa.String), sa.column("other_id", sa.String)
)
_AUDIT = sa.table(
    "audit",
    sa.column("id", Key),
    sa.column("organization_id", Key),
    sa.column("at", _Moment),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
    sa.column("subject_id", Key),
    sa.column("details", sa.JSON),
)
_LOCATIONS = sa.table(
    "locations", sa.column("id", Key), sa.column("organization_id", Key), sa.column("name", sa.String)
)
_ITEMS = sa.table("items", sa.column("id", Key), sa.column("location_id", Key))
_CLAIMS = sa.table(
    "claims",
    sa.column("id", Key),
    sa.column("organization_id", Key),
    sa.column("item_id", Key),
    sa.column("status", sa.String),
    sa.column("out_at", _Moment),
    sa.column("out_by", Key),
    sa.column("out_location_id", Key),
    sa.column("returned_at", _Moment),
    sa.column("returned_to", Key),
    sa.column("returned_location_id", Key),
)

_HAND_OVERS = sa.table(
    "hand_overs",
    sa.column("claim_id", Key),
    sa.column("to_claim_id", Key),
    sa.column("status", sa.String),
)


def upgrade() -> None:
    for column in (
        sa.Column("postal_code", sa.String(20), nullable=True),
        sa.Column("city", sa.String(100), nullable=True),
        sa.Column("other_id", sa.String(100), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("custom", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
    ):
        op.add_column("organizations", column)
    op.add_column("users", sa.Column("postal_code", sa.String(20), nullable=True))
    op.add_column("users", sa.Column("note", sa.Text(), nullable=True))
    op.add_column(
        "locations", sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    with op.batch_alter_table("custom_fields", table_kwargs=_REBUILT) as fields:
        fields.drop_constraint(op.f("ck_custom_fields_describes"), type_="check")
        fields.create_check_constraint(op.f("ck_custom_fields_describes"), _DESCRIBED)
        fields.add_column(sa.Column("for_members", sa.Boolean(), server_default=sa.false(), nullable=False))
    connection = op.get_bind()
    _part_numbers(connection)
    op.create_index("uq_organizations_number", "organizations", ["number"], unique=True)
    _fill_places(connection)


def _part_numbers(connection: sa.Connection) -> None:
    """Leave a number that several organizations have to the first; the others keep it as their other id."""
    taken: set[str] = set()
    rows = connection.execute(
        sa.select(_ORGANIZATIONS.c.id, _ORGANIZATIONS.c.number)
        .where(_ORGANIZATIONS.c.number.is_not(None))
        .order_by(_ORGANIZATIONS.c.id)
    ).all()
    for id_, number in rows:
        if number.strip().casefold() in taken:
            connection.execute(
                _ORGANIZATIONS.update().where(_ORGANIZATIONS.c.id == id_).values(number=None, other_id=number)
            )
        taken.add(number.strip().casefold())


def _fill_places(connection: sa.Connection) -> None:
    """Set where items went out from and came back to, as far as the audit still tells.

    An item lay where it was moved away from first afterwards, or where it lies now. Transfers pass no place.
    """
    missing = sa.or_(
        sa.and_(
            _CLAIMS.c.out_at.is_not(None), _CLAIMS.c.out_by.is_not(None), _CLAIMS.c.out_location_id.is_(None)
        ),
        sa.and_(
            _CLAIMS.c.status == "returned",
            _CLAIMS.c.returned_at.is_not(None),
            _CLAIMS.c.returned_to.is_not(None),
            _CLAIMS.c.returned_location_id.is_(None),
        ),
    )
    done = _HAND_OVERS.c.status == "done"
    passed_on = sa.select(_HAND_OVERS.c.claim_id).where(done)
    both = passed_on.union(sa.select(_HAND_OVERS.c.to_claim_id).where(done))
    missing = sa.and_(missing, _CLAIMS.c.id.not_in(both))
    query = sa.select(_CLAIMS).where(missing).order_by(_CLAIMS.c.id).limit(_CHUNK)
    if connection.execute(query.limit(1)).first() is None:
        return
    lay, last = _Lay(connection), 0
    while page := connection.execute(query.where(_CLAIMS.c.id > last)).mappings().all():
        last = page[-1]["id"]
        for claim in page:
            _fill(connection, lay, dict(claim))


def _fill(connection: sa.Connection, lay: "_Lay", claim: dict[str, Any]) -> None:
    values = {}
    if claim["out_location_id"] is None and claim["out_at"] is not None and claim["out_by"] is not None:
        values["out_location_id"] = lay.at(claim, claim["out_at"])
    is_back = claim["status"] == "returned" and claim["returned_to"] is not None
    if is_back and claim["returned_location_id"] is None and claim["returned_at"] is not None:
        values["returned_location_id"] = lay.at(claim, claim["returned_at"])
    values = {name: place for name, place in values.items() if place is not None}
    if values:
        connection.execute(_CLAIMS.update().where(_CLAIMS.c.id == claim["id"]).values(**values))


class _Lay:
    """Return the locations of items at a moment."""

    def __init__(self, connection: sa.Connection) -> None:
        self.now = {row.id: row.location_id for row in connection.execute(sa.select(_ITEMS))}
        self.called: dict[tuple[int, str], int] = {}
        for row in connection.execute(sa.select(_LOCATIONS)).mappings():
            self.called[row["organization_id"], row["name"]] = row["id"]
        self.moved: dict[int, list[tuple[Any, str | None]]] = defaultdict(list)
        entries = sa.select(_AUDIT).where(
            _AUDIT.c.subject.in_(["item", "location"]), _AUDIT.c.action.in_(["edit", "put_away", "rename"])
        )
        for entry in connection.execute(entries.order_by(_AUDIT.c.id)).mappings():
            details = entry["details"]
            if entry["subject"] == "item" and "location" in details:
                self.moved[entry["subject_id"]].append((entry["at"], details["location"][0]))
            elif entry["subject"] == "location" and "name" in details:
                # A name that was given up leads to the place that had it, unless another has it now.
                key = (entry["organization_id"], details["name"][0])
                self.called.setdefault(key, entry["subject_id"])

    def at(self, claim: dict[str, Any], moment: Any) -> int | None:
        after = next((name for at, name in self.moved[claim["item_id"]] if at > moment), ...)
        if after is ...:
            return self.now.get(claim["item_id"])
        return self.called.get((claim["organization_id"], after)) if after is not None else None


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
