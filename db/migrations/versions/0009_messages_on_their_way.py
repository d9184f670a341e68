"""messages on their way: which program sends one, what another one replaced, where the bot may not write"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_Moment = UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("leased_by", Key, nullable=True))
    op.add_column("outbox", sa.Column("unsure_at", _Moment, nullable=True))
    op.add_column("cards", sa.Column("refused_photo_id", Key, nullable=True))
    op.create_table(
        "leftovers",
        sa.Column("id", Key, nullable=False),
        sa.Column("chat_id", Key, nullable=False),
        sa.Column("card_id", Key, nullable=True),
        sa.Column("message_id", Key, nullable=True),
        sa.Column("photo_id", Key, nullable=True),
        sa.Column("newer_id", Key, nullable=True),
        sa.Column("buttons", sa.String(64), nullable=True),
        sa.Column("attempts", Key, nullable=False),
        sa.Column("not_before", _Moment, nullable=False),
        sa.Column("created_at", _Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leftovers")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_leftovers_chat_id", "leftovers", ["chat_id"])
    op.create_table(
        "muted_chats",
        sa.Column("chat_id", Key, autoincrement=False, nullable=False),
        sa.Column("refused_at", _Moment, nullable=False),
        sa.Column("attempts", Key, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_muted_chats")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
