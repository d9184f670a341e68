"""Data of the inventory's conversations."""

from db.states import Condition
from handlers.ui.conversation import ConversationData
from handlers.ui.routes import Subject


class InventoryData(Subject):
    """`/inventory`: the search, the open thing, and the edit in progress.

    `version` is the one shown. `giving_up` are the rentals that lose something if `condition` is set, or the
    thing retired. `new`, `photo`, `type`, `place` and `code` describe what is being added.
    """

    page: int = 0
    retired: bool = False
    about: str = ""
    items_page: int = 0
    version: int = 0
    note: str = ""
    condition: Condition | None = None
    giving_up: tuple[int, ...] = ()
    new: str = ""
    photo: str = ""
    type: str = ""
    place: int | None = None
    code: str = ""
    field: str = ""
    label: str | None = None
    fields_page: int = 0
    choices_page: int = 0


class KitData(ConversationData):
    """`id` and `seen`: the kit, and its version as it was shown.

    `equipment_id`: the part that is asked about.
    """

    words: str = ""
    page: int = 0
    id: int = 0
    seen: int = 0
    part_words: str = ""
    part_page: int = 0
    equipment_id: int = 0


class ListData(ConversationData):
    """Locations, tags, custom fields: the search, and the open entry; `describes`: the kind of the fields.

    `other…`: the place to be merged into this one, and the search for it.
    """

    words: str = ""
    page: int = 0
    id: int = 0
    describes: str = ""
    other: int = 0
    other_words: str = ""
    other_page: int = 0


class RulesData(Subject):
    """Rules of one equipment: the rule that is edited, and the equipment's version as it was shown."""

    rule: str = ""
    seen: int = 0
