"""Lists as clubs of many kinds keep them, small: each read as its keeper means it, once and again."""

import pytest

from services.imports.inventory.preview import preview
from services.imports.understanding.choices import Choices
from services.imports.understanding.plan import Question
from services.imports.understanding.vocabulary import Meaning
from tests.services.imports import kept
from tests.services.imports.conftest import Club
from tests.services.imports.files import lines
from tests.services.imports.inventory.expected import Row
from tests.services.imports.workbooks import ods, xls

FORM = lines(
    "Timestamp,Email Address,Item name,How many do we have?,Where is it kept?,"
    "Condition (Good / Needs repair / Broken),Anything else we should know?",
    "11/3/2025 18:04:11,kari@example.org,Dutch oven,3,Scout hut,Good,",
    "11/3/2025 18:06:40,kari@example.org,Patrol tent,2,Scout hut,Needs repair,One pole is bent",
    "11/4/2025 7:12:09,ola@example.org,Axe,4,Trailer,Good,Keep locked",
)
BAND = lines(
    "Instrumento;Marca;Modelo;Nº de serie;Estado;Prestado a;Ubicación;Observaciones",
    "Clarinete en Si b;Buffet;E13;348812;Buen estado;María Peña;Almacén;",
    "Saxofón alto;Yamaha;YAS-280;L33120;Averiado;;Armario 2;Falta la boquilla",
    "Trombón;Bach;LT42;91-220;Nuevo;;Almacén;",
    "Caja china;;;;Desgastado;;Almacén;",
)
WALL = lines(
    "Picture,Tool,Hook,Qty,Status,Training needed",
    "https://drive.google.com/open?id=1aB,Jigsaw,A3,1,OK,no",
    "https://drive.google.com/open?id=1aC,Cordless drill 18V,A4,2,OK,no",
    "https://drive.google.com/open?id=1aD,Table saw,Floor,1,Out of order,yes",
)
MYTURN = lines(
    "Item ID,Name,Item Type,Description,Manufacturer,Model,Serial Number,Condition,Status,Location,"
    "Replacement Cost,Keywords,Image URL,Date Created",
    'LOT-0041,Pressure washer,Garden,"Electric, 130 bar",Kärcher,K4,010203,Good,Available,Main,189.00,'
    '"cleaning, water",https://example.org/41.jpg,2024-05-02',
    "LOT-0042,Carpet cleaner,House,,Bissell,ProHeat,,Fair,Checked Out,Main,240.00,cleaning,,2024-05-02",
    "LOT-0043,Hedge trimmer,Garden,,Stihl,HSA 45,7781,Poor,In Maintenance,North,129.00,,,2024-05-02",
    "LOT-0044,Sewing machine,House,,Singer,4423,,Good,Retired,Main,160.00,,,2023-01-10",
)
CZECH = [
    ["Inventář oddílu 2025", "", "", "", "", ""],
    ["Evid. č.", "Název", "Výrobce", "Ks", "Stav", "Rok výroby"],
    ["L-01", "Lano 60 m", "Tendon", "1", "použité", "2021"],
    ["L-02", "Lano 60 m", "Tendon", "1", "vyřazeno", "2012"],
    ["", "Expreska", "Ocún", "24", "dobré", "2022"],
    ["", "Přilba", "Petzl", "6", "poškozená", "2018"],
]
SCOUTS = [
    ["Materialliste Pfadi Falken", "", "", ""],
    ["Gegenstand", "Anzahl", "Zustand", "Wo"],
    ["ZELTE", "", "", ""],
    ["Kohte", "4", "gut", "Keller"],
    ["Jurte", "1", "Loch im Dach", ""],
    ["KÜCHE", "", "", ""],
    ["Hordentopf", "3", "gut", "Kiste 2"],
    ["Gesamt", "8", "", ""],
]
NOTION = lines(
    "Name,Category,Tags,Status,Location,Assigned to,Quantity,Last checked",
    '⛺ Tunnel tent 4p,🏕️ Camping,"winter, big",🟢 Available,'
    '🏠 Shed (https://www.notion.so/Shed-0a1b2c3d4e5f60718293a4b5c6d7e8f9?pvs=21),,2,"November 3, 2025"',
    "🔥 Gas stove,🏕️ Camping,,🔴 Broken,🏠 Shed (https://www.notion.so/Shed-0a1b2c3d4e5f60718293a4b5c6d7e8f9?pvs=21),"
    ',1,"October 1, 2025"',
    "🛶 Canoe,🌊 Water,,🟡 On loan,🚤 Boathouse (https://www.notion.so/Boathouse-1a1b2c3d4e5f60718293a4b5c6d7e8f9?pvs=21),"
    'Nils Aas,1,"October 1, 2025"',
)
FESTIVAL = lines(
    "Gegenstand;Anzahl;Einzelpreis;Gesamtpreis;Lager",
    "Bierzeltgarnitur;12;89,90;1.078,80;Scheune",
    "Zapfanlage;1;1.250,00;1.250,00;Vereinsheim",
    "Pavillon 3x3;2;119,50;239,00;Scheune",
    ";;Summe:;2.567,80;",
)
KORPS = lines(
    "Instr.nr.;Instrument;Fabrikat;Serienr.;Utlånt til;Utlånt dato;Tilstand",
    "12;Kornett;Besson;811-223;Ida Moen;12.01.2024;God",
    "13;Kornett;Yamaha;YC 4490;;;Må repareres",
    "20;Tuba Eb;Besson;302-118;;;Kassert",
)
COSTUMES = lines(
    "N°\tDésignation\tTaille\tÉpoque\tLieu de rangement\tÉtat",
    "C001\tRobe à panier\t38\tXVIIIe\tPenderie 3\tbon état",
    "C002\tRedingote\tL\tXIXe\tPenderie 3\tà recoudre",
    "C003\tTricorne\tunique\tXVIIIe\tCarton 12\tusé",
)
KAYAKS = lines(
    "Nr.,Omschrijving,Aantal,Merk,Staat,Locatie",
    "Z1-Z12,Zwemvest,12,Palm,goed,Loods",
    "K1,Kajak Prijon,1,Prijon,kapot,Loods",
    ",Peddel,8,Werner,goed,Rek 2",
)
TROOP = lines(
    "Materialliste 3. tropp;;;;",
    ";;;;",
    "Hva;Antall;Hvor;Stand;Hvem har den?",
    "TELT;;;;",
    "Lavvo 12-manns;2 stk;Bod A;God;",
    "Tunneltelt;5 stk;Bod A;Slitt, men ok;Patruljen Ulv",
    "KJØKKEN;;;;",
    "Bålpanne;1;Bod C;Ødelagt - mangler bein;",
    "Kjele 10 l;3;Bod C;;",
    "Øks;2;Bod C;God;",
    "Sum;13;;;",
    ";;;;",
    "Alt skal tørkes før det legges på plass!;;;;",
    "Nøkkel hos Ola;;;;",
)
RADIOS = lines(
    "Jugendfeuerwehr;;;;;;",
    "Gerät;;Inventar;;Lagerort;;Bemerkung",
    "Bezeichnung;Hersteller;Nummern;Stück;Raum;Fach;",
    "Handfunkgerät;Motorola;FG-01 bis FG-03;3;Halle;F1;",
    'Handlampe;Adalit;"HL-01, HL-02";2;Halle;F2;eine flackert',
    "Stativ;;ST-1;1;Anhänger;hinten;defekt",
)
WARDROBE = lines(
    "Désignation,Réf.,Prix d'achat (€),Empruntable,Détenteur,Observations",
    'Cape noire,C-001,"45,00 €",x,,',
    'Robe,C-002,"1 200,00 €",✓,Mme Lefèvre,fragile',
    "Casque,C-003,30 €,,,",
    "Épée,C-004,15 €,x,,à réparer",
)
CHECKED = lines(
    "Lp.;Nazwa sprzętu;Nr inwentarzowy;Ilość;Przegląd 2026;Wypożyczone komu",
    "1;Namiot;ZHP/12/001;1;dobry;",
    "2;Kanadyjka;;3 szt.;dobry;",
    "3;Piła;ZHP/12/014;1;zepsuta;",
    "4;Siekiera;ZHP/12/015;1;dobry;dh. Kowalska",
)
WORKSHOP = lines(
    "Tool,Qty,Working?,Available (Y/N),On loan to,Notes",
    '"Drill, cordless",2,TRUE,Y,,"Battery A; battery B"',
    "Band saw,1,TRUE,Y,,Do not lend; induction needed",
    "Soldering iron,2,FALSE,Y,,",
    "Camera,1,TRUE,N,Ms Patel,",
    "Mixer,1,TRUE,N,,",
)
YOUTH = lines(
    "Anzahl;Gegenstand;davon defekt;Standort",
    "3;Fußball;1;Schrank 1",
    "2x;Schläger-Set;;Schrank 1",
    "1;Beamer;x;Büro",
    "ca. 5;Hütchen;0;Keller",
)
SOCIETY = lines(
    "社团器材清单,,,,,",
    "序号,器材名称,资产编号,数量,存放地点,使用状态",
    "1,单反相机,CAM-001,1,办公室,正常",
    "2,麦克风,,5支,仓库,维修中",
    "3,音箱,SPK-001,1,仓库,报废",
)
GYM = lines(
    "CÓD.;DESCRIÇÃO;QUANT.;LOCAL;ESTADO DE CONSERVAÇÃO",
    "G001;Colchão;1;Sala 1;Bom",
    "G002;Trave;1;Sala 1;Avariada",
    "G003;Cronómetro;1;Secretaria;Extraviado",
)
LISTS: dict[str, tuple[bytes, list[Row], int]] = {
    "a form's answers": (
        FORM.encode(),
        [
            {
                "name": "Dutch oven",
                "pieces": "3",
                "place": "Scout hut",
                "condition": "ok",
            },
            {
                "name": "Patrol tent",
                "pieces": "2",
                "condition": "in_repair",
                "Anything else we should know?": "One pole is bent",
            },
            {"name": "Axe", "pieces": "4", "place": "Trailer"},
        ],
        0,
    ),
    "a band's, in Mac Roman": (
        BAND.encode("mac_roman"),
        [
            {
                "name": "Clarinete en Si b",
                "brand": "Buffet",
                "model": "E13",
                "serial": "348812",
                "condition": "ok",
                "place": "Almacén",
            },
            {
                "name": "Saxofón alto",
                "serial": "L33120",
                "condition": "in_repair",
                "place": "Armario 2",
                "comment": "Falta la boquilla",
            },
            {"name": "Trombón", "brand": "Bach", "serial": "91-220", "condition": "ok", "place": "Almacén"},
            {"name": "Caja china", "condition": "damaged", "pieces": "1"},
        ],
        1,
    ),
    "a makerspace's tool wall": (
        WALL.encode(),
        [
            {"name": "Jigsaw", "Hook": "A3", "condition": "ok", "pieces": "1"},
            {"name": "Cordless drill 18V", "pieces": "2", "Hook": "A4"},
            {"name": "Table saw", "condition": "in_repair", "Training needed": "yes"},
        ],
        0,
    ),
    "a library of things'": (
        MYTURN.encode("utf-8-sig"),
        [
            {
                "code": "LOT-0041",
                "name": "Pressure washer",
                "type": "Garden",
                "brand": "Kärcher",
                "model": "K4",
                "serial": "010203",
                "condition": "ok",
                "place": "Main",
                "tags": "cleaning, water",
                "description": "Electric, 130 bar",
                "Replacement Cost": "189.00",
                "Image URL": "",
            },
            {"code": "LOT-0042", "name": "Carpet cleaner", "condition": "ok", "type": "House"},
            {"code": "LOT-0043", "name": "Hedge trimmer", "condition": "in_repair", "place": "North"},
            {"code": "LOT-0044", "name": "Sewing machine", "condition": "retired"},
        ],
        1,
    ),
    "a climbing club's, as XLS": (
        xls(CZECH),
        [
            {"code": "L-01", "name": "Lano 60 m", "brand": "Tendon", "condition": "ok", "Rok výroby": "2021"},
            {"code": "L-02", "name": "Lano 60 m", "condition": "retired"},
            {"name": "Expreska", "pieces": "24", "brand": "Ocún", "condition": "ok"},
            {"name": "Přilba", "pieces": "6", "condition": "damaged"},
        ],
        0,
    ),
    "a scout group's, as ODS": (
        ods(SCOUTS, down=[(3, 3, 2)]),
        [
            {"name": "Kohte", "type": "ZELTE", "pieces": "4", "condition": "ok", "place": "Keller"},
            {"name": "Jurte", "type": "ZELTE", "pieces": "1", "comment": "Loch im Dach", "place": "Keller"},
            {"name": "Hordentopf", "type": "KÜCHE", "pieces": "3", "place": "Kiste 2"},
        ],
        0,
    ),
    "one of Notion": (
        NOTION.encode("utf-8-sig"),
        [
            {
                "name": "⛺ Tunnel tent 4p",
                "type": "🏕️ Camping",
                "tags": "big, winter",
                "condition": "ok",
                "place": "🏠 Shed",
                "pieces": "2",
                "Last checked": "November 3, 2025",
            },
            {"name": "🔥 Gas stove", "condition": "in_repair", "place": "🏠 Shed"},
            {"name": "🛶 Canoe", "condition": "ok", "place": "🚤 Boathouse"},
        ],
        1,
    ),
    "a festival's, with prices and their sum": (
        FESTIVAL.encode("cp1252"),
        [
            {"name": "Bierzeltgarnitur", "pieces": "12", "place": "Scheune", "Einzelpreis": "89,90"},
            {"name": "Zapfanlage", "pieces": "1", "Gesamtpreis": "1.250,00"},
            {"name": "Pavillon 3x3", "pieces": "2"},
        ],
        0,
    ),
    "a korps'": (
        KORPS.encode("cp1252"),
        [
            {"code": "12", "name": "Kornett (Besson)", "serial": "811-223", "condition": "ok"},
            {"code": "13", "name": "Kornett (Yamaha)", "serial": "YC 4490", "condition": "in_repair"},
            {"code": "20", "name": "Tuba Eb", "condition": "retired"},
        ],
        1,
    ),
    "a theatre's costumes": (
        COSTUMES.encode(),
        [
            {
                "code": "C001",
                "name": "Robe à panier",
                "Taille": "38",
                "place": "Penderie 3",
                "condition": "ok",
            },
            {"code": "C002", "name": "Redingote", "Époque": "XIXe", "comment": "à recoudre"},
            {"code": "C003", "name": "Tricorne", "condition": "damaged", "place": "Carton 12"},
        ],
        0,
    ),
    "a canoe club's, with ranges of codes": (
        KAYAKS.encode(),
        [
            {"code": "Z1", "name": "Zwemvest", "pieces": "12", "brand": "Palm", "place": "Loods"},
            {"code": "Z12", "name": "Zwemvest"},
            {"code": "K1", "name": "Kajak Prijon", "condition": "in_repair"},
            {"name": "Peddel", "pieces": "8", "place": "Rek 2"},
        ],
        0,
    ),
    "a troop's, with notes below": (
        TROOP.encode("cp1252"),
        [
            {"name": "Lavvo 12-manns", "type": "TELT", "pieces": "2", "place": "Bod A", "condition": "ok"},
            {"name": "Tunneltelt", "type": "TELT", "pieces": "5", "condition": "damaged"},
            {"name": "Bålpanne", "type": "KJØKKEN", "condition": "in_repair", "pieces": "1"},
            {"name": "Kjele 10 l", "pieces": "3", "condition": "ok"},
            {"name": "Øks", "pieces": "2"},
        ],
        5,
    ),
    "a fire brigade's, with two header rows": (
        RADIOS.encode(),
        [
            {"code": "FG-03", "name": "Handfunkgerät", "brand": "Motorola", "place": "Halle / F1"},
            {"code": "HL-02", "name": "Handlampe", "pieces": "2", "comment": "eine flackert"},
            {"code": "ST-1", "name": "Stativ", "place": "Anhänger / hinten", "condition": "in_repair"},
        ],
        0,
    ),
    "a wardrobe's, with ticks": (
        WARDROBE.encode("utf-16"),
        [
            {"code": "C-001", "name": "Cape noire", "condition": "ok", "Prix d'achat (€)": "45,00 €"},
            {"code": "C-002", "name": "Robe", "condition": "ok", "comment": "fragile"},
            {"code": "C-003", "name": "Casque", "condition": "in_repair"},
            {"code": "C-004", "name": "Épée", "condition": "in_repair", "comment": "à réparer"},
        ],
        1,
    ),
    "one with conditions under a date": (
        CHECKED.encode("cp1250"),
        [
            {"code": "ZHP/12/001", "name": "Namiot", "condition": "ok"},
            {"name": "Kanadyjka", "pieces": "3", "condition": "ok"},
            {"code": "ZHP/12/014", "name": "Piła", "condition": "in_repair"},
            {"code": "ZHP/12/015", "name": "Siekiera", "condition": "ok"},
        ],
        1,
    ),
    "a workshop's, with questions for headers": (
        WORKSHOP.encode(),
        [
            {"name": "Drill, cordless", "pieces": "2", "condition": "ok"},
            {"name": "Band saw", "condition": "in_repair", "comment": "Do not lend; induction needed"},
            {"name": "Soldering iron", "pieces": "2", "condition": "in_repair"},
            {"name": "Camera", "condition": "ok"},
            {"name": "Mixer", "condition": "in_repair"},
        ],
        1,
    ),
    "a youth club's, with how many are broken": (
        YOUTH.encode(),
        [
            {"code": "FUSSBALL-002", "name": "Fußball", "pieces": "3", "condition": "ok"},
            {"code": "FUSSBALL-003", "name": "Fußball", "condition": "in_repair"},
            {"name": "Schläger-Set", "pieces": "2", "condition": "ok"},
            {"name": "Beamer", "condition": "in_repair", "place": "Büro"},
            {"name": "Hütchen", "pieces": "5", "condition": "ok"},
        ],
        0,
    ),
    "a society's, with running numbers": (
        SOCIETY.encode("gbk"),
        [
            {"code": "CAM-001", "name": "单反相机", "serial": "", "condition": "ok", "place": "办公室"},
            {"name": "麦克风", "pieces": "5", "condition": "in_repair"},
            {"code": "SPK-001", "name": "音箱", "condition": "retired"},
        ],
        0,
    ),
    "a gym's, with short headers": (
        GYM.encode("latin-1"),
        [
            {"code": "G001", "name": "Colchão", "condition": "ok", "place": "Sala 1"},
            {"code": "G002", "name": "Trave", "condition": "in_repair"},
            {"code": "G003", "name": "Cronómetro", "condition": "lost"},
        ],
        0,
    ),
}
"""The file, rows as they should be, and how many are with somebody."""


