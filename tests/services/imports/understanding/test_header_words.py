"""Words on top of columns: put together, with measures, of a list's own fields; and what they decide."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.imports.understanding.choices import Choices
from services.imports.understanding.opening import open_file
from services.imports.understanding.plan import Plan, Question, understand
from services.imports.understanding.things import Thing
from services.imports.understanding.vocabulary import is_kept, is_known, likely, meanings, membership
from tests.services.imports.files import lines


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[Callable[[str], Plan]]:
    """Understand a text as a file."""
    plans: list[Plan] = []

    def understood(text: str) -> Plan:
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        plans.append(understand(open_file(path).sheets, Choices()))
        return plans[-1]

    yield understood
    for plan in plans:
        plan.close()


def of(plan: Plan) -> dict[str, str]:
    (table,) = plan.tables
    return {header: table.columns.meanings[i].value for i, header in enumerate(table.columns.headers)}


def things(plan: Plan) -> list[Thing]:
    return [thing for thing in plan.things() if isinstance(thing, Thing)]


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        *(("Product type", "type"), ("device_name", "name"), ("quantity of item", "quantity")),
        *(("TotalQty", "quantity"), ("brand_name", "brand"), ("Gerätezustand", "condition")),
        *(("Artikelanzahl", "quantity"), ("Utstyrets tilstand", "condition"), ("Gjenstandstype", "type")),
        *(("Tipo de equipo", "type"), ("État du matériel", "condition"), ("Stato del bene", "condition")),
        *(("Nazwa urządzenia", "name"), ("Состояние оборудования", "condition"), ("设备状态", "condition")),
        *(
            ("備品の状態", "condition"),
            ("Föremålets skick", "condition"),
            ("Staat van het materiaal", "condition"),
        ),
    ],
)
def test_a_header_may_name_the_thing(header: str, meaning: str) -> None:
    """Beside the field, in any order, or as one word with it."""
    assert meanings(header)[0].meaning.value == meaning


@pytest.mark.parametrize(
    ("header", "meaning"),
    [("CL location", "location"), ("Combined name", "name"), ("Cosmetic condition", "condition")],
)
def test_a_known_word_beside_others_is_a_guess(header: str, meaning: str) -> None:
    """It is taken only where no other column is known to be it."""
    assert not meanings(header)
    assert [(word.meaning.value, word.weak) for word in likely(header)] == [(meaning, True)]


@pytest.mark.parametrize(
    "header",
    ["Supplier name", "Lieu d'achat", "File name", "Purchase place", "Tool box", "Range (mm)", "Lager (kg)"],
)
def test_what_only_looks_like_a_field(header: str) -> None:
    """Names of others, places of a purchase, things, and measures."""
    assert not likely(header) and not is_known(header)


@pytest.mark.parametrize(
    "header", ["Price", "Innkjøpsår", "Farbe", "Poids", "Rozmiar", "Цвет", "购买日期", "サイズ"]
)
def test_fields_that_nearly_all_lists_have(header: str) -> None:
    """They are kept as the list's own, and help to find its header."""
    assert is_kept(header) and not is_known(header)


def test_so_many_liters_are_no_pieces(planned: Callable[[str], Plan]) -> None:
    """The unit stands in a column of its own; what is measured is one, with its amount as the comment."""
    plan = planned(lines("Gegenstand;Menge;Einheit", "Spiritus;20;l", "Handschuhe;4;Paar", "Seil;50;m"))
    found = [(one.name, one.count, one.comment) for one in things(plan)]
    assert found == [("Spiritus", 1, "Menge: 20 l"), ("Handschuhe", 4, ""), ("Seil", 1, "Menge: 50 m")]


def test_how_many_are_there_counts_the_pieces(planned: Callable[[str], Plan]) -> None:
    """Unless another column does; 1 and 0 are yes and no."""
    assert of(planned("name,availability\nTent,3\nStove,0\nRope,4\n"))["availability"] == "quantity"
    assert of(planned("name,available\nTent,1\nStove,0\nRope,1\n"))["available"] == "status"


def test_a_type_is_the_name_where_nothing_else_is(planned: Callable[[str], Plan]) -> None:
    """Also beside a column of names that is blank; not where another column may be the name."""
    plan = planned("Navn;Type;Inv.nr.;Pris\n;Kano;K-1;900\n;Kajakk;K-2;800\n")
    assert [one.name for one in things(plan)] == ["Kano", "Kajakk"]
    assert not planned("Type;Merke;Inv.nr.\nBåt;Ally;K-1\nTelt;Helsport;T-1\n").questions
    plan = planned("Type,Alias,Tag\nBoat,Old green lady,K-1\nBoat,Thing of mine,K-2\nTent,Big one,T-1\n")
    assert plan.questions == [Question.NAME]


def test_yes_and_no_are_nobody(planned: Callable[[str], Plan]) -> None:
    """Below a header of who has it; the next column tells who."""
    plan = planned("item,checked_out,student_name\nTuba,No,\nHorn,Yes,Kari Berg\nDrum,No,\n")
    assert [one.holder for one in things(plan)] == ["", "Kari Berg", ""]


def test_a_link_is_no_place(planned: Callable[[str], Plan]) -> None:
    """The column that is one wins, whatever its header."""
    plan = planned(
        lines("Item,Location,Site location", *(f"Tent {n},https://maps.test/{n},Shed" for n in "abc"))
    )
    assert {one.location for one in things(plan)} == {"Shed"}


@pytest.mark.parametrize(
    ("word", "state"),
    [
        *(
            ("2. Medlem", "member"),
            ("1) Utmeldt", "left"),
            ("Ehrenmitglied", "member"),
            ("démissionné", "left"),
        ),
        *(("чёрный список", "barred"), ("退部", "left"), ("Ausleihsperre", "barred"), ("whatever", None)),
    ],
)
def test_words_of_members(word: str, state: str | None) -> None:
    """With the number of the list that they are chosen from."""
    assert membership(word) == state


def test_codes_that_are_words_are_names(planned: Callable[[str], Plan]) -> None:
    """Beside a description, which stays one; of two names, the one that is nearly always there counts."""
    plan = planned("codice;quantita;descrizione\ncorda;2;elastica\nlampada;1;grande\nsega;3;a mano\n")
    assert next((one.name, one.description) for one in things(plan)) == ("corda", "elastica")
    plan = planned("Name,Product name,Qty\nKari Berg,Rope,1\n,Stove,1\n,Tent,2\nOla Dal,Kayak,1\n")
    assert [one.name for one in things(plan)] == ["Rope", "Stove", "Tent", "Kayak"]
