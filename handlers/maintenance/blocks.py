"""Blocks: pieces, first and last day, reason; and the list of blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from db.models import Conversation as Row
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.maintenance import block_days as days
from handlers.maintenance import block_pieces as pieces
from handlers.maintenance import block_screens as screens
from handlers.maintenance import block_views as views
from handlers.maintenance.block_days import CHECK, FIRST, LAST
from handlers.maintenance.block_pieces import CHOOSE
from handlers.maintenance.data import BlockData
from handlers.ui import conversation, routes
from handlers.ui.conversation import SAVED_STAYS, Conversation, OnTap, State
from handlers.ui.form import FROM, UNTIL, attempt, number
from handlers.ui.message import Message
from handlers.ui.request import Request
from handlers.ui.routes import BLOCK, BLOCKS, PIECES
from handlers.ui.widgets import date_range, reason
from services.core.errors import Refusal, Refused
from services.core.text import fold
from services.core.tx import Tx
from services.inventory import catalog, listing
from services.inventory.search.word_search import is_asked_for
from services.maintenance import blocks

KIND = "kind"


@dataclass(frozen=True)
class About:
    """The subject of a block, as far as it is known: an item, or equipment (of several `kinds` one is tapped)
    with a number or some items, and days as handlers/ui/widgets/date_range.py keeps them.
    """

    equipment_id: int = 0
    kinds: tuple[int, ...] = ()
    item_id: int = 0
    pieces: int = 0
    items: tuple[int, ...] = ()
    first: str = ""
    last: str = ""


def begin(step: Request, about: About) -> None:
    """Begin with what is known, and ask for the rest; of several, one is chosen. Raises NOT_ALLOWED."""
    actor = step.active()
    actor.require(Role.ADMIN)
    data = BlockData(kinds=about.kinds, item_id=about.item_id)
    row = conversation.start(step, BLOCK, KIND, data, organization_id=actor.organization_id)
    conversation.update(row, BlockData(pieces=about.pieces, first=about.first, last=about.last))
    if about.equipment_id:
        _go_on(step, row, about.equipment_id, about.items)
    conversation.render(step, row)


def _go_on(step: Request, row: Row, equipment_id: int, items: tuple[int, ...] = ()) -> None:
    """Go on with this equipment, and with the number and the days that were said."""
    kept = BlockData.of(row)
    only = 1 if blocks.lendable(step.tx, equipment_id) == 1 else 0
    conversation.update(row, BlockData(equipment_id=equipment_id, items=items, pieces=0), to=PIECES)
    if items:
        conversation.update(row, to=FIRST)
    if kept.item_id or items:
        days.take_said(step, row)
    elif kept.pieces or only:
        pieces.take_pieces(step, row, kept.pieces or only)


def _tap_kind(step: Request, row: Row, value: str) -> None:
    if number(value) not in BlockData.of(row).kinds:
        raise Refusal(Refused.OUTDATED)
    _go_on(step, row, number(value))


def _called(step: Request, row: Row, text: str) -> list[int]:
    """Return those that are called so, of the kinds that are to choose from."""
    words, own = " ".join(text.split())[:100], step.tx.of(row.organization_id)
    return [one for one in BlockData.of(row).kinds if is_asked_for(catalog.get(own, one).name, "", words)]


def _is_kind(step: Request, row: Row, text: str) -> bool:
    return len(_called(step, row, text)) == 1


def _typed_kind(step: Request, row: Row, text: str) -> None:
    step.active().require(Role.ADMIN)
    said = _called(step, row, text)
    if len(said) == 1:
        _go_on(step, row, said[0])
    else:
        days.problem(row, Refusal(Refused.TAP_EXPECTED))


def _keepers(handle: OnTap) -> OnTap:
    """Wrap a handler for admins, and draw the card afterwards."""

    @wraps(handle)
    def checked(step: Request, row: Row, value: str) -> None:
        step.active().require(Role.ADMIN)
        handle(step, row, value)
        conversation.render(step, row)

    return checked


def _tap_why(step: Request, row: Row, value: str) -> None:
    """Create the block. The reason is stored in the organization's language, as members read it."""
    _block(step, row, reason.tapped(step, row, value, views.reasons))


def _block(step: Request, row: Row, why: str) -> None:
    asked, actor = screens.asked_of(row, step.texts), step.active()
    kept = BlockData.of(row)
    if attempt(step, row, lambda: blocks.create(step.by(actor), asked, reason=why, seen=kept.seen)):
        conversation.switch_to(row, BLOCK, BLOCKS, BlockData(equipment_id=kept.equipment_id, done=True))
    elif BlockData.of(row).refused == Refused.MORE_RENTALS_AFFECTED:
        days.look(step, row)


