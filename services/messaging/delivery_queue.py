"""The delivery queue: leases outbox messages and records their outcome.

One message at a time per chat, replies before notices. `leased_until` reserves a chat while one of its
messages is being sent, and until a failed one is retried.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Row,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session, aliased

from db import aliases
from db.models import AccountLink, Card, ChatAccount, Organization, OutboxMessage, Photo, Rental, User
from db.states import Lane, OutboxStatus, RentalStatus
from services.core import identity
from services.core.text import without_secrets
from services.core.tx import Tx
from services.messaging import cards, group_chats, notifications, outbox
from services.messaging.tidying import leftovers
from services.messaging.tidying.leftovers import Removal

LEASE = timedelta(seconds=60)
"""The longest time to send a message; after it, the process that leased it is considered dead."""

MOST_ATTEMPTS = 5
"""Own failures after which a message is given up."""

UNREACHABLE = "unreachable"
"""Kind of the message to the admins about a member whom the bot cannot write to."""

_GOING_ON = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT)

_LINKED = identity.linked_to(OutboxMessage.chat_id)

_LEASING = 7_045_001
"""PostgreSQL's advisory lock for leasing: two processes at once could lease two messages of one chat."""


@dataclass(frozen=True)
class Leased:
    """The rows of one message to send: a single row, or all due rows of a bundle.

    `cause`: the correlation id that it has in common with whatever else came of the same update.
    """

    ids: tuple[int, ...]
    chat_id: int
    lane: Lane
    cause: str | None = None


@dataclass(frozen=True)
class Outcome:
    """The remains of a sent message: the one that it replaced; `is_doubtful`: maybe also a copy of itself.

    `more_wait`: other messages for its chat.
    """

    leftover: Removal | None = None
    is_doubtful: bool = False
    more_wait: bool = False


def due_lanes(tx: Tx, *, replies: int, notices: int, busy: Collection[int] = ()) -> frozenset[Lane]:
    """Return the lanes in which `lease` would find messages."""
    lanes = [lane for lane, places in ((Lane.REPLY, replies), (Lane.NOTICE, notices)) if places > 0]
    values = {"now": tx.now, "lanes": lanes, "busy": list(busy)}
    return frozenset(tx.session.scalars(_DUE_LANES, values)) if lanes else frozenset()


def lease(
    tx: Tx, *, replies: int, notices: int, busy: Collection[int] = (), by: int | None = None
) -> list[Leased] | None:
    """Lease up to so many messages per lane, at most one per chat and none for the chats in `busy`; return
    None where none is due.

    `by`: the number of the program that sends them (db/presence.py).
    """
    due = due_lanes(tx, replies=replies, notices=notices, busy=busy)
    if not due:
        return None
    if tx.session.get_bind().dialect.name == "postgresql":
        tx.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LEASING})
    taken = _take(tx, Lane.REPLY, replies, busy, by) if Lane.REPLY in due else []
    if Lane.NOTICE in due:
        taken += _take(tx, Lane.NOTICE, notices, [*busy, *(one.chat_id for one in taken)], by)
    return taken


def _take(tx: Tx, lane: Lane, limit: int, busy: Collection[int], by: int | None) -> list[Leased]:
    if limit < 1:
        return []
    values = {"now": tx.now, "lanes": [lane], "busy": list(busy), "limit": limit}
    rows = tx.session.execute(_NEXT, values).all()
    leased = []
    for row in rows:
        ids = [row.id]
        if row.goes_with_others:
            those = {"bundle": row.bundle, "chat": row.chat_id, "first": row.id, "now": tx.now}
            ids += tx.session.scalars(_REST_OF_BUNDLE, those)
        leased.append(Leased(tuple(sorted(ids)), row.chat_id, lane, row.correlation))
    if leased:
        taken = [i for one in leased for i in one.ids]
        values = {"until": tx.now + LEASE, "by": by, "now": tx.now, "ids": taken}
        tx.session.connection().execute(_LEASE, values)
    return leased


def _due(now: BindParameter[datetime], row: type[OutboxMessage] = OutboxMessage) -> ColumnElement[bool]:
    return or_(
        and_(row.status == OutboxStatus.PENDING, row.not_before <= now),
        and_(row.status == OutboxStatus.SENDING, row.leased_until <= now),
    )


