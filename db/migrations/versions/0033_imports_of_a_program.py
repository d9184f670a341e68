"""imports of a program: which one runs an import, so that another takes it over at its death"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_jobs", sa.Column("leased_by", Key, nullable=True))
