"""Joining: a link was opened, and somebody says who they are."""

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Invite, Organization
from handlers import conversation
from handlers.conversation import CANCEL, Conversation, State, nothing_stays
from handlers.message import Button, Message
from handlers.rent_days import attempt
from handlers.rent_screens import data_of, problem_of
from handlers.step import Step
from handlers.texts import Texts, lines
from services import organizations, policy

NAME, ASK, EMAIL = "join", "ask", "email"


def begin(step: Step, token: str) -> None:
    """An invite link was opened. Raises what `look_at_invite` does."""
    invite = organizations.look_at_invite(step.session, step.sender.account_id, token, step.now)
    row = conversation.begin(step, NAME, ASK, organization_id=invite.organization_id, invite_id=invite.id)
    conversation.show(step, row)


def _screen(session: Session, row: Row, t: Texts) -> Message:
    invite = session.get_one(Invite, row.data["invite_id"])
    organization = session.get_one(Organization, invite.organization_id)
    name = f"{invite.first_name or ''} {invite.last_name or ''}".strip()
    text = lines(
        problem_of(row, t),
        t("<b>{organization}</b> invites you.", organization=organization.name),
        t("What is your name? Write first and last name."),
    )
    buttons: tuple[tuple[Button, ...], ...] = ((Button(str(t("Cancel")), data_of(row)("cancel", "")),),)
    if name:
        buttons = ((Button(name, data_of(row)("as", "")),), *buttons)
    return Message(text, buttons)


def _typed_name(step: Step, row: Row, text: str) -> None:
    first, _, last = " ".join(text.split()).partition(" ")
    _named(step, row, first, last)


def _tapped_name(step: Step, row: Row, _value: str) -> None:
    invite = step.session.get_one(Invite, row.data["invite_id"])
    _named(step, row, invite.first_name or "", invite.last_name or "")
    conversation.show(step, row)


def _named(step: Step, row: Row, first: str, last: str) -> None:
    """The name is known; an email is asked for where the organisation wants one."""
    invite = step.session.get_one(Invite, row.data["invite_id"])
    wants_email = policy.of(step.session.get_one(Organization, invite.organization_id)).ask_email
    if not wants_email:
        _join(step, row, first, last, None)
    elif attempt(step, row, lambda: organizations.check_name(first, last)):
        conversation.move(row, EMAIL, first=first, last=last)


def _email_screen(session: Session, row: Row, t: Texts) -> Message:
    text = lines(problem_of(row, t), t("What is your email address, {name}?", name=row.data["first"]))
    return Message(text, ((Button(str(t("Cancel")), data_of(row)("cancel", "")),),))


def _typed_email(step: Step, row: Row, text: str) -> None:
    _join(step, row, row.data["first"], row.data.get("last", ""), text)


def _join(step: Step, row: Row, first: str, last: str, email: str | None) -> None:
    invite_id = row.data["invite_id"]

    def join() -> None:
        user = organizations.join(
            step.session,
            step.now,
            account_id=step.sender.account_id,
            invite_id=invite_id,
            first_name=first,
            last_name=last,
            email=email,
        )
        organization = step.session.get_one(Organization, user.organization_id)
        step.say(
            "welcome",
            organization=organization.name,
            name=user.name,
            role=user.role,
            bot=step.bot_username,
        )

    if attempt(step, row, join):
        conversation.move(row, conversation.OVER, outcome="joined")


JOIN = Conversation(
    NAME,
    {
        ASK: State(_screen, {"as": _tapped_name}, _typed_name),
        EMAIL: State(_email_screen, {}, _typed_email),
        conversation.OVER: State(nothing_stays),
    },
    CANCEL,
)