def _may_go() -> ColumnElement[bool]:
    """Build the condition for due messages of the lanes whose chat is not reserved."""
    other = aliased(OutboxMessage)
    taken = select(other.chat_id).where(
        other.status.in_([OutboxStatus.PENDING, OutboxStatus.SENDING]), other.leased_until > bindparam("now")
    )
    return and_(
        _due(bindparam("now")),
        OutboxMessage.lane.in_(bindparam("lanes", expanding=True)),
        OutboxMessage.chat_id.not_in(taken),
        OutboxMessage.chat_id.not_in(bindparam("busy", expanding=True)),
    )


_DUE_LANES = select(OutboxMessage.lane).where(_may_go()).distinct()

_FIRST = func.min(OutboxMessage.id)
_HEADS = (
    select(_FIRST).where(_may_go()).group_by(OutboxMessage.chat_id).order_by(_FIRST).limit(bindparam("limit"))
)
"""The first due row of each chat in some lanes, without reserved chats. Built once, since it runs after every
commit and took longer to build than to run."""

_BESIDE = aliases.kept(OutboxMessage, "beside")
_IN_BUNDLE = and_(_BESIDE.bundle == OutboxMessage.bundle, _BESIDE.chat_id == OutboxMessage.chat_id)
_REST = exists().where(_IN_BUNDLE, _BESIDE.id != OutboxMessage.id, _due(bindparam("now"), _BESIDE))

# Columns, and changes without objects: this and what follows runs for each message.
_NEXT = (
    select(OutboxMessage.id, OutboxMessage.chat_id, OutboxMessage.bundle, OutboxMessage.correlation)
    .add_columns(_REST.label("goes_with_others"))
    .where(OutboxMessage.id.in_(_HEADS), _due(bindparam("now")))
    .order_by(OutboxMessage.id)
    # Rows that a service is changing at this moment are left for the next run.
    .with_for_update(skip_locked=True)
)

_REST_OF_BUNDLE = (
    select(OutboxMessage.id)
    .where(
        OutboxMessage.bundle == bindparam("bundle"),
        OutboxMessage.chat_id == bindparam("chat"),
        OutboxMessage.id != bindparam("first"),
        _due(bindparam("now")),
    )
    .with_for_update(skip_locked=True)
)

_LEASE = (
    update(OutboxMessage.__table__)  # type: ignore[arg-type]
    .where(OutboxMessage.id.in_(bindparam("ids", expanding=True)))
    .values(
        status=OutboxStatus.SENDING,
        leased_until=bindparam("until"),
        leased_by=bindparam("by"),
        # Whoever had it died, maybe after it arrived.
        unsure_at=case(
            (
                OutboxMessage.status == OutboxStatus.SENDING,
                bindparam("now", type_=OutboxMessage.unsure_at.type),
            ),
            else_=OutboxMessage.unsure_at,
        ),
    )
)


def holders(session: Session) -> set[int | None]:
    """Return the numbers of the programs that have leased messages now; None for one without a number."""
    leased = OutboxMessage.status == OutboxStatus.SENDING
    return set(session.scalars(select(OutboxMessage.leased_by).where(leased).distinct()))


