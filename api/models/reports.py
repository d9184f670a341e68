"""The audit, and the statistics of the lending."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from api.models.common import Input, Moment


class SubjectOut(BaseModel):
    """A subject of entries: give its id to `/audit`, in the parameter that `kind` names."""

    kind: str = Field(examples=["person", "item", "equipment", "rental"])
    id: int
    name: str = Field(examples=["Kari Nordmann"])


class EntryOut(BaseModel):
    """One entry of the audit. Things are called as they were then, people as they are now."""

    at: datetime
    by: str | None = Field(description="Null: the bot, or the operator; empty: a member who was erased.")
    token: str | None = Field(
        description="The name of the API token; empty for a password, null for the chat.", examples=["Kiosk"]
    )
    action: str = Field(examples=["approve"])
    subject: str = Field(examples=["rental"])
    subject_id: int
    what: str = Field(description="The name of the subject; of a rental, its member's.")
    number: int | None = Field(description="A rental's number.")
    details: dict[str, Any] = Field(description="As stored; they differ by action.")
    codes: dict[int, str] = Field(description="The codes of the items in the details, by id.")


class Counted(BaseModel):
    """Something, and how often."""

    name: str = Field(examples=["Tent"])
    number: int = Field(examples=[12])


class IdleOut(BaseModel):
    """Equipment that nobody borrows, with the day of its last check-out."""

    name: str
    last_out: date | None


class WeekOut(BaseModel):
    """Pieces that were out at some time of a week."""

    monday: date
    pieces: int


class StatsOut(BaseModel):
    """The figures of a year, or of the last 12 months."""

    first: date
    last: date
    rentals: int
    borrowers: int
    due: int = Field(description="Rentals that were to be back by now.")
    late: int = Field(description="Those of them that were returned late, or are late.")
    open_ended: int = Field(description="Pieces that are out until further notice now.")
    equipment: int
    idle_total: int = Field(description="Equipment that was not out for half a year.")
    most_rented: list[Counted]
    most_late: list[Counted]
    idle: list[IdleOut] = Field(description="The longest idle first.")
    not_found: list[Counted] = Field(description="Words that were looked for and not found.")
    weeks: list[WeekOut]
    as_of: datetime | None = Field(description="When it was counted; null: just now.")


class ApproveAllIn(Input):
    """Which requests are meant."""

    until: Moment | None = Field(
        default=None, description="Only those made by then: what you have seen. By default all."
    )


class NotApproved(BaseModel):
    """A request that still waits, with the code of the refusal."""

    rental_id: int
    code: str = Field(examples=["not_free"])


class ApprovedOut(BaseModel):
    """The outcome for the requests. `left`: more than one call approves; call again."""

    approved: int
    refused: list[NotApproved]
    left: int
