"""Requests to join without an invite, and their answers.

An open request is `asked`. An approved one without `decided_by` was overtaken by an invite; a declined one
without it was withdrawn.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from db.models import ChatAccount, JoinRequest, Organization, User
from db.states import JoinStatus, Role
from services.core import audit, policy, text
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.text import fold
from services.core.tx import Tx
from services.members import invites, profile, registration
from services.messaging import notifications

MOST_A_DAY = 3
"""Requests of one account to one organization within a day."""

MOST_WAITING = 8
"""Requests that are listed at once; the others follow when these are answered."""

LONGEST_REASON = 300
_SUBJECT = "join_request"


def organizations_to_ask(session: Session, words: str = "") -> list[tuple[int, str]]:
    """Return the organizations that accept requests, by name; with `words`, those that match all of them."""
    wanted = fold(words[:200]).split()
    found = session.scalars(
        select(Organization)
        .where(Organization.closed_at.is_(None))
        .order_by(func.lower(Organization.name), Organization.id)
    )
    return [
        (one.id, one.name)
        for one in found
        if policy.readable(one.policy)[0].join_requests and all(word in fold(one.name) for word in wanted)
    ]


def pending_of(session: Session, account_id: int) -> JoinRequest | None:
    """Return the account's open request, if there is one."""
    return session.scalar(
        select(JoinRequest)
        .filter_by(account_id=account_id, status=JoinStatus.ASKED)
        .order_by(JoinRequest.id)
        .limit(1)
    )


def pending(tx: Tx, *, after: int = 0, limit: int = MOST_WAITING) -> Sequence[JoinRequest]:
    """Return the open requests to this organization, the oldest first; `after`: only those above this id."""
    return tx.session.scalars(
        select(JoinRequest)
        .filter_by(organization_id=tx.organization_id, status=JoinStatus.ASKED)
        .where(JoinRequest.id > after)
        .order_by(JoinRequest.id)
        .limit(limit)
    ).all()


def get(session: Session, request_id: int) -> JoinRequest:
    """Return a request by its id, of any organization. Raises NOT_FOUND."""
    request = session.get(JoinRequest, request_id)
    if request is None:
        raise Refusal(Refused.NOT_FOUND)
    return request


def here(tx: Tx, request_id: int) -> JoinRequest:
    """Return a request to this organization. Raises NOT_FOUND."""
    request = get(tx.session, request_id)
    if request.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return request


def decided_by(session: Session, request: JoinRequest) -> User | None:
    """Return who approved or declined the request; None where nobody did."""
    return session.get(User, request.decided_by) if request.decided_by is not None else None


def require_askable(tx: Tx, account_id: int, organization_id: int) -> Organization:
    """Return the organization, if this account may ask it.

    Raises NOT_FOUND, ALREADY_A_MEMBER, CLOSED, ALREADY_ASKED, ASKED_TOO_OFTEN.
    """
    organization = tx.session.get(Organization, organization_id)
    if (
        organization is None
        or organization.closed_at is not None
        or not policy.of(organization).join_requests
    ):
        raise Refusal(Refused.NOT_FOUND)
    invites.require_stranger(tx, account_id, organization_id)
    waiting = pending_of(tx.session, account_id)
    if waiting is not None:
        asked = tx.organization_of(waiting.organization_id)
        raise Refusal(Refused.ALREADY_ASKED, organization=asked.name)
    lately = tx.session.scalar(
        select(func.count(JoinRequest.id)).where(
            JoinRequest.account_id == account_id,
            JoinRequest.organization_id == organization_id,
            JoinRequest.asked_at > periods.days_later(tx.now, -1, policy.zone_of(organization)),
        )
    )
    if (lately or 0) >= MOST_A_DAY:
        raise Refusal(Refused.ASKED_TOO_OFTEN, organization=organization.name)
    return organization


def ask(
    tx: Tx, *, account_id: int, organization_id: int, first_name: str, last_name: str, told: Mapping[str, str]
) -> JoinRequest:
    """Add a request, and show it to the admins.

    Raises as `require_askable` does, NAME_EMPTY, TOO_MUCH_TEXT.
    """
    require_askable(tx, account_id, organization_id)
    text.check_person_name(first_name.strip(), last_name.strip())
    request = JoinRequest(
        organization_id=organization_id,
        account_id=account_id,
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        told=dict(told),
        asked_at=tx.now,
    )
    tx.session.add(request)
    tx.session.flush()
    _note(tx, request, None, "ask_to_join")
    notifications.update_join_request_card(tx, request, notify=True)
    return request


