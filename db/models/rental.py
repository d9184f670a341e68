"""Rentals, their claims on items, and blocks, returns, damage notes, transfers and extensions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NEVER_REUSE_IDS, Base, index_where, one_of, unique_where
from db.states import ClaimStatus, Condition, ExtensionStatus, HandOverStatus, RentalStatus


class Rental(Base):
    """A rental: a period and one or more lines.

    `number` is what people read and type, by organization (services/rentals/numbers.py); a basket has none,
    nor has one that was discarded. The id is for buttons and programs.

    `request_key` is the message that began it (chat id, message id), so that it begins once. `expires_at` is
    the deadline for an answer, or for the pick-up of an approved rental. `remind_desk_at` is when the desk is
    reminded of a request next. `entered_by` is the lender who entered it for the member, and who fills the
    basket. `at_once`: asked for in one transaction by a program, it was no basket, and leaves the member's
    own one alone. What is out, or was, without `due_at` is lent until further notice.

    `changes_id`: it is a change of that rental, a basket at first, and takes its place when it is approved.
    `revision` counts the changes; a basket has that of the rental when it was opened. `proposed_by`: the
    approver who proposed these days, while the member has not answered; `asked_…`: those asked for.

    `entered_token`, `decided_token`, `proposed_token`: the API token with which they did it, by its id; None
    in the chat or with a password. No foreign keys: tokens go with an erased member, what was done stays.
    """

    __tablename__ = "rentals"
    __table_args__ = (
        CheckConstraint("starts_at < due_at", name="period"),
        CheckConstraint(
            "status = 'draft' OR (starts_at IS NOT NULL"
            " AND (due_at IS NOT NULL OR status IN ('out', 'returned')))",
            name="dated",
        ),
        CheckConstraint(
            "number IS NOT NULL OR (status IN ('draft', 'cancelled') AND requested_at IS NULL)",
            name="numbered",
        ),
        Index("uq_rentals_number", "organization_id", "number", unique=True),
        Index("ix_rentals_user_id", "user_id", "status"),
        Index("ix_rentals_status", "organization_id", "status", "due_at"),
        Index("ix_rentals_starts_at", "organization_id", "status", "starts_at"),
        Index("ix_rentals_requested_at", "organization_id", "status", "requested_at"),
        unique_where(
            "uq_rentals_one_draft",
            "user_id",
            where="status = 'draft' AND entered_by IS NULL AND NOT at_once",
        ),
        unique_where(
            "uq_rentals_one_draft_for_others",
            "entered_by",
            where="status = 'draft' AND entered_by IS NOT NULL AND NOT at_once",
        ),
        unique_where("uq_rentals_one_change", "changes_id", where="status = 'requested'"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    number: Mapped[int | None]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    entered_token: Mapped[int | None]
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    at_once: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    status: Mapped[RentalStatus] = mapped_column(one_of(RentalStatus, "status"), default=RentalStatus.DRAFT)
    starts_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    purpose: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    created_at: Mapped[datetime]
    requested_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    remind_desk_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_token: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    changes_id: Mapped[int | None] = mapped_column(ForeignKey("rentals.id"))
    revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposed_token: Mapped[int | None]
    asked_starts_at: Mapped[datetime | None]
    asked_due_at: Mapped[datetime | None]

    @property
    def acts(self) -> Sequence[tuple[int | None, int | None]]:
        """Return who decided, who entered and who proposed it, each with the API token."""
        return (
            (self.decided_by, self.decided_token),
            (self.entered_by, self.entered_token),
            (self.proposed_by, self.proposed_token),
        )


class RentalNumbers(Base):
    """The last number that was given to a rental of an organization; no row before the first.

    A table of its own: whoever takes a number locks nothing that others wait for.
    """

    __tablename__ = "rental_numbers"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    last: Mapped[int]


class KeptFigures(Base):
    """The statistics of a year, or in year 0 of the last 12 months, as they were counted in the night.

    Only where there are many rentals (services/reports/nightly.py). `timezone`: whose days they are about.
    """

    __tablename__ = "kept_figures"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    as_of: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(64))
    figures: Mapped[dict[str, Any]]


class RentalLine(Base):
    """Pieces of one equipment in a rental; `item_id` where an individual item was demanded.

    `kit_id` and `kit_pieces` where it came with a kit: the number of pieces per kit, as it was then.
    """

    __tablename__ = "rental_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(kit_id IS NULL) = (kit_pieces IS NULL)", name="kit"),
        Index("ix_rental_lines_rental_id", "rental_id"),
        Index("ix_rental_lines_equipment_id", "equipment_id"),
        Index("ix_rental_lines_item_id", "item_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rental_id: Mapped[int] = mapped_column(ForeignKey("rentals.id", ondelete="CASCADE"))
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    quantity: Mapped[int]
    kit_id: Mapped[int | None] = mapped_column(ForeignKey("kits.id"))
    kit_pieces: Mapped[int | None]


class Block(Base):
    """A block: items withheld for a period, for repair or own use. Its claims have the items and times.

    `ended_at`: it was ended early.
    """

    __tablename__ = "blocks"
    __table_args__ = NEVER_REUSE_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Claim(Base):
    """A claim on one item for `[starts_at, blocked_until)`, which includes the turnaround after the due time.
    What is lent until further notice is blocked until FOREVER (services/core/hours/periods.py).

    It belongs to a rental's line or to a block. Two held or checked-out claims on one item never overlap:
    triggers in SQLite, an exclusion constraint in PostgreSQL (db/guards.py).

    `out_by` checked the item out from `out_location_id`, and `returned_to` checked it in at
    `returned_location_id`; both are empty for a transfer. `condition_before` is the item's condition before
    its return report, as long as only that report has changed it since.
    """

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint("starts_at < blocked_until", name="period"),
        CheckConstraint("(line_id IS NULL) <> (block_id IS NULL)", name="one_reason"),
        CheckConstraint(
            "block_id IS NOT NULL OR out_at IS NOT NULL OR status NOT IN ('out', 'returned', 'lost')",
            name="out_at_known",
        ),
        Index("ix_claims_line_id", "line_id"),
        Index("ix_claims_rental_id", "rental_id"),
        Index("ix_claims_block_id", "block_id"),
        Index("ix_claims_return_id", "return_id"),
        Index("ix_claims_item", "item_id", "status", "blocked_until"),
        index_where("ix_claims_held", "organization_id", "starts_at", where="status = 'held'"),
        index_where(
            "ix_claims_said_back",
            "organization_id",
            "rental_id",
            where="status = 'out' AND return_claimed_at IS NOT NULL",
        ),
        unique_where(
            "uq_claims_one_out",
            "item_id",
            where="status = 'out'",
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    rental_id: Mapped[int | None] = mapped_column(ForeignKey("rentals.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("rental_lines.id"))
    block_id: Mapped[int | None] = mapped_column(ForeignKey("blocks.id"))
    status: Mapped[ClaimStatus] = mapped_column(one_of(ClaimStatus, "status"))
    starts_at: Mapped[datetime]
    blocked_until: Mapped[datetime]
    out_at: Mapped[datetime | None]
    out_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    return_claimed_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    returned_to: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    returned_condition: Mapped[Condition | None] = mapped_column(one_of(Condition, "returned_condition"))
    returned_photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id"))
    out_location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    return_id: Mapped[int | None] = mapped_column(ForeignKey("returns.id"))
    returned_location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    condition_before: Mapped[Condition | None] = mapped_column(one_of(Condition, "condition_before"))
    problem: Mapped[str] = mapped_column(Text, default="")


class Return(Base):
    """Items of one rental returned together, named by their claims and checked in by `returned_to`.

    `put_away_at`: when their new location was reported; `location_id` is None for the previous one.
    """

    __tablename__ = "returns"
    __table_args__ = (Index("ix_returns_rental_id", "rental_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    rental_id: Mapped[int] = mapped_column(ForeignKey("rentals.id"))
    returned_at: Mapped[datetime]
    returned_to: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    put_away_at: Mapped[datetime | None]
    put_away_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class DamageNote(Base):
    """A damage note of an item, written at a return or any other time, open until it is closed."""

    __tablename__ = "damage_notes"
    __table_args__ = (Index("ix_damage_notes_item_id", "item_id", "closed_at"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    note: Mapped[str] = mapped_column(Text)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id"))
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class HandOver(Base):
    """A transfer of an item from the member who has it (`claim_id`) to the next one (`to_claim_id`).

    The giver offers, the next member accepts. One open offer per checked-out item.
    """

    __tablename__ = "hand_overs"
    __table_args__ = (
        Index("ix_hand_overs_to_claim_id", "to_claim_id"),
        unique_where(
            "uq_hand_overs_one_offered",
            "claim_id",
            where="status = 'offered'",
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    to_claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    status: Mapped[HandOverStatus] = mapped_column(
        one_of(HandOverStatus, "status"), default=HandOverStatus.OFFERED
    )
    offered_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class Extension(Base):
    """A request to extend a rental until `due_at`. One open request per rental.

    `sets_date`: it was lent until further notice, and is to have an end. `decided_token`: as in Rental.
    """

    __tablename__ = "extensions"
    __table_args__ = (
        unique_where(
            "uq_extensions_one_asked",
            "rental_id",
            where="status = 'asked'",
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rental_id: Mapped[int] = mapped_column(ForeignKey("rentals.id"))
    due_at: Mapped[datetime]
    sets_date: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    status: Mapped[ExtensionStatus] = mapped_column(one_of(ExtensionStatus, "status"))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_token: Mapped[int | None]
