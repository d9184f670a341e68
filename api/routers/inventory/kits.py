"""`/kits`: equipment that is rented together."""

from typing import Annotated

from fastapi import Depends, Query

from api import endpoints, show
from api.calls import Call, Changes, Reads, Writes
from api.models.common import Id
from api.models.inventory import KitIn, KitOut, KitPatch, PartIn
from api.paging import Page, Paged
from db.models import Kit
from db.states import Role
from services.access import rights
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import kits

router = endpoints.router("/kits", tag="kits")

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]
Add = Annotated[Call, Depends(Writes(rights.KEEP_INVENTORY))]
Change = Annotated[Call, Depends(Changes(rights.KEEP_INVENTORY))]


def _get(tx: Tx, kit_id: int) -> Kit:
    row = kits.get(tx, kit_id)
    if row.retired_at is not None and not tx.actor.has_role(Role.ADMIN):
        raise Refusal(Refused.NOT_FOUND)
    return row


def _one(tx: Tx, row: Kit) -> KitOut:
    return show.kit(row, kits.parts(tx.session, row.id))


@router.get("")
def list_kits(
    call: Asked,
    paging: Paged,
    q: Annotated[str, Query(max_length=200, description="Words of the name.")] = "",
) -> Page[KitOut]:
    """Return the kits, by name; for admins the retired ones too, at the end."""

    def work(tx: Tx) -> Page[KitOut]:
        rows, total = kits.select_kits(
            tx, words=q, retired=tx.actor.has_role(Role.ADMIN), offset=paging.offset, limit=paging.limit
        )
        parts = kits.parts_of(tx.session, [row.id for row in rows])
        return paging.page([show.kit(row, parts[row.id]) for row in rows], total)

    return call.read(work)


@router.get("/{kit_id}")
def get_kit(call: Asked, kit_id: Id) -> KitOut:
    """Return one kit with its parts."""
    return call.read_row(lambda tx: _get(tx, kit_id), _one)


@router.post("", status_code=201)
def add_kit(call: Add, body: KitIn) -> KitOut:
    """Add a kit; members find it once it has parts. 409 where the name is taken."""

    def work(tx: Tx) -> KitOut:
        row = kits.add(tx, body.name)
        _set_parts(tx, row.id, body.parts)
        call.created(f"kits/{row.id}")
        call.tag(row)
        return _one(tx, row)

    return call.write(work)


@router.patch("/{kit_id}")
def change_kit(call: Change, kit_id: Id, body: KitPatch) -> KitOut:
    """Rename a kit, say what is in it, retire it or bring it back. Rentals keep what they were asked with."""

    def work(tx: Tx, row: Kit) -> None:
        if body.name is not None:
            kits.rename(tx, kit_id, body.name, seen=row.version)
        if body.parts is not None:
            _set_parts(tx, kit_id, body.parts)
        if body.retired is not None:
            (kits.retire if body.retired else kits.bring_back)(tx, kit_id, seen=row.version)

    return call.change_row(lambda tx: kits.get(tx, kit_id), work, _one)


def _set_parts(tx: Tx, kit_id: int, parts: list[PartIn]) -> None:
    wanted: dict[int, int] = {}
    for part in parts:
        wanted[part.equipment_id] = wanted.get(part.equipment_id, 0) + part.quantity
    known = {part.equipment_id for part in kits.parts(tx.session, kit_id)}
    for equipment_id in sorted(known - wanted.keys()):
        kits.set_part(tx, kit_id, equipment_id, 0, seen=kits.get(tx, kit_id).version)
    for equipment_id, quantity in wanted.items():
        kits.set_part(tx, kit_id, equipment_id, quantity, seen=kits.get(tx, kit_id).version)
