"""Reading the audit: all entries, or those about one person or thing, the newest first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_, union_all
from sqlalchemy.orm import Session

from db.models import (
    AuditEntry,
    Block,
    Claim,
    CustomField,
    Equipment,
    Invite,
    Item,
    JoinRequest,
    Kit,
    Location,
    Organization,
    Rental,
    RentalLine,
    Tag,
    User,
)
from db.models.base import Base
from db.states import Role
from services.access import member_search, tokens
from services.core import audit
from services.core.actor import Actor
from services.core.audit import BY_TOKEN, CALLED
from services.core.text import fold
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.search.parts import containing

PERSON, ITEM, EQUIPMENT, RENTAL = "person", "item", "equipment", "rental"
PER_PAGE = 10
MOST_FOUND = 8
_MOST_WORDS = 8


@dataclass(frozen=True)
class About:
    """The subject of entries: a person (by them, about them or their rentals), or a thing and its parts."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True)
class Line:
    """One entry with the names of what it refers to: of things as they were called then, of people now.

    `token`: the name of the API token with which they acted, "" for their password, None in the chat.
    `by`: None for the bot or the operator; "" for an erased member. `what`: the subject's name, for a rental
    its member's; "" where it has none. `number`: a rental's. `codes`: of the items in the details.
    `own`: by the person whom the subject belongs to, or is.
    """

    at: datetime
    by: str | None
    action: str
    subject: str
    subject_id: int
    what: str
    details: dict[str, Any]
    codes: dict[int, str]
    own: bool
    token: str | None = None
    number: int | None = None


def require_reader(actor: Actor) -> None:
    """Raise NOT_ALLOWED, MEMBERSHIP_ENDED."""
    actor.require(Role.LEADER)


def page(
    tx: Tx, *, about: About | None = None, before: int | None = None, limit: int = PER_PAGE
) -> tuple[list[Line], int | None]:
    """Return the newest entries, or those before this one; and the entry before which there are more."""
    if about is None:
        query = select(AuditEntry).where(AuditEntry.organization_id == tx.organization_id)
    else:
        # These are its own: asked for the organization again, SQLite would read all of it by time.
        query = select(AuditEntry).where(AuditEntry.id.in_(_ids(tx.organization_id, about)))
    if before is not None:
        border = select(AuditEntry.at, AuditEntry.id).where(
            AuditEntry.id == before, AuditEntry.organization_id == tx.organization_id
        )
        at = tx.session.execute(border).one_or_none()
        if at is not None:
            query = query.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(at.at, at.id))
    query = query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit + 1)
    found = tx.session.scalars(query).all()
    shown = found[:limit]
    return lines(tx.session, shown), shown[-1].id if len(found) > limit else None


def _ids(organization_id: int, about: About) -> Select[int]:
    """Select the entries about a thing: each part uses its own index, however the database handles OR."""

    def of(subject: str, ids: Any) -> Select[int]:
        return select(AuditEntry.id).where(
            AuditEntry.organization_id == organization_id,
            AuditEntry.subject == subject,
            AuditEntry.subject_id.in_(ids),
        )

    match about.kind:
        case "person":
            by = select(AuditEntry.id).where(
                AuditEntry.organization_id == organization_id, AuditEntry.user_id == about.id
            )
            rentals = select(Rental.id).where(Rental.user_id == about.id)
            parts = [by, of("user", [about.id]), of("rental", rentals)]
        case "item":
            mine = Claim.item_id == about.id
            parts = [of("item", [about.id]), *_of_claims(of, mine)]
        case "equipment":
            items = select(Item.id).where(Item.equipment_id == about.id)
            rentals = select(RentalLine.rental_id).where(RentalLine.equipment_id == about.id)
            mine = Claim.item_id.in_(items)
            parts = [of("equipment", [about.id]), of("item", items), of("rental", rentals)]
            parts += _of_claims(of, mine)
        case _:
            parts = [of("rental", [about.id])]
    return select(union_all(*parts).subquery().c.id)


