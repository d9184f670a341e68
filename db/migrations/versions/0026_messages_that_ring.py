"""messages that ring or come silently; the reminder that each person was sent last becomes a card"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_LAST = """
    INSERT INTO cards (organization_id, kind, subject_id, chat_id, message_id)
    SELECT organization_id, 'reminder', organization_id, chat_id, message_id
    FROM outbox
    WHERE id IN (
        SELECT max(id) FROM outbox
        WHERE kind = 'reminder' AND status = 'sent'
            AND message_id IS NOT NULL AND organization_id IS NOT NULL
        GROUP BY organization_id, chat_id
    )
"""


def upgrade() -> None:
    op.add_column("outbox", sa.Column("rings", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.execute(_LAST)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
