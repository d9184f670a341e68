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
from db.models.organization import AccountLink, AuditEntry, ChatAccount, Invite, Organization, User
from db.models.rental import Block, Claim, Extension, Rental, RentalLine

__all__ = [
    "AccountLink",
    "AuditEntry",
    "Base",
    "Block",
    "Card",
    "ChatAccount",
    "Claim",
    "Conversation",
    "CustomField",
    "Equipment",
    "EquipmentTag",
    "Extension",
    "InboxUpdate",
    "Invite",
    "Item",
    "Kit",
    "KitPart",
    "Location",
    "Organization",
    "OutboxMessage",
    "Photo",
    "Rental",
    "RentalLine",
    "Tag",
    "User",
]
