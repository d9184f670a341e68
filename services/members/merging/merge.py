"""Merging two members who are one person: what both had goes on under one."""

from typing import Any

from sqlalchemy import delete, or_, select

from db.models import (
    AccountLink,
    ApiRequest,
    CalendarFeed,
    Conversation,
    FormerLink,
    OutboxMessage,
    Password,
    Rental,
    User,
)
from db.states import OutboxStatus, RentalStatus, Role
from services.core import audit, identity, references
from services.core.tx import Tx
from services.members import editing, invites, namesakes
from services.members.departure import former_members
from services.members.merging import plan as plans
from services.members.merging.plan import Plan
from services.messaging import notifications
from services.rentals import obstacles
from services.rentals.booking import request
from services.transfers import expiry


def merge(tx: Tx, kept_id: int, gone_id: int) -> Plan:
    """Let what `gone` had go on under `kept`, who stays; return what was done.

    The higher role holds, the earlier beginning and the later end of the membership, and a suspension of
    either. Baskets of `gone` are discarded, their invites void. Raises as `plan.make` does, LAST_LEADER.
    """
    for user_id in sorted((kept_id, gone_id)):
        editing.locked(tx, user_id)
    plan = plans.make(tx, kept_id, gone_id)
    kept, gone = plan.kept, plan.gone
    name, old_role = gone.name, kept.role
    before = list(tx.session.scalars(select(AccountLink.account_id).filter_by(user_id=kept_id)))
    drafts = select(Rental).where(
        or_(Rental.user_id == gone_id, Rental.entered_by == gone_id), Rental.status == RentalStatus.DRAFT
    )
    for draft in tx.session.scalars(drafts).all():
        request.throw_away(tx, draft)
    invites.withdraw(tx.session, [gone_id])
    _make_room(tx, kept_id, gone_id)
    _join(tx, plan)
    references.hand_on(tx.session, User, gone_id, kept_id)
    audit.hand_on(tx, "user", gone_id, kept_id)
    _rename_in_data(tx, kept_id, gone_id)
    for rental in tx.session.scalars(select(Rental).where(Rental.entered_by == Rental.user_id)):
        rental.entered_by = None
    tx.session.execute(delete(User).where(User.id == gone_id).execution_options(synchronize_session=False))
    tx.session.expunge(gone)
    namesakes.settle(tx.session, kept.organization_id)
    if plan.accounts[0]:
        former_members.drop(tx.session, kept_id)
    tx.session.flush()
    if kept.role is Role.LEADER and not kept.is_active(tx.now):
        editing.require_other_leader(tx, kept)
    lost = {field: plans.plain(values[1]) for field, values in plan.differing.items()}
    editing.note(
        tx, kept, "merge", merged=name, rentals=plan.rentals, role=[old_role, kept.role], replaced=lost
    )
    _tell(tx, plan, before)
    return plan


def _make_room(tx: Tx, kept_id: int, gone_id: int) -> None:
    """Delete what there can be one of, and `kept` has already; and answers to requests of programs."""
    scopes = select(CalendarFeed.scope).filter_by(user_id=kept_id)
    known = select(FormerLink.account_id).filter_by(user_id=kept_id)
    doomed = [
        delete(CalendarFeed).where(CalendarFeed.user_id == gone_id, CalendarFeed.scope.in_(scopes)),
        delete(FormerLink).where(FormerLink.user_id == gone_id, FormerLink.account_id.in_(known)),
        delete(ApiRequest).where(ApiRequest.user_id == gone_id),
    ]
    if tx.session.get(Password, kept_id) is not None:
        doomed.append(delete(Password).where(Password.user_id == gone_id))
    for statement in doomed:
        tx.session.execute(statement.execution_options(synchronize_session=False))


def _join(tx: Tx, plan: Plan) -> None:
    """Give `kept` the role, the span of membership, the suspension and the details of both."""
    kept, gone = plan.kept, plan.gone
    kept.role = plan.role
    begins = (kept.active_from, gone.active_from)
    kept.active_from = None if None in begins else min(one for one in begins if one is not None)
    ends = (kept.active_until, gone.active_until)
    kept.active_until = None if None in ends else max(one for one in ends if one is not None)
    if plan.suspends:
        kept.suspended_at, kept.suspended_until = gone.suspended_at, gone.suspended_until
        kept.suspended_by, kept.suspended_reason = gone.suspended_by, gone.suspended_reason
    kept.created_at = min(kept.created_at, gone.created_at)
    # Unique in the organization: they change hands.
    card = kept.card_token or gone.card_token
    gone.email = gone.username = gone.card_token = None
    tx.session.flush()
    kept.card_token = card
    own: dict[str, Any] = {}
    for field, value in plan.fields.items():
        if field in gone.custom:
            own[field] = value
        else:
            setattr(kept, field, value)
    kept.custom = kept.custom | own
    tx.session.flush()


def _rename_in_data(tx: Tx, kept_id: int, gone_id: int) -> None:
    """Let messages on their way, and open conversations, name the one who stays."""
    waiting = select(OutboxMessage).where(
        OutboxMessage.organization_id == tx.organization_id,
        OutboxMessage.status.in_([OutboxStatus.PENDING, OutboxStatus.SENDING]),
    )
    for message in tx.session.scalars(waiting):
        if message.params.get("user_id") == gone_id:
            message.params = message.params | {"user_id": kept_id}
    for row in tx.session.scalars(select(Conversation).filter_by(organization_id=tx.organization_id)):
        if row.data.get("user_id") == gone_id:
            row.data = row.data | {"user_id": kept_id}
    tx.session.flush()


def _tell(tx: Tx, plan: Plan, before: list[int]) -> None:
    """Tell the accounts that they lead to the same member now, and draw the rentals' cards anew."""
    kept = plan.kept
    accounts = identity.accounts_of(tx.session, kept.id)
    if set(accounts) != set(before):
        notifications.tell_user(tx, kept, "merged", by=tx.actor.name, both=len(accounts) > 1)
    open_ = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT)
    rentals = select(Rental).where(Rental.user_id == kept.id, Rental.status.in_(open_)).order_by(Rental.id)
    for rental in tx.session.scalars(rentals).all():
        notifications.update_member_card(tx, rental)
        notifications.update_desk_card(tx, rental)
    expiry.settle(tx, user_id=kept.id)
    obstacles.redraw(tx, kept)
