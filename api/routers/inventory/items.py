"""`/items`: the single things, by id, code or label; who has each now, and who had it."""

from typing import Annotated

from fastapi import Depends, Path, Query

from api import endpoints, show
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Id, RowId
from api.models.inventory import CodeIn, CodeOut, ItemOut, ItemPatch
from api.models.rentals import RentalOut
from api.paging import Page, Paged
from api.problems import ProblemError
from db.models import Item
from db.states import Condition, Described
from services.access import rights
from services.core import custom_fields
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import attributes, catalog, editing, selection
from services.inventory.codes import stickers
from services.inventory.selection import ItemFilter, State
from services.maintenance import service_status
from services.rentals import listing

router = endpoints.router("/items", tag="items")

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]
Change = Annotated[Call, Depends(Changes(rights.KEEP_INVENTORY))]
AddCode = Annotated[Call, Depends(Writes(rights.SEE_ITEMS))]
Lending = Annotated[Call, Depends(Reads(rights.SEE_ITEMS))]


def show_item(call: Call, tx: Tx, item_id: int) -> ItemOut:
    found = selection.item(tx, item_id)
    call.tag(found.item)
    return show.item(tx, found, call.api.settings.bot)


@router.get("")
def list_items(
    call: Lending,
    paging: Paged,
    q: Annotated[
        str, Query(max_length=200, description="Code, serial number, or words of the equipment.")
    ] = "",
    equipment: Annotated[RowId | None, Query()] = None,
    place: Annotated[RowId | None, Query()] = None,
    condition: Annotated[Condition | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
) -> Page[ItemOut]:
    """Return items, by code."""

    def work(tx: Tx) -> Page[ItemOut]:
        wanted = ItemFilter(q, equipment, place, condition, state)
        rows, total = selection.items(tx, wanted, offset=paging.offset, limit=paging.limit)
        bot = call.api.settings.bot
        return paging.page([show.item(tx, one, bot) for one in rows], total)

    return call.read(work)


@router.get("/by-code/{code}")
def get_item_by_code(call: Asked, code: Annotated[str, Path(max_length=200)]) -> ItemOut:
    """Return the item with this code, its own or that of a sticker on it; case does not matter."""

    def work(tx: Tx) -> ItemOut:
        found = catalog.item_by_code(tx, code)
        if found is None:
            raise Refusal(Refused.NOT_FOUND)
        return show_item(call, tx, found.id)

    return call.read(work)


@router.get("/by-label/{token}")
def get_item_by_label(call: Asked, token: Annotated[str, Path(max_length=64)]) -> ItemOut:
    """Return the item whose QR code carries this token."""
    return call.read(lambda tx: show_item(call, tx, catalog.item_by_label(tx, token.removeprefix("i_")).id))


@router.get("/{item_id}")
def get_item(call: Asked, item_id: Id) -> ItemOut:
    """Return one item, with where it is kept."""
    return call.read(lambda tx: show_item(call, tx, item_id))


@router.get("/{item_id}/rental")
def get_rental_of_item(call: Lending, item_id: Id) -> RentalOut:
    """Return the rental that the item is out for: who has it now. 404 where it is with nobody."""

    def work(tx: Tx) -> RentalOut:
        catalog.get_item(tx, item_id)
        found = listing.current_of_item(tx, item_id)
        if found is None:
            raise ProblemError(404, "not_out", "The item is with nobody now.")
        return show.rental(tx, found)

    return call.read(work)


@router.get("/{item_id}/rentals")
def list_rentals_of_item(call: Lending, item_id: Id, paging: Paged) -> Page[RentalOut]:
    """Return the item's history: the rentals that it was or is in, the newest first."""

    def work(tx: Tx) -> Page[RentalOut]:
        catalog.get_item(tx, item_id)
        wanted = listing.Filter(item_id=item_id)
        found, more = listing.find(tx, wanted, before=paging.after, limit=paging.limit)
        return paging.page_before([show.rental(tx, one) for one in found], more)

    return call.read(work)


_LINES = ("code", "label", "serial_number", "comment")


@router.patch("/{item_id}")
def change_item(call: Change, item_id: Id, body: ItemPatch) -> ItemOut:
    """Change an item: its details, its place, its condition. 409 says which rentals would lose it."""

    def work(tx: Tx, row: Item) -> None:
        given = body.given()
        for field in (one for one in _LINES if one in given):
            editing.edit_item(tx, item_id, field=field, text=given[field] or "", seen=row.version)
        for label, text in body.fields.items():
            known = custom_fields.labeled(tx.session, tx.organization_id, Described.ITEM, label)
            editing.edit_item_custom(tx, item_id, label=known.label, text=text, seen=row.version)
        if "location_id" in given:
            attributes.move_item(tx, item_id, location_id=given["location_id"], seen=row.version)
        if body.condition is not None:
            service_status.set_condition(
                tx,
                item_id,
                condition=body.condition,
                seen=row.version,
                giving_up=body.giving_up,
                reason=body.reason,
            )

    return call.change_row(
        lambda tx: editing.open_item(tx, item_id), work, lambda tx, row: show_item(call, tx, row.id)
    )


@router.get("/{item_id}/codes")
def list_codes_of_item(call: Lending, item_id: Id) -> Page[CodeOut]:
    """Return the codes of the stickers that an item has besides our label, the oldest first."""

    def work(tx: Tx) -> Page[CodeOut]:
        item = catalog.get_item(tx, item_id)
        found = [show.code(one) for one in stickers.listed(tx.session, item.id)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.post("/{item_id}/codes", status_code=201)
def add_code_to_item(call: AddCode, item_id: Id, body: CodeIn) -> ItemOut:
    """Let the code of a sticker lead to this item, too. 409 where it leads to another."""

    def work(tx: Tx) -> ItemOut:
        stickers.add(tx, item_id, body.code, body.kind)
        return show_item(call, tx, item_id)

    return call.write(work)


@router.delete("/{item_id}/codes/{code_id}")
def remove_code_from_item(call: Change, item_id: Id, code_id: Id) -> ItemOut:
    """Let the code of a sticker lead to this item no more; one that is gone stays gone."""
    return call.change_row(
        lambda tx: editing.open_item(tx, item_id),
        lambda tx, row: stickers.remove(tx, row.id, code_id),
        lambda tx, row: show_item(call, tx, row.id),
    )
