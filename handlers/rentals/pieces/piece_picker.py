"""Choosing one piece of a rental: lists that take the place of its card for a moment. They change nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db.models import Rental
from db.states import ClaimStatus, Role
from handlers.i18n.texts import Texts
from handlers.rentals.pieces import piece_picker_views as views
from handlers.rentals.pieces.piece_picker_views import Turn
from handlers.ui.callbacks import AnyVerb, Tap, Verb
from handlers.ui.cards import card_here
from handlers.ui.message import Message, Rows
from handlers.ui.request import Request
from services.core import state_machine
from services.desk import swaps
from services.messaging import notifications, outbox
from services.rentals import queries
from services.rentals.booking import request
from services.rentals.queries import Piece, RentalView

_CARDS = (notifications.RENTAL_CARD, notifications.DESK_CARD)


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
    _some(step, v, v.of(ClaimStatus.HELD))
    turn = turn_of(tap)
    return Message(step.texts("Which one goes out?"), rows(step.texts, v, turn, is_desk=_is_desk(step)))


def turn_of(tap: Tap) -> Turn:
    page = int(tap.arg) if tap.arg.isascii() and tap.arg.isdigit() and len(tap.arg) < 6 else 0
    return Turn(tap.verb, tap.id, page)


def _is_desk(step: Request) -> bool:
    card = card_here(step)
    return step.place.is_group or (card is not None and card.kind == notifications.DESK_CARD)


def some_back(step: Request, tap: Tap) -> Message:
    v, is_desk = _view(step, tap.id), _is_desk(step)
    _some(step, v, v.of(ClaimStatus.OUT) if is_desk else v.with_member)
    return Message(step.texts("Which one is back?"), rows(step.texts, v, turn_of(tap), is_desk=is_desk))


def rows(t: Texts, v: RentalView, turn: Turn, *, is_desk: bool) -> Rows:
    """Return the buttons of SOME_OUT or SOME_BACK: one for each piece, to hand out or take back."""
    if turn.verb is Verb.SOME_OUT:
        verb, open_ = (Verb.HAND_OUT if is_desk else Verb.PICK_UP), v.to_hand_out
    else:
        verb = Verb.TAKE_BACK if is_desk else Verb.RETURN
        open_ = v.of(ClaimStatus.OUT) if is_desk else v.with_member
    return views.one_by_one(t, v, verb, _shown(v, turn.verb), {p.claim_id for p in open_}, turn)


def _shown(v: RentalView, list_of: AnyVerb) -> list[Piece]:
    done = (ClaimStatus.OUT, ClaimStatus.RETURNED)
    statuses = (ClaimStatus.HELD, *done) if list_of is Verb.SOME_OUT else done
    return sorted(v.of(*statuses), key=lambda piece: piece.claim_id)


def stay(step: Request, rental: Rental, tap: Tap, list_of: Verb) -> None:
    """Keep the list in the place of the rental's card, after a piece was tapped in it.

    The card's own buttons would come under the same finger, and its second tap would act, too.
    """
    card = card_here(step) if tap.arg else None
    if card is not None and card.subject_id == rental.id and card.kind in _CARDS:
        outbox.render_card(
            step.tx,
            card.kind,
            rental.id,
            chat_id=card.chat_id,
            thread_id=card.thread_id,
            organization_id=card.organization_id,
            params={"list_of": list_of, "claim": int(tap.arg)},
        )


def is_list(step: Request) -> bool:
    """Return whether the tapped card is not the one that begins with the piece in the member's hand."""
    card = card_here(step)
    return card is None or "item" not in outbox.last_params(step.tx, card.id)


def in_list(
    t: Texts, v: RentalView, message: Message, params: Mapping[str, Any], *, is_desk: bool
) -> Message:
    """Return the card with the buttons of the list that stays in its place, if one does (see `stay`)."""
    if "list_of" not in params:
        return message
    list_of = Verb(params["list_of"])
    places = [piece.claim_id for piece in _shown(v, list_of)]
    at = places.index(params["claim"]) if params["claim"] in places else 0
    turn = Turn(list_of, v.id, at // views.PER_PAGE)
    return replace(message, buttons=rows(t, v, turn, is_desk=is_desk))


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
