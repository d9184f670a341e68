"""One plain table, dressed as clubs dress theirs: other words, titles, sections, sums, notes, row numbers."""

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.imports.understanding.choices import Choices
from services.imports.understanding.opening import open_file
from services.imports.understanding.plan import understand
from services.imports.understanding.things import Thing
from tests import long
from tests.services.imports.files import lines

SEEDS = long.cases(8, 24)


@dataclass(frozen=True)
class Language:
    """Words of one language, those of a column parted by `|`."""

    name: str
    count: str
    place: str
    condition: str
    states: str
    """A good, a broken and a lost one."""
    units: str
    number: str
    total: str
    title: str
    note: str


LANGUAGES = [
    Language(
        *("What|Item/Description|Gear|Kit item", "qty.|No of|Total|pcs|#", "Where kept|Loc.|Stored"),
        *("How is it|Works?|Cond", "fine|not working|missing", "{} pcs|x{}|about {}|{}"),
        *("No.|#", "Total", "Inventory of the club 2026", "* ask Sue"),
    ),
    Language(
        *("Gegenstand|Was?|Materialbezeichnung|Teil", "Wieviel|Anz.|Ist-Bestand|Gesamt", "Liegt in|Platz|Wo"),
        *("Zust.|Geht?|Funktion", "i. O.|geht nicht|fehlt", "{} Stk.|ca. {}|{} Paar|{}"),
        *("lfd. Nr.|Nr.", "Summe", "Inventar", "x = defekt"),
    ),
    Language(
        *("Ting|Hva?|Vare|Gjenstander", "Ant.|Hvor mange?|Totalt|Stykk", "Ligger i|Lagersted|Plass"),
        *("Tilst.|Funker|I orden?", "bra|funker ikke|borte", "{} stk.|omtrent {}|{} par|{}"),
        *("Løpenr|Nr", "Sum", "Utstyr i boden", "Sist oppdatert av Kari"),
    ),
    Language(
        *("Cosa|Voce|Bene", "Q.tà|Pz.|Totale", "Posto|Dove si trova"),
        *("Funziona?|Stato d'uso", "buono|non funziona|manca", "{} pz.|circa {}|{}"),
        *("N.|#", "Somma", "Inventario", "* solo istruttori"),
    ),
    Language(
        *("Rzecz|Towar", "Il.|Ile sztuk|Razem", "Przechowywanie|Gdzie"),
        *("Działa?|Stan", "dobry|nie działa|zaginął", "{} szt.|około {}|{}"),
        *("Lp.|Nr", "Suma", "Inwentarz", "* tylko dla kadry"),
    ),
    Language(
        *("備品|用具|道具", "本数|台数|数量", "収納場所|倉庫"),
        *("動作|状況", "良好|故障中|行方不明", "{}本|約{}|{}"),
        *("番号|No.", "合計", "備品一覧", "* 役員のみ"),
    ),
]
STATES = ("ok", "in_repair", "lost")
THINGS = ("Zelt Nordkap", "Kocher Primus", "Seil 30m", "Mikser X32", "Kano", "Trompet", "Stige 3 m")
PLACES = ("A1", "Box 3", "Rom 2")

Known = Counter[tuple[str, int, str, str, str]]


def dress(rng: random.Random) -> tuple[str, Known]:
    """Return a list as a club may keep it, and its things: name, pieces, code, place and condition."""
    language = rng.choice(LANGUAGES)
    head = [rng.choice(getattr(language, part).split("|")) for part in ("name", "place", "condition")]
    has_codes, has_count = rng.random() < 0.4, rng.random() < 0.7
    rows, known = [], Known()
    for number, name in enumerate(rng.sample(THINGS, 6)):
        state = 1 if number == 0 else rng.choice((0, 0, 2))
        count = rng.choice((1, 2, 4, 12)) if has_count else 1
        code = f"FK-{10 + 7 * number}" if has_codes else ""
        place = rng.choice(PLACES)
        row = [name, place, language.states.split("|")[state]]
        row += [rng.choice(language.units.split("|")).format(count)] if has_count else []
        rows.append(row + ([code] if has_codes else []))
        known[name, count, code, place, STATES[state]] += 1
    head += [rng.choice(language.count.split("|"))] if has_count else []
    head += ["Code"] if has_codes else []
    table = [head, *rows]
    if rng.random() < 0.5 and (has_codes or has_count):
        header = rng.choice([word for word in language.number.split("|") if word not in head])
        table = [[header, *head], *([str(n), *row] for n, row in enumerate(rows, start=1))]
    if rng.random() < 0.3 and has_count:
        table.append([language.total, *[""] * (len(table[0]) - 2), "31"])
    if rng.random() < 0.4:
        table += [[""], [language.note]]
    if rng.random() < 0.4:
        table = [[language.title], *table]
    return lines(*(";".join(row) for row in table)), known


@pytest.mark.parametrize("seed", range(SEEDS))
def test_however_it_is_dressed_it_is_the_same_table(tmp_path: Path, seed: int) -> None:
    """Nothing is asked, and each thing is what it was."""
    text, known = dress(random.Random(seed))
    path = tmp_path / "list.csv"
    path.write_text(text)
    plan = understand(open_file(path).sheets, Choices())
    things = [thing for thing in plan.things() if isinstance(thing, Thing)]
    found = Known(
        (t.name, t.count, "".join(t.codes), t.location or "", t.condition.value if t.condition else "ok")
        for t in things
    )
    plan.close()
    assert (plan.questions, found) == ([], known), text
