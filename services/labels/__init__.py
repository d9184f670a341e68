"""Printed labels: selection, sheets, the PDF, and the history of prints."""

from services.labels.pdf import Label, draw
from services.labels.sheets import SHEETS, Sheet

__all__ = ["SHEETS", "Label", "Sheet", "draw"]
