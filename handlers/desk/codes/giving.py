"""A code that is not known: given to a thing, which it leads to from then on."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from pydantic import Field

from db.models import Conversation as Row
from db.models import Item
from db.states import Role
from handlers.desk.codes import views
from handlers.desk.counter import hand_out_now
from handlers.desk.item_card import named
from handlers.desk.item_card_views import Verb as OnItem
from handlers.i18n.texts import Texts
from handlers.ui import conversation
from handlers.ui.callbacks import Tap, pack
from handlers.ui.conversation import CANCEL, Conversation, ConversationData, State
from handlers.ui.form import attempt, data_of, number, problem_of, short
from handlers.ui.message import Button, Message
from handlers.ui.refusals import keep
from handlers.ui.registry import Params
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import lookup
from services.inventory import catalog
from services.inventory.codes import stickers

NAME = "give_code"
WHICH = "which"

MOST_SHOWN = 8
"""Items that are one tap away."""


class GivingData(ConversationData):
    """The code, the words that the thing was searched by, and the item that the code was given to.

    `hand_out`: what was being handed out, and goes on afterwards.
    """

    code: str = ""
    words: str = ""
    item_id: int = 0
    hand_out: dict[str, Any] = Field(default_factory=dict)


def offer(step: Request, actor: Actor, code: str) -> None:
    """Tell a lender that a code is not known, with the button that gives it to a thing."""
    step.say("give_code", code=code, organization=actor.organization_id)


def offered(t: Texts, p: Params) -> Message:
    return views.unknown(t, p["code"], p["organization"])


def unknown(t: Texts, p: Params) -> Message:
    return views.unknown(t, p["code"], None)


def begin(step: Request, tap: Tap) -> Markup | None:
    """Ask which thing has the code. Raises NOT_ALLOWED, NOT_FOUND, OUTDATED."""
    if not tap.arg:
        raise Refusal(Refused.OUTDATED)
    actor = step.actor_in(tap.id)
    actor.require(Role.LENDER)
    data = GivingData(code=tap.arg, hand_out=hand_out_now.paused(step, tap.id))
    row = conversation.start(step, NAME, WHICH, data, organization_id=tap.id)
    conversation.render(step, row)
    return None


def take_item(step: Request, actor: Actor, item: Item) -> bool:
    """Give the code to an item that was scanned while it is asked for; return whether it was."""
    row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    if row is None or row.name != NAME or row.organization_id != item.organization_id:
        return False
    _give(step, row, item)
    conversation.render(step, row, renew=True)
    return True


def _give(step: Request, row: Row, item: Item) -> None:
    tx = step.by(step.active())
    code = GivingData.of(row).code
    if not attempt(step, row, lambda: stickers.add(tx, item.id, code)):
        return
    if was := GivingData.of(row).hand_out:
        name = lookup.describe(tx, item.id).equipment
        step.say("code_given", code=code, own=item.code, name=name)
        hand_out_now.go_on(step, row, was, item)
    else:
        conversation.update(row, GivingData(item_id=item.id, outcome="given"), to=conversation.OVER)


def _cancel(step: Request, row: Row, value: str) -> None:
    """Give the code to nothing; what was being handed out goes on."""
    if was := GivingData.of(row).hand_out:
        hand_out_now.go_on(step, row, was)
        conversation.render(step, row)
    else:
        CANCEL["cancel"](step, row, value)


def given(t: Texts, p: Params) -> Message:
    return views.given(t, p["code"], p["own"], p["name"])


def _typed(step: Request, row: Row, text: str) -> None:
    """Take the item by its code, else search the equipment by words."""
    tx, words = step.by(step.active()), text.strip()[:100]
    try:
        item = named(tx, words) if words else None
    except Refusal:
        item = None
    if item is not None:
        _give(step, row, item)
        return
    conversation.update(row, GivingData(words=words))
    if not _shown(tx, words):
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.NOT_FOUND))))


def _tapped(step: Request, row: Row, value: str) -> None:
    item = catalog.get_item(step.by(step.active()), number(value))
    _give(step, row, item)
    conversation.render(step, row)


def _shown(tx: Tx, words: str) -> Sequence[Item]:
    """Return the items of the equipment with these words, as many as are shown."""
    if not words:
        return ()
    found = catalog.search_equipment(tx, words=words, per_page=MOST_SHOWN).entries
    items = [item for entry in found for item in catalog.items_of(tx.session, entry.equipment_id)]
    return items[:MOST_SHOWN]


def _which(tx: Tx, row: Row, t: Texts) -> Message:
    kept = GivingData.of(row)
    tx = tx.of(row.organization_id or 0)
    items = [(item.id, item.code, lookup.describe(tx, item.id).equipment) for item in _shown(tx, kept.words)]
    return views.which(t, kept.code, items, problem_of(row, t), data_of(row))


def _over(tx: Tx, row: Row, t: Texts) -> Message:
    kept = GivingData.of(row)
    if kept.outcome != "given":
        return Message(t("Cancelled. The code leads to nothing."))
    described = lookup.describe(tx, kept.item_id)
    following = Button(
        t("Next: {code}", code=short(described.item.code, 24)).unescape(), pack(OnItem.NEXT, kept.item_id)
    )
    return views.given(t, kept.code, described.item.code, described.equipment, following)


TALK = Conversation(
    NAME,
    {WHICH: State(_which, {"item": _tapped}, _typed), conversation.OVER: State(_over)},
    {"cancel": _cancel},
)