@pytest.mark.parametrize("name", LISTS)
def test_a_clubs_list(club: Club, name: str) -> None:
    """Without a question all its cells are where they belong; sent again, nothing changes."""
    content, rows, held = LISTS[name]
    path = club.folder / "list"
    path.write_bytes(content)
    assert preview(path, Choices()).questions == []
    report = club.brings(path)
    assert (report.refused_total, report.checked_out_total) == (0, held)
    cards = club.database.read_now(lambda s: kept.cards(s, club.id))
    assert {card["name"] for card in cards} == {row["name"] for row in rows}
    found = [{cell: kept.find(cards, row).get(cell, "") for cell in row} for row in rows]
    assert found == rows
    before = club.everything()
    club.brings(path)
    assert club.everything() == before


def test_a_row_of_values_is_no_header(club: Club) -> None:
    """A list without a header is asked about, and loses no row."""
    path = club.folder / "list.csv"
    path.write_text(lines("Stan;ST01;klubovna;dobrý", "Stan;ST02;klubovna;dobrý", "Vařič;VA01;sklad;rozbitý"))
    seen = preview(path, Choices())
    assert (seen.questions, seen.rows, seen.first_row[1]) == ([Question.HEADER], 3, "ST01")
    seen = preview(path, Choices(headers=False))
    assert (seen.questions, seen.code_columns) == ([Question.NAME, Question.CODE], ["#2"])
    assert seen.columns[3].meaning is Meaning.CONDITION


def test_what_stands_below_a_list_is_told(club: Club) -> None:
    """Neither its sum nor its notes are things; both are named."""
    path = club.folder / "list.csv"
    path.write_text(TROOP)
    seen = preview(path, Choices())
    assert [text.split(":")[0] for text in seen.left_out] == ["11", "13", "14"]
    assert len(seen.sections) == 2
