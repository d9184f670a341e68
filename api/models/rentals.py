"""Rentals, and what is done with them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from api.models.common import Day, Fields, Input, Moment, Named, RowId
from db.states import ClaimStatus, Condition, RentalStatus


class LineOut(BaseModel):
    """A number of pieces of an equipment, or a kit with its parts."""

    equipment_id: int | None = Field(description="Null for a kit.")
    kit_id: int | None
    name: str = Field(examples=["Tent"])
    quantity: int
    parts: list["LineOut"] = []


class PieceOut(BaseModel):
    """One item of the rental. Moments in UTC."""

    item_id: int
    code: str = Field(examples=["T-01"])
    equipment: str = Field(examples=["Tent"])
    status: ClaimStatus
    location: str | None = Field(description="Where it is kept.")
    return_reported: bool = Field(description="The member says that it is back; nobody has confirmed it yet.")
    problem: str
    out_at: datetime | None
    out_by: Named | None
    out_from: str | None = Field(description="The place that it was handed out from.")
    returned_at: datetime | None
    returned_to: Named | None
    returned_location: str | None = Field(description="The place that it came back to.")
    has_return_photo: bool = Field(description="`/rentals/{id}/items/{item_id}/photo` has it.")


class ExtensionOut(BaseModel):
    """An extension that waits for an answer."""

    id: int
    due_at: datetime


class RentalOut(BaseModel):
    """A rental. Moments are in UTC; `first` and `last` are days in the organization's time zone."""

    id: int = Field(description="For paths; people know it by its number.")
    number: int = Field(description="What people read and type, by organization.", examples=[12])
    status: RentalStatus
    member: Named
    entered_by: Named | None = Field(description="The lender who entered it for the member.")
    starts_at: datetime
    due_at: datetime | None = Field(description="Null: it is out, or was, until further notice.")
    first: date
    last: date | None
    is_overdue: bool
    lines: list[LineOut]
    items: list[PieceOut]
    purpose: str
    comment: str
    fields: dict[str, str]
    requested_at: datetime | None
    expires_at: datetime | None = Field(description="Until when it has to be answered, or picked up.")
    decided_at: datetime | None
    decided_by: Named | None
    reason: str = Field(description="Why it was declined.")
    ended_at: datetime | None
    extension: ExtensionOut | None
    changes_id: int | None = Field(description="The rental that it changes, and takes the place of.")
    is_proposed: bool = Field(description="Other days are proposed; the member has not answered.")


class LineIn(Input):
    """One of the three: any pieces of an equipment, one individual item, or a kit."""

    equipment_id: RowId | None = None
    item_id: RowId | None = None
    kit_id: RowId | None = None
    quantity: int = Field(default=1, ge=1, le=10_000)

    @model_validator(mode="after")
    def _one(self) -> "LineIn":
        if sum(one is not None for one in (self.equipment_id, self.item_id, self.kit_id)) != 1:
            raise ValueError("Name one of equipment_id, item_id and kit_id.")
        return self


class When(Input):
    """A period: days (`first`, `last`, both inclusive), or moments (`starts_at`, `due_at`)."""

    first: Day | None = Field(
        default=None, description="In the organization's time zone.", examples=["2026-12-01"]
    )
    last: Day | None = Field(default=None, examples=["2026-12-03"])
    starts_at: Moment | None = None
    due_at: Moment | None = None

    @model_validator(mode="after")
    def _whole(self) -> "When":
        self.require_whole()
        return self

    def require_whole(self) -> None:
        """Raise ValueError unless it is one period, whole."""
        days = self.first is not None and self.last is not None
        moments = self.starts_at is not None and self.due_at is not None
        named = sum(one is not None for one in (self.first, self.last, self.starts_at, self.due_at))
        if named != 2 or not (days or moments):
            raise ValueError("Name first and last, or starts_at and due_at.")


class RentalIn(When):
    """A request, or with `hand_out` a rental over the counter.

    `hand_out` asks, approves and hands out in one go: each as far as your role and the rules allow. Without
    days and moments it is until further notice, for items that are named, by a lender.
    """

    lines: list[LineIn] = Field(min_length=1, max_length=100)
    member_id: RowId | None = Field(default=None, description="For whom, by a lender; yourself without.")
    purpose: Annotated[str, Field(max_length=500)] = ""
    comment: Annotated[str, Field(max_length=500)] = ""
    fields: Fields = Field(default={})
    hand_out: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether it goes out now, until further notice."""
        return self.hand_out and self.first is self.last is self.starts_at is self.due_at is None

    @model_validator(mode="after")
    def _whole(self) -> "RentalIn":
        if not self.is_open:
            When.require_whole(self)
        elif any(line.item_id is None for line in self.lines):
            raise ValueError("Until further notice only items can be lent: name item_id, or a period.")
        elif self.purpose or self.comment or self.fields:
            raise ValueError("Until further notice it is for nothing in particular: no purpose.")
        return self


class Some(Input):
    """Which items it is about; all without."""

    item_ids: list[RowId] | None = Field(default=None, min_length=1, max_length=1000)


class ReasonIn(Input):
    reason: Annotated[str, Field(max_length=300)] = Field(default="", description="The member reads it.")


class DueIn(Input):
    """A new end: a day in the organization's time zone, or a moment."""

    last: Day | None = Field(default=None, examples=["2026-12-05"])
    due_at: Moment | None = None

    @model_validator(mode="after")
    def _one(self) -> "DueIn":
        if (self.last is None) == (self.due_at is None):
            raise ValueError("Name last or due_at.")
        return self


class Earlier(Input):
    """When it really was, where that is entered later."""

    at: Moment | None = Field(default=None, description="A moment that lies back, by a lender; now without.")


class HandOutIn(Some, Earlier):
    """The things handed out, and when it was."""


class SwapIn(Input):
    item_id: RowId = Field(description="The item of the rental.")
    for_item_id: RowId = Field(description="Another of the same equipment.")


class ReturnIn(Some, Earlier):
    """The things that came back: a report by the member, or final where the rules say so; final by a lender.

    `at`, `location_id` and `condition` are for lenders: when it was, where the items lie now, and how they
    came back.
    """

    location_id: RowId | None = None
    condition: Condition | None = Field(
        default=None, description="Of all of them: ok, damaged, in_repair, lost."
    )
    note: Annotated[str, Field(max_length=500)] = Field(default="", description="What is wrong with them.")


class ProblemIn(Input):
    note: Annotated[str, Field(min_length=1, max_length=500)] = Field(examples=["A pole is bent."])
    item_id: RowId | None = Field(default=None, description="Which item; the whole rental without.")


class BlockIn(When):
    equipment_id: RowId
    pieces: int = Field(default=0, ge=0, le=10_000, description="So many of any, where no items are named.")
    item_ids: list[RowId] = Field(default=[], max_length=1000)
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    giving_up: list[RowId] = Field(default=[], max_length=200, description="Rentals that may lose an item.")
