"""`/me`: what is stored about whoever asks, and which of their organisations they are in."""

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Organization, User
from handlers import conversation, several
from handlers.conversation import Conversation, OnTap, State
from handlers.message import Message
from handlers.rent_screens import data_of, problem_of
from handlers.step import Step
from handlers.texts import Texts
from handlers.views import me as views
from services import members, people
from services.people import Actor

HOME = "home"


def command(step: Step, words: str) -> Message | None:
    """Raises NOT_A_MEMBER."""
    actor = step.actor()
    row = conversation.begin(step, several.ME, HOME, organization_id=actor.organization_id)
    conversation.show(step, row)
    return None


def looks(session: Session, row: Row, t: Texts) -> Actor:
    return people.identify(session, t.now, account_id=row.account_id, organization_id=row.organization_id)


def _home_screen(session: Session, row: Row, t: Texts) -> Message:
    actor = looks(session, row, t)
    card = members.card(session, session.get_one(User, actor.user_id), t.now)
    return views.home(
        t,
        session.get_one(Organization, actor.organization_id).name,
        card,
        several.buttons(session, row.account_id),
        data_of(row),
        problem_of(row, t),
    )


def _home(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, HOME)
    conversation.show(step, row)


def _close(step: Step, row: Row, _value: str) -> None:
    conversation.end(step, row, "closed")


FALLBACKS: dict[str, OnTap] = {"home": _home, "cancel": _close}

ABOUT_ME = Conversation(
    several.ME,
    {
        HOME: State(_home_screen),
        conversation.OVER: State(conversation.nothing_stays),
    },
    FALLBACKS,
)
