"""anonymous rentals: the user without a name who stands for everybody"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("is_anonymous", sa.Boolean(), server_default=sa.false(), nullable=False))
    where = sa.text("is_anonymous")
    op.create_index(
        "uq_users_one_anonymous",
        "users",
        ["organization_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
