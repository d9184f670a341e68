"""`/inventory`: search, open an equipment or an item, retire it, bring it back."""

from collections.abc import Mapping

from db.models import Conversation as Row
from db.models import Item
from db.states import LENDABLE, Condition
from handlers.i18n.texts import Texts
from handlers.inventory import screens
from handlers.inventory.common import ABOUT_EQUIPMENT, ABOUT_ITEM, answer, tap
from handlers.inventory.data import InventoryData, KitData
from handlers.inventory.kits import KIT
from handlers.inventory.screens import Others
from handlers.inventory.views.forms import yes_to
from handlers.ui import conversation, routes
from handlers.ui.conversation import ConversationData, OnTap, State
from handlers.ui.form import attempt, number
from handlers.ui.refusals import condition_name
from handlers.ui.request import Request
from handlers.ui.routes import EQUIPMENT, INVENTORY, ITEM, LIST
from handlers.ui.widgets import elsewhere
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.text import fold
from services.core.tx import Tx
from services.inventory import catalog, kits, listing
from services.maintenance import damage, service_status
from services.members import directory

ITEMS, SURELY = "items", "surely"
_LONGEST_SEARCH = 100


def begin(step: Request, words: str) -> None:
    """Handle `/inventory [words]`: show the list, or the only match. Raises NOT_ALLOWED."""
    actor = step.active()
    listing.require_keeper(actor)
    row = conversation.start(step, INVENTORY, LIST, organization_id=actor.organization_id)
    if words.strip():
        look_for(step, row, actor, words)
    conversation.render(step, row)


def begin_at(step: Request, item: Item) -> None:
    """Show an item that was scanned. Raises NOT_ALLOWED."""
    actor = step.active()
    listing.require_keeper(actor)
    row = conversation.start(step, INVENTORY, LIST, organization_id=actor.organization_id)
    _to_item(row, item)
    conversation.render(step, row)


def look_for(step: Request, row: Row, actor: Actor, words: str) -> None:
    """Open an item by its code or serial number, or the only matching equipment; else show the list.

    Retired equipment is searched where there is no match in use, and the other way round.
    """
    words = " ".join(words.split())[:_LONGEST_SEARCH]
    tx = step.by(actor)
    item = listing.item_by_number(tx, words)
    if item is not None:
        _to_item(row, item)
        return
    conversation.update(row, InventoryData(words=words, page=0), to=LIST)
    for retired in (InventoryData.of(row).retired, not InventoryData.of(row).retired):
        found = listing.find(tx, words=words, retired=retired, per_page=50)
        if found.total:
            break
    else:
        _open_kit(row, tx, words)
        return
    conversation.update(row, InventoryData(retired=retired))
    same = [e for e in found.entries if fold(e.name) == fold(words)]
    if words and (len(same) == 1 or found.total == 1):
        conversation.update(row, InventoryData(words="", retired=False))
        to_equipment(row, (same or list(found.entries))[0].equipment_id)


def _open_kit(row: Row, tx: Tx, words: str) -> None:
    """Go on with the only kit that has these words, if there is one."""
    found = kits.search(tx, words=words, per_page=1)
    if found.total == 1:
        kit = kits.get(tx, found.entries[0].id)
        conversation.switch_to(row, routes.KITS, KIT, KitData(id=kit.id, seen=kit.version))


def to_equipment(row: Row, equipment_id: int, note: str = "") -> None:
    conversation.update(
        row,
        InventoryData(
            equipment_id=equipment_id, item_id=0, about=ABOUT_EQUIPMENT, items_page=0, version=0, note=note
        ),
        to=EQUIPMENT,
    )


def _to_item(row: Row, item: Item) -> None:
    conversation.update(
        row,
        InventoryData(item_id=item.id, equipment_id=item.equipment_id, about=ABOUT_ITEM, version=0),
        to=ITEM,
    )


def to_card(row: Row) -> None:
    """Return to the card of the thing that was edited."""
    state = ITEM if InventoryData.of(row).about == ABOUT_ITEM else EQUIPMENT
    conversation.update(row, InventoryData(version=0, condition=None, giving_up=()), to=state)


def to_list(row: Row) -> None:
    kept = InventoryData.of(row)
    found = InventoryData(words=kept.words, page=kept.page, retired=kept.retired)
    conversation.reset(row, found, to=LIST)


# Taps


def _people(step: Request, row: Row, actor: Actor, value: str) -> None:
    user_id = number(value)
    if user_id:
        directory.get(step.by(actor), user_id)
    elsewhere.to_people(row, InventoryData.of(row).words, user_id)


def _open(step: Request, row: Row, actor: Actor, value: str) -> None:
    to_equipment(row, number(value))
    screens.equipment(step.tx, row)


def _page(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, InventoryData(page=number(value)))


def _retired(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, InventoryData(retired=value == "1", page=0))


