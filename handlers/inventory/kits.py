"""Kits: the list, and the card of one with its parts."""

from collections.abc import Callable

from db.models import Conversation as Row
from db.models import Kit
from handlers.i18n.texts import Texts
from handlers.inventory.data import KitData
from handlers.inventory.lists.named_lists import for_keepers, keeper, to_inventory
from handlers.inventory.views import kits as views
from handlers.inventory.views.named_lists import ask_name
from handlers.ui import conversation, routes
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation, ConversationData, State
from handlers.ui.form import attempt, data_of, number, problem_of
from handlers.ui.message import Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import catalog, kits

KIT, NEW, NAME, SEARCH, PIECES = "kit", "new", "name", "search", "pieces"
"""States. Data in all but the list: id, seen (the version that was shown); in PIECES: equipment_id."""


# Screens


def _list(tx: Tx, row: Row, t: Texts) -> Message:
    kept = KitData.of(row)
    words = kept.words
    found = kits.search(tx.of(row.organization_id), words=words, page=kept.page)
    return views.kit_list(t, found, words, data_of(row), problem_of(row, t))


def _kit(tx: Tx, row: Row) -> Kit:
    return kits.get(tx.of(row.organization_id), KitData.of(row).id)


def _card(tx: Tx, row: Row, t: Texts) -> Message:
    kit = _kit(tx, row)
    entry = catalog.kit_entries(tx.of(kit.organization_id), [kit.id])[0]
    view = views.KitCard(
        name=kit.name,
        retired=kit.retired_at is not None,
        parts=tuple(kits.parts(tx.session, kit.id)),
        free_now=entry.free_now,
        pieces=entry.pieces,
        page=KitData.of(row).part_page,
    )
    return views.card(t, view, data_of(row), problem_of(row, t))


def _new_screen(tx: Tx, row: Row, t: Texts) -> Message:
    asks = t("<b>What is the kit called?</b> Write it, such as <i>Camping kit</i>.")
    return ask_name(asks, t, data_of(row), problem_of(row, t))


def _name_screen(tx: Tx, row: Row, t: Texts) -> Message:
    asks = t("<b>{name}</b>: what should it be called?", name=_kit(tx, row).name)
    return ask_name(asks, t, data_of(row), problem_of(row, t))


def _search_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = KitData.of(row)
    words = kept.part_words
    found = catalog.search_equipment(tx.of(row.organization_id), words=words, page=kept.part_page)
    return views.pick_part(t, _kit(tx, row).name, found, words, data_of(row), problem_of(row, t))


def _pieces_screen(tx: Tx, row: Row, t: Texts) -> Message:
    equipment = catalog.get(tx.of(row.organization_id), KitData.of(row).equipment_id)
    name = _kit(tx, row).name
    return views.ask_pieces(t, name, equipment.id, equipment.name, data_of(row), problem_of(row, t))


# The list


def _to_list(step: Request, row: Row, _value: str) -> None:
    kept = KitData.of(row)
    conversation.switch_to(row, routes.KITS, routes.KITS, KitData(words=kept.words, page=kept.page))
    conversation.render(step, row)


_everything = conversation.goto(changes=KitData(words="", page=0))


_page = conversation.goto(changes=lambda value: KitData(page=number(value)))


_part_page = conversation.goto(changes=lambda value: KitData(part_page=number(value)))


def _search(step: Request, row: Row, text: str) -> None:
    conversation.update(row, KitData(words=" ".join(text.split())[:100], page=0, problem=None))


def _open(step: Request, row: Row, value: str) -> None:
    conversation.update(row, KitData(id=number(value), part_page=0), to=KIT)
    _see(step, row)
    conversation.render(step, row)


def _see(step: Request, row: Row) -> None:
    """Remember the version on the card as the one that was seen."""
    conversation.update(row, KitData(seen=_kit(step.tx, row).version))


_ask_new = conversation.goto(NEW)


def _typed_new(step: Request, row: Row, text: str) -> None:
    """Add a kit, and ask for its parts next."""
    actor = keeper(step)
    made: list[Kit] = []
    if attempt(step, row, lambda: made.append(kits.add(step.by(actor), text))):
        conversation.update(row, KitData(id=made[0].id, seen=made[0].version, words="", page=0), to=SEARCH)


# The card of one


