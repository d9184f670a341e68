"""Who looks at a card of running an organisation: in the organisation that the card is about."""

from db.models import Conversation as Row
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.ui.request import Step
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal
from services.core.tx import Tx


def reader(step: Step, row: Row) -> Actor:
    """Whoever taps or writes, if they may look: an ADMIN. Raises NOT_ALLOWED, CLOSED, NOT_A_MEMBER."""
    actor = identity.resolve(step.tx, account_id=step.sender.account_id, organization_id=row.organization_id)
    actor.require(Role.ADMIN)
    return actor


def leader(step: Step, row: Row) -> Actor:
    """The same, if they may change what they see."""
    actor = reader(step, row)
    actor.require(Role.LEADER)
    return actor


def may_change(tx: Tx, row: Row, t: Texts) -> bool:
    """Whether the card has buttons to change things, for whoever it is drawn for."""
    try:
        actor = identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)
    except Refusal:
        return False
    return actor.has_role(Role.LEADER)
