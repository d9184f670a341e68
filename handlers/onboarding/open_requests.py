"""`/pending` and `/cancel`: for rentals, and for requests to join."""

from db.states import RentalStatus
from handlers.maintenance import problem_report
from handlers.onboarding import join_requests as cards
from handlers.rentals import lists
from handlers.rentals.booking.data import NAME as RENT
from handlers.ui import conversation
from handlers.ui.conversation import ConversationData
from handlers.ui.message import Message
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Request
from services.onboarding import join_requests
from services.rentals import approval


def pending(step: Request, page: int = 0) -> Message:
    """Show the requested rentals and the requests to join."""
    message = lists.requested(step, page)
    asking = join_requests.pending(step.by(step.actor()))
    return cards.below(step.texts, message, asking) if asking else message


def cancel(step: Request, words: str) -> Message | None:
    """Cancel the conversation that is going on, or a rental that is not out yet: the one that is named, else
    where nothing is going on.
    """
    row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    named = row is not None and row.name == RENT and bool(words.strip()) and lists.names_own(step, words)
    if row is not None and not named:
        conversation.require_open(step, row)
        talk = REGISTRY.conversations[row.name]
        talk.fallbacks["cancel"](step, row, "")
        if ConversationData.of(row).outcome == problem_report.NOTED:
            return None
        # The card may be far above: answer below the command, with what goes on if anything does.
        if row.name == RENT or row.state != conversation.OVER:
            conversation.render(step, row, renew=True)
        else:
            step.say(talk.stopped)
        return None
    asked = not words.strip()
    request = join_requests.withdraw(step.tx, step.sender.account_id) if asked else None
    if request is not None:
        organization = step.tx.organization_of(request.organization_id)
        step.say("withdrawn", organization=organization.name)
        return None
    rental = lists.own(step, words, RentalStatus.REQUESTED, RentalStatus.APPROVED)
    if rental is None:
        lists.say(step, "cancel")
    else:
        approval.require_cancellable(step.by(step.actor()), rental.id)
        step.say("surely", rental_id=rental.id, number=rental.number)
    return None
