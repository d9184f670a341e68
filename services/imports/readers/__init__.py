"""Files of any supported format as a table."""

from collections.abc import Callable
from pathlib import Path

from services.imports import file_kind
from services.imports.file_kind import About
from services.imports.readers.csv_reader import Table
from services.imports.readers.dialect import is_workbook
from services.imports.readers.xlsx_reader import Workbook


def opened(path: Path, reading: Callable[[], None] = lambda: None) -> Table | Workbook:
    """Open a file and read its header. `reading` is called now and then, and may raise.

    Raises FILE_EMPTY, FILE_NOT_CSV, FILE_TOO_MUCH, OSError.
    """
    return Workbook(path, reading) if is_workbook(path) else Table(path)


def about(path: Path, reading: Callable[[], None] = lambda: None) -> About | None:
    """Return the kind of a file by its headers. `reading`, and raises, as `opened`."""
    table = opened(path, reading)
    table.close()
    return file_kind.about(table.headers)
