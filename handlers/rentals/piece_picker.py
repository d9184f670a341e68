"""Choosing one piece of a rental: lists that take the place of its card for a moment. They change nothing."""

from db.states import ClaimStatus, Role
from handlers.rentals import piece_picker_views as views
from handlers.rentals.piece_picker_views import Turn
from handlers.ui.callbacks import Tap, Verb
from handlers.ui.cards import card_here
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core import state_machine
from services.desk import swaps
from services.messaging import notifications
from services.rentals import queries, request
from services.rentals.queries import Piece, RentalView


def _view(step: Request, rental_id: int) -> RentalView:
    """Return one's own rental, or any for a LENDER. Raises NOT_FOUND; in a group NOT_ALLOWED."""
    actor, rental = step.actor_about(rental_id)
    if step.place.is_group and rental.user_id != actor.user_id:
        actor.require(Role.LENDER)
    return queries.view(step.tx, request.get(step.by(actor), rental_id))


def _some(step: Request, v: RentalView, pieces: list[Piece]) -> list[Piece]:
    """Return the pieces to choose from. Raises ALREADY where there are none: the card is outdated."""
    if not pieces:
        raise state_machine.already(step.session, queries.rental(step.tx, v.id))
    return pieces


def some_out(step: Request, tap: Tap) -> Message:
    v = _view(step, tap.id)
    verb = Verb.HAND_OUT if _is_desk(step) else Verb.PICK_UP
    heading = step.texts("Which one goes out?")
    pieces = _some(step, v, v.of(ClaimStatus.HELD))
    return views.pieces_list(step.texts, v, heading, verb, pieces, turn_of(tap))


def turn_of(tap: Tap) -> Turn:
    page = int(tap.arg) if tap.arg.isascii() and tap.arg.isdigit() and len(tap.arg) < 6 else 0
    return Turn(tap.verb, tap.id, page)


def _is_desk(step: Request) -> bool:
    card = card_here(step)
    return step.place.is_group or (card is not None and card.kind == notifications.DESK_CARD)


def some_back(step: Request, tap: Tap) -> Message:
    v = _view(step, tap.id)
    desk = _is_desk(step)
    pieces = _some(step, v, v.of(ClaimStatus.OUT) if desk else v.with_member)
    verb = Verb.TAKE_BACK if desk else Verb.RETURN
    return views.pieces_list(step.texts, v, step.texts("Which one is back?"), verb, pieces, turn_of(tap))


def swap(step: Request, tap: Tap) -> Message:
    actor, rental = step.actor_about(tap.id)
    actor.require(Role.LENDER)
    v = queries.view(step.tx, rental)
    pieces = _some(step, v, v.of(ClaimStatus.HELD))
    return views.pieces_list(
        step.texts, v, step.texts("Which one do you want to swap?"), Verb.SWAP_PIECE, pieces, turn_of(tap)
    )


def swap_piece(step: Request, tap: Tap) -> Message:
    actor, rental = step.actor_about(swaps.rental_id_of(step.tx, tap.id))
    actor.require(Role.LENDER)
    v = queries.view(step.tx, rental)
    others = swaps.alternatives(step.by(actor), tap.id)
    items = [(item.id, item.code) for item in others]
    return views.alternatives(step.texts, v, tap.id, items, turn_of(tap))
