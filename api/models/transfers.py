"""Transfers: things go from one member to the next without passing the desk."""

from pydantic import BaseModel, Field

from api.models.common import Input, RowId
from db.states import HandOverStatus


class NextItemOut(BaseModel):
    """An item that the next member needs."""

    item_id: int
    code: str = Field(examples=["T1"])
    name: str = Field(examples=["Tent"])


class NextOut(BaseModel):
    """A member who has things of yours next, and may take them over from you."""

    rental_id: int = Field(description="Their rental: the `to_rental_id` of an offer.")
    member: str
    items: list[NextItemOut]


class OfferIn(Input):
    """Things that you hand over yourself."""

    to_rental_id: RowId
    item_ids: list[RowId] | None = Field(
        default=None, min_length=1, max_length=100, description="By default all that the member needs."
    )


class TransferItemOut(BaseModel):
    """One item of an offer."""

    code: str = Field(examples=["T1"])
    name: str = Field(examples=["Tent"])
    status: HandOverStatus


class TransferOut(BaseModel):
    """An offer: of yours, or to you."""

    id: int
    is_mine: bool = Field(description="You offer it: only you may withdraw it; others answer it.")
    is_open: bool
    giver: str
    taker: str
    rental_id: int = Field(description="Yours of the two rentals.")
    items: list[TransferItemOut]
