"""moments: since when a member has a thing is always known; the database's own clock is not asked"""

import sqlalchemy as sa
from alembic import op

from db.guards import create_claim_guard, drop_claim_guard
from db.models.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UNKNOWN = "block_id IS NULL AND out_at IS NULL AND status IN ('out', 'returned', 'lost')"

# SQLite rebuilds the tables: AUTOINCREMENT has to be named again, and the guard's triggers are lost.
_REBUILT = {"sqlite_autoincrement": True}


def upgrade() -> None:
    connection = op.get_bind()
    drop_claim_guard(connection)
    connection.execute(sa.text(f"UPDATE claims SET out_at = starts_at WHERE {_UNKNOWN}"))
    with op.batch_alter_table("claims", table_kwargs=_REBUILT) as claims:
        claims.create_check_constraint(
            op.f("ck_claims_out_at_known"),
            "block_id IS NOT NULL OR out_at IS NOT NULL OR status NOT IN ('out', 'returned', 'lost')",
        )
    create_claim_guard(connection)
    with op.batch_alter_table("audit", table_kwargs=_REBUILT) as audit:
        audit.alter_column("at", existing_type=UtcDateTime(timezone=True), server_default=None)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
