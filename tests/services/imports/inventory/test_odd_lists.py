"""Oddities of clubs' lists, each in a list of a few rows: read as its keeper means it, once and again."""

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from services.imports.inventory.preview import preview
from services.imports.understanding.choices import Choices
from tests.services.imports import kept
from tests.services.imports.conftest import Club
from tests.services.imports.files import lines
from tests.services.imports.inventory.expected import Row
from tests.services.imports.workbooks import ods


def xlsx(**sheets: Sequence[Sequence[str]]) -> bytes:
    book, target = Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(target)
    return target.getvalue()


SCHOOL = xlsx(
    Stryk=[
        ["Kulturskolen – instrumenter til utleie"],
        ["Instr.nr", "Instrument", "Merke", "Merknad"],
        ["S-01", "Fiolin", "Yamaha", "sprekk i lokket"],
        ["Totalt", "1", "", ""],
    ],
    Kontakter=[
        ["Navn", "Telefon", "E-post"],
        ["Rektor Berg", "22334455", "rektor@example.org"],
        ["Vaktmester Dal", "22334466", "dal@example.org"],
    ],
)
WARDROBE = lines(
    "THE PLAYHOUSE - WARDROBE STORE,,,",
    "Garment,Qty,Cond.,Notes",
    "Frock coat,1,moth-eaten,needs patching",
    "Tights,12 prs,ok,",
    "Bonnet,4 (1 damaged),good,",
    'Boots,"6, of which 2 lost",good,',
    "Cape,2 (red),fair,",
    "TOTAL,25,,",
)
LAB = lines(
    "Asset #,S/N,Description,Make,Model",
    "100231,A12345,Pipette P200,Gilson,PIPETMAN",
    "100233,0012345678,Analytical balance,Mettler,XS205",
    "100234,n/a,Vortex mixer,VWR,",
    "Number of instruments:,,3,,",
)
SCOUTS = ods(
    [
        ["Désignation", "Quantité", "État", "Remarques"],
        ["Tente canadienne", "2 dont 1 HS", "bon", ""],
        ["Réchaud 2 feux", "3", "à réviser", "joint"],
        ["Gamelle", "une vingtaine", "moyen", ""],
    ]
)
FILM = lines(
    "Item\tSerial\tBarcode\tStatus",
    "Tripod 504X\t0012009\t000422\tIn",
    "Tripod 504X\tsans\t000423\tMissing since May",
)
LIBRARY = lines(
    "Item #;What is it?;Available?;Where",
    "T-12;Carpet cleaner;Yes;Shelf 3",
    "T-13;Projector;No - on loan until 12/12;Shelf 1",
    "K-3;Fondue set;No (broken);Shelf 2",
    "K-4;Raclette;No;Shelf 2",
    "T-15;Sewing machine;withdrawn;Office",
)
HALLS = lines(
    "Gerät;Halle 1;Halle 2;Lager;Summe",
    "Turnmatte;6;4;2;12",
    "Weichbodenmatte;2;2;;4",
    "Gymnastikreifen;;20;;20",
    "Total Station;1;1;1;3",
    "Summe;9;27;3;39",
)
LISTS: dict[str, tuple[bytes, list[Row]]] = {
    "a sheet of people beside the instruments": (
        SCHOOL,
        [{"code": "S-01", "name": "Fiolin", "brand": "Yamaha", "comment": "sprekk i lokket"}],
    ),
    "some of the pieces in the number": (
        WARDROBE.encode(),
        [
            {"name": "Frock coat", "condition": "damaged", "comment": "needs patching"},
            {"name": "Tights", "pieces": "12", "comment": ""},
            {"code": "BONNET-003", "name": "Bonnet", "pieces": "4", "condition": "ok", "comment": ""},
            {"code": "BONNET-004", "name": "Bonnet", "condition": "damaged"},
            {"code": "BOOTS-004", "name": "Boots", "pieces": "6", "condition": "ok", "comment": ""},
            {"code": "BOOTS-005", "name": "Boots", "condition": "lost"},
            {"name": "Cape", "pieces": "1", "condition": "ok", "comment": "Qty: 2 (red)"},
        ],
    ),
    "descriptions for names, models for some": (
        LAB.encode(),
        [
            {"code": "100231", "name": "Pipette P200", "model": "PIPETMAN", "serial": "A12345"},
            {"code": "100233", "name": "Analytical balance", "model": "XS205", "serial": "0012345678"},
            {"code": "100234", "name": "Vortex mixer", "model": "", "serial": ""},
        ],
    ),
    "a group's, in French": (
        SCOUTS,
        [
            {"code": "TENTE-001", "name": "Tente canadienne", "pieces": "2", "condition": "ok"},
            {"code": "TENTE-002", "name": "Tente canadienne", "condition": "in_repair"},
            {"name": "Réchaud 2 feux", "pieces": "3", "condition": "in_repair", "comment": "joint"},
            {"name": "Gamelle", "pieces": "1", "condition": "ok", "comment": "Quantité: une vingtaine"},
        ],
    ),
    "missing for a while": (
        FILM.encode(),
        [
            {"code": "000422", "name": "Tripod 504X", "condition": "ok", "serial": "0012009"},
            {"code": "000423", "condition": "lost", "name": "Tripod 504X", "serial": ""},
        ],
    ),
    "answers with reasons, and reasons alone": (
        LIBRARY.encode(),
        [
            {"code": "T-12", "name": "Carpet cleaner", "condition": "ok"},
            {"code": "T-13", "name": "Projector", "condition": "ok", "comment": "on loan until 12/12"},
            {"code": "K-3", "name": "Fondue set", "condition": "in_repair", "comment": "broken"},
            {"code": "K-4", "name": "Raclette", "condition": "in_repair"},
            {"code": "T-15", "name": "Sewing machine", "condition": "retired"},
        ],
    ),
    "a column for each place, and their sum": (
        HALLS.encode(),
        [
            {"name": "Turnmatte", "pieces": "12", "Halle 1": "6", "Lager": "2", "place": ""},
            {"name": "Weichbodenmatte", "pieces": "4"},
            {"name": "Gymnastikreifen", "pieces": "20", "Halle 2": "20"},
            {"name": "Total Station", "pieces": "3"},
        ],
    ),
}
"""The file, and rows as they should be."""


@pytest.mark.parametrize("name", LISTS)
def test_an_odd_list(club: Club, name: str) -> None:
    """Without a question all its cells are where they belong; sent again, nothing changes."""
    content, rows = LISTS[name]
    path = club.folder / "list"
    path.write_bytes(content)
    assert preview(path, Choices()).questions == []
    assert club.brings(path).refused_total == 0
    cards = club.database.read_now(lambda s: kept.cards(s, club.id))
    assert {card["name"] for card in cards} == {row["name"] for row in rows}
    assert [{cell: kept.find(cards, row).get(cell, "") for cell in row} for row in rows] == rows
    before = club.everything()
    club.brings(path)
    assert club.everything() == before
