"""Lists as people keep them: their header, columns, pieces, codes and conditions are understood."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook

from db.states import Condition
from services.core.errors import Refusal
from services.imports import Reason
from services.imports.understanding.cells.codes import codes
from services.imports.understanding.cells.values import condition, pieces
from services.imports.understanding.choices import Choices
from services.imports.understanding.encodings import guess
from services.imports.understanding.opening import open_file
from services.imports.understanding.plan import Passed, Plan, Question, understand
from services.imports.understanding.things import Thing
from services.imports.understanding.vocabulary import Meaning
from tests.services.imports.conftest import Club
from tests.services.imports.files import lines


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[Callable[..., Plan]]:
    """Understand a text, or bytes, as a file."""
    plans: list[Plan] = []

    def understood(source: str | bytes, choices: Choices | None = None) -> Plan:
        path = tmp_path / "list.csv"
        path.write_bytes(source.encode() if isinstance(source, str) else source)
        plans.append(understand(open_file(path).sheets, choices or Choices()))
        return plans[-1]

    yield understood
    for plan in plans:
        plan.close()


def meanings(plan: Plan) -> dict[str, str]:
    (table,) = plan.tables
    return {header: table.columns.meanings[i].value for i, header in enumerate(table.columns.headers)}


@pytest.mark.parametrize(
    ("said", "number"),
    [("5 stk", 5), ("8 x", 8), ("12 pcs", 12), ("1.0", 1), ("1 000", 1000), ("x3", 3), ("3個", 3), ("0", 0)],
)
def test_numbers_of_pieces(said: str, number: int) -> None:
    """With the units that people put behind them."""
    assert pieces(said) == number


@pytest.mark.parametrize("said", ["15 mm", "1.5", "-1", "many", "A4", "2024-01-01", "3/4"])
def test_what_is_no_number_of_pieces(said: str) -> None:
    """Sizes, fractions and dates are none."""
    assert pieces(said) is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("SL1, SL2", ["SL1", "SL2"]),
        ("FG-01 to FG-03", ["FG-01", "FG-02", "FG-03"]),
        ("FG-01 – 03", ["FG-01", "FG-02", "FG-03"]),
        ("T1; T3..T5", ["T1", "T3", "T4", "T5"]),
        ("INV-01", ["INV-01"]),
        ("2024-01", ["2024-01"]),
        ("Box 3, red", ["Box 3, red"]),
        ("bez čísla", []),
        ("-", []),
    ],
)
def test_codes_of_a_cell(said: str, found: list[str]) -> None:
    """One, a list, or a range; and words that say there is none."""
    assert codes(said) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        *[(word, Condition.OK) for word in ("Excellent", "Like new", "Used - good", "im Lager", "En stock")],
        *[(word, Condition.DAMAGED) for word in ("Poor", "worn out", "Slitt", "Dårlig", "abgenutzt")],
        *[(word, Condition.IN_REPAIR) for word in ("needs repair", "Unusable", "zip broken", "En panne")],
        *[
            (word, Condition.IN_REPAIR)
            for word in ("Out for Repair (undeployable)", "do not lend", "gesperrt")
        ],
        *[(word, Condition.DAMAGED) for word in ("poškozená", "dañadas", "slitte")],
        *[(word, Condition.LOST) for word in ("Lost/Stolen (archived)", "mangler", "verloren")],
        *[(word, Condition.RETIRED) for word in ("ausgemustert 2022", "archived", "kassert", "списан")],
        *[(word, None) for word in ("", "-", "?", "4/5", "not broken", "blue")],
    ],
)
def test_conditions(said: str, found: Condition | None) -> None:
    """In several languages, and among other words; what forbids lending is never missed."""
    assert condition(said).condition is found


def test_the_header_is_found_below_titles(planned: Callable[..., Plan]) -> None:
    """The sum is left out, and said so; pieces get codes."""
    plan = planned(
        "Utstyrsliste 2024;;;\nOppdatert i mai;;;\n;;;\nUtstyr;Antall;Plassering;Kjøpt\n"
        "Fjelltelt;5 stk;Bod 1;2019\nIsøks;8 x;Bod 2;2020\nSum;13;;\n"
    )
    assert meanings(plan) == {
        "Utstyr": "name",
        "Antall": "quantity",
        "Plassering": "location",
        "Kjøpt": "custom",
    }
    assert (plan.rows, plan.pieces, plan.without_code) == (2, 13, 13)
    assert [(row.line, row.why) for row in plan.left_out] == [(7, "sum")]


@pytest.mark.parametrize(
    ("upper", "lower", "found"),
    [
        (
            "Navn,Kjøp,,Lagring,,Merknad",
            ",Dato,Pris,Rom,Hylle,",
            ["Navn", "Kjøp Dato", "Kjøp Pris", "Rom", "Hylle", "Merknad"],
        ),
        (
            ",Purchase,,Warranty,,",
            "Item,Date,Price,Date,Firm,Colour",
            ["Item", "Purchase Date", "Purchase Price", "Warranty Date", "Warranty Firm", "Warranty Colour"],
        ),
        (
            "Our club,,,,Changed in,May",
            "Navn,Farge,Kode,Antall,Rom,Hylle",
            "Navn,Farge,Kode,Antall,Rom,Hylle",
        ),
    ],
)
def test_a_header_of_two_rows(
    planned: Callable[..., Plan], upper: str, lower: str, found: Sequence[str]
) -> None:
    """The word above several columns is part of their names, unless the word below is known by itself."""
    plan = planned(lines(upper, lower, "Telt,2019-01-02,500,A1,3,fin", "Kano,2020-02-03,900,B1,2,ok"))
    found = found.split(",") if isinstance(found, str) else found
    assert plan.tables[0].columns.headers == found
    assert plan.rows == 2


def test_sections_become_types(planned: Callable[..., Plan]) -> None:
    """A word alone in its row stands for those below."""
    plan = planned(
        "name,code,place\nCamping,,\nTent,T-1,Shed\nStove,S-1,Shed\nSki,,\nPulk,P-1,Loft\nPole,P-2,Loft\n"
    )
    types = [(thing.name, thing.type) for thing in plan.things() if isinstance(thing, Thing)]
    assert types == [("Tent", "Camping"), ("Stove", "Camping"), ("Pulk", "Ski"), ("Pole", "Ski")]


def test_without_a_name_it_is_asked(planned: Callable[..., Plan]) -> None:
    """And what is chosen counts, also two columns together."""
    text = "Kram;Farbe;Lager\nZelt;rot;A\nBoot;blau;B\n"
    assert planned(text).questions == [Question.NAME]
    chosen = planned(text, Choices(columns={"Kram": Meaning.NAME}))
    assert (chosen.questions, chosen.rows, chosen.without_name) == ([], 2, 0)
    both = planned(text, Choices(names=["Farbe", "Kram"]))
    assert [t.name for t in both.things() if isinstance(t, Thing)] == ["rot Zelt", "blau Boot"]


def test_weak_headers_are_codes_only_where_cells_are(planned: Callable[..., Plan]) -> None:
    """`Nr.` numbers things only where each has one, and none twice; passwords are never kept."""
    assert meanings(planned("Nr.,name\n1,Tent\n2,Tent\n"))["Nr."] == "code"
    assert meanings(planned("Nr.,name\n1,Tent\n1,Tent\n"))["Nr."] == "custom"
    assert meanings(planned("Item #,Description\n7,Tent\n8,Tent\n")) == {
        "Item #": "code",
        "Description": "name",
    }
    assert meanings(planned("name,code,password\nTent,T-1,geheim\n"))["password"] == "left out"


def test_large_numbers_are_asked_about(planned: Callable[..., Plan]) -> None:
    """They are rather counted than lent one by one."""
    text = "name,quantity\nPens,500\nTent,2\n"
    assert planned(text).questions == [Question.PIECES]
    assert planned(text, Choices(one_each=True)).questions == []


def test_a_column_that_looks_like_the_code_is_asked_about(planned: Callable[..., Plan]) -> None:
    """Its header is unknown; years, prices and what is there twice are no codes; once answered, never."""
    rows = ["Navn,Klebet,Gruppe,Kjøpt,Verdi,Felt", "Telt,FK-01,A1,2019,1200,x1", "Øks,FK-02,A1,2020,300,x2"]
    text = "\n".join([*rows, "Tau,FK-03,A2,2021,250,x3", ""])
    plan = planned(text)
    assert (plan.questions, plan.code_columns) == ([Question.CODE], ["Klebet", "Felt"])
    for said in (Choices(make_codes=True), Choices(columns={"Klebet": Meaning.CODE})):
        assert planned(text, said).questions == []


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Gerät;Größe\nÜberzelt;groß\nSchlafsäcke;klein\n", "mac_roman"),
        ("Gerät;Größe\nÜberzelt;groß\nSchlafsäcke;klein\n", "cp850"),
        ("Utstyr;Plassering\nIsøks;Kjøkken\nBlå kajakk;Sør\n", "cp1252"),
        ("Navn;Kode\nKjøkkenutstyr;K1\nTelt, blå;T1\n", "cp850"),
        ("Navn;Kode\nKjøkkenutstyr;K1\nTelt, blå;T1\n", "mac_roman"),
        ("Navn;Kode\nBål;B1\n", "cp850"),
        ("Navn;Kode\nBål;B1\n", "mac_roman"),
        ("Nom;Code\nÉchelle;E1\nCafetière;C1\n", "cp850"),
        ("Nazwa;Ilość\nŚpiwór;5\nKrzesło;3\n", "iso8859-2"),
        ("Название;Количество\nПалатка;5\nСпальный мешок;3\n", "koi8-r"),
        ("Название;Количество\nПалатка;5\nСпальный мешок;3\n", "cp866"),
        ("品名,数量\nテント,5\n寝袋,2\n", "shift_jis"),
        ("名称,数量\n帐篷,5\n睡袋,2\n", "gbk"),
        ("名稱,數量\n帳篷,5\n教室,2\n", "big5"),
    ],
)
def test_encodings_are_told_by_their_words(text: str, encoding: str) -> None:
    """The text is read as it was written, or it is among those asked about."""
    data = text.encode(encoding)
    found = guess(data)
    assert text in [data.decode(one.encoding) for one in (found.best, *found.others)]


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp858", "cp1252", "mac_roman", "iso8859-15"])
@pytest.mark.parametrize(
    "text", ["Nom;Prix\nTente;10 £\n", "Name;Preis\nZelt;10€\n", "Nom;Prix\nCanoë;£10\n"]
)
def test_a_currency_is_told_from_a_letter_alone(text: str, encoding: str) -> None:
    """Behind a number stands `£` rather than `ú`, which the same byte is elsewhere."""
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        return  # no euro there
    found = guess(data)
    assert text in [data.decode(one.encoding) for one in (found.best, *found.others)]


def test_sheets_of_notes_are_passed_over(tmp_path: Path) -> None:
    """So are hidden ones, and a second list of the same things; titles become types."""
    book = Workbook()
    del book["Sheet"]
    for title, rows in {
        "Tents": [["Name", "Code"], ["Tent", "T-1"]],
        "Boats": [["Name", "Code"], ["Kayak", "K-1"]],
        "Read me": [["This list is kept by Kari."]],
        "Old": [["Name", "Code"], ["Sledge", "S-1"]],
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book["Old"].sheet_state = "hidden"
    book.save(tmp_path / "book.xlsx")
    with closing(understand(open_file(tmp_path / "book.xlsx").sheets, Choices())) as plan:
        assert [table.passed for table in plan.tables] == [None, None, Passed.NO_TABLE, Passed.HIDDEN]
        things = [thing for thing in plan.things() if isinstance(thing, Thing)]
        assert [(t.name, t.type) for t in things] == [("Tent", "Tents"), ("Kayak", "Boats")]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html><table><tr><td>Name</td></tr></table></html>", "html"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "picture"),
    ],
)
def test_what_is_no_list_is_named(tmp_path: Path, content: bytes, kind: str) -> None:
    """So that the answer can say how to save it."""
    path = tmp_path / "list.xls"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        open_file(path)
    assert refused.value.data["kind"] == kind


def test_a_list_without_codes_comes_in_once(club: Club) -> None:
    """Codes are made; sent again, also in another order, nothing changes; one more piece is one more item."""
    text = lines("name,brand,quantity,place", "Tent,Helsport,2,Shed", "Stove,,1,Shed")
    first = club.brings(text)
    assert (first.items_new, first.refused_total, first.equipment_new) == (3, 0, 2)
    again = club.brings(lines("name,brand,quantity,place", "Stove,,1,Shed", "Tent,Helsport,2,Shed"))
    assert (again.items_new, again.items_changed, again.items_unchanged) == (0, 0, 3)
    more = club.brings(lines("name,brand,quantity,place", "Tent,Helsport,3,Shed"))
    assert (more.items_new, more.items_unchanged) == (1, 2)


def test_codes_are_made_from_the_one_given(club: Club) -> None:
    """A hundred and twenty chairs are as many items."""
    club.brings(lines("name,code,quantity", "Chair,CH,120", "Mic,MIC-1,1"))
    assert {"CH-1", "CH-120", "MIC-1"} < set(club.items())
    assert len(club.items()) == 121


def test_brands_of_one_name_are_told_apart(club: Club) -> None:
    """Whatever the order; and a later file about one of them finds it."""
    rows = ["Trumpet,TR-1,Yamaha,YTR", "Trumpet,TR-2,Bach,180S", "Clarinet,CL-1,Buffet,E11"]
    club.brings(lines("name,code,brand,model", *rows))
    assert set(club.equipment()) == {"Trumpet (Yamaha YTR)", "Trumpet (Bach 180S)", "Clarinet"}
    again = club.brings(lines("name,code,brand,model", *reversed(rows)))
    assert (again.equipment_new, again.items_changed) == (0, 0)
    one = club.brings(lines("name,code,brand,model", rows[1]))
    assert (one.equipment_new, one.items_changed) == (0, 0)


def test_codes_that_differ_in_case_are_one(club: Club) -> None:
    """The second is refused with the first's line, whatever nobody sees in it."""
    report = club.brings(lines("name,code", "Tent,T-1", "Tent,t-1", "Tent,T\u200b-1"))
    assert [(r.line, r.reason, r.data["first_line"]) for r in report.refused] == [
        (3, Reason.CODE_TWICE, 2),
        (4, Reason.CODE_TWICE, 2),
    ]


