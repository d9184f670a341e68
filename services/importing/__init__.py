"""Inventory from a file: whatever its encoding and headers, any number of rows, as often as one likes."""

from services.importing.mapping import Field
from services.importing.report import CheckedOut, Reason, RefusedRow, Report
from services.importing.running import import_file
from services.importing.template import template

__all__ = ["CheckedOut", "Field", "Reason", "RefusedRow", "Report", "import_file", "template"]
