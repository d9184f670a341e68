"""Files of any supported format as a table."""

from pathlib import Path

from services.imports import file_kind
from services.imports.file_kind import About
from services.imports.readers.csv_reader import Table
from services.imports.readers.dialect import is_workbook
from services.imports.readers.xlsx_reader import Workbook


def opened(path: Path) -> Table | Workbook:
    """Open a file and read its header. Raises FILE_EMPTY, FILE_NOT_CSV, OSError."""
    return Workbook(path) if is_workbook(path) else Table(path)


def about(path: Path) -> About | None:
    """Return the kind of a file by its headers. Raises as `opened` does."""
    table = opened(path)
    table.close()
    return file_kind.about(table.headers)
