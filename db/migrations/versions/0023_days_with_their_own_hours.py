"""days with their own hours: closed or open in every year, or open though the weekday is closed"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("closed_days", sa.Column("yearly", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column(
        "closed_days", sa.Column("hours", sa.String(200), server_default=sa.text("''"), nullable=False)
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