def _everything(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.reset(row, to=LIST)


def back_to_list(step: Request, row: Row, actor: Actor, value: str) -> None:
    to_list(row)


def _items(step: Request, row: Row, actor: Actor, value: str) -> None:
    equipment_id = InventoryData.of(row).equipment_id
    page = InventoryData.of(row).items_page if row.state == ITEM else number(value or "0")
    to_equipment(row, equipment_id)
    conversation.update(row, InventoryData(items_page=page), to=ITEMS)


def _item(step: Request, row: Row, actor: Actor, value: str) -> None:
    _to_item(row, catalog.get_item(step.by(actor), number(value)))


def _equipment(step: Request, row: Row, actor: Actor, value: str) -> None:
    to_equipment(row, InventoryData.of(row).equipment_id)


def back_to_card(step: Request, row: Row, actor: Actor, value: str) -> None:
    to_card(row)


def _set(step: Request, row: Row, actor: Actor, value: str) -> None:
    """Set the item's condition; ask first where others are affected."""
    name, _, seen = value.partition(" ")
    if name not in set(Condition) - {Condition.RETIRED}:
        raise Refusal(Refused.OUTDATED)
    condition = Condition(name)
    conversation.update(row, InventoryData(condition=condition, version=number(seen)))
    lent = condition in LENDABLE
    if lent or (attempt(step, row, lambda: _look(step, row)) and not _concerns_others(step, row)):
        _do(step, row, actor)


def _concerns_others(step: Request, row: Row) -> bool:
    """Return whether a rental loses the item, or it is out with somebody who is not asked for it any more."""
    return bool(InventoryData.of(row).giving_up) or screens.holder(step.tx, row) is not None


def _retire(step: Request, row: Row, actor: Actor, value: str) -> None:
    """Ask for confirmation, if it can be retired at all."""
    condition = Condition.RETIRED if row.state == ITEM else None
    conversation.update(row, InventoryData(condition=condition, version=number(value)))
    attempt(step, row, lambda: _look(step, row))


def _look(step: Request, row: Row) -> None:
    """Show the losses on the card; a Yes confirms these and no others."""
    lost = InventoryData.of(row).condition == Condition.LOST
    ids = screens.concerned(step.tx, row)
    losses = service_status.would_lose(step.tx, ids, lost=lost)
    conversation.update(row, InventoryData(giving_up=tuple(loss.rental_id for loss in losses)), to=SURELY)


def _yes(step: Request, row: Row, actor: Actor, value: str) -> None:
    asked = InventoryData.of(row)
    if value != yes_to(asked.giving_up):
        # Tapped on an earlier version of the question.
        return
    if not _do(step, row, actor) and InventoryData.of(row).refused == Refused.ITEM_PROMISED:
        # Another rental was allocated it meanwhile: show that, and ask once more.
        problem = InventoryData.of(row).problem
        conversation.update(row, InventoryData(version=asked.version, condition=asked.condition))
        if attempt(step, row, lambda: _look(step, row)):
            conversation.update(row, ConversationData(problem=problem))


def _do(step: Request, row: Row, actor: Actor) -> bool:
    kept = InventoryData.of(row)
    condition = kept.condition
    # Members read it in the organization's language.
    texts = Texts(step.by(actor).organization.language)
    reason = str(condition_name(texts, condition or Condition.RETIRED)).capitalize()

    def change() -> None:
        if condition is not None:
            service_status.set_condition(
                step.by(actor),
                kept.item_id,
                condition=condition,
                seen=kept.version,
                giving_up=kept.giving_up,
                reason=reason,
            )
        else:
            service_status.retire(
                step.by(actor), kept.equipment_id, seen=kept.version, giving_up=kept.giving_up, reason=reason
            )

    done = attempt(step, row, change)
    to_card(row)
    return done


def _back_in_use(step: Request, row: Row, actor: Actor, value: str) -> None:
    attempt(
        step,
        row,
        lambda: service_status.bring_back(
            step.by(actor), InventoryData.of(row).equipment_id, seen=number(value)
        ),
    )


def _leads(others: Others) -> conversation.OnTap:
    """Return the tap that switches to another conversation on this card."""

    def go(step: Request, row: Row, actor: Actor, name: str) -> None:
        if name not in others:
            raise Refusal(Refused.OUTDATED)
        kept, subject = InventoryData.of(row), None
        if name in screens.FROM_EQUIPMENT:
            subject = routes.Subject(equipment_id=kept.equipment_id, item_id=kept.item_id)
        state = name
        if name == routes.BLOCK:
            state = routes.BLOCKS if row.state == LIST else routes.PIECES
        conversation.switch_to(row, name, state, subject)

    return tap(go)


def states(others: Others) -> dict[str, State]:
    """Return the states that show something; those that ask are in edit.py and add.py."""
    search = answer(look_for)
    go = _leads(others)
    return {
        LIST: State(
            screens.equipment_list(others),
            {
                "open": tap(_open),
                "page": tap(_page),
                "retired": tap(_retired),
                "all": tap(_everything),
                elsewhere.PEOPLE: tap(_people),
                "go": go,
            },
            search,
            fits=conversation.no_text,
        ),
        EQUIPMENT: State(
            screens.equipment_card(others),
            {"retire": tap(_retire), "back_in_use": tap(_back_in_use), "go": go},
            search,
            fits=conversation.no_text,
        ),
        ITEMS: State(screens.items, {"item": tap(_item)}, search, fits=conversation.no_text),
        ITEM: State(
            screens.item_card(others),
            {"set": tap(_set), "retire": tap(_retire), "go": go, **TAPS},
            search,
            fits=conversation.no_text,
        ),
        SURELY: State(screens.surely, {"yes": tap(_yes)}),
        conversation.OVER: State(screens.over),
    }


MOVES: dict[str, conversation.OnTap] = {
    "list": tap(back_to_list),
    "items": tap(_items, about_a_thing=True),
    "equipment": tap(_equipment, about_a_thing=True),
    "card": tap(back_to_card, about_a_thing=True),
}
"""Buttons that lead between the cards, from any state."""


def _problem(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.switch_to(
        row, routes.PROBLEM, routes.ASK, routes.Subject(item_id=InventoryData.of(row).item_id, lender=True)
    )


def _repaired(step: Request, row: Row, actor: Actor, value: str) -> None:
    attempt(step, row, lambda: damage.close(step.by(actor), number(value)))


TAPS: Mapping[str, OnTap] = {"problem": tap(_problem), "repaired": tap(_repaired)}
