"""A database that holds each transaction's changes against what it wrote into the audit."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from db.models import (
    AccountLink,
    ApiRequest,
    ApiToken,
    AuditEntry,
    Base,
    Block,
    CalendarFeed,
    Card,
    ChatAccount,
    Claim,
    ClosedDays,
    Conversation,
    CustomField,
    DamageNote,
    Equipment,
    EquipmentPart,
    EquipmentTag,
    Extension,
    FormerLink,
    HandOver,
    ImportEffect,
    ImportJob,
    ImportRun,
    InboxUpdate,
    Invite,
    Item,
    ItemCode,
    JoinRequest,
    KeptFigures,
    Kit,
    KitPart,
    LabelPrint,
    Leftover,
    ListChoices,
    Location,
    LoginFailure,
    LoginLink,
    MutedChat,
    OpeningHours,
    Organization,
    OutboxMessage,
    Password,
    Photo,
    Rental,
    RentalLine,
    RentalNumbers,
    Return,
    SearchMiss,
    Tag,
    User,
)
from db.session import Database

T = TypeVar("T")
Row = Mapping[str, Any]
Rows = dict[type[Base], dict[int, Row]]
Subject = tuple[str, int]


ANY = 0
"""In place of a number: whichever it is."""


def _of_claim(row: Row, rows: Rows) -> set[Subject]:
    if row["rental_id"] is not None:
        return {("rental", row["rental_id"])}
    return {("block", row["block_id"])}


def _of_hand_over(row: Row, rows: Rows) -> set[Subject]:
    claims = [rows[Claim].get(row[name], {}) for name in ("claim_id", "to_claim_id")]
    return {("rental", claim["rental_id"]) for claim in claims if claim}


def _of_invite(row: Row, rows: Rows) -> set[Subject]:
    """That a link of one's own is void, a later one says, or whatever ends the membership."""
    later = {("invite", ANY)} if row["user_id"] is not None else set()
    return {("invite", row["id"]), ("user", ANY), ("organization", ANY), *later}


def _itself(subject: str, *others: Subject) -> Callable[[Row, Rows], set[Subject]]:
    return lambda row, rows: {(subject, row["id"]), *others}


TOLD_BY: dict[type[Base], Callable[[Row, Rows], set[Subject]]] = {
    ApiToken: lambda row, rows: {("user", row["user_id"])},
    Password: lambda row, rows: {("user", row["user_id"])},
    AccountLink: lambda row, rows: {("user", row["user_id"])},
    Block: _itself("block"),
    CalendarFeed: lambda row, rows: {("user", row["user_id"])},
    Claim: _of_claim,
    ClosedDays: _itself("closed_days"),
    CustomField: _itself("field", ("equipment", ANY), ("item", ANY), ("user", ANY)),
    DamageNote: lambda row, rows: {("item", row["item_id"])},
    Equipment: _itself("equipment"),
    EquipmentTag: lambda row, rows: {("equipment", row["equipment_id"])},
    Extension: lambda row, rows: {("rental", row["rental_id"])},
    FormerLink: lambda row, rows: {("user", row["user_id"])},
    HandOver: _of_hand_over,
    Invite: _of_invite,
    Item: _itself("item", ("rental", ANY)),
    ItemCode: lambda row, rows: {("item", row["item_id"])},
    JoinRequest: _itself("join_request", ("user", ANY)),
    Kit: _itself("kit"),
    KitPart: lambda row, rows: {("kit", row["kit_id"])},
    LabelPrint: lambda row, rows: {("organization", row["organization_id"])},
    Location: _itself("location"),
    OpeningHours: lambda row, rows: {("organization", row["organization_id"])},
    Organization: _itself("organization"),
    Photo: lambda row, rows: {("equipment", ANY), ("item", ANY), ("rental", ANY)},
    Rental: _itself("rental"),
    RentalLine: lambda row, rows: {("rental", row["rental_id"])},
    Return: lambda row, rows: {("rental", row["rental_id"])},
    Tag: _itself("tag"),
    User: _itself("user"),
}
"""Which entries may tell of a change to a row of each table."""

NOT_BUSINESS: set[type[Base]] = {
    *(
        ApiRequest,
        Card,
        ChatAccount,
        Conversation,
        EquipmentPart,
        ImportEffect,
        ImportJob,
        ImportRun,
        InboxUpdate,
        Leftover,
        ListChoices,
    ),
    *(KeptFigures, LoginFailure, LoginLink, MutedChat, OutboxMessage, RentalNumbers, SearchMiss),
}
"""Tables of people met, updates and requests in, messages out, links, searches, parts of words, numbers,
figures, and conversations."""

_UNTOLD: dict[type[Base], set[str]] = {
    ApiToken: {"used_at"},  # when, to the hour
    Photo: {"telegram_file_id"},  # Telegram's name for it, learned when it is sent
    Organization: {"group_title"},  # the group's own business
    Equipment: {"search_text", "lendable"},  # follow from the rest
    Claim: {"condition_before"},  # what a return can still take back: less, when others speak of the item
}
"""Columns whose change is nobody's doing."""

_CASCADED = {EquipmentTag, KitPart}
"""Tables whose rows go with those of another one, without a statement of their own."""

