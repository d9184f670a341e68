"""The conversation behind `/inventory`, put together from what it shows, changes and adds."""

from handlers.inventory import add, browse, edit
from handlers.inventory.screens import FROM_EQUIPMENT, FROM_ITEM, FROM_LIST
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation
from handlers.ui.routes import INVENTORY as NAME

_OTHERS = frozenset({*FROM_LIST, *FROM_EQUIPMENT, *FROM_ITEM})
"""The conversations that its buttons lead to."""

INVENTORY = Conversation(
    NAME,
    {**browse.states(_OTHERS), **edit.STATES, **add.STATES},
    {**CANCEL, **browse.MOVES, **edit.MOVES, **add.MOVES},
    SAVED_STAYS,
)
