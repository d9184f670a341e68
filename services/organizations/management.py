"""Managing whole organizations: create another one, and change its details."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import AccountLink, ChatAccount, Organization, User
from db.states import Described, Role
from services.core import audit, custom_fields, identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.text import LONGEST_NAME, is_seen, same_letters
from services.core.tx import Tx
from services.members import accounts, invites, profile

LONGEST = {
    **{"number": 100, "phone": 40, "address": 500, "postal_code": 20, "city": 100},
    **{"other_id": 100, "comment": 1000},
}
"""Characters of an organization's details."""

DETAILS = (
    *("name", "number", "email", "phone", "address", "postal_code", "city", "other_id", "comment"),
    *("language", "timezone"),
)
"""The details of an organization that can be changed, in the order of its card."""

OPTIONAL = ("number", "email", "phone", "address", "postal_code", "city", "other_id", "comment")


def get(session: Session, organization_id: int) -> Organization | None:
    """Return an organization by its id; None where there is none."""
    return session.get(Organization, organization_id)


def require_leader(tx: Tx, account_id: int) -> Actor:
    """Return the person behind an account as a leader: of the organization acted in, else of another.

    Raises NOT_ALLOWED, and as `identity.resolve` does for an account that is a member nowhere.
    """
    known = [one for one in accounts.memberships(tx, account_id) if one.active]
    if not known:
        identity.resolve(tx, account_id=account_id).require(Role.LEADER)
    led = [one for one in known if one.role.covers(Role.LEADER)]
    if not led:
        raise Refusal(Refused.NOT_ALLOWED, needed=Role.LEADER)
    best = next((one for one in led if one.acts_here), led[0])
    return identity.resolve(tx, account_id=account_id, organization_id=best.organization_id)


def create_another(
    tx: Tx, *, name: str, timezone: str, language: str, details: Mapping[str, str | None] | None = None
) -> Organization:
    """Create a further organization; the actor leads it, and acts there from now on.

    `details`: its OPTIONAL ones. Raises NOT_ALLOWED, NAME_EMPTY, NAME_TAKEN, TOO_MUCH_TEXT,
    UNKNOWN_TIME_ZONE, and as `change` does.
    """
    tx.actor.require(Role.LEADER)
    organization = add(tx, name=name, timezone=timezone, language=language)
    for detail, value in (details or {}).items():
        setattr(organization, detail, _checked(tx.session, organization, detail, value))
    known = tx.session.get_one(User, tx.actor.user_id)
    leader = User(
        organization_id=organization.id,
        first_name=known.first_name,
        last_name=known.last_name,
        email=known.email,
        role=Role.LEADER,
        created_at=tx.now,
    )
    tx.session.add(leader)
    tx.session.flush()
    tx.session.add(
        AccountLink(
            account_id=tx.actor.account_id,
            organization_id=organization.id,
            user_id=leader.id,
            created_at=tx.now,
        )
    )
    tx.session.get_one(ChatAccount, tx.actor.account_id).organization_id = organization.id
    note(tx, organization, leader.id, "create")
    audit.note(
        tx, "join", "user", leader.id, organization_id=organization.id, user_id=leader.id, role=leader.role
    )
    return organization


def check_new_name(session: Session, name: str) -> None:
    """Raise NAME_EMPTY, NAME_TAKEN or TOO_MUCH_TEXT where no new organization can have that name."""
    checked_name(session, name)


def leader_of(tx: Tx, account_id: int, organization_id: int) -> Actor:
    """Return the person behind an account as a leader of this organization. Raises NOT_FOUND, NOT_ALLOWED."""
    try:
        actor = identity.resolve(tx, account_id=account_id, organization_id=organization_id)
    except Refusal as refusal:
        if refusal.code is Refused.NOT_A_MEMBER:
            raise Refusal(Refused.NOT_FOUND) from None
        raise
    actor.require(Role.LEADER)
    return actor


