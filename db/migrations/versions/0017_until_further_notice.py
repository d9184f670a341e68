"""until further notice: what is out may have no due time, and an extension may be the date that ends that"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rentals", table_kwargs={"sqlite_autoincrement": True}) as rentals:
        rentals.drop_constraint(op.f("ck_rentals_dated"), type_="check")
        rentals.create_check_constraint(
            op.f("ck_rentals_dated"),
            "status = 'draft' OR (starts_at IS NOT NULL"
            " AND (due_at IS NOT NULL OR status IN ('out', 'returned')))",
        )
    op.add_column(
        "extensions", sa.Column("sets_date", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
