"""`/equipment`: what is lent, searched as in the chat."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Query

from api import endpoints, show
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Day, Id, RowId
from api.models.inventory import EquipmentIn, EquipmentOut, EquipmentPatch, ItemOut, ItemsIn, TagIds
from api.models.people import PolicyOut, PolicyPatch
from api.paging import Page, Paged
from api.problems import at, invalid
from db.models import Equipment
from db.states import Described
from services.access import rights
from services.core import custom_fields
from services.core.hours.periods import Period
from services.core.policy import OF_EQUIPMENT
from services.core.tx import Tx
from services.inventory import attributes, creation, editing, equipment_policy, selection
from services.inventory.selection import Filter, ItemFilter, State
from services.maintenance import service_status
from services.rentals.booking import direct

router = endpoints.router("/equipment", tag="equipment")

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]
Keep = Annotated[Call, Depends(Reads(rights.KEEP_INVENTORY))]
Add = Annotated[Call, Depends(Writes(rights.KEEP_INVENTORY))]
Change = Annotated[Call, Depends(Changes(rights.KEEP_INVENTORY))]


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
        return paging.page([show.equipment(tx, one) for one in found.rows], found.total)

    return call.read(work)


@router.get("/{equipment_id}")
def get_equipment(call: Asked, equipment_id: Id, days: Annotated[Days, Depends()]) -> EquipmentOut:
    """Return one equipment."""

    def work(tx: Tx) -> EquipmentOut:
        found = selection.one(tx, equipment_id, days.period(tx))
        call.tag(found.equipment)
        return show.equipment(tx, found)

    return call.read(work)


@router.get("/{equipment_id}/items")
def list_items_of_equipment(call: Asked, equipment_id: Id, paging: Paged) -> Page[ItemOut]:
    """Return the items of an equipment, by code."""

    def work(tx: Tx) -> Page[ItemOut]:
        selection.one(tx, equipment_id)
        wanted = ItemFilter(equipment_id=equipment_id)
        rows, total = selection.items(tx, wanted, offset=paging.offset, limit=paging.limit)
        bot = call.api.settings.bot
        return paging.page([show.item(tx, one, bot) for one in rows], total)

    return call.read(work)


_LINES = ("name", "brand", "model", "type", "description")


def _shown(call: Call, tx: Tx, equipment_id: int) -> EquipmentOut:
    tx.session.flush()
    found = selection.one(tx, equipment_id)
    call.tag(found.equipment)
    return show.equipment(tx, found)


def _change(call: Call, equipment_id: int, change: Callable[[Tx, Equipment], object]) -> EquipmentOut:
    return call.change_row(
        lambda tx: editing.open_equipment(tx, equipment_id),
        change,
        lambda tx, row: show.equipment(tx, selection.one(tx, row.id)),
    )


def _change_tags(call: Call, equipment_id: int, change: Callable[[Tx], object]) -> EquipmentOut:
    return _change(call, equipment_id, lambda tx, _: change(tx))


def _set_fields(tx: Tx, equipment_id: int, fields: dict[str, str]) -> None:
    for label, text in fields.items():
        known = custom_fields.labeled(tx.session, tx.organization_id, Described.EQUIPMENT, label)
        seen = editing.open_equipment(tx, equipment_id).version
        editing.edit_equipment_custom(tx, equipment_id, label=known.label, text=text, seen=seen)


@router.post("", status_code=201)
def add_equipment(call: Add, body: EquipmentIn) -> EquipmentOut:
    """Add equipment without items. 409 where the name is taken."""

    def work(tx: Tx) -> EquipmentOut:
        row = creation.equipment(tx, name=body.name, type_=body.type)
        for field in ("brand", "model", "description"):
            editing.edit_equipment(tx, row.id, field=field, text=getattr(body, field), seen=row.version)
        _set_fields(tx, row.id, body.fields)
        attributes.set_tags(tx, row.id, body.tag_ids)
        call.created(f"equipment/{row.id}")
        return _shown(call, tx, row.id)

    return call.write(work)


@router.patch("/{equipment_id}")
def change_equipment(call: Change, equipment_id: Id, body: EquipmentPatch) -> EquipmentOut:
    """Change details of equipment, retire it, or bring it back."""

    def work(tx: Tx, row: Equipment) -> None:
        given = body.given()
        for field in (one for one in _LINES if one in given):
            editing.edit_equipment(tx, row.id, field=field, text=given[field] or "", seen=row.version)
        _set_fields(tx, row.id, body.fields)
        if body.retired is True:
            service_status.retire(tx, row.id, seen=row.version, giving_up=body.giving_up, reason=body.reason)
        elif body.retired is False:
            service_status.bring_back(tx, row.id, seen=row.version)

    return _change(call, equipment_id, work)


def _own_rules(_tx: Tx, row: Equipment) -> PolicyOut:
    return PolicyOut(rules=equipment_policy.own(row))


@router.get("/{equipment_id}/policy")
def get_policy_of_equipment(call: Keep, equipment_id: Id) -> PolicyOut:
    """Return the rules of this equipment alone; for the others the organization's apply."""
    return call.read_row(lambda tx: editing.open_equipment(tx, equipment_id), _own_rules)


@router.patch("/{equipment_id}/policy")
def change_policy_of_equipment(call: Change, equipment_id: Id, body: PolicyPatch) -> PolicyOut:
    """Change rules of this equipment; null goes back to the organization's.

    What is approved stays so.
    """
    for rule in body.rules:
        if rule not in OF_EQUIPMENT:
            raise invalid(["body", "rules", rule], "Equipment has no such rule.")

    def work(tx: Tx, row: Equipment) -> None:
        for rule, value in body.rules.items():
            with at("rules", rule):
                equipment_policy.change_to(tx, row.id, rule, value)

    return call.change_row(lambda tx: editing.open_equipment(tx, equipment_id), work, _own_rules)


@router.put("/{equipment_id}/tags")
def set_tags(call: Change, equipment_id: Id, body: TagIds) -> EquipmentOut:
    """Let equipment carry exactly these tags."""
    return _change_tags(call, equipment_id, lambda tx: attributes.set_tags(tx, equipment_id, body.tag_ids))


@router.put("/{equipment_id}/tags/{tag_id}")
def add_tag_to_equipment(call: Change, equipment_id: Id, tag_id: Id) -> EquipmentOut:
    """Let equipment carry this tag, too."""
    return _change_tags(
        call, equipment_id, lambda tx: attributes.tag_equipment(tx, equipment_id, tag_id=tag_id, on=True)
    )


@router.delete("/{equipment_id}/tags/{tag_id}")
def remove_tag_from_equipment(call: Change, equipment_id: Id, tag_id: Id) -> EquipmentOut:
    """Let equipment carry this tag no more."""
    return _change_tags(
        call, equipment_id, lambda tx: attributes.tag_equipment(tx, equipment_id, tag_id=tag_id, on=False)
    )


@router.post("/{equipment_id}/items", status_code=201)
def add_items(call: Add, equipment_id: Id, body: ItemsIn) -> Page[ItemOut]:
    """Add items to equipment: one with your code, or several with codes that are proposed."""

    def work(tx: Tx) -> Page[ItemOut]:
        if body.code is not None and body.number != 1:
            raise invalid(["body", "number"], "With a code it is one item.")
        made = creation.items(
            tx, equipment_id, number=body.number, code=body.code, location_id=body.location_id
        )
        bot = call.api.settings.bot
        shown = [show.item(tx, selection.item(tx, one.id), bot) for one in made]
        return Page(items=shown, total=len(shown))

    return call.write(work)
