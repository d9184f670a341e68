"""codes that things already have: those of the stickers on them, unique in the organization"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_codes",
        sa.Column("id", Key, nullable=False),
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("item_id", Key, nullable=False),
        sa.Column("code", sa.String(200), nullable=False),
        sa.Column("compared", sa.String(600), nullable=False),
        sa.Column("kind", sa.String(20), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_item_codes_organization_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_codes_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_codes")),
        sa.UniqueConstraint(
            "organization_id", "compared", name=op.f("uq_item_codes_organization_id_compared")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_item_codes_item_id", "item_codes", ["item_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
