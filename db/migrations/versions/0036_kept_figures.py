"""kept figures: the statistics of a large organization are counted in the night; codes are found by their
beginnings with an index in PostgreSQL too
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "kept_figures",
        sa.Column("organization_id", number, nullable=False),
        sa.Column("year", number, nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_kept_figures_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "year", name=op.f("pk_kept_figures")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # In most locales an index serves LIKE with this class of operators alone; equality it serves, too.
        op.execute("DROP INDEX ix_items_lower_code")
        op.execute("CREATE INDEX ix_items_lower_code ON items (lower(code) text_pattern_ops)")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
