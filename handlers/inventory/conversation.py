"""The conversation behind `/inventory`, put together from what it shows, changes and adds."""

from handlers.inventory import add, browse, edit
from handlers.inventory.screens import Others
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation
from handlers.ui.routes import INVENTORY


def conversation(others: Others) -> Conversation:
    """`others`: the conversations that its buttons may lead to."""
    return Conversation(
        INVENTORY,
        {**browse.states(others), **edit.STATES, **add.STATES},
        {**CANCEL, **browse.MOVES, **edit.MOVES, **add.MOVES},
        SAVED_STAYS,
    )
