"""Pictures with codes, as a telephone takes them: on a table, one below the other."""

import io

import segno
import zxingcpp
from PIL import Image

_WIDTH, _ROW = 600, 230


def code(text: str, kind: str = "Code128") -> Image.Image:
    """A code on its white sticker."""
    if kind == "QRCode":
        drawn = io.BytesIO()
        segno.make_qr(text).save(drawn, kind="png", scale=5, border=4)
        return Image.open(drawn).convert("L")
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    image = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=3))
    sticker = Image.new("L", (image.width + 40, min(image.height, 180) + 20), "white")
    sticker.paste(image.crop((0, 0, image.width, sticker.height - 20)), (20, 10))
    return sticker


def photo(*codes: tuple[str, str]) -> bytes:
    """A picture with these codes, each a text and its kind."""
    table = Image.new("L", (_WIDTH, 40 + _ROW * max(1, len(codes))), 170)
    for row, (text, kind) in enumerate(codes):
        table.paste(code(text, kind), (30, 30 + row * _ROW))
    content = io.BytesIO()
    table.save(content, "JPEG", quality=80)
    return content.getvalue()
