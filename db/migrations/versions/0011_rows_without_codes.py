"""rows without codes: items remember which row of a list they came from"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("source_key", sa.String(32)))
    op.create_index("ix_items_source_key", "items", ["organization_id", "source_key"], unique=True)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
