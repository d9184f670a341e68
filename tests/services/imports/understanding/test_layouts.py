"""Lists as people lay them out: lines without columns, tables below and beside each other, numbered days."""

import random
from collections import Counter

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


@pytest.mark.parametrize("seed", range(6))
def test_columns_that_count_one_size_each(club: Club, seed: int) -> None:
    """One item for each piece, with its size; a column and a row that add them up are no things."""
    rng = random.Random(seed)
    sizes = ["XS", "S", "M", "L", "XL", "2XL"][rng.randrange(3) :]
    counts = {name: [rng.randrange(4) for _ in sizes] for name in ("Vest", "Cloak", "Wetsuit")}
    has_sums = seed % 2 == 0
    rows = [["Item", *sizes, *(["Total"] if has_sums else []), "Shelf"]]
    for name, of in counts.items():
        cells = [str(n) if n else rng.choice(["", "0", "-"]) for n in of]
        rows.append([name, *cells, *([str(sum(of))] if has_sums else []), "A1"])
    if has_sums:
        rows.append(["Total", *(str(sum(of)) for of in zip(*counts.values(), strict=True))])
    text = lines(*(";".join(row) for row in rows))
    club.brings(text)
    names = {one.id: name for name, one in club.equipment().items()}
    found = Counter((names[item.equipment_id], item.custom.get("Size")) for item in club.items().values())
    known = {(name, size): n for name, of in counts.items() for size, n in zip(sizes, of, strict=True) if n}
    assert {key: n for key, n in found.items() if key[1]} == known
    assert club.brings(text).items_unchanged == found.total()


@pytest.mark.parametrize("seed", range(4))
def test_lines_with_numbers_in_sections(club: Club, seed: int) -> None:
    """The words above them are no header, even where one is known as such: they are the types."""
    rng = random.Random(seed)
    sections = rng.sample(["TELT", "KJØKKEN", "DIVERSE:", "Verktøy:"], 3)
    text, known = "Utstyr i boden, uke 12\n\n", {}
    for number, section in enumerate(sections):
        text += f"{section}\n"
        for letter in "AB":
            n = rng.randrange(2, 6)
            name = f"Ting {letter}{'XYZ'[number]}"
            text += rng.choice(["{} x{}", "{} x {}", "{} ({} stk)", "{} – {} stk"]).format(name, n) + "\n"
            known[name] = (section.rstrip(":"), n)
        text += rng.choice(["", "\n"])
    assert club.brings(text).items_new == sum(n for _, n in known.values())
    assert {name: one.type for name, one in club.equipment().items()} == {n: of[0] for n, of in known.items()}


def test_tables_under_titles_of_their_own(club: Club) -> None:
    """They share no header; nothing of the first is lost, and who saw them last is no thing."""
    club.brings(
        "Costumes;;\nItem;Qty;Rail\nCloak;3;R1\nGown;2;R2\n\nProps;;;\nProp;Pcs;Shelf;Notes\n"
        "Sword;2;S1;plastic\n\nFurniture;;;\nName;Code;Where;Notes\nThrone;F1;barn;\n"
        "Bench;F2;barn;\nSeen by: Kari;;;\n"
    )
    assert {name: one.type for name, one in club.equipment().items()} == {
        **dict.fromkeys(("Cloak", "Gown"), "Costumes"),
        **{"Sword": "Props", "Throne": "Furniture", "Bench": "Furniture"},
    }
    assert len(club.items()) == 9


def test_no_code_is_dropped_for_a_smaller_number(club: Club) -> None:
    """Each code is one thing; the number that says otherwise stays in the comment."""
    club.brings("Name;Qty;Codes\nRadio;2;R1, R2, R3\nVest;3;V1-V3\n")
    items = club.items()
    assert set(items) == {"R1", "R2", "R3", "V1", "V2", "V3"}
    assert (items["R3"].comment, items["V3"].comment) == ("Qty: 2", "")


def test_words_of_a_traffic_light_and_of_lending(club: Club) -> None:
    """Colors are conditions below such a header only; a place may say who has the thing."""
    club.brings(
        "Name;Code;Ampel;Farbe;Kan lånes ut (ja/nei);Plass\nStige;L1;grün;rot;ja;Bod\n"
        "Stige;L2;gelb;;ja;lånt ut til Per Hansen\nBor;B1;rot;;ja;Bod\nSag;S1;grün;rot;nei;Bod\n"
    )
    items = club.items()
    assert {code: item.condition for code, item in items.items()} == {
        **{"L1": Condition.OK, "L2": Condition.DAMAGED, "B1": Condition.IN_REPAIR, "S1": Condition.IN_REPAIR},
    }
    assert items["L2"].location_id is None