def release(tx: Tx, dead: Collection[int | None]) -> int:
    """Make the messages that these programs were sending available again; return their number."""
    by_dead = OutboxMessage.leased_by.in_([number for number in dead if number is not None])
    by_unknown = OutboxMessage.leased_by.is_(None) if None in dead else false()
    done = tx.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.status == OutboxStatus.SENDING, or_(by_dead, by_unknown))
        .values(leased_until=tx.now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount


_BEING_SENT = and_(
    OutboxMessage.id.in_(bindparam("ids", expanding=True)), OutboxMessage.status == OutboxStatus.SENDING
)

_ROWS = (
    select(OutboxMessage, Card)
    .outerjoin(Card, Card.id == OutboxMessage.card_id)
    .where(_BEING_SENT)
    .order_by(OutboxMessage.id)
)


def rows(session: Session, ids: Sequence[int]) -> list[OutboxMessage]:
    """Return the rows of a lease that are still being sent, in order, with their cards loaded."""
    return [row for row, _ in session.execute(_ROWS, {"ids": ids})]


_MEMBER, _DECIDER = aliases.kept(User, "member"), aliases.kept(User, "decider")
_TO_DRAW = (
    select(OutboxMessage, _LINKED, Card, ChatAccount, Organization, Rental, _MEMBER, _DECIDER)
    .outerjoin(Card, Card.id == OutboxMessage.card_id)
    .outerjoin(
        Rental,
        and_(
            Rental.id == Card.subject_id,
            Card.kind.in_((notifications.RENTAL_CARD, notifications.DESK_CARD)),
        ),
    )
    .outerjoin(_MEMBER, _MEMBER.id == Rental.user_id)
    .outerjoin(_DECIDER, _DECIDER.id == Rental.decided_by)
    .outerjoin(ChatAccount, ChatAccount.id == OutboxMessage.chat_id)
    .outerjoin(Organization, Organization.id == OutboxMessage.organization_id)
    .where(_BEING_SENT)
    .order_by(OutboxMessage.id)
)


def to_draw(session: Session, ids: Sequence[int]) -> list[OutboxMessage]:
    """Return `rows` with everything loaded that rendering needs first: the reader, the organization, and a
    card's rental with its member and the person who decided on it.
    """
    found = session.execute(_TO_DRAW, {"ids": ids}).all()
    session.info[identity.LINKED] = {row.chat_id: number for row, number, *_ in found}
    return [row for row, *_ in found]


_OTHER = OutboxMessage.__table__.alias("other")
_MORE_WAIT = exists().where(
    _OTHER.c.chat_id == OutboxMessage.chat_id,
    _OTHER.c.message_id.is_(None),  # for the index
    _OTHER.c.status == OutboxStatus.PENDING,
)

_TO_END = (
    select(
        OutboxMessage.id,
        OutboxMessage.chat_id,
        OutboxMessage.error,
        OutboxMessage.params,
        OutboxMessage.unsure_at,
        OutboxMessage.card_id,
        Card.chat_id.label("card_chat"),
        Card.message_id.label("shown_by"),
        Card.photo_id,
        Card.refused_photo_id,
        _MORE_WAIT.label("more_wait"),
    )
    .outerjoin(Card, Card.id == OutboxMessage.card_id)
    .where(_BEING_SENT)
    .order_by(OutboxMessage.id)
)


def sent(
    tx: Tx,
    ids: Sequence[int],
    message_id: int | None,
    *,
    photo_id: int | None = None,
    refused_photo_id: int | None = None,
    photo: tuple[int, str] | None = None,
    buttons: str | None = None,
) -> Outcome:
    """Mark rows as sent as this message, with our photo `photo_id`, or without `refused_photo_id`; `photo` is
    its id and new Telegram id, `buttons` the fingerprint of its buttons.
    """
    outcome, found = Outcome(), tx.session.execute(_TO_END, {"ids": ids}).all()
    outbox.sent(tx, {row.id: row.params for row in found}, message_id)
    for row in found:
        if row.error:
            group_chats.unmuted(tx.session, row.chat_id)
        if row.card_id is not None and message_id is not None:
            if row.shown_by != message_id:
                outcome = _replace(tx, row, message_id, buttons)
            shown = message_id, photo_id, refused_photo_id
            if shown != (row.shown_by, row.photo_id, row.refused_photo_id):
                cards.show(tx.session, row.card_id, *shown)
    if photo is not None:
        kept = tx.session.get(Photo, photo[0])
        # It may have been replaced while it was being sent.
        if kept is not None:
            kept.telegram_file_id = photo[1]
    return replace(outcome, more_wait=any(row.more_wait for row in found))


def _replace(tx: Tx, row: Row[Any], message_id: int, buttons: str | None) -> Outcome:
    """Note what a new message leaves behind: the card's last one, and maybe one that nobody heard of."""
    leftover = None
    if row.shown_by is not None:
        leftover = leftovers.note(tx, row.card_chat, row.shown_by, row.photo_id, row.card_id)
    if row.unsure_at is None or buttons is None:
        return Outcome(leftover)
    leftovers.suspect(tx, tx.session.get_one(Card, row.card_id), message_id, buttons)
    return Outcome(leftover, is_doubtful=True)


def dropped(tx: Tx, ids: Sequence[int], reason: str = "no longer holds") -> Removal | None:
    """Drop rows that are no longer needed; return the message that showed their card, to be removed."""
    gone = None
    for row in rows(tx.session, ids):
        outbox.end(row, OutboxStatus.DROPPED, reason)
        if row.card_id is not None:
            card = tx.session.get_one(Card, row.card_id)
            if card.message_id is not None:
                gone = leftovers.note(tx, card.chat_id, card.message_id, card.photo_id, card.id)
            card.message_id, card.photo_id = None, None
    return gone


def refused(session: Session, ids: Sequence[int], error: str) -> None:
    """Mark rows as failed that Telegram will never accept: a bug, shown to the operator."""
    for row in rows(session, ids):
        outbox.end(row, OutboxStatus.FAILED, error)


def retry_later(tx: Tx, ids: Sequence[int], delay: timedelta, error: str, *, is_unsure: bool = False) -> None:
    """Retry after `delay`, and send nothing to this chat before: Telegram or the network failed.

    `is_unsure`: it may have arrived all the same.
    """
    for row in rows(tx.session, ids):
        row.unsure_at = tx.now if is_unsure else row.unsure_at
        _back(tx.session, row, tx.now + delay, error, holds=True)


def postpone(session: Session, ids: Sequence[int], until: datetime) -> None:
    """Postpone rows until then (UTC) without delaying others to the same chat."""
    for row in rows(session, ids):
        _back(session, row, until, row.error, holds=False)


def failed(tx: Tx, ids: Sequence[int], error: str) -> None:
    """Count a failure of our own; give the message up after the last one.

    Until it is retried, other messages to the same chat are sent.
    """
    for row in rows(tx.session, ids):
        row.attempts += 1
        if row.attempts >= MOST_ATTEMPTS:
            outbox.end(row, OutboxStatus.FAILED, error)
        else:
            _back(tx.session, row, tx.now + timedelta(seconds=2**row.attempts), error, holds=False)


def _back(session: Session, row: OutboxMessage, at: datetime, error: str, *, holds: bool) -> None:
    """Requeue a row for `at`, unless a later row renders its card. `holds` reserves the chat until then."""
    later = row.card_id and session.scalar(
        select(OutboxMessage).filter_by(card_id=row.card_id, status=OutboxStatus.PENDING).with_for_update()
    )
    if later:
        later.renew, later.rings = later.renew or row.renew, later.rings or row.rings
        later.bundle, later.error = later.bundle or row.bundle, without_secrets(error)
        outbox.end(row, OutboxStatus.DROPPED, "drawn by a later row")
        session.flush()
        return
    row.status, row.not_before, row.error = OutboxStatus.PENDING, at, without_secrets(error)
    row.leased_until, row.leased_by = at if holds else None, None


def unreachable(tx: Tx, chat_id: int, reason: str) -> None:
    """Drop the pending messages of a chat that no longer accepts messages from the bot.

    A person is marked as blocked, and the admins of their organizations are told once; a group is unbound.
    """
    outbox.drop(tx.session, OutboxMessage.chat_id == chat_id, reason)
    if chat_id < 0:
        group_chats.lost(tx, chat_id)
    else:
        _mark(tx, chat_id)


def blocked(tx: Tx, account_id: int) -> None:
    """Handle Telegram's notice that a person blocked the bot, which comes before any message fails.

    The admins are told as by `unreachable`, but only about a person with a rental in progress.
    """
    outbox.drop(tx.session, OutboxMessage.chat_id == account_id, "blocked")
    _mark(tx, account_id, only_borrowers=True)


def _mark(tx: Tx, account_id: int, *, only_borrowers: bool = False) -> None:
    account = tx.session.get(ChatAccount, account_id, with_for_update=True)
    if account is None:
        return
    account.blocked_at = account.blocked_at or tx.now
    tx.session.flush()
    links = select(AccountLink).filter_by(account_id=account_id).order_by(AccountLink.id)
    if only_borrowers:
        links = links.where(
            select(Rental.id)
            .where(Rental.user_id == AccountLink.user_id, Rental.status.in_(_GOING_ON))
            .exists()
        )
    for link in tx.session.scalars(links).all():
        _tell_admins(tx, link, f"{UNREACHABLE}:{account_id}:{account.blocked_at:%Y-%m-%d}")


def _tell_admins(tx: Tx, link: AccountLink, once: str) -> None:
    organization = tx.organization_of(link.organization_id)
    for chat, thread in identity.desk_chats(tx, organization):
        outbox.send(
            tx,
            UNREACHABLE,
            chat_id=chat,
            thread_id=thread,
            params={"user_id": link.user_id, "account_id": link.account_id},
            organization_id=organization.id,
            dedup_key=f"{once}:{organization.id}:{chat}",
        )
