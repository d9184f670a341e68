"""Changes to a member: role, profile fields, the beginning and end of the membership, the invite link.

Each change names the value that the person saw: a value that changed meanwhile is not overwritten.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AccountLink, Invite, Organization, User
from db.states import Role
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import directory, invites, profile
from services.messaging import notifications
from services.messaging.tidying import renames
from services.rentals import obstacles
from services.transfers import expiry


def locked(tx: Tx, user_id: int) -> User:
    """Lock and return the member, if the actor may change them: nobody above the actor's own role.

    Changes of roles and memberships of one organization wait for each other, so that one LEADER stays. Raises
    NOT_FOUND, NOT_ALLOWED.
    """
    user = directory.get(tx, user_id)
    tx.session.execute(
        select(Organization.id).where(Organization.id == tx.actor.organization_id).with_for_update()
    )
    tx.session.refresh(user, with_for_update=True)
    if not tx.actor.role.covers(user.role):
        raise Refusal(Refused.NOT_ALLOWED, needed=user.role)
    return user


def require_other_leader(tx: Tx, user: User) -> None:
    """Raise LAST_LEADER where nobody else leads the organization, with an account to do it from."""
    if user.role is not Role.LEADER:
        return
    linked = select(AccountLink.id).where(AccountLink.user_id == User.id).exists()
    others = tx.session.scalars(
        select(User).where(
            User.organization_id == user.organization_id,
            User.role == Role.LEADER,
            User.id != user.id,
            linked,
        ),
        # Their state under the lock, not that of the beginning of the transaction.
        execution_options={"populate_existing": True},
    )
    if not any(other.is_active(tx.now) and other.active_until is None for other in others):
        raise Refusal(Refused.LAST_LEADER)


def change_role(tx: Tx, user_id: int, *, role: Role, seen: Role) -> User:
    """Change the role; neither the old nor the new one may be above the actor's own.

    Raises NOT_FOUND, NOT_ALLOWED, CHANGED_MEANWHILE, LAST_LEADER.
    """
    user = locked(tx, user_id)
    if user.role is role:
        return user
    if user.role is not seen:
        raise directory.changed_meanwhile(tx.session, user)
    if not tx.actor.role.covers(role):
        raise Refusal(Refused.NOT_ALLOWED, needed=role)
    require_other_leader(tx, user)
    user.role = role
    tx.session.flush()
    _carry_links_over(tx.session, user)
    note(tx, user, "change_role", role=[seen, role])
    notifications.tell_user(tx, user, "role_changed", role=role, by=tx.actor.name)
    return user


def _carry_links_over(session: Session, user: User) -> None:
    """Give the member's open invites the new role; void those whose maker could not have given it."""
    rows = session.execute(
        select(Invite, User.role)
        .outerjoin(User, User.id == Invite.created_by)
        .where(Invite.user_id == user.id, Invite.uses_left > 0)
    )
    for invite, makers in rows:
        if makers is None or makers.covers(user.role):
            invite.role = user.role
        else:
            invite.uses_left = 0
    session.flush()


def edit(tx: Tx, user_id: int, *, field: str, value: str | date | None, seen: str) -> User:
    """Write one of profile.FIELDS or a custom field; None clears it.

    `seen`: the previous value as `directory.plain` writes it. Raises NOT_FOUND, NOT_ALLOWED,
    CHANGED_MEANWHILE, and as `profile.checked` does.
    """
    user = locked(tx, user_id)
    good: Any = None
    if value is not None:
        good = profile.checked(tx, field, value, but=user.id, tell=True)
    elif field in profile.NEEDED:
        raise Refusal(Refused.NAME_EMPTY)
    before = profile.value_of(tx, user, field)
    if not _differs(tx.session, user, before, good, seen):
        return user
    profile.put(tx, user, field, good)
    tx.session.flush()
    label = profile.label_of(tx, field)
    values = [directory.plain(before), directory.plain(good)]
    # A label may be any word, so it cannot name a detail.
    details = {field: values} if label is None else {"own": label, "value": values}
    note(tx, user, "edit", **details)
    if field in profile.NAMES:
        renames.of_member(tx, user.id)
    return user


def locked_own(tx: Tx) -> User:
    """Lock and return the actor."""
    return tx.session.get_one(User, tx.actor.user_id, with_for_update=True)


def edit_own(tx: Tx, changes: Mapping[str, str | None]) -> None:
    """Write some of profile.OWN for the actor; None clears a field.

    Raises NOT_ALLOWED for other fields, NAME_EMPTY, and as `profile.checked` does.
    """
    user = locked_own(tx)
    details: dict[str, list[Any]] = {}
    for field, value in changes.items():
        if field not in profile.OWN:
            raise Refusal(Refused.NOT_ALLOWED, needed=Role.ADMIN)
        if value is None and field in profile.NEEDED:
            raise Refusal(Refused.NAME_EMPTY)
        good = profile.checked(tx, field, value, but=user.id) if value is not None else None
        before, after = directory.plain(profile.value_of(tx, user, field)), directory.plain(good)
        if before != after:
            profile.put(tx, user, field, good)
            details[field] = [before, after]
    tx.session.flush()
    if details:
        note(tx, user, "edit", **details)
    if not details.keys().isdisjoint(profile.NAMES):
        renames.of_member(tx, user.id)


def _differs(session: Session, user: User, before: Any, after: Any, seen: str) -> bool:
    """Return whether there is a change to write. Raises CHANGED_MEANWHILE."""
    if directory.plain(before) == directory.plain(after):
        return False
    if directory.plain(before) != seen:
        raise directory.changed_meanwhile(session, user)
    return True


def set_moment(tx: Tx, user_id: int, *, field: str, moment: datetime | None, seen: str) -> User:
    """Set the beginning or end of the membership (profile.MOMENTS), in UTC; None: always, or without an end.

    Raises as `edit` does, END_BEFORE_BEGIN, LAST_LEADER.
    """
    user = locked(tx, user_id)
    before = getattr(user, field)
    if not _differs(tx.session, user, before, moment, seen):
        return user
    if moment is not None and (field == "active_until" or moment > tx.now):
        require_other_leader(tx, user)
    setattr(user, field, moment)
    if (
        user.active_from is not None
        and user.active_until is not None
        and user.active_until < user.active_from
    ):
        raise Refusal(Refused.END_BEFORE_BEGIN)
    tx.session.flush()
    note(tx, user, "edit", **{field: [directory.plain(before), directory.plain(moment)]})
    notifications.tell_user(tx, user, "membership_changed", by=tx.actor.name)
    expiry.settle(tx, user_id=user.id)
    obstacles.redraw(tx, user)
    return user


def renew(tx: Tx, user_id: int) -> User:
    """Continue a membership that has ended, without an end. Raises NOT_FOUND, NOT_ALLOWED."""
    user = locked(tx, user_id)
    if not directory.has_ended(user, tx.now):
        return user
    seen = directory.plain(user.active_until)
    return set_moment(tx, user_id, field="active_until", moment=None, seen=seen)


def new_link(tx: Tx, user_id: int) -> str:
    """Return the token of a new invite for this member; earlier ones are void.

    Raises NOT_FOUND, NOT_ALLOWED.
    """
    user = locked(tx, user_id)
    invites.withdraw(tx.session, [user.id])
    return invites.new(
        tx,
        role=user.role,
        user_id=user.id,
        days=invites.PERSONAL_DAYS,
        created_by=tx.actor.user_id,
    )


def note(tx: Tx, user: User, action: str, **details: Any) -> None:
    audit.note(tx, action, "user", user.id, **details)
