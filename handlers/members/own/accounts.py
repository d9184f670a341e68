"""One's own Telegram accounts on the card of `/me`: link another one, unlink one."""

from collections.abc import Sequence

from db.models import Conversation as Row
from db.models import OutboxMessage
from handlers.i18n.texts import Texts
from handlers.members import organization_switch
from handlers.members.data import MeData
from handlers.members.own import me_views as views
from handlers.ui import conversation
from handlers.ui.callbacks import number
from handlers.ui.cards import organization_of
from handlers.ui.conversation import State
from handlers.ui.form import attempt, data_of, problem_of
from handlers.ui.message import Menu, Message
from handlers.ui.request import Request
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import accounts, linked_accounts
from services.members.departure import leaving
from services.messaging import conversations, outbox

HOME, ACCOUNTS, UNLINK = "home", "accounts", "unlink"


show = conversation.goto(ACCOUNTS, MeData(unlink=0))


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    actor = identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)
    linked = [(one.id, one.first_name) for one in linked_accounts.of(tx.session, actor.user_id)]
    return views.account_list(t, linked, row.account_id, data_of(row), problem_of(row, t))


def _another(step: Request, row: Row, _value: str) -> None:
    """Make one link for each card: a second tap on the button does not void the first link."""
    actor, once = step.actor(), f"own_account:{row.id}:{row.organization_id}"
    token: list[str] = []
    if not outbox.was_said(step.session, once) and attempt(
        step, row, lambda: token.append(linked_accounts.new_link(step.by(actor)))
    ):
        link = f"https://t.me/{step.bot_username}?start={token[0]}"
        step.say("another_account", once=once, link=link, hours=24 * linked_accounts.DAYS)
    conversation.render(step, row)


def _ask(step: Request, row: Row, value: str) -> None:
    account_id = number(value)
    linked = [one.id for one in linked_accounts.of(step.session, step.actor().user_id)]
    if account_id not in linked:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, MeData(unlink=account_id), to=UNLINK)
    conversation.render(step, row)


def _unlink_screen(tx: Tx, row: Row, t: Texts) -> Message:
    account = accounts.account(tx.session, MeData.of(row).unlink)
    name = account.first_name if account is not None else ""
    return views.ask_to_unlink(t, name or str(t("without a name")), data_of(row))


def alone(step: Request, row: Row, actor: Actor) -> None:
    """Lock the links of this member. Raises OUTDATED where they were just changed."""
    with step.session.no_autoflush:
        leaving.lock(step.by(actor))
        if not conversations.exists(step.session, row.id):
            step.session.expunge(row)
            raise Refusal(Refused.OUTDATED)


def _unlink(step: Request, row: Row, _value: str) -> None:
    """Unlink an account; for the account in use, the conversation ends and its card is deleted."""
    actor, account_id = step.actor(), MeData.of(row).unlink
    alone(step, row, actor)
    card = conversation.render(step, row)
    if account_id == row.account_id:
        outbox.detach(step.session, card)
    if attempt(step, row, lambda: linked_accounts.unlink(step.by(actor), account_id)) and (
        account_id == row.account_id
    ):
        return
    card.organization_id = row.organization_id
    show(step, row, "")


def _unlinked(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    """Tell an account that it was unlinked, with the menu of the organization it acts in now, if any."""
    try:
        role = organization_switch.menu_role(identity.resolve(tx, account_id=rows[0].chat_id))
    except Refusal:
        role = None
    organization = organization_of(tx, rows[0]).name
    text = t("This account is no longer linked to a member of {organization}.", organization=organization)
    return Message(text, menu=Menu(role, t.language))


STATES = {
    ACCOUNTS: State(_screen, {"another": _another, "unlink": _ask}),
    UNLINK: State(_unlink_screen, {"yes": _unlink, "accounts": show}),
}

KINDS = {linked_accounts.UNLINKED: _unlinked}
