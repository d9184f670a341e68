"""`/return`, `/extend` and `/cancel`: the one of one's own rentals that is meant, or the list of them."""

from db.models import Organization, Rental
from db.states import RentalStatus
from handlers import conversation, conversations, extending, lists, pieces, problems, rent
from handlers.message import Message
from handlers.step import Step
from services import admissions, catalogue, decisions, handovers, notices, overview
from services.errors import Refusal, Refused


def _own(step: Step, words: str, *statuses: RentalStatus) -> Rental | None:
    """The one rental that is meant: by number or code, or the only one there is. None: the list decides."""
    actor = step.actor()
    found = [r for r in overview.current(step.session, actor.user_id) if r.status in statuses]
    words = words.strip()
    if words:
        named = _by_words(step, actor.organization_id, words)
        if named is None or named.user_id != actor.user_id:
            raise Refusal(Refused.NOT_FOUND)
        return named
    return found[0] if len(found) == 1 else None


def _by_words(step: Step, organization_id: int, words: str) -> Rental | None:
    """A rental by its number, or by the code of an item that is out or about to be."""
    if words.isascii() and words.isdigit() and len(words) < 18:
        rental = step.session.get(Rental, int(words))
        if rental is not None and rental.organization_id == organization_id and rental.requested_at:
            return rental
    item = catalogue.item_by_code(step.session, organization_id, words)
    claim = handovers.current_claim(step.session, item.id, step.now) if item is not None else None
    return step.session.get(Rental, claim.rental_id) if claim is not None and claim.rental_id else None


def bring_back(step: Step, words: str) -> Message | None:
    rental = _own(step, words, RentalStatus.OUT)
    if rental is None:
        lists.say(step, "return")
    else:
        pieces.draw_here(step, rental, notices.RENTAL_CARD)
    return None


def extend(step: Step, words: str) -> Message | None:
    rental = _own(step, words, RentalStatus.OUT)
    if rental is None:
        lists.say(step, "extend")
    else:
        extending.begin(step, rental.id)
    return None


def cancel(step: Step, words: str) -> Message | None:
    """A conversation that is going on, else a rental that is not out yet."""
    row = conversation.find(step.session, step.place.chat_id, step.sender.account_id)
    if row is not None:
        conversation.require_open(step, row)
        talk = conversations.ALL[row.name]
        talk.fallbacks["cancel"](step, row, "")
        if row.data.get("outcome") == problems.NOTED:
            return None
        # The card may be far above: say it where it was asked.
        if row.name != rent.NAME:
            step.say(talk.stopped)
        else:
            conversation.show(step, row, renew=True)
        return None
    asked = not words.strip()
    request = admissions.withdraw(step.session, step.now, step.sender.account_id) if asked else None
    if request is not None:
        organization = step.session.get_one(Organization, request.organization_id)
        step.say("withdrawn", organization=organization.name)
        return None
    rental = _own(step, words, RentalStatus.REQUESTED, RentalStatus.APPROVED)
    if rental is None:
        lists.say(step, "cancel")
    else:
        decisions.require_cancellable(step.session, step.actor(), rental.id)
        step.say("surely", rental_id=rental.id)
    return None
