"""The admin group of an organization: bound by `/setup`, or by the button under the greeting."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import OutboxMessage
from handlers.i18n.texts import Texts, lines
from handlers.onboarding import help
from handlers.ui.callbacks import Tap, Verb, pack
from handlers.ui.message import Button, Message
from handlers.ui.registry import Params
from handlers.ui.request import Request
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.messaging import group_chats


def command(step: Request, words: str) -> None:
    bind(step)


def tapped(step: Request, tap: Tap) -> Markup | None:
    bind(step, tap.id or None)
    return None


def bind(step: Request, organization_id: int | None = None) -> None:
    """Bind this group to an organization, by default to that in which the person acts in private."""
    if step.sender.is_anonymous:
        raise Refusal(Refused.ANONYMOUS)
    actor = identity.resolve(step.tx, account_id=step.sender.account_id, organization_id=organization_id)
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


def replaced(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    """Return who made another group the admin group; in the former one, with the button that undoes it."""
    params = rows[0].params
    organization_id = params["organization_id"]
    said = t(
        "{name} has made “{title}” the admin group of {organization}. Requests appear there from now on.",
        name=params["by"],
        title=params["title"],
        organization=tx.organization_of(organization_id).name,
    )
    if rows[0].chat_id > 0:
        return Message(lines(said, t("To undo that, tap the button in the former group.")))
    back = Button(str(t("Decide here again")), pack(Verb.BIND, organization_id))
    return Message(said, ((back,),))


def greeting(t: Texts, p: Params) -> Message:
    return help.group_greeting(t)
