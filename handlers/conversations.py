"""Every conversation by the name its rows carry."""

from handlers.admitting import TURN_AWAY
from handlers.auditing import AUDITING
from handlers.conversation import Conversation
from handlers.exporting import EXPORT
from handlers.extending import EXTEND
from handlers.inventory import inventory
from handlers.inventory.blocking import BLOCKING
from handlers.inventory.fields import FIELDS
from handlers.inventory.kits import KITS
from handlers.inventory.labels import LABELS
from handlers.inventory.places import PLACES
from handlers.inventory.rules import RULES
from handlers.inventory.tags import TAGS
from handlers.joining import JOIN
from handlers.me import ABOUT_ME
from handlers.members import MEMBERS
from handlers.problems import TALK as PROBLEM
from handlers.rent import RENT
from handlers.running.house_rules import POLICY
from handlers.running.opening_days import OPENING
from handlers.running.organizations import ORGANIZATIONS
from handlers.small_talks import TALKS

_OTHERS = (
    *(RENT, JOIN, EXTEND, EXPORT, MEMBERS, TURN_AWAY, ABOUT_ME, PROBLEM, AUDITING, *TALKS),
    *(BLOCKING, KITS, PLACES, TAGS, FIELDS, RULES, LABELS),
    *(POLICY, OPENING, ORGANIZATIONS),
)
_INVENTORY = inventory.conversation(frozenset(c.name for c in _OTHERS))

ALL: dict[str, Conversation] = {c.name: c for c in (*_OTHERS, _INVENTORY)}
