"""Approving, declining and canceling: rentals and extensions, by the buttons on a rental's card."""

from markupsafe import Markup

from db.models import Conversation as Row
from handlers.i18n.texts import Texts
from handlers.rentals import extension as rentals_extension
from handlers.rentals.card_views import usual_reasons
from handlers.ui import cards, conversation
from handlers.ui.callbacks import Tap, Verb, number, pack
from handlers.ui.conversation import AboutRental
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from handlers.ui.widgets.reason import ASK, Decline
from services.core.actor import Actor
from services.core.tx import Tx
from services.rentals import approval, extension, queries


def approve(step: Request, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    approval.approve(step.by(actor), tap.id, revision=number(tap.arg or "0"))
    return step.texts("Approved.")


def decline(step: Request, tap: Tap) -> Markup | None:
    begin_decline(step, tap.id)
    return None


def extend(step: Request, tap: Tap) -> Markup | None:
    rentals_extension.begin(step, tap.id)
    return None


def _extension_actor(step: Request, extension_id: int) -> Actor:
    return step.actor_about(extension.rental_id_of(step.tx, extension_id))[0]


def grant(step: Request, tap: Tap) -> Markup | None:
    rental = extension.grant(step.by(_extension_actor(step, tap.id)), tap.id)
    t = step.texts
    # What was out until further notice was not extended: it got a date.
    return t("It is due {moment} now.", moment=t.moment(rental.due_at)) if rental.due_at else None


def refuse(step: Request, tap: Tap) -> Markup | None:
    extension.decline(step.by(_extension_actor(step, tap.id)), tap.id)
    return step.texts("Declined.")


def ask_to_cancel(step: Request, tap: Tap) -> Message:
    """Ask for confirmation in the place of the card, as the lists of pieces do."""
    actor, rental = step.actor_about(tap.id)
    approval.require_cancellable(step.by(actor), tap.id)
    return surely(step.texts, tap.id, rental.number or 0, card=cards.card_here(step) is not None)


def surely(t: Texts, rental_id: int, number: int, *, card: bool) -> Message:
    """Ask for confirmation, in the place of the card (No leads back to it) or as a message of its own."""
    keep = Verb.RENTAL_CARD if card else Verb.SHOW_RENTAL
    return Message(
        t("Cancel rental {id}?", id=number),
        (
            (Button(str(t("Yes, cancel it")), pack(Verb.CANCEL_SURELY, rental_id)),),
            # Where Cancel was.
            (Button(str(t("No, keep it")), pack(keep, rental_id)),),
        ),
    )


def cancel(step: Request, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    approval.cancel(step.by(actor), tap.id)
    return step.texts("Cancelled.")


DECLINE = "decline"


# The reason for declining


def begin_decline(step: Request, rental_id: int) -> None:
    """Ask for a reason, if this person may decline the rental at all. Raises as `approval.decline`."""
    actor, rental = step.actor_about(rental_id)
    approval.require_open(step.by(actor), rental)
    row = conversation.start(
        step, DECLINE, ASK, AboutRental(rental_id=rental_id), organization_id=actor.organization_id
    )
    conversation.render(step, row)


def _question(tx: Tx, row: Row, t: Texts) -> Markup:
    return t(
        "<b>Why is rental {id} declined?</b>", id=queries.rental(tx, AboutRental.of(row).rental_id).number
    )


def _hint(t: Texts, by_reply: bool) -> Markup:
    if by_reply:
        return t("Tap a reason, or reply to this message with your own.")
    return t("Tap a reason, or write your own.")


def _decliner(step: Request, row: Row) -> Actor:
    return step.actor_about(AboutRental.of(row).rental_id)[0]


def _decline(step: Request, row: Row, actor: Actor, reason: str) -> None:
    approval.decline(step.by(actor), AboutRental.of(row).rental_id, reason=reason)


def _is_open(tx: Tx, row: Row) -> bool:
    return approval.is_open(tx, AboutRental.of(row).rental_id)


TALK = Decline(DECLINE, _question, _hint, _decliner, _decline, _is_open, usual_reasons).conversation()
