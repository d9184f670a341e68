"""Where the conversations about the inventory lead to each other, by name.

Each is a module of its own, and none imports another: `switch_to(row, NAME, STATE, Subject(...))` goes there,
on the same card.
"""

from handlers.ui.conversation import ConversationData


class Subject(ConversationData):
    """What the next conversation is about; each reads of it what concerns it.

    `lender`: whoever reports a problem is one. `words`: what the list is searched for.
    """

    equipment_id: int = 0
    item_id: int = 0
    words: str = ""
    lender: bool = False


INVENTORY = "inventory"
"""`/inventory`: searching, the cards of equipment and items, and what is changed on them."""

LIST = "list"
"""Subject: words."""

EQUIPMENT = "equipment"
"""Subject: equipment_id."""

ITEM = "item"
"""Subject: item_id."""

BLOCK = "block"
"""Taking items out of lending for a while."""

PIECES = "pieces"
"""Which and how many of them; Subject: equipment_id, and item_id where it is one already."""

BLOCKS = "blocks"
"""What is blocked now or will be; Subject: equipment_id, or nothing for all of it."""

PROBLEM = "problem"
"""What is wrong with a thing."""

ASK = "ask"
"""Its first state for one item; Subject: item_id, lender."""

RULES = "rules"
"""What holds for one equipment only; Subject: equipment_id. Its first state has its name."""

KITS = "kits"
"""Equipment rented together; its first state has its name."""

PLACES = "places"
"""Locations; its first state has its name."""

TAGS = "tags"
"""Tags; its first state has its name."""

FIELDS = "fields"
"""The organisation's own fields; its first state has its name."""

LABELS = "labels"
"""Printing labels; its first state has its name. Subject: equipment_id or item_id where it is about one."""

POLICY = "policy"
"""The organisation's rules; its first state has its name."""

OPENING = "opening"
"""Opening days; its first state has its name. Subject: place, where it is about one."""

ORGANIZATIONS = "organizations"
"""Whole organisations; its first state has its name."""
