"""imports that can be undone: what an import made and changed, and who has what according to its file"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key, UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_runs",
        sa.Column("id", Key, nullable=False),
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("user_id", Key),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("file_name", sa.String(100), nullable=False),
        sa.Column("last_claim_id", Key, server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True)),
        sa.Column("undone_at", UtcDateTime(timezone=True)),
        sa.Column("undone_by", Key),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_import_runs_organization_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_runs_user_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["users.id"], name=op.f("fk_import_runs_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_runs_key", "import_runs", ["organization_id", "key"])
    op.create_table(
        "import_effects",
        sa.Column("id", Key, nullable=False),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_runs.id"], name=op.f("fk_import_effects_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_effects")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_effects_run_id", "import_effects", ["run_id"])
    op.create_index("ix_rental_lines_item_id", "rental_lines", ["item_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
