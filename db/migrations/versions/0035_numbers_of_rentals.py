"""numbers of rentals: each organization counts its own, and a basket that is discarded takes none"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

IS_RENTAL = "NOT (status IN ('draft', 'cancelled') AND requested_at IS NULL)"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("rentals", sa.Column("number", number, nullable=True))
    # People know them by their ids, from messages and on paper.
    op.execute(f"UPDATE rentals SET number = id WHERE {IS_RENTAL}")
    with op.batch_alter_table(
        "rentals",
        table_kwargs={"sqlite_autoincrement": True},
        # Not the tables around it: SQLAlchemy warns of their indexes of expressions, which it cannot read.
        reflect_kwargs={"resolve_fks": False},
    ) as rentals:
        rentals.create_check_constraint(
            op.f("ck_rentals_numbered"),
            "number IS NOT NULL OR (status IN ('draft', 'cancelled') AND requested_at IS NULL)",
        )
    op.create_index("uq_rentals_number", "rentals", ["organization_id", "number"], unique=True)
    op.create_table(
        "rental_numbers",
        sa.Column("organization_id", number, nullable=False),
        sa.Column("last", number, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_rental_numbers_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_rental_numbers")),
    )
    op.execute(
        "INSERT INTO rental_numbers (organization_id, last)"
        " SELECT organization_id, max(number) FROM rentals WHERE number IS NOT NULL GROUP BY organization_id"
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
