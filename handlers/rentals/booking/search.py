"""From typed or tapped equipment, items and kits to lines of the basket."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.models import Conversation as Row
from db.models import Rental
from handlers.parsing.quantities import Thing
from handlers.rentals.booking import dates, screens
from handlers.rentals.booking.data import RentData
from handlers.rentals.booking.dates import BASKET, FIRST
from handlers.ui import conversation, form
from handlers.ui.conversation import ConversationData
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.availability import reservations
from services.availability.reservations import Lines
from services.core.errors import Refusal, Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.inventory import catalog, kits
from services.inventory.search import near_names
from services.inventory.search.word_search import is_asked_for, is_called
from services.rentals.booking import baskets, request
from services.rentals.changes import contents

PICK = "pick"


def search(step: Request, row: Row, basket: Rental, words: str) -> None:
    """Choose the only match, or list the matches."""
    found = catalog.meant(step.tx.of(basket.organization_id), [words])[words]
    if not take(step, row, basket, words, found):
        show(step, row, words, found)


def take_things(
    step: Request, row: Row, basket: Rental, things: Sequence[Thing], meant: Mapping[str, catalog.Meant]
) -> None:
    """Take one after the other; which one is meant is asked, where there are several."""
    first, *others = ((one.words, 1 if one.quantity is None else one.quantity) for one in things)
    words, quantity = first
    conversation.update(row, RentData(asked_quantity=quantity, asked_more=tuple(others)))
    if not take(step, row, basket, words, meant[words]):
        show(step, row, words, meant[words])


def show(step: Request, row: Row, words: str, meant: catalog.Meant) -> None:
    """List the matches; where there are none, what the words are near to. A typo puts nothing in a basket."""
    near = () if meant.is_known else near_names.near(step.by(step.active()), words)
    values = tuple(f"k{one.kit_id}" if one.kit_id is not None else str(one.equipment_id) for one in near)
    conversation.update(row, RentData(words=words[:100], near=values, page=0), to=PICK)


def is_clear(thing: Thing, meant: Mapping[str, catalog.Meant]) -> bool:
    """Return whether there is one equipment that is meant, and no kit."""
    found = meant[thing.words]
    same = [one for one in found.named if is_called(one.name, thing.words)]
    chosen = same if len(same) == 1 else found.named
    return len(chosen) == 1 and chosen[0].kit_id is None


def take(step: Request, row: Row, basket: Rental, words: str, meant: catalog.Meant) -> bool:
    """Choose the only match that is called so; return False where there are several, or none."""
    if meant.item is not None:
        choose(step, row, basket, meant.item.equipment_id, meant.item.id)
        return True
    same = [one for one in meant.named if is_called(one.name, words)]
    if len(same) != 1 and len(meant.named) != 1:
        return False
    one = (same if len(same) == 1 else meant.named)[0]
    if not _is_asked_for(step.tx.of(basket.organization_id), one, words):
        return False
    if one.kit_id is not None:
        choose_kit(step, row, basket, one.kit_id)
    else:
        choose(step, row, basket, one.equipment_id, None)
    return True


def _is_asked_for(tx: Tx, one: catalog.Named, words: str) -> bool:
    """Return whether it is what was asked for: what only has the letters is shown, and put nowhere."""
    if one.kit_id is not None or is_asked_for(one.name, "", words):
        return is_asked_for(one.name, "", words)
    return is_asked_for(one.name, catalog.get(tx, one.equipment_id).search_text, words)


def choose(step: Request, row: Row, basket: Rental, equipment_id: int, item_id: int | None) -> None:
    """Put equipment in the basket; where more is asked for than there is, all of it."""
    actor, like = step.active(), RentData.of(row).like
    if like and like != equipment_id:
        baskets.take_out(step.session, basket, like)
    lines = _drop_left_behind(step, row, basket, equipment_id=equipment_id)
    quantity = RentData.of(row).asked_quantity
    problem = RentData.of(row).problem
    if quantity < 1 or (item_id is not None and quantity > 1):
        pieces = len(catalog.items_of(step.session, equipment_id))
        if item_id is not None:
            most, name = 1, catalog.get_item(step.by(actor), item_id).code
        else:
            most, name = pieces, catalog.get(step.tx.of(basket.organization_id), equipment_id).name
        refusal = Refusal(Refused.BAD_QUANTITY, most=most, name=name)
        conversation.update(row, ConversationData(problem=keep(refusal)))
        problem, quantity = RentData.of(row).problem, 1

    def put() -> None:
        baskets.put(step.by(actor), basket, equipment_id, quantity, item_id=item_id, lines=lines)

    if not form.attempt(step, row, put):
        problem = RentData.of(row).problem or {}
        all_there_are = problem.get("most") if problem.get("refused") == Refused.BAD_QUANTITY.value else 1
        quantity = max(all_there_are or 1, 1)
        if not form.attempt(step, row, put):
            conversation.update(row, to=PICK)
            return
    _chosen(step, row, basket, problem)


def choose_kit(step: Request, row: Row, basket: Rental, kit_id: int) -> None:
    """Put a kit's parts in the basket, in the requested number, or as many of it as there are."""
    actor, own = step.active(), step.tx.of(basket.organization_id)
    kits.get(own, kit_id)
    _drop_left_behind(step, row, basket, kit_id=kit_id)
    number = RentData.of(row).asked_quantity

    def most() -> int:
        (entry,) = catalog.kit_entries(own, [kit_id])
        return max(entry.pieces, 1)

    if number < 1:
        refusal = Refusal(Refused.OUT_OF_RANGE, least=1, most=most())
        conversation.update(row, ConversationData(problem=keep(refusal)))
        number = 1
    problem = RentData.of(row).problem

    def put() -> None:
        baskets.put_kit(step.by(actor), basket, kit_id, number)

    if not form.attempt(step, row, put):
        problem = RentData.of(row).problem
        asked, number = number, min(most(), number)
        if asked == number or not form.attempt(step, row, put):
            conversation.update(row, to=PICK)
            return
    _chosen(step, row, basket, problem)