def withdraw(tx: Tx, account_id: int) -> JoinRequest | None:
    """Withdraw the account's open request; return None where nothing was open."""
    request = pending_of(tx.session, account_id)
    if request is None or not _settle(tx, request, JoinStatus.DECLINED, None):
        return None
    _note(tx, request, None, "withdraw")
    notifications.update_join_request_card(tx, request)
    return request


def close(tx: Tx, account_id: int) -> None:
    """Settle the request of an account that joined by an invite. The audit tells of the joining only."""
    request = pending_of(tx.session, account_id)
    if request is not None and request.organization_id == tx.organization_id:
        _settle(tx, request, JoinStatus.APPROVED, None)
        notifications.update_join_request_card(tx, request)


def is_open(tx: Tx, request_id: int) -> bool:
    """Return whether a request still waits for an answer."""
    return get(tx.session, request_id).status is JoinStatus.ASKED


def to_decide(tx: Tx, request_id: int) -> JoinRequest:
    """Lock and return the open request, if the actor may answer it: first the state, then the permission.

    Raises NOT_FOUND, also for another organization's, JOIN_ANSWERED, NOT_ALLOWED.
    """
    request = here(tx, request_id)
    tx.session.refresh(request, with_for_update=True)
    if request.status is not JoinStatus.ASKED:
        raise _answered(tx.session, request)
    tx.actor.require(Role.ADMIN)
    return request


def approve(tx: Tx, request_id: int) -> User:
    """Approve a request; return the new member.

    Raises as `to_decide` does, EMAIL_TAKEN where it was taken since.
    """
    request = to_decide(tx, request_id)
    invites.require_stranger(tx, request.account_id, request.organization_id)
    if not _settle(tx, request, JoinStatus.APPROVED, tx.actor.user_id):
        raise _answered(tx.session, request)
    user = registration.new_user(tx, Role.USER, request.first_name, request.last_name)
    profile.save_answers(tx, user, request.told, names=True)
    account = tx.session.get_one(ChatAccount, request.account_id)
    acts_in = account.organization_id
    registration.link(tx, user, request.account_id)
    # A member of another organization keeps acting there.
    account.organization_id = acts_in or request.organization_id
    audit.note(tx, "admit", "user", user.id, request_id=request.id)
    notifications.update_join_request_card(tx, request)
    notifications.tell_user(tx, user, "admitted", by=tx.actor.name)
    return user


def decline(tx: Tx, request_id: int, *, reason: str = "") -> None:
    """Decline a request, with a reason. Raises as `to_decide` does, TOO_MUCH_TEXT."""
    request = to_decide(tx, request_id)
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_REASON)
    if not _settle(tx, request, JoinStatus.DECLINED, tx.actor.user_id, reason=reason):
        raise _answered(tx.session, request)
    _note(tx, request, tx.actor.user_id, "turn_away", reason=reason)
    notifications.update_join_request_card(tx, request)
    notifications.tell_account(tx, request.account_id, request.organization_id, "turned_away", reason=reason)


def _settle(tx: Tx, request: JoinRequest, status: JoinStatus, by: int | None, *, reason: str = "") -> bool:
    """Move an open request to another state; return False where somebody else was faster."""
    done = tx.session.execute(
        update(JoinRequest)
        .where(JoinRequest.id == request.id, JoinRequest.status == JoinStatus.ASKED)
        .values(status=status, decided_at=tx.now, decided_by=by, reason=reason)
        .execution_options(synchronize_session=False)
    )
    tx.session.refresh(request)
    return cast("CursorResult[Any]", done).rowcount == 1


def _answered(session: Session, request: JoinRequest) -> Refusal:
    by = decided_by(session, request)
    return Refusal(Refused.JOIN_ANSWERED, join_status=request.status, by=by.name if by else None)


def _note(tx: Tx, request: JoinRequest, user_id: int | None, action: str, **details: Any) -> None:
    audit.note(
        tx, action, _SUBJECT, request.id, organization_id=request.organization_id, user_id=user_id, **details
    )
