"""Cards of members that are scanned: whose they are is for lenders of their organization alone."""

from db.models import User
from db.states import Role
from handlers.desk.counter import hand_out_now
from handlers.rentals.booking import on_behalf
from handlers.rentals.booking.buttons import turn_where_member
from handlers.ui.request import Request
from services.access import member_cards
from services.core.actor import Actor
from services.core.errors import Refusal


def scan(step: Request, token: str) -> None:
    """Take the member of a card where one is asked for, else open what they have.

    Anybody else reads the same, whether the card leads to somebody or not. Raises SUSPENDED,
    MEMBERSHIP_ENDED.
    """
    user = member_cards.member_of(step.tx, token)
    actor = _lender(step, user)
    if actor is None:
        step.say("somebodys_card")
    elif user is None or user.organization_id != actor.organization_id:
        step.say("card_unknown")
    elif not on_behalf.take(step, user.id):
        hand_out_now.begin_for(step, actor, user.id)


def _lender(step: Request, user: User | None) -> Actor | None:
    """Return who scanned, as a lender of the member's organization; None for anybody else."""
    if user is not None:
        turn_where_member(step, user.organization_id)
    try:
        actor = step.actor()
    except Refusal:
        return None
    return actor if actor.has_role(Role.LENDER) else None
