"""The result of an import, as codes and data; handlers have the wording."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from services.core.errors import Refusal
from services.members.invites import Invited

MOST_LISTED = 1_000
"""Maximum number of refused rows, and of rows checked out elsewhere, that are listed; all are counted."""

MOST_NAMED = 50
"""Maximum number of people that are named; all are counted."""

_LONGEST_VALUE = 200


class Reason(StrEnum):
    """Reasons for refusing a row."""

    NO_NAME = "no_name"
    NO_CODE_OR_SERIAL = "no_code_or_serial"  # no key to identify the item by at the next import
    CODE_TWICE = "code_twice"  # data: first_line
    SERIAL_TWICE = "serial_twice"  # data: first_line: that line already was this item
    SERIAL_AMBIGUOUS = "serial_ambiguous"  # data: items: so many of this equipment have this serial number
    TOO_LONG = "too_long"  # data: most (characters)
    BAD_CONDITION = "bad_condition"  # data: known
    IN_USE = "in_use"  # data: equipment: allocated or out as that, so it cannot become another
    PROMISED = "promised"  # allocated or out: no file takes it out of lending, or retires it
    TOO_MANY_CELLS = "too_many_cells"  # data: most (columns in the header)
    BAD_QUOTES = "bad_quotes"  # a quotation mark that does not close, or in the middle of a quoted cell
    TOO_MANY_PIECES = "too_many_pieces"  # data: most
    ERROR_CELL = "error_cell"  # a formula that failed, such as `#REF!`
    SERIAL_OF = "serial_of"  # data: code: of the item that has this serial number already
    CODE_OF = "code_of"  # data: code: of the item that the code leads to already
    SHORTENED = "shortened"  # a long number that a spreadsheet wrote as 7.03E+12
    UNREADABLE = "unreadable"  # bytes that are no text in the file's encoding
    # Of people:
    NO_KEY = "no_key"  # neither a username nor an email nor a membership number to identify the member by
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
    ROLE_ABOVE = "role_above"  # data: role: above the importing user's
    LEADER_ENDS = "leader_ends"  # no file ends a leader's membership
    ENDS_BEFORE = "ends_before"  # before it begins


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A refused row. `line` counts from 1 with the header; `column` is its header, None for the whole row."""

    line: int
    column: str | None
    reason: Reason
    value: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    sheet: str = ""
    """The sheet's title, where rows of several are imported."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", self.value[:_LONGEST_VALUE])


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """A checked-out item according to the file. No rental is made of it: its holder is unknown to us."""

    line: int
    code: str
    to: str


@dataclass(frozen=True, slots=True)
class Head:
    """The headers of a table, and the line that they stand in; 0 where they are in none."""

    line: int
    cells: tuple[str, ...]


@dataclass
class BaseReport:
    """Numbers that every import reports.

    `columns`: the fields and the file's headers matched with them. `stopped`: why the rest was not read.
    """

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: int = 0
    refused_total: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    stopped: Refusal | None = None
    became: dict[str, list[str]] = field(default_factory=dict)
    """The headers by their meaning, of a list that had to be understood; of members those that are kept as
    own fields, and those that are left out."""
    unknown: list[tuple[str, int]] = field(default_factory=list)
    """The words that were no condition, or no status of a member, and how often each was there."""
    doubts: list[tuple[str, int]] = field(default_factory=list)
    """The words of remarks by which things are not lent until somebody has looked at them, likewise."""
    zeros_lost_total: int = 0
    zeros_lost: list[tuple[str, str]] = field(default_factory=list)
    """Codes, or members' numbers, that a spreadsheet took the zeros in front from, and what they are."""
    run_id: int | None = None
    """The run by which it can be undone."""
    heads: dict[str, list[Head]] = field(default_factory=dict)
    """The headers of each sheet that is imported, by its title: one for each of its tables, from above."""

    def refuse(self, rows: list[RefusedRow]) -> None:
        self.refused_total += len(rows)
        self.refused += rows[: max(0, MOST_LISTED - len(self.refused))]

    def note_zeros_lost(self, found: list[tuple[str, str]]) -> None:
        self.zeros_lost_total += len(found)
        self.zeros_lost += found[: max(0, MOST_NAMED - len(self.zeros_lost))]

    def numbers(self) -> dict[str, int]:
        """Return the counts alone, for the audit and the log."""
        return {name: value for name, value in vars(self).items() if type(value) is int}


@dataclass
class Report(BaseReport):
    """Numbers of an inventory import.

    `rows` are those of the file; one may be several items.
    """

    items_new: int = 0
    items_changed: int = 0
    items_unchanged: int = 0
    without_items: int = 0
    equipment: int = 0
    equipment_new: int = 0
    equipment_changed: int = 0
    codes_made: bool = False
    """True where rows of a list had no code."""
    checked_out_total: int = 0
    checked_out: list[CheckedOut] = field(default_factory=list)

    def list_checked_out(self, rows: list[CheckedOut]) -> None:
        self.checked_out_total += len(rows)
        self.checked_out += rows[: max(0, MOST_LISTED - len(self.checked_out))]


@dataclass
class MembersReport(BaseReport):
    """Numbers of a members import. `rows` = new + changed + unchanged + refused.

    `inactive`: the imported ones that are not active members. They get no invite link. `renewed`: those whose
    link of an earlier import was never delivered, as it broke off; they are among the `invited`.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    inactive: int = 0
    renewed: int = 0
    invited: list[Invited] = field(default_factory=list)
    without_link: list[str] = field(default_factory=list)
    """Names of the inactive ones: who left, or is barred. At most MOST_NAMED."""
    shared: dict[str, list[str]] = field(default_factory=dict)
    """Those who share another member's email address, by that address, which is not theirs too."""

    def note_people(self, without_link: list[str], shared: list[tuple[str, str]]) -> None:
        self.without_link += without_link[: max(0, MOST_NAMED - len(self.without_link))]
        for address, name in shared:
            self.shared.setdefault(address, []).append(name)
