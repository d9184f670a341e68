"""Equipment, items, and what they are sorted by."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.models.common import Fields, Input, Named, RowId, Text
from db.states import Condition, Role

Name = Annotated[str, Field(min_length=1, max_length=200)]
Short = Annotated[str, Field(max_length=100)]


class TagOut(Named):
    color: str | None = Field(description="One of nine, or null.", examples=["green"])
    active: bool


class TagIn(Input):
    name: Annotated[str, Field(min_length=1, max_length=100)] = Field(examples=["winter"])
    color: Annotated[str, Field(max_length=20)] | None = Field(
        default=None,
        description="One of nine by name, or #rrggbb, which becomes the nearest of them.",
        examples=["#22aa44"],
    )


class TagPatch(Input):
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    color: Annotated[str, Field(max_length=20)] | None = None
    active: bool | None = None


class TagIds(Input):
    tag_ids: list[RowId] = Field(max_length=50)


class EquipmentOut(BaseModel):
    """A kind of thing, as people ask for it. `pieces` can be lent at all, `free_now` of them are free now."""

    id: int
    name: str = Field(examples=["Tent"])
    brand: str
    model: str
    type: str = Field(examples=["Camping"])
    description: str
    tags: list[TagOut]
    fields: dict[str, str] = Field(description="The organization's own fields, by label.")
    pieces: int = Field(description="Items in a condition to be lent.", examples=[3])
    free_now: int = Field(examples=[2])
    free: int | None = Field(description="Pieces free in the whole period asked for; null without one.")
    needed_role: Role = Field(description="From which role on one may borrow it.")
    has_photo: bool = Field(description="`/equipment/{id}/photo` has it.")
    retired: bool
    version: int


class EquipmentIn(Input):
    name: Name = Field(examples=["Tent"])
    brand: Short = ""
    model: Short = ""
    type: Short = ""
    description: Text = ""
    fields: Fields = Field(default={})
    tag_ids: list[RowId] = Field(default=[], max_length=50)


class EquipmentPatch(Input):
    """Changes; a value that is left out stays as it is."""

    name: Name | None = None
    brand: Short | None = None
    model: Short | None = None
    type: Short | None = None
    description: Text | None = None
    fields: Fields = Field(default={})
    retired: bool | None = Field(
        default=None, description="True retires it with its items, false brings it back."
    )
    giving_up: list[RowId] = Field(
        default=[], max_length=200, description="Rentals that may lose an item when it is retired."
    )
    reason: Annotated[str, Field(max_length=300)] = Field(default="", description="Their members read it.")


class ItemOut(BaseModel):
    """One physical item. `comment`, `other_codes` and `label_token` are for lenders; else they are null.

    So is `serial_number`, unless the rules show it, and of `fields` members get those marked for them.
    """

    id: int
    equipment: Named
    code: str = Field(examples=["T-01"])
    label: str
    condition: Condition
    location: Named | None
    is_out: bool = Field(description="It is with somebody now.")
    fields: dict[str, str]
    serial_number: str | None
    other_codes: list[str] | None = Field(
        description="Codes of the stickers that it has besides our label.", examples=[["4006381333931"]]
    )
    comment: str | None
    label_token: str | None = Field(description="What its QR code carries.")
    label_link: str | None = Field(description="Where its QR code leads.")
    version: int
    created_at: datetime


class ItemsIn(Input):
    """New items: one with this code, or several with codes that are proposed."""

    number: int = Field(default=1, ge=1, le=50)
    code: Short | None = Field(default=None, examples=["T-04"])
    location_id: RowId | None = None


class ItemPatch(Input):
    """Changes; a value that is left out stays as it is; `location_id` null takes it from its place."""

    code: Short | None = None
    label: Annotated[str, Field(max_length=200)] | None = None
    serial_number: Annotated[str, Field(max_length=200)] | None = None
    comment: Text | None = None
    location_id: RowId | None = None
    fields: Fields = Field(default={})
    condition: Condition | None = None
    giving_up: list[RowId] = Field(
        default=[], max_length=200, description="Rentals that may lose it when it leaves lending."
    )
    reason: Annotated[str, Field(max_length=300)] = Field(default="", description="Their members read it.")


class CodeOut(BaseModel):
    """The code of a sticker."""

    id: int
    code: str = Field(examples=["4006381333931"])
    kind: str = Field(description="What it was read from; empty where it was typed.", examples=["ean13"])


class CodeIn(Input):
    code: Annotated[str, Field(min_length=1, max_length=200)] = Field(examples=["4006381333931"])
    kind: Annotated[str, Field(max_length=20, pattern="^[a-z0-9_-]*$")] = Field(
        default="", description="The symbology that it was read from.", examples=["ean13"]
    )


class DamageOut(BaseModel):
    """Damage of an item, open until somebody has repaired it. Moments in UTC."""

    id: int
    item_id: int
    note: str = Field(examples=["A pole is bent."])
    reported_by: Named | None
    created_at: datetime
    closed_at: datetime | None
    has_photo: bool = Field(description="`/damage/{id}/photo` has it.")


class DamageIn(Input):
    note: Annotated[str, Field(min_length=1, max_length=500)] = Field(examples=["A pole is bent."])


class LocationOut(Named):
    description: str = Field(description="How it is found.", examples=["Left of the stairs"])
    active: bool
    items: int = Field(description="Items there, without lost and retired ones.")


class LocationIn(Input):
    name: Name = Field(examples=["Cellar"])
    description: Annotated[str, Field(max_length=500)] = ""


class LocationPatch(Input):
    name: Name | None = None
    description: Annotated[str, Field(max_length=500)] | None = None
    active: bool | None = None


class PartOut(BaseModel):
    equipment: Named
    quantity: int
    retired: bool


class KitOut(Named):
    parts: list[PartOut]
    retired: bool
    version: int


class PartIn(Input):
    equipment_id: RowId
    quantity: int = Field(ge=1, le=999)


class KitIn(Input):
    name: Name = Field(examples=["Weekend set"])
    parts: list[PartIn] = Field(default=[], max_length=100)


class KitPatch(Input):
    name: Name | None = None
    parts: list[PartIn] | None = Field(default=None, max_length=100, description="All its parts from now on.")
    retired: bool | None = None


class SheetOut(BaseModel):
    """A kind of label sheet, by its number on the package."""

    id: str = Field(examples=["l7160"])
    name: str = Field(examples=["Avery L7160"])
    labels: int = Field(description="Labels on a sheet.", examples=[21])


class BlockOut(BaseModel):
    """Items out of lending for a while. Moments in UTC."""

    id: int
    equipment: list[str]
    codes: list[str]
    reason: str
    starts_at: datetime
    until: datetime


class FieldOut(BaseModel):
    id: int
    describes: str = Field(examples=["equipment"])
    label: str = Field(examples=["Colour"])
    position: int
    active: bool
    for_members: bool = Field(description="Of equipment and items: members see it on their cards.")


class FieldIn(Input):
    describes: Annotated[str, Field(pattern="^(equipment|item|user|rental|organization)$")]
    label: Annotated[str, Field(min_length=1, max_length=100)]
    position: int | None = Field(default=None, ge=1, le=10_000, description="From 1; the last without.")


class FieldPatch(Input):
    label: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    position: int | None = Field(default=None, ge=1, le=10_000)
    active: bool | None = None
    for_members: bool | None = Field(default=None, description="Only of fields of equipment and items.")


class NamingModel(Input):
    """The name of a standard field, and the hint where it is asked for; empty: as usual."""

    label: Annotated[str, Field(max_length=40)] = Field(default="", examples=["Frame number"])
    hint: Annotated[str, Field(max_length=200)] = ""


Names = Annotated[
    dict[Annotated[str, Field(max_length=60)], NamingModel],
    Field(max_length=60, examples=[{"item.serial_number": {"label": "Frame number"}}]),
]


class TemplateIn(Input):
    """A set of names to take over: its `code`, or what is in it. Nothing that is there goes."""

    code: Annotated[str, Field(max_length=20_000)] | None = None
    labels: Names = Field(default={})
    fields: dict[
        Annotated[str, Field(pattern="^(equipment|item|user|rental|organization)$")],
        Annotated[list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=100)],
    ] = Field(default={}, description="Own fields to add, by what they describe.")


class TemplatePatch(Input):
    """Names of standard fields to change; the others stay."""

    labels: Names


class TemplateOut(BaseModel):
    """The names of standard fields, and the own fields of each kind of thing, in their order."""

    organization_id: int
    equipment: list[FieldOut]
    item: list[FieldOut]
    user: list[FieldOut]
    rental: list[FieldOut]
    organization: list[FieldOut]
    labels: dict[str, NamingModel]
    code: str = Field(description="With which another organization takes it over.")
