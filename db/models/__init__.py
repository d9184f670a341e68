"""All tables. Import from here."""

from db.models.base import Base
from db.models.imports import ImportJob
from db.models.inventory import (
    CustomField,
    Equipment,
    EquipmentTag,
    Item,
    Kit,
    KitPart,
    LabelPrint,
    Location,
    Photo,
    Tag,
)
from db.models.messaging import Card, Conversation, InboxUpdate, OutboxMessage
from db.models.organization import (
    FORMER_MEMBER,
    AccountLink,
    AuditEntry,
    ChatAccount,
    ClosedDays,
    FormerLink,
    Invite,
    JoinRequest,
    OpeningHours,
    Organization,
    User,
)
from db.models.rental import Block, Claim, DamageNote, Extension, HandOver, Rental, RentalLine, Return

__all__ = [
    "FORMER_MEMBER",
    "AccountLink",
    "AuditEntry",
    "Base",
    "Block",
    "Card",
    "ChatAccount",
    "Claim",
    "ClosedDays",
    "Conversation",
    "CustomField",
    "DamageNote",
    "Equipment",
    "EquipmentTag",
    "Extension",
    "FormerLink",
    "HandOver",
    "ImportJob",
    "InboxUpdate",
    "Invite",
    "Item",
    "JoinRequest",
    "Kit",
    "KitPart",
    "LabelPrint",
    "Location",
    "OpeningHours",
    "Organization",
    "OutboxMessage",
    "Photo",
    "Rental",
    "RentalLine",
    "Return",
    "Tag",
    "User",
]
