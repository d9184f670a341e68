"""Ranges of codes, cells that mean the one above, states of what is out, sheets of years."""

import pytest

from services.core.errors import Refusal, Refused
from services.imports.inventory.preview import preview
from services.imports.understanding.cells.codes import codes
from services.imports.understanding.cells.lent import holder
from services.imports.understanding.choices import Choices
from services.imports.understanding.plan import Passed
from tests.services.imports import kept
from tests.services.imports.conftest import Club
from tests.services.imports.files import lines
from tests.services.imports.inventory.expected import Row
from tests.services.imports.inventory.test_odd_lists import xlsx
from tests.services.imports.workbooks import ods

POOL = lines(
    "Camera pool,,,,",
    "Asset,Item,Status,Lent to,Notes",
    "100240-100243,Canon 250D,In,,4 bodies",
    "100250,Sony A7,Out,Maya Lopez,",
    "100251,Sony A7,Charging,,",
    "CF-01–03,CF card,Lent to Kari since May,,",
    "100260,Tripod,Out of order,,",
)
GROUP = lines(
    "Merking;Hva;Antall;Hvor;Merknad",
    "T1 til T6;Patruljetelt;6 stk;Boden, hylle 1;",
    "SL1/SL2/SL3;Lavvo;3;Boden, hylle 2;SL2 defekt",
    "SK1-SK4;Kokesett;4;dito;",
    ";Presenning;2;″;",
    ";Øks;1;?;",
)
RACKS = ods(
    [
        ["Riverside Kayak Club - all boats", "", "", "", ""],
        ["Rack", "Slot", "Item", "Colour", "Can be lent"],
        ["A", "1", "Scorpio", "red", "☑"],
        ["", "2", "Mamba", "blue", "☐"],
        ["", "3", "Mamba", "blue", "☑"],
        ["B", "1", "Burn", "green", "☑"],
        ["", "2", "Burn", "green", "☑"],
    ]
)
COSTUMES = lines(
    "Inv. č.;Kostým;Velikost;Stav;Kde",
    "K-001;Frak;50;dobrý;skříň 1",
    "K-002;;52;roztržený;skříň 1",
    "K-003;;54;půjčeno ZUŠ Brno;skříň 1",
    "K-004;Krinolína;38;dobrý;skříň 2",
    "K-005;;40;chybí;skříň 2",
)
TWO_TABLES = lines(
    "Turutstyr;;;",
    "Navn;Antall;Hylle;Pris",
    "Primus;3;2A;1 499,-",
    "Kokekar;4;2A;799,-",
    ";;;",
    "Sikring;;;",
    "Navn;Merke;Antall;Kjøpt",
    "Hjelm;Petzl;10;2021",
    "Sele;Petzl;8;2022",
)
ALPINE = lines(
    "☑,Articolo,Q.tà,Anno,Note,Disponibile,Deposito / Armadio",
    "☑,Ramponi,8 paia,2019,,sì,A",
    "☑,ARTVA,2,2021,batterie scariche,sì,A",
    '☐,Pala,3,idem,"""",no (revisione),B',
    "N.B. prenotare in sede il venerdì,,,,,,",
)
BIKES = lines(
    "Nr.;Model;Status;Wie",
    "F1;Gazelle;Binnen;",
    "F2;Loekie;Uit;Fam. Jansen",
    "F3;Batavus;Bij Jan;",
    "F4;Cortina;Afgeschreven;",
)
DIVERS = lines(
    "Kit no,Description,Shed,Out to,Status",
    "BCD 1,Mares Rover,1,,serviceable",
    "BCD 2,Mares Rover,1,Tom Price,serviceable",
    "CYL 7,12l steel,2,,DO NOT USE",
    "WB 1,Weights,2,,needs service",
)
PARTS = lines(
    "Shelf,Part,Total,Available,Checked out,Make and model",
    "A1,Arduino,5,2,3,Uno",
    "A2,Robot,4,2,1,Spike",
    "A2,Iron,2,2,0,",
)
LISTS: dict[str, tuple[bytes, int, int, list[Row]]] = {
    "ranges of long numbers": (
        POOL.encode(),
        10,
        4,
        [
            {"code": "100240", "name": "Canon 250D", "condition": "ok", "comment": "4 bodies"},
            {"code": "100243", "name": "Canon 250D"},
            {"code": "100251", "name": "Sony A7", "condition": "ok", "comment": ""},
            {"code": "CF-03", "condition": "ok"},
            {"code": "100260", "condition": "in_repair"},
        ],
    ),
    "ranges of short codes, and ditto": (
        GROUP.encode(),
        16,
        0,
        [
            {"code": "T6", "name": "Patruljetelt", "place": "Boden, hylle 1"},
            {"code": "SL2", "name": "Lavvo", "condition": "in_repair"},
            {"code": "SL3", "condition": "ok", "place": "Boden, hylle 2"},
            {"code": "SK4", "name": "Kokesett", "place": "Boden, hylle 2"},
            {"name": "Presenning", "place": "Boden, hylle 2"},
            {"name": "Øks", "place": ""},
        ],
    ),
    "places once per block": (
        RACKS,
        5,
        0,
        [
            {"name": "Scorpio", "place": "A / 1", "Colour": "red"},
            {"name": "Mamba", "place": "A / 2", "condition": "in_repair"},
            {"name": "Burn", "place": "B / 1"},
        ],
    ),
    "names once per block": (
        COSTUMES.encode(),
        5,
        1,
        [
            {"code": "K-002", "name": "Frak", "Velikost": "52", "condition": "damaged"},
            {"code": "K-003", "name": "Frak", "condition": "ok"},
            {"code": "K-005", "name": "Krinolína", "condition": "lost"},
        ],
    ),
    "another table with headers of its own, one of them unknown": (
        TWO_TABLES.encode(),
        25,
        0,
        [
            {"name": "Primus", "pieces": "3", "place": "2A", "Pris": "1 499,-"},
            {"name": "Hjelm", "pieces": "10", "brand": "Petzl", "type": "Sikring", "Kjøpt": "2021"},
        ],
    ),
    "a note right below, answers with reasons": (
        ALPINE.encode(),
        13,
        0,
        [
            {"name": "Ramponi", "pieces": "8", "condition": "ok", "place": "A"},
            {"name": "Pala", "condition": "in_repair", "Anno": "2021", "place": "B"},
        ],
    ),
    "states of which most are unknown": (
        BIKES.encode(),
        4,
        1,
        [{"code": "F1", "condition": "ok"}, {"code": "F4", "name": "Cortina", "condition": "retired"}],
    ),
    "codes in front, below an unknown header": (
        DIVERS.encode(),
        4,
        1,
        [
            {"code": "BCD 1", "name": "Mares Rover", "place": "1", "condition": "ok", "comment": ""},
            {"code": "CYL 7", "condition": "in_repair"},
            {"name": "Weights", "condition": "in_repair"},
        ],
    ),
    "all of them, those there and those out": (
        PARTS.encode(),
        11,
        0,
        [{"name": "Arduino", "pieces": "5", "place": "A1", "model": "Uno"}, {"name": "Robot", "pieces": "4"}],
    ),
    "lines, one of them without a number": (
        b"KITCHEN\n3 pots\n2 x kettle\nGrill\n4 trays\n",
        10,
        0,
        [{"name": "Grill", "type": "KITCHEN", "pieces": "1"}, {"name": "trays", "type": "KITCHEN"}],
    ),
}
"""The file, its items, how many of them are out, and rows as they should be."""


