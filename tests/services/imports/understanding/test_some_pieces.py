"""Conditions of some of a row's pieces, of a thing by its name, and answers with a reason behind them."""

from collections import Counter

import pytest

from db.states import LENDABLE, Condition
from services.imports.inventory.preview import preview
from services.imports.understanding.cells.some_pieces import of_name, told
from services.imports.understanding.cells.values import condition, remark
from services.imports.understanding.choices import Choices
from services.imports.understanding.vocabulary import Meaning, answer
from tests.services.imports import kept
from tests.services.imports.conftest import Club
from tests.services.imports.files import lines
from tests.services.imports.workbooks import ods_of, xls_with_hidden

CODES = ["FG-01", "FG-02", "FG-1"]


@pytest.mark.parametrize(
    ("said", "codes", "some", "rest"),
    [
        ("FG-02 defekt", {"FG-02": Condition.IN_REPAIR}, None, ""),
        ("fg-01, FG-02: borte, ny pose", {"FG-01": Condition.LOST, "FG-02": Condition.LOST}, None, "ny pose"),
        ("FG-01 og FG-02 er ødelagt", dict.fromkeys(CODES[:2], Condition.IN_REPAIR), None, ""),
        ("FG-02 ikke defekt", {}, None, ""),
        ("FG-02 ok", {}, None, ""),
        ("2 en panne", {}, (2, Condition.IN_REPAIR), ""),
        ("do naprawy 1 szt.", {}, (1, Condition.IN_REPAIR), ""),
        ("2 Stück davon defekt; Keller", {}, (2, Condition.IN_REPAIR), "Keller"),
        ("1本故障", {}, (1, Condition.IN_REPAIR), ""),
        ("1 HS", {}, (1, Condition.IN_REPAIR), ""),
        ("one of them is broken", {}, (1, Condition.IN_REPAIR), ""),
        ("2 of 3 broken", {}, (2, Condition.IN_REPAIR), ""),
        ("én er ødelagt", {}, (1, Condition.IN_REPAIR), ""),
        ("en av dem er defekt; lager", {}, (1, Condition.IN_REPAIR), "lager"),
        ("davon eines kaputt", {}, (1, Condition.IN_REPAIR), ""),
        ("ett är trasigt", {}, (1, Condition.IN_REPAIR), ""),
        ("to er i stykker", {}, (2, Condition.IN_REPAIR), ""),
        ("één kapot", {}, (1, Condition.IN_REPAIR), ""),
        ("une est cassée", {}, (1, Condition.IN_REPAIR), ""),
        ("uno roto", {}, (1, Condition.IN_REPAIR), ""),
        ("jeden zepsuty", {}, (1, Condition.IN_REPAIR), ""),
        ("den ene har en flænge", {}, (1, Condition.IN_REPAIR), ""),
        ("2 er væk", {}, (2, Condition.LOST), ""),
        ("ein wenig defekt", {}, None, "ein wenig defekt"),
        ("one is fine", {}, None, "one is fine"),
        ("all but one broken", {}, None, "all but one broken"),
        ("4 broken", {}, None, "4 broken"),
        ("Kanal 2 defekt", {}, None, "Kanal 2 defekt"),
        ("2 persons", {}, None, "2 persons"),
        ("defekt", {}, None, "defekt"),
    ],
)
def test_a_text_tells_of_some_pieces(
    said: str, codes: dict[str, Condition], some: tuple[int, Condition] | None, rest: str
) -> None:
    """By their codes or their number, of three; what is said of more than there are is said of all."""
    found = told(said, CODES, 3)
    assert (found.codes, found.some, found.rest) == (codes, some, rest)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Violin (BROKEN)", ("Violin", "BROKEN")),
        ("Cello - lost", ("Cello", "lost")),
        ("Viola *do not lend*", ("Viola", "do not lend")),
        ("Tent (missing pegs)", ("Tent", "missing pegs")),
        ("Tent (worn)", ("Tent (worn)", "")),
        ("Cable (5 m)", ("Cable (5 m)", "")),
        ("(broken)", ("(broken)", "")),
    ],
)
def test_words_behind_a_name(name: str, found: tuple[str, str]) -> None:
    """Those that keep a thing from being lent are no part of its name."""
    assert of_name(name) == found


@pytest.mark.parametrize(
    ("said", "truth", "more"),
    [
        ("❌ hotend clogged", False, "hotend clogged"),
        ("✅", True, ""),
        ("No (averiada)", False, "averiada"),
        ("ja - men slitt", True, "men slitt"),
        ("no number", None, "no number"),
        ("x 5", None, "x 5"),
    ],
)
def test_answers_with_a_reason(said: str, truth: bool | None, more: str) -> None:
    """A sign or a word first, then why."""
    assert answer(said) == (truth, more)


SAYS_DAMAGE = """
LS3 mangler motor
Kanal 2 defekt
Fjernkontroll mangler
missing 2 pegs
zip broken on left side
Reißverschluss kaputt
fehlt ein Bein
Akku lädt nicht
funktioniert nicht mehr
virker ikke
i stykker
saknas ben
trasig dragkedja
il manque une corde
pied cassé
la batería no funciona
falta el cable
manca il cavo
non si accende
falta uma corda
brak jednej nogi
nie działa
zepsuty zamek
chybí noha
nefunguje displej
не работает экран
сломана ручка
отсутствует кабель
缺少电池
壊れている
電池欠品
Not repaired
ikke reparert
needs to be repaired
doesn't turn on
repaired 2019, broken again 2022
lock no 3 broken
kapot wiel
rits is kapot
ontbreekt een wiel
Motor mangler, ellers fin
ne marche pas
vattenläcka, läcker
spruckna? nej sönder
skal repareres før bruk
Nicht benutzen!
lens cap and motor missing
må ikke brukes
not sure if broken
no 2 is broken
doesn't fire
nr 4 lek
"""

