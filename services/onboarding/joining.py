"""Joining by an invite: one for anybody, or a personal one."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from db.models import Invite, User
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import invites, linked_accounts, profile, registration
from services.onboarding import join_requests


def missing(tx: Tx, invite: Invite) -> list[str]:
    """Return the fields that the bearer is still asked for, beside the name: the policy's, but known ones."""
    asked = profile.asked_fields(tx.of(invite.organization_id))
    if invite.user_id is None:
        return asked
    user = tx.session.get_one(User, invite.user_id)
    return [field for field in asked if not profile.value_of(tx, user, field)]


def is_another_account(session: Session, invite: Invite) -> bool:
    """Return whether the invite is for a member who already has a linked account."""
    return invite.user_id is not None and bool(linked_accounts.of(session, invite.user_id))


def join(
    tx: Tx,
    *,
    account_id: int,
    invite_id: int,
    first_name: str = "",
    last_name: str = "",
    told: Mapping[str, str] | None = None,
) -> User:
    """Use an invite: link the account to a new user with its role, or to the user it is for.

    The account acts in that organization from then on. Raises INVITE_USED, INVITE_EXPIRED, INVITE_UNKNOWN,
    ALREADY_A_MEMBER, NAME_EMPTY, TOO_MUCH_TEXT, TOO_MANY_ACCOUNTS, and as `profile.checked` does.
    """
    row = tx.session.get_one(Invite, invite_id)
    invites.require_stranger(tx, account_id, row.organization_id)
    if row.expires_at <= tx.now:
        raise Refusal(Refused.INVITE_EXPIRED)
    taken = tx.session.execute(
        update(Invite)
        .where(Invite.id == invite_id, Invite.uses_left > 0)
        .values(uses_left=Invite.uses_left - 1)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", taken).rowcount != 1:
        raise Refusal(Refused.INVITE_USED)
    tx = tx.of(row.organization_id)
    if row.user_id is None:
        user = registration.new_user(tx, row.role, first_name, last_name)
    else:
        user = tx.session.get_one(User, row.user_id)
        tx.session.refresh(user, with_for_update=True)
        # The invite must not grant more than its maker could give.
        if user.forgotten_at is not None or not row.role.covers(user.role):
            raise Refusal(Refused.INVITE_UNKNOWN)
        linked_accounts.require_room(tx.session, user.id)
    profile.save_answers(tx, user, told or {})
    registration.link(tx, user, account_id)
    join_requests.close(tx, account_id)
    audit.note(tx, "join", "user", user.id, user_id=user.id, role=user.role)
    return user
