"""Labels and exports as files, read back by other programs' readers."""

import csv
import io
import zipfile

import pypdfium2
import zxingcpp
from PIL import Image

from db.models import LabelPrint
from tests.api.clients.client import BOT, Server
from tests.factories import Club


def read(png: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return str(found.text)


async def test_labels(server: Server, club: Club) -> None:
    """One as PNG, many as ZIP and as PDF; each code leads to its item."""
    anna = server.of(club.anna)
    items = (await anna.get(f"/equipment/{club.tent.id}/items")).json()["items"]
    one = await anna.get(f"/items/{items[0]['id']}/label.png")
    assert one.headers["content-type"] == "image/png"
    assert read(one.content) == items[0]["label_link"] == f"https://t.me/{BOT}?start=i_1-T1"
    token = items[0]["label_token"]
    assert (await anna.get(f"/items/by-label/{token}")).json()["id"] == items[0]["id"]
    many = await anna.get("/labels.zip", params={"equipment": club.tent.id})
    with zipfile.ZipFile(io.BytesIO(many.content)) as archive:
        assert {name: read(archive.read(name)) for name in archive.namelist()} == {
            f"{one['code']}.png": one["label_link"] for one in items
        }
    pdf = await anna.get("/labels.pdf", params={"item": [one["id"] for one in items], "first": 2})
    page = pypdfium2.PdfDocument(pdf.content)[0]
    codes = zxingcpp.read_barcodes(page.render(scale=4).to_pil())
    assert {code.text for code in codes} == {one["label_link"] for one in items}
    printed = server.does(lambda tx: tx.session.query(LabelPrint).one())
    assert (printed.first, printed.labels) == (1, 3)
    assert (await anna.get("/labels.pdf", params={"sheet": "none"})).status_code == 422
    sheets = (await anna.get("/labels/sheets")).json()["items"]
    assert len(sheets) > 3


async def test_the_own_card(server: Server, club: Club) -> None:
    """The same card as picture and on paper, until it is renewed."""
    kari = server.of(club.kari)
    codes = set()
    for _ in range(2):
        picture = await kari.get("/users/me/card.png")
        code = read(picture.content)
        assert code.startswith(f"https://t.me/{BOT}?start=m_") and code not in codes
        paper = await kari.get("/users/me/card.pdf")
        page = pypdfium2.PdfDocument(paper.content)[0]
        (printed,) = zxingcpp.read_barcodes(page.render(scale=4).to_pil())
        assert printed.text == code
        assert "Kari" in page.get_textpage().get_text_bounded()
        codes.add(code)
        assert (await kari.send("POST", "/users/me/card/renew")).status_code == 204


async def test_exports(server: Server, club: Club) -> None:
    """Each table in each format; rentals for some days."""
    anna = server.of(club.anna)
    days = {"from": "2026-12-01", "to": "2026-12-31"}
    for what in ("inventory", "members", "rentals"):
        found = await anna.get(f"/export/{what}.csv", params=days)
        assert found.status_code == 200, found.text
        rows = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))
        assert len(rows) == {"inventory": 5, "members": 5, "rentals": 1}[what]
    book = await anna.get("/export/inventory.xlsx")
    assert book.content[:2] == b"PK"
