"""Buttons that switch between the organizations of one person."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import OutboxMessage
from db.states import Lane, Role
from handlers.i18n.texts import Texts
from handlers.ui import cards, conversation
from handlers.ui.callbacks import Tap
from handlers.ui.form import short
from handlers.ui.message import Menu, Message, Rows
from handlers.ui.refusals import role_name
from handlers.ui.request import Request
from handlers.ui.sentences.organization_header import organization_buttons
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal
from services.core.tx import Tx
from services.members import accounts
from services.messaging import outbox

ME = "me"
"""The conversation whose card shows the organization one acts in (handlers/members/own/me.py)."""


def choices(tx: Tx, account_id: int) -> list[tuple[int, str]]:
    """Return the organizations' ids and button labels, the current one marked; none without a choice."""
    known = accounts.memberships(tx, account_id)
    if all(one.acts_here for one in known):
        return []
    return [(one.organization_id, ("✓ " if one.acts_here else "") + short(one.name)) for one in known]


def buttons(tx: Tx, account_id: int) -> Rows:
    return organization_buttons(choices(tx, account_id))


def switch(step: Request, tap: Tap) -> Markup | None:
    """Act there from now on; the tapped card shows it, or a message tells so."""
    before = accounts.current(step.session, step.sender.account_id)
    there = accounts.switch(step.tx, step.sender.account_id, tap.id)
    card = cards.card_here(step)
    row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    here = (conversation.CARD, row.id) if row is not None and row.name == ME else None
    if row is not None and card is not None and (card.kind, card.subject_id) == here:
        row.organization_id = card.organization_id = there.organization_id
        conversation.reset(row)
        conversation.render(step, row)
    elif before != there.organization_id:
        outbox.send(
            step.tx,
            accounts.SWITCHED,
            chat_id=step.place.chat_id,
            organization_id=there.organization_id,
            lane=Lane.REPLY,
        )
    return step.texts("You are in {organization} now.", organization=there.name)


def switched(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Confirm a switch by a button that is on no card. None where they have left meanwhile."""
    chat_id, organization_id = rows[0].chat_id, rows[0].organization_id or 0
    try:
        actor = identity.resolve(tx, account_id=chat_id, organization_id=organization_id)
    except Refusal:
        return None
    text = t(
        "You are in <b>{organization}</b> now, as {role}.",
        organization=tx.organization_of(organization_id).name,
        role=role_name(t, actor.role),
    )
    return Message(text, buttons(tx, chat_id), menu=Menu(menu_role(actor), t.language))


def menu_role(actor: Actor) -> Role | None:
    """Return the role whose commands the menu shows; None for no member."""
    return actor.role if actor.active else None
