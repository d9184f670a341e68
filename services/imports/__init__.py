"""Imports of inventory and members from files of any common encoding and layout, repeatable at will."""

from services.imports.file_kind import About
from services.imports.inventory.importer import import_file
from services.imports.mapping import Field
from services.imports.members.importer import import_members
from services.imports.report import CheckedOut, MembersReport, Reason, RefusedRow, Report
from services.imports.template import template
from services.imports.understanding.opening import about
from services.members.invites import Invited

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
