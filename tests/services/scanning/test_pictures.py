"""Codes in pictures: read in a process that no picture can make more of than it may be."""

import io
import struct
import zlib

import pytest
from PIL import Image

from services.core.errors import Refusal, Refused
from services.scanning import pictures, reader_process
from services.scanning.pictures import Code
from tests.services.scanning.pictures import photo

EACH = [
    ("https://t.me/the_bot?start=i_AbCdEf123456", "QRCode"),
    ("4006381333931", "EAN13"),
    ("AVZ-22531", "Code128"),
    ("T-01", "Code39"),
    ("Ø 7 ✓", "DataMatrix"),
]


async def test_all_the_codes_of_a_picture_are_read() -> None:
    """Whatever each is, from top to bottom, and one that is there twice once."""
    assert await pictures.read(photo(*EACH, EACH[1])) == tuple(Code(*one) for one in EACH)


async def test_what_no_line_holds_is_left_out() -> None:
    """Line ends, and characters that no database takes: they are named."""
    assert await pictures.read(photo(("a\n\x00b\x1dc", "DataMatrix"))) == (
        Code("a<LF><NUL>b<GS>c", "DataMatrix"),
    )


async def test_nothing_to_read() -> None:
    """A picture without a code has none."""
    assert await pictures.read(photo()) == ()


def _png(width: int, height: int) -> bytes:
    """A PNG that says how large it is, with as many bytes as a zero can be packed into."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress(b"\0" * min(width * height * 4, 20_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _gif() -> bytes:
    drawn = io.BytesIO()
    Image.new("L", (10, 10)).save(drawn, "GIF")
    return drawn.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (_png(30_000, 30_000), Refused.PICTURE_TOO_LARGE),
        (b"", Refused.PICTURE_NOT_READ),
        (photo(EACH[1])[:900], Refused.PICTURE_NOT_READ),
        (_gif(), Refused.PICTURE_NOT_READ),
    ],
    ids=["bomb", "empty", "cut off", "another kind"],
)
async def test_what_is_refused(content: bytes, why: Refused) -> None:
    """More pixels than are read, by what the header says; and whatever is no picture of a known kind."""
    with pytest.raises(Refusal) as refusal:
        await pictures.read(content)
    assert refusal.value.code is why


async def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture is refused, as one that needs more memory than there is."""
    monkeypatch.setattr(pictures, "_SECONDS", 0.001)
    with pytest.raises(Refusal) as refusal:
        await pictures.read(photo(EACH[1]))
    assert refusal.value.code is Refused.PICTURE_NOT_READ


async def test_a_reader_that_needs_too_much_memory_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As the largest picture that is opened would, with less room than there is."""
    small = tmp_path_factory.mktemp("reader") / "reader.py"
    source = pictures._READER.read_text(encoding="utf-8")
    assert "_MEMORY = 600_000_000" in source
    small.write_text(source.replace("_MEMORY = 600_000_000", "_MEMORY = 60_000_000"), encoding="utf-8")
    monkeypatch.setattr(pictures, "_READER", small)
    with pytest.raises(Refusal) as refusal:
        await pictures.read(_png(5_000, 5_000))
    assert refusal.value.code is Refused.PICTURE_NOT_READ


@pytest.mark.long
async def test_the_largest_picture_is_read() -> None:
    """One with as many pixels as are allowed fits into the reader's memory, transparent or not."""
    side = int(reader_process.MOST_PIXELS**0.5)
    drawn = io.BytesIO()
    table = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    table.paste(Image.open(io.BytesIO(photo(EACH[1]))), (100, 100))
    table.save(drawn, "PNG", compress_level=1)
    assert await pictures.read(drawn.getvalue()) == (Code(*EACH[1]),)
