"""reminders that are shown: found fast, to take their buttons once they are spent"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was sent so far stays as it is: Telegram need not hear of a year of reminders at once.
    op.execute("UPDATE outbox SET message_id = NULL WHERE kind = 'reminder' AND status = 'sent'")
    where = sa.text("kind = 'reminder' AND status = 'sent' AND message_id IS NOT NULL")
    op.create_index(
        "ix_outbox_reminders_shown",
        "outbox",
        ["organization_id"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
