"""ids of any length: Telegram promises no bound for the ids of its files"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("photos", table_kwargs={"sqlite_autoincrement": True}) as photos:
        photos.alter_column("telegram_file_id", existing_type=sa.String(200), type_=sa.Text())


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
