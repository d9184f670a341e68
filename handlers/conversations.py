"""Every conversation by the name its rows carry."""

from handlers.exports.conversation import EXPORT
from handlers.inventory import conversation
from handlers.inventory.custom_fields import FIELDS
from handlers.inventory.equipment_policy import RULES
from handlers.inventory.kits import KITS
from handlers.inventory.locations import PLACES
from handlers.inventory.tags import TAGS
from handlers.labels.conversation import LABELS
from handlers.maintenance.blocks import BLOCKING
from handlers.maintenance.problem_report import TALK as PROBLEM
from handlers.members.directory import MEMBERS
from handlers.members.me import ABOUT_ME
from handlers.onboarding.join_requests import TURN_AWAY
from handlers.onboarding.joining import JOIN
from handlers.organizations.opening_hours import OPENING
from handlers.organizations.organizations import ORGANIZATIONS
from handlers.organizations.policy import POLICY
from handlers.rentals.approval import TALKS
from handlers.rentals.booking.conversation import RENT
from handlers.rentals.extension import EXTEND
from handlers.reports.audit_log import AUDITING
from handlers.ui.conversation import Conversation

_OTHERS = (
    *(RENT, JOIN, EXTEND, EXPORT, MEMBERS, TURN_AWAY, ABOUT_ME, PROBLEM, AUDITING, *TALKS),
    *(BLOCKING, KITS, PLACES, TAGS, FIELDS, RULES, LABELS),
    *(POLICY, OPENING, ORGANIZATIONS),
)
_INVENTORY = conversation.conversation(frozenset(c.name for c in _OTHERS))

ALL: dict[str, Conversation] = {c.name: c for c in (*_OTHERS, _INVENTORY)}
