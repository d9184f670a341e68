"""`/token`: a member's tokens for the HTTP API.

A new one is answered directly, never by the outbox: it is shown once, and stored nowhere.
"""

from collections.abc import Sequence
from enum import unique

from markupsafe import Markup
from telegram import Update

from db.models import ApiToken
from db.states import Role
from handlers.access.login import LoginVerb
from handlers.i18n.texts import Texts, lines
from handlers.telegram.context import Context
from handlers.telegram.dispatch import texts_for, within
from handlers.telegram.replying import answer_tap, reply
from handlers.ui.callbacks import AnyVerb, Tap, pack
from handlers.ui.limits import cut
from handlers.ui.message import Button, Message
from handlers.ui.refusals import explain, role_name
from handlers.ui.request import Request, place_of
from services.access import tokens
from services.access.tokens import Made
from services.core.errors import Refusal, Refused

_MOST_BUTTONS = 10
_ROLES = {"member": Role.USER, "medlem": Role.USER, **{role.value: role for role in Role}}


@unique
class TokenVerb(AnyVerb):
    NEW_TOKEN = "tn"
    REVOKE_TOKEN = "tx"  # id: token


def makes(words: str) -> bool:
    """Return whether the command makes a token: with a name it does."""
    return bool(words.strip())


def command(step: Request, words: str) -> Message:
    """Show one's tokens; or make one: `/token Kiosk`, or `/token Kiosk lender` for no more than that."""
    if not words.strip():
        tx = step.by(step.active())
        password_in = tx.organization_id if tx.policy.passwords else None
        return listed(step.texts, tokens.listed(tx), password_in)
    name, _, last = words.strip().rpartition(" ")
    role = _ROLES.get(last.lower())
    if not name.strip() or role is None:
        name, role = words.strip(), None
    return new(step, name, role)


def new(step: Request, name: str = "", role: Role | None = None) -> Message:
    """Make a token, with a number for a name where none is given."""
    tx = step.by(step.active())
    if not name:
        name = step.texts("Token {n}", n=len(tokens.listed(tx)) + 1).unescape()
    made = tokens.make(tx, name=name, role=role)
    return shown(step.texts, made, tx.organization.name)


async def tapped_new(update: Update, context: Context) -> None:
    try:
        place = place_of(update)
        if place is None or place.is_group:
            raise Refusal(Refused.OUTDATED)
        message = await within(update, context, new, acts=True)
    except Refusal as refusal:
        t = await texts_for(update, context)
        await answer_tap(update, str(explain(t, refusal).striptags()), alert=True)
        return
    await answer_tap(update, None)
    if message is not None:
        await reply(update, context, message)


def revoke(step: Request, tap: Tap) -> Markup:
    token = tokens.revoke(step.by(step.active()), tap.id)
    return step.texts("“{name}” no longer works.", name=cut(token.name, 60))


def listed(t: Texts, found: Sequence[ApiToken], password_in: int | None) -> Message:
    """Show a member's tokens, without their secrets; `password_in`: the organization, if it has passwords."""
    head = t(
        "With a token, a program acts in your name through the HTTP API. Whoever has it can do what you can."
    )
    each, revoking = [], []
    for one in found[:_MOST_BUTTONS]:
        until = t.day(t.local(one.expires_at).date())
        each.append(
            t(
                "• <b>{name}</b>: {role}, until {until}",
                name=cut(one.name, 60),
                role=role_name(t, one.role),
                until=until,
            )
        )
        label = str(t("Revoke “{name}”", name=cut(one.name, 30)).unescape())
        revoking.append((Button(label, pack(TokenVerb.REVOKE_TOKEN, one.id)),))
    hint = t("<code>/token Kiosk member</code> makes one with that name, for no more than a member may.")
    new = [Button(str(t("New token")), pack(TokenVerb.NEW_TOKEN))]
    if password_in is not None:
        new.append(Button(str(t("New password")), pack(LoginVerb.NEW_PASSWORD, password_in)))
    return Message(lines(head, *each, hint), (tuple(new), *revoking))


def shown(t: Texts, made: Made, organization: str) -> Message:
    """Show a new token, once."""
    text = lines(
        t(
            "Token <b>{name}</b> for {organization}, as {role}, until {until}:",
            name=made.name,
            organization=organization,
            role=role_name(t, made.role),
            until=t.day(t.local(made.expires_at).date()),
        ),
        Markup("<code>{}</code>").format(made.secret),
        t("Copy it now: I do not keep it. Treat it like a password."),
    )
    return Message(
        text,
        (
            (Button(str(t("Copy")), copy=made.secret),),
            (Button(str(t("Revoke")), pack(TokenVerb.REVOKE_TOKEN, made.id)),),
        ),
    )
