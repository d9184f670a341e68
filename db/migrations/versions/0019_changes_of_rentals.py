"""changes of rentals: a basket for each, what was proposed instead, and how often a rental was changed"""

import sqlalchemy as sa
from alembic import op

from db.models.base import UtcDateTime

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

ASKED = sa.text("status = 'requested'")


def upgrade() -> None:
    key = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for name, to in (("changes_id", "rentals"), ("proposed_by", "users")):
        # As a sentence, since SQLite cannot add the constraint afterwards, and the other way has no name for it.
        reference = f"CONSTRAINT fk_rentals_{name} REFERENCES {to} (id)"
        op.execute(f"ALTER TABLE rentals ADD COLUMN {name} {key} {reference}")
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("rentals", sa.Column("revision", number, server_default=sa.text("0"), nullable=False))
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
