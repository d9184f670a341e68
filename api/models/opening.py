"""Opening hours and closed days."""

from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from api.models.common import Day, Input, RowId

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["17:00"])]


class WeekdayName(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Hours(Input):
    """From when until when on a day, local time."""

    opens: Clock
    closes: Clock

    @model_validator(mode="after")
    def _forward(self) -> "Hours":
        if time.fromisoformat(self.opens) >= time.fromisoformat(self.closes):
            raise ValueError("It closes before it opens.")
        return self


OfDay = Annotated[list[Hours], Field(min_length=1, max_length=10)]


class DayHours(Input):
    """The hours of a weekday; null: none on that day."""

    hand_out: OfDay | None = None
    take_back: OfDay | None = None


class WeekIn(Input):
    """A week as a whole: a day that is left out is closed."""

    days: dict[WeekdayName, DayHours]


class WeekOut(BaseModel):
    """A week. `own`: it is this place's own; else the common one, or the times of the rules on every day."""

    own: bool
    days: dict[WeekdayName, DayHours]


class ClosedDaysIn(Input):
    """Days, both inclusive, that are closed, or open during `hours` whatever the week says."""

    first: Day = Field(examples=["2026-12-24"])
    last: Day = Field(examples=["2026-12-26"])
    reason: Annotated[str, Field(max_length=200)] = ""
    yearly: bool = Field(default=False, description="In every year from then on.")
    hours: OfDay | None = None
    location_id: RowId | None = Field(default=None, description="Only there; without, all over.")


class ClosedDaysOut(ClosedDaysIn):
    id: int
