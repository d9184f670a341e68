"""changes of rentals: a basket for each, what was proposed instead, and how often a rental was changed"""

import sqlalchemy as sa
from alembic import op

from db.models.base import UtcDateTime

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None

ASKED = sa.text("status = 'requested'")


def upgrade() -> None:
    for name, to in (("changes_id", "rentals"), ("proposed_by", "users")):
        # SQLite cannot add the constraint afterwards.
        key = sa.ForeignKey(f"{to}.id", name=f"fk_rentals_{name}")
        op.add_column("rentals", sa.Column(name, sa.Integer(), key, nullable=True), inline_references=True)
    op.add_column("rentals", sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False))
    for name in ("asked_starts_at", "asked_due_at"):
        op.add_column("rentals", sa.Column(name, UtcDateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_rentals_one_change",
        "rentals",
        ["changes_id"],
        unique=True,
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
