"""messages are found by their number in the chat: which rental is a reply about?"""

from alembic import op

revision = "0027"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_message", "outbox", ["chat_id", "message_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
