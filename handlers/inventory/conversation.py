"""The conversation behind `/inventory`, assembled from its browsing, editing and adding states."""

from handlers.inventory import add, browse, edit
from handlers.inventory.screens import FROM_EQUIPMENT, FROM_ITEM, FROM_LIST, Others
from handlers.ui import routes
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation


def conversation(others: Others) -> Conversation:
    """Return the conversation; `others` are the conversations that its buttons may lead to."""
    return Conversation(
        routes.INVENTORY,
        {**browse.states(others), **edit.STATES, **add.STATES},
        {**CANCEL, **browse.MOVES, **edit.MOVES, **add.MOVES},
        SAVED_STAYS,
    )


LEADS_TO: Others = frozenset({*FROM_LIST, *FROM_EQUIPMENT, *FROM_ITEM})
INVENTORY = conversation(LEADS_TO)
