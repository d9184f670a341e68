"""Everything that is stored about one member, for the member: plain values, ready for a file."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from db.models import (
    AccountLink,
    ApiToken,
    AuditEntry,
    CalendarFeed,
    ChatAccount,
    Claim,
    DamageNote,
    Equipment,
    Extension,
    FormerLink,
    InboxUpdate,
    Item,
    JoinRequest,
    Organization,
    OutboxMessage,
    Rental,
    RentalLine,
    User,
)
from services.messaging import inbox

_CHUNK = 500


def everything(session: Session, user: User) -> dict[str, Any]:
    """Return it by subject: the profile, accounts, rentals, and the history of the member.

    Other people appear only by their ids, where they did something about this member.
    """
    links = session.scalars(select(AccountLink).filter_by(user_id=user.id).order_by(AccountLink.id)).all()
    gone = session.scalars(select(FormerLink).filter_by(user_id=user.id).order_by(FormerLink.id)).all()
    accounts = [*(link.account_id for link in links), *(link.account_id for link in gone)]
    found: dict[str, Any] = _plain(
        {
            "organization": session.get_one(Organization, user.organization_id).name,
            "profile": _row(user),
            "accounts": [
                {**_row(session.get_one(ChatAccount, link.account_id)), "linked_at": link.created_at}
                for link in links
            ]
            + [
                {**_row(session.get_one(ChatAccount, link.account_id)), "left_at": link.left_at}
                for link in gone
            ],
            "tokens": _tokens(session, user.id),
            "join_requests": _rows(
                session.scalars(
                    select(JoinRequest)
                    .where(
                        JoinRequest.account_id.in_(accounts),
                        JoinRequest.organization_id == user.organization_id,
                    )
                    .order_by(JoinRequest.id)
                )
            ),
            "calendars": [
                {"shows": feed.scope, "since": feed.created_at}
                for feed in session.scalars(
                    select(CalendarFeed).filter_by(user_id=user.id).order_by(CalendarFeed.id)
                )
            ],
            "rentals": _rentals(session, user.id),
            "problems_told": _rows(
                session.scalars(select(DamageNote).filter_by(reported_by=user.id).order_by(DamageNote.id))
            ),
            "history": _history(session, user),
            "messages_from_you": [
                {"received_at": row.received_at, "update": inbox.content(row.payload) or row.payload}
                for row in session.scalars(
                    select(InboxUpdate).where(InboxUpdate.chat_key.in_(accounts)).order_by(InboxUpdate.id)
                )
            ],
            "messages_to_you": [
                {"at": row.created_at, "kind": row.kind, "about": _without_link(row.params)}
                for row in session.scalars(
                    select(OutboxMessage)
                    .where(
                        OutboxMessage.chat_id.in_(accounts),
                        or_(
                            OutboxMessage.organization_id == user.organization_id,
                            OutboxMessage.organization_id.is_(None),
                        ),
                    )
                    .order_by(OutboxMessage.id)
                )
            ],
        }
    )
    return found


def _history(session: Session, user: User) -> list[dict[str, Any]]:
    """Return audit entries by and about the member, without the details of changes to other people."""
    entries = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.organization_id == user.organization_id,
            or_(
                AuditEntry.user_id == user.id,
                (AuditEntry.subject == "user") & (AuditEntry.subject_id == user.id),
            ),
        )
        .order_by(AuditEntry.id)
    )
    shown = []
    for entry in entries:
        row = _row(entry)
        if entry.subject in ("user", "join_request") and entry.subject_id != user.id:
            row.pop("details", None)
        shown.append(row)
    return shown


def _rentals(session: Session, user_id: int) -> list[dict[str, Any]]:
    """Return their rentals, each with its lines, items and extensions."""
    found = session.scalars(select(Rental).filter_by(user_id=user_id).order_by(Rental.id)).all()
    parts: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for start in range(0, len(found), _CHUNK):
        ids = [rental.id for rental in found[start : start + _CHUNK]]
        lines = session.execute(
            select(RentalLine.rental_id, Equipment.name, RentalLine.quantity)
            .join(Equipment, Equipment.id == RentalLine.equipment_id)
            .where(RentalLine.rental_id.in_(ids))
            .order_by(RentalLine.id)
        )
        for rental_id, name, quantity in lines:
            parts[rental_id]["lines"].append({"name": name, "quantity": quantity})
        claims = session.execute(
            select(Claim, Item.code)
            .join(Item, Item.id == Claim.item_id)
            .where(Claim.rental_id.in_(ids))
            .order_by(Claim.id)
        )
        for claim, code in claims:
            parts[claim.rental_id or 0]["things"].append({"code": code, **_row(claim)})
        asked = session.scalars(select(Extension).where(Extension.rental_id.in_(ids)).order_by(Extension.id))
        for extension in asked:
            parts[extension.rental_id]["more_time_asked_for"].append(_row(extension))
    return [{**_row(rental), **parts[rental.id]} for rental in found]


def _tokens(session: Session, user_id: int) -> list[dict[str, Any]]:
    """Return their tokens and logins of programs, without what proves them."""
    rows = _rows(session.scalars(select(ApiToken).filter_by(user_id=user_id).order_by(ApiToken.id)))
    return [{name: value for name, value in row.items() if name != "token_hash"} for row in rows]


def _without_link(params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a message without a secret link in it, which goes once it is sent."""
    return {key: value for key, value in params.items() if key != "link"}


def _rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: Any) -> dict[str, Any]:
    """Return a row's columns, without the empty ones."""
    table: Table = row.__table__
    values = {column.name: getattr(row, column.key) for column in table.columns}
    return {name: value for name, value in values.items() if value not in (None, "", {}, [])}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, moments in ISO format, in UTC."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value