FEW_WORDS = (
    *("Bûche\nPiqûre", "Nœud\nCœur", "Août", "Fût", "Sac à dos", "Table d'hôte", "Mètre à ruban", "Gîte"),
    *("Chêne", "ÉCHELLE\nÊTRE", "Lit d'appoint – été", "Øl\nÅre", "Gerät\nTür", "Křeslo\nŽidle", "Łódź"),
)


def test_a_few_words_are_read_right_or_asked_about() -> None:
    """As French Excel for DOS, Windows and a Mac write them: never wrong letters without a question."""
    wrong = []
    for text in FEW_WORDS:
        for encoding in ("cp850", "cp437", "cp1252", "mac_roman", "cp1250", "cp852"):
            try:
                data = text.encode(encoding)
            except UnicodeEncodeError:
                continue
            found = guess(data)
            readings = [data.decode(one.encoding, "replace") for one in (found.best, *found.others)]
            if text not in readings:
                wrong.append((text, encoding, readings))
    assert wrong == []


def test_serial_numbers_are_compared_like_codes(club: Club) -> None:
    """In whatever case, and without what nobody sees: known again, refused under a new code, and twice."""
    club.brings(lines("name,code,serial", "Lamp,1,SN-Ø1", "Lamp,2,SN-2"))
    report = club.brings(lines("name,serial,comment", "Lamp,sn-ø1,a", "Lamp,Sn-2\u200b,b"))
    assert (report.items_new, report.items_changed) == (0, 2)
    report = club.brings(lines("name,code,serial", "Lamp,L-1,sn-Ø1"))
    assert [one.reason for one in report.refused] == [Reason.SERIAL_OF]
    report = club.brings(lines("name,serial", "Lamp,sn-9", "Lamp,SN-9"))
    assert [one.reason for one in report.refused] == [Reason.SERIAL_TWICE]
    assert len(club.items()) == 3