def change(tx: Tx, detail: str, value: str | None, *, seen: str | None) -> Organization:
    """Change one of DETAILS; None clears an optional one. A number belongs to one organization only.

    `seen`: the value that the person saw. Stored moments stay the same in another time zone. Raises
    NOT_ALLOWED, CHANGED_MEANWHILE, and refusals of the value.
    """
    tx.actor.require(Role.LEADER)
    if detail not in DETAILS:
        raise Refusal(Refused.NOT_FOUND)
    organization = locked(tx)
    before = getattr(organization, detail)
    after = _checked(tx.session, organization, detail, value)
    if before == after:
        return organization
    if before != seen:
        raise audit.changed_meanwhile(tx.session, organization.id, "organization", organization.id)
    try:
        with tx.session.begin_nested():
            setattr(organization, detail, after)
    except IntegrityError:
        if detail != "number":
            raise
        # Another organization took it at the same moment.
        raise Refusal(Refused.NUMBER_TAKEN) from None
    note(tx, organization, tx.actor.user_id, "change", **{detail: [before, after]})
    return organization


def _checked(session: Session, organization: Organization, detail: str, value: str | None) -> str | None:
    value = value.strip() if value is not None else None
    if detail in OPTIONAL and not value:
        return None
    if value is None:
        raise Refusal(Refused.NAME_EMPTY)
    match detail:
        case "name":
            return checked_name(session, value, of=organization.id)
        case "timezone":
            return checked_timezone(value)
        case "email":
            if not profile.is_email(value):
                raise Refusal(Refused.BAD_EMAIL)
            return value.lower()
        case "language":
            return value
    if len(value) > LONGEST[detail]:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST[detail])
    if detail == "number":
        value = " ".join(value.split())
        _require_new_number(session, organization, value)
    return value


def _require_new_number(session: Session, organization: Organization, number: str) -> None:
    """Raise NUMBER_TAKEN where another organization, which is not named, has this number."""
    same = same_letters(Organization.number, {number})
    others = select(Organization.id).where(same, Organization.id != organization.id)
    if session.scalar(others.limit(1)) is not None:
        raise Refusal(Refused.NUMBER_TAKEN)


def change_own(tx: Tx, label: str, text: str, *, seen: str) -> Organization:
    """Set a field that the organization added about itself; an empty text clears it.

    `seen`: the value that the person saw. Raises NOT_ALLOWED, FIELD_UNKNOWN, TOO_MUCH_TEXT,
    CHANGED_MEANWHILE.
    """
    tx.actor.require(Role.LEADER)
    organization = locked(tx)
    field = custom_fields.labeled(tx.session, tx.organization_id, Described.ORGANIZATION, label)
    before, custom = organization.custom, custom_fields.changed(organization.custom, field.label, text)
    if custom == before:
        return organization
    if str(before.get(field.label, "")) != seen:
        raise audit.changed_meanwhile(tx.session, organization.id, "organization", organization.id)
    organization.custom = custom
    tx.session.flush()
    values = [before.get(field.label), custom.get(field.label)]
    note(tx, organization, tx.actor.user_id, "change", own=field.label, value=values)
    return organization


def own_fields(tx: Tx) -> dict[str, str]:
    """Return the fields that the organization added about itself as `field:7`, with their labels."""
    found = custom_fields.of(tx.session, tx.organization_id, Described.ORGANIZATION)
    return {f"field:{one.id}": one.label for one in found}


def locked(tx: Tx) -> Organization:
    """Return the organization, locked against changes until the end of the transaction. Raises CLOSED."""
    organization = tx.organization
    # Weak enough for those who only add rows of this organization: see `identity.require_open`.
    tx.session.refresh(organization, with_for_update={"key_share": True})
    identity.require_open(tx.session, organization.id)
    return organization