def _of_claims(of: Any, mine: ColumnElement[bool]) -> list[Select[int]]:
    rentals = select(Claim.rental_id).where(mine, Claim.rental_id.is_not(None))
    blocks = select(Claim.block_id).where(mine, Claim.block_id.is_not(None))
    return [of("rental", rentals), of("block", blocks)]


# Search


def find(tx: Tx, words: str) -> list[About]:
    """Return the subjects that the words may mean, at most MOST_FOUND: a rental's number, an item's code,
    equipment, a person.
    """
    words = " ".join(words.split())[:100]
    folded = fold(words).split()[:_MOST_WORDS]
    if not folded:
        return []
    found = [*_rental(tx, words), *_item(tx, words)]
    exact = func.lower(Equipment.name) == words.lower()
    rows = tx.session.execute(
        select(Equipment.id, Equipment.name)
        .where(containing(tx.organization_id, folded))
        .order_by(exact.desc(), func.lower(Equipment.name), Equipment.id)
        .limit(MOST_FOUND)
    )
    things = [About(EQUIPMENT, i, name) for i, name in rows]
    people = _people(tx, words)
    # Neither crowds out the other.
    half = MOST_FOUND // 2
    found += people[: max(half, MOST_FOUND - len(things))] + things[: max(half, MOST_FOUND - len(people))]
    same = [one for one in found if fold(one.name) == fold(words)]
    return same if len(same) == 1 else found[:MOST_FOUND]


def _rental(tx: Tx, words: str) -> list[About]:
    number = words.lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return []
    query = select(Rental.id).filter_by(organization_id=tx.organization_id, number=int(number))
    return [About(RENTAL, rental_id, str(int(number))) for rental_id in tx.session.scalars(query)]


def _item(tx: Tx, words: str) -> list[About]:
    item = catalog.item_by_code(tx, words)
    return [About(ITEM, item.id, item.code)] if item is not None else []


def _people(tx: Tx, words: str) -> list[About]:
    shown = member_search.ids(tx, words, limit=MOST_FOUND)
    known = {user.id: user.name for user in tx.session.scalars(select(User).where(User.id.in_(shown)))}
    return [About(PERSON, i, known[i]) for i in shown]


def about(tx: Tx, kind: str, id_: int) -> About | None:
    """Return the subject of this kind and id in the organization; else None."""
    tables: dict[str, Any] = {PERSON: User, ITEM: Item, EQUIPMENT: Equipment, RENTAL: Rental}
    row = tx.session.get(tables[kind], id_) if kind in tables else None
    if row is None or row.organization_id != tx.organization_id:
        return None
    match row:
        case Item():
            name = row.code
        case Rental():
            name = str(row.number or "–")
        case _:
            name = row.name
    return About(kind, id_, name)


# Names


def lines(session: Session, entries: Sequence[AuditEntry]) -> list[Line]:
    """Return entries with names, in a query for each kind of thing, however many entries there are."""
    owners, numbers_ = _owners(session, entries)
    users = _users(session, [e.user_id for e in entries] + list(owners.values()))
    called = _called(session, entries, owners, users)
    then = _then(session, entries)
    items = {i for e in entries for i in _items(e.details)}
    rows = session.execute(select(Item.id, Item.code).where(Item.id.in_(items)))
    codes = {i: str(code) for i, code in rows}
    used = [e.details[BY_TOKEN] for e in entries if BY_TOKEN in e.details]
    named = tokens.names(session, used) if used else {}
    return [
        Line(
            at=e.at,
            by=users.get(e.user_id, "") if e.user_id is not None else None,
            action=e.action,
            subject=e.subject,
            subject_id=e.subject_id,
            what=then.get(e.id) or called.get((e.subject, e.subject_id), ""),
            details=e.details,
            codes={i: codes.get(i, "?") for i in _items(e.details)},
            own=e.user_id is not None and owners.get((e.subject, e.subject_id)) == e.user_id,
            token=named.get(e.details[BY_TOKEN], "") if BY_TOKEN in e.details else None,
            number=numbers_.get(e.subject_id) if e.subject == RENTAL else None,
        )
        for e in entries
    ]


def _items(details: dict[str, Any]) -> list[int]:
    """Return the items of an entry; those that changed places are pairs, of which the second counts.

    The undoing of an import has only their number.
    """
    found = details.get("items")
    if not isinstance(found, list):
        return []
    return [one[-1] if isinstance(one, list) else one for one in found]


