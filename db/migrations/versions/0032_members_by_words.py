"""members by words: a text that they are found by, and indexes of it and of their names"""

import sqlalchemy as sa
from alembic import op

from db.models.organization import LONGEST_TEXT, SEARCHED, searched

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_CHUNK = 1000


def upgrade() -> None:
    words = sa.String(LONGEST_TEXT).with_variant(sa.String(LONGEST_TEXT, collation="C"), "postgresql")
    op.add_column("users", sa.Column("search_text", words, server_default=sa.text("''"), nullable=False))
    _fill()
    op.create_index("ix_users_search_text", "users", ["organization_id", "search_text"])
    by_name = ["lower(first_name)", "lower(last_name)", "id"]
    op.create_index(
        "ix_users_by_name", "users", ["organization_id", "forgotten_at", *(sa.text(one) for one in by_name)]
    )
    some = sa.text("retired_at IS NULL AND lendable <> 0")
    pieces = ["organization_id", "retired_at", "lendable"]
    op.create_index("ix_equipment_pieces", "equipment", pieces, sqlite_where=some, postgresql_where=some)


def _fill() -> None:
    users = sa.table("users", *(sa.column(name) for name in ("id", "search_text", *SEARCHED)))
    connection, last = op.get_bind(), 0
    change = users.update().where(users.c.id == sa.bindparam("of")).values(search_text=sa.bindparam("text"))
    columns = (users.c.id, *(users.c[name] for name in SEARCHED))
    while True:
        query = sa.select(*columns).where(users.c.id > last).order_by(users.c.id).limit(_CHUNK)
        rows = connection.execute(query).all()
        if not rows:
            return
        connection.execute(change, [{"of": row.id, "text": searched(dict(row._mapping))} for row in rows])
        last = rows[-1].id


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
