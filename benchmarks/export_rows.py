"""The speed and memory of an export, and how long others wait meanwhile.

    python -m benchmarks.export_rows [--rows 100000] [--labels 10000] [--database postgresql://...]

Somebody else writes a little all the time in the same process, as a running bot does for those who rent
meanwhile. Then labels are drawn for some of the things. Without --database a SQLite file in a temporary
folder is used; a PostgreSQL database has to be empty.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.import_rows import NOW, generate, latencies, peak, say, write_within
from db.migrations import upgrade
from db.models import Organization
from db.session import Database
from services.exports import Export, Format, What, export_file
from services.imports import import_file
from services.labels import SHEETS, Label, draw


async def measured(database: Database, title: str, path: Path, work: Callable[[], Awaitable[object]]) -> None:
    """Do it while another writes; say how long it took, how much memory more, and how the other fared."""
    taken: list[float] = []
    within = asyncio.create_task(write_within(database, taken))
    before, began = peak(), time.perf_counter()
    await work()
    seconds = time.perf_counter() - began
    within.cancel()
    await asyncio.gather(within, return_exceptions=True)
    size = (await asyncio.to_thread(path.stat)).st_size
    say(f"{title}: {seconds:.1f} s, {size / 1e6:.1f} MB")
    say(f"  memory: {before:.0f} MB before, {peak() - before:.1f} MB more at its highest")
    say(latencies("same process", taken))


async def alone(database: Database) -> None:
    """Measure the other writer while nobody exports."""
    taken: list[float] = []
    within = asyncio.create_task(write_within(database, taken))
    await asyncio.sleep(5)
    within.cancel()
    await asyncio.gather(within, return_exceptions=True)
    say("nothing else going on")
    say(latencies("same process", taken))


async def run(database: Database, folder: Path, most: int) -> None:
    await alone(database)
    for kind in Format:
        path = folder / f"out.{kind.value}"
        wanted = Export(1, What.INVENTORY, kind)

        async def export(wanted: Export = wanted, path: Path = path) -> None:
            await export_file(database, wanted, path, NOW)

        await measured(database, f"inventory as {kind.value}", path, export)
    path = folder / "labels.pdf"
    labels = [Label(f"Scheinwerfer {i % 200}", f"INV-{i:07d}", f"tok{i:09d}") for i in range(most)]

    async def draw_all() -> None:
        await draw(labels, SHEETS["l7159"], path, first=0, owner="Benchmark", bot="benchmark_bot")

    await measured(database, f"{most} labels", path, draw_all)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--labels", type=int, default=10_000)
    parser.add_argument("--database", help="SQLAlchemy URL of an empty database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(options.database or f"sqlite:///{folder / 'benchmark.db'}")
        upgrade(database)
        database.write_now(
            lambda s: s.add(Organization(id=1, name="Benchmark", timezone="UTC", created_at=NOW))
        )
        source = folder / "in.csv"
        generate(source, options.rows)
        asyncio.run(import_file(database, 1, None, source, {}, NOW))
        asyncio.run(run(database, folder, options.labels))
        database.close()


if __name__ == "__main__":
    main()
