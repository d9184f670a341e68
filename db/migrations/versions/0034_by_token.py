"""by token: with which API token a rental was entered, decided or given other days"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_COLUMNS = {
    "rentals": ("entered_token", "decided_token", "proposed_token"),
    "extensions": ("decided_token",),
}


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.add_column(table, sa.Column(column, Key, nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
