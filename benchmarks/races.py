"""All races of tests/races, with as many rounds as one likes, and a line for each.

    .venv/bin/python -m benchmarks.races [--rounds 2000] [--only last_item]

A round is one moment in which two to four processes do what only one of them may; each race is run on SQLite
and PostgreSQL. Prints the rounds of each, and how many of their batches failed; the exit code is 1 where one
did. The control, without the database's guard, passes where something is booked twice in each batch.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as Xml

from tests.races.harness.rounds import GIVEN

_PARAMETERS = re.compile(r"\[(sqlite|postgresql)-batch \d+ of (\d+)-?(.*)\]$")


@dataclass
class Race:
    rounds: int = 0
    failures: int = 0
    seconds: float = 0.0


def read(report: Path) -> dict[tuple[str, str], Race]:
    """Add up the batches of each race, by its name and database."""
    found: dict[tuple[str, str], Race] = defaultdict(Race)
    for case in Xml.parse(report).iter("testcase"):
        name = case.get("name", "")
        parameters = _PARAMETERS.search(name)
        if parameters is None:
            raise SystemExit(f"not a race: {name}")
        kind, rounds, variant = parameters.groups()
        race = found[f"{name.split('[')[0]} {variant}".strip(), kind]
        race.rounds += int(rounds)
        race.seconds += float(case.get("time", 0))
        race.failures += case.find("failure") is not None or case.find("error") is not None
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--only", default="", help="As for pytest's -k.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "long",
            "tests/races",
        ]
        command += [f"--junitxml={report}", *(["-k", given.only] if given.only else [])]
        code = subprocess.run(command, env={**os.environ, GIVEN: str(given.rounds)}, check=False).returncode
        found = read(report)
    for (name, kind), race in sorted(found.items()):
        failed = f"{race.failures} batches failed"
        print(f"{name:70} {kind:10} {race.rounds:6} rounds, {failed}, {race.seconds:.0f} s")  # noqa: T201
    print(f"{sum(race.rounds for race in found.values())} rounds of {len(found)} races")  # noqa: T201
    sys.exit(code)


if __name__ == "__main__":
    main()
