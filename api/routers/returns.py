"""Returns, beside the other endpoints of a rental: photos, and things that are not there."""

from typing import Annotated

from fastapi import Depends, Request, UploadFile
from fastapi.responses import Response

from api import endpoints, pictures
from api.calls import Call, Reads, Uploads, Writes
from api.models.common import Id
from api.models.rentals import RentalOut
from api.routers.inventory import photos
from api.routers.rentals import shown
from db.models import Photo
from services.access import rights
from services.core.tx import Tx
from services.desk import checkin
from services.maintenance import return_report
from services.rentals.booking import request as rentals

router = endpoints.router("/rentals", tag="rentals")

Look = Annotated[Call, Depends(Reads(rights.SEE_RENTAL))]
Contradict = Annotated[Call, Depends(Writes(rights.TAKE_BACK))]
Send = Annotated[Call, Depends(Uploads(rights.TAKE_BACK, pictures.MOST_UPLOADED))]


@router.post("/{rental_id}/contradict")
def contradict_return(call: Contradict, rental_id: Id) -> RentalOut:
    """Say that what the member reports to be back is not there: it is with the member again, who is told."""

    def work(tx: Tx) -> RentalOut:
        rentals.get(tx, rental_id)
        checkin.contradict_return(tx, rental_id)
        return shown(tx, rental_id)

    return call.write(work)


@router.get("/{rental_id}/items/{item_id}/photo", response_class=Response, responses=photos.FILE)
async def get_photo_of_return(call: Look, request: Request, rental_id: Id, item_id: Id) -> Response:
    """Return the photo of an item as it came back from a rental. 404 where there is none."""

    def find(tx: Tx) -> Photo | None:
        rentals.get(tx, rental_id)
        return return_report.photo_of(tx, rental_id, item_id)

    return await photos.answer(call, request, find)


@router.put("/{rental_id}/return/photo")
def set_photo_of_return(call: Send, rental_id: Id, photo: UploadFile) -> RentalOut:
    """Set the photo of what came back last: of the items that are not fine, else of all of them.

    JPEG, PNG or WebP of at most 10 MB. 409 where nothing came back, or all of it went out again.
    """
    content = pictures.jpeg(photo.file.read())

    def work(tx: Tx) -> RentalOut:
        return_report.add_photo_of_last(tx, rental_id, content)
        return shown(tx, rental_id)

    return call.write(work)
