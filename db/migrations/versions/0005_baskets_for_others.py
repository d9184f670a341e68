"""baskets for others: whoever rents on behalf of a member has a basket beside that member's own"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OWN = sa.text("status = 'draft' AND entered_by IS NULL")
ENTERED = sa.text("status = 'draft' AND entered_by IS NOT NULL")


def upgrade() -> None:
    op.drop_index("uq_rentals_one_draft", table_name="rentals")
    op.create_index(
        "uq_rentals_one_draft",
        "rentals",
        ["user_id"],
        unique=True,
        sqlite_where=OWN,
        postgresql_where=OWN,
    )
    op.create_index(
        "uq_rentals_one_draft_for_others",
        "rentals",
        ["entered_by"],
        unique=True,
        sqlite_where=ENTERED,
        postgresql_where=ENTERED,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
