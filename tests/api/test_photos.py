"""Photos of equipment: sent as files, read back, and shown in the chat."""

import io
from functools import partial

from PIL import Image

from api.settings import ApiSettings
from db.models import Equipment, Photo
from services.core.tx import Tx
from services.inventory import attributes, catalog
from tests.api.clients.client import Server, Upload
from tests.api.clients.everything import picture
from tests.factories import Club

GPS = 0x8825


async def test_a_photo_is_sent_and_read_back(server: Server, club: Club) -> None:
    """Upright, no larger than it is shown, without where it was taken; replaced and removed by version."""
    anna, kari, path = server.of(club.anna), server.of(club.kari), f"/equipment/{club.tent.id}/photo"
    assert (await kari.get(path)).json()["code"] == "no_photo"
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(GPS)[1] = "N"
    sent = Upload("photo", picture((3000, 2000), "JPEG", exif=exif))
    put = await anna.send("PUT", path, sent)
    assert (put.status_code, put.json()["has_photo"]) == (200, True), put.text
    read = await kari.get(path)
    assert read.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(read.content)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (853, 1280))
        assert not shown.getexif()
    item = server.does(lambda tx: catalog.items_of(tx.session, club.tent.id)[0].id)
    assert (await kari.get(f"/items/{item}/photo")).content == read.content
    unchanged = await kari.get(path, headers={"If-None-Match": read.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    other = Upload("photo", picture(kind="WEBP"))
    late = await anna.send("PUT", path, other, headers={"If-Match": '"0"'})
    assert late.status_code == 412
    assert (await anna.send("PUT", path, other, headers={"If-Match": put.headers["etag"]})).status_code == 200
    assert (await kari.get(path)).headers["etag"] != read.headers["etag"]
    assert (await anna.send("DELETE", path)).json()["has_photo"] is False
    assert (await kari.get(path)).status_code == 404
    assert server.does(lambda tx: tx.session.query(Photo).count()) == 0


async def test_what_is_no_photo_is_refused(server: Server, club: Club) -> None:
    """Another kind of file, a part of one, one that unpacks into too much, too many bytes, no form."""
    anna, path = server.of(club.anna), f"/equipment/{club.tent.id}/photo"
    whole = picture((300, 300), "JPEG")
    wrong: list[tuple[Upload | bytes, int]] = [
        (Upload("photo", b""), 422),
        (Upload("photo", b"<svg/>"), 422),
        (Upload("photo", picture(kind="GIF")), 422),
        (Upload("photo", whole[: len(whole) // 2]), 422),
        (Upload("photo", picture((9000, 9000), mode="1")), 413),
        (Upload("photo", b"x" * 10_200_000), 413),
        (Upload("picture", whole), 422),
        (b"{}", 422),
    ]
    for body, status in wrong:
        answer = await anna.send("PUT", path, body)
        assert (answer.status_code, answer.json()["status"]) == (status, status), answer.text
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await anna.send("PUT", path, b"--y", headers=broken)).status_code == 422


async def test_a_photo_that_was_sent_to_the_bot(server: Server, club: Club) -> None:
    """Telegram has it: it is fetched there, and the answer says so where Telegram does not give it."""
    given: dict[str, bytes | None] = {"there": picture(kind="JPEG"), "gone": None}

    async def fetch(file_id: str) -> bytes | None:
        if file_id not in given:
            raise ConnectionError
        return given[file_id]

    served = Server(server.database, server.clock, ApiSettings(rate_per_minute=0, fetch=fetch))
    kari = served.of(club.kari)

    def set_photo(tx: Tx, file_id: str) -> None:
        seen = tx.session.get_one(Equipment, club.tent.id).version
        attributes.set_photo(tx, club.tent.id, file_id=file_id, seen=seen)

    for file_id, status in (("there", 200), ("gone", 404), ("away", 503)):
        server.does(partial(set_photo, file_id=file_id), club.anna)
        answer = await kari.get(f"/equipment/{club.tent.id}/photo")
        assert answer.status_code == status
    server.does(partial(set_photo, file_id="there"), club.anna)
    assert (await kari.get(f"/equipment/{club.tent.id}/photo")).content == given["there"]
