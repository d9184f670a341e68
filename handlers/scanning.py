"""A label was scanned: what fits the person, and where the thing is now."""

from datetime import timedelta

from sqlalchemy import select

from db.models import Claim, Item, Rental
from db.states import ClaimStatus, Condition, Role
from handlers import in_hand, pieces, rent, taps
from handlers.inventory import browse
from handlers.step import Step
from services import baskets, catalogue, handovers, inventory, notices, periods
from services.errors import Refusal, Refused
from services.people import Actor


def scan(step: Step, token: str) -> None:
    """One's own rental; for a lender the thing that goes out or comes back; else the thing, to be rented.

    What is not lent is shown to those who keep it, and is a sentence for the others.

    Whoever is no member is greeted. Raises NOT_FOUND, also for another organisation's label,
    ITEM_NOT_LENDABLE, MEMBERSHIP_ENDED.
    """
    scanned = step.session.scalar(select(Item).filter_by(label_token=token))
    if scanned is not None:
        taps.turn_where_member(step, scanned.organization_id)
    try:
        actor = step.actor()
    except Refusal as refusal:
        if refusal.code is not Refused.NOT_A_MEMBER:
            raise
        step.say("hello", name=step.sender.first_name)
        return
    item = catalogue.item_by_label(step.session, actor.organization_id, token)
    claim = handovers.current_claim(step.session, item.id, step.now)
    rental = step.session.get(Rental, claim.rental_id) if claim is not None and claim.rental_id else None
    if claim is not None and rental is not None:
        if rental.user_id == actor.user_id:
            pieces.draw_here(step, rental, notices.RENTAL_CARD)
            return
        if actor.may(Role.LENDER) and in_hand.is_for_the_desk(claim, rental, step.texts):
            in_hand.show(step, item)
            return
        if actor.may(Role.LENDER) and _is_for_the_desk(step, claim):
            pieces.draw_here(step, rental, notices.DESK_CARD)
            return
    _rent(step, actor, item)


def _is_for_the_desk(step: Step, claim: Claim) -> bool:
    """It is out, or goes out today: what somebody has booked for later concerns nobody who scans it now."""
    t = step.texts
    tonight = periods.start_of_day(t.today + timedelta(days=1), t.zone)
    return claim.status is ClaimStatus.OUT or claim.starts_at < tonight


def _rent(step: Step, actor: Actor, item: Item) -> None:
    actor.require_active()
    if actor.may(Role.ADMIN) and not inventory.is_lent(step.session, item):
        browse.begin_at(step, item)
        return
    if actor.may(Role.LENDER) and item.condition is Condition.LOST:
        in_hand.show(step, item)
        return
    baskets.require_lendable(step.session, item)
    rent.begin_with(step, item.equipment_id, item.id)
