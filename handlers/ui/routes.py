"""Where the conversations about the inventory lead to each other, by name.

Each is a module of its own, and none imports another: `conversation.become(row, NAME, STATE, ...)` goes
there, with what that state reads from `row.data`, on the same card.
"""

INVENTORY = "inventory"
"""`/inventory`: searching, the cards of equipment and items, and what is changed on them."""

LIST = "list"
"""data: words, page."""

EQUIPMENT = "equipment"
"""data: equipment_id."""

ITEM = "item"
"""data: item_id."""

BLOCK = "block"
"""Taking items out of lending for a while."""

PIECES = "pieces"
"""Which and how many of them; data: equipment_id, and item_id where it is one already."""

BLOCKS = "blocks"
"""What is blocked now or will be; data: equipment_id, or nothing for all of it."""

PROBLEM = "problem"
"""What is wrong with a thing."""

ASK = "ask"
"""Its first state for one item; data: item_id, lender."""

RULES = "rules"
"""What holds for one equipment and not for the others; data: equipment_id. Its first state has its name."""

KITS = "kits"
"""Equipment rented together; its first state has its name."""

PLACES = "places"
"""Locations; its first state has its name."""

TAGS = "tags"
"""Tags; its first state has its name."""

FIELDS = "fields"
"""The organisation's own fields; its first state has its name."""

LABELS = "labels"
"""Printing labels; its first state has its name. data: equipment_id or item_id where it is about one."""

POLICY = "policy"
"""The organisation's rules; its first state has its name."""

OPENING = "opening"
"""Opening days; its first state has its name. data: place, where it is about one."""

ORGANIZATIONS = "organizations"
"""Whole organisations; its first state has its name."""