@pytest.mark.parametrize("name", LISTS)
def test_a_list(club: Club, name: str) -> None:
    content, items, held, rows = LISTS[name]
    path = club.folder / "list"
    path.write_bytes(content)
    assert preview(path, Choices()).questions == []
    report = club.brings(path)
    assert (report.refused_total, report.items_new, report.checked_out_total) == (0, items, held)
    cards = club.database.read_now(lambda s: kept.cards(s, club.id))
    assert [{cell: kept.find(cards, row).get(cell, "") for cell in row} for row in rows] == rows
    assert club.brings(path).items_unchanged == items


@pytest.mark.parametrize(
    ("said", "hyphens", "found"),
    [
        ("100240-100243", True, ["100240", "100241", "100242", "100243"]),
        ("100240-100243", False, ["100240-100243"]),
        ("100240-100990", True, ["100240-100990"]),
        ("P1-2", True, ["P1-2"]),
        ("2024-01", True, ["2024-01"]),
        ("A1..A4", False, ["A1", "A2", "A3", "A4"]),
        ("R1 og R3", False, ["R1", "R3"]),
        ("R1 + R2", False, ["R1", "R2"]),
        ("12/34", False, ["12/34"]),
        ("SK1-SK3, SK7", True, ["SK1", "SK2", "SK3", "SK7"]),
    ],
)
def test_codes_with_hyphens(said: str, hyphens: bool, found: list[str]) -> None:
    assert codes(said, hyphens=hyphens) == found


def test_codes_that_all_have_a_hyphen_are_no_ranges(club: Club) -> None:
    club.brings("Name;Code\nDrill;10-12\nSaw;14-11\nAxe;20-21\nFile;30-99\n")
    assert set(club.items()) == {"10-12", "14-11", "20-21", "30-99"}


@pytest.mark.parametrize(
    ("said", "who", "more"),
    [
        ("Out", "Out", ""),
        ("Verliehen", "Verliehen", ""),
        ("Lent to Kari", "Kari", ""),
        ("Utlånt (Ola Nordmann)", "Ola Nordmann", ""),
        ("Checked out - Jonas Weber", "Jonas Weber", ""),
        ("utlånt til Kari, til mai", "Kari", "til mai"),
        ("verliehen bis Pfingsten", "verliehen", "bis Pfingsten"),
        ("Out of order", "", ""),
        ("outdoor", "", ""),
        ("hos Kari?", "", ""),
    ],
)
def test_states_of_what_is_out(said: str, who: str, more: str) -> None:
    assert holder(said) == (who, more)


def test_blank_cells_that_are_no_blocks(club: Club) -> None:
    """A place that a few things have, or that is there again, is no other's."""
    club.brings("Name;Code;Place\nDrill;A-1;Shed\nSaw;A-2;\nAxe;A-3;Shed\nHammer;A-4;\nFile;A-5;\n")
    assert [club.place(code) for code in ("A-1", "A-2", "A-5")] == ["Shed", None, None]


def test_of_sheets_of_years_the_newest_counts(club: Club) -> None:
    head = ["Tool", "Qty", "Condition"]
    path = club.folder / "years.xlsx"
    path.write_bytes(xlsx(**{"2024": [head, ["Drill", "2", "good"]], "2025": [head, ["Drill", "3", "good"]]}))
    assert preview(path, Choices()).passed == [("2024", Passed.OLDER)]
    assert club.brings(path).items_new == 3


def test_things_as_columns_beside_places_or_people(club: Club) -> None:
    for text in (
        "Patrulje;Telt;Primus;Øks\nØrn;2;1;1\nFalk;3;2;1\nSum;5;3;2\n",
        "Room,Chairs,Beamers\nA1,20,1\nA2,30,1\n",
    ):
        with pytest.raises(Refusal) as refused:
            club.brings(text)
        assert refused.value.code is Refused.FILE_TURNED
