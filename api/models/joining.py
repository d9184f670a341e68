"""Coming, what is stored about oneself, and going."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.models.common import Input, Named, RowId
from db.states import CalendarScope, JoinStatus


class JoinRequestOut(BaseModel):
    """Somebody asks to become a member."""

    id: int
    status: JoinStatus
    first_name: str
    last_name: str
    answers: dict[str, str] = Field(
        description="What they told, by field.", examples=[{"phone": "99 88 77 66"}]
    )
    asked_at: datetime
    decided_at: datetime | None
    decided_by: Named | None = Field(description="Null also where an invite or they themselves were first.")
    reason: str


class TurnAwayIn(Input):
    """The answer to somebody who may not join; they read the reason."""

    reason: str = Field(default="", max_length=300)


class CalendarsOut(BaseModel):
    """Secret addresses to subscribe to, by what they show: whoever has one sees what is in it."""

    addresses: dict[CalendarScope, str] | None = Field(
        description="Null where a request is answered again: get them anew.",
        examples=[{"own": "https://lend.example.org/calendar/Zp3….ics"}],
    )


class AccountOut(BaseModel):
    """A Telegram account of yours."""

    id: int = Field(description="Its id at Telegram.")
    first_name: str


class HeldOut(BaseModel):
    """An item that you have."""

    rental_id: int
    number: int | None
    code: str = Field(examples=["T1"])
    name: str = Field(examples=["Tent"])


class LeavingOut(BaseModel):
    """The effect of leaving, and what is in its way."""

    cancels: list[int] = Field(description="Ids of the rentals that it cancels: they are not out yet.")
    items_out: list[HeldOut] = Field(description="These have to be back first.")


Seen = Annotated[list[RowId], Field(max_length=1000, description="`cancels`, as it was read: more is 412.")]


class LeaveIn(Input):
    """Leaving, with the rentals that are cancelled by it."""

    cancels: Seen = Field(default=[])


class EraseIn(LeaveIn):
    """Leaving, and having everything erased: there is no way back."""

    erase: Literal[True] = Field(description="Say it: true.")


class ClosingOut(BaseModel):
    """The effect of closing the organization, and what is in its way."""

    members: int = Field(description="Active members, who are told.")
    cancels: int = Field(description="Rentals that are not out yet.")
    items_out: int = Field(description="Items that have to be back first.")


class CloseIn(Input):
    """Closing is for all members at once: the name says that this organization is meant."""

    name: str = Field(max_length=200, examples=["Fjellklubben"])
