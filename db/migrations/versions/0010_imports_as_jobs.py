"""imports as jobs: files sent in the chat are rows, and links know whether they were delivered"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_Moment = UtcDateTime(timezone=True)


def upgrade() -> None:
    status = sa.Enum(
        *("waiting", "running", "over"),
        name=op.f("ck_import_jobs_status"),
        native_enum=False,
        create_constraint=True,
        length=20,
    )
    op.create_table(
        "import_jobs",
        sa.Column("id", Key, nullable=False),
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("chat_id", Key, nullable=False),
        sa.Column("message_id", Key, nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(100), nullable=False),
        sa.Column("about", sa.String(20), nullable=True),
        sa.Column("status", status, nullable=False),
        sa.Column("attempts", Key, nullable=False),
        sa.Column("rows", Key, nullable=False),
        sa.Column("percent", Key, nullable=False),
        sa.Column("cancelled_at", _Moment, nullable=True),
        sa.Column("leased_until", _Moment, nullable=True),
        sa.Column("created_at", _Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_import_jobs_organization_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_jobs_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_jobs_status", "import_jobs", ["status", "id"])
    with op.batch_alter_table("invites", table_kwargs={"sqlite_autoincrement": True}) as invites:
        # Earlier links count as delivered: nobody knows better, and they stay good.
        invites.add_column(sa.Column("delivered", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
