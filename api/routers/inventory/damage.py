"""`/damage`: what is wrong with items, as it was reported, with photos."""

from typing import Annotated

from fastapi import Depends, Query, Request, UploadFile
from fastapi.responses import Response

from api import endpoints, pictures, show
from api.calls import Call, Reads, Uploads, Writes
from api.models.common import Id
from api.models.inventory import DamageIn, DamageOut, ItemOut
from api.paging import Page
from api.routers.inventory import photos
from api.routers.inventory.items import show_item
from services.access import rights
from services.core.tx import Tx
from services.inventory import catalog
from services.maintenance import damage

router = endpoints.router(tag="damage")

Lending = Annotated[Call, Depends(Reads(rights.SEE_ITEMS))]
Report = Annotated[Call, Depends(Writes(rights.SEE_ITEMS))]
Close = Annotated[Call, Depends(Writes(rights.KEEP_INVENTORY))]
Look = Annotated[Call, Depends(Reads(rights.SEE_DAMAGE))]
Send = Annotated[Call, Depends(Uploads(rights.SEE_DAMAGE, pictures.MOST_UPLOADED))]


@router.get("/items/{item_id}/damage")
def list_damage_of_item(
    call: Lending,
    item_id: Id,
    open_only: Annotated[bool, Query(alias="open", description="Without what is repaired.")] = True,
) -> Page[DamageOut]:
    """Return the damage of an item that was reported, the oldest first."""

    def work(tx: Tx) -> Page[DamageOut]:
        item = catalog.get_item(tx, item_id)
        found = [show.damage(tx, one) for one in damage.of_item(tx.session, item.id, open_only=open_only)]
        return Page(items=found, total=len(found))

    return call.read(work)


@router.post("/items/{item_id}/damage", status_code=201)
def report_damage(call: Report, item_id: Id, body: DamageIn) -> ItemOut:
    """Note a damage of an item. It stays in lending; one that is out counts as damaged when it is back.

    `Location` says where the report is.
    """

    def work(tx: Tx) -> ItemOut:
        note = damage.open_note(tx, item_id, body.note)
        damage.tell(tx, note)
        call.created(f"damage/{note.id}")
        return show_item(call, tx, item_id)

    return call.write(work)


@router.get("/damage/{damage_id}")
def get_damage(call: Look, damage_id: Id) -> DamageOut:
    """Return a report of damage, for a lender or whoever reported it."""
    return call.read(lambda tx: show.damage(tx, damage.get(tx, damage_id)))


@router.post("/damage/{damage_id}/close")
def close_damage(call: Close, damage_id: Id) -> DamageOut:
    """Close a report as repaired; the item is lent again when none is open. 409 where it is closed."""
    return call.write(lambda tx: show.damage(tx, damage.close(tx, damage_id)))


@router.get("/damage/{damage_id}/photo", response_class=Response, responses=photos.FILE)
async def get_photo_of_damage(call: Look, request: Request, damage_id: Id) -> Response:
    """Return the photo of a damage, for a lender or whoever reported it. 404 where it has none."""
    return await photos.answer(
        call, request, lambda tx: damage.describe(tx, damage.get(tx, damage_id).id).photo
    )


@router.put("/damage/{damage_id}/photo")
def set_photo_of_damage(call: Send, damage_id: Id, photo: UploadFile) -> DamageOut:
    """Set the photo of a damage, as a lender or whoever reported it: JPEG, PNG or WebP of at most 10 MB."""
    content = pictures.jpeg(photo.file.read())

    def work(tx: Tx) -> DamageOut:
        row = damage.add_photo(tx, damage_id, content=content)
        damage.redraw(tx, row.item_id)
        return show.damage(tx, row)

    return call.write(work)
