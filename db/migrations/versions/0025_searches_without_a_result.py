"""searches without a result: what members looked for and did not find, counted by month"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_misses",
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("words", sa.String(60), nullable=False),
        sa.Column("times", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_search_misses_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "month", "words", name=op.f("pk_search_misses")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
