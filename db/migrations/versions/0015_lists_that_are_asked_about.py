"""lists that are asked about: an import can wait for a tap, and the decisions about a list are kept"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_jobs", table_kwargs={"sqlite_autoincrement": True}) as jobs:
        jobs.drop_constraint(op.f("ck_import_jobs_status"), type_="check")
        jobs.create_check_constraint(
            op.f("ck_import_jobs_status"), "status IN ('waiting', 'running', 'asks', 'over')"
        )
        jobs.add_column(sa.Column("plan", sa.JSON(none_as_null=True)))
        jobs.add_column(sa.Column("choices", sa.JSON(none_as_null=True)))
        jobs.add_column(sa.Column("confirmed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "list_choices",
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("headers", sa.String(64), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_list_choices_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "headers", name=op.f("pk_list_choices")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
