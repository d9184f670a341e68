"""people, the desk and the organisation: what is known of members, who asks to join, damage, opening days"""

import sqlalchemy as sa
from alembic import op

from db.guards import create_claim_guard, drop_claim_guard
from db.models.base import Key, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite rebuilds the tables: AUTOINCREMENT has to be named again, and the guard's triggers are lost.
_REBUILT = {"sqlite_autoincrement": True}
_Moment = UtcDateTime(timezone=True)


def upgrade() -> None:
    _organizations()
    _users()
    _join_requests()
    _opening()
    _rentals()
    _damage_notes()
    _hand_overs()
    op.create_index("ix_audit_at", "audit", ["organization_id", "at"])
    op.create_index("ix_audit_user_id", "audit", ["user_id", "at"])


def _id() -> sa.Column[int]:
    return sa.Column("id", Key, nullable=False)


def _reference(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, Key, nullable=nullable)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=op.f(name), native_enum=False, create_constraint=True, length=20)


def _organizations() -> None:
    with op.batch_alter_table("organizations", table_kwargs=_REBUILT) as organizations:
        organizations.add_column(sa.Column("number", sa.String(100), nullable=True))
        organizations.add_column(sa.Column("email", sa.String(254), nullable=True))
        organizations.add_column(sa.Column("phone", sa.String(40), nullable=True))
        organizations.add_column(sa.Column("address", sa.Text(), nullable=True))


def _users() -> None:
    with op.batch_alter_table("users", table_kwargs=_REBUILT) as users:
        users.add_column(sa.Column("membership_id", sa.String(100), nullable=True))
        users.add_column(sa.Column("city", sa.String(100), nullable=True))
        users.add_column(sa.Column("born_on", sa.Date(), nullable=True))
        users.add_column(sa.Column("other_id", sa.String(100), nullable=True))
        for name in ("suspended_at", "suspended_until", "forgotten_at"):
            users.add_column(sa.Column(name, _Moment, nullable=True))
        users.add_column(_reference("suspended_by"))
        users.add_column(sa.Column("suspended_reason", sa.Text(), nullable=True))
        users.create_foreign_key(op.f("fk_users_suspended_by"), "users", ["suspended_by"], ["id"])
    with op.batch_alter_table("invites", table_kwargs=_REBUILT) as invites:
        invites.add_column(_reference("user_id"))
        invites.create_foreign_key(op.f("fk_invites_user_id"), "users", ["user_id"], ["id"])


def _join_requests() -> None:
    op.create_table(
        "join_requests",
        _id(),
        _reference("organization_id", nullable=False),
        _reference("account_id", nullable=False),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column(
            "status", _one_of("ck_join_requests_status", "asked", "approved", "declined"), nullable=False
        ),
        sa.Column("asked_at", _Moment, nullable=False),
        sa.Column("decided_at", _Moment, nullable=True),
        _reference("decided_by"),
        _foreign("join_requests", "organization_id", "organizations"),
        _foreign("join_requests", "account_id", "chat_accounts"),
        _foreign("join_requests", "decided_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_requests")),
        sqlite_autoincrement=True,
    )
    _unique_while("join_requests", "asked", "organization_id", "account_id")


def _unique_while(table: str, status: str, *columns: str) -> None:
    condition = sa.text(f"status = '{status}'")
    op.create_index(
        f"uq_{table}_one_{status}",
        table,
        list(columns),
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _opening() -> None:
    op.create_table(
        "opening_hours",
        _id(),
        _reference("organization_id", nullable=False),
        _reference("location_id"),
        sa.Column("weekday", Key, nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("hands_out", sa.Boolean(), nullable=False),
        sa.Column("takes_back", sa.Boolean(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_hours_weekday")),
        sa.CheckConstraint("opens < closes", name=op.f("ck_opening_hours_hours")),
        _foreign("opening_hours", "organization_id", "organizations"),
        _foreign("opening_hours", "location_id", "locations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_opening_hours_organization_id", "opening_hours", ["organization_id", "weekday"])
    op.create_table(
        "closed_days",
        _id(),
        _reference("organization_id", nullable=False),
        _reference("location_id"),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_closed_days_days")),
        _foreign("closed_days", "organization_id", "organizations"),
        _foreign("closed_days", "location_id", "locations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_closed_days_organization_id", "closed_days", ["organization_id", "last"])


def _rentals() -> None:
    with op.batch_alter_table("rentals", table_kwargs=_REBUILT) as rentals:
        rentals.add_column(_reference("entered_by"))
        rentals.create_foreign_key(op.f("fk_rentals_entered_by"), "users", ["entered_by"], ["id"])
    connection = op.get_bind()
    drop_claim_guard(connection)
    conditions = ("ok", "damaged", "in_repair", "lost", "retired")
    with op.batch_alter_table("claims", table_kwargs=_REBUILT) as claims:
        claims.add_column(
            sa.Column(
                "returned_condition", _one_of("ck_claims_returned_condition", *conditions), nullable=True
            )
        )
        claims.add_column(_reference("returned_photo_id"))
        claims.create_foreign_key(
            op.f("fk_claims_returned_photo_id"), "photos", ["returned_photo_id"], ["id"]
        )
    create_claim_guard(connection)


def _damage_notes() -> None:
    op.create_table(
        "damage_notes",
        _id(),
        _reference("organization_id", nullable=False),
        _reference("item_id", nullable=False),
        _reference("claim_id"),
        sa.Column("note", sa.Text(), nullable=False),
        _reference("photo_id"),
        _reference("reported_by"),
        sa.Column("created_at", _Moment, nullable=False),
        sa.Column("closed_at", _Moment, nullable=True),
        _reference("closed_by"),
        _foreign("damage_notes", "organization_id", "organizations"),
        _foreign("damage_notes", "item_id", "items"),
        _foreign("damage_notes", "claim_id", "claims"),
        _foreign("damage_notes", "photo_id", "photos"),
        _foreign("damage_notes", "reported_by", "users"),
        _foreign("damage_notes", "closed_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_damage_notes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_damage_notes_item_id", "damage_notes", ["item_id", "closed_at"])


def _hand_overs() -> None:
    status = _one_of("ck_hand_overs_status", "offered", "done", "declined", "withdrawn")
    op.create_table(
        "hand_overs",
        _id(),
        _reference("organization_id", nullable=False),
        _reference("claim_id", nullable=False),
        _reference("to_claim_id", nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("offered_at", _Moment, nullable=False),
        sa.Column("decided_at", _Moment, nullable=True),
        _foreign("hand_overs", "organization_id", "organizations"),
        _foreign("hand_overs", "claim_id", "claims"),
        _foreign("hand_overs", "to_claim_id", "claims"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hand_overs_to_claim_id", "hand_overs", ["to_claim_id"])
    _unique_while("hand_overs", "offered", "claim_id")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
