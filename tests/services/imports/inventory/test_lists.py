"""Real lists, and small ones with one difficulty each: what comes of them, once and again.

They lie beside the checkout, where there are any.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from db.states import LENDABLE
from services.core.errors import Refusal
from services.imports import Reason
from services.imports.understanding.choices import Choices
from services.imports.understanding.vocabulary import Meaning
from tests.services.imports import kept
from tests.services.imports.conftest import Club
from tests.services.imports.inventory.expected import EXPECTED

LISTS = Path(__file__).parents[5] / "shared" / "data" / "lists"

pytestmark = pytest.mark.skipif(
    not LISTS.is_dir(), reason="the lists lie beside the checkout, and are not there"
)

MADE: dict[str, tuple[int, int]] = {
    "av-list-itemhash.csv": (3, 2),
    "conditions.csv": (13, 1),
    "dates-prices.csv": (3, 1),
    "duplicate-headers.csv": (1, 1),
    "empty-columns.csv": (2, 2),
    "enc-bom.tsv": (2, 2),
    "enc-cp1251-name.csv": (1, 1),
    "enc-cp1251-ru.csv": (6, 2),
    "enc-cp1252.tsv": (2, 2),
    "enc-gbk-zh.csv": (6, 2),
    "enc-macroman.tsv": (2, 2),
    "enc-sjis-ja.csv": (6, 2),
    "enc-utf16.tsv": (2, 2),
    "enc-utf16le-nobom.tsv": (2, 2),
    "enc-utf8-ja.csv": (6, 2),
    "filtered-rows.xlsx": (2, 1),
    "fjellklubb-utstyr-cp1252.csv": (31, 4),
    "fjellklubb-utstyr-utentittel.csv": (31, 4),
    "formula-cells.csv": (3, 3),
    "glpi-computers-fr.csv": (2, 2),
    "grocy-equipment.csv": (2, 2),
    "inventree-stock.csv": (42, 2),
    "leihs-export-en.csv": (4, 1),
    "librebooking-resources.csv": (3, 3),
    "markdown-table.csv": (1, 1),
    "merged-cells.xlsx": (4, 2),
    "musikverein-instrumente-de.csv": (4, 3),
    "name-and-quantity-with-code.csv": (146, 3),
    "pipe.txt": (1, 1),
    "same-name-other-brand.csv": (4, 4),
    "sep-hint.csv": (1, 1),
    "sheets-per-category.xlsx": (5, 3),
    "snipe-custom-report-en.csv": (6, 2),
    "status-not-snipe.csv": (5, 1),
    "title-rows.xlsx": (2, 1),
}
"""Items and equipment of each."""

REAL: dict[str, tuple[int, int, int]] = {
    "dimselab-inventory-da.xlsx": (23, 3, 0),
    "dschofield-equipment.csv": (3, 3, 0),
    "ethz-materialliste.csv": (31, 27, 0),
    "ethz-materialliste.xlsx": (31, 27, 0),
    "gearbase-lenses.csv": (5, 5, 0),
    "gearbase-report.csv": (75, 73, 0),
    "gearbase-template.csv": (16, 16, 0),
    "homebox-demo.csv": (6, 6, 0),
    "homebox-types.csv": (3, 3, 0),
    "leihs-mike-categories-de.csv": (885, 272, 0),
    "lot-cwmars.xlsx": (224, 217, 0),
    "makers-equipment.csv": (29, 29, 0),
    "ncad-mid.csv": (177, 62, 0),
    "oxhack-inventory.ods": (329, 177, 0),
    "partdb-example.csv": (1165, 6, 0),
    "rfid-inventaire-fr.csv": (4, 4, 0),
    "school-equipment.csv": (497, 32, 0),
    "shelf.nu-example-asset-import-from-content-with-barcodes.csv": (510, 4, 0),
    "shelf.nu-example-asset-import-from-content.csv": (510, 4, 0),
    "smida-inventory.xlsx": (1182, 17, 0),
    "snipeit-components.csv": (10, 1, 0),
    "snipeit-models.csv": (20, 20, 0),
    "thw-cp437.csv": (1, 1, 0),
    "thw-latin1.csv": (1, 1, 0),
    "thw-utf8.csv": (1, 1, 0),
    "wandertool-de.xlsx": (48, 48, 0),
    "zorzo-invent_fyzicka_2025-cs.csv": (200, 21, 4),
}
"""Items, equipment and refused rows of each, with all pieces made."""


@pytest.mark.parametrize("name", MADE)
def test_made_lists(club: Club, name: str) -> None:
    """Each has one difficulty; sent again, nothing changes."""
    report = club.brings(LISTS / "made" / name)
    assert (len(club.items()), len(club.equipment()), report.refused_total) == (*MADE[name], 0)
    again = club.brings(LISTS / "made" / name)
    assert (again.items_new, again.items_changed, again.equipment_changed) == (0, 0, 0)


@pytest.mark.parametrize("name", REAL)
def test_real_lists(club: Club, name: str) -> None:
    """Each comes in, its rows as somebody read them in the file; sent again, nothing changes."""
    path = LISTS / "real" / name
    report = club.brings(path, choices=Choices(one_each=False))
    assert (len(club.items()), len(club.equipment()), report.refused_total) == REAL[name]
    cards = club.database.read_now(lambda s: kept.cards(s, club.id))
    rows = EXPECTED.get(name, [])
    assert [{cell: kept.find(cards, row).get(cell, "") for cell in row} for row in rows] == rows
    again = club.brings(path, choices=Choices(one_each=False))
    assert (again.items_new, again.items_changed, again.equipment_changed) == (0, 0, 0)


def test_names_of_the_world(club: Club) -> None:
    """All letters are kept; a code that is longer than a code can be is refused."""
    report = club.brings(LISTS / "made" / "names-world.csv")
    assert (report.items_new, [row.reason for row in report.refused]) == (12, [Reason.TOO_LONG])
    assert {"텐트 4인용", "אוהל לארבעה", "Палатка четырёхместная зимняя"} < set(club.equipment())


def test_conditions_and_holders(club: Club) -> None:
    """Whatever is broken, lost or retired is not lendable; who has what is listed."""
    expected: dict[str, tuple[dict[str, int], int]] = {
        "status-not-snipe.csv": ({"ok": 1, "in_repair": 2, "lost": 1, "retired": 1}, 0),
        "snipe-custom-report-en.csv": ({"ok": 3, "in_repair": 2, "lost": 1}, 2),
        "leihs-export-en.csv": ({"ok": 2, "in_repair": 1, "retired": 1}, 1),
        "musikverein-instrumente-de.csv": ({"ok": 2, "in_repair": 1, "retired": 1}, 1),
    }
    for name, (conditions, held) in expected.items():
        found = club.found(name)
        report = found.brings(LISTS / "made" / name)
        assert Counter(item.condition.value for item in found.items().values()) == conditions
        assert report.checked_out_total == held
    lendable = club.found("broken")
    lendable.brings(LISTS / "made" / "status-not-snipe.csv")
    assert sum(item.condition in LENDABLE for item in lendable.items().values()) == 1


def test_cells_are_kept_where_they_belong(club: Club) -> None:
    """Hand-checked cells of lists in five languages and encodings."""
    expected: dict[str, dict[str, Any]] = {
        "made/enc-cp1251-ru.csv": {"equipment": "Палатка «Зима-4»", "code": "И-1", "place": "Склад 1"},
        "made/enc-sjis-ja.csv": {"equipment": "テント（4人用）", "code": "A-001", "place": "倉庫A"},
        "made/enc-macroman.tsv": {
            "equipment": "Überzelt „Sturm“",
            "code": "Ü-1",
            "place": "Lager Süd / Regal 3",
        },
        "made/glpi-computers-fr.csv": {"equipment": "PC-PRET-01", "code": "INV-0001", "serial": "ABC123"},
        "real/thw-cp437.csv": {"equipment": "Handlampe", "code": "123456"},
        "real/school-equipment.csv": {"code": "314010102-301601", "equipment": "ASUS WS750T"},
        "real/zorzo-invent_fyzicka_2025-cs.csv": {"code": "Š4857", "equipment": "Počítač", "place": "107"},
        "real/rfid-inventaire-fr.csv": {
            "code": "10001",
            "equipment": "PC Portable",
            "place": "SIEGE / REZ DE CHAUSSEE / 021-ENTREPOT",
        },
    }
    for name, cells in expected.items():
        found = club.found(name)
        found.brings(LISTS / name)
        item = found.items()[cells["code"]]
        equipment = {e.id: e.name for e in found.equipment().values()}
        assert equipment[item.equipment_id] == cells["equipment"]
        if "place" in cells:
            assert found.place(item.code) == cells["place"]
        assert item.serial_number == cells.get("serial", item.serial_number)


@pytest.mark.parametrize("name", ["html-as-xls.xls", "fake.numbers", "fake.xlsb"])
def test_what_is_no_list_says_how_to_save_it(club: Club, name: str) -> None:
    """The kind of the file is in the refusal, and leads to its own sentence."""
    with pytest.raises(Refusal) as refused:
        club.brings(LISTS / "made" / name)
    assert refused.value.data["kind"] in ("html", "numbers", "xlsb")


def test_a_choice_is_enough_for_a_list_without_a_name(club: Club) -> None:
    """One tap, and it comes in."""
    choices = Choices(columns={"Sachnummer": Meaning.NAME})
    assert club.brings(LISTS / "real" / "thw-utf8.csv", choices=choices).items_new == 1
    assert set(club.equipment()) == {"0591-S00001"}


def test_zeros_that_a_spreadsheet_drops_make_no_second_thing(any_club: Club) -> None:
    """A code that is a number is known with other zeros in front, if the name is the same, and it is said."""
    any_club.brings("name,code\nTent,0012\nTent,0013\nStove,0014\nPan,7\nPot,0020\nPot,00020\n")
    changed = "name,code,comment\nTent,12,wet\nTent,0013,\nKayak,14,\nPan,0007,\nTent,15,\nPot,20,\n"
    report = any_club.brings(changed)
    assert report.zeros_lost == [("12", "0012"), ("0007", "7")]
    assert any_club.items()["0012"].comment == "wet"
    # Of another name, new, or not to be told from two: things of their own.
    assert set(any_club.items()) == {"0012", "0013", "0014", "7", "0020", "00020", "14", "15", "20"}
    both = any_club.brings("name,code\nTent,12\nTent,0012\n")
    assert (both.zeros_lost, both.items_new) == ([], 1)


def test_a_number_that_a_spreadsheet_shortened_is_refused(club: Club) -> None:
    """Its digits are lost: it is no code, and as a serial number only a remark beside a code."""
    report = club.brings("Utstyr;Inventarnr\nTelt;7.03E+12\nOvn;7,03123E+12\nGryte;7031234567890\n")
    assert [(row.line, row.column, row.reason) for row in report.refused] == [
        (2, "Inventarnr", Reason.SHORTENED),
        (3, "Inventarnr", Reason.SHORTENED),
    ]
    report = club.brings("Utstyr;Inventarnr;Serienr\nTelt;T-1;7.06E+11\nOvn;;7.06E+11\n")
    assert [(row.line, row.column) for row in report.refused] == [(3, "Serienr")]
    item = club.items()["T-1"]
    assert (item.serial_number, item.comment) == (None, "Serienr: 7.06E+11")
