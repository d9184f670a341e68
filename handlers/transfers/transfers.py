"""Transfers: the buttons of giver and next member, and the messages to them."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import OutboxMessage
from db.states import RentalStatus
from handlers.i18n.texts import Texts
from handlers.maintenance import problem_report
from handlers.transfers import views
from handlers.ui.callbacks import Tap, number
from handlers.ui.cards import card_here, subject_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import transfer
from services.messaging import notifications
from services.transfers import candidates, offers


def offer(step: Request, tap: Tap) -> Markup | None:
    """Offer items to the next member; the tapped card shows the offer."""
    actor, rental = step.actor_about(tap.id)
    to_rental, dot, claim = tap.arg.partition(".")
    to_id, claim_id = number(to_rental), number(claim)
    if to_id is None or (dot and claim_id is None):
        raise Refusal(Refused.OUTDATED)
    only = None if claim_id is None else [claim_id]
    transfer.offer(step.by(actor), tap.id, to_id, only=only)
    if card_here(step) is None:
        # Tapped on a reminder: send the card too, on which the offer can be withdrawn.
        notifications.update_member_card(step.tx, rental, notify=True)
    return step.texts("Asked.")


def some(step: Request, tap: Tap) -> Message:
    """Show the list of items to choose from in place of the card."""
    actor, rental = step.actor_about(tap.id)
    if rental.user_id != actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    to_id = number(tap.arg)
    for one in candidates.find(step.tx, rental):
        if one.rental_id == to_id:
            return views.which(step.texts, rental.id, one)
    raise Refusal(Refused.NOBODY_NEXT)


def _actor(step: Request, hand_over_id: int) -> Actor:
    organization_id = offers.organization_of(step.tx, hand_over_id)
    if organization_id is None:
        raise Refusal(Refused.NOT_FOUND)
    return step.actor_in(organization_id)


def take_offer_back(step: Request, tap: Tap) -> Markup | None:
    transfer.withdraw(step.by(_actor(step, tap.id)), tap.id)
    return step.texts("Taken back.")


def accept(step: Request, tap: Tap) -> Markup | None:
    transfer.accept(step.by(_actor(step, tap.id)), tap.id)
    return step.texts("Have fun!")


def accept_with_problem(step: Request, tap: Tap) -> Markup | None:
    """Accept the items and ask for the problem at once."""
    actor = _actor(step, tap.id)
    rental = transfer.accept(step.by(actor), tap.id)
    claims = offers.taken(step.session, offers.find(step.by(actor), tap.id))
    problem_report.begin(step, rental.id, claims[0] if len(claims) == 1 else None)
    return None


def decline(step: Request, tap: Tap) -> Markup | None:
    transfer.decline(step.by(_actor(step, tap.id)), tap.id)
    return step.texts("Thank you!")


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Render the question to the next member, or its outcome."""
    subject = subject_of(tx, rows[0])
    organization_id = offers.organization_of(tx, subject)
    if organization_id is None:
        # Its piece was removed from the next rental.
        return None
    found = offers.find(tx.of(organization_id), subject)
    giver = identity.names(tx.session, [found.from_rental.user_id])[found.from_rental.user_id]
    return views.question(
        t,
        giver,
        found.to_rental.id,
        found.to_rental.number or 0,
        offers.things(tx.session, found),
        found.id,
        taken=offers.taken(tx.session, found),
        is_off=found.to_rental.status in (RentalStatus.CANCELLED, RentalStatus.EXPIRED),
    )


def off(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Render the message to the giver that the next member does not take over the items any more."""
    taker_id, things = rows[0].params["taker_id"], rows[0].params["things"]
    return views.off(t, identity.names(tx.session, [taker_id])[taker_id], things)


def declined(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Render the message to the giver that the next member did not receive the items."""
    hand_over_id = rows[0].params["hand_over_id"]
    found = offers.find(tx.of(rows[0].organization_id or 0), hand_over_id)
    taker = identity.names(tx.session, [found.to_rental.user_id])[found.to_rental.user_id]
    return views.declined(t, taker, offers.things(tx.session, found))
