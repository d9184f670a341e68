"""Leaving an organization: what prevents it, what ends with it, and what stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from db.models import (
    AccountLink,
    Conversation,
    Equipment,
    Item,
    JoinRequest,
    Organization,
    OutboxMessage,
    Rental,
    User,
)
from db.models import Claim as Piece
from db.states import ClaimStatus, JoinStatus, OutboxStatus, RentalStatus
from services.access import tokens
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import accounts, editing, invites
from services.members.departure import farewell, former_members
from services.messaging import conversations, outbox
from services.rentals import approval
from services.rentals.booking import request

_OPEN = (RentalStatus.REQUESTED, RentalStatus.APPROVED)


@dataclass(frozen=True)
class Held:
    """An item that is out to somebody, with its rental."""

    rental_id: int
    code: str
    name: str
    number: int | None


def items_out(session: Session, user_id: int) -> list[Held]:
    """Return the items that are out to them, the next due first."""
    rows = session.execute(
        select(Rental.id, Item.code, Equipment.name, Rental.number)
        .join(Piece, Piece.rental_id == Rental.id)
        .join(Item, Item.id == Piece.item_id)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(Rental.user_id == user_id, Piece.status == ClaimStatus.OUT)
        .order_by(Rental.due_at.nulls_last(), Rental.id, Item.code)
    )
    return [Held(*row) for row in rows]


def open_rentals(session: Session, user_id: int) -> Sequence[int]:
    """Return their rentals that are not out yet: leaving cancels these."""
    query = select(Rental.id).where(Rental.user_id == user_id, Rental.status.in_(_OPEN))
    return session.scalars(query.order_by(Rental.id)).all()


def lock(tx: Tx) -> User:
    """Lock the organization and the actor's row: one member at a time leaves or changes linked accounts."""
    tx.session.execute(
        select(Organization.id).where(Organization.id == tx.actor.organization_id).with_for_update()
    )
    user = tx.session.get_one(User, tx.actor.user_id)
    tx.session.refresh(user, with_for_update=True)
    return user


def require_leavable(tx: Tx) -> User:
    """Return the locked user, if they can leave.

    Raises THINGS_OUT with the items, LAST_LEADER, NOT_FOUND for an erased user.
    """
    user = lock(tx)
    if user.forgotten_at is not None:
        raise Refusal(Refused.NOT_FOUND)
    out = items_out(tx.session, user.id)
    if out:
        raise Refusal(
            Refused.THINGS_OUT, things=[[one.rental_id, one.code, one.name, one.number] for one in out]
        )
    if user.active_until is None or user.active_until > tx.now:
        editing.require_other_leader(tx, user)
    return user


def leave(tx: Tx, *, seen: Sequence[int]) -> None:
    """End the membership; the accounts that were linked to it are told. Raises as `end` does."""
    organization = tx.organization
    farewell.say(tx, organization, farewell.spoken(tx, end(tx, seen=seen), organization), forgotten=False)


def end(tx: Tx, *, seen: Sequence[int], action: str = "leave") -> list[int]:
    """End the membership; return the accounts that were linked to it.

    `seen`: the open rentals that the person was warned of. Baskets are deleted, open rentals cancelled; the
    rest stays. Raises as `require_leavable` does, CHANGED_MEANWHILE where more is open.
    """
    user = require_leavable(tx)
    going_on = open_rentals(tx.session, user.id)
    if set(going_on) - set(seen):
        raise Refusal(Refused.CHANGED_MEANWHILE, by=None)
    for rental_id in going_on:
        approval.cancel(tx, rental_id)
    _drop_baskets(tx)
    invites.withdraw(tx.session, [user.id])
    tokens.revoke_all(tx.session, user.id, tx.now)
    user = tx.session.get_one(User, tx.actor.user_id)
    if user.active_until is None or user.active_until > tx.now:
        user.active_until = tx.now
    tx.session.flush()
    left = list(tx.session.scalars(select(AccountLink.account_id).filter_by(user_id=user.id)))
    former_members.remember(tx, user, left)
    for account_id in left:
        unlink(tx, user, account_id)
    audit.note(tx, action, "user", user.id)
    return left


def _drop_baskets(tx: Tx) -> None:
    """Delete their own baskets, those they filled for others, and those that others filled for them."""
    own = (Rental.user_id == tx.actor.user_id) | (Rental.entered_by == tx.actor.user_id)
    drafts = tx.session.scalars(select(Rental).where(own, Rental.status == RentalStatus.DRAFT)).all()
    for draft in drafts:
        request.throw_away(tx, draft)


def unlink(tx: Tx, user: User, account_id: int) -> None:
    """Unlink an account from a user, and end everything about that organization in its chat."""
    tx.session.execute(delete(AccountLink).filter_by(user_id=user.id, account_id=account_id))
    tx.session.flush()
    accounts.move_on(tx, account_id, user.organization_id)
    asked = select(Conversation).filter_by(account_id=account_id, organization_id=user.organization_id)
    for row in tx.session.scalars(asked).all():
        conversations.remove(tx, row)
    # Pending messages about that organization are obsolete.
    about_it = OutboxMessage.organization_id == user.organization_id
    in_chat = and_(OutboxMessage.chat_id == account_id, OutboxMessage.card_id.is_(None))
    waiting = OutboxMessage.status == OutboxStatus.PENDING
    outbox.drop(tx.session, and_(in_chat, about_it, waiting), "left")
    tx.session.execute(
        update(JoinRequest)
        .where(
            JoinRequest.account_id == account_id,
            JoinRequest.organization_id == user.organization_id,
            JoinRequest.status == JoinStatus.ASKED,
        )
        .values(status=JoinStatus.DECLINED, decided_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    tx.session.flush()
