"""Exports of the inventory, the rentals of a period and the members: CSV or Excel, of any size."""

from services.exports.runner import Export, Format, What, ask, export_file, permit

__all__ = ["Export", "Format", "What", "ask", "export_file", "permit"]
