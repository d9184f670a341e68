"""Joining by an invite or a request: the name, and the profile questions."""

from collections.abc import Callable, Sequence
from datetime import date

from db.models import Conversation as Row
from db.models import Invite
from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.members import profile_questions
from handlers.onboarding import club_discovery
from handlers.onboarding.club_discovery import ASK, NAME, WHERE
from handlers.onboarding.data import JoinData
from handlers.parsing.sentences import things
from handlers.ui import conversation
from handlers.ui.cards import organization_of
from handlers.ui.conversation import CANCEL, Conversation, State, nothing_stays
from handlers.ui.form import attempt, data_of, problem_of, short
from handlers.ui.message import Button, Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core import text
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import catalog
from services.members import directory, invites, profile
from services.onboarding import join_requests, joining

QUESTION, CONFIRM = "question", "confirm"


def begin(step: Request, token: str) -> None:
    """Open an invite. Raises as `invites.look_at` does.

    The bearer of a personal invite is asked only the unknown fields; and for confirmation, if another account
    is linked to the member already.
    """
    invite = invites.look_at(step.tx, step.sender.account_id, token)
    row = conversation.start(
        step,
        NAME,
        ASK,
        JoinData(invite_id=invite.id, offered=club_discovery.offered(step)),
        organization_id=invite.organization_id,
    )
    if joining.is_another_account(step.session, invite):
        conversation.update(row, to=CONFIRM)
    elif invite.user_id is not None:
        _go_on(step, row)
    conversation.render(step, row)


# The name


def _invite(tx: Tx, row: Row) -> Invite | None:
    kept = JoinData.of(row)
    return invites.get(tx.session, kept.invite_id) if kept.invite_id is not None else None


def _name_screen(tx: Tx, row: Row, t: Texts) -> Message:
    invite, organization = _invite(tx, row), organization_of(tx, row)
    name = " ".join(_known_name(tx, row)).strip()
    text = lines(
        problem_of(row, t),
        t("<b>{organization}</b> invites you.", organization=organization.name)
        if invite is not None
        else t("You are asking to join <b>{organization}</b>.", organization=organization.name),
        t("What is your name? Tap it, or write first and last name.")
        if name
        else t("What is your name? Write first and last name."),
    )
    buttons: tuple[tuple[Button, ...], ...] = ((Button(str(t("Cancel")), data_of(row)("cancel", "")),),)
    if name:
        buttons = ((Button(short(name), data_of(row)("as", "")),), *buttons)
    return Message(text, buttons)


def _known_name(tx: Tx, row: Row) -> tuple[str, str]:
    """Return the name to offer: the invite's, else that in Telegram, if it may be one; or two empty texts."""
    invite = _invite(tx, row)
    if invite is not None and invite.first_name:
        return invite.first_name, invite.last_name or ""
    return JoinData.of(row).offered or ("", "")


def _typed_name(step: Request, row: Row, said: str) -> None:
    """Take a name; what looks like none is asked again, and taken when it is written once more."""
    said = " ".join(said.split())
    doubted = JoinData.of(row).doubted
    is_meant = profile_questions.is_name(said, doubted) and (
        said == doubted or not _is_thing(step, row, said)
    )
    conversation.update(row, JoinData(doubted="" if is_meant else said[: profile_questions.DOUBTED]))
    if not is_meant:
        conversation.update(row, JoinData(problem=keep(Refusal(Refused.NOT_A_NAME))))
        return
    first, _, last = said.partition(" ")
    _named(step, row, first, last)


def _is_thing(step: Request, row: Row, said: str) -> bool:
    """Return whether something in the inventory is called so."""
    meant = catalog.meant(step.tx.of(row.organization_id or 0), [said])
    return things.is_exact(meant[said], said)


def _tapped_name(step: Request, row: Row, _value: str) -> None:
    first, last = _known_name(step.tx, row)
    if not first:
        raise Refusal(Refused.OUTDATED)
    _named(step, row, first, last)
    conversation.render(step, row)


def _named(step: Request, row: Row, first: str, last: str) -> None:
    if attempt(step, row, lambda: text.check_person_name(first, last)):
        conversation.update(row, JoinData(first=first, last=last))
        _go_on(step, row)


# Confirmation of another account


