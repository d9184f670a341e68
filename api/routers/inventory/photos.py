"""Photos of equipment: what was sent to the bot is fetched from Telegram, the rest is kept here."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api import endpoints, pictures, show
from api.calls import Call, Changes, Reads, Uploads
from api.models.common import Id
from api.models.inventory import EquipmentOut
from api.problems import ProblemError
from db.models import Photo
from services.access import rights
from services.core.tx import Tx
from services.inventory import attributes, catalog, editing, selection

router = endpoints.router(tag="photos")

Asked = Annotated[Call, Depends(Reads(rights.MEMBER))]
Send = Annotated[Call, Depends(Uploads(rights.KEEP_INVENTORY, pictures.MOST_UPLOADED))]
Change = Annotated[Call, Depends(Changes(rights.KEEP_INVENTORY))]

FILE = endpoints.file("image/jpeg", "image/png")


@router.get("/equipment/{equipment_id}/photo", response_class=Response, responses=FILE)
async def get_photo_of_equipment(call: Asked, request: Request, equipment_id: Id) -> Response:
    """Return the photo of equipment, as the chat shows it. 404 where it has none."""
    return await answer(call, request, lambda tx: _of(tx, equipment_id))


@router.get("/items/{item_id}/photo", response_class=Response, responses=FILE)
async def get_photo_of_item(call: Asked, request: Request, item_id: Id) -> Response:
    """Return the photo of an item, which is that of its equipment. 404 where it has none."""
    return await answer(call, request, lambda tx: _of(tx, catalog.get_item(tx, item_id).equipment_id))


def _of(tx: Tx, equipment_id: int) -> Photo | None:
    return catalog.photo_of(tx.session, selection.one(tx, equipment_id).equipment)


async def answer(call: Call, request: Request, find: Callable[[Tx], Photo | None]) -> Response:
    """Answer with a photo that is kept here, or by Telegram. Raises a problem (404) where there is none."""

    def work(tx: Tx) -> tuple[int, bytes | None, str | None]:
        photo = find(tx)
        if photo is None:
            raise _missing()
        return photo.id, photo.content, photo.telegram_file_id

    number, content, file_id = await run_in_threadpool(call.look, work)
    # A photo never changes: another one is another row.
    headers = {"ETag": f'"photo-{number}"', "Cache-Control": "private, max-age=3600"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(None, 304, headers)
    if content is None:
        content = await _from_telegram(call, file_id or "")
    return Response(content, headers=headers, media_type=pictures.kind_of(content))


async def _from_telegram(call: Call, file_id: str) -> bytes:
    fetch = call.api.settings.fetch
    try:
        found = await fetch(file_id) if fetch is not None else None
    except ConnectionError:
        raise ProblemError(
            503, "unavailable", "Telegram does not answer.", headers={"Retry-After": "10"}
        ) from None
    if found is None:
        raise _missing()
    return found


def _missing() -> ProblemError:
    return ProblemError(404, "no_photo", "There is no photo of it.")


@router.put("/equipment/{equipment_id}/photo")
def set_photo_of_equipment(call: Send, equipment_id: Id, photo: UploadFile) -> EquipmentOut:
    """Set the photo of equipment: a JPEG, PNG or WebP of at most 10 MB. It is kept smaller."""
    # The body is in memory already. Decoding takes long, and must not hold the database.
    content = pictures.jpeg(photo.file.read())
    return _set(call, equipment_id, content)


@router.delete("/equipment/{equipment_id}/photo")
def remove_photo_of_equipment(call: Change, equipment_id: Id) -> EquipmentOut:
    """Remove the photo of equipment."""
    return _set(call, equipment_id, None)


def _set(call: Call, equipment_id: int, content: bytes | None) -> EquipmentOut:
    return call.change_row(
        lambda tx: editing.open_equipment(tx, equipment_id),
        lambda tx, row: attributes.set_photo(tx, row.id, content=content, seen=row.version),
        lambda tx, row: show.equipment(tx, selection.one(tx, row.id)),
    )
