"""`/blocks`: items out of lending for a while, for repair or own use."""

from typing import Annotated

from fastapi import Depends, Query

from api import endpoints
from api.calls import Call, Reads, Writes
from api.models.common import Done, Id, RowId
from api.models.inventory import BlockOut
from api.models.rentals import BlockIn
from api.paging import Page, Paged
from services.access import rights
from services.core.hours import periods
from services.core.tx import Tx
from services.maintenance import blocks
from services.maintenance.blocks import Asked, View

router = endpoints.router("/blocks", tag="blocks")

Look = Annotated[Call, Depends(Reads(rights.KEEP_INVENTORY))]
Act = Annotated[Call, Depends(Writes(rights.KEEP_INVENTORY))]


def _show(view: View) -> BlockOut:
    return BlockOut(
        id=view.id,
        equipment=list(view.equipment),
        codes=list(view.codes),
        reason=view.reason,
        starts_at=view.starts_at,
        until=view.until,
    )


@router.get("")
def list_blocks(
    call: Look, paging: Paged, equipment: Annotated[RowId | None, Query()] = None
) -> Page[BlockOut]:
    """Return present and future blocks, by their start."""

    def work(tx: Tx) -> Page[BlockOut]:
        found, total = blocks.current(tx, equipment_id=equipment, offset=paging.offset, per_page=paging.limit)
        return paging.page([_show(one) for one in found], total)

    return call.read(work)


@router.post("", status_code=201)
def add_block(call: Act, body: BlockIn) -> BlockOut:
    """Block items. 409 where rentals would lose one that are not named in `giving_up`."""

    def work(tx: Tx) -> BlockOut:
        if body.first is not None and body.last is not None:
            days = periods.whole_days(body.first, body.last, tx.zone)
            starts_at, until = days.starts_at, days.due_at
        else:
            assert body.starts_at is not None and body.due_at is not None
            starts_at, until = body.starts_at, body.due_at
        asked = Asked(body.equipment_id, starts_at, until, body.pieces, tuple(body.item_ids))
        row = blocks.create(tx, asked, reason=body.reason, seen=body.giving_up)
        return _show(blocks.view(tx, row.id))

    return call.write(work)


@router.post("/{block_id}/end")
def end_block(call: Act, block_id: Id) -> Done:
    """End a block: its items can be lent again from now on."""

    def work(tx: Tx) -> Done:
        blocks.end(tx, block_id)
        return Done()

    return call.write(work)
