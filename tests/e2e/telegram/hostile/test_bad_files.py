"""Files that are no inventory, sent in the chat: each is answered with one sentence and brings in nothing."""

import io
import zipfile

import pytest
from sqlalchemy import select

from db.models import Item
from handlers.imports import refusals, views
from sandbox.world.files import plain_picture
from services.core.errors import Refused
from tests.e2e.arrange import brings_list, leaves
from tests.e2e.conftest import World
from tests.e2e.replies import NO_CODE, NOT_UNDERSTOOD, heard, told
from tests.e2e.seen import refusal, wording

NOT_CSV = refusal(Refused.FILE_NOT_CSV, kind="picture")
DAMAGED = refusal(Refused.FILE_NOT_CSV, kind="broken")
EMPTY = refusal(Refused.FILE_EMPTY, header_only=False)
HEADER_ONLY = refusal(Refused.FILE_EMPTY, header_only=True)
TOO_LARGE = refusal(Refused.FILE_TOO_LARGE, megabytes=20)
NOT_FETCHED = refusal(Refused.FILE_NOT_FETCHED)


NO_NAME = wording(refusals, Refused.FILE_NO_NAME, columns=...)


def archive(*names: str) -> bytes:
    """A zip file of empty files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return packed.getvalue()


FILES = {
    "picture.csv": (plain_picture(), NOT_CSV),
    "photo.jpg": (b"\xff\xd8\xff\xe0" + bytes(50), refusal(Refused.PICTURE_NOT_READ)),
    "manual.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", NOT_CSV),
    "inventory.xlsx": (archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), DAMAGED),
    "inventory.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), DAMAGED),
    "inventory.ods": (archive("mimetype", "content.xml", "META-INF/manifest.xml"), DAMAGED),
    "cut.xlsx": (archive("[Content_Types].xml", "xl/workbook.xml")[:-30], DAMAGED),
    "inventory.zip": (archive("inventory.csv"), NOT_CSV),
    "inventory.csv.gz": (b"\x1f\x8b\x08\x00" + bytes(50), NOT_CSV),
    "program.exe": (b"MZ\x90\x00" + bytes(range(256)) * 4, NOT_CSV),
    "empty.csv": (b"", EMPTY),
    "blank.csv": (b"\xef\xbb\xbf\r\n \r\n\t\r\n", EMPTY),
    "header.csv": (b"name,code,location\r\n", HEADER_ONLY),
    "broken.csv": (b'name,"code\nTent,T7\nTent,T8\n', NOT_CSV),
    "letter.txt": (b"Dear all, " * 400, NO_NAME),
}
"""The files sent, and the answer to each."""


async def codes(world: World) -> list[str]:
    """All that there is."""
    return await world.database.read(lambda s: list(s.scalars(select(Item.code).order_by(Item.code))))


async def test_files_that_are_no_inventory(sqlite_world: World) -> None:
    """Pictures, workbooks, archives, nothing, headers alone: what it is, or what it wants."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    async with world.unchanged():
        for name, (content, says) in FILES.items():
            said = await told(world, anna.sends_document(name, content))
            if says is NO_NAME:
                assert said.startswith(NO_NAME)
            else:
                assert said == says, name


async def test_a_file_over_twenty_megabytes(sqlite_world: World) -> None:
    """Refused before it is fetched, by what Telegram says of its size."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    fetched = world.sandbox.world.faults.add("getFile", 500)
    async with world.unchanged():
        for size in (20_000_001, 2_000_000_000):
            said = await told(world, anna.sends_document("inventory.csv", b"name,code\nTent,T9\n", size=size))
            assert said == TOO_LARGE
    assert fetched.count == 1  # nobody has met it
    world.sandbox.world.faults.clear()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Bad Request: file is too big", TOO_LARGE),
        ("Bad Request: wrong file_id or the file is temporarily unavailable", NOT_FETCHED),
    ],
)
async def test_a_file_that_cannot_be_fetched(sqlite_world: World, words: str, says: str) -> None:
    """Telegram does not give it out: say so, instead of trying for ever."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    world.sandbox.world.faults.add("getFile", 400, description=words)
    async with world.unchanged():
        assert await told(world, anna.sends_document("inventory.csv", b"name,code\nTent,T9\n")) == says