def _chosen(step: Request, row: Row, basket: Rental, problem: dict[str, Any] | None) -> None:
    """Go on to the next thing of the line, then to the days, where they are not known yet."""
    kept = RentData.of(row)
    more = kept.asked_more
    conversation.update(
        row,
        RentData(
            asked_quantity=1,
            asked_more=(),
            together=bool(more),
            page=0,
            words="",
            narrow="",
            like=0,
            month=None,
        ),
    )
    if more:
        (words, quantity), *others = more
        conversation.update(row, RentData(asked_quantity=quantity, asked_more=tuple(others)))
        search(step, row, basket, words)
    elif kept.asked_first or kept.asked_last or kept.asked_length:
        dates.take_from_line(step, row, basket)
    elif basket.starts_at is not None and basket.due_at is not None:
        period = Period(basket.starts_at, basket.due_at)
        form.attempt(step, row, lambda: request.set_period(step.tx, basket, period))
        conversation.update(row, to=BASKET)
    else:
        conversation.update(row, RentData(first=None), to=FIRST)
    if problem and not RentData.of(row).problem:
        conversation.update(row, ConversationData(problem=problem))


def name_of(step: Request, basket: Rental, value: str) -> str:
    """Return the name of what a button of the list stands for. Raises OUTDATED, NOT_FOUND."""
    own = step.tx.of(basket.organization_id)
    if value.startswith("k"):
        return kits.get(own, form.number(value[1:])).name
    return catalog.get(own, form.number(value)).name


def _drop_left_behind(
    step: Request, row: Row, basket: Rental, *, equipment_id: int | None = None, kit_id: int | None = None
) -> Lines:
    """Take out earlier picks that were abandoned before the days; return the remaining lines."""
    lines = reservations.lines_of(step.session, basket.id)
    if basket.starts_at is not None or RentData.of(row).together:
        return lines
    stays = []
    for line in lines:
        if line.kit_id is not None and line.kit_id != kit_id:
            baskets.take_out_kit(step.session, basket, line.kit_id)
        elif line.kit_id is None and line.equipment_id != equipment_id:
            baskets.take_out(step.session, basket, line.equipment_id)
        else:
            stays.append(line)
    return stays


# Where there is too little of something


def _take_fewer(step: Request, row: Row, value: str) -> None:
    """Take as many as there are, on the days that were asked for."""
    actor, basket, tried = step.active(), screens.draft(step.tx, row), RentData.of(row).tried
    thing, _, quantity = value.partition("/")

    def change() -> None:
        if thing.startswith("k"):
            baskets.put_kit(step.by(actor), basket, form.number(thing[1:]), form.number(quantity))
        else:
            baskets.change_quantity(step.by(actor), basket, form.number(thing), form.number(quantity))
        if row.state == BASKET:
            contents.settle_days(step.tx, basket)

    if form.attempt(step, row, change) and row.state == FIRST and tried:
        first, last = tried
        if last:
            dates.take_both(step, row, first, last)
        else:
            dates.take_first(step, row, basket, first)
    conversation.render(step, row)


def _list_alike(step: Request, row: Row, value: str) -> None:
    """List what can be had instead, on the same days; what is chosen takes the place of it."""
    basket, equipment_id = screens.draft(step.tx, row), form.number(value)
    lines = reservations.lines_of(step.session, basket.id)
    wanted = sum(one.quantity for one in lines if one.equipment_id == equipment_id and one.kit_id is None)
    first, last = (RentData.of(row).tried or ("", "")) if row.state == FIRST else ("", "")
    conversation.update(
        row,
        RentData(
            like=equipment_id,
            asked_first=first,
            asked_last=last,
            asked_quantity=max(wanted, 1),
            words="",
            narrow="",
            page=0,
            problem=None,
        ),
        to=PICK,
    )
    conversation.render(step, row)


SHORTAGE = {"fewer": _take_fewer, "like": _list_alike}
