"""Labels as they are printed: read back by an independent reader, each in its place on the sheet."""

import asyncio
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.labels import SHEETS, Label, Sheet, draw
from services.labels.qr import link
from services.labels.text_fitting import fit
from tests.services.labels.code_reader import codes, size, texts

BOT = "a_bot_with_a_name_of_32_letters_"
each_sheet = pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))

LONG = "Zusammenklappbarer Aktivlautsprecher mit Stativ, Tasche, Netzkabel und Ersatzsicherungen " * 6
NAMES = ["Tent", "Kajakk Ægir № 3", LONG, "Ω" * 200, "Zażółć gęślą jaźń", "Палатка", "🎸", "שלום", "a\nb", ""]


def printed(
    folder: Path, sheet: Sheet, labels: list[Label], first: int = 0, owner: str = "Fjellklubben"
) -> Path:
    path = folder / "labels.pdf"
    asyncio.run(draw(labels, sheet, path, first=first, owner=owner, bot=BOT))
    return path


def many(count: int) -> list[Label]:
    return [Label(f"{NAMES[i % len(NAMES)]}", f"CODE-{i:04d}", f"tok_{i:08d}") for i in range(count)]


@each_sheet
def test_every_code_is_read_back_in_its_place(tmp_path: Path, sheet: Sheet) -> None:
    """On a full sheet and a begun one: each code leads to its thing, from within its own label."""
    labels = many(sheet.per_sheet + 2)
    found = codes(printed(tmp_path, sheet, labels))
    assert {read.text for read in found} == {link(BOT, label.token) for label in labels}
    number = {link(BOT, label.token): i for i, label in enumerate(labels)}
    for read in found:
        page, position = divmod(number[read.text], sheet.per_sheet)
        left, top = sheet.place(position)
        assert read.page == page
        assert left < read.x < left + sheet.label[0] / 2
        assert abs(read.y - (top + sheet.label[1] / 2)) < 0.3
    assert len(found) == len(labels)


@each_sheet
def test_codes_are_read_from_a_bad_printer_too(tmp_path: Path, sheet: Sheet) -> None:
    """At 150 dots an inch; a code is as large on a full sheet as with few others."""
    labels = many(6)
    assert len(codes(printed(tmp_path, sheet, labels), scale=150 / 72)) == len(labels)


MEASURES = {
    "l7160": (21, 210, 297, (7.2, 15.1), (66.04, 38.1)),
    "l7159": (24, 210, 297, (7.2, 12.9), (66.04, 33.9)),
    "l7163": (14, 210, 297, (4.65, 15.1), (101.6, 38.1)),
    "l7651": (65, 210, 297, (4.65, 10.7), (40.64, 21.2)),
    "3474": (24, 210, 297, (0, 0.5), (70, 37)),
    "us5160": (30, 215.9, 279.4, (4.7625, 12.7), (69.85, 25.4)),
    "us5163": (10, 215.9, 279.4, (3.96875, 12.7), (106.3625, 50.8)),
}
"""Labels to a sheet, its size, its margins on the left and above, and from label to label, as published."""


@each_sheet
def test_sheets_have_the_measures_that_their_makers_tell(tmp_path: Path, sheet: Sheet) -> None:
    """Within two tenths of a millimetre, and so has the page that is printed."""
    per_sheet, width, height, margin, pitch = MEASURES[sheet.key]
    assert sheet.per_sheet == per_sheet
    assert sheet.margin == pytest.approx(margin, abs=0.2)
    assert sheet.pitch == pytest.approx(pitch, abs=0.01)
    pages, *paper = size(printed(tmp_path, sheet, many(1)))
    assert pages == 1
    assert paper == pytest.approx([width, height], abs=0.1)


