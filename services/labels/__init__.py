"""Printed labels: which things, on which sheet, the PDF, and what was printed before."""

from services.labels.pdf import Label, draw
from services.labels.sheets import SHEETS, Sheet

__all__ = ["SHEETS", "Label", "Sheet", "draw"]
