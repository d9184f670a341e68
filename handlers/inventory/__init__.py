"""The inventory as admins keep it in the chat."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.inventory import browse
from handlers.inventory.conversation import INVENTORY
from handlers.inventory.custom_fields import FIELDS
from handlers.inventory.equipment_policy import RULES
from handlers.inventory.kits import KITS
from handlers.inventory.lists.locations import PLACES
from handlers.inventory.lists.tags import TAGS
from handlers.ui.registry import Command, Feature, Where
from services.access import rights

FEATURE = Feature(
    commands=(
        Command("inventory", N_("Manage the equipment"), Where.PRIVATE, Role.ADMIN, True, browse.begin),
    ),
    conversations=tuple(
        (one, rights.KEEP_INVENTORY) for one in (INVENTORY, KITS, PLACES, TAGS, FIELDS, RULES)
    ),
)
