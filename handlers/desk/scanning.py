"""Scanned labels: opens the card that fits the person and the item's current rental."""

from db.models import Item
from db.states import Role
from handlers.desk import hand_out_now, item_card
from handlers.inventory import browse
from handlers.rentals.booking import conversation
from handlers.rentals.booking.buttons import turn_where_member
from handlers.ui import cards
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.desk import lookup
from services.inventory import catalog, listing
from services.messaging import notifications
from services.rentals import baskets


def scan(step: Request, token: str) -> None:
    """Open a scanned item: the actor's own rental, a lender's card of it, else the item to rent.

    Admins see an item that is not lendable in the inventory, others a refusal; strangers are greeted. Raises
    NOT_FOUND, also for another organization's label, ITEM_NOT_LENDABLE, MEMBERSHIP_ENDED.
    """
    organization_id = lookup.organization_of_label(step.tx, token)
    if organization_id is not None:
        turn_where_member(step, organization_id)
    try:
        actor = step.actor()
    except Refusal as refusal:
        if refusal.code is not Refused.NOT_A_MEMBER:
            raise
        step.say("hello", name=step.sender.first_name)
        return
    open_item(step, actor, catalog.item_by_label(step.by(actor), token))


def open_item(step: Request, actor: Actor, item: Item) -> None:
    """Open an item that the actor has at hand. Raises ITEM_NOT_LENDABLE, MEMBERSHIP_ENDED, SUSPENDED."""
    use = lookup.current_use(step.tx, item.id)
    if use is not None and use[1].user_id == actor.user_id:
        cards.draw_here(step, use[1], notifications.RENTAL_CARD)
    elif not actor.has_role(Role.LENDER):
        _rent(step, actor, item)
    elif _is_for_the_inventory(step, actor, item):
        browse.begin_at(step, item)
    elif not hand_out_now.join(step, item):
        item_card.show(step, item)


def _is_for_the_inventory(step: Request, actor: Actor, item: Item) -> bool:
    """Return whether an admin holds an item that is not lent, and with nobody."""
    is_lent = listing.is_lent(step.session, item)
    if is_lent or not actor.has_role(Role.ADMIN):
        return False
    found = lookup.at_hand(step.by(actor), item)
    return found.today is None and not found.instead


def _rent(step: Request, actor: Actor, item: Item) -> None:
    actor.require_active()
    baskets.require_lendable(step.session, item)
    conversation.begin_with(step, item.equipment_id, item.id)
