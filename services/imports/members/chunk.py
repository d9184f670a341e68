"""One chunk of rows about members in one transaction: matched with the database, compared, written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from db.models import User
from db.models.organization import SEARCHED, searched
from db.states import Described, Role
from services.core import custom_fields
from services.core.hours import periods
from services.core.text import fold
from services.core.tx import Tx
from services.imports.inventory import effects
from services.imports.inventory.effects import Effects, Table
from services.imports.inventory.rows import Wrong
from services.imports.lookups.seen_keys import Kind, Seen
from services.imports.members.mapping import Field, Mapping
from services.imports.members.matching import COLUMNS, Known, Members, fingerprints, nobody, said
from services.imports.members.rows import Row
from services.imports.report import Reason, RefusedRow
from services.members import invites, namesakes, profile
from services.members.invites import Invited

_WRITTEN = frozenset(COLUMNS) - {"suspended_until", "role"}
_TWICE = {
    Kind.USERNAME: (Field.USERNAME, Reason.USERNAME_TWICE),
    Kind.EMAIL: (Field.EMAIL, Reason.EMAIL_TWICE),
    Kind.NUMBER: (Field.MEMBERSHIP_ID, Reason.NUMBER_TWICE),
}


@dataclass
class Outcome:
    """Result of one chunk. `usernames`, `emails` and `numbers` are remembered once it is committed."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    inactive: int = 0
    renewed: int = 0
    invited: list[Invited] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    usernames: dict[str, int] = field(default_factory=dict)
    emails: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    without_link: list[str] = field(default_factory=list)
    zeros_lost: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Words that were no status."""
    shared: list[tuple[str, str]] = field(default_factory=list)
    """An address of another member, and the name of who shares it."""


class Chunk:
    def __init__(
        self, tx: Tx, user_id: int | None, rows: Sequence[Row], mapping: Mapping, seen: Seen, run_id: int
    ) -> None:
        effects.require_going_on(tx, run_id)
        self.run_id, self.effects = run_id, Effects()
        self.tx, self.user_id, self.mapping = tx, user_id, mapping
        acting = tx.session.get_one(User, user_id).role if user_id is not None else Role.LEADER
        self.highest: Role = acting
        self.outcome = Outcome()
        self.touched: list[Known] = []
        self.lines: dict[Known, int] = {}
        self.shares: dict[Known, str] = {}
        self.members = Members(tx, rows)
        self.first = {
            Kind.USERNAME: seen.find(Kind.USERNAME, _keys(rows, "username")),
            Kind.EMAIL: seen.find(Kind.EMAIL, _keys(rows, "email")),
            Kind.NUMBER: seen.find(
                Kind.NUMBER,
                _keys(rows, "membership_id")
                | {f"#{row.number}" for row in rows}
                | {f"#{user_id}" for user_id in self.members.by_id},
            ),
        }

    def take(self, row: Row) -> None:
        """Find the row's member and note their changes."""
        self.members.settle_number(row)
        try:
            known = self._match(row)
            self._require_new_to_the_file(row, known)
            self._check_may(row, known)
            said = self._said(row, known)
        except Wrong as wrong:
            self.outcome.refused.append(wrong.refused(row.line))
            return
        self._mark(row)
        if row.written_number:
            self.outcome.zeros_lost.append((row.written_number, row.values["membership_id"]))
        self.outcome.unknown += [row.unknown] if row.unknown else []
        if known is None:
            known = Known(None, nobody() | {"role": row.role or Role.USER})
        for name, value in said.items():
            if known.values[name] != value:
                known.values[name] = value
                known.changes.add(name)
        self.members.remember(known)
        self.touched.append(known)
        self.lines[known] = row.line
        if row.shares:
            self.shares[known] = row.shares

    def _wrong(self, field_: Field, reason: Reason, value: str, **data: Any) -> Wrong:
        return Wrong(self.mapping.header(field_), reason, value, **data)

    def _match(self, row: Row) -> Known | None:
        """Match by our own number, else username, email, membership number. Raises Wrong for a duplicate."""
        self._part(row)
        username, email = row.values.get("username", ""), row.values.get("email", "")
        for kind, text in self._named(row).items():
            first = self.first[kind].get(text)
            if first is not None:
                field_, reason = _TWICE[kind]
                raise self._wrong(field_, reason, text, first_line=first)
        same_name = self.members.by_username.get(username.lower()) if username else None
        known = self.members.numbered(row)
        if known is not None and same_name not in (None, known):
            assert same_name is not None
            raise self._wrong(Field.USERNAME, Reason.USERNAME_OF, username, name=same_name.name)
        known = known or same_name
        same_mail = self.members.by_email.get(email) if email else None
        if known is None and same_mail is not None and not (username and same_mail.values["username"]):
            known = same_mail
        if same_mail is not None and same_mail is not known:
            raise self._wrong(Field.EMAIL, Reason.EMAIL_OF, email, name=same_mail.name)
        if known is None and not username and not email and "membership_id" not in row.values:
            raise Wrong(None, Reason.NO_KEY, row.name)
        if known is None and not username and not email:
            number = row.values.get("membership_id", "")
            same = self.members.by_number.get(number.lower(), [])
            if len(same) > 1:
                raise self._wrong(Field.MEMBERSHIP_ID, Reason.NUMBER_AMBIGUOUS, number, members=len(same))
            known = same[0] if same else None
        return known

    def _part(self, row: Row) -> None:
        """Take from a row the address that is a relative's already: two members cannot have the same.

        Different membership numbers and names say that they are two people.
        """
        address, number = row.values.get("email", ""), row.values.get("membership_id", "")
        other = self.members.by_email.get(address)
        if other is None or not number or not other.values["membership_id"]:
            return
        same = number.lower() == other.values["membership_id"].lower() or fold(row.name) == fold(other.name)
        if not same and self.members.numbered(row) is None:
            row.shares = row.values.pop("email")
            row.custom.setdefault(self.mapping.header(Field.EMAIL) or "email", row.shares)

    def _require_new_to_the_file(self, row: Row, known: Known | None) -> None:
        """Raise Wrong where an earlier row of the file is about this member."""
        if known is None:
            return
        line = self.lines.get(known) or self.first[Kind.NUMBER].get(f"#{known.id}")
        if line is None:
            return
        username, email = row.values.get("username", ""), row.values.get("email", "")
        if username and self.members.by_username.get(username.lower()) is known:
            raise self._wrong(Field.USERNAME, Reason.USERNAME_OF, username, name=known.name)
        if email and self.members.by_email.get(email) is known:
            raise self._wrong(Field.EMAIL, Reason.EMAIL_OF, email, name=known.name)
        number = row.values.get("membership_id", "")
        raise self._wrong(Field.MEMBERSHIP_ID, Reason.NUMBER_TWICE, number, first_line=line)

    def _named(self, row: Row) -> dict[Kind, str]:
        """Return the keys that identify the row's member; a membership number only without any other."""
        named = {Kind.USERNAME: row.values.get("username", ""), Kind.EMAIL: row.values.get("email", "")}
        if self.members.numbered(row) is not None:
            named[Kind.NUMBER] = f"#{row.number}"
        elif not any(named.values()):
            named[Kind.NUMBER] = row.values.get("membership_id", "")
        return {kind: text.lower() for kind, text in named.items() if text}

    def _mark(self, row: Row) -> None:
        remembered = {
            Kind.USERNAME: self.outcome.usernames,
            Kind.EMAIL: self.outcome.emails,
            Kind.NUMBER: self.outcome.numbers,
        }
        for kind, text in self._named(row).items():
            self.first[kind][text] = remembered[kind][text] = row.line

    def _check_may(self, row: Row, known: Known | None) -> None:
        """Require that the row's role is not above the acting user's. An existing member keeps their role."""
        role = known.values["role"] if known is not None else row.role
        if role is not None and not self.highest.covers(role):
            raise self._wrong(Field.ROLE, Reason.ROLE_ABOVE, row.name, role=role)

    def _said(self, row: Row, known: Known | None) -> dict[str, Any]:
        said = dict(row.values)
        if row.custom:
            said["custom"] = (known.values["custom"] if known is not None else {}) | row.custom
        before = known.values if known is not None else nobody()
        said |= self._membership(row, before)
        begins = said.get("active_from", before["active_from"])
        ends = said.get("active_until", before["active_until"])
        if begins is not None and ends is not None and ends < begins:
            raise self._wrong(Field.ACTIVE_UNTIL, Reason.ENDS_BEFORE, str(row.active_until or ""))
        goes_on = (begins is None or begins <= self.tx.now) and (ends is None or ends > self.tx.now)
        if row.active is True and ends is not None and ends <= self.tx.now and row.active_until is None:
            said["active_until"] = None
        if row.active is False and goes_on and (known is None or known.is_active(self.tx.now)):
            said["active_until"] = self._today()
        if row.barred and not self._is_suspended(before) and (known is None or known.id != self.user_id):
            said["suspended_at"] = self.tx.now
        ends = said.get("active_until", before["active_until"])
        if before["role"] is Role.LEADER and "suspended_at" in said:
            raise self._wrong(Field.STATUS, Reason.LEADER_ENDS, row.name)
        if before["role"] is Role.LEADER and ends is not None and ends != before["active_until"]:
            raise self._wrong(Field.ACTIVE, Reason.LEADER_ENDS, row.name)
        return said

    def _is_suspended(self, before: dict[str, Any]) -> bool:
        return User(**{n: before[n] for n in ("suspended_at", "suspended_until")}).is_suspended(self.tx.now)

    def _today(self) -> datetime:
        """Return the start of the organization's day: inactive members were members until yesterday."""
        return periods.start_of_day(self.tx.today, self.tx.zone)

    def _membership(self, row: Row, before: dict[str, Any]) -> dict[str, Any]:
        """Return the first and last day of membership where they differ from the stored moments' days."""
        said = {}
        if row.active_from is not None and row.active_from != periods.day_of(
            before["active_from"], self.tx.zone
        ):
            said["active_from"] = periods.start_of_day(row.active_from, self.tx.zone)
        if row.active_until is not None:
            last = periods.last_day_of(before["active_until"], self.tx.zone)
            if row.active_until != last:
                said["active_until"] = periods.start_of_day(
                    row.active_until + timedelta(days=1), self.tx.zone
                )
        return said

    def write(self) -> None:
        self._register_fields()
        new = [known for known in self.touched if known.id is None]
        old = [known for known in self.touched if known.id is not None]
        changed = [known for known in old if known.changes]
        if new:
            rows = [self._row(known) for known in new]
            ids = self.tx.session.scalars(insert(User).returning(User.id, sort_by_parameter_order=True), rows)
            for known, user_id in zip(new, ids.all(), strict=True):
                known.id = user_id
        if changed:
            updates = [self._update(known) for known in changed]
            # Rows with the same columns next to each other go to the database together.
            self.tx.session.execute(update(User), sorted(updates, key=tuple))
        if new or any(known.changes & set(profile.NAMES) for known in changed):
            namesakes.settle(self.tx.session, self.tx.organization_id)
        outcome = self.outcome
        outcome.numbers |= {f"#{known.id}": line for known, line in self.lines.items()}
        outcome.new, outcome.changed = len(new), len(changed)
        outcome.unchanged = len(self.touched) - len(new) - len(changed)
        outcome.without_link = [known.name for known in self.touched if not known.is_active(self.tx.now)]
        outcome.inactive = len(outcome.without_link)
        outcome.shared = [(address, known.name) for known, address in self.shares.items()]
        again = invites.undelivered(self.tx, [known.id for known in old if known.id is not None])
        outcome.renewed = len(again)
        wanted = [*new, *(known for known in old if known.id in again)]
        self._invite([known for known in wanted if known.is_active(self.tx.now)])
        self._note_effects([known.id for known in new if known.id is not None])

    def _note_effects(self, new: Sequence[int]) -> None:
        """Note whom the import made, and who has the address of whom."""
        self.effects.make(Table.USER, fingerprints(self.tx, new).items())
        shared = ((known.id, self.members.by_email[address].id) for known, address in self.shares.items())
        self.effects.make(Table.SHARED, shared)
        self.effects.write(self.tx, self.run_id)

    def _update(self, known: Known) -> dict[str, Any]:
        said = {"id": known.id} | {name: known.values[name] for name in sorted(known.changes)}
        return said | {"search_text": searched(known.values)} if known.changes & set(SEARCHED) else said

    def _row(self, known: Known) -> dict[str, Any]:
        written = {name: known.values[name] for name in _WRITTEN}
        return written | {
            "organization_id": self.tx.organization_id,
            "role": known.values["role"],
            "created_at": self.tx.now,
        }

    def _invite(self, members: list[Known]) -> None:
        """Make an invite link for each of these members; only this outcome knows the links."""
        tokens = invites.personal(
            self.tx,
            [(known.id or 0, known.values["role"]) for known in members],
            created_by=self.user_id,
            delivered=False,
        )
        self.outcome.invited = [
            Invited(
                known.name,
                known.values["email"] or self.shares.get(known, ""),
                known.values["phone"] or "",
                token,
            )
            for known, token in zip(members, tokens, strict=True)
        ]

    def _register_fields(self) -> None:
        """Add a custom field for each label that has a value and no field yet."""
        changed = [known.values["custom"] for known in self.touched if "custom" in known.changes]
        labels = [label for custom in changed for label in custom]
        made = custom_fields.register(self.tx.session, self.tx.organization_id, Described.USER, labels)
        self.effects.make(Table.FIELD, (field.id for field in made))


def _keys(rows: Sequence[Row], name: str) -> set[str]:
    return {text.lower() for text in said(rows, name)}
