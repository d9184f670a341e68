"""Lists as people lay them out: lines without columns, tables below and beside each other, numbered days."""

import pytest

from db.states import Condition
from services.core.errors import Refusal, Refused
from services.imports import Reason
from services.imports.understanding.sheets import split
from tests.services.imports.conftest import Club
from tests.services.imports.files import lines


def test_tables_below_each_other_have_their_own_headers(club: Club) -> None:
    """The words above the second are the type of its things; neither these nor its header is a thing."""
    path = club.folder / "list.csv"
    path.write_text(
        lines(
            "Etiqueta,Equipo,Nº de serie,Disponible",
            "ROB-01,Robot,SN-1,No (averiado)",
            "ROB-02,Robot,SN-2,Sí",
            ",,,",
            "Herramientas,,,",
            ",,,",
            "Etiqueta,Equipo,Cantidad,Ubicación",
            "HER-01,Soldador,2,Cajón",
        )
    )
    club.brings(path)
    items = club.items()
    assert {code: item.condition for code, item in items.items()} == {
        "HER-01-1": Condition.OK,
        "HER-01-2": Condition.OK,
        "ROB-01": Condition.IN_REPAIR,
        "ROB-02": Condition.OK,
    }
    assert club.equipment()["Soldador"].type == "Herramientas"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("3 tält", ("tält", "3")),
        ("2 x Tent", ("Tent", "2")),
        ("2x Tent", ("Tent", "2")),
        ("- 4 stk. telt", ("telt", "4")),
        ("Tent – 4 stk", ("Tent", "4")),
        ("Tent: 4", ("Tent", "4")),
        ("Tent x2", ("Tent", "2")),
        ("Tent (4 pcs)", ("Tent", "4")),
        ("Tent 4 stk", ("Tent", "4")),
        ("Tent 4", ("Tent 4", "")),
        ("10 mm spanner", ("10 mm spanner", "")),
        ("FG-01", ("FG-01", "")),
        ("1. Tent", ("1. Tent", "")),
    ],
)
def test_a_line_with_a_number_of_pieces(line: str, found: tuple[str, str]) -> None:
    assert split(line) == found


def test_a_list_of_lines_with_numbers(club: Club) -> None:
    """No header, no columns; sent again, nothing changes. Numbers of the lines are none of pieces."""
    text = "3 tält\n2 x stormkök\nRep – 2 st\n10 mm borr\nYxa\n"
    assert club.brings(text).items_new == 9
    assert set(club.equipment()) == {"tält", "stormkök", "Rep", "10 mm borr", "Yxa"}
    assert club.brings(text).items_unchanged == 9
    assert club.brings("Utstyr\n3 telt\n1 kano\n").items_new == 4
    assert club.brings("Ting til utlån:\n- 2 hjelmer\n- kajakk (1 stk)\n").items_new == 3
    assert {one.type for one in club.equipment().values()} == {""}
    with pytest.raises(Refusal) as refused:
        club.brings("1 Tent\n2 Stove\n3 Axe\n")
    assert refused.value.code is Refused.FILE_NO_NAME


@pytest.mark.parametrize("between", ["", ";"])
def test_tables_beside_each_other(club: Club, between: str) -> None:
    """With a blank column between them, or the same headers again; a refused row comes with all its cells."""
    rows = ("Utstyr;Antall;|Utstyr;Antall", "Telt;3;|Ski;10", "Primus;4;|;2", "Øks;2;|;")
    text = lines(*rows).replace("|", between)
    report = club.brings(text)
    assert set(club.equipment()) == {"Telt", "Ski", "Primus", "Øks"}
    assert (report.items_new, report.became.get("custom")) == (19, None)
    assert [(row.line, row.reason) for row in report.refused] == [(3, Reason.NO_NAME)]
    assert [len(head.cells) for head in report.heads[""]] == [4 + len(between)]
    assert club.brings(text).items_unchanged == 19


def test_days_that_a_spreadsheet_wrote_as_numbers(club: Club) -> None:
    """Only below a header of days, and where all are such numbers; prices and codes stay what they are."""
    report = club.brings(
        lines(
            "Name;Code;Kjøpsdato;Purchased;Pris;Sist kontrollert dato",
            "Tent;T-1;45000;44927.5;45000;45000",
            "Stove;S-1;;43831;44000;2021",
        )
    )
    assert report.refused == []
    fields = club.items()["T-1"].custom
    assert (fields["Kjøpsdato"], fields["Purchased"]) == ("2023-03-15", "2023-01-01")
    assert (fields["Pris"], fields["Sist kontrollert dato"]) == ("45000", "45000")


def test_tables_beside_each_other_below_their_titles(club: Club) -> None:
    """Nor is a number of pieces any other when it is spelled."""
    club.brings("Telt;;;Kjøkken;\nNavn;Antall;;Navn;Antall\nTelt 2p;to;;Gryte;2\nTelt 4p;én;;Kjele;1\n")
    assert len(club.items()) == 6
    assert set(club.equipment()) == {"Telt 2p", "Telt 4p", "Gryte", "Kjele"}


@pytest.mark.parametrize(
    "text",
    [
        "Code;T-1;T-2;S-1\nName;Tent;Tent;Stove\nLocation;A;A;B\nCondition;ok;broken;ok\n",
        "Utstyr;Telt;Primus;Kano\nAntall;3;4;1\nPlassering;Bod;Bod;Naust\n",
    ],
)
def test_things_as_columns_are_refused(club: Club, text: str) -> None:
    """With what to do, instead of things that are called `Antall`."""
    with pytest.raises(Refusal) as refused:
        club.brings(text)
    assert refused.value.code is Refused.FILE_TURNED
