"""A small club to test on: people, stock, and the shortest way to a rental in any state."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from db.models import AccountLink, Base, ChatAccount, Equipment, Item, Organization, Rental, User
from db.states import Role
from services.core.actor import Actor
from services.core.hours.periods import Period
from services.core.text import search_text
from services.core.tx import Tx
from services.desk import checkout
from services.rentals import approval
from services.rentals.booking import baskets, request

OSLO = ZoneInfo("Europe/Oslo")


def organization(session: Session, now: datetime, name: str = "Fjellklubben", **policy: Any) -> Organization:
    row = Organization(name=name, timezone="Europe/Oslo", policy=policy, created_at=now)
    session.add(row)
    session.flush()
    return row


def member(
    session: Session,
    of: Organization,
    now: datetime,
    name: str,
    role: Role = Role.USER,
    account: int | None = None,
) -> Actor:
    """A user, with a chat account of their own."""
    first, _, last = name.partition(" ")
    user = User(organization_id=of.id, first_name=first, last_name=last, role=role, created_at=now)
    session.add(user)
    session.flush()
    account = account or 1000 + user.id
    if session.get(ChatAccount, account) is None:
        session.add(
            ChatAccount(
                id=account, first_name=first, telegram_language="en", organization_id=of.id, created_at=now
            )
        )
        session.flush()
    session.add(AccountLink(account_id=account, organization_id=of.id, user_id=user.id, created_at=now))
    session.flush()
    return Actor(of.id, user.id, account, user.name, role)


def account(session: Session, now: datetime, id_: int, organization_id: int, user_id: int) -> None:
    """Another chat account that leads to this user."""
    session.add(ChatAccount(id=id_, first_name="", organization_id=organization_id, created_at=now))
    session.flush()
    session.add(AccountLink(account_id=id_, organization_id=organization_id, user_id=user_id, created_at=now))
    session.flush()


def equipment(
    session: Session, of: Organization, now: datetime, name: str, *codes: str, **fields: Any
) -> Equipment:
    row = Equipment(organization_id=of.id, name=name, created_at=now, **fields)
    row.search_text = search_text(name, row.brand or "", row.model or "", row.type or "", ())
    session.add(row)
    session.flush()
    for code in codes:
        session.add(
            Item(
                organization_id=of.id,
                equipment_id=row.id,
                code=code,
                label_token=f"{of.id}-{code}",
                created_at=now,
            )
        )
    session.flush()
    return row


@dataclass
class Club:
    """One organisation with somebody in each role, and tents: T1, T2, T3; one stove: S1."""

    organization: Organization
    kari: Actor
    ola: Actor
    lars: Actor
    anna: Actor
    tent: Equipment
    stove: Equipment


def club(session: Session, now: datetime, name: str = "Fjellklubben", **policy: Any) -> Club:
    of = organization(session, now, name, **policy)
    return Club(
        organization=of,
        kari=member(session, of, now, "Kari Nordmann"),
        ola=member(session, of, now, "Ola Hansen"),
        lars=member(session, of, now, "Lars Lender", Role.LENDER),
        anna=member(session, of, now, "Anna Admin", Role.ADMIN),
        tent=equipment(session, of, now, "Tent", "T1", "T2", "T3"),
        stove=equipment(session, of, now, "Stove", "S1"),
    )


def days(now: datetime, first: int, last: int) -> Period:
    """From so many days ahead until so many, in whole days of 24 hours from now."""
    return Period(now + timedelta(days=first), now + timedelta(days=last))


def requested(
    session: Session, actor: Actor, now: datetime, period: Period, *lines: tuple[Equipment, int]
) -> Rental:
    draft = request.open_draft(Tx(session, now, actor))
    for kind, quantity in lines:
        baskets.put(Tx(session, now, actor), draft, kind.id, quantity)
    request.set_period(Tx(session, now), draft, period)
    return request.request(Tx(session, now, actor), draft.id)


def handed_out(
    session: Session, c: Club, now: datetime, period: Period, *lines: tuple[Equipment, int]
) -> Rental:
    """Kari's rental, approved by Anna and handed out by Lars."""
    rental = requested(session, c.kari, now, period, *lines)
    approval.approve(Tx(session, now, c.anna), rental.id)
    checkout.hand_out(Tx(session, now, c.lars), rental.id)
    return rental


Rows = list[tuple[Table, list[dict[str, Any]]]]
"""Of each table that has any, in an order in which they can be inserted."""


def rows_of(session: Session) -> Rows:
    """All rows of the database, those first that others of their table refer to; not what triggers write."""
    found = []
    for table in Base.metadata.sorted_tables:
        own = [column for column in table.c if "derived" not in column.info]
        rows = session.execute(select(*own).order_by(*table.primary_key)).mappings()
        if "derived" not in table.info:
            found.append((table, [dict(row) for row in rows]))
    return [(table, rows) for table, rows in found if rows]


def insert_rows(session: Session, rows: Rows) -> None:
    """Fill an empty database with them, numbers and all."""
    for table, some in rows:
        session.execute(insert(table), some)
    if session.get_bind().dialect.name == "postgresql":
        # What comes next gets the next number: SQLite sees to that by itself.
        for table, some in rows:
            if "id" in table.c:
                last = max(row["id"] for row in some)
                session.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))
