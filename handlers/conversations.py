"""Every conversation by the name its rows carry."""

from handlers.admitting import TURN_AWAY
from handlers.conversation import Conversation
from handlers.extending import EXTEND
from handlers.inventory import inventory
from handlers.inventory.blocking import BLOCKING
from handlers.joining import JOIN
from handlers.members import MEMBERS
from handlers.rent import RENT
from handlers.small_talks import TALKS

_OTHERS = (RENT, JOIN, EXTEND, BLOCKING, MEMBERS, TURN_AWAY, *TALKS)
_INVENTORY = inventory.conversation(frozenset(c.name for c in _OTHERS))

ALL: dict[str, Conversation] = {c.name: c for c in (*_OTHERS, _INVENTORY)}
