"""The inventory, the rentals of a period, the members: as CSV or as a workbook, any number of rows."""

from services.exporting.running import Export, Format, What, export_file

__all__ = ["Export", "Format", "What", "export_file"]
