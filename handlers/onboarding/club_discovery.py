"""Clubs that a stranger may ask to join: the way in without a link."""

from db.models import Conversation as Row
from handlers.i18n.texts import Texts, lines
from handlers.onboarding.data import JoinData
from handlers.ui import conversation
from handlers.ui.conversation import State
from handlers.ui.form import attempt, data_of, problem_of, short
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.text import LONGEST_NAME, clean, is_seen, looks_like_name
from services.core.tx import Tx
from services.onboarding import join_requests

NAME = "join"
WHERE, ASK = "where", "ask"
"""The states: choose a club; then, in handlers/onboarding/joining.py, the name."""

_MOST_SHOWN = 5


def welcome_stranger(step: Request) -> bool:
    """Show a stranger what is asked of them, their open request, or the clubs to ask; return False where none
    can be asked.
    """
    row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    if row is not None and row.name == NAME and row.state not in (WHERE, conversation.OVER):
        conversation.update(row, JoinData(problem=None))
        conversation.render(step, row, renew=True)
        return True
    waiting = join_requests.pending_of(step.session, step.sender.account_id)
    if waiting is None:
        return _begin_asking(step)
    organization = step.tx.organization_of(waiting.organization_id)
    step.say("asked_to_join", organization=organization.name)
    return True


def _begin_asking(step: Request) -> bool:
    """Offer the organizations that accept requests; return False where there are none."""
    if not join_requests.organizations_to_ask(step.session):
        return False
    conversation.render(step, conversation.start(step, NAME, WHERE, organization_id=None))
    return True


def _where_screen(tx: Tx, row: Row, t: Texts) -> Message:
    words = JoinData.of(row).words
    found = join_requests.organizations_to_ask(tx.session, words)
    text = lines(
        problem_of(row, t),
        t("Hello! I lend equipment to the members of a club.") if not words else None,
        t("If you have an invite link, open it. You can also ask to join:")
        if found
        else t("I found no club with that name. Try writing it differently."),
        t("Or write the club’s name to search.") if len(found) > _MOST_SHOWN else None,
    )
    data = data_of(row)
    rows = [
        (
            Button(
                t("Ask to join {organization}", organization=short(name, 40)).unescape(), data("club", str(i))
            ),
        )
        for i, name in found[:_MOST_SHOWN]
    ]
    return Message(text, (*rows, (Button(str(t("Cancel")), data("cancel", "")),)))


def _searched(step: Request, row: Row, text: str) -> None:
    conversation.update(row, JoinData(words=text[:100]))


def _club(step: Request, row: Row, value: str) -> None:
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        raise Refusal(Refused.OUTDATED)
    organization_id = int(value)
    if attempt(
        step,
        row,
        lambda: join_requests.require_askable(step.tx, step.sender.account_id, organization_id),
    ):
        row.organization_id = organization_id
        conversation.update(row, JoinData(words="", offered=offered(step)), to=ASK)
    conversation.render(step, row)


def offered(step: Request) -> tuple[str, str] | None:
    """Return the sender's first and last name in Telegram, as far as they may be one."""
    first, last = (" ".join(clean(part).split()) for part in (step.sender.first_name, step.sender.last_name))
    if not is_seen(first) or not looks_like_name(f"{first} {last}"):
        return None
    return first[:LONGEST_NAME], last[:LONGEST_NAME]


WHICH = State(_where_screen, {"club": _club}, _searched)
