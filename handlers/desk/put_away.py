"""The question after a return: the condition of the items, and their new location."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import Card, OutboxMessage, Rental
from db.states import Role
from handlers.desk import return_views as views
from handlers.desk.return_views import Asked
from handlers.i18n.texts import Texts
from handlers.ui.callbacks import Tap, number
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import locations
from services.maintenance import return_report
from services.messaging import notifications, outbox


def ask(step: Request, rental: Rental) -> None:
    """Ask after a return; nothing depends on the answer.

    A group is not asked where there is only one location: the rental's card has a button for it.
    """
    if step.place.is_group and len(locations.listed(step.tx.of(rental.organization_id))) < 2:
        return
    return_id = locations.last_return(step.session, rental.id)
    if return_id is not None:
        draw_question(step, return_id, rental.organization_id)


def ask_member(step: Request, actor: Actor, rental: Rental) -> None:
    """Ask the member for the location after a return that no lender confirms."""
    return_id = locations.last_return(step.session, rental.id)
    several = len(locations.listed(step.by(actor))) > 1
    if return_id is not None and several and not step.by(actor).policy.return_confirmed:
        draw_question(step, return_id, rental.organization_id)


def draw_question(step: Request, return_id: int, organization_id: int, *, renew: bool = False) -> None:
    """Send or update the question about a return in this chat."""
    outbox.render_card(
        step.tx,
        notifications.PUT_AWAY_CARD,
        return_id,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        organization_id=organization_id,
        renew=renew,
        rings=False,
    )


def put_away(step: Request, tap: Tap) -> Markup | None:
    """Store the tapped location; the question shows the answer."""
    location_id = _number(tap.arg)
    actor, _ = step.actor_about(locations.rental_of_return(step.session, tap.id))
    locations.put_away(step.by(actor), tap.id, location_id or None)
    outbox.refresh_card(step.tx, kind=notifications.PUT_AWAY_CARD, subject_id=tap.id)
    return step.texts("Noted.")


def choose(step: Request, tap: Tap) -> Message:
    """Show another page of the locations, or all of them again after an answer."""
    actor, rental = step.actor_about(locations.rental_of_return(step.session, tap.id))
    locations.require_may_say(step.by(actor), tap.id)
    asked = _asked(step.tx, rental.organization_id, tap.id, is_lender=actor.has_role(Role.LENDER))
    return views.question(step.texts, asked, _number(tap.arg))


def _asked(tx: Tx, organization_id: int, return_id: int, *, is_lender: bool) -> Asked:
    """Return the question's data; only lenders report conditions."""
    here = tx.of(organization_id)
    return Asked(
        locations.returned(here, return_id),
        locations.listed(here),
        return_report.pieces(here, return_id) if is_lender else (),
    )


def _is_lender(tx: Tx, card: Card, t: Texts) -> bool:
    """Return whether the reader is a lender; in a group a lender's tap sent the question."""
    if card.chat_id < 0:
        return True
    try:
        actor = identity.resolve(tx, account_id=card.chat_id, organization_id=card.organization_id or 0)
    except Refusal:
        return False
    return actor.has_role(Role.LENDER)


def _number(value: str) -> int:
    found = number(value)
    if found is None:
        raise Refusal(Refused.OUTDATED)
    return found


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Render the question, or its answer."""
    shown = outbox.card_of(tx, rows[0])
    is_lender = _is_lender(tx, shown, t)
    asked = _asked(tx, shown.organization_id or 0, shown.subject_id, is_lender=is_lender)
    if asked.returned.answered or not asked.returned.items:
        return views.answer(t, asked)
    return views.question(t, asked)
