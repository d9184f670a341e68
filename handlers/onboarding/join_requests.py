"""Requests to join: the admins' card, and declining with a reason."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from db.models import Conversation as Row
from db.models import JoinRequest, OutboxMessage
from db.states import JoinStatus, Role
from handlers.i18n.texts import Texts, lines
from handlers.members import profile_questions
from handlers.onboarding.data import TurnAwayData
from handlers.ui import conversation
from handlers.ui.callbacks import Tap, Verb, pack
from handlers.ui.cards import subject_of
from handlers.ui.form import quoted, short
from handlers.ui.message import Button, Message, Style
from handlers.ui.request import Request
from handlers.ui.widgets.reason import ASK, Decline
from services.core.actor import Actor
from services.core.tx import Tx
from services.members import profile
from services.messaging import notifications, outbox
from services.onboarding import join_requests

NAME = "turn_away"
_LONGEST_VALUE = 100


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    """Show the name, the answers, and Approve and Decline; or the outcome."""
    request = join_requests.get(tx.session, subject_of(tx, rows[0]))
    name = f"{request.first_name} {request.last_name}".strip()
    text = lines(
        t("👋 <b>{name}</b> asks to become a member", name=name),
        *(_told(tx, request, field, value, t) for field, value in request.told.items()),
        t("Requested {moment}", moment=t.moment(request.asked_at)),
        _outcome(tx, request, t),
    )
    if request.status is not JoinStatus.ASKED:
        return Message(text)
    return Message(
        text,
        (
            (
                Button(str(t("Approve")), pack(Verb.ADMIT, request.id), style=Style.GO_ON),
                Button(str(t("Decline")), pack(Verb.TURN_AWAY, request.id), style=Style.END),
            ),
        ),
    )


def _told(tx: Tx, request: JoinRequest, field: str, value: str, t: Texts) -> Markup:
    label = profile.label_of(tx.of(request.organization_id), field)
    shown = profile_questions.born(date.fromisoformat(value)) if field == "born_on" else value
    return t(
        "{field}: {value}",
        field=short(label, 40) if label is not None else short(_name(t, field), 40),
        value=short(shown, _LONGEST_VALUE),
    )


def _name(t: Texts, field: str) -> str:
    return profile_questions.name(t, field) if field in profile.FIELDS else field


def _outcome(tx: Tx, request: JoinRequest, t: Texts) -> Markup | None:
    by = join_requests.decided_by(tx.session, request)
    if request.status is JoinStatus.APPROVED:
        return t("✅ Approved by {name}", name=by.name) if by else t("✅ Joined through an invite link")
    if request.status is JoinStatus.ASKED:
        return None
    if by is None:
        return t("Withdrawn")
    said = t("❌ Declined by {name}", name=by.name)
    return (
        lines(said, t("Reason: {reason}", reason=quoted(request.reason, join_requests.LONGEST_REASON)))
        if request.reason
        else said
    )


def admit(step: Request, tap: Tap) -> Markup | None:
    join_requests.approve(step.by(actor_for(step, tap.id)), tap.id)
    return step.texts("Approved.")


def turn_away(step: Request, tap: Tap) -> Markup | None:
    begin_turning_away(step, tap.id)
    return None


def actor_for(step: Request, request_id: int) -> Actor:
    """Return the person who acts on a request, in its organization. Raises NOT_FOUND for another's."""
    return step.actor_in(join_requests.get(step.session, request_id).organization_id)


def show(step: Request, tap: Tap) -> Markup | None:
    """Render the card of a request at the end of the chat."""
    actor = actor_for(step, tap.id)
    actor.require(Role.ADMIN)
    outbox.render_card(
        step.by(actor),
        notifications.ADMISSION_CARD,
        tap.id,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        renew=True,
    )
    return None


def below(t: Texts, message: Message, asking: Sequence[JoinRequest]) -> Message:
    """Add a button for each open request to join to the list of pending rentals."""
    if not message.buttons:
        message = Message(t("<b>Waiting for an answer</b>"))
    heading = t.plural("{n} person asks to join:", "{n} people ask to join:", len(asking))
    rows = [
        (
            Button(
                "👋 " + short(f"{one.first_name} {one.last_name}".strip(), 26),
                pack(Verb.SHOW_ADMISSION, one.id),
            ),
        )
        for one in asking
    ]
    return Message(lines(message.text, "", heading), (*message.buttons, *rows))


# Declining, with a reason


def begin_turning_away(step: Request, request_id: int) -> None:
    """Ask for a reason, if the person may decline. Raises as `join_requests.to_decide` does."""
    actor = actor_for(step, request_id)
    join_requests.to_decide(step.by(actor), request_id)
    row = conversation.start(
        step, NAME, ASK, TurnAwayData(request_id=request_id), organization_id=actor.organization_id
    )
    conversation.render(step, row)


def _question(tx: Tx, row: Row, t: Texts) -> Markup:
    request = join_requests.get(tx.session, TurnAwayData.of(row).request_id)
    return t("<b>Why is {name} declined?</b>", name=f"{request.first_name} {request.last_name}".strip())


def _hint(t: Texts, by_reply: bool) -> Markup:
    if by_reply:
        return t("Reply to this message with the reason, which they will read, or tap No reason.")
    return t("Write the reason, which they will read, or tap No reason.")


def _decliner(step: Request, row: Row) -> Actor:
    return actor_for(step, TurnAwayData.of(row).request_id)


def _decline(step: Request, row: Row, actor: Actor, reason: str) -> None:
    join_requests.decline(step.by(actor), TurnAwayData.of(row).request_id, reason=reason)


def _is_open(tx: Tx, row: Row) -> bool:
    return join_requests.is_open(tx, TurnAwayData.of(row).request_id)


TURN_AWAY = Decline(NAME, _question, _hint, _decliner, _decline, _is_open).conversation()
