"""Types that the models share: ids, texts, moments, days."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

LARGEST = 2**63 - 1

Id = Annotated[int, Path(ge=1, le=LARGEST)]
"""The id of a row in a path."""

RowId = Annotated[int, Field(ge=1, le=LARGEST)]
"""The id of a row in a body or a query."""


_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_day(value: object) -> object:
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if is_day or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("Write a day as 2026-12-01.")


Day = Annotated[date, BeforeValidator(_written_day), Field(ge=_EARLIEST, le=_LATEST)]
"""A day that has moments in every time zone. Digits alone would be read as seconds since 1970."""


def _written_moment(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _DAY.match(value)):
        return value
    raise ValueError("Write a moment as 2026-12-01T08:00:00+01:00.")


def _storable(moment: datetime) -> datetime:
    if not _EARLIEST <= moment.date() <= _LATEST:
        raise ValueError(f"This moment is not between {_EARLIEST.year} and {_LATEST.year}.")
    return moment.astimezone(UTC)


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_written_moment),
    AfterValidator(_storable),
    Field(
        description="A moment with its offset from UTC; one without is refused (422).",
        examples=["2026-12-01T08:00:00+01:00"],
    ),
]
"""A moment in a request. Naive ones are refused: whose local time they would be in is anybody's guess."""

Label = Annotated[str, Field(min_length=1, max_length=100)]
Text = Annotated[str, Field(max_length=2000)]
Fields = Annotated[
    dict[Label, Annotated[str, Field(max_length=500)]],
    Field(
        max_length=100,
        description="Values of the organization's own fields by label; an empty one clears it.",
        examples=[{"Colour": "green"}],
    ),
]


class Input(BaseModel):
    """A body of a request: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """Return what the caller named, so that what is left out stays as it is."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Named(BaseModel):
    """Something by its id and name."""

    id: int = Field(examples=[7])
    name: str = Field(examples=["Tent"])


class Done(BaseModel):
    """The deed, where there is nothing to show."""

    done: bool = True