def _to_card(step: Request, row: Row, _value: str) -> None:
    conversation.update(row, KitData(part_words="", part_page=0, equipment_id=0), to=KIT)
    _see(step, row)
    conversation.render(step, row)


def _change(step: Request, row: Row, work: Callable[[], object]) -> bool:
    """Change the kit and return whether it was done; if not, the card says why."""
    done = attempt(step, row, work)
    _see(step, row)
    return done


_ask_name = conversation.goto(NAME)


def _typed_name(step: Request, row: Row, text: str) -> None:
    kept = KitData.of(row)
    actor, kit_id, seen = keeper(step), kept.id, kept.seen
    if _change(step, row, lambda: kits.rename(step.by(actor), kit_id, text, seen=seen)):
        conversation.update(row, to=KIT)


def _retire(step: Request, row: Row, _value: str) -> None:
    kept = KitData.of(row)
    actor, kit_id, seen = keeper(step), kept.id, kept.seen
    _change(step, row, lambda: kits.retire(step.by(actor), kit_id, seen=seen))
    conversation.render(step, row)


def _bring_back(step: Request, row: Row, _value: str) -> None:
    kept = KitData.of(row)
    actor, kit_id, seen = keeper(step), kept.id, kept.seen
    _change(step, row, lambda: kits.bring_back(step.by(actor), kit_id, seen=seen))
    conversation.render(step, row)


# Its parts


_ask_part = conversation.goto(SEARCH, KitData(part_words="", part_page=0))


def _search_part(step: Request, row: Row, text: str) -> None:
    """Open the only matching equipment, or show the list of matches."""
    words = " ".join(text.split())[:100]
    found = catalog.search_equipment(step.tx.of(row.organization_id), words=words)
    conversation.update(row, KitData(part_words=words, part_page=0, problem=None))
    if len(found.entries) == 1:
        conversation.update(row, KitData(equipment_id=found.entries[0].equipment_id), to=PIECES)


_all_parts = conversation.goto(changes=KitData(part_words="", part_page=0))


_ask_pieces = conversation.goto(PIECES, lambda value: KitData(equipment_id=number(value)))


def _put(step: Request, row: Row, value: str) -> None:
    equipment, _, pieces = value.partition("/")
    _set_part(step, row, number(equipment), number(pieces))
    conversation.render(step, row)


def _typed_pieces(step: Request, row: Row, text: str) -> None:
    said = text.strip()
    if not (said.isascii() and said.isdigit() and len(said) < 10 and int(said) > 0):
        problem = keep(Refusal(Refused.OUT_OF_RANGE, least=1, most=kits.MOST_OF_A_PART))
        conversation.update(row, ConversationData(problem=problem))
        return
    _set_part(step, row, KitData.of(row).equipment_id, int(said))


def _set_part(step: Request, row: Row, equipment_id: int, pieces: int) -> None:
    kept = KitData.of(row)
    actor, kit_id, seen = keeper(step), kept.id, kept.seen
    done = _change(
        step,
        row,
        lambda: kits.set_part(step.by(actor), kit_id, equipment_id, pieces, seen=seen),
    )
    if done:
        conversation.update(row, KitData(equipment_id=0, part_words="", part_page=0), to=KIT)


_STATES = {
    routes.KITS: State(
        _list,
        {"open": _open, "page": _page, "new": _ask_new, "all": _everything, "back": to_inventory},
        _search,
    ),
    NEW: State(_new_screen, {"back": _to_list}, _typed_new),
    KIT: State(
        _card,
        {
            "put": _put,
            "part": _ask_pieces,
            "parts": _ask_part,
            "page": _part_page,
            "rename": _ask_name,
            "retire": _retire,
            "bring": _bring_back,
            "back": _to_list,
        },
    ),
    NAME: State(_name_screen, {"back": _to_card}, _typed_name),
    SEARCH: State(
        _search_screen,
        {"part": _ask_pieces, "page": _part_page, "all": _all_parts, "back": _to_card},
        _search_part,
    ),
    PIECES: State(_pieces_screen, {"put": _put, "back": _to_card}, _typed_pieces),
}

KITS = Conversation(
    routes.KITS,
    {**for_keepers(_STATES), conversation.OVER: State(conversation.nothing_stays)},
    CANCEL,
    SAVED_STAYS,
)