def _confirm_screen(tx: Tx, row: Row, t: Texts) -> Message:
    invite = _invite(tx, row)
    whose = invite.user_id if invite is not None else None
    user = directory.user(tx.session, whose) if whose is not None else None
    text = lines(
        problem_of(row, t),
        t(
            "Link this Telegram account to {name} in {organization}?",
            name=user.name if user is not None else "",
            organization=organization_of(tx, row).name,
        ),
        t("It can then do all that {name} may do, and gets the same reminders.", name=user.name)
        if user is not None
        else None,
    )
    data = data_of(row)
    return Message(
        text,
        (
            (
                Button(str(t("Yes, that is me")), data("mine", "")),
                Button(str(t("Cancel")), data("cancel", "")),
            ),
        ),
    )


def _mine(step: Request, row: Row, _value: str) -> None:
    _go_on(step, row)
    conversation.render(step, row)


# Profile questions


def _open_questions(tx: Tx, row: Row) -> Sequence[str]:
    invite = _invite(tx, row)
    asked = (
        joining.missing(tx, invite)
        if invite is not None
        else profile.asked_fields(tx.of(organization_of(tx, row).id))
    )
    return [field for field in asked if field not in JoinData.of(row).told]


def _go_on(step: Request, row: Row) -> None:
    """Go to the next question, or finish."""
    fields = _open_questions(step.tx, row)
    if fields:
        conversation.update(row, JoinData(field=fields[0]), to=QUESTION)
    elif JoinData.of(row).invite_id is not None:
        _finish(step, row, lambda: _join(step, row), "joined")
    else:
        _finish(step, row, lambda: _ask(step, row), "asked")


def _question_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = JoinData.of(row)
    organization = organization_of(tx, row)
    field = kept.field
    told = kept.told
    text = lines(
        problem_of(row, t),
        t("<b>{organization}</b> wants to know:", organization=organization.name) if not told else None,
        profile_questions.ask(t, field, profile.label_of(tx, field)),
    )
    return Message(text, ((Button(str(t("Cancel")), data_of(row)("cancel", "")),),))


def _answered(step: Request, row: Row, text: str) -> None:
    field = JoinData.of(row).field
    said: list[str] = []

    def check() -> None:
        invite = _invite(step.tx, row)
        good = profile.checked(
            step.tx.of(row.organization_id or 0),
            field,
            profile_questions.understand(step.texts, field, text),
            but=invite.user_id if invite is not None else None,
        )
        said.append(good.isoformat() if isinstance(good, date) else good)

    if attempt(step, row, check):
        conversation.update(row, JoinData(told={**JoinData.of(row).told, field: said[0]}))
        _go_on(step, row)


def _finish(step: Request, row: Row, work: Callable[[], None], outcome: str) -> None:
    """Join or ask; show a refusal on the card, and ask again for an email address taken meanwhile."""
    if attempt(step, row, work):
        conversation.update(row, JoinData(outcome=outcome), to=conversation.OVER)
        return
    kept = JoinData.of(row)
    if kept.refused == Refused.EMAIL_TAKEN:
        told = {field: text for field, text in kept.told.items() if field != "email"}
        conversation.update(row, JoinData(field="email", told=told), to=QUESTION)


def _join(step: Request, row: Row) -> None:
    kept = JoinData.of(row)
    user = joining.join(
        step.tx,
        account_id=step.sender.account_id,
        invite_id=kept.invite_id or 0,
        first_name=kept.first,
        last_name=kept.last,
        told=kept.told,
    )
    organization = step.tx.organization_of(user.organization_id)
    if not user.is_active(step.now):
        step.say("linked_inactive", organization=organization.name, name=user.name)
        return
    step.say(
        "welcome",
        organization=organization.name,
        name=user.name,
        role=user.role,
        bot=step.bot_username,
        begins=organization.group_chat_id is None and user.role.covers(Role.ADMIN),
    )


def _ask(step: Request, row: Row) -> None:
    kept = JoinData.of(row)
    join_requests.ask(
        step.tx,
        account_id=step.sender.account_id,
        organization_id=row.organization_id or 0,
        first_name=kept.first,
        last_name=kept.last,
        told=kept.told,
    )
    step.say("asked_to_join", organization=organization_of(step.tx, row).name)


JOIN = Conversation(
    NAME,
    {
        WHERE: club_discovery.WHICH,
        ASK: State(_name_screen, {"as": _tapped_name}, _typed_name),
        CONFIRM: State(_confirm_screen, {"mine": _mine}),
        QUESTION: State(_question_screen, {}, _answered),
        conversation.OVER: State(nothing_stays),
    },
    CANCEL,
)
