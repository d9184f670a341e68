"""The short conversations of one question: why declined, what is wrong."""

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
from services import decisions, handovers

DECLINE, PROBLEM = "decline", "problem"
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


# Problem: what is wrong?


def begin_problem(step: Step, rental_id: int) -> None:
    actor, rental = step.actor_about(rental_id)
    handovers.require_problem(step.session, actor, rental)
    row = conversation.begin(step, PROBLEM, ASK, organization_id=actor.organization_id, rental_id=rental_id)
    conversation.show(step, row)


def _problem_screen(session: Session, row: Row, t: Texts) -> Message:
    text = lines(
        problem_of(row, t),
        t("<b>What is wrong with rental {id}?</b>", id=row.data["rental_id"]),
        t("Write it in a few words.") if row.chat_id > 0 else t("Reply to this message, in a few words."),
    )
    return Message(text, ((Button(str(t("Cancel")), data_of(row)("cancel", "")),),))


def _problem_over(session: Session, row: Row, t: Texts) -> Message | None:
    """In private the card that shows the note may be far above."""
    if row.data.get("outcome") != "noted" or row.chat_id < 0:
        return None
    return Message(t("Noted on rental {id}. Thank you!", id=row.data["rental_id"]))


def _typed_problem(step: Step, row: Row, text: str) -> None:
    actor, rental = step.actor_about(row.data["rental_id"])
    if attempt(
        step, row, lambda: handovers.report_problem(step.session, actor, rental.id, step.now, note=text)
    ):
        conversation.move(row, conversation.OVER, outcome="noted")


TALKS = (
    Conversation(
        DECLINE,
        {
            ASK: State(_decline_screen, {"why": _decline_tapped}, _decline),
            conversation.OVER: State(nothing_stays),
        },
        CANCEL,
    ),
    Conversation(
        PROBLEM,
        {ASK: State(_problem_screen, {}, _typed_problem), conversation.OVER: State(_problem_over)},
        CANCEL,
    ),
)
