"""All tables. Import from here."""

from db.models.base import Base
from db.models.inventory import (
    CustomField,
    Equipment,
    EquipmentTag,
    Item,
    Kit,
    KitPart,
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
from db.models.rental import Block, Claim, DamageNote, Extension, HandOver, Rental, RentalLine

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
    "InboxUpdate",
    "Invite",
    "Item",
    "JoinRequest",
    "Kit",
    "KitPart",
    "Location",
    "OpeningHours",
    "Organization",
    "OutboxMessage",
    "Photo",
    "Rental",
    "RentalLine",
    "Tag",
    "User",
]
