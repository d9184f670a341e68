"""large clubs: parts of words to search by, counts of lendable items, and indexes for what is asked most"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.derived import create_triggers, fill
from db.models.base import Key

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

IN_USE = "retired_at IS NULL"
LISTED = "retired_at IS NULL AND lendable > 0"
OUT = "status = 'out'"

Columns = Sequence[str | sa.TextClause]


def upgrade() -> None:
    op.add_column("equipment", sa.Column("lendable", Key, server_default=sa.text("0"), nullable=False))
    op.create_table(
        "equipment_parts",
        sa.Column("organization_id", Key, autoincrement=False, nullable=False),
        sa.Column(
            "part",
            sa.String(8).with_variant(sa.String(8, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("equipment_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["equipment_id"],
            ["equipment.id"],
            name=op.f("fk_equipment_parts_equipment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "part", "equipment_id", name=op.f("pk_equipment_parts")),
        sqlite_with_rowid=False,
    )
    fill(op.get_bind())
    op.create_index("ix_equipment_parts_equipment_id", "equipment_parts", ["equipment_id"])
    create_triggers(op.get_bind())
    by_name: Columns = ["organization_id", sa.text("lower(name)"), "id"]
    _index("ix_equipment_in_use", "equipment", by_name, IN_USE)
    _index("ix_equipment_listed", "equipment", by_name, LISTED)
    by_type: Columns = ["organization_id", "type", sa.text("lower(name)"), "id"]
    _index("ix_equipment_listed_type", "equipment", by_type, LISTED)
    _index("ix_items_condition", "items", ["organization_id", "condition", "equipment_id"])
    _index("ix_items_location_id", "items", ["location_id"])
    _index("ix_items_lower_code", "items", [sa.text("lower(code)")])
    _index("ix_items_lower_serial_number", "items", [sa.text("lower(serial_number)")])
    _index("ix_rentals_starts_at", "rentals", ["organization_id", "status", "starts_at"])
    _index("ix_rentals_requested_at", "rentals", ["organization_id", "status", "requested_at"])
    _index("ix_outbox_card_id", "outbox", ["card_id", "not_before"])
    _index("ix_claims_held", "claims", ["organization_id", "starts_at"], "status = 'held'")
    _index(
        "ix_claims_said_back",
        "claims",
        ["organization_id", "rental_id"],
        f"{OUT} AND return_claimed_at IS NOT NULL",
    )


def _index(name: str, table: str, columns: Columns, where: str | None = None) -> None:
    condition = sa.text(where) if where is not None else None
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
