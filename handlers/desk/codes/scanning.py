"""Scanned things: opens the card that fits the person and the item's current rental."""

from collections.abc import Sequence

from db.models import Item
from db.states import Role
from handlers.desk import item_card
from handlers.desk.codes import found, giving
from handlers.desk.counter import hand_out_now
from handlers.inventory import browse
from handlers.rentals.booking import conversation
from handlers.rentals.booking.buttons import turn_where_member
from handlers.ui import cards
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.desk import lookup
from services.inventory import catalog, listing
from services.rentals.booking import baskets


def scan(step: Request, token: str) -> None:
    """Open the item whose label was scanned; somebody outside its organization reads whose it is.

    Raises NOT_FOUND for an unknown label, and as `open_item` does; strangers with one are greeted.
    """
    organization_id = lookup.organization_of_label(step.tx, token)
    if organization_id is not None:
        turn_where_member(step, organization_id)
        if found.show(step, token, organization_id):
            return
    try:
        actor = step.actor()
    except Refusal as refusal:
        if refusal.code is not Refused.NOT_A_MEMBER:
            raise
        step.say("hello", name=step.sender.first_name)
        return
    open_item(step, actor, catalog.item_by_label(step.by(actor), token))


def open_item(step: Request, actor: Actor, item: Item, unknown: Sequence[str] = ()) -> None:
    """Open an item: the actor's own rental, a lender's card of it, else the item to rent.

    Admins see an item that is not lendable in the inventory, others a refusal. A lender who is asked which
    thing a code is for answers with it; while they hand something out, they read which codes beside it are
    unknown. Raises ITEM_NOT_LENDABLE, MEMBERSHIP_ENDED, SUSPENDED.
    """
    if giving.take_item(step, actor, item):
        return
    use = lookup.current_use(step.tx, item.id)
    if use is not None and use[1].user_id == actor.user_id:
        cards.draw_own(step, use[1], item)
    elif not actor.has_role(Role.LENDER):
        _rent(step, actor, item)
    elif _is_for_the_inventory(step, actor, item):
        browse.begin_at(step, item)
    elif not hand_out_now.join(step, item, unknown):
        item_card.show(step, item)


def open_items(
    step: Request,
    actor: Actor,
    items: Sequence[Item],
    unknown: Sequence[str] = (),
    foreign: Sequence[str] = (),
) -> None:
    """Open several items, for a lender on one card, which says what else was on the picture; members are
    asked for one at a time. `foreign`: whose the things of other clubs are.
    """
    is_lender = actor.has_role(Role.LENDER)
    if len(items) == 1 and not (foreign and is_lender):
        open_item(step, actor, items[0], unknown)
    elif is_lender:
        hand_out_now.begin_with(step, actor, items, unknown, foreign)
    else:
        step.say("one_at_a_time")


def _is_for_the_inventory(step: Request, actor: Actor, item: Item) -> bool:
    """Return whether an admin holds an item that is not lent, and with nobody."""
    is_lent = listing.is_lent(step.session, item)
    if is_lent or not actor.has_role(Role.ADMIN):
        return False
    use = lookup.at_hand(step.by(actor), item)
    return use.today is None and not use.instead


def _rent(step: Request, actor: Actor, item: Item) -> None:
    actor.require_active()
    baskets.require_lendable(step.session, item)
    conversation.begin_with(step, item.equipment_id, item.id)
