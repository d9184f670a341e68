"""The rows around a table: titles, two lines of headers, sections, sums, notes; several tables and sheets."""

import random
from typing import TYPE_CHECKING

from tests.services.imports.dressed.stock import pick
from tests.services.imports.dressed.truth import Dressed, Entry, Row

if TYPE_CHECKING:
    from tests.services.imports.dressed.sheet import Dresser


def lay_out(dresser: "Dresser", columns: list[str], entries: list[Entry]) -> Dressed:
    return _Layout(dresser, columns, entries).lay_out()


class _Layout:
    def __init__(self, dresser: "Dresser", columns: list[str], entries: list[Entry]) -> None:
        self.of, self.columns, self.entries = dresser, columns, entries
        self.rng: random.Random = dresser.rng
        self.language = dresser.language
        self.merged: list[tuple[int, int, int]] = []

    def lay_out(self) -> Dressed:
        of = self.of
        head = self._head()
        is_plain = of.sections == "-"
        tables = of.choose(
            "tables", ("-", 80), ("below", 12 * (not is_plain)), ("sheets", 8 * (not is_plain)),
            ("beside", 4 * (is_plain and len(head) == 1 and "bare" not in self.columns)),
        )  # fmt: skip
        sheets: list[tuple[str, list[Row]]] = []
        if tables == "beside":
            half = -(-len(self.entries) // 2)
            if "place: when it changes" in of.features:
                self.entries[half].cells["place"] = self.entries[half].kind.place
            left, right = (self._rows(part) for part in (self.entries[:half], self.entries[half:]))
            gap = [""] if self.rng.random() < 0.7 else []
            width = len(self.columns)
            rows = [head[0] + gap + head[0]]
            for n, row in enumerate(left):
                rows.append(row + gap + (right[n] if n < len(right) else [""] * width))
            sheets.append(("", rows))
        elif tables == "below":
            rows = []
            for number, part in self._parts():
                rows += [[self._section(number, part)], *head, *self._rows(part), []]
            sheets.append(("", rows))
        elif tables == "sheets":
            for number, part in self._parts():
                title = self._section(number, part)
                sheets.append((title, [*head, *self._rows(part)]))
        else:
            sheets.append(("", self._whole(head)))
        sheets[0] = (sheets[0][0], self._above(sheets[0][1]))
        sheets[-1] = (sheets[-1][0], sheets[-1][1] + self._below())
        if self.of.choose("left", ("-", 12), ("blank column", 1)) != "-":
            sheets = [(title, [["", *row] if row else row for row in rows]) for title, rows in sheets]
            self.merged = [(row, column + 1, n) for row, column, n in self.merged]
        return Dressed(sheets, [], set(), merged=self.merged if len(sheets) == 1 else [])

    def _head(self) -> list[Row]:
        headers = [self.of.headers[part] for part in self.columns]
        form = self.of.choose(
            "header", ("-", 80), ("units below", 7), ("groups above", 7), ("broken in two", 6)
        )
        if form == "units below":
            units = {
                "count": pick(self.rng, self.language.units),
                "price": "€",
                "weight": "kg",
                "bought": "(dd.mm.yyyy)",
                "place": "",
            }
            below = [units.get(part, "") for part in self.columns]
            if any(below):
                return [headers, below]
        if form == "groups above" and (at := self._group()) >= 0:
            group = self.rng.choice(("Admin", "Intern", "Details"))
            return [["" if n != at else group for n in range(len(headers))], headers]
        if form == "broken in two" and any(" " in header for header in headers):
            parts = [header.partition(" ") for header in headers]
            parts = [of if any(map(str.isalpha, of[2])) else (" ".join(of).strip(), "", "") for of in parts]
            return [
                [first if rest else "" for first, _, rest in parts],
                [rest or first for first, _, rest in parts],
            ]
        self.of.features.discard(f"header: {form}")
        return [headers]

    def _group(self) -> int:
        """Return the first of two columns beside each other that nobody needs for lending; -1 for none."""
        aside = [part in self.of.kept and part != "bare" for part in self.columns]
        return next((n for n in range(len(aside) - 1) if aside[n] and aside[n + 1]), -1)

    def _rows(self, entries: list[Entry]) -> list[Row]:
        return [[entry.cells[part] for part in self.columns] for entry in entries]

    def _parts(self) -> list[tuple[int, list[Entry]]]:
        numbers = dict.fromkeys(entry.kind.section for entry in self.entries)
        return [(n, [e for e in self.entries if e.kind.section == n]) for n in numbers]

    def _section(self, number: int, entries: list[Entry]) -> str:
        """Return the words above the things of a section, and note what it tells of them."""
        of = self.of
        if of.place == "section":
            words = entries[0].kind.place
        else:
            words = self.language.sections.split("|")[number]
            for entry in entries:
                entry.kind.type = words
        return words

    def _whole(self, head: list[Row]) -> list[Row]:
        of, rng = self.of, self.rng
        rows = [*head]
        has_sums = (
            "count" in self.columns
            and of.choose("sums", ("-", 5), ("at the end", 2), ("each section", 1)) != "-"
        )
        each = "sums: each section" in of.features and of.sections != "-"
        if "sums: each section" in of.features and not each:
            of.features.remove("sums: each section")
            has_sums = False
        gaps = of.choose("gaps", ("-", 4), ("above sections", 1)) != "-" and of.sections != "-"
        again = len(self.entries) > 8 and of.choose("header again", ("-", 9), ("each page", 1)) != "-"
        stray = of.choose("blank rows", ("-", 6), ("here and there", 1)) != "-"
        for number, part in self._parts() if of.sections != "-" else [(0, self.entries)]:
            if of.sections != "-":
                rows += [[]] if gaps else []
                row = self._section_row(number, part)
                if of.sections == "merged":
                    self.merged.append((len(rows), 0, len(self.columns)))
                rows.append(row)
            for n, row in enumerate(self._rows(part)):
                if again and n and n % 6 == 0:
                    rows += head
                rows.append(row)
                if stray and rng.random() < 0.15:
                    rows.append([])
            if each:
                rows.append(self._sum(part, self.language.subtotal))
        if "number" in self.columns and of.choose("spare rows", ("-", 5), ("numbered", 1)) != "-":
            for n in range(len(self.entries) + 1, len(self.entries) + 6):
                rows.append([str(n) if part == "number" else "" for part in self.columns])
        if has_sums:
            rows += [[]] if rng.random() < 0.3 else []
            rows.append(self._sum(self.entries, self.language.total))
        return rows

    def _section_row(self, number: int, part: list[Entry]) -> Row:
        words = self._section(number, part)
        row = [""] * len(self.columns)
        at = 0
        match self.of.sections:
            case "colon":
                words = f"{words}:"
            case "upper":
                for entry in part:
                    if entry.kind.type:
                        entry.kind.type = words.upper()
                    else:
                        entry.kind.place = words.upper()
                words = words.upper()
            case "counted":
                words = f"{words} ({len(part)})"
            case "name column":
                at = self.columns.index("name")
            case "own count cell" if "count" in self.columns:
                row[self.columns.index("count")] = str(sum(len(entry.pieces) for entry in part))
                at = self.columns.index("name")
        row[at] = words
        return row

    def _sum(self, part: list[Entry], words: str) -> Row:
        row = [""] * len(self.columns)
        row[self.columns.index("count")] = str(sum(len(entry.pieces) for entry in part))
        free = [n for n, cell in enumerate(row) if not cell]
        before = [n for n in free if n < self.columns.index("count")]
        row[self.rng.choice([free[0], (before or free)[-1]])] = pick(self.rng, words)
        return row

    def _above(self, rows: list[Row]) -> list[Row]:
        rng, language = self.rng, self.language
        form = self.of.choose(
            "above", ("-", 6), ("title", 2), ("title and gap", 2), ("several lines", 1), ("legend", 1)
        )
        title = pick(rng, language.title)
        above: list[Row] = {
            "-": [],
            "title": [[title]],
            "title and gap": [[title], []],
            "several lines": [[title], [pick(rng, language.keeper) + ": Anna Berg", "", "2026"], []],
            "legend": [[title], [pick(rng, language.legend)], []],
        }[form]
        self.merged = [(row + len(above), column, n) for row, column, n in self.merged]
        return above + rows

    def _below(self) -> list[Row]:
        form = self.of.choose("below", ("-", 6), ("note", 2), ("signature", 1), ("two notes", 1))
        note = pick(self.rng, self.language.notes)
        lines = {
            "-": [],
            "note": [[], [note]],
            "signature": [[], [], [pick(self.rng, self.language.signature)]],
            "two notes": [[], *([line] for line in self.rng.sample(self.language.notes.split("|"), 2))],
        }
        return lines[form]
