"""A label was scanned: what fits the person, and where the thing is now."""

from sqlalchemy import select

from db.models import Item, Rental
from db.states import Condition, Role
from handlers.desk import item_card
from handlers.inventory import browse
from handlers.rentals.booking import conversation
from handlers.rentals.booking.buttons import turn_where_member
from handlers.ui import cards
from handlers.ui.request import Step
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.desk import checkout
from services.inventory import catalog, listing
from services.messaging import notifications
from services.rentals import baskets


def scan(step: Step, token: str) -> None:
    """One's own rental; for a lender the thing that goes out or comes back; else the thing, to be rented.

    What is not lent is shown to those who keep it, and is a sentence for the others.

    Whoever is no member is greeted. Raises NOT_FOUND, also for another organisation's label,
    ITEM_NOT_LENDABLE, MEMBERSHIP_ENDED.
    """
    scanned = step.session.scalar(select(Item).filter_by(label_token=token))
    if scanned is not None:
        turn_where_member(step, scanned.organization_id)
    try:
        actor = step.actor()
    except Refusal as refusal:
        if refusal.code is not Refused.NOT_A_MEMBER:
            raise
        step.say("hello", name=step.sender.first_name)
        return
    item = catalog.item_by_label(step.by(actor), token)
    claim = checkout.current_claim(step.tx, item.id)
    rental = step.session.get(Rental, claim.rental_id) if claim is not None and claim.rental_id else None
    if claim is not None and rental is not None:
        if rental.user_id == actor.user_id:
            cards.draw_here(step, rental, notifications.RENTAL_CARD)
            return
        if actor.has_role(Role.LENDER) and item_card.is_for_the_desk(claim, rental, step.texts):
            item_card.show(step, item)
            return
    _rent(step, actor, item)


def _rent(step: Step, actor: Actor, item: Item) -> None:
    actor.require_active()
    if actor.has_role(Role.ADMIN) and not listing.is_lent(step.session, item):
        browse.begin_at(step, item)
        return
    if actor.has_role(Role.LENDER) and item.condition is Condition.LOST:
        item_card.show(step, item)
        return
    baskets.require_lendable(step.session, item)
    conversation.begin_with(step, item.equipment_id, item.id)
