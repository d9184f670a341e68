"""A stock as a sheet in a random dress: its columns, header, sections, sums and notes."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise

from tests.services.imports.dressed import stock
from tests.services.imports.dressed.layout import lay_out
from tests.services.imports.dressed.stock import Kind, Piece, pick
from tests.services.imports.dressed.truth import Dressed, Entry, Expected
from tests.services.imports.dressed.words import LANGUAGES, Language


class Dresser:
    """Dresses one stock."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.language: Language = LANGUAGES[
            rng.choice(["en", "en", "de", "de", "nb", "nb", *list(LANGUAGES)])
        ]
        self.features: set[str] = set()
        self.headers: dict[str, str] = {}
        self.kept: list[str] = []
        """Columns whose cells must be kept as they are."""

    def choose(self, what: str, *of: tuple[str, int]) -> str:
        """Draw a feature by its weight, and note it."""
        found = self.rng.choices([one for one, _ in of], [weight for _, weight in of])[0]
        if found != "-":
            self.features.add(f"{what}: {found}")
        return found

    def word(self, part: str) -> str:
        return pick(self.rng, getattr(self.language, part))

    def dress(self) -> Dressed:
        rng = self.rng
        branded = self.choose("make", ("-", 7), ("brand and model", 3)) != "-"
        kinds = stock.draw(rng, self.language, branded=branded)
        self.grain = self.choose("rows", ("one a kind", 6), ("one a piece", 4))
        codes = self._codes(kinds)
        self.sections = self.choose(
            "sections", ("-", 55), ("first cell", 12), ("colon", 5), ("upper", 5), ("counted", 5),
            ("merged", 5), ("name column", 6), ("own count cell", 4),
        )  # fmt: skip
        self.place = self.choose(
            "place",
            ("-", 20),
            ("column", 45),
            ("two columns", 8),
            ("when it changes", 10),
            ("section", 8 if self.sections != "-" else 0),
        )
        entries = self._entries(kinds, codes)
        self._fill(entries, codes)
        return self._table(entries)

    # What is known of the things

    def _codes(self, kinds: list[Kind]) -> str:
        per_kind = self.grain == "one a kind"
        form = self.choose(
            "codes", ("-", 4), ("running", 3), ("zeros", 1), ("numbers", 1), ("own letters", 2), ("partly", 1)
        )
        if form != "-":
            stock.number_pieces(self.rng, kinds, form)
        if form == "partly":
            for kind in kinds:
                if self.rng.random() < 0.3:
                    for piece in kind.pieces:
                        piece.code = ""
        if form != "-" and per_kind:
            self.many = self.choose(
                "codes of many", ("range", 3), ("to", 1), ("listed", 3),
                ("first of them", 2 * (form == "own letters")),
            )  # fmt: skip
        return form

    def _entries(self, kinds: list[Kind], codes: str) -> list[Entry]:
        if self.grain == "one a kind":
            return [Entry(kind, kind.pieces) for kind in kinds]
        for kind in kinds:
            kind.pieces = kind.pieces[:4]
        return [Entry(kind, [piece]) for kind in kinds for piece in kind.pieces]

    def _fill(self, entries: list[Entry], codes: str) -> None:
        """Write the cells of each column that the list has."""
        self._column(entries, "name", lambda e: e.kind.name)
        if self.grain == "one a piece" and codes not in ("-", "partly"):
            self._names_once(entries)
        if codes != "-":
            self._column(entries, "code", self._code_cell)
        if self.grain == "one a kind":
            self._counts(entries)
        self._makes(entries)
        self._places(entries)
        self._states(entries)
        if self.sections == "-" and self.choose("category", ("-", 7), ("column", 3)) != "-":
            names = self.language.sections.split("|")
            for entry in entries:
                entry.kind.type = names[entry.kind.section]
            self._column(entries, "category", lambda e: e.kind.type)
        self._decoys(entries)

    def _names_once(self, entries: list[Entry]) -> None:
        """Write a name once for its pieces, which have codes."""
        form = self.choose("names", ("-", 8), ("ditto", 1), ("once", 1))
        if form == "-":
            return
        mark = self.word("ditto") if form == "ditto" else ""
        for above, entry in pairwise(entries):
            if above.kind is entry.kind:
                entry.cells["name"] = mark

    def _column(self, entries: list[Entry], part: str, cell: Callable[[Entry], str]) -> None:
        self.headers[part] = self.word(part)
        for entry in entries:
            entry.cells[part] = cell(entry)

    def _code_cell(self, entry: Entry) -> str:
        codes = [piece.code for piece in entry.pieces]
        if len(codes) == 1 or not codes[0]:
            return codes[0]
        if self.many == "listed":
            return ", ".join(codes)
        if self.many == "first of them":
            whole = codes[0].rpartition("-")[0]
            for n, piece in enumerate(entry.pieces, start=1):
                piece.code = f"{whole}-{n}"
            return whole
        sign = {"range": "-", "to": " – "}[self.many]
        return f"{codes[0]}{sign}{codes[-1]}"

    def _counts(self, entries: list[Entry]) -> None:
        form = self.choose(
            "count", ("number", 10), ("unit", 3), ("times before", 1), ("times behind", 1), ("about", 1),
            ("blank is one", 2), ("mixed", 2), ("plus", 1), ("in the name", 1),
        )  # fmt: skip
        if form == "in the name":
            signs = ("{n} x {name}", "{n}x {name}", "{name} ({n}x)", "{name} (x{n})", "{name} x{n}")
            sign = self.rng.choice(signs)
            for entry in entries:
                if len(entry.pieces) > 1 or sign.startswith("{n}"):
                    entry.cells["name"] = sign.format(n=len(entry.pieces), name=entry.kind.name)
            return
        self._column(entries, "count", lambda e: self._count_cell(e, form))
        are_told = self.features & {"codes of many: listed", "codes of many: range", "codes of many: to"}
        if not are_told or self.rng.random() >= 0.2:
            return
        self.features.add("count: none, by codes")
        self.features.discard(f"count: {form}")
        del self.headers["count"]
        for entry in entries:
            del entry.cells["count"]
            for piece in entry.pieces:
                piece.state = "ok"
            if not entry.pieces[0].code:
                del entry.pieces[1:]

    def _count_cell(self, entry: Entry, form: str) -> str:
        count = len(entry.pieces)
        match form:
            case "unit":
                return f"{count} {pick(self.rng, self.language.units)}"
            case "times before":
                return f"x{count}"
            case "times behind":
                return f"{count}x"
            case "about" if count > 3:
                return f"{pick(self.rng, self.language.about)} {count}"
            case "blank is one" if count == 1:
                return ""
            case "mixed" if count > 2 and self.rng.random() < 0.5:
                entry.pieces[-1].state = "in_repair"
                return f"{count} (1 {pick(self.rng, self.language.broken)})"
            case "plus" if count > 2 and self.rng.random() < 0.5:
                entry.pieces[-1].state = "in_repair"
                return f"{count - 1} + 1 {pick(self.rng, self.language.broken)}"
        return str(count)

    def _makes(self, entries: list[Entry]) -> None:
        if "make: brand and model" in self.features:
            if self.rng.random() < 0.2:
                self.features.add("make: half blank")
                for kind in {id(e.kind): e.kind for e in entries}.values():
                    if self.rng.random() < 0.5:
                        kind.model = ""
            self._column(entries, "brand", lambda e: e.kind.brand)
            self._column(entries, "model", lambda e: e.kind.model)
        if self.grain == "one a piece" and self.choose("serial", ("-", 3), ("column", 1)) != "-":
            for n, entry in enumerate(entries):
                if self.rng.random() < 0.8:
                    entry.pieces[0].serial = f"{self.rng.randint(10**6, 10**8)}{'ABC'[n % 3]}"
            self._column(entries, "serial", lambda e: e.pieces[0].serial)

    def _places(self, entries: list[Entry]) -> None:
        if self.place == "two columns":
            for part, words in (
                ("room", self.language.places.split("|")[:2]),
                ("shelf", ["1", "2", "A", "B3"]),
            ):
                self.headers[part] = self.word(part)
                for entry in entries:
                    entry.cells[part] = entry.kind.decoys.setdefault(part, self.rng.choice(words))
            for entry in entries:
                entry.kind.place = f"{entry.cells['room']} / {entry.cells['shelf']}"
            return
        if self.place == "-":
            for entry in entries:
                entry.kind.place = ""
        elif self.place != "section":
            rng = self.rng
            places = self.language.places.split("|")
            if self.place == "column":
                for kind in {id(e.kind): e.kind for e in entries}.values():
                    kind.place = rng.choice(places)
            self._column(entries, "place", lambda e: e.kind.place)
        changes = sum(a.kind.place != b.kind.place for a, b in pairwise(entries)) + 1
        if self.place == "when it changes" and changes * 5 > len(entries) * 2:
            self.features.discard("place: when it changes")  # as likely unknown
        elif self.place == "when it changes":
            before = ""
            for entry in entries:
                text = entry.cells["place"]
                entry.cells["place"] = "" if text == before else text
                before = text

    def _states(self, entries: list[Entry]) -> None:
        rng, language = self.rng, self.language
        is_free = not self.features & {"count: mixed", "count: plus"}
        form = self.choose(
            "state", ("-", 4), ("column", 5 * is_free), ("remark", 3), ("works", 2 * is_free),
            ("is broken", 2 * is_free), ("lendable", is_free), ("crosses", 2 * is_free),
            ("broken number", 2 * (is_free and self.grain == "one a kind")),
            ("who has it", 2 * is_free), ("lent to", 1 * (self.grain == "one a piece")),
        )  # fmt: skip
        if form == "column":
            for entry in entries:
                state = rng.choice(stock.USUAL_STATES)
                for piece in entry.pieces:
                    piece.state = state
            blank = rng.random() < 0.3
            self._column(
                entries, "state",
                lambda e: "" if blank and e.pieces[0].state == "ok" else self._state(e.pieces[0].state),
            )  # fmt: skip
        elif form == "crosses":
            self._crosses(entries)
        elif form == "lent to":
            for entry in entries:
                entry.pieces[0].holder = stock.holder(rng) if rng.random() < 0.3 else ""
            self._column(
                entries, "state",
                lambda e: f"{language.lent} {who}" if (who := e.pieces[0].holder) else self._state("ok"),
            )  # fmt: skip
        elif form == "who has it":
            for entry in entries:
                entry.pieces[0].holder = stock.holder(rng) if rng.random() < 0.3 else ""
                for piece in entry.pieces:
                    piece.holder = entry.pieces[0].holder
            self._column(entries, "holder", lambda e: e.pieces[0].holder)
        elif form in ("works", "is broken", "lendable"):
            for entry in entries:
                state = "in_repair" if rng.random() < 0.3 else "ok"
                for piece in entry.pieces:
                    piece.state = state
            good, bad = language.answers.split("|")
            signs = rng.choice([(good, bad), ("✓", "✗"), ("x", ""), (good.upper(), bad.upper()), (good, "")])
            if form != "is broken":
                signs = signs if signs[1] else (good, bad)
                self._column(entries, form, lambda e: signs[e.pieces[0].state != "ok"])
            else:
                self._column(entries, "is_broken", lambda e: signs[e.pieces[0].state == "ok"])
        elif form == "broken number":
            for entry in entries:
                broken = rng.randint(1, 2) if len(entry.pieces) > 2 and rng.random() < 0.5 else 0
                for piece in entry.pieces[len(entry.pieces) - broken :]:
                    piece.state = "in_repair"
            zero = rng.choice(("0", "", "-"))
            self._column(
                entries, "is_broken", lambda e: str(sum(p.state != "ok" for p in e.pieces) or zero)
            )  # fmt: skip
        if form == "remark" or rng.random() < 0.4:
            self.features.add("remark: column")
            for kind in {id(e.kind): e.kind for e in entries}.values():
                kind.remark = pick(rng, language.fine) if rng.random() < 0.3 else ""
                if form == "remark" and rng.random() < 0.25 and "count: mixed" not in self.features:
                    kind.remark, kind.harm = pick(rng, language.harmed), True
            for entry in entries:
                if entry.kind.harm:
                    for piece in entry.pieces:
                        piece.state = "in_repair"
            self._column(entries, "remark", lambda e: e.kind.remark)

    def _crosses(self, entries: list[Entry]) -> None:
        """Write a column for each state, and a cross in one of them."""
        rng, sign = self.rng, self.rng.choice(("x", "X", "✓"))
        states = rng.choice(
            (("ok", "in_repair"), ("ok", "in_repair", "lost"), ("ok", "damaged", "in_repair"))
        )
        for entry in entries:
            state = rng.choice((*states, "ok", "ok"))
            for piece in entry.pieces:
                piece.state = state
        for state in states:
            word = pick(rng, self.language.states[state])
            self.headers[f"is {state}"] = word[0].upper() + word[1:]
            for entry in entries:
                entry.cells[f"is {state}"] = sign if entry.pieces[0].state == state else ""

    def _state(self, state: str) -> str:
        return pick(self.rng, self.language.states[state])

    def _decoys(self, entries: list[Entry]) -> None:
        rng, language = self.rng, self.language
        kinds = list({id(e.kind): e.kind for e in entries}.values())

        def money() -> str:
            whole, cents = rng.randint(5, 2400), rng.choice(("00", "50", "99"))
            number = f"{whole:,}.{cents}"
            if language.comma:
                number = number.replace(",", " ").replace(".", ",").replace(" ", rng.choice((".", "", " ")))
            return rng.choice((number, language.currency.format(number), str(whole)))

        day = rng.choice(
            ("{d:02}.{m:02}.{y}", "{y}-{m:02}-{d:02}", "{d}/{m}/{y}", "{m:02}/{y}", "{d}.{m}.{y}")
        )
        makers: dict[str, Callable[[], str]] = {
            "price": money,
            "insured": money,
            "checked": lambda: stock.dated(rng, day),
            "bought": lambda: stock.dated(rng, day),
            "year": lambda: str(rng.randint(1998, 2025)),
            "keeper": lambda: stock.holder(rng),
            "weight": lambda: f"{rng.randint(0, 30)}{',' if language.comma else '.'}{rng.randint(1, 9)}",
            "link": lambda: f"https://example.org/{rng.randint(100, 999)}",
        }
        for part in rng.sample(list(makers), rng.choice((0, 1, 1, 2, 3))):
            self.features.add(f"also: {part}")
            share = rng.choice((1.0, 1.0, 0.6))
            for kind in kinds:
                kind.decoys[part] = makers[part]() if rng.random() < share else ""
            if any(kind.decoys[part] for kind in kinds):
                self._column(entries, part, partial(_decoy, part))
                self.kept.append(part)
        if "count" in self.headers and rng.random() < 0.1:
            self.features.add("also: wanted")
            self._column(entries, "wanted", lambda e: str(len(e.pieces) + rng.choice((0, 0, 1, 2))))
            self.kept.append("wanted")
        if rng.random() < 0.15:
            self.features.add("also: empty column")
            self.headers["empty"] = rng.choice(("Foto", "✓", "QR", "2027"))
            for entry in entries:
                entry.cells["empty"] = ""
        if rng.random() < 0.1:
            self.features.add("also: no header")
            self.headers["bare"] = ""
            for entry in entries:
                entry.cells["bare"] = entry.kind.decoys.setdefault(
                    "bare", rng.choice(("", "neu", "AB", "blue 2"))
                )
            self.kept.append("bare")

    # How it is laid out

    def _table(self, entries: list[Entry]) -> Dressed:
        columns = list(self.headers)
        rng = self.rng
        first = [part for part in ("code", "name", "count") if part in columns]
        if self.choose("order", ("usual", 3), ("any", 1)) == "usual":
            rest = [part for part in columns if part not in first]
            rng.shuffle(rest)
            if rng.random() < 0.5:
                rng.shuffle(first)
            columns = first + rest
        else:
            rng.shuffle(columns)
        if columns[-1] == "bare":
            columns = columns[-1:] + columns[:-1]
        has_number = ("count" in columns or "code" in columns) and self.choose(
            "numbered", ("-", 3), ("rows", 1)
        ) != "-"
        if has_number:
            self.headers["number"] = pick(
                rng, "|".join(w for w in self.language.number.split("|") if w not in self.headers.values())
            )
            for n, entry in enumerate(entries, start=1):
                entry.cells["number"] = str(n)
            columns.insert(0, "number")
        self._distinct(columns)
        self._style(columns)
        dressed = lay_out(self, columns, entries)
        return replace(
            dressed,
            things=[self._expected(entry, piece) for entry in entries for piece in entry.pieces],
            features=self.features,
            name_header=self.headers["name"],
            code_header=self.headers.get("code", ""),
        )

    def _style(self, columns: list[str]) -> None:
        """Write the headers a little otherwise, as people do."""
        form = self.choose(
            "headers", ("-", 14), ("upper", 2), ("lower", 2), ("with a colon", 1), ("with a star", 1)
        )
        style: Callable[[str], str] = {
            "upper": str.upper,
            "lower": str.lower,
            "with a colon": "{}:".format,
            "with a star": "{} *".format,
        }.get(form, str)
        for part in columns:
            self.headers[part] = style(self.headers[part]) if self.headers[part] else ""

    def _distinct(self, columns: list[str]) -> None:
        """Let no two headers be the same."""
        seen: set[str] = set()
        for part in columns:
            words = getattr(self.language, part, "").split("|")
            if self.headers[part] in seen:
                self.headers[part] = next((w for w in words if w not in seen), f"{self.headers[part]} 2")
            if self.headers[part]:
                seen.add(self.headers[part])

    def _expected(self, entry: Entry, piece: Piece) -> Expected:
        kind = entry.kind
        kept = [entry.cells[part] for part in self.kept if entry.cells[part]]
        kept += [kind.remark] if kind.remark else []
        return Expected(
            *(kind.name, kind.brand, kind.model, kind.type, piece.code or None, piece.serial, kind.place),
            *(piece.state, piece.holder, frozenset(kept)),
        )


def _decoy(part: str, entry: Entry) -> str:
    return entry.kind.decoys[part]
