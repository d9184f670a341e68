"""Counts taps, lines, messages and rings of the usual stories, on the demo's page.

    python -m benchmarks.walk [--without-page]

prints the table of CONTRIBUTING.md. It needs what the tests need (requirements/test.txt), and Chromium unless
it is to do without the page, which counts the same.
"""

import argparse
import asyncio
import logging
import tempfile

import structlog

from benchmarks.walk import page
from benchmarks.walk.counting import counts, table
from benchmarks.walk.stage import running
from db.migrations import upgrade
from db.session import Database


async def main(*, on_page: bool) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/walk.db")
        upgrade(database)
        async with running(database) as walk:
            if on_page:
                async with page.opened(walk.sandbox) as walk.hands:
                    found = await counts(walk)
            else:
                found = await counts(walk)
        database.close()
    print(table(found))  # noqa: T201


parser = argparse.ArgumentParser()
parser.add_argument("--without-page", action="store_true")
asyncio.run(main(on_page=not parser.parse_args().without_page))
