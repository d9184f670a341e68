"""Every conversation by the name its rows carry."""

from handlers.conversation import Conversation
from handlers.extending import EXTEND
from handlers.inventory.blocking import BLOCKING
from handlers.joining import JOIN
from handlers.rent import RENT
from handlers.small_talks import TALKS

ALL: dict[str, Conversation] = {c.name: c for c in (RENT, JOIN, EXTEND, BLOCKING, *TALKS)}
