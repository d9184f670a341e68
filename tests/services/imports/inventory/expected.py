"""Rows of real lists as their keepers mean them, written down by reading the files.

Each row is found by its `code`, else by its `name`. `pieces` are the items of its equipment, `tags` are in
the alphabet's order; what is no field of ours is a custom field under the header of its column.
"""

from services.imports.inventory.preview import Preview
from services.imports.understanding.choices import Choices
from services.imports.understanding.plan import Question
from services.imports.understanding.vocabulary import Meaning

Row = dict[str, str]

EXPECTED: dict[str, list[Row]] = {
    "dschofield-equipment.csv": [
        {"code": "EQ-100", "name": "Cordless Drill", "type": "Tools", "condition": "ok", "place": "Depot A"},
        {"code": "EQ-101", "name": "Voltage Meter", "type": "Electrical", "place": "Depot A"},
        {
            "code": "EQ-102",
            "name": "Lincoln Welding Machine",
            "type": "Other",
            "condition": "ok",
            "place": "Depot B",
        },
    ],
    "gearbase-lenses.csv": [
        {
            "code": "GT-1764697017812-58",
            "name": "Follow Focus Gear",
            "type": "Lenses",
            "condition": "ok",
            "comment": "",
        },
        {"code": "GT-1764697017812-57", "name": "Sigma 14-24mm Lens", "type": "Lenses", "condition": "ok"},
        {"code": "GT-1764697017812-43", "name": "Tilta Tiltaing Pocket Follow Focus", "pieces": "1"},
    ],
    "gearbase-template.csv": [
        {
            "code": "FX6-001",
            "name": "Sony FX6 Camera Body",
            "type": "Cameras",
            "condition": "ok",
            "comment": "Full-frame cinema camera with 10.2MP sensor",
            "place": "Case A1",
            "purchaseDate": "2023-01-15",
            "value": "6000",
            "weight": "2.6",
        },
        {
            "code": "RONIN4D-001",
            "name": "DJI Ronin 4D Gimbal",
            "type": "Support",
            "condition": "ok",
            "comment": "4-axis cinema camera system with built-in gimbal\nUsed but OK",
            "place": "Wheeled Case C3",
        },
        {
            "code": "DRONE-M3C-001",
            "name": "DJI Mavic 3 Cine Drone",
            "type": "Drones",
            "condition": "in_repair",
        },
        {"code": "TAPE-GAFF-001", "name": "Gaffer Tape Roll (2in x 50yd)", "type": "Expendables"},
    ],
    "gearbase-report.csv": [
        {
            "code": "GT-1764626579684-103",
            "name": "iPHONE",
            "type": "Cameras",
            "condition": "ok",
            "Purchase Date": "2025-12-01",
        },
        {"code": "GT-1764697017812-53", "name": 'Ikelite Neoprene Cover for 6" Dome', "type": "G&E"},
        {
            "code": "GT-1764697017812-105",
            "name": "DJI Mini 4 Pro",
            "type": "Drones",
            "Value": "$1000",
            "Weight (lbs)": "0.6",
        },
        {"code": "GT-1764697017812-31", "name": "Battery Charger", "pieces": "2"},
        {
            "code": "GT-1764697017812-45",
            "name": "RØDE NTG3B Moisture Resistant Shotgun Mic & Auray Windshield Kit",
            "type": "Audio",
        },
    ],
    "homebox-demo.csv": [
        {
            "name": "Zooz Motion Sensor",
            "brand": "Zooz",
            "model": "ZSE18",
            "place": "Living Room",
            "tags": "Home Assistant, IOT, Z-Wave",
            "pieces": "1",
            "purchase_price": "29.95",
            "purchase_date": "10/15/2021",
            "purchase_from": "Amazon",
            "description": "Zooz Z-Wave Plus S2 Motion Sensor ZSE18 with Magnetic Mount, Works with Vera and "
            "SmartThings",
        },
        {
            "name": "Yale Security Touchscreen Deadbolt",
            "brand": "Yale",
            "model": "YRD226ZW2619",
            "place": "Entry",
            "purchase_price": "120.39",
        },
        {"name": "Smart Rocker Light Dimmer", "brand": "Honeywell", "model": "39351", "place": "Kitchen"},
    ],
    "homebox-types.csv": [
        {"code": "1", "name": "Item 1", "place": "Path / To / Location 1", "tags": "L1, L2, L3"},
        {"code": "000-002", "name": "Item 2", "place": "Path /To/ Location 2", "tags": "L1, L2, L3"},
        {"code": "1000-003", "name": "Item 3", "place": "Path / To /Location 3", "tags": "L1, L2, L3"},
    ],
    "ethz-materialliste.csv": [
        {
            "name": "A4988 Stepper Driver Modul",
            "pieces": "1",
            "Laden": "www.play-zone.ch",
            "Preis": "8.90",
            "#6": "bei www.distrelec.ch CHF 30.35 / bei www.3dware.ch CHF 4.20",
        },
        {"name": "OLED Modul 128 x 64 Pixel, I2C, Weiss, 0.96 inch, SSD1306", "Preis": "14.90"},
        {"name": 'OLED Modul 1.3" / 128 x 64 Pixel, I2C, Weiss, SH1106', "Preis": "18.90"},
        {"name": "Stellringe, 3, 7, M2", "pieces": "2", "Preis": "0.43", "#6": "welche Kupplung?"},
        {"name": "PVC-Schläuche, 2, 4", "pieces": "1", "Preis": "0.37", "comment": "Anzahl: 15 mm"},
    ],
    "ethz-materialliste.xlsx": [
        {"name": "Bronze-Buchse M5", "pieces": "1", "Laden": "FIRST-Lab"},
        {
            "name": "Stepper Motor, 200 step, DC 8.64V, 0.24A",
            "Preis": "(ca. 25.00)",
            "#6": "Betrieben mit 12V (mehr Drehmoment, weniger blockieren) - Kühlung??",
        },
    ],
    "snipeit-components.csv": [
        {
            "name": "RTX 4080",
            "type": "GPU",
            "place": "Austin",
            "pieces": "10",
            "Purchase Date": "2024-01-01",
            "Purchase Cost": "5000.00",
            "Company": "Grokability",
            "Order Number": "2790",
        }
    ],
    "snipeit-models.csv": [
        {
            "name": "Test Model 2",
            "brand": "Botsford, Boyle and Herzog",
            "model": "9351IS25A51",
            "type": "Laptops",
            "description": "ante ipsum primis in faucibus orci luctus et ultrices posuere cubilia curae "
            "mauris viverra diam vitae quam suspendisse potenti nullam",
        },
        {
            "name": "Test Model 7",
            "brand": "Romaguera, Goldner and Crooks",
            "model": "",
            "type": "Desktops",
            "description": "Test Updated Text",
        },
    ],
    "rfid-inventaire-fr.csv": [
        {
            "code": "10001",
            "name": "PC Portable",
            "type": "Informatique",
            "condition": "ok",
            "place": "SIEGE / REZ DE CHAUSSEE / 021-ENTREPOT",
            "local_numero": "01100021",
        },
        {"code": "10003", "name": "Imprimante", "type": "Informatique", "place": "", "sortie": "2024-06-01"},
        {"code": "10004", "name": "Dock USB-C", "place": "SIEGE / REZ DE CHAUSSEE / 023-REPROGRAPHIE"},
    ],
    "thw-utf8.csv": [{"code": "123456", "name": "Handlampe", "pieces": "1", "Sachnummer": "0591-S00001"}],
    "thw-cp437.csv": [{"code": "123456", "name": "Handlampe", "pieces": "1", "Sachnummer": "0591-S00001"}],
    "wandertool-de.xlsx": [
        {
            "name": "Vaude Monviso 26L",
            "type": "Rucksack",
            "tags": "Rucksack_Day, Rucksack_Ski",
            "Gewicht_g": "1190",
            "pieces": "1",
        },
        {
            "name": "Wanderstöcke",
            "type": "Technik",
            "tags": "Hochtour, Wandern, Worn_Default",
            "Gewicht_g": "450",
        },
    ],
    "zorzo-invent_fyzicka_2025-cs.csv": [
        {"code": "Š4857", "name": "Počítač", "place": "107"},
        {"code": "Š4851", "name": "Monitor", "place": "107"},
        {"code": "Š4500", "name": "Počítač", "place": "106"},
    ],
    "school-equipment.csv": [
        {"code": "314010102-301601", "name": "ASUS WS750T", "place": "大同樓2樓電腦教室D216"},
        {"code": "314010103-300685", "name": "華碩BP1AE桌上型電腦(薄型主機)", "place": "大同樓2樓D204"},
    ],
    "leihs-mike-categories-de.csv": [
        {
            "code": "AVZ14950",
            "name": "Akkuleuchte Photon Beard Hyperlight 471",
            "serial": "HL471 9652 27",
            "type": "Akkulicht",
        },
        {
            "code": "AVZ13777",
            "name": "Aktivlautsprecher Anchor Explorer PA-2500",
            "serial": "XE940117",
            "type": "Lautsprecher Aktiv",
        },
        {
            "code": "AVZ13026",
            "name": "Aktivlautsprecher db L160",
            "serial": "",
            "type": "Lautsprecher Aktiv",
        },
    ],
    "ncad-mid.csv": [
        {
            "name": "Canon EOS 250D Camera",
            "type": "Camera",
            "condition": "ok",
            "department": "Moving Image Design",
            "requires_justification": "true",
        },
        {
            "name": "Hitachi Projector",
            "type": "Projector",
            "condition": "in_repair",
            "comment": "Unit marked as obsolete",
            "description": "Legacy projector (obsolete model, may need replacement)",
            "requires_justification": "false",
        },
    ],
    "smida-inventory.xlsx": [
        {"name": '3"omni wheel', "pieces": "8", "place": "room / shelf 0 / box 0"},
        {"name": "VEX tread", "pieces": "77", "place": "room / shelf 0 / box 0"},
        {"name": "Tetrix medium gear", "pieces": "8"},
    ],
    "dimselab-inventory-da.xlsx": [
        {"name": "Laptop", "pieces": "10"},
        {"name": "Projector", "pieces": "5"},
        {"name": "Camera", "pieces": "8"},
    ],
    "makers-equipment.csv": [
        {"name": "Betsy", "type": "hpc_laser", "place": "main_space", "pieces": "1"},
        {"name": "tormek_1", "type": "tormek", "place": "workshop"},
    ],
    "oxhack-inventory.ods": [
        {
            "name": "8 piece Spanner set",
            "brand": "Komayo",
            "type": "Spanner set",
            "pieces": "1",
            "comment": "Held together with an elastic",
        },
        {"name": "4 pack of misc driver bits", "pieces": "5", "Appearance": "Yellow case"},
    ],
    "lot-cwmars.xlsx": [
        {
            "name": "Ukulele",
            "type": "Musical Instruments",
            "comment": "2 week loan, $2/day late fee, no renewals",
            "place": "Chicopee Public Library",
            "Source": "chicopeepubliclibrary.org",
        }
    ],
    "shelf.nu-example-asset-import-from-content-with-barcodes.csv": [
        {
            "name": "AMD Ryzen",
            "type": "CPU",
            "tags": "High priority, small",
            "place": "Sofia office",
            "model": "Ryzen 9 7950X",
            "brand": "amd",
            "serial": "WQE239123d",
            "condition": "ok",
            "description": "CPU from my new home PC",
            "purchase date": "2024-02-22",
            "temperature rating": "-40",
        },
        {"name": "Macbook Pro.", "condition": "in_repair", "serial": "43543we23d", "pieces": "1"},
        {"name": "Office Pens", "pieces": "500", "unitOfMeasure": "boxes"},
        {"name": "Server Rack U6", "pieces": "8", "condition": "in_repair"},
    ],
}


ANSWERS: dict[tuple[str, Question], str] = {}
"""The headers that their keepers tap, by the list and its question."""


def answer(name: str, question: Question, plan: Preview, choices: Choices) -> None:
    """Answer a question about a list, as its keeper does: else by the first button, or by making codes."""
    header = ANSWERS.get((name, question), "")
    match question:
        case Question.NAME:
            choices.columns[header] = Meaning.NAME
        case Question.CODE if header:
            choices.columns[header] = Meaning.CODE
        case Question.CODE:
            choices.make_codes = True
        case Question.ENCODING:
            choices.encoding = plan.readings[0].encoding
        case Question.PIECES:
            choices.one_each = False
        case Question.HEADER:
            choices.headers = True
