"""The admin group of an organization: bound by `/setup`, or by the button under the greeting."""

from markupsafe import Markup

from handlers.i18n.texts import Texts
from handlers.onboarding import help
from handlers.ui.callbacks import Tap
from handlers.ui.message import Message
from handlers.ui.registry import Params
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.messaging import group_chats


def command(step: Request, words: str) -> None:
    bind(step)


def tapped(step: Request, tap: Tap) -> Markup | None:
    bind(step)
    return None


def bind(step: Request) -> None:
    """Bind this group to the organization in which the person acts in private."""
    if step.sender.is_anonymous:
        raise Refusal(Refused.ANONYMOUS)
    actor = step.actor_in_private()
    organization = group_chats.bind_group(
        step.by(actor), chat_id=step.place.chat_id, thread_id=step.place.thread_id, title=step.place.title
    )
    step.say("group_bound", once=step.key("group_bound"), organization=organization.name)


def bound(t: Texts, p: Params) -> Message:
    return Message(
        t(
            "This group now decides for {organization}. "
            "Requests appear here, with buttons to approve or decline.",
            organization=p["organization"],
        )
    )


def greeting(t: Texts, p: Params) -> Message:
    return help.group_greeting(t)