SAYS_NONE = """
mangler ikke noe
nothing missing
reparert
repaired 2021
missing lid
front cap missing
the lid is missing
mangler linsedeksel
Serial number missing
keine Defekte
no damage
not broken
brak uwag
brak uszkodzeń
ingen feil
fehlt nichts
es fehlt nichts
il ne manque rien
no falta nada
was broken, repaired 2021
defekt; repariert 2022
Etikett fehlt
没坏
故障なし
nothing is broken
no parts are missing
komplett
ny pose 2021
works fine
fungerer bra
Bought 2019
ikke ødelagt
utan fel
broken 2020. Fixed 2021
fits in the small box
photo missing
Mangler bruksanvisning
For breaking ice
virker
ничего не сломано
bez závad
"""


def test_remarks_that_keep_a_thing_back() -> None:
    """Whatever says in a remark that something is broken or missing is not lent until somebody looked."""
    said = SAYS_DAMAGE.strip().splitlines()
    assert [one for one in said if remark(one)[0] in (None, *LENDABLE)] == []


def test_remarks_that_keep_nothing_back() -> None:
    """Damage that is denied or mended, a lid or a receipt that is missing, and words of neither."""
    assert [one for one in SAYS_NONE.strip().splitlines() if remark(one)[0] is not None] == []


def test_what_does_not_work_is_not_lent() -> None:
    """A word that a thing works, denied; `not new` says nothing of that."""
    assert condition("не исправен").condition is condition("not working").condition is Condition.IN_REPAIR
    assert condition("not new").condition is None


def test_a_laboratorys_list(club: Club) -> None:
    """The broken pieces of a range, of a number and by a sign are not lent; the others are, and again so."""
    path = club.folder / "list.csv"
    path.write_text(
        lines(
            "Nº,Наименование прибора,Marke / Modell,Merket,Antall,Works?,Merknad",
            "1,iPad,Apple A16,FG-01 til FG-06,6,✅,FG-04 defekt",
            "2,Micro:bit,BBC V2,,30,✅,4 ødelagt",
            "3,3D printer,Prusa MK3,P1,1,❌ hotend clogged,",
            "4,Pipette (lost),Ibis P10,L-001--L-002,2,,",
        )
    )
    seen = preview(path, Choices())
    by_header = {column.header: column.meaning for column in seen.columns}
    assert not seen.questions
    assert (by_header["Nº"], by_header["Marke / Modell"]) == (Meaning.LEFT_OUT, Meaning.MODEL)
    club.brings(path)
    cards = club.database.read_now(lambda s: kept.cards(s, club.id))
    found = Counter((card["name"], card["condition"]) for card in cards)
    assert found == {
        ("iPad", "ok"): 5,
        ("iPad", "in_repair"): 1,
        ("Micro:bit", "ok"): 26,
        ("Micro:bit", "in_repair"): 4,
        ("3D printer", "in_repair"): 1,
        ("Pipette", "lost"): 2,
    }
    assert kept.find(cards, {"code": "FG-04"})["condition"] == "in_repair"
    before = club.everything()
    club.brings(path)
    assert club.everything() == before


def test_remarks_of_a_clubs_list(club: Club) -> None:
    """A piece named as one of a number, and things whose remarks hint at damage, are not lent; the card lists
    these words once, with how often they are there.
    """
    path = club.folder / "list.csv"
    path.write_text(
        lines(
            "Navn,Kode,Antall,Merknad,Kommentar",
            "Livbåt,LS,4,LS3 mangler motor,",
            "Mikser,MX,1,,Kanal 2 defekt",
            "Forsterker,FS,1,Kanal 2 defekt,",
            "Telt,T,1,mangler ikke noe,mangler pose",
        )
    )
    seen = preview(path, Choices())
    assert seen.doubts == [("Kanal 2 defekt", 2)]
    club.brings(path)
    cards = club.database.read_now(lambda s: kept.cards(s, club.id))
    assert {card["code"] for card in cards if card["condition"] == "in_repair"} == {"LS-3", "MX", "FS"}


def test_columns_that_a_workbook_hides_are_told(club: Club) -> None:
    """They are read, as things may be known by them; an empty one is told from them."""
    cells = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in "abc")
    head = cells.replace(">a<", ">Name<").replace(">b<", ">Price<").replace(">c<", ">Code<")
    table = (
        '<table:table table:name="1"><table:table-column/>'
        '<table:table-column table:visibility="collapse"/><table:table-column/>'
        f"<table:table-row>{head}</table:table-row><table:table-row>{cells}</table:table-row></table:table>"
    )
    rows = [["Name", "Price", "Code"], ["a", "b", ""]]
    for content, empty in ((ods_of(table), []), (xls_with_hidden(rows, 1), ["Code"])):
        path = club.folder / "list"
        path.write_bytes(content)
        columns = preview(path, Choices()).columns
        assert [column.header for column in columns if column.is_hidden] == ["Price"]
        assert [column.header for column in columns if column.is_empty] == empty
