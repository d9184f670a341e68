"""access by HTTP: tokens, passwords, one-time links, failed logins, answered requests"""

import sqlalchemy as sa
from alembic import op

from db.models.base import Key, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_AUTOINCREMENT = {"sqlite_autoincrement": True}
_ROLES = ("user", "lender", "admin", "leader")

_ONE_DRAFT = {
    "uq_rentals_one_draft": ("user_id", "status = 'draft' AND entered_by IS NULL"),
    "uq_rentals_one_draft_for_others": ("entered_by", "status = 'draft' AND entered_by IS NOT NULL"),
}


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", Key, nullable=False),
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*_ROLES, name="role", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("is_login", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_api_tokens_organization_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_tokens_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
        **_AUTOINCREMENT,
    )
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"])
    op.create_table(
        "passwords",
        sa.Column("user_id", Key, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(200), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passwords_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_passwords")),
    )
    op.create_table(
        "login_links",
        sa.Column("id", Key, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("qr", "password", name="kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("poll_hash", sa.String(64), nullable=True),
        sa.Column("user_id", Key, nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_login_links_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_links")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_login_links_link_hash")),
        sa.UniqueConstraint("poll_hash", name=op.f("uq_login_links_poll_hash")),
        **_AUTOINCREMENT,
    )
    op.create_index("ix_login_links_user_id", "login_links", ["user_id"])
    op.create_table(
        "login_failures",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("failures", Key, nullable=False),
        sa.Column("last_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_login_failures")),
    )
    op.create_table(
        "api_requests",
        sa.Column("id", Key, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", Key, nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_requests_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_requests")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_api_requests_user_id_key")),
        **_AUTOINCREMENT,
    )
    op.create_index("ix_api_requests_created_at", "api_requests", ["created_at"])
    op.add_column(
        "rentals", sa.Column("at_once", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    for name, (column, condition) in _ONE_DRAFT.items():
        op.drop_index(name, table_name="rentals")
        _one_draft(name, column, f"{condition} AND NOT at_once")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")


def _one_draft(name: str, column: str, condition: str) -> None:
    op.create_index(
        name,
        "rentals",
        [column],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
