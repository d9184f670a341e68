"""One row: what its cells say, and why it may not come in."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.states import Condition
from services.core import text as core_text
from services.imports.inventory.rows import Row, clean
from services.imports.mapping import Field, Mapping
from services.imports.readers.csv_reader import Record
from services.imports.report import Reason, RefusedRow

SAID = [
    Field.NAME,
    Field.CODE,
    Field.TAGS,
    Field.SERIAL_NUMBER,
    Field.LOCATION,
    Field.CONDITION,
    Field.COMMENT,
]
"""Columns of the rows below; `Wert` follows."""
MAPPING = Mapping((*SAID, "Wert"), {field: n for n, field in enumerate(SAID)}, {len(SAID): "Wert"})


def row(*texts: str) -> Row:
    found = clean(Record(2, list(texts)), MAPPING)
    assert isinstance(found, Row), found
    return found


def refused(*texts: str) -> RefusedRow:
    found = clean(Record(2, list(texts)), MAPPING)
    assert isinstance(found, RefusedRow), found
    return found


@pytest.mark.parametrize(
    "text", ["keine", "Unbekannt", "-", "--", "?", "n/a", "N.A.", "k. A.", "ukjent", " "]
)
def test_a_serial_number_that_says_nothing_is_none(text: str) -> None:
    """A text that people write where there is no serial number counts as none."""
    assert row("Tent", "T-1", "", text).item["serial_number"] is None


@pytest.mark.parametrize("text", ["0", "Keine 7", "NA-1", "12 030", "94  100 03"])
def test_a_serial_number_that_says_something_is_kept(text: str) -> None:
    """Also where it looks a little like nothing, and with its spaces."""
    assert row("Tent", "T-1", "", text).item["serial_number"] == text


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("OK", Condition.OK),
        ("beschädigt", Condition.DAMAGED),
        ("in_repair", Condition.IN_REPAIR),
        ("Defekt", Condition.IN_REPAIR),
        ("savnet", Condition.LOST),
        ("ausgemustert", Condition.RETIRED),
    ],
)
def test_conditions_are_known_by_their_usual_words(text: str, condition: Condition) -> None:
    """In three languages; what is broken is not for lending."""
    assert row("Tent", "T-1", "", "", "", text).item["condition"] is condition


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        (["", "T-1"], "name", Reason.NO_NAME),
        (["Tent", ""], "code", Reason.NO_CODE_OR_SERIAL),
        (["Tent", "", "", "keine"], "code", Reason.NO_CODE_OR_SERIAL),
        (["x" * 201, "T-1"], "name", Reason.TOO_LONG),
        (["Tent", "x" * 101], "code", Reason.TOO_LONG),
        (["Tent", "T-1", f"ok, {'x' * 101}"], "tags", Reason.TOO_LONG),
        (["Tent", "T-1", "", "x" * 201], "serial number", Reason.TOO_LONG),
        (["Tent", "T-1", "", "", "x" * 201], "location", Reason.TOO_LONG),
        (["Tent", "T-1", *([""] * 6), "mo\udcffre"], None, Reason.TOO_MANY_CELLS),
        (["Tent", "T-1", "", "", "", "", "a\x00b"], "comment", Reason.UNREADABLE),
        (["Tent", "T-1", "", "", "", "", "", "a\udcffb"], "Wert", Reason.UNREADABLE),
    ],
)
def test_a_row_that_cannot_come_in_says_where_and_why(
    text: list[str], column: str | None, reason: Reason
) -> None:
    """The line, the file's own header, the reason."""
    wrong = refused(*text)
    assert (wrong.line, wrong.column, wrong.reason) == (2, column, reason)
    wrong.value.encode()


def test_the_longest_texts_that_fit_come_in() -> None:
    """The limits are those of the tables, and no less."""
    assert row("x" * 200, "y" * 100, "z" * 100, "s" * 200, "b" * 200).name == "x" * 200


def test_a_short_row_says_nothing_of_the_columns_it_lacks() -> None:
    """They are as absent as if the file had no such column; those that are empty clear."""
    short, full = row("Tent", "T-1"), row("Tent", "T-1", "", "", "", "", "", "")
    assert (short.item, short.custom) == ({}, {})
    assert full.item == {"serial_number": None, "location": None, "comment": ""}
    assert full.custom == {"Wert": ""}


def test_empty_cells_beyond_the_header_do_no_harm() -> None:
    """Spreadsheets like to end lines with a few delimiters more."""
    assert row("Tent", "T-1", *[""] * 12).code == "T-1"


def test_tags_are_parted_by_comma_or_semicolon() -> None:
    """Each once, trimmed, none empty."""
    assert row("Tent", "T-1", " camping;winter , camping;; ").tags == {"camping", "winter"}


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        ("'=1+1", "=1+1"),
        ("'+47 12", "+47 12"),
        ("+47 22 33", "+47 22 33"),
        ("'-5", "-5"),
        ("'@home", "@home"),
        ("'n roll", "'n roll"),
    ],
)
def test_defused_formulas_come_back_as_they_were(text: str, restored: str) -> None:
    """The quotation mark before = + - @ was there for the spreadsheet only."""
    assert row("Tent", "T-1", "", "", "", "", text, text).item["comment"] == restored
    assert row(text, "T-1").name == restored


@given(st.text())
@example("'=1")
@example("''@")
@example("+4722334455")
@example("+47 (0)22/33 44")
@example("+47-22-33-44")
@example("+47 -22333")
@example("+12345A1")
def test_what_is_defused_is_restored(text: str) -> None:
    """Whatever the text, an export comes back as it was and never begins like a formula."""
    defused = core_text.defuse(text)
    assert not defused.startswith(("=", "-", "@"))
    assert not defused.startswith("+") or re.fullmatch(r"\+\d+( [\d ()./-]+)?", defused)
    assert core_text.restore(core_text.kept_as_text(text)) == text
    assert core_text.restore(defused) == text


def test_the_same_letter_typed_in_two_ways_is_the_same_name() -> None:
    """`ü` in one character, and as `u` with two dots: one equipment, not two."""
    assert row("Mu\u0308hle", "T-1").name == row("M\u00fchle", "T-2").name


def test_a_name_stays_in_one_line() -> None:
    """A line break in a name would break lists; in a comment it is kept."""
    found = row("Tent\r\nlarge ", "T-1", "", "", "", "", "one\r\ntwo")
    assert (found.name, found.item["comment"]) == ("Tent large", "one\ntwo")