@each_sheet
def test_labels_stay_on_the_paper_and_apart(sheet: Sheet) -> None:
    """The last one ends before the paper does, and none covers another."""
    left, top = sheet.place(sheet.per_sheet - 1)
    assert left + sheet.label[0] <= sheet.paper[0] + 0.01
    assert top + sheet.label[1] <= sheet.paper[1]
    assert sheet.pitch[0] >= sheet.label[0] and sheet.pitch[1] >= sheet.label[1]


@each_sheet
def test_a_begun_sheet_goes_on_where_it_ended(tmp_path: Path, sheet: Sheet) -> None:
    """Used places stay empty; labels that do not fit come on the next sheet, from its beginning."""
    first = sheet.per_sheet - 2
    labels = many(3)
    path = printed(tmp_path, sheet, labels, first=first)
    found = {read.text: read for read in codes(path)}
    places = [found[link(BOT, label.token)] for label in labels]
    assert [read.page for read in places] == [0, 0, 1]
    for read, position in zip(places, (first, first + 1, 0), strict=True):
        left, top = sheet.place(position)
        assert left < read.x < left + sheet.label[0]
        assert top < read.y < top + sheet.label[1]
    assert (size(path)[0], sheet.pages(3, first)) == (2, 2)


@each_sheet
def test_nothing_is_printed_beside_the_labels(tmp_path: Path, sheet: Sheet) -> None:
    """However long name, code and owner are: each label's edge stays white for half a millimetre."""
    labels = [Label(name or LONG, f"{LONG[:100]}{i}", f"t{i:011d}") for i, name in enumerate(NAMES)]
    path = printed(tmp_path, sheet, labels, owner=LONG)
    document = pypdfium2.PdfDocument(path)
    scale = 10 * 25.4 / 72  # ten pixels to the millimetre
    image = document[0].render(scale=scale, grayscale=True).to_pil()
    inked = image.point(lambda value: 255 if value < 128 else 0)
    for position in range(min(len(labels), sheet.per_sheet)):
        left, top = sheet.place(position)
        inside = [left + 0.5, top + 0.5, left + sheet.label[0] - 0.5, top + sheet.label[1] - 0.5]
        inked.paste(0, tuple(round(10 * mm) for mm in inside))
    assert inked.getbbox() is None
    document.close()


def test_names_codes_and_owner_stand_beside_the_code(tmp_path: Path) -> None:
    """Long ones are cut, and show it; a picture leaves nothing."""
    sheet = SHEETS["l7160"]
    path = printed(tmp_path, sheet, [Label(name, f"C-{i}", f"t{i:011d}") for i, name in enumerate(NAMES)])

    def on(position: int) -> str:
        left, top = sheet.place(position)
        return " ".join(texts(path, 0, (left, top, left + sheet.label[0], top + sheet.label[1])).split())

    assert on(0) == "Tent C-0 Fjellklubben"
    assert on(1) == "Kajakk Ægir № 3 C-1 Fjellklubben"
    assert on(2).startswith("Zusammenklappbarer Aktivlautsprecher") and "…" in on(2)
    assert on(4) == "Zażółć gęślą jaźń C-4 Fjellklubben"
    assert on(5) == "Палатка C-5 Fjellklubben"
    assert on(6) == "C-6 Fjellklubben"
    assert on(8) == "a b C-8 Fjellklubben"


@given(st.text(max_size=120), st.floats(5, 60), st.floats(2, 30), st.integers(1, 5))
def test_fitted_text_is_within_its_box(text: str, width: float, height: float, lines: int) -> None:
    """Whatever it is: no line is wider, and together they are no higher, than the box; one line there is."""
    sizes = (12.0, 8.0, 4.0)
    found = fit(text, lambda t: 0.2 * len(t), (width, height), sizes, lines)
    assert all(0.2 * len(line) * found.size <= width + 1e-6 for line in found.lines)
    assert len(found.lines) <= max(1, lines)
    assert found.height <= max(height, found.line_height) + 1e-6
    if found.size > sizes[-1]:
        assert "".join(found.lines).replace(" ", "") == "".join(text.split())
