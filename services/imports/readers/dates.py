"""Days as lists have them, in the order that their column proves."""

import re
import time
from collections.abc import Iterable
from datetime import date, timedelta

_TIME = r"(?:[T ]\d{1,2}:\d{2}.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})\.?{_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])\s*(\d{{1,2}})\2\s*(\d{{4}}|\d{{2}}){_TIME}")


_NUMBER = re.compile(r"(\d{5})(?:[.,]\d+)?")
_FIRST_DAY = date(1899, 12, 30)
"""The day that spreadsheets count from."""
_EARLIEST, _LATEST = 20_000, 60_000
"""1954 to 2064: numbers beyond are hardly days."""


def day_of_number(text: str) -> date | None:
    """Return the day that a spreadsheet wrote as a number, such as 45000; None where it can be none."""
    found = _NUMBER.fullmatch(text) if len(text) > 4 and text[0].isdigit() else None
    number = int(found[1]) if found is not None else 0
    return _FIRST_DAY + timedelta(number) if _EARLIEST <= number <= _LATEST else None


def is_month_first(cells: Iterable[str]) -> bool | None:
    """Return whether the month comes first in dates such as 5/17/2026; None where no date proves either.

    Nor where some prove one and some the other.
    """
    proofs = set()
    for cell in cells:
        found = _YEAR_LAST.fullmatch(cell.strip())
        if found and found[2] != "." and (int(found[1]) > 12) != (int(found[3]) > 12):
            proofs.add(int(found[3]) > 12)
    return proofs.pop() if len(proofs) == 1 else None


def day(text: str, *, month_first: bool | None, latest: int) -> date | None:
    """Return the day; None where it is none, or could be two.

    `month_first`: as `is_month_first` returns it; with dots the day always comes first. Years of two digits
    are taken to be at most `latest`.
    """
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if found := _YEAR_LAST.fullmatch(text):
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            if len(found[4]) == 2:
                year += latest // 100 * 100
                year -= 100 if year > latest else 0
            if found[2] == "." or first > 12 or first == second or month_first is False:
                return date(year, second, first)
            if second > 12 or month_first:
                return date(year, first, second)
    except ValueError:
        pass
    return _without_separators(text, latest)


_ORDERS = {6: ("%d%m%y", "%y%m%d"), 8: ("%d%m%Y", "%Y%m%d")}
_FIRST_YEAR = 1900


def _without_separators(text: str, latest: int) -> date | None:
    """Return the day of `141280` or `19801214`; None where it could be two."""
    if not (text.isascii() and text.isdigit()):
        return None
    found = {_of_order(text, order, latest) for order in _ORDERS.get(len(text), ())} - {None}
    return found.pop() if len(found) == 1 else None


def _of_order(text: str, order: str, latest: int) -> date | None:
    try:
        found = date(*time.strptime(text, order)[:3])
        if len(text) == 6 and found.year > latest:
            found = found.replace(year=found.year - 100)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= latest else None
