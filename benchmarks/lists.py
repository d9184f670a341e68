"""The lists beside the checkout, each through the chat's plan: taps, what came in, and what is wrong.

    python -m benchmarks.lists [--folder ../shared/data/lists]

Each list is understood, its questions are answered, and it is imported; imported again; exported, and that
imported. Both must change nothing. `cells` are compared with what was written down by reading the lists
(tests/services/imports/inventory/expected.py): so many, and how many of them differ. A tap is an answer,
or “Import”.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from db.migrations import upgrade
from db.models import Organization
from db.session import Database
from services.core.errors import Refusal
from services.exports import Export, Format, What, export_file
from services.imports import Report, import_file
from services.imports.inventory.preview import preview
from services.imports.understanding.choices import Choices
from tests.services.imports import kept
from tests.services.imports.inventory import expected

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
FOLDER = Path(__file__).parents[2] / "shared" / "data" / "lists"
MOST_TAPS = 2


@dataclass
class Played:
    """One list, as it was played."""

    name: str
    taps: int = 0
    report: Report = field(default_factory=Report)
    cells: int = 0
    differ: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    """Changes by what must change nothing."""
    no_list: str = ""
    """Why it was refused as a whole."""

    @property
    def is_right(self) -> bool:
        return self.taps <= MOST_TAPS and not self.differ and not self.again


def tap(path: Path) -> tuple[Choices, int]:
    """Answer the questions of a list as its keeper would; return the decisions and the taps."""
    choices, taps = Choices(), 1
    while questions := preview(path, choices).questions:
        expected.answer(path.name, questions[0], preview(path, choices), choices)
        taps += 1
    return choices, taps


async def play(database: Database, path: Path, folder: Path, number: int) -> Played:
    """Play one list in an organization of its own."""
    played = Played(path.name)
    row = Organization(name=f"Club {number}", timezone="UTC", created_at=NOW)
    await database.write(lambda s: s.add(row))
    try:
        choices, played.taps = tap(path)
        played.report = await import_file(database, row.id, None, path, {}, NOW, None, choices)
    except Refusal as refusal:
        played.no_list = str(refusal.data.get("kind", refusal.code.value))
        return played
    before = await database.read(lambda s: kept.everything(s, row.id))
    cards = await database.read(lambda s: kept.cards(s, row.id))
    for wanted in expected.EXPECTED.get(path.name, []):
        found = kept.find(cards, wanted)
        played.cells += len(wanted)
        played.differ += [
            f"{wanted.get('code') or wanted['name']}: {name} is {found.get(name)!r}, not {text!r}"
            for name, text in wanted.items()
            if found.get(name, "") != text
        ]
    await import_file(database, row.id, None, path, {}, NOW, None, choices)
    if await database.read(lambda s: kept.everything(s, row.id)) != before:
        played.again.append("sent again")
    target = folder / "export.csv"
    await export_file(database, Export(row.id, What.INVENTORY, Format.CSV), target, NOW)
    back = await import_file(database, row.id, None, target, {}, NOW)
    if back.refused_total or await database.read(lambda s: kept.everything(s, row.id)) != before:
        played.again.append("its export")
    return played


async def play_all(folder: Path) -> list[Played]:
    paths = [p for part in ("made", "real") for p in sorted((folder / part).iterdir()) if p.is_file()]
    paths = [path for path in paths if not path.name.startswith("members-")]
    with tempfile.TemporaryDirectory() as name:
        database = Database(f"sqlite:///{Path(name) / 'lists.db'}")
        upgrade(database)
        played = [await play(database, path, Path(name), number) for number, path in enumerate(paths)]
        database.close()
    return played


def table(played: list[Played]) -> str:
    """Return one line a list, and below it what is wrong."""
    lines = [
        f"{'list':<62}{'taps':>5}{'rows':>6}{'items':>7}{'kinds':>7}{'refused':>9}{'cells':>7}{'differ':>8}"
    ]
    for one in played:
        if one.no_list:
            lines.append(f"{one.name:<62} refused: {one.no_list}")
            continue
        report = one.report
        lines.append(
            f"{one.name:<62}{one.taps:>5}{report.rows:>6}{report.items_new:>7}{report.equipment_new:>7}"
            f"{report.refused_total:>9}"
            f"{one.cells or '':>7}{len(one.differ) if one.cells else '':>8}"
        )
        lines += [f"    {text}" for text in one.differ]
        lines += [f"    {text} changed something" for text in one.again]
    right = sum(one.is_right for one in played)
    return "\n".join([*lines, f"{right} of {len(played)} lists are right"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=FOLDER)
    played = asyncio.run(play_all(parser.parse_args().folder))
    sys.stdout.write(table(played) + "\n")
    sys.exit(0 if all(one.is_right for one in played) else 1)


if __name__ == "__main__":
    main()
