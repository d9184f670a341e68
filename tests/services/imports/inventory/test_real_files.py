"""Files that other people made come in as their owners would expect."""

import pytest

from services.core.errors import Refusal, Refused
from tests.services.imports.conftest import Club
from tests.services.imports.files import real

INVENTORY = "arts-university-inventory.csv"
ASSETS = "snipe-it-assets.csv"


def test_an_arts_university_brings_its_lending_stock(any_club: Club) -> None:
    """1,102 items of 144 names, two of them spellings of one; short rows too; again, nothing changes."""
    path = real(INVENTORY)
    first = any_club.brings(path)
    assert (first.rows, first.items_new, first.equipment_new, first.equipment) == (1102, 1102, 143, 143)
    assert first.refused_total == 0
    before = any_club.everything()
    again = any_club.brings(path)
    assert (again.rows, again.items_unchanged) == (1102, 1102)
    assert (again.items_new, again.items_changed, again.equipment_new, again.equipment_changed) == (
        0,
        0,
        0,
        0,
    )
    assert any_club.everything() == before


def test_german_columns_find_their_fields(club: Club) -> None:
    """Building and room are the location, `keine` is no serial number, all other columns are kept."""
    club.brings(real(INVENTORY))
    items, equipment = club.items(), club.equipment()
    short = items["BTK24446"]
    assert short.serial_number is None
    assert club.place("BTK24446") == "Ge09 / Bühne A"
    assert club.place("AVZ22500") == "Flo6"
    assert short.custom == {
        "Owner:": "Bühnentechnik PZ",
        "Abteilung:": "Bühnentechnik PZ",
        "Rechnungsdatum:": "01.08.07",
        "Wert:": "1000",
        "Lieferant": "Elecomp",
    }
    assert items["AVZ22500"].serial_number == "PM6003383"
    changer = equipment['Rollenfarbwechsler Rainbow 8"']
    assert changer.type == "Licht Zubehör"
    assert changer.search_text == 'rollenfarbwechsler rainbow 8" licht zubehor'
    assert items["BTK24469"].equipment_id == changer.id


def test_serial_numbers_alone_bring_each_item_once(club: Club) -> None:
    """Without the code's column, rows with a serial number of their own come in, and only once."""
    path = real(INVENTORY)
    first = club.brings(path, code="")
    assert first.rows == 1102 == first.items_new + first.refused_total
    before = club.everything()
    again = club.brings(path, code="")
    assert (again.items_unchanged, again.items_new, again.items_changed) == (first.items_new, 0, 0)
    assert [r.line for r in again.refused] == [r.line for r in first.refused]
    assert club.everything() == before


def test_snipe_it_assets_come_in_by_their_model(any_club: Club) -> None:
    """The model is the equipment, the tag the code, the name a label; what is checked out is listed."""
    report = any_club.brings(real(ASSETS))
    assert (report.items_new, report.equipment_new, report.refused_total) == (22, 2, 0)
    assert report.checked_out_total == 17
    assert (report.checked_out[0].line, report.checked_out[0].code) == (3, "WBH-2841795")
    assert [c.to for c in report.checked_out[:2]] == ["Gage McCrackem", "Pacocha-Kiehn"]
    item, robby = any_club.items()["SUQ-5159067"], any_club.equipment()["Robby"]
    assert (item.label, item.equipment_id) == ("Compactor", robby.id)
    assert (robby.brand, robby.model, robby.type) == ("Berge Inc", "2830MI42B80", "Fire Protection")
    assert any_club.place(item.code) == "Jenkins, Goldner and Cruickshank"
    assert item.custom == {
        "Company": "Toy-Daniel",
        "Supplier": "Botsford, Boyle and Herzog",
        "Order Number": "0313117719",
        "Purchase Date": "6/24/22",
        "Purchase Cost": "4402.74",
        "Asset EOL Date": "10/27/28",
    }
    before = any_club.everything()
    assert any_club.brings(real(ASSETS)).items_unchanged == 22
    assert any_club.everything() == before


def test_a_list_of_people_is_no_inventory_to_guess_at(club: Club) -> None:
    """Snipe-IT's users have no column that names a thing: refused whole, nothing written."""
    with pytest.raises(Refusal) as refusal:
        club.brings(real("snipe-it-users.csv"))
    assert refusal.value.code is Refused.FILE_NO_NAME
