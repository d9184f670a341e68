"""Inventory and members from files: whatever their encoding and headers, as often as one likes."""

from services.importing.headers import About
from services.importing.inventory import import_file
from services.importing.mapping import Field
from services.importing.members import import_members
from services.importing.report import CheckedOut, Invited, MembersReport, Reason, RefusedRow, Report
from services.importing.tables import about
from services.importing.template import template

__all__ = [
    "About",
    "CheckedOut",
    "Field",
    "Invited",
    "MembersReport",
    "Reason",
    "RefusedRow",
    "Report",
    "about",
    "import_file",
    "import_members",
    "template",
]
