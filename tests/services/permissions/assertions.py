"""Assertions that the tests of rules make again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Item, Organization, OutboxMessage, Rental, User
from db.states import ClaimStatus, Condition
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.rentals import reminders

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@contextmanager
def refuses(session: Session, why: Refused, **data: Any) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Expect a refusal with this code and at least this data inside, and roll back its traces."""
    with pytest.raises(Refusal) as caught, session.begin_nested():
        yield caught
    assert (caught.value.code, caught.value.data) == (why, caught.value.data | data)


def claims(session: Session, rental: Rental) -> list[Claim]:
    return list(session.scalars(select(Claim).filter_by(rental_id=rental.id).order_by(Claim.id)))


def statuses(session: Session, rental: Rental) -> list[ClaimStatus]:
    return [claim.status for claim in claims(session, rental)]


def codes(session: Session, rental: Rental, *wanted: ClaimStatus) -> list[str]:
    """The codes of the rental's items, of claims in these statuses if any are named."""
    query = select(Item.code).join(Claim, Claim.item_id == Item.id).where(Claim.rental_id == rental.id)
    if wanted:
        query = query.where(Claim.status.in_(wanted))
    return sorted(session.scalars(query))


def item(session: Session, code: str) -> Item:
    return session.scalars(select(Item).filter_by(code=code)).one()


def set_condition(session: Session, code: str, condition: Condition) -> None:
    item(session, code).condition = condition
    session.flush()


def set_policy(session: Session, organization: Organization, **policy: Any) -> None:
    organization.policy = {**organization.policy, **policy}
    session.flush()


def end_membership(session: Session, actor: Actor, at: datetime) -> Actor:
    """The same person as `people.identify` would find them afterwards."""
    session.get_one(User, actor.user_id).active_until = at
    session.flush()
    return Actor(actor.organization_id, actor.user_id, actor.account_id, actor.name, actor.role, active=False)


def said(session: Session, kind: str) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).filter_by(kind=kind).order_by(OutboxMessage.id)))


def still_holds(tx: Tx, row: OutboxMessage) -> reminders.Held | None:
    """Look at one reminder as its card does at all that it shows."""
    found = reminders.reminded(tx, OutboxMessage.id == row.id)
    return reminders.still_holds(tx, found[0]) if found else None
