"""Permission for the cards of managing an organization, in the card's organization."""

from db.models import Conversation as Row
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.ui.request import Request
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal
from services.core.tx import Tx


def reader(step: Request, row: Row) -> Actor:
    """Return the person, if they may look: an ADMIN. Raises NOT_ALLOWED, CLOSED, NOT_A_MEMBER."""
    actor = identity.resolve(step.tx, account_id=step.sender.account_id, organization_id=row.organization_id)
    actor.require(Role.ADMIN)
    return actor


def leader(step: Request, row: Row) -> Actor:
    """Return the person, if they may change what the card shows: a LEADER. Raises as `reader` does."""
    actor = reader(step, row)
    actor.require(Role.LEADER)
    return actor


def may_change(tx: Tx, row: Row, t: Texts) -> bool:
    """Return whether the card has buttons to change things, for its owner."""
    try:
        actor = identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)
    except Refusal:
        return False
    return actor.has_role(Role.LEADER)
