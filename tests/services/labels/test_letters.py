"""Labels in any letters: each is printed as it is written, or named before printing."""

import asyncio
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy.orm import Session

from services.core.text import natural
from services.core.tx import Tx
from services.labels import SHEETS, Label, draw, fonts, selection
from services.labels.selection import By, Chosen
from tests import factories
from tests.services.labels.code_reader import texts

SHEET = SHEETS["l7160"]
ALPHABETS = {
    "Chinese": "帐篷",
    "traditional": "雙人帳篷",
    "Japanese": "テント・ランタン",
    "Korean": "캠핑 텐트",
    "Arabic": "خيمة",
    "Hebrew": "אוהל",
    "Thai": "เต็นท์",
    "Hindi": "तम्बू",
    "symbols": "≥ 10 kg ≤ ∞ √ ⌀",
}


def printed(folder: Path, *names: str, sheet: str = "l7160", owner: str = "Club") -> Path:
    path = folder / "labels.pdf"
    labels = [Label(name, f"C-{i}", f"t{i:011d}") for i, name in enumerate(names)]
    asyncio.run(draw(labels, SHEETS[sheet], path, first=0, owner=owner, bot="a_bot"))
    return path


def read(path: Path, position: int = 0) -> str:
    left, top = SHEET.place(position)
    return texts(path, 0, (left, top, left + SHEET.label[0], top + SHEET.label[1]))


def test_every_alphabet_is_printed(tmp_path: Path) -> None:
    """Each letter is there, whatever order a reader takes them in, and none is a sign for a missing one."""
    path = printed(tmp_path, *ALPHABETS.values())
    for position, (name, word) in enumerate(ALPHABETS.items()):
        found = read(path, position)
        assert "\ufffd" not in found, name
        assert fonts.missing([word]) == ""
    assert "帐篷" in read(path, 0) and "≥ 10 kg ≤ ∞" in read(path, 8)


def test_arabic_is_joined_and_hebrew_runs_from_the_right(tmp_path: Path) -> None:
    """Joined letters take less room than single ones; the first Hebrew letter is the rightmost."""
    path = printed(tmp_path, "אבגד", "بببب", "ب ب ب ب")
    document = pypdfium2.PdfDocument(path)
    page = document[0].get_textpage()
    place = {page.get_text_range(i, 1): page.get_charbox(i)[0] for i in range(page.count_chars())}
    assert place["א"] > place["ב"] > place["ג"] > place["ד"]
    page.close()
    document.close()


def test_emoji_are_left_out_and_what_is_missing_is_named(tmp_path: Path) -> None:
    """A picture says nothing on a label; a letter that no font has leaves a sign, and is told before."""
    assert read(printed(tmp_path, "Guitar 🎸👩🏽‍🚒 ☂️ red")).split()[:2] == ["Guitar", "red"]
    assert fonts.missing(["Guitar 🎸👩🏽‍🚒", "帐篷"]) == ""
    assert fonts.missing(["a\U00013080b", "\U00012000"]) == "\U00012000\U00013080"
    assert "\ufffd" in read(printed(tmp_path, "a\U00013080b"))


@pytest.mark.parametrize("sheet", SHEETS)
def test_five_millimetres_of_the_paper_s_edge_stay_white(tmp_path: Path, sheet: str) -> None:
    """On every sheet, however full its labels are: printers do not reach there."""
    name = "Zusammenklappbarer Aktivlautsprecher mit Stativ und Netzkabel " * 2
    path = printed(tmp_path, *[name] * SHEETS[sheet].per_sheet, sheet=sheet, owner=name)
    document = pypdfium2.PdfDocument(path)
    image = document[0].render(scale=5 * 25.4 / 72, grayscale=True).to_pil()
    inked = image.point(lambda value: 255 if value < 200 else 0).getbbox()
    document.close()
    assert inked is not None
    width, height = image.size
    white = [inked[0], inked[1], width - inked[2], height - inked[3]]
    assert min(white) >= 5 * 5, white


def test_codes_are_in_the_order_that_people_count() -> None:
    """Ten after nine, whatever stands around the number; without regard to case."""
    codes = ["T-10", "T-2", "t-1", "T-1b", "10", "9", "A", ""]
    assert sorted(codes, key=natural) == ["", "9", "10", "A", "t-1", "T-1b", "T-2", "T-10"]


def test_labels_come_in_that_order_and_say_what_they_lack(session: Session, now: datetime) -> None:
    """Equipment by name, its things as people count; letters that cannot be printed are known before."""
    c = factories.club(session, now)
    factories.equipment(session, c.organization, now, "Lamp \U00012000", "L-10", "L-9", "L-2")
    tx = Tx(session, now, c.anna)
    codes = [label.code for label in selection.labels(tx, Chosen(By.ALL))]
    assert codes == ["L-2", "L-9", "L-10", "S1", "T1", "T2", "T3"]
    assert selection.missing_letters(tx, Chosen(By.ALL)) == "\U00012000"
    assert selection.missing_letters(tx, Chosen(By.EQUIPMENT, c.tent.id)) == ""
