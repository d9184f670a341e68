"""Imports of inventory and members from files of any common encoding and layout, repeatable at will.

What is named here is loaded when it is first asked for: an export needs the names of columns, and no readers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.imports.file_kind import About
    from services.imports.inventory.importer import import_file
    from services.imports.mapping import Field
    from services.imports.members.importer import import_members
    from services.imports.report import CheckedOut, MembersReport, Reason, RefusedRow, Report
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
]

_MODULES = {
    "About": "services.imports.file_kind",
    "Field": "services.imports.mapping",
    "Invited": "services.members.invites",
    "about": "services.imports.understanding.opening",
    "import_file": "services.imports.inventory.importer",
    "import_members": "services.imports.members.importer",
}
"""The modules of what is named; the rest is in `report`."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(_MODULES.get(name, "services.imports.report")), name)