_WORDS = {"purpose", "comment", "custom", "reason", "request_key"}
"""A member's own words with a rental: they go when the member is forgotten, which is noted of the member."""

WHOLE = ("merge", "undo_import")
"""Noted as a whole: what referred to one of two refers to the other, or all that a file brought goes."""

_IMPORTS = ("import", "import_members")
"""Noted as a whole, when they begin; what they bring comes in many transactions."""


def picture(
    session: Session, before: Rows | None = None, written: Sequence[tuple[str, Any]] | None = None
) -> Rows:
    """Every row of the tables, by its number; by a made one where it has none.

    `before`: a picture since when nothing but `written` was written.
    """
    session.flush()
    found: Rows = dict(before or {})
    touched = {word for statement, _ in written or () for word in statement.split(maxsplit=3)[1:3]}
    for table in TOLD_BY:
        if before is not None and table.__tablename__ not in touched and table not in _CASCADED:
            continue
        rows = [dict(row._mapping) for row in session.execute(select(table.__table__))]
        found[table] = {row.get("id") or hash(tuple(row.values())): row for row in rows}
    return found


@contextmanager
def writes(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is written into these tables, statement and parameters: far cheaper than two pictures."""
    written: list[tuple[str, Any]] = []
    names = {table.__tablename__ for table in TOLD_BY}

    def look(*call: Any) -> None:
        verb, *rest = call[2].split(maxsplit=3)
        if verb in ("INSERT", "UPDATE", "DELETE") and names & set(rest[:2]):
            written.append((call[2], call[3]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", look)
    try:
        yield written
        session.flush()
    finally:
        event.remove(connection, "before_cursor_execute", look)


class Audited(Database):
    """`problems` says of each transaction what changed and was not noted, or noted and did not change."""

    def __init__(self, url: str) -> None:
        super().__init__(url, durable=False)
        self._known: Rows | None = None
        self.problems: list[str] = []
        self.noted: Counter[tuple[str, str]] = Counter()

    def _transaction(self, work: Callable[[Session], T]) -> T:
        return super()._transaction(lambda session: self._watched(session, work))

    def _watched(self, session: Session, work: Callable[[Session], T]) -> T:
        # Nobody else writes: how it was left is how it is.
        before, importing = self._known or picture(session), _is_importing(session)
        self._known = None
        last = session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)) or 0
        with writes(session) as written:
            result = work(session)
        after = picture(session, before, written)
        new = session.scalars(select(AuditEntry).where(AuditEntry.id > last)).all()
        self.noted.update((entry.subject, entry.action) for entry in new)
        if not importing and not _is_importing(session):
            self.problems += compare(before, after, new)
        self._known = after
        return result


def _is_importing(session: Session) -> bool:
    """Tell if a file is just being brought in."""
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action.in_(_IMPORTS)))
    return any(entry.details.get("done") is False for entry in entries)


def compare(before: Rows, after: Rows, new: Any) -> list[str]:
    """List the mismatches between the changes of one transaction and its new entries."""
    problems = []
    noted = Counter((entry.subject, entry.subject_id, entry.action) for entry in new)
    problems += [f"noted {n} times in one transaction: {key}" for key, n in noted.items() if n > 1]
    if any(entry.action in WHOLE for entry in new):
        return problems
    subjects = {(entry.subject, entry.subject_id) for entry in new}
    kinds = {subject for subject, _ in subjects}
    changed = False
    for table, tells in TOLD_BY.items():
        for number in before[table].keys() | after[table].keys():
            old, row = before[table].get(number), after[table].get(number)
            columns = _columns(table, old, row)
            if not columns or _is_basket(table, old, row, before, after):
                continue
            changed = True
            # A row that went may tell only by what it was.
            kept = row if row is not None else old
            assert kept is not None
            expected = tells(kept, after) | (tells(old, before) if old is not None else set())
            if table is Rental and columns <= _WORDS:
                expected |= {("user", kept["user_id"])}
            if not any(s in subjects or (s[1] == ANY and s[0] in kinds) for s in expected):
                what = "is new" if old is None else "went" if row is None else f"changed {sorted(columns)}"
                problems.append(
                    f"{table.__tablename__} {kept.get('id', '')} {what}, and no entry in the same "
                    f"transaction tells of it: expected one about {sorted(expected)}, found {sorted(noted)}"
                )
    if new and not changed:
        problems.append(f"noted, but nothing has changed: {sorted(noted)}")
    return problems


def _columns(table: type[Base], old: Row | None, row: Row | None) -> set[str]:
    """Name the columns that differ."""
    if old is None or row is None:
        return {"id"}
    return {name for name in row if old[name] != row[name]} - _UNTOLD.get(table, set())


def _is_basket(table: type[Base], old: Row | None, row: Row | None, before: Rows, after: Rows) -> bool:
    """Tell whether this is a basket that is not sent yet: the member's own affair, with no entry."""
    if table is RentalLine:
        rentals = [
            rows[Rental].get(line["rental_id"])
            for line, rows in ((old, before), (row, after))
            if line is not None
        ]
    elif table is Rental:
        rentals = [old, row]
    else:
        return False
    return all(rental is None or rental["requested_at"] is None for rental in rentals)
