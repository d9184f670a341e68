"""The inventory: equipment, items, kits, locations, tags, photos and own fields."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, NEVER_REUSE_IDS, Base, index_where, one_of
from db.states import Condition, Described

LONGEST_PART = 8
"""Letters of a part of a word. Longer ones would tell little more, and take more room."""


class Location(Base):
    __tablename__ = "locations"
    __table_args__ = (UniqueConstraint("organization_id", "name"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    disabled_at: Mapped[datetime | None]


class Tag(Base):
    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("organization_id", "name"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(100))
    color: Mapped[str | None] = mapped_column(String(16))
    disabled_at: Mapped[datetime | None]


class EquipmentTag(Base):
    __tablename__ = "equipment_tags"
    __table_args__ = (Index("ix_equipment_tags_tag_id", "tag_id"),)

    equipment_id: Mapped[int] = mapped_column(
        ForeignKey("equipment.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)


class Photo(Base):
    """A photo's bytes, and Telegram's id of it once it was sent."""

    __tablename__ = "photos"
    __table_args__ = NEVER_REUSE_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    telegram_file_id: Mapped[str | None] = mapped_column(Text)


IN_USE = "retired_at IS NULL"
LISTED = "retired_at IS NULL AND lendable > 0"
SUMMED = "retired_at IS NULL AND lendable <> 0"
"""In other words, so that only the sum of all takes the index of these: it would mislead SQLite elsewhere."""


class Equipment(Base):
    """An entry of the catalog; `search_text` is folded (services/core/text.py).

    `lendable`: the number of its items in a lendable condition, counted by triggers (db/derived.py).
    """

    __tablename__ = "equipment"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        Index("ix_equipment_type", "organization_id", "type"),
        index_where("ix_equipment_pieces", "organization_id", "retired_at", "lendable", where=SUMMED),
        index_where("ix_equipment_in_use", "organization_id", text("lower(name)"), "id", where=IN_USE),
        index_where("ix_equipment_listed", "organization_id", text("lower(name)"), "id", where=LISTED),
        index_where(
            "ix_equipment_listed_type",
            "organization_id",
            "type",
            text("lower(name)"),
            "id",
            where=LISTED,
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(200))
    brand: Mapped[str] = mapped_column(String(100), default="")
    model: Mapped[str] = mapped_column(String(100), default="")
    type: Mapped[str] = mapped_column(String(100), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id"))
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    search_text: Mapped[str] = mapped_column(Text, default="")
    lendable: Mapped[int] = mapped_column(default=0, server_default=text("0"), info=DERIVED)
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class EquipmentPart(Base):
    """The beginning of what follows a letter of a word in the equipment's `search_text`: whatever is in a
    word begins one of its parts, which an index finds. Triggers write them (db/derived.py).
    """

    __tablename__ = "equipment_parts"
    __table_args__ = (
        Index("ix_equipment_parts_equipment_id", "equipment_id"),
        {"sqlite_with_rowid": False, "info": DERIVED},
    )

    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(
        String(LONGEST_PART).with_variant(String(LONGEST_PART, collation="C"), "postgresql"), primary_key=True
    )
    equipment_id: Mapped[int] = mapped_column(
        ForeignKey("equipment.id", ondelete="CASCADE"), primary_key=True
    )


class Item(Base):
    """A physical item. `label_token`, random and unique across organizations, is in its QR code.

    `source_key`: by which a row of a list without codes and serial numbers is known again
    (services/imports/inventory/pieces.py).
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("organization_id", "code"),
        Index("ix_items_equipment_id", "equipment_id"),
        Index("ix_items_condition", "organization_id", "condition", "equipment_id"),
        Index("ix_items_location_id", "location_id"),
        Index("ix_items_lower_code", literal_column("lower(code)"), info={"ops": "text_pattern_ops"}),
        Index("ix_items_lower_serial_number", text("lower(serial_number)")),
        Index("ix_items_source_key", "organization_id", "source_key", unique=True),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"))
    code: Mapped[str] = mapped_column(String(100))
    label: Mapped[str] = mapped_column(String(200), default="")
    serial_number: Mapped[str | None] = mapped_column(String(200))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    condition: Mapped[Condition] = mapped_column(one_of(Condition, "condition"), default=Condition.OK)
    comment: Mapped[str] = mapped_column(Text, default="")
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    label_token: Mapped[str] = mapped_column(String(32), unique=True)
    source_key: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class ItemCode(Base):
    """A code of a sticker that an item has besides our label: EAN, Code 128, DataMatrix.

    `compared`: the form in which it is looked up (services/inventory/codes/forms.py). `kind`: the symbology
    that it was read from; empty where it was typed.
    """

    __tablename__ = "item_codes"
    __table_args__ = (
        UniqueConstraint("organization_id", "compared"),
        Index("ix_item_codes_item_id", "item_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    code: Mapped[str] = mapped_column(String(200))
    compared: Mapped[str] = mapped_column(String(600))
    kind: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    created_at: Mapped[datetime]


class Kit(Base):
    """Equipment that is rented together under one name."""

    __tablename__ = "kits"
    __table_args__ = (UniqueConstraint("organization_id", "name"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class KitPart(Base):
    """The pieces of one equipment in a kit."""

    __tablename__ = "kit_parts"
    __table_args__ = (
        UniqueConstraint("kit_id", "equipment_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_kit_parts_equipment_id", "equipment_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kit_id: Mapped[int] = mapped_column(ForeignKey("kits.id", ondelete="CASCADE"))
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"))
    quantity: Mapped[int]


class LabelPrint(Base):
    """A print of labels on sheets of this kind, from position `first` (counted from 0) of the first sheet."""

    __tablename__ = "label_prints"
    __table_args__ = (Index("ix_label_prints_organization_id", "organization_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    sheet: Mapped[str] = mapped_column(String(40))
    first: Mapped[int]
    labels: Mapped[int]
    printed_at: Mapped[datetime]
    printed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class CustomField(Base):
    """A field that the organization added. Its values are in `custom` of the rows that it describes.

    `for_members`: of equipment and items; members see it on their cards.
    """

    __tablename__ = "custom_fields"
    __table_args__ = (UniqueConstraint("organization_id", "describes", "label"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    describes: Mapped[Described] = mapped_column(one_of(Described, "describes"))
    label: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
    for_members: Mapped[bool] = mapped_column(default=False, server_default=false())
    disabled_at: Mapped[datetime | None]


class SearchMiss(Base):
    """Words that were looked for and not found, counted by month, which is given by its first day.

    Nothing tells who looked (services/inventory/search/misses.py).
    """

    __tablename__ = "search_misses"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(60), primary_key=True)
    times: Mapped[int] = mapped_column(default=1)
