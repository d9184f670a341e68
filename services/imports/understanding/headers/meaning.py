"""Meanings of columns, and the words that say them."""

from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """The meaning of a column. Those that `mapping.Field` has too have its values."""

    NAME = "name"
    CODE = "code"
    BRAND = "brand"
    MODEL = "model"
    TYPE = "type"
    TAGS = "tags"
    DESCRIPTION = "description"
    SERIAL_NUMBER = "serial number"
    LOCATION = "location"
    BUILDING = "building"
    FLOOR = "floor"
    ROOM = "room"
    SHELF = "shelf"
    BOX = "box"
    CONDITION = "condition"
    STATUS = "status"
    LENDABLE = "lendable"
    RETIRED = "retired"
    EQUIPMENT_RETIRED = "retired equipment"
    COMMENT = "comment"
    LABEL = "label"
    OTHER_CODES = "other codes"
    QUANTITY = "quantity"
    HOLDER = "holder"
    SINCE = "since"
    UNTIL = "until"
    CUSTOM = "custom"
    LEFT_OUT = "left out"


PLACE = (*(Meaning.LOCATION, Meaning.BUILDING, Meaning.FLOOR, Meaning.ROOM, Meaning.SHELF, Meaning.BOX),)
"""Parts of a place, from the widest to the narrowest."""


@dataclass(frozen=True, slots=True)
class Word:
    """A known header: what it can mean, how early it stands in the table, and whether contents must agree."""

    meaning: Meaning
    rank: int
    weak: bool = False
