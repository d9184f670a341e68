"""the inventory: kits, fields of the organisation's own, blocks that end before their time"""

import sqlalchemy as sa
from alembic import op

from db.guards import create_claim_guard, drop_claim_guard
from db.models.base import Key, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite rebuilds the tables: AUTOINCREMENT has to be named again, and the guard's triggers are lost.
_REBUILT = {"sqlite_autoincrement": True}


def upgrade() -> None:
    _kits()
    _custom_fields()
    connection = op.get_bind()
    with op.batch_alter_table("rentals", table_kwargs=_REBUILT) as rentals:
        rentals.add_column(sa.Column("custom", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    with op.batch_alter_table("rental_lines", table_kwargs=_REBUILT) as lines:
        lines.add_column(sa.Column("kit_id", Key, nullable=True))
        lines.add_column(sa.Column("kit_pieces", Key, nullable=True))
        lines.create_foreign_key(op.f("fk_rental_lines_kit_id"), "kits", ["kit_id"], ["id"])
        lines.create_check_constraint(op.f("ck_rental_lines_kit"), "(kit_id IS NULL) = (kit_pieces IS NULL)")
    with op.batch_alter_table("blocks", table_kwargs=_REBUILT) as blocks:
        blocks.add_column(sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True))
        blocks.add_column(sa.Column("ended_by", Key, nullable=True))
        blocks.create_foreign_key(op.f("fk_blocks_ended_by"), "users", ["ended_by"], ["id"])
    drop_claim_guard(connection)
    with op.batch_alter_table("claims", table_kwargs=_REBUILT) as claims:
        claims.create_index("ix_claims_block_id", ["block_id"])
    create_claim_guard(connection)


def _kits() -> None:
    op.create_table(
        "kits",
        sa.Column("id", Key, nullable=False),
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_kits_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kits")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_kits_organization_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "kit_parts",
        sa.Column("id", Key, nullable=False),
        sa.Column("kit_id", Key, nullable=False),
        sa.Column("equipment_id", Key, nullable=False),
        sa.Column("quantity", Key, nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_kit_parts_quantity")),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], name=op.f("fk_kit_parts_equipment_id")),
        sa.ForeignKeyConstraint(
            ["kit_id"], ["kits.id"], name=op.f("fk_kit_parts_kit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_parts")),
        sa.UniqueConstraint("kit_id", "equipment_id", name=op.f("uq_kit_parts_kit_id_equipment_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_kit_parts_equipment_id", "kit_parts", ["equipment_id"])


def _custom_fields() -> None:
    described = sa.Enum(
        *("equipment", "item", "user", "rental"),
        name=op.f("ck_custom_fields_describes"),
        native_enum=False,
        create_constraint=True,
        length=20,
    )
    op.create_table(
        "custom_fields",
        sa.Column("id", Key, nullable=False),
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("describes", described, nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("position", Key, nullable=False),
        sa.Column("disabled_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_custom_fields_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_fields")),
        sa.UniqueConstraint(
            "organization_id",
            "describes",
            "label",
            name=op.f("uq_custom_fields_organization_id_describes_label"),
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
