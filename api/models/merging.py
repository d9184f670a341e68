"""Two that are one: members, and places."""

from pydantic import BaseModel, Field

from api.models.common import Input, Named, RowId
from db.states import Role


class MergeIn(Input):
    gone_id: RowId = Field(description="The one that goes; the one in the path stays.")


class Differing(BaseModel):
    stays: str | None
    goes: str | None


class SameOut(BaseModel):
    """The same equipment on the same days, in an open rental of each; both rentals stay."""

    equipment: str
    kept_rental: int
    gone_rental: int


class MemberMergeOut(BaseModel):
    """All that goes from `gone` to `kept`, who stays."""

    kept: Named
    gone: Named
    rentals: int
    open_rentals: int
    items_out: int
    tokens: int
    blocks: int
    notes: int = Field(description="Notes of damage.")
    accounts: int = Field(description="Telegram accounts that lead to the one who stays, afterwards.")
    role: Role = Field(description="The higher of both.")
    fields: dict[str, str] = Field(description="Details that the one who stays lacks, and gets.")
    differing: dict[str, Differing]
    same: list[SameOut]
    suspends: bool = Field(description="The suspension of the one who goes holds for both.")


class PlaceMergeOut(BaseModel):
    """All that goes from `gone` to `kept`, which stays."""

    kept: Named
    gone: Named
    items: int
    returns: int
    closed_days: int
    hours: int = Field(description="Opening hours of the one that goes.")
    hours_end: bool = Field(description="They end: the one that stays has its own.")
    description_ends: bool = Field(description="Its description ends: the one that stays has its own.")
