"""The speed and memory of an import, and how long others wait meanwhile.

    python -m benchmarks.import_rows [--rows 100000] [--database postgresql://...]

Two others write all the time, a little at a time, as a running bot does: one in the same process (a file
sent in the chat), one in a process of its own (the command line beside a running bot). Without --database a
SQLite file in a temporary folder is used; a PostgreSQL database has to be empty.
"""

import argparse
import asyncio
import csv
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path

from sqlalchemy.orm import Session

from db.migrations import upgrade
from db.models import AuditEntry, Organization
from db.session import Database
from services.imports import Report, import_file

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
EVERY = 0.02
"""Seconds between two small writes."""


def generate(path: Path, rows: int) -> None:
    """About 340 bytes a row, 200 equipment, 50 locations."""
    note = "Geprüft und gereinigt; Ersatzteile liegen in der Schublade darunter. " * 4
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(
            ["Inventarnummer", "Bezeichnung", "Kategorie", "Seriennummer", "Standort", "Bemerkung", "Wert"]
        )
        for i in range(rows):
            kind = i % 200
            name = f"Scheinwerfer {kind}"
            writer.writerow(
                [f"INV-{i:07d}", name, "Licht", f"SN{i:09d}", f"Lager {i % 50}", f"{note}{i}", str(i % 900)]
            )


def small_write(session: Session) -> None:
    session.add(AuditEntry(organization_id=1, at=NOW, action="benchmark", subject="none", subject_id=0))


def write_beside(url: str, ready: Event, stop: Event, out: str) -> None:
    """In a process of its own: small writes until `stop`, each one's seconds into a file."""
    database = Database(url)
    database.write_now(small_write)
    ready.set()
    taken: list[float] = []
    while not stop.is_set():
        began = time.perf_counter()
        database.write_now(small_write)
        taken.append(time.perf_counter() - began)
        time.sleep(EVERY)
    database.close()
    Path(out).write_text("\n".join(map(str, taken)))


async def write_within(database: Database, taken: list[float]) -> None:
    """In this process, until cancelled."""
    while True:
        began = time.perf_counter()
        await database.write(small_write)
        taken.append(time.perf_counter() - began)
        await asyncio.sleep(EVERY)


async def measured(database: Database, source: Path, taken: list[float]) -> tuple[Report, float]:
    within = asyncio.create_task(write_within(database, taken))
    began = time.perf_counter()
    report = await import_file(database, 1, None, source, {}, NOW)
    seconds = time.perf_counter() - began
    within.cancel()
    await asyncio.gather(within, return_exceptions=True)
    return report, seconds


def peak() -> float:
    """The most memory this process ever had, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def latencies(name: str, taken: list[float]) -> str:
    ms = sorted(seconds * 1000 for seconds in taken)
    p50, p95, p99 = (ms[int(len(ms) * share)] for share in (0.5, 0.95, 0.99))
    return f"  {name}: {len(ms)} writes, p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f}, longest {ms[-1]:.1f} ms"


def run(url: str, source: Path, folder: Path, title: str) -> None:
    database = Database(url)
    context = multiprocessing.get_context("spawn")
    ready, stop, out = context.Event(), context.Event(), folder / "beside.txt"
    beside = context.Process(target=write_beside, args=(url, ready, stop, str(out)))
    beside.start()
    ready.wait()
    before, within = peak(), list[float]()
    report, seconds = asyncio.run(measured(database, source, within))
    stop.set()
    beside.join()
    database.close()
    say(f"{title}: {report.rows} rows in {seconds:.1f} s, {report.rows / seconds:.0f} rows/s")
    say(f"  {report.items_new} new, {report.items_changed} changed, {report.items_unchanged} unchanged")
    say(f"  memory: {before:.0f} MB before, {peak() - before:.1f} MB more at its highest")
    say(latencies("same process", within))
    say(latencies("other process", [float(line) for line in out.read_text().splitlines()]))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", help="SQLAlchemy URL of an empty database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = options.database or f"sqlite:///{folder / 'benchmark.db'}"
        database = Database(url)
        upgrade(database)
        database.write_now(
            lambda s: s.add(Organization(id=1, name="Benchmark", timezone="UTC", created_at=NOW))
        )
        database.close()
        small, large = folder / "small.csv", folder / "large.csv"
        generate(small, 2_000)
        generate(large, options.rows)
        say(f"{options.rows} rows, {large.stat().st_size / 1e6:.1f} MB")
        run(url, small, folder, "warming up")
        run(url, large, folder, "first time")
        run(url, large, folder, "again")


if __name__ == "__main__":
    main()
