"""The short conversations of one question: why declined."""

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Organization
from handlers import conversation
from handlers.callbacks import number
from handlers.conversation import CANCEL, Conversation, State, nothing_stays
from handlers.message import Button, Message
from handlers.rent_days import attempt
from handlers.rent_screens import data_of, problem_of
from handlers.step import Step
from handlers.texts import Texts, lines
from handlers.views.rental_card import usual_reasons
from services import decisions

DECLINE = "decline"
ASK = "ask"


# Decline: why?


def begin_decline(step: Step, rental_id: int) -> None:
    """Asks for a reason, if this person may decline it at all. Raises as `decline` does."""
    actor, rental = step.actor_about(rental_id)
    decisions.require_open(step.session, actor, rental)
    row = conversation.begin(step, DECLINE, ASK, organization_id=actor.organization_id, rental_id=rental_id)
    conversation.show(step, row)


def _decline_screen(session: Session, row: Row, t: Texts) -> Message:
    data = data_of(row)
    rows: list[tuple[Button, ...]] = [
        (Button(reason, data("why", str(place))),) for place, reason in enumerate(usual_reasons(t))
    ]
    rows.append(
        (Button(str(t("No reason")), data("why", "none")), Button(str(t("Cancel")), data("cancel", "")))
    )
    text = lines(
        problem_of(row, t),
        t("<b>Why is rental {id} declined?</b>", id=row.data["rental_id"]),
        t("Tap a reason, or write your own.")
        if row.chat_id > 0
        else t("Tap a reason, or reply to this message with your own."),
    )
    return Message(text, tuple(rows))


def _decline_tapped(step: Step, row: Row, value: str) -> None:
    known = usual_reasons(_organization_texts(step, row))
    place = number(value)
    reason = known[place] if place is not None and place < len(known) else ""
    _decline(step, row, reason)
    conversation.show(step, row)


def _organization_texts(step: Step, row: Row) -> Texts:
    """The reason is written once, in the organisation's language; who reads a usual one reads their own."""
    organization = step.session.get_one(Organization, row.organization_id)
    return Texts(organization.language)


def _decline(step: Step, row: Row, reason: str) -> None:
    actor, rental = step.actor_about(row.data["rental_id"])
    if attempt(step, row, lambda: decisions.decline(step.session, actor, rental.id, step.now, reason=reason)):
        conversation.move(row, conversation.OVER, outcome="declined")


TALKS = (
    Conversation(
        DECLINE,
        {
            ASK: State(_decline_screen, {"why": _decline_tapped}, _decline),
            conversation.OVER: State(nothing_stays),
        },
        CANCEL,
    ),
)
