"""Members that a file's rows may be about, as they are in the database, or will be."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from db.models import User
from db.states import Role
from services.core.text import fold, same_letters
from services.core.tx import Tx
from services.imports.inventory.names import with_zeros
from services.imports.members.rows import Row

COLUMNS = (
    *("first_name", "last_name", "username", "email", "phone", "membership_id", "city", "born_on"),
    *("postal_code", "note"),
    *("other_id", "role", "active_from", "active_until", "suspended_at", "suspended_until", "custom"),
)


@dataclass(slots=True, eq=False)
class Known:
    """A member as they are in the database, or will be."""

    id: int | None
    values: dict[str, Any]
    changes: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return f"{self.values['first_name']} {self.values['last_name']}".strip()

    def is_active(self, now: datetime) -> bool:
        """Return as User.is_active does, with the values to be written."""
        return User(**{k: v for k, v in self.values.items() if k != "custom"}).is_active(now)


class Members:
    """The members that some rows may be about, by their keys."""

    def __init__(self, tx: Tx, rows: Sequence[Row]) -> None:
        self.tx = tx
        self.by_username: dict[str, Known] = {}
        self.by_email: dict[str, Known] = {}
        self.by_number: dict[str, list[Known]] = {}
        self.by_id: dict[int, Known] = {}
        found: dict[int, Known] = {}
        numbers = said(rows, "membership_id")
        others = {form for one in numbers for form in with_zeros(one or "")}
        for condition in (
            User.id.in_([row.number for row in rows if row.number is not None]),
            same_letters(User.username, said(rows, "username")),
            same_letters(User.email, said(rows, "email")),
            same_letters(User.membership_id, numbers),
            User.membership_id.in_(others),
        ):
            found |= self._members(condition)
        for known in found.values():
            self.remember(known)

    def _members(self, condition: ColumnElement[bool]) -> dict[int, Known]:
        columns = [getattr(User, name) for name in COLUMNS]
        query = select(User.id, *columns).where(User.organization_id == self.tx.organization_id, condition)
        return {
            row.id: Known(row.id, {name: row._mapping[name] for name in COLUMNS})
            for row in self.tx.session.execute(query)
        }

    def remember(self, known: Known) -> None:
        values = known.values
        if known.id is not None:
            self.by_id[known.id] = known
        if values["username"]:
            self.by_username[values["username"].lower()] = known
        if values["email"]:
            self.by_email[values["email"].lower()] = known
        if values["membership_id"]:
            same = self.by_number.setdefault(values["membership_id"].lower(), [])
            if known not in same:
                same.append(known)

    def settle_number(self, row: Row) -> None:
        """Give a row the number of its member that differs in zeros in front, which a spreadsheet drops."""
        number = row.values.get("membership_id") or ""
        if not number or number.lower() in self.by_number:
            return
        found = [one for form in with_zeros(number) for one in self.by_number.get(form, ())]
        same = [one for one in found if fold(one.name) == fold(row.name)]
        if len(same) == 1:
            row.values["membership_id"], row.written_number = same[0].values["membership_id"], number

    def numbered(self, row: Row) -> Known | None:
        """Return the member with our own number, if something else confirms it.

        In a file of another program the same numbers are other people.
        """
        known = self.by_id.get(row.number) if row.number is not None else None
        if known is None:
            return None
        alike = [(row.name, known.name)]
        alike += [(row.values.get(n) or "", known.values[n] or "-") for n in ("username", "email")]
        return known if any(fold(said) == fold(there) for said, there in alike) else None


def said(rows: Sequence[Row], name: str) -> set[str]:
    return {row.values[name] for row in rows if name in row.values}


def nobody() -> dict[str, Any]:
    return dict.fromkeys(COLUMNS) | {"last_name": "", "role": Role.USER, "custom": {}}


def fingerprints(tx: Tx, ids: Collection[int]) -> dict[int, str]:
    """Return digests of members' values, by which a change is seen; the values themselves are not kept."""
    query = select(User.id, *(getattr(User, name) for name in COLUMNS)).where(User.id.in_(ids))
    return {
        id_: hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()
        for id_, *values in tx.session.execute(query)
    }
