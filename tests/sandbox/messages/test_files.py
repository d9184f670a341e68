"""Files both ways: uploads, ids that can be sent again, downloads and their limit."""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError

from sandbox import Person, Sandbox
from sandbox.world.files import picture_size, plain_picture

Call = Callable[..., Coroutine[Any, Any, dict[str, Any]]]
MEGABYTE = 1024 * 1024


async def test_a_person_s_document_can_be_downloaded(bot: Bot, kari: Person) -> None:
    """Name and size are told before, the bytes come by getFile."""
    await kari.sends_document("Ütstyr.csv", b"name;code\n", caption="here")
    message = (await bot.get_updates())[0].message
    assert message and message.document and message.caption == "here"
    assert (message.document.file_name, message.document.file_size) == ("Ütstyr.csv", 10)
    assert message.document.mime_type == "text/csv"
    file = await message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"name;code\n"


async def test_files_over_20_megabytes_cannot_be_fetched(bot: Bot, kari: Person) -> None:
    """The size is known from the message; asking for the file is refused, 20 MB to the byte are not."""
    await kari.sends_document("large.csv", size=20 * MEGABYTE + 1)
    await kari.sends_document("fits.csv", size=20 * MEGABYTE)
    large, fits = [update.message and update.message.document for update in await bot.get_updates()]
    assert large and fits and large.file_size == 20 * MEGABYTE + 1
    with pytest.raises(BadRequest, match="File is too big"):
        await large.get_file()
    assert (await fits.get_file()).file_size == 20 * MEGABYTE


async def test_an_uploaded_photo_has_ids_that_can_be_sent_again(bot: Bot, kari: Person) -> None:
    """A photo comes in sizes; each size's id sends the same picture, and its bytes come back."""
    picture = plain_picture(640, 480)
    sent = await bot.send_photo(kari.id, picture, caption="<b>Tent</b>", parse_mode="HTML")
    small, whole = sent.photo
    assert (whole.width, whole.height, small.width, small.height) == (640, 480, 320, 240)
    for size in (small, whole):
        assert (await bot.send_photo(kari.id, size.file_id)).photo[-1].file_unique_id == whole.file_unique_id
    assert bytes(await (await whole.get_file()).download_as_bytearray()) == picture
    assert kari.file_of(kari.last("Tent")).content == picture


async def test_a_photo_from_a_person_arrives_in_sizes(bot: Bot, kari: Person) -> None:
    """Its id can be used by the bot at once."""
    await kari.sends_photo(plain_picture(10, 20), caption="broken pole")
    message = (await bot.get_updates())[0].message
    assert message and message.caption == "broken pole"
    assert (message.photo[-1].width, message.photo[-1].height) == (10, 20)
    assert await bot.send_photo(kari.id, message.photo[-1])


async def test_an_uploaded_document_arrives(bot: Bot, kari: Person) -> None:
    """The person gets the file with its name; its id can be sent again."""
    sent = await bot.send_document(kari.id, b"%PDF-1.7", filename="labels.pdf", caption="Labels")
    assert sent.document
    await bot.send_document(kari.id, sent.document.file_id)
    file = kari.file_of(await kari.sees("Labels"))
    assert (file.name, file.content) == ("labels.pdf", b"%PDF-1.7")


async def test_wrong_files_are_refused(call: Call, kari: Person) -> None:
    """Unknown ids, ids of the other kind, addresses and nothing at all."""
    document = kari.file_of(await kari.sends_document("a.txt", b"a")).id

    async def refused(**photo: object) -> object:
        return (await call("sendPhoto", chat_id=kari.id, **photo))["description"]

    assert await refused(photo="nothing") == "Bad Request: wrong file identifier/HTTP URL specified"
    assert await refused(photo=document) == "Bad Request: can't use file of type Document as Photo"
    assert await refused(photo="https://example.org/x.jpg") == "Bad Request: failed to get HTTP URL content"
    assert await refused() == "Bad Request: there is no photo in the request"
    unknown = await call("getFile", file_id="nothing")
    assert unknown["description"] == "Bad Request: invalid file_id"


async def test_uploads_are_checked(bot: Bot, kari: Person) -> None:
    """A photo has to be a picture, a file may not be empty, nor a photo larger than 10 MB."""
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(kari.id, b"no picture")
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(kari.id, b"", filename="empty.txt")
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_photo(kari.id, plain_picture() + b"\0" * 10 * MEGABYTE)


async def test_only_known_paths_can_be_downloaded(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    """A path that getFile never told is not found, and nothing on the disk is reached."""
    for path in ("photos/file_9.jpg", "../../etc/passwd", "%2e%2e/server.py"):
        assert (await http.get(f"/file/bot{sandbox.token}/{path}")).status_code == 404


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (plain_picture(3, 7), (3, 7)),
        (b"GIF89a\x03\x00\x07\x00", (3, 7)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x07\x00\x03", (3, 7)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", (512, 512)),
        (b"\xff\xd8\xff", None),
        (b"<svg/>", None),
        (b"", None),
    ],
)
def test_sizes_are_read_from_pictures(content: bytes, size: tuple[int, int] | None) -> None:
    """PNG, GIF and JPEG tell their size, WebP counts as one size, anything else is no picture."""
    assert picture_size(content) == size