async def test_a_file_that_is_gone_when_it_is_fetched(sqlite_world: World) -> None:
    """Told a path, and there is nothing at it any more."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    files = world.sandbox.world.files
    forgotten, files.at_path = files.at_path, lambda path: None  # type: ignore[method-assign]
    async with world.unchanged():
        said = await told(world, anna.sends_document("inventory.csv", b"name,code\nTent,T9\n"))
        assert said == NOT_FETCHED
    files.at_path = forgotten  # type: ignore[method-assign]


async def test_telegram_in_trouble_while_a_file_comes(sqlite_world: World) -> None:
    """It is fetched as soon as that is over, and comes in once."""
    world = sqlite_world
    world.sandbox.world.faults.add("getFile", 502)
    said = await heard(world, brings_list(world, "Anna", "inventory.csv", b"name,code\nTent,T9\n"))
    assert sum(one.startswith(wording(views.summary, n=1)) for one in said) == 1
    assert "T9" in await codes(world)


async def test_rows_that_cannot_be_read(sqlite_world: World) -> None:
    """Sixteen rows with a failed formula: each is named, ten in the text, all in its file; the rest is in."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    before = await codes(world)
    rows = "".join(f"Lamp {number},B{number},#REF!\n" for number in range(16))
    text = f"name,code,location\n{rows}Lantern,L1,Shed\n"
    said = await heard(world, brings_list(world, "Anna", "inventory.csv", text.encode()))
    assert wording(views._refused, n=16) in "\n".join(said)
    assert wording(views, "ERROR_CELL") in "\n".join(said)
    assert len(said) == 2  # and the card that undoes it
    summary = anna.last(wording(views._refused, n=16))
    assert anna.file_of(summary).content.count(b"\n") == 17
    assert await codes(world) == sorted([*before, "L1"])


async def test_a_quotation_mark_that_is_not_closed(sqlite_world: World) -> None:
    """Costs its own row, by line; the next one comes in."""
    world = sqlite_world
    text = b'name,code\n"Lamp,L1\nLantern,L2\n'
    said = "\n".join(await heard(world, brings_list(world, "Anna", "inventory.csv", text)))
    assert wording(views._refused, n=1) in said
    assert (
        wording(
            views._row,
            line=2,
            value=...,
            why=...,
        )
        in said
    )
    assert "L2" in await codes(world)
    assert "L1" not in await codes(world)


async def test_files_from_those_who_may_not(sqlite_world: World) -> None:
    """A member's, a lender's, a stranger's, a former admin's: like anything else that nobody asked for."""
    world = sqlite_world
    await leaves(world, "Ada")
    content = b"name,code\nTent,T9\n"
    async with world.unchanged():
        for name in ("Kari", "Lars", "Ada"):
            assert await told(world, world[name].sends_document("inventory.csv", content)) == NOT_UNDERSTOOD
        said = await told(world, world["Nobody"].sends_document("inventory.csv", content))
        assert said.startswith(refusal(Refused.NOT_A_MEMBER))


async def test_a_photo_of_the_inventory(sqlite_world: World) -> None:
    """Is no file: an admin reads that a picture is read for codes, and nothing is brought in."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    async with world.unchanged():
        assert await told(world, anna.sends_photo(caption="our inventory")) == NO_CODE


async def test_a_file_in_the_group(sqlite_world: World) -> None:
    """The inventory is an admin's affair in private: in the group a file is chatter."""
    world = sqlite_world
    world.sandbox.promote_bot(world.group, by=world["Ada"])
    async with world.unchanged():
        group = world.in_group("Anna")
        assert await heard(world, group.sends_document("inventory.csv", b"name,code\nTent,T9\n")) == []
