"""requests that wait: when the desk is reminded of one"""

import sqlalchemy as sa
from alembic import op

from db.models.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rentals", sa.Column("remind_desk_at", UtcDateTime(timezone=True), nullable=True))
    # What waits already is told at once, and then as all others.
    op.execute("UPDATE rentals SET remind_desk_at = requested_at WHERE status = 'requested'")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
