"""A file's headers find their fields, in three languages, or where they are told to."""

import pytest

from services.core.errors import Refusal, Refused
from services.imports.mapping import COLUMNS, Field, match


@pytest.mark.parametrize(
    "headers",
    [
        [
            *("Name", "Inventory number", "Manufacturer", "Model", "Category", "Keywords", "Description"),
            *("Serial No.", "Location", "Condition", "Remarks"),
        ],
        [
            *("Bezeichnung:", "Inventar-Nr.", "Hersteller", "Modell", "Gerätetyp", "Schlagwörter"),
            *("Beschreibung", "SERIENNUMMER", "Lagerort", "Zustand", "Bemerkungen"),
        ],
        [
            *("Navn", "Inventarnr.", "Merke", "Modell", "Kategori", "Stikkord", "Beskrivelse"),
            *("Serienr", "Plassering", "Tilstand", "Merknad"),
        ],
        [field.value for field in COLUMNS],
        [field.value.replace(" ", "_").upper() for field in COLUMNS],
    ],
    ids=["english", "german", "norwegian", "template", "upper case"],
)
def test_known_headers_map_by_themselves(headers: list[str]) -> None:
    """Case, accents and punctuation do not matter; nothing is left over."""
    found = match(headers, {})
    assert found.fields == {field: (i,) for i, field in enumerate(COLUMNS)}
    assert found.custom == {}


def test_an_override_wins_over_what_is_known() -> None:
    """`code=Invent.Nr.` although there is a column `code`, which is then kept as a custom field."""
    found = match(["Bezeichnung", "code", "Nr. im Haus"], {"code": "Nr. im Haus"})
    assert found.fields[Field.CODE] == (2,)
    assert found.custom == {1: "code"}


def test_an_override_with_nothing_leaves_the_field_alone() -> None:
    """`condition=` says that this column is not what we call a condition."""
    found = match(["name", "code", "condition"], {"condition": ""})
    assert Field.CONDITION not in found.fields
    assert found.custom == {2: "condition"}


def test_an_override_of_the_location_stands_alone() -> None:
    """Told which column is the location, building and room are not added to it."""
    found = match(["name", "building", "room", "shelf"], {"location": "shelf"})
    assert found.fields == {Field.NAME: (0,), Field.LOCATION: (3,)}
    assert found.custom == {1: "building", 2: "room"}


@pytest.mark.parametrize(
    "overrides", [{"code": "No such column"}, {"colour": "name"}, {"serial number": "names"}]
)
def test_an_override_that_leads_nowhere_is_refused(overrides: dict[str, str]) -> None:
    """A header that the file lacks, or a field that we lack; both lists come with the refusal."""
    with pytest.raises(Refusal) as refusal:
        match(["name", "code"], overrides)
    assert refusal.value.code is Refused.FILE_BAD_MAPPING
    assert refusal.value.data["columns"] == ["name", "code"]
    assert "serial number" in refusal.value.data["fields"]


def test_a_file_without_a_name_is_refused_with_its_headers() -> None:
    """Without a name there is no equipment."""
    with pytest.raises(Refusal) as refusal:
        match(["Ding", "Nummer"], {})
    assert (refusal.value.code, refusal.value.data["columns"]) == (Refused.FILE_NO_NAME, ["Ding", "Nummer"])


def test_two_columns_for_one_field_lose_nothing() -> None:
    """One is taken, the other kept as a custom field; equal and empty headers are told apart."""
    found = match(["Name", "code", "barcode", "Wert", "Wert", ""], {})
    assert found.fields[Field.CODE] == (1,)
    assert found.custom == {2: "barcode", 3: "Wert", 4: "Wert (2)", 5: "#6"}


def test_a_model_is_a_model_outside_snipe_it() -> None:
    """Only with Snipe-IT's other columns is `Model` the equipment and `Name` a label."""
    plain = match(["Name", "Asset Tag", "Brand", "Model"], {})
    assert (plain.fields[Field.NAME], plain.fields[Field.MODEL]) == ((0,), (3,))
    theirs = match(["Asset Name", "Asset Tag", "Model", "Model No.", "Category", "Status"], {})
    assert (theirs.fields[Field.NAME], theirs.fields[Field.LABEL]) == ((2,), (0,))
    assert (theirs.status, theirs.custom) == (5, {5: "Status"})
