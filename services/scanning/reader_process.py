"""The process that reads the codes of one picture. It is run by its path and imports nothing of ours.

A picture from outside is opened here and nowhere else: a hostile one ends this process. It has little time
and memory, and neither the program's environment nor its open files.
"""

import io
import json
import resource
import sys
from contextlib import suppress
from typing import Any

MOST_PIXELS = 30_000_000
"""Of a picture that is read; a phone's has 12 million, and Telegram makes photos smaller."""

MOST_CODES = 50
LONGEST_TEXT = 1_000

TOO_LARGE, NO_PICTURE, TOO_MUCH = 3, 4, 5
"""Exit statuses: too many pixels; nothing that can be opened; more memory than there is."""

_CPU_SECONDS = 10
_MEMORY = 600_000_000
"""Bytes of address space: the picture twice, and the libraries."""

_KINDS = ("JPEG", "PNG", "WEBP")
_FORMATS = (
    *("QRCode", "MicroQRCode", "DataMatrix", "Aztec", "PDF417"),
    *("EAN13", "EAN8", "UPCA", "UPCE", "Code128", "Code39", "Code93"),
)
"""Those that things carry, and that are not seen where there are none."""


def _bounded() -> None:
    """Let this process use no more than it needs.

    Where a service may not set bounds, its own hold, with those of pixels and of time.
    """
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def _opened(content: bytes) -> Any:
    """Return the picture in grey, on white where it is transparent. Ends the process where it is none."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        picture: Any = Image.open(io.BytesIO(content), formats=_KINDS)
        # Of the header alone: nothing is decoded yet.
        if picture.width * picture.height > MOST_PIXELS:
            sys.exit(TOO_LARGE)
        if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
            layer = picture.convert("RGBA")
            picture = Image.new("RGBA", layer.size, "white")
            picture.alpha_composite(layer)
        return picture.convert("L")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        sys.exit(TOO_LARGE)
    except (OSError, ValueError, SyntaxError):
        sys.exit(NO_PICTURE)


def _read(picture: Any) -> list[tuple[str, str]]:
    """Return text and kind of each code, from the top of the picture to its bottom."""
    import zxingcpp

    formats = zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in _FORMATS])
    found = zxingcpp.read_barcodes(picture, formats=formats)
    found.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return [(code.text, code.format.name) for code in found if len(code.text) <= LONGEST_TEXT][:MOST_CODES]


def main() -> None:
    _bounded()
    try:
        found = _read(_opened(sys.stdin.buffer.read()))
    except MemoryError:
        sys.exit(TOO_MUCH)
    sys.stdout.buffer.write(json.dumps(found).encode())


if __name__ == "__main__":
    main()
