"""Buttons elsewhere that lead to renting something."""

from markupsafe import Markup

from handlers.rentals.booking import conversation
from handlers.rentals.requests.asking_again import OTHER_DAYS
from handlers.ui.callbacks import Tap, only
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.inventory import catalog
from services.members import accounts


def rent(step: Request, tap: Tap) -> Markup | None:
    item = only(tap)
    equipment = catalog.find(step.tx, tap.id)
    if equipment is not None:
        turn_where_member(step, equipment.organization_id)
    conversation.begin_with(step, tap.id, item[0] if item else None, tapped=True)
    return None


def turn_where_member(step: Request, organization_id: int) -> None:
    """Act in this organization, if the person is a member of it."""
    if accounts.is_linked(step.session, step.sender.account_id, organization_id):
        step.turn_to(organization_id)


def rent_instead(step: Request, tap: Tap) -> Markup | None:
    actor, rental = step.actor_about(tap.id)
    equipment = only(tap)
    if rental.user_id != actor.user_id or equipment is None:
        raise Refusal(Refused.NOT_FOUND)
    step.turn_to(rental.organization_id)
    conversation.begin_instead(step, rental, equipment[0])
    return None


def ask_again(step: Request, tap: Tap) -> Markup | None:
    """Begin with the things and the days of a rental that came to nothing, or with the things alone."""
    actor, rental = step.actor_about(tap.id)
    if rental.user_id != actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    step.turn_to(rental.organization_id)
    conversation.begin_again(step, rental, with_days=tap.arg != OTHER_DAYS)
    return None
