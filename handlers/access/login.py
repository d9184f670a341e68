"""Signing in elsewhere: confirming a login by QR code, and codes for a password."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import Update

from db.models import LoginLink, OutboxMessage
from handlers.i18n.texts import Texts, lines
from handlers.telegram.context import Context
from handlers.telegram.dispatch import texts_for, within
from handlers.telegram.replying import answer_tap, reply
from handlers.ui.callbacks import AnyVerb, Tap, pack
from handlers.ui.cards import organization_of
from handlers.ui.limits import cut
from handlers.ui.message import Button, Message
from handlers.ui.refusals import explain
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Request, place_of
from services.access import links, passwords
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import directory


class LoginVerb(AnyVerb):
    """Buttons of logins."""

    LOG_IN = "ly"  # id: login link
    NO_LOGIN = "ln"  # id: login link
    NEW_PASSWORD = "np"  # id: organization


def begin(step: Request, payload: str) -> Message:
    """Ask whoever opened a login's link whether it is theirs. Raises LINK_OVER."""
    tx = step.by(step.active())
    return question(step.texts, links.opened(tx, payload), tx.organization.name)


def question(t: Texts, row: LoginLink, organization: str) -> Message:
    text = lines(
        t(
            "<b>{name}</b> wants to sign in as you at {organization}.",
            name=cut(row.name, 60),
            organization=organization,
        ),
        t("Confirm only what you have just begun yourself."),
    )
    yes = Button(str(t("Sign in")), pack(LoginVerb.LOG_IN, row.id))
    no = Button(str(t("No")), pack(LoginVerb.NO_LOGIN, row.id))
    return Message(text, ((yes, no),))


def confirm(step: Request, tap: Tap) -> Markup:
    links.confirm(step.by(step.active()), tap.id)
    return step.texts("You are signed in there.")


def refuse(step: Request, tap: Tap) -> Markup:
    links.refuse(step.by(step.active()), tap.id)
    return step.texts("Nobody was signed in.")


def code(step: Request, organization_id: int | None = None) -> Message:
    """Make a code for a password, here or in this organization. Raises PASSWORDS_OFF."""
    tx = step.by(step.active() if organization_id is None else step.actor_in(organization_id))
    tx.actor.require_active()
    passwords.own_hash(tx)
    made = links.for_password(tx, directory.user(tx.session, tx.actor.user_id))
    t = step.texts
    text = lines(
        t("With this code you set your password, once, within 15 minutes:"),
        Markup("<code>{}</code>").format(made),
        t("Do not share it."),
    )
    return Message(text, ((Button(str(t("Copy")), copy=made),),))


async def tapped_password(update: Update, context: Context) -> None:
    """Send a code directly: it is stored nowhere as it is."""
    try:
        place = place_of(update)
        if place is None or place.is_group:
            raise Refusal(Refused.OUTDATED)
        tap = REGISTRY.unpack(update.callback_query.data if update.callback_query is not None else None)
        organization_id = tap.id if tap is not None else None
        message = await within(update, context, lambda step: code(step, organization_id), acts=True)
    except Refusal as refusal:
        t = await texts_for(update, context)
        await answer_tap(update, str(explain(t, refusal).striptags()), alert=True)
        return
    await answer_tap(update, None)
    if message is not None:
        await reply(update, context, message)


def asked(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    """Tell a member that somebody asked for a new password."""
    of = organization_of(tx, rows[0])
    text = lines(
        t("Somebody wants a new password for you at {organization}.", organization=of.name),
        t("If that is you, tap the button. If it is not, do nothing."),
    )
    return Message(text, ((Button(str(t("New password")), pack(LoginVerb.NEW_PASSWORD, of.id)),),))
