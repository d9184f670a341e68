"""Common label sheets, with their measures.

Number, size and pitch of the labels are those that Avery and Avery Zweckform print on the packages and in
their blank templates (avery.co.uk, avery-zweckform.com, avery.com: the product's number finds it). The grid
is centered on all of them, so that the margins follow.
"""

from dataclasses import dataclass

INCH = 25.4
A4 = (210.0, 297.0)
LETTER = (8.5 * INCH, 11 * INCH)


@dataclass(frozen=True)
class Sheet:
    """A sheet's measures in millimeters. `pitch`: from one label's edge to the same edge of the next."""

    key: str
    brand: str
    number: str
    paper: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    pitch: tuple[float, float]

    @property
    def per_sheet(self) -> int:
        return self.columns * self.rows

    @property
    def margin(self) -> tuple[float, float]:
        """Distance from the sheet's left and upper edge to the first label."""
        width = (self.columns - 1) * self.pitch[0] + self.label[0]
        height = (self.rows - 1) * self.pitch[1] + self.label[1]
        return (self.paper[0] - width) / 2, (self.paper[1] - height) / 2

    def place(self, position: int) -> tuple[float, float]:
        """Return the upper left corner of the label at this position, counted from 0 in reading order."""
        row, column = divmod(position, self.columns)
        left, top = self.margin
        return left + column * self.pitch[0], top + row * self.pitch[1]

    def pages(self, count: int, first: int) -> int:
        """Return the number of sheets for so many labels, the first of them at position `first`, from 0."""
        return -(-(first + count) // self.per_sheet)


def _avery(
    number: str, columns: int, rows: int, label: tuple[float, float], pitch: tuple[float, float]
) -> Sheet:
    return Sheet(number.lower(), "Avery", number, A4, columns, rows, label, pitch)


def _us(
    number: str, columns: int, rows: int, label: tuple[float, float], pitch: tuple[float, float]
) -> Sheet:
    """Return a Letter sheet from measures in inches."""
    return Sheet(
        f"us{number}", "Avery US", number, LETTER, columns, rows,
        (label[0] * INCH, label[1] * INCH), (pitch[0] * INCH, pitch[1] * INCH),
    )  # fmt: skip


_ALL = (
    _avery("L7160", 3, 7, (63.5, 38.1), (66.04, 38.1)),
    _avery("L7159", 3, 8, (63.5, 33.9), (66.04, 33.9)),
    _avery("L7163", 2, 7, (99.1, 38.1), (101.6, 38.1)),
    _avery("L7651", 5, 13, (38.1, 21.2), (40.64, 21.2)),
    Sheet("3474", "Avery Zweckform", "3474", A4, 3, 8, (70.0, 37.0), (70.0, 37.0)),
    _us("5160", 3, 10, (2.625, 1.0), (2.75, 1.0)),
    _us("5163", 2, 5, (4.0, 2.0), (4.1875, 2.0)),
)

CARD = Sheet("card", "", "", A4, 1, 1, (85.6, 54.0), (85.6, 54.0))
"""One card as large as those in a wallet (ISO/IEC 7810 ID-1), on a page of its own."""

SHEETS: dict[str, Sheet] = {sheet.key: sheet for sheet in _ALL}
DEFAULT = "l7160"
