"""A file as a table, whatever kind it is of."""

from pathlib import Path

from services.imports import file_kind
from services.imports.file_kind import About
from services.imports.readers.csv_reader import Table
from services.imports.readers.dialect import is_workbook
from services.imports.readers.xlsx_reader import Workbook


def opened(path: Path) -> Table | Workbook:
    """Its header is read. Raises FILE_EMPTY, FILE_NOT_CSV, and OSError where it cannot be read."""
    return Workbook(path) if is_workbook(path) else Table(path)


def about(path: Path) -> About | None:
    """What a file is about, by its headers. Raises as `opened` does."""
    table = opened(path)
    table.close()
    return file_kind.about(table.headers)
