"""Photos that are sent: what they become, and what is refused."""

import io

from PIL import Image, ImageOps

from api.problems import ProblemError, invalid

MOST_BYTES = 10_000_000
"""Of an upload; Telegram takes no larger photo either."""

MOST_UPLOADED = MOST_BYTES + 10_000
"""Of a request with a photo, as a form has it."""

_MOST_PIXELS = 60_000_000
_LONGEST_SIDE = 1280
"""Telegram shows no more."""

_KINDS = ("JPEG", "PNG", "WEBP")


def jpeg(sent: bytes) -> bytes:
    """Return the photo as it is kept: upright, no larger than it is ever shown, without where it was taken.

    Raises a problem (413), and (422) for what is no JPEG, PNG or WebP.
    """
    if len(sent) > MOST_BYTES:
        raise ProblemError(413, "too_large", f"A photo has at most {MOST_BYTES} bytes.")
    try:
        with Image.open(io.BytesIO(sent), formats=_KINDS) as found:
            if found.width * found.height > _MOST_PIXELS:
                raise ProblemError(413, "too_large", f"A photo has at most {_MOST_PIXELS} pixels.")
            found.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            upright = ImageOps.exif_transpose(found)
            upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            plain = Image.new("RGB", upright.size, "white")
            layer = upright.convert("RGBA")
            plain.paste(layer, mask=layer)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise invalid(["body", "photo"], "This is no photo: JPEG, PNG or WebP.", "photo") from None
    target = io.BytesIO()
    plain.save(target, "JPEG", quality=85, optimize=True)
    return target.getvalue()


def kind_of(content: bytes) -> str:
    """Return the media type of a photo that is kept."""
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
