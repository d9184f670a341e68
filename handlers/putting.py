"""Where was it put? Asked of whoever took things back, where an organisation has more than one place."""

from markupsafe import Markup
from sqlalchemy.orm import Session

from db.models import Card, Rental
from db.states import Role
from handlers.callbacks import Tap, number
from handlers.message import Message
from handlers.step import Step
from handlers.texts import Texts
from handlers.views import putting as views
from services import notices, outbox, places
from services.errors import Refusal, Refused


def ask(step: Step, rental: Rental) -> None:
    """After things came back; nothing waits for the answer."""
    if len(places.listed(step.session, rental.organization_id)) < 2:
        return
    entry_id = places.last_return(step.session, rental.id)
    if entry_id is not None:
        outbox.draw(
            step.session,
            step.now,
            kind=notices.PUT_AWAY_CARD,
            subject_id=entry_id,
            chat_id=step.place.chat_id,
            thread_id=step.place.thread_id,
            organization_id=rental.organization_id,
        )


def put_away(step: Step, tap: Tap) -> Markup | None:
    """A place was tapped; the question becomes the answer."""
    location_id = _number(tap.arg)
    actor, _ = step.actor_about(places.rental_of_return(step.session, tap.id))
    places.put_away(step.session, actor, step.now, tap.id, location_id or None)
    outbox.redraw(step.session, step.now, kind=notices.PUT_AWAY_CARD, subject_id=tap.id)
    return step.texts("Noted.")


def choose(step: Step, tap: Tap) -> Message:
    """Another page of the places, or all of them again after an answer."""
    actor, rental = step.actor_about(places.rental_of_return(step.session, tap.id))
    actor.require(Role.LENDER)
    found = places.returned(step.session, rental.organization_id, tap.id)
    known = places.listed(step.session, rental.organization_id)
    return views.question(step.texts, found, known, _number(tap.arg))


def _number(value: str) -> int:
    found = number(value)
    if found is None:
        raise Refusal(Refused.OUTDATED)
    return found


def draw(session: Session, card: Card, t: Texts) -> Message | None:
    """The question, or what was answered."""
    organization_id = card.organization_id or 0
    found = places.returned(session, organization_id, card.subject_id)
    if found.answered or not found.items:
        return views.answer(t, found)
    return views.question(t, found, places.listed(session, organization_id), 0)