def test_a_new_code_for_a_known_serial_number_is_refused(club: Club) -> None:
    """It would double the stock; the answer names the code that the thing has."""
    club.brings(lines("name,code,serial", "Lamp,1,SN-1", "Lamp,2,SN-2"))
    report = club.brings(lines("name,code,serial", "Lamp,L-1,SN-1", "Lamp,L-2,SN-2"))
    assert [(r.reason, r.data) for r in report.refused] == [
        (Reason.SERIAL_OF, {"code": "1"}),
        (Reason.SERIAL_OF, {"code": "2"}),
    ]
    assert len(club.items()) == 2


def test_a_word_that_is_not_understood_stays_as_the_comment(club: Club) -> None:
    """It refuses no row; what is broken never comes in as lendable."""
    report = club.brings(lines("name,code,condition,comment", "Tent,T-1,4/5,", "Tent,T-2,zip broken,old"))
    items = club.items()
    assert report.refused_total == 0
    assert (items["T-1"].condition, items["T-1"].comment) == (Condition.OK, "4/5")
    assert (items["T-2"].condition, items["T-2"].comment) == (Condition.IN_REPAIR, "old\nzip broken")


def test_a_formula_that_failed_is_refused_by_name(club: Club) -> None:
    """Its cell would be nonsense for ever."""
    report = club.brings(lines("name,code,place", "Tent,T-1,#REF!", "Tent,T-2,Shed"))
    assert [(r.line, r.column, r.reason, r.value) for r in report.refused] == [
        (2, "place", Reason.ERROR_CELL, "#REF!")
    ]


def test_our_own_template_takes_any_words_for_a_condition(club: Club) -> None:
    """As any other list does: what is not understood stays as the comment, what is broken is not lent."""
    header = "name,code,brand,model,type,tags,description,serial number,location,condition,comment"
    rows = lines(
        header, "Tent,T-1,,,,,,,,Excellent,", "Tent,T-2,,,,,,,,so-so,old", "Tent,T-3,,,,,,,,zip broken,"
    )
    assert club.brings(rows).refused_total == 0
    assert club.brings(rows).items_changed == 0
    found = {code: (item.condition, item.comment) for code, item in club.items().items()}
    assert found == {
        "T-1": (Condition.OK, ""),
        "T-2": (Condition.OK, "old\nso-so"),
        "T-3": (Condition.IN_REPAIR, "zip broken"),
    }
