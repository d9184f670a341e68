"""people talk: messages are found by their number in the chat; members who share a name are told apart"""

import unicodedata
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe"})


def upgrade() -> None:
    op.create_index("ix_outbox_message", "outbox", ["chat_id", "message_id"])
    op.add_column(
        "users", sa.Column("name_is_shared", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    _note_namesakes()


def _note_namesakes() -> None:
    users = sa.table(
        "users",
        *(sa.column(name) for name in ("id", "organization_id", "first_name", "last_name", "forgotten_at")),
        sa.column("name_is_shared", sa.Boolean()),
    )
    rows = op.get_bind().execute(
        sa.select(users.c.id, users.c.organization_id, users.c.first_name, users.c.last_name).where(
            users.c.forgotten_at.is_(None)
        )
    )
    keys = {row.id: (row.organization_id, _folded(f"{row.first_name} {row.last_name}")) for row in rows}
    number = Counter(keys.values())
    shared = [{"number": id_} for id_, key in keys.items() if number[key] > 1]
    if shared:
        of = sa.update(users).where(users.c.id == sa.bindparam("number")).values(name_is_shared=True)
        op.get_bind().execute(of, shared)


def _folded(name: str) -> str:
    taken_apart = unicodedata.normalize("NFKD", name.casefold()).translate(_PLAIN)
    return " ".join("".join(c for c in taken_apart if not unicodedata.combining(c)).split())


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
