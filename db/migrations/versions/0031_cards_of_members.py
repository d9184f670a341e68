"""cards of members: a code that tells who somebody is at the desk"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("card_token", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_users_card_token"), "users", ["card_token"], unique=True)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
