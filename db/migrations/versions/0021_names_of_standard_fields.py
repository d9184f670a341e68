"""names of standard fields: what an organization calls them, with a hint each"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standard_labels",
        sa.Column("id", Key, nullable=False),
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("hint", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_standard_labels_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_labels")),
        sa.UniqueConstraint(
            "organization_id", "field", name=op.f("uq_standard_labels_organization_id_field")
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