def _to_blocks(step: Request, row: Row, value: str) -> None:
    conversation.update(row, BlockData(page=number(value or "0"), done=False), to=BLOCKS)


def _all_blocks(step: Request, row: Row, _value: str) -> None:
    conversation.update(row, BlockData(all=True, page=0, done=False))


def _typed_what(step: Request, row: Row, text: str) -> None:
    """Start a block by a code or a name; show the inventory where that is ambiguous."""
    step.active().require(Role.ADMIN)
    organization_id, words = row.organization_id or 0, " ".join(text.split())[:100]
    item = catalog.item_by_code(step.tx.of(organization_id), words)
    if item is not None:
        conversation.switch_to(row, BLOCK, PIECES, BlockData(equipment_id=item.equipment_id, item_id=item.id))
        return
    found = listing.find(step.tx.of(organization_id), words=words)
    same = [e for e in found.entries if fold(e.name) == fold(words)] or list(found.entries)
    if len(same) == 1:
        conversation.switch_to(row, BLOCK, PIECES, BlockData(equipment_id=same[0].equipment_id))
    else:
        conversation.switch_to(row, routes.INVENTORY, routes.LIST, routes.Subject(words=words))


def _end(step: Request, row: Row, value: str) -> None:
    actor, block_id = step.active(), number(value)
    attempt(step, row, lambda: blocks.end(step.by(actor), block_id))
    conversation.update(row, BlockData(done=False, page=0))


def _to_pieces(step: Request, row: Row, _value: str) -> None:
    conversation.switch_to(row, BLOCK, PIECES, BlockData(equipment_id=BlockData.of(row).equipment_id))


def _leave(step: Request, row: Row, _value: str) -> None:
    """Return to the start: the card of the item, of the equipment, or the list."""
    about = BlockData.of(row)
    state = routes.LIST
    if about.item_id:
        state = routes.ITEM
    elif about.equipment_id:
        state = routes.EQUIPMENT
    subject = routes.Subject(equipment_id=about.equipment_id, item_id=about.item_id)
    conversation.switch_to(row, routes.INVENTORY, state, subject)


def _taps(**taps: OnTap) -> dict[str, Callable[[Request, Row, str], None]]:
    return {word: _keepers(tap) for word, tap in taps.items()}


def _cancel(step: Request, row: Row, _value: str) -> None:
    conversation.end(step, row, "closed" if row.state == BLOCKS else "cancelled")


def _over(tx: Tx, row: Row, t: Texts) -> Message | None:
    """Show a cancellation; after the list of blocks the card is removed."""
    return Message(t("Cancelled. Nothing was blocked.")) if BlockData.of(row).outcome == "cancelled" else None


BLOCKING = Conversation(
    BLOCK,
    states={
        KIND: State(screens.kind, _taps(kind=_tap_kind), _typed_kind, fits=_is_kind),
        PIECES: State(
            screens.pieces,
            _taps(
                pieces=pieces.tap_pieces,
                choose=pieces.to_choose,
                blocks=_to_blocks,
                back=_leave,
                **{FROM: days.DAYS.tapped_first},
            ),
            pieces.typed_pieces,
            fits=conversation.no_text,
        ),
        CHOOSE: State(
            screens.choose,
            _taps(item=pieces.tap_item, choose=pieces.to_choose, chosen=pieces.chosen, back=_to_pieces),
            pieces.typed_codes,
            fits=conversation.no_text,
        ),
        FIRST: State(
            screens.first_day,
            _taps(**{FROM: days.DAYS.tapped_first}, back=_to_pieces),
            days.DAYS.typed_first,
            fits=date_range.is_day,
        ),
        LAST: State(
            screens.last_day,
            _taps(**{UNTIL: days.DAYS.tapped_last}, back=days.back_to_first),
            days.DAYS.typed_last,
            fits=date_range.is_day,
        ),
        CHECK: State(screens.check, _taps(why=_tap_why, back=days.back_to_last), _block),
        BLOCKS: State(
            screens.block_list,
            _taps(end=_end, blocks=_to_blocks, all=_all_blocks, more=_to_pieces, back=_leave),
            _typed_what,
            fits=conversation.no_text,
        ),
        conversation.OVER: State(_over),
    },
    fallbacks={"cancel": _cancel, **_taps(month=days.show_month)},
    stopped=SAVED_STAYS,
)
