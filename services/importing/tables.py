"""A file as a table, whatever kind it is of."""

from pathlib import Path

from services.importing import headers
from services.importing.detection import is_workbook
from services.importing.headers import About
from services.importing.reading import Table
from services.importing.workbook import Workbook


def opened(path: Path) -> Table | Workbook:
    """Its header is read. Raises FILE_EMPTY, FILE_NOT_CSV, and OSError where it cannot be read."""
    return Workbook(path) if is_workbook(path) else Table(path)


def about(path: Path) -> About | None:
    """What a file is about, by its headers. Raises as `opened` does."""
    table = opened(path)
    table.close()
    return headers.about(table.headers)
