"""Erasure of a member's personal data; what happened stays, without a name.

Erased: name, contact, all custom fields; the accounts; what the member wrote with a request (purpose,
comment, details) and what was written to them (the reason of a decline); their messages, cards and
conversations here. Kept: which items were out when, and damage notes, which say something about the item; and
the audit, which says what was done and when. All of it belongs to a user without a name.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from db.models import (
    FORMER_MEMBER,
    AccountLink,
    AuditEntry,
    Card,
    ChatAccount,
    Claim,
    Conversation,
    DamageNote,
    FormerLink,
    ImportJob,
    InboxUpdate,
    Invite,
    JoinRequest,
    Organization,
    OutboxMessage,
    Rental,
    User,
)
from db.states import InboxStatus, OutboxStatus
from services.access import tokens
from services.calendars import feeds
from services.core.tx import Tx
from services.members import namesakes
from services.members.departure import farewell, former_members, leaving
from services.messaging import conversations, inbox, kinds, notifications, outbox

_PERSONAL = (
    "username",
    "email",
    "phone",
    "membership_id",
    "postal_code",
    "city",
    "born_on",
    "other_id",
    "suspended_reason",
    "note",
    "card_token",
)

_KEPT_DETAILS = frozenset({"role", "until", "request_id", "accounts"})
"""Details of the audit that do not identify anybody."""


def forget(tx: Tx, *, seen: Sequence[int]) -> None:
    """Leave, and erase all personal data; the accounts are told. Raises as `leaving.end` does."""
    organization = tx.organization_of(tx.actor.organization_id)
    known = tx.session.get_one(User, tx.actor.user_id)
    names = {known.name, known.name_for_others(), known.name_for_others(admins=True)}
    leaving.end(tx, seen=seen, action="forget")
    accounts = former_members.accounts_of(tx.session, tx.actor.user_id)
    former_members.drop(tx.session, tx.actor.user_id)
    if tx.actor.account_id not in accounts:
        accounts.append(tx.actor.account_id)
    told = farewell.spoken(tx, accounts, organization)
    user = tx.session.get_one(User, tx.actor.user_id)
    _forget_profile(tx, user)
    _forget_words(tx.session, user)
    _forget_requests(tx, user, accounts)
    _forget_messages(tx.session, user, accounts, names)
    for account_id in accounts:
        _forget_account(tx.session, account_id)
    _draw_without_name(tx, user)
    farewell.say(tx, organization, told, forgotten=True)


def _forget_profile(tx: Tx, user: User) -> None:
    names = (user.first_name, user.last_name)
    tx.session.execute(
        update(Invite)
        .where(
            Invite.organization_id == user.organization_id,
            (Invite.user_id == user.id) | ((Invite.first_name == names[0]) & (Invite.last_name == names[1])),
        )
        .values(first_name=None, last_name=None)
        .execution_options(synchronize_session=False)
    )
    feeds.erase(tx.session, user.id)
    user.first_name = user.last_name = ""
    for field in _PERSONAL:
        setattr(user, field, None)
    tokens.erase(tx.session, user.id)
    user.custom, user.forgotten_at, user.name_is_shared = {}, tx.now, False
    namesakes.settle(tx.session, user.organization_id)


def _forget_words(session: Session, user: User) -> None:
    """Erase what they wrote and what was written to them, with their rentals and in the audit."""
    session.execute(
        update(Rental)
        .where(Rental.user_id == user.id)
        .values(purpose="", comment="", custom={}, reason="", request_key=None)
        .execution_options(synchronize_session="fetch")
    )
    about = select(AuditEntry).filter_by(
        organization_id=user.organization_id, subject="user", subject_id=user.id
    )
    for entry in session.scalars(about):
        entry.details = {key: value for key, value in entry.details.items() if key in _KEPT_DETAILS}
    session.flush()


def _forget_requests(tx: Tx, user: User, accounts: Sequence[int]) -> None:
    asked = tx.session.scalars(
        select(JoinRequest).where(
            JoinRequest.organization_id == user.organization_id, JoinRequest.account_id.in_(accounts)
        )
    ).all()
    for request in asked:
        request.first_name, request.last_name, request.told = FORMER_MEMBER, "", {}
        request.reason = ""
        tx.session.execute(
            update(AuditEntry)
            .where(AuditEntry.subject == "join_request", AuditEntry.subject_id == request.id)
            .values(details={})
            .execution_options(synchronize_session=False)
        )
        notifications.update_join_request_card(tx, request)


def _forget_messages(session: Session, user: User, accounts: Sequence[int], names: AbstractSet[str]) -> None:
    """Erase messages from and to their accounts, and their name in messages to others."""
    session.execute(
        delete(Conversation).where(
            Conversation.account_id.in_(accounts), Conversation.organization_id == user.organization_id
        )
    )
    here = OutboxMessage.organization_id == user.organization_id
    own = Card.chat_id.in_(accounts) & (Card.organization_id == user.organization_id)
    # Questions that are over keep what takes their buttons away: it says nothing of anybody.
    on_its_way = OutboxMessage.status.in_((OutboxStatus.PENDING, OutboxStatus.SENDING))
    ending = select(Card.id).join(OutboxMessage, OutboxMessage.card_id == Card.id)
    over = session.scalars(ending.where(own, Card.kind == conversations.CARD, on_its_way)).all()
    cards = session.scalars(select(Card.id).where(own, Card.id.not_in(over))).all()
    others = OutboxMessage.card_id.is_(None) | OutboxMessage.card_id.not_in(over)
    gone = (OutboxMessage.chat_id.in_(accounts) & here & others) | OutboxMessage.card_id.in_(cards)
    session.execute(delete(OutboxMessage).where(gone).execution_options(synchronize_session=False))
    session.execute(delete(Card).where(Card.id.in_(cards)).execution_options(synchronize_session=False))
    for row in session.scalars(select(OutboxMessage).where(here | OutboxMessage.organization_id.is_(None))):
        params = _without(row.params, names)
        if params != row.params:
            row.params = params
    group = session.get_one(Organization, user.organization_id).group_chat_id
    updates = select(InboxUpdate).where(
        InboxUpdate.chat_key.in_([*accounts, group] if group is not None else accounts),
        InboxUpdate.status != InboxStatus.WAITING,
    )
    for stored in session.scalars(updates):
        content = inbox.content(stored.payload)
        # The sender of an unreadable update is unknown.
        if not content or stored.chat_key in accounts or _sender(content) in accounts:
            stored.payload = "{}"
    session.flush()


def _without(value: Any, names: AbstractSet[str]) -> Any:
    """Return the same value with a placeholder instead of the name."""
    if isinstance(value, dict):
        return {key: _without(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    return FORMER_MEMBER if isinstance(value, str) and value in names else value


def _sender(payload: dict[str, Any]) -> int | None:
    """Return the id of the account that an update comes from."""
    for part in payload.values():
        if isinstance(part, dict) and isinstance(part.get("from"), dict):
            found = part["from"].get("id")
            return found if isinstance(found, int) else None
    return None


def _forget_account(session: Session, account_id: int) -> None:
    """Delete an account that is linked to nobody any more, its first name included.

    An account that was linked elsewhere until they left stays, for the data stored there.
    """
    linked = select(AccountLink.id).filter_by(account_id=account_id).exists()
    left = select(FormerLink.id).filter_by(account_id=account_id).exists()
    if session.scalar(select(linked | left)):
        return
    session.execute(delete(Conversation).filter_by(account_id=account_id))
    session.execute(delete(ImportJob).filter_by(chat_id=account_id))
    session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.chat_id == account_id, OutboxMessage.card_id.is_(None))
        .execution_options(synchronize_session=False)
    )
    account = session.get(ChatAccount, account_id)
    if account is None:
        return
    if session.scalar(select(JoinRequest.id).filter_by(account_id=account_id).limit(1)) is not None:
        account.first_name, account.telegram_language, account.language = "", None, None
    else:
        session.delete(account)
    session.flush()


def _draw_without_name(tx: Tx, user: User) -> None:
    """Redraw the cards that still show the name: also the questions about their returns, and about damage."""
    theirs = select(Rental.id).where(Rental.user_id == user.id)
    damage = (
        select(DamageNote.id)
        .outerjoin(Claim, Claim.id == DamageNote.claim_id)
        .where(or_(DamageNote.reported_by == user.id, Claim.rental_id.in_(theirs)))
    )
    about_rental = Card.kind.in_((notifications.DESK_CARD, kinds.UNCONFIRMED))
    about_damage = and_(Card.kind == notifications.DAMAGE_CARD, Card.subject_id.in_(damage))
    outbox.refresh_cards(tx, or_(and_(about_rental, Card.subject_id.in_(theirs)), about_damage))
