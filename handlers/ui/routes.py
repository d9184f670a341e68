"""Names of the conversations that lead to each other.

Each is a module of its own, and none imports another: `switch_to(row, NAME, STATE, Subject(...))` goes there,
on the same card.
"""

from handlers.ui.conversation import ConversationData


class Subject(ConversationData):
    """The subject of the next conversation; each reads the fields it needs.

    `lender`: the person who reports a problem is one. `words`: the search of the list.
    """

    equipment_id: int = 0
    user_id: int = 0
    item_id: int = 0
    words: str = ""
    lender: bool = False


INVENTORY = "inventory"
"""`/inventory`: searching, the cards of equipment and items, and editing them."""

LIST = "list"
"""Subject: words."""

EQUIPMENT = "equipment"
"""Subject: equipment_id."""

ITEM = "item"
"""Subject: item_id."""

BLOCK = "block"
"""Taking items out of lending for a while."""

PIECES = "pieces"
"""The items and their number; Subject: equipment_id, and item_id where it is one already."""

BLOCKS = "blocks"
"""Current and future blocks; Subject: equipment_id, or nothing for all of them."""

PROBLEM = "problem"
"""Reporting a problem with an item."""

ASK = "ask"
"""Its first state for one item; Subject: item_id, lender."""

RULES = "rules"
"""The policy of one equipment; Subject: equipment_id. Its first state has its name."""

KITS = "kits"
"""Equipment rented together; its first state has its name."""

PLACES = "places"
"""Locations; its first state has its name."""

TAGS = "tags"
"""Tags; its first state has its name."""

FIELDS = "fields"
"""Custom fields; its first state has its name."""

LABELS = "labels"
"""Printing labels; its first state has its name. Subject: equipment_id or item_id where it is about one."""

POLICY = "policy"
"""The organization's policy; its first state has its name."""

OPENING = "opening"
"""Opening hours; its first state has its name. Subject: place, where it is about one."""

MEMBERS = "members"
"""`/members`: finding members, and their cards."""

MEMBERS_LIST, MEMBERS_CARD = "list", "card"
"""Subject: words; user_id."""

ORGANIZATIONS = "organizations"
"""Whole organizations; its first state has its name."""
