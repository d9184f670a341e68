"""who left: which accounts led to a member until then, so that they still get at what is stored"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_links",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["chat_accounts.id"], name=op.f("fk_former_links_account_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_former_links_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_links")),
        sa.UniqueConstraint("account_id", "user_id", name=op.f("uq_former_links_account_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_former_links_user_id", "former_links", ["user_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
