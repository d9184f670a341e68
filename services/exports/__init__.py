"""The inventory, the rentals of a period, the members: as CSV or as a workbook, any number of rows."""

from services.exports.runner import Export, Format, What, ask, export_file, permit

__all__ = ["Export", "Format", "What", "ask", "export_file", "permit"]
