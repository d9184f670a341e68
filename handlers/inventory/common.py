"""Shared by the inventory's screens: permission, button values, conversation data."""

from collections.abc import Callable
from zlib import crc32

from db.models import Conversation as Row
from db.models import Equipment, Item
from db.states import Role
from handlers.inventory.data import InventoryData
from handlers.ui import conversation, routes
from handlers.ui.conversation import ConversationData, OnTap, OnText
from handlers.ui.form import attempt
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.inventory import catalog

ABOUT_EQUIPMENT, ABOUT_ITEM = "equipment", "item"
"""Values of `InventoryData.about`: the kind of thing that is edited."""

Handle = Callable[[Request, Row, Actor, str], None]


def keeper(step: Request, row: Row) -> Actor:
    """Return the acting admin. Raises NOT_ALLOWED, OUTDATED where they act elsewhere by now."""
    actor = step.active()
    actor.require(Role.ADMIN)
    if actor.organization_id != row.organization_id:
        raise Refusal(Refused.OUTDATED)
    return actor


def tap(handle: Handle, *, about_a_thing: bool = False) -> OnTap:
    """Wrap a handler of buttons for admins; the card is drawn again afterwards.

    With `about_a_thing` it does nothing where the card is not about a thing any more.
    """

    def on_tap(step: Request, row: Row, value: str) -> None:
        actor = keeper(step, row)
        conversation.update(row, InventoryData(note=""))
        _settle(step, row)
        if not about_a_thing or InventoryData.of(row).equipment_id:
            handle(step, row, actor, value)
        conversation.render(step, row)

    return on_tap


def answer(handle: Handle) -> OnText:
    """Wrap a handler of typed text or a photo's file id from admins; the caller draws the card."""

    def on_answer(step: Request, row: Row, text: str) -> None:
        actor = keeper(step, row)
        conversation.update(row, InventoryData(note="", problem=None))
        _settle(step, row)
        handle(step, row, actor, text)

    return on_answer


def going_to(state: str) -> Handle:
    """Return a handler that only goes to another state; `tap` does the rest."""
    return lambda step, row, actor, value: conversation.update(row, to=state)


def _settle(step: Request, row: Row) -> None:
    """Complete the data after a switch from another conversation, which passes only the thing's id."""
    if row.state == routes.ITEM:
        item = catalog.get_item(step.tx.of(row.organization_id), InventoryData.of(row).item_id)
        conversation.update(row, InventoryData(about=ABOUT_ITEM, equipment_id=item.equipment_id))
    elif row.state == routes.EQUIPMENT:
        conversation.update(row, InventoryData(about=ABOUT_EQUIPMENT, item_id=0))


def token(name: str) -> str:
    """Return a short token for a name on a button."""
    return f"{crc32(name.encode()):08x}"


def named(names: list[str], value: str) -> str:
    """Return the name whose token a button carries. Raises OUTDATED where it is gone."""
    found = next((name for name in names if token(name) == value), None)
    if found is None:
        raise Refusal(Refused.OUTDATED)
    return found


def refuse(row: Row, why: Refused, **data: object) -> None:
    conversation.update(row, ConversationData(problem=keep(Refusal(why, **data))))


def save(step: Request, row: Row, work: Callable[[], object]) -> bool:
    """Run `attempt`; after CHANGED_MEANWHILE the version shown now counts as seen."""
    if attempt(step, row, work):
        return True
    if InventoryData.of(row).refused == Refused.CHANGED_MEANWHILE:
        conversation.update(row, InventoryData(version=thing(step, row).version))
    return False


def thing(step: Request, row: Row) -> Equipment | Item:
    """Return the thing that is edited. Raises NOT_FOUND."""
    organization_id = row.organization_id or 0
    if InventoryData.of(row).about == ABOUT_ITEM:
        return catalog.get_item(step.tx.of(organization_id), InventoryData.of(row).item_id)
    return catalog.get(step.tx.of(organization_id), InventoryData.of(row).equipment_id)
