"""`/equipment`: what is lent, searched as in the chat."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api import show
from api.calls import Call, Reads
from api.models.common import Day, Id, RowId
from api.models.inventory import EquipmentOut, ItemOut
from api.paging import Page, Paged
from api.problems import invalid
from services.access import rights
from services.core.periods import Period
from services.core.tx import Tx
from services.inventory import selection
from services.inventory.selection import Filter, ItemFilter, State
from services.rentals import direct

router = APIRouter(prefix="/equipment", tags=["equipment"])

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]


class Days:
    """The days that `free` is asked for."""

    def __init__(
        self,
        first: Annotated[
            Day | None,
            Query(
                alias="from",
                description="First day, in the organization's time zone.",
                examples=["2026-12-01"],
            ),
        ] = None,
        last: Annotated[
            Day | None, Query(alias="to", description="Last day, inclusive.", examples=["2026-12-03"])
        ] = None,
    ) -> None:
        if (first is None) != (last is None):
            raise invalid(["query", "to" if last is None else "from"], "Name from and to, or neither.")
        if first is not None and last is not None and last < first:
            raise invalid(["query", "to"], "The end is before the start.")
        self.first, self.last = first, last

    def period(self, tx: Tx) -> Period | None:
        if self.first is None or self.last is None:
            return None
        return direct.usual_period(tx, self.first, self.last)


@router.get("")
def list_equipment(
    call: Asked,
    paging: Paged,
    days: Annotated[Days, Depends()],
    q: Annotated[str, Query(max_length=200, description="Words, or an item's code.", examples=["tent"])] = "",
    type_: Annotated[str | None, Query(alias="type", max_length=100)] = None,
    tag: Annotated[
        list[RowId] | None, Query(max_length=10, description="Ids of tags; it carries all of them.")
    ] = None,
    place: Annotated[RowId | None, Query(description="Id of a location where some of it is kept.")] = None,
    state: Annotated[
        State | None,
        Query(description="Free: some piece is, in the days asked for or now. Retired: for admins."),
    ] = None,
) -> Page[EquipmentOut]:
    """Return equipment, best match first, with how many pieces are free."""

    def work(tx: Tx) -> Page[EquipmentOut]:
        wanted = Filter(q, type_, tuple(tag or ()), place, state, days.period(tx))
        found = selection.equipment(tx, wanted, offset=paging.offset, limit=paging.limit)
        return paging.page([show.equipment(one) for one in found.rows], found.total)

    return call.read(work)


@router.get("/{equipment_id}")
def get_equipment(call: Asked, equipment_id: Id, days: Annotated[Days, Depends()]) -> EquipmentOut:
    """Return one equipment."""

    def work(tx: Tx) -> EquipmentOut:
        found = selection.one(tx, equipment_id, days.period(tx))
        call.tag(found.equipment)
        return show.equipment(found)

    return call.read(work)


@router.get("/{equipment_id}/items")
def list_items_of_equipment(call: Asked, equipment_id: Id, paging: Paged) -> Page[ItemOut]:
    """Return the items of an equipment, by code."""

    def work(tx: Tx) -> Page[ItemOut]:
        selection.one(tx, equipment_id)
        wanted = ItemFilter(equipment_id=equipment_id)
        rows, total = selection.items(tx, wanted, offset=paging.offset, limit=paging.limit)
        bot = call.api.settings.bot_username
        return paging.page([show.item(tx, one, bot) for one in rows], total)

    return call.read(work)
