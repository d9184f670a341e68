"""Every conversation by the name its rows carry."""

from handlers.conversation import Conversation
from handlers.extending import EXTEND
from handlers.inventory.blocking import BLOCKING
from handlers.inventory.fields import FIELDS
from handlers.inventory.kits import KITS
from handlers.inventory.places import PLACES
from handlers.inventory.rules import RULES
from handlers.inventory.tags import TAGS
from handlers.joining import JOIN
from handlers.rent import RENT
from handlers.small_talks import TALKS

_INVENTORY = (BLOCKING, KITS, PLACES, TAGS, FIELDS, RULES)

ALL: dict[str, Conversation] = {c.name: c for c in (RENT, JOIN, EXTEND, *TALKS, *_INVENTORY)}