Subject = tuple[str, int]


def _by(entries: Iterable[AuditEntry], subject: str) -> set[int]:
    return {e.subject_id for e in entries if e.subject == subject}


def _owners(
    session: Session, entries: Sequence[AuditEntry]
) -> tuple[dict[Subject, int], dict[int, int | None]]:
    """Return whose each subject is, or who it is, and the numbers of the rentals."""
    query = select(Rental.id, Rental.user_id, Rental.number).where(Rental.id.in_(_by(entries, RENTAL)))
    rentals = session.execute(query).all()
    owners = {(RENTAL, i): user for i, user, _ in rentals} | {("user", i): i for i in _by(entries, "user")}
    return owners, {i: number for i, _, number in rentals}


def _users(session: Session, ids: Collection[int | None]) -> dict[int, str]:
    """Return names by user; "" for erased members."""
    rows = session.scalars(select(User).where(User.id.in_({i for i in ids if i is not None})))
    return {
        user.id: "" if user.forgotten_at is not None else user.name_for_others(admins=True) for user in rows
    }


_NAMED: dict[str, tuple[type[Base], Any]] = {
    "equipment": (Equipment, Equipment.name),
    "kit": (Kit, Kit.name),
    "location": (Location, Location.name),
    "tag": (Tag, Tag.name),
    "field": (CustomField, CustomField.label),
    "organization": (Organization, Organization.name),
    "join_request": (JoinRequest, JoinRequest.first_name + " " + JoinRequest.last_name),
    "invite": (Invite, Invite.role),
}


def _then(session: Session, entries: Sequence[AuditEntry]) -> dict[int, str]:
    """Return the names, by entry, of what is called otherwise now: it was renamed, or merged, since."""
    found = {e.id: str(e.details[CALLED]) for e in entries if CALLED in e.details}
    named = [e for e in entries if e.subject in audit.NAMES and e.id not in found]
    if not named:
        return found
    later = (
        select(AuditEntry)
        .where(
            AuditEntry.organization_id.in_({e.organization_id for e in named}),
            AuditEntry.subject.in_({e.subject for e in named}),
            AuditEntry.subject_id.in_({e.subject_id for e in named}),
            AuditEntry.action.in_(audit.RENAMES),
            AuditEntry.id >= min(e.id for e in named),
        )
        .order_by(AuditEntry.id.desc())
    )
    renames = [(one, name) for one in session.scalars(later) if (name := audit.old_name(one)) is not None]
    for one, name in renames:
        if CALLED not in one.details:
            same = (e for e in named if (e.subject, e.subject_id) == (one.subject, one.subject_id))
            # The newest first: the last to be set is the first time that it was renamed after the entry.
            found |= {e.id: name for e in same if e.id <= one.id}
    return found


def _called(
    session: Session, entries: Sequence[AuditEntry], owners: dict[Subject, int], users: dict[int, str]
) -> dict[Subject, str]:
    found = {subject: users.get(user, "") for subject, user in owners.items()}
    for subject, (table, name) in _NAMED.items():
        ids = _by(entries, subject)
        if ids:
            key = table.__table__.c.id
            rows = session.execute(select(key, name).where(key.in_(ids)))
            found |= {(subject, i): str(text).strip() for i, text in rows}
    items = _by(entries, "item")
    if items:
        rows = session.execute(
            select(Item.id, Item.code, Equipment.name)
            .join(Equipment, Equipment.id == Item.equipment_id)
            .where(Item.id.in_(items))
        )
        found |= {("item", i): f"{code} ({name})" for i, code, name in rows}
    blocks = _by(entries, "block")
    if blocks:
        rows = session.execute(
            select(Claim.block_id, Item.code)
            .join(Item, Item.id == Claim.item_id)
            .join(Block, Block.id == Claim.block_id)
            .where(Claim.block_id.in_(blocks))
            .order_by(Item.code)
        )
        for block, code in rows:
            before = found.get(("block", block))
            found["block", block] = f"{before}, {code}" if before else code
    return found
