"""What an import did, in codes and data; the wording lives at the edge."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from services.members.invites import Invited

MOST_LISTED = 1_000
"""So many refused rows, and so many that are checked out elsewhere, are listed; all are counted."""

_LONGEST_VALUE = 200


class Reason(StrEnum):
    """Why one row did not come in."""

    NO_NAME = "no_name"
    NO_CODE_OR_SERIAL = "no_code_or_serial"  # nothing to know the item by the next time
    CODE_TWICE = "code_twice"  # data: first_line
    SERIAL_TWICE = "serial_twice"  # data: first_line: that line already was this item
    SERIAL_AMBIGUOUS = "serial_ambiguous"  # data: items: so many of this equipment have this serial number
    TOO_LONG = "too_long"  # data: most (characters)
    BAD_CONDITION = "bad_condition"  # data: known
    IN_USE = "in_use"  # data: equipment: promised or out as that, so it cannot become another
    PROMISED = "promised"  # a member has it, or is to get it: no file takes it out of lending, or retires it
    TOO_MANY_CELLS = "too_many_cells"  # data: most (columns in the header)
    BAD_QUOTES = "bad_quotes"  # a quotation mark that does not close, or in the middle of a quoted cell
    UNREADABLE = "unreadable"  # bytes that are no text in the file's encoding
    # Of people:
    NO_KEY = "no_key"  # neither a username nor an email nor a membership number to know them by
    USERNAME_TWICE = "username_twice"  # data: first_line
    EMAIL_TWICE = "email_twice"  # data: first_line
    NUMBER_TWICE = "number_twice"  # data: first_line
    USERNAME_OF = "username_of"  # data: name (of the member whose it is)
    EMAIL_OF = "email_of"  # data: name
    NUMBER_AMBIGUOUS = "number_ambiguous"  # data: members: so many have this membership number
    BAD_EMAIL = "bad_email"
    BAD_PHONE = "bad_phone"
    BAD_DATE = "bad_date"
    BAD_YES_NO = "bad_yes_no"
    BAD_ROLE = "bad_role"
    ROLE_ABOVE = "role_above"  # data: role: above that of whoever imports
    LEADER_ENDS = "leader_ends"  # no file ends a leader's membership
    ENDS_BEFORE = "ends_before"  # before it begins


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """`line` counts from 1 with the header; `column` is the file's own header, None for the whole row."""

    line: int
    column: str | None
    reason: Reason
    value: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", self.value[:_LONGEST_VALUE])


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """Where the file says an item is now. Not turned into a rental: whoever has it is unknown to us."""

    line: int
    code: str
    to: str


@dataclass
class BaseReport:
    """What every import tells. `columns`: which of the file's headers were understood as what."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: int = 0
    refused_total: int = 0
    refused: list[RefusedRow] = field(default_factory=list)

    def refuse(self, rows: list[RefusedRow]) -> None:
        self.refused_total += len(rows)
        self.refused += rows[: max(0, MOST_LISTED - len(self.refused))]

    def numbers(self) -> dict[str, int]:
        """The counts alone, for the audit and the log."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}


@dataclass
class Report(BaseReport):
    """The numbers of an inventory's import.

    `rows` = items new + changed + unchanged + rows about equipment without items + refused.
    """

    items_new: int = 0
    items_changed: int = 0
    items_unchanged: int = 0
    without_items: int = 0
    equipment: int = 0
    equipment_new: int = 0
    equipment_changed: int = 0
    checked_out_total: int = 0
    checked_out: list[CheckedOut] = field(default_factory=list)

    def list_checked_out(self, rows: list[CheckedOut]) -> None:
        self.checked_out_total += len(rows)
        self.checked_out += rows[: max(0, MOST_LISTED - len(self.checked_out))]


@dataclass
class MembersReport(BaseReport):
    """The numbers of an import of members. `rows` = new + changed + unchanged + refused.

    `inactive`: of those that came in, how many are no active members then. They get no link.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    inactive: int = 0
    invited: list[Invited] = field(default_factory=list)
