"""The buttons of check-out and check-in, for a whole rental or one item."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import OutboxMessage, Rental
from db.states import Role
from handlers.desk import put_away
from handlers.desk import return_views as views
from handlers.i18n.texts import Texts
from handlers.rentals.pieces import piece_picker
from handlers.ui import cards
from handlers.ui.callbacks import Tap, Verb, only
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkin, checkout, lookup, swaps
from services.messaging import notifications
from services.rentals import queries


def _member_sees(step: Request, rental: Rental) -> None:
    """Send the member's card after a tap on a reminder, for the next actions."""
    if not step.place.is_group and cards.card_here(step) is None:
        notifications.update_member_card(step.tx, rental, notify=True)


def _lender_sees(step: Request, actor: Actor, rental: Rental) -> None:
    """Send the desk's card after a tap on a reminder, or the member's card for their own rental."""
    if rental.user_id == actor.user_id:
        _member_sees(step, rental)
    elif not step.place.is_group and cards.card_here(step) is None:
        cards.draw_here(step, rental, notifications.DESK_CARD)


def _at_desk(step: Request, rental_id: int) -> tuple[Actor, Rental]:
    """Return the actor and the rental. Raises NOT_ALLOWED in the group for members who are no lenders."""
    actor, rental = step.actor_about(rental_id)
    if step.place.is_group and rental.user_id != actor.user_id:
        actor.require(Role.LENDER)
    return actor, rental


def hand_out(step: Request, tap: Tap) -> Markup | None:
    actor, rental = _at_desk(step, tap.id)
    checkout.hand_out(step.by(actor), tap.id, only=only(tap))
    _lender_sees(step, actor, rental)
    piece_picker.stay(step, rental, tap, Verb.SOME_OUT)
    return step.texts("Have fun!") if tap.verb is Verb.PICK_UP else step.texts("Handed out.")


def swap_for(step: Request, tap: Tap) -> Markup | None:
    claim = lookup.claim(step.tx, tap.id)
    item = only(tap)
    if item is None:
        raise Refusal(Refused.NOT_FOUND)
    actor, _ = step.actor_about(claim.rental_id or 0)
    swaps.swap(step.by(actor), tap.id, item[0])
    return step.texts("Swapped.")


def give_back(step: Request, tap: Tap) -> Markup | None:
    actor, rental = step.actor_about(tap.id)
    stays = piece_picker.is_list(step)
    checkin.give_back(step.by(actor), tap.id, only=only(tap))
    _member_sees(step, rental)
    put_away.ask_member(step, actor, rental)
    if stays:
        piece_picker.stay(step, rental, tap, Verb.SOME_BACK)
    return step.texts("Thank you!")


def confirm_return(step: Request, tap: Tap) -> Markup | None:
    actor, rental = _at_desk(step, tap.id)
    checkin.confirm_return(step.by(actor), tap.id)
    put_away.ask(step, rental)
    return step.texts("Confirmed.")


def not_back(step: Request, tap: Tap) -> Markup | None:
    actor, _ = _at_desk(step, tap.id)
    checkin.contradict_return(step.by(actor), tap.id)
    return step.texts("The member is told.")


def contradicted(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Render the message to the member that a lender did not find what they returned."""
    params = rows[0].params
    v = queries.view(tx, queries.rental(tx, params["rental_id"]))
    pieces = [piece for piece in v.with_member if piece.claim_id in params["claims"]]
    return views.contradicted(t, v, params["by"], pieces) if pieces else None


def take_back(step: Request, tap: Tap) -> Markup | None:
    actor, rental = _at_desk(step, tap.id)
    checkin.take_back(step.by(actor), tap.id, only=only(tap))
    put_away.ask(step, rental)
    _lender_sees(step, actor, rental)
    piece_picker.stay(step, rental, tap, Verb.SOME_BACK)
    return step.texts("Taken back.")
