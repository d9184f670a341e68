"""What is asked for is answered, or called off: a rental, and more time, by the buttons on its card."""

from markupsafe import Markup

from db.models import Extension
from handlers import extending, pieces, small_talks
from handlers.callbacks import Tap
from handlers.message import Message
from handlers.step import Step
from handlers.views import answers
from services import decisions, extensions
from services.errors import Refusal, Refused
from services.people import Actor


def approve(step: Step, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    decisions.approve(step.session, actor, tap.id, step.now)
    return step.texts("Approved.")


def decline(step: Step, tap: Tap) -> Markup | None:
    small_talks.begin_decline(step, tap.id)
    return None


def extend(step: Step, tap: Tap) -> Markup | None:
    extending.begin(step, tap.id)
    return None


def _extension_actor(step: Step, extension_id: int) -> Actor:
    extension = step.session.get(Extension, extension_id)
    if extension is None:
        raise Refusal(Refused.NOT_FOUND)
    return step.actor_about(extension.rental_id)[0]


def grant(step: Step, tap: Tap) -> Markup | None:
    extensions.grant(step.session, _extension_actor(step, tap.id), tap.id, step.now)
    return step.texts("Extended.")


def refuse(step: Step, tap: Tap) -> Markup | None:
    extensions.decline(step.session, _extension_actor(step, tap.id), tap.id, step.now)
    return step.texts("Declined.")


def ask_to_cancel(step: Step, tap: Tap) -> Message:
    """The question takes the place of the card, as the lists of pieces do."""
    actor, _ = step.actor_about(tap.id)
    decisions.require_cancellable(step.session, actor, tap.id)
    return answers.surely(step.texts, tap.id, card=pieces.card_here(step) is not None)


def cancel(step: Step, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    decisions.cancel(step.session, actor, tap.id, step.now)
    return step.texts("Cancelled.")
