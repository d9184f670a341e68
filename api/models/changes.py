"""Changes of what was agreed: other pieces, other days, other due dates."""

from pydantic import BaseModel, Field

from api.models.common import LARGEST, Day, Input, RowId
from api.models.rentals import LineIn, When


class ChangeIn(When):
    """The rental as it is to be: its lines, all of them, and its period. See `RentalIn`.

    Of one that is partly out, the lines are what is still to be fetched: there may be none.
    """

    lines: list[LineIn] = Field(max_length=100)


class PartIn(Input):
    """The part of a request that is approved: lines as in `ChangeIn`; what is not among them is left out."""

    lines: list[LineIn] = Field(min_length=1, max_length=100)


class MoveIn(Input):
    """All that is due on a day is due on a later one."""

    day: Day
    to: Day
    dry_run: bool = Field(default=False, description="Only tell what would move.")
    after: int = Field(
        default=0, ge=0, le=LARGEST, description="The `last` of the answer before, where some were left."
    )


class StaysOut(BaseModel):
    """A rental that keeps its due date, with the code of the refusal."""

    rental_id: RowId
    code: str


class MovedOut(BaseModel):
    """At most 100 at once: `left` more are due that day, for another call with `last` as its `after`."""

    moved: list[RowId]
    stays: list[StaysOut]
    left: int
    last: int