def note(tx: Tx, organization: Organization, user_id: int | None, action: str, **details: object) -> None:
    audit.note(
        tx,
        action,
        "organization",
        organization.id,
        organization_id=organization.id,
        user_id=user_id,
        **details,
    )


@dataclass(frozen=True)
class Listed:
    name: str
    timezone: str
    language: str
    members: int
    closed_at: datetime | None


def listed(tx: Tx) -> list[Listed]:
    """Return every organization by name, with the number of its active members."""
    members: dict[int, int] = {}
    for user in tx.session.scalars(select(User)):
        members[user.organization_id] = members.get(user.organization_id, 0) + user.is_active(tx.now)
    return [
        Listed(o.name, o.timezone, o.language, members.get(o.id, 0), o.closed_at)
        for o in tx.session.scalars(select(Organization).order_by(func.lower(Organization.name)))
    ]


def create(
    tx: Tx, *, name: str, timezone: str, leader_first: str, leader_last: str = "", language: str = "en"
) -> str:
    """Create an organization; return the token of the invite for its first LEADER.

    Raises NAME_EMPTY, NAME_TAKEN, TOO_MUCH_TEXT, UNKNOWN_TIME_ZONE.
    """
    if not leader_first.strip():
        raise Refusal(Refused.NAME_EMPTY)
    organization = add(tx, name=name, timezone=timezone, language=language)
    audit.note(tx, "create", "organization", organization.id, organization_id=organization.id, user_id=None)
    return invites.new(
        tx.of(organization.id),
        role=Role.LEADER,
        first_name=leader_first.strip(),
        last_name=leader_last.strip(),
    )


def add(tx: Tx, *, name: str, timezone: str, language: str) -> Organization:
    """Add the bare row. Raises NAME_EMPTY, NAME_TAKEN, TOO_MUCH_TEXT, UNKNOWN_TIME_ZONE."""
    organization = Organization(
        name=checked_name(tx.session, name),
        timezone=checked_timezone(timezone),
        language=language,
        created_at=tx.now,
    )
    tx.session.add(organization)
    tx.session.flush()
    return organization


def checked_name(session: Session, name: str, *, of: int | None = None) -> str:
    """Return the name in single blanks, if no organization but `of` has it, in any case.

    Raises NAME_EMPTY, NAME_TAKEN, TOO_MUCH_TEXT.
    """
    name = " ".join(name.split())
    if not is_seen(name):
        raise Refusal(Refused.NAME_EMPTY)
    if len(name) > LONGEST_NAME:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NAME)
    others = session.execute(select(Organization.id, Organization.name))
    if any(row.id != of and row.name.casefold() == name.casefold() for row in others):
        raise Refusal(Refused.NAME_TAKEN)
    return name


def checked_timezone(timezone: str) -> str:
    if timezone not in available_timezones():
        raise Refusal(Refused.UNKNOWN_TIME_ZONE)
    return timezone


def memberships(tx: Tx) -> list[tuple[Organization, Role]]:
    """Return the open organizations in which the actor's accounts lead to an active member, by name.

    Without an account, it is the actor's own organization.
    """
    mine = select(AccountLink.account_id).where(AccountLink.user_id == tx.actor.user_id)
    rows = tx.session.execute(
        select(Organization, User)
        .join(User, User.organization_id == Organization.id)
        .join(AccountLink, AccountLink.user_id == User.id)
        .where(AccountLink.account_id.in_(mine), Organization.closed_at.is_(None))
        .order_by(func.lower(Organization.name), Organization.id)
    )
    found = {row.id: (row, user.role) for row, user in rows if user.is_active(tx.now)}
    return list((found | {tx.organization_id: (tx.organization, tx.actor.role)}).values())


def membership(tx: Tx, organization_id: int) -> tuple[Organization, Role]:
    """Return one of these organizations, with the role there. Raises NOT_FOUND for any other."""
    for row, role in memberships(tx):
        if row.id == organization_id:
            return row, role
    raise Refusal(Refused.NOT_FOUND)
