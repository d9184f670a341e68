"""Choosing one piece of a rental: the lists that take the place of its card for a moment. They only look."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Card, Claim, Rental
from db.states import ClaimStatus, Role
from handlers.callbacks import Tap, Verb
from handlers.message import Message
from handlers.step import Step
from handlers.views import pieces as views
from handlers.views.pieces import Turn
from services import handovers, notices, outbox, overview, rentals, standing
from services.errors import Refusal, Refused
from services.overview import Piece, RentalView


def card_here(step: Step) -> Card | None:
    """The card whose message was tapped; None for reminders and lists."""
    return card_of(step.session, step.place.chat_id, step.place.message_id)


def card_of(session: Session, chat_id: int, message_id: int | None) -> Card | None:
    """The card that this message shows; None for messages that show none."""
    if message_id is None:
        return None
    return session.scalar(select(Card).filter_by(chat_id=chat_id, message_id=message_id))


def draw_here(step: Step, rental: Rental, kind: str) -> None:
    """The rental's card at the end of this chat."""
    outbox.draw(
        step.session,
        step.now,
        kind=kind,
        subject_id=rental.id,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        organization_id=rental.organization_id,
        renew=True,
    )


def _view(step: Step, rental_id: int) -> RentalView:
    """One's own rental, or any for a LENDER. Raises NOT_FOUND; in a group, where all see it, NOT_ALLOWED."""
    actor, rental = step.actor_about(rental_id)
    if step.place.is_group and rental.user_id != actor.user_id:
        actor.require(Role.LENDER)
    return overview.view(step.session, rentals.get(step.session, actor, rental_id), step.now)


def _some(step: Step, v: RentalView, pieces: list[Piece]) -> list[Piece]:
    """The pieces to choose from. Raises ALREADY where there are none: the card is an old one."""
    if not pieces:
        raise standing.already(step.session, step.session.get_one(Rental, v.id))
    return pieces


def some_out(step: Step, tap: Tap) -> Message:
    v = _view(step, tap.id)
    verb = Verb.HAND_OUT if _is_desk(step) else Verb.PICK_UP
    heading = step.texts("Which one goes out?")
    pieces = _some(step, v, v.of(ClaimStatus.HELD))
    return views.pieces_list(step.texts, v, heading, verb, pieces, turn_of(tap))


def turn_of(tap: Tap) -> Turn:
    page = int(tap.arg) if tap.arg.isascii() and tap.arg.isdigit() and len(tap.arg) < 6 else 0
    return Turn(tap.verb, tap.id, page)


def _is_desk(step: Step) -> bool:
    card = card_here(step)
    return step.place.is_group or (card is not None and card.kind == notices.DESK_CARD)


def some_back(step: Step, tap: Tap) -> Message:
    v = _view(step, tap.id)
    desk = _is_desk(step)
    pieces = _some(step, v, v.of(ClaimStatus.OUT) if desk else v.with_member)
    verb = Verb.TAKE_BACK if desk else Verb.RETURN
    return views.pieces_list(step.texts, v, step.texts("Which one is back?"), verb, pieces, turn_of(tap))


def swap(step: Step, tap: Tap) -> Message:
    actor, rental = step.actor_about(tap.id)
    actor.require(Role.LENDER)
    v = overview.view(step.session, rental, step.now)
    pieces = _some(step, v, v.of(ClaimStatus.HELD))
    return views.pieces_list(
        step.texts, v, step.texts("Which one do you swap?"), Verb.SWAP_PIECE, pieces, turn_of(tap)
    )


def swap_piece(step: Step, tap: Tap) -> Message:
    claim = step.session.get(Claim, tap.id)
    if claim is None or claim.rental_id is None:
        raise Refusal(Refused.NOT_FOUND)
    actor, rental = step.actor_about(claim.rental_id)
    actor.require(Role.LENDER)
    v = overview.view(step.session, rental, step.now)
    others = handovers.alternatives(step.session, actor, tap.id, step.now)
    items = [(item.id, item.code) for item in others]
    return views.alternatives(step.texts, v, tap.id, items, turn_of(tap))
