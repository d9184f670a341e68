"""The outbox: messages queued in the transaction that calls for them. bot/delivery.py delivers them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import EllipsisType
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, insert, null, select, update
from sqlalchemy.orm import Session

from db.models import Card, OutboxMessage
from db.states import Lane, OutboxStatus
from services.core.text import without_secrets
from services.core.tx import Tx

# Built once: these run for each message, and would take longer to build than to run.
_CARD = select(Card).where(
    Card.kind == bindparam("kind"),
    Card.subject_id == bindparam("subject"),
    Card.chat_id == bindparam("chat"),
)
_WAITING = (
    select(OutboxMessage)
    .where(OutboxMessage.card_id == bindparam("card"), OutboxMessage.status == OutboxStatus.PENDING)
    .with_for_update()
)
_SAID = select(OutboxMessage.id).where(OutboxMessage.dedup_key == bindparam("key"))


_CHUNK = 500


@dataclass(frozen=True)
class Known:
    """The cards of one kind and subject by chat, and their pending messages by card; `queued` are the cards
    that have got one since.
    """

    cards: dict[int, Card]
    waiting: dict[int, OutboxMessage]
    queued: set[int] = field(default_factory=set)


def look_up(tx: Tx, kind: str, subject_id: int, chats: Sequence[int]) -> Known:
    """Return what `render_card` would look up for each of these chats."""
    found = Known({}, {})
    for start in range(0, len(chats), _CHUNK):
        its = (Card.kind == kind) & (Card.subject_id == subject_id)
        some = Card.chat_id.in_(chats[start : start + _CHUNK])
        cards = tx.session.scalars(select(Card).where(its, some)).all()
        found.cards.update((card.chat_id, card) for card in cards)
        ids = [card.id for card in cards]
        rows = select(OutboxMessage).where(
            OutboxMessage.card_id.in_(ids), OutboxMessage.status == OutboxStatus.PENDING
        )
        for row in tx.session.scalars(rows.order_by(OutboxMessage.id).with_for_update()) if ids else ():
            if row.card_id is not None:
                found.waiting[row.card_id] = row
    return found


def render_card(
    tx: Tx,
    kind: str,
    subject_id: int,
    *,
    chat_id: int,
    thread_id: int | None = None,
    organization_id: int | EllipsisType | None = ...,
    lane: Lane = Lane.REPLY,
    renew: bool = False,
    rings: bool = True,
    params: dict[str, Any] | None = None,
    not_before: datetime | None = None,
    dedup_key: str | None = None,
    bundle: str | None = None,
    known: Known | None = None,
) -> Card:
    """Queue the card of `kind` about `subject_id` in this chat; it is rendered when it is sent.

    A card has at most one pending message. `organization_id` names another one than the transaction's, or
    one that it does not know. `renew` sends it as a new message at the end of the chat, as after a typed
    answer, and removes the old one. It makes a sound unless it answers whoever acts, or `rings` says no.
    `params`: how to render it this time, such as the page.
    `not_before`: the moment in UTC until which it may wait for more to show; a call without one sends it now.
    `dedup_key`: of what is said with it, which the caller has checked to be new (`was_said`). `bundle`: all
    that waits of it is said with the card. `known`: looked up before, for many chats at once.
    """
    if isinstance(organization_id, EllipsisType):
        organization_id = tx.known_organization_id
    if known is not None:
        card = known.cards.get(chat_id)
    else:
        card = tx.session.scalar(_CARD, {"kind": kind, "subject": subject_id, "chat": chat_id})
    is_new = card is None
    if card is None:
        card = Card(
            kind=kind,
            subject_id=subject_id,
            chat_id=chat_id,
            thread_id=thread_id,
            organization_id=organization_id,
        )
        tx.session.add(card)
        tx.session.flush()
    message = _Values(
        organization_id=organization_id,
        chat_id=chat_id,
        thread_id=thread_id,
        lane=lane,
        kind=kind,
        card_id=card.id,
        renew=renew,
        rings=rings and (renew or card.message_id is None) and chat_id != tx.answering,
        params=params or {},
        bundle=bundle,
        dedup_key=dedup_key,
        not_before=not_before or tx.now,
        created_at=tx.now,
    )
    if known is not None and card.id not in known.queued:
        waiting = known.waiting.get(card.id)
    else:
        waiting = None if is_new else _waiting(tx.session, card)
    if waiting is None:
        _queue(tx, message)
        if known is not None:
            known.cards[chat_id] = card
            known.queued.add(card.id)
    elif bundle is not None and waiting.bundle == bundle:
        _queue(tx, {**message, "card_id": None})  # it goes out with the one that waits
    else:
        _join(waiting, message, has_params=params is not None)
        tx.session.flush()
    return card


_Values = dict[str, Any]
"""The columns of a message, by name."""

_QUEUE = insert(OutboxMessage.__table__)  # type: ignore[arg-type]


def _queue(tx: Tx, *messages: _Values) -> None:
    """Add messages, without objects for them: a flush of one takes twice as long."""
    tx.session.flush()  # what they refer to
    tx.session.connection().execute(_QUEUE, messages)


def _waiting(session: Session, card: Card) -> OutboxMessage | None:
    """Return the pending message of this card, locked."""
    return session.scalar(_WAITING, {"card": card.id})


def _join(waiting: OutboxMessage, message: _Values, *, has_params: bool) -> None:
    """Merge a new message of a card into its pending one."""
    waiting.renew = waiting.renew or message["renew"]
    waiting.rings = waiting.rings or message["rings"]
    waiting.bundle = message.get("bundle") or waiting.bundle
    waiting.params = message["params"] if has_params else waiting.params
    waiting.dedup_key = message.get("dedup_key") or waiting.dedup_key
    waiting.not_before = min(waiting.not_before, message["not_before"])
    if message["lane"] is Lane.REPLY:
        waiting.lane = Lane.REPLY


def refresh_card(
    tx: Tx, *, kind: str, subject_id: int, lane: Lane = Lane.NOTICE, but: Collection[int] = ()
) -> None:
    """Update all cards of `kind` about `subject_id`, wherever they are, except for ids in `but`."""
    refresh_selected(tx, _ABOUT, {"kind": kind, "subject": subject_id}, lane=lane, but=but)


def cards_where(those: ColumnElement[bool]) -> Select[Card]:
    """Return the statement of these cards; one that runs often is built once, with parameters."""
    return select(Card).where(those).order_by(Card.id)


_ABOUT = cards_where((Card.kind == bindparam("kind")) & (Card.subject_id == bindparam("subject")))


def refresh_cards(tx: Tx, those: ColumnElement[bool], *, lane: Lane = Lane.NOTICE) -> None:
    """Update these cards, wherever they are."""
    refresh_selected(tx, cards_where(those), {}, lane=lane)


def refresh_selected(
    tx: Tx,
    query: Select[Card],
    values: Mapping[str, Any],
    *,
    lane: Lane = Lane.NOTICE,
    but: Collection[int] = (),
) -> None:
    """Update the cards of a statement, wherever they are, except for those with ids in `but`."""
    new: list[_Values] = []
    for card in tx.session.scalars(query, values).all():
        if card.id in but:
            continue
        message = _Values(
            organization_id=card.organization_id,
            chat_id=card.chat_id,
            thread_id=card.thread_id,
            lane=lane,
            kind=card.kind,
            card_id=card.id,
            renew=False,
            rings=False,
            params={},
            not_before=tx.now,
            created_at=tx.now,
        )
        waiting = _waiting(tx.session, card)
        if waiting is None:
            new.append(message)
        else:
            _join(waiting, message, has_params=False)
    if new:
        _queue(tx, *new)
    else:
        tx.session.flush()


def card_of(tx: Tx, message: OutboxMessage) -> Card:
    """Return the card that this message renders."""
    return tx.session.get_one(Card, message.card_id)


_LAST_PARAMS = (
    select(OutboxMessage.params)
    .where(OutboxMessage.card_id == bindparam("card"))
    .order_by(OutboxMessage.id.desc())
    .limit(1)
)


def last_params(tx: Tx, card_id: int) -> dict[str, Any]:
    """Return the `params` of the newest message of this card."""
    return tx.session.scalar(_LAST_PARAMS, {"card": card_id}) or {}


def asked_with(tx: Tx, message: OutboxMessage) -> dict[str, Any]:
    """Return the `params` with which the card of this message was last sent as a new message."""
    if message.renew:
        return message.params
    query = select(OutboxMessage.params).where(
        OutboxMessage.card_id == message.card_id,
        OutboxMessage.renew.is_(True),
        OutboxMessage.status.in_([OutboxStatus.SENT, OutboxStatus.SENDING]),
    )
    return tx.session.scalars(query.order_by(OutboxMessage.id.desc()).limit(1)).first() or {}


def detach(session: Session, card: Card) -> None:
    """Detach a card and its pending message from their organization."""
    card.organization_id = None
    for waiting in session.scalars(
        select(OutboxMessage).filter_by(card_id=card.id, status=OutboxStatus.PENDING)
    ):
        waiting.organization_id = None
    session.flush()


def send(
    tx: Tx,
    kind: str,
    *,
    chat_id: int,
    params: dict[str, Any] | None = None,
    lane: Lane = Lane.NOTICE,
    thread_id: int | None = None,
    organization_id: int | EllipsisType | None = ...,
    dedup_key: str | None = None,
    is_new: bool = False,
    bundle: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Queue a message; return False, and queue nothing, where `dedup_key` was used before.

    `organization_id`: as for `render_card`. `is_new`: the caller has just checked that the key is new.
    """
    if dedup_key is not None and not is_new and was_said(tx.session, dedup_key):
        return False
    if isinstance(organization_id, EllipsisType):
        organization_id = tx.known_organization_id
    message = _Values(
        organization_id=organization_id,
        chat_id=chat_id,
        thread_id=thread_id,
        lane=lane,
        kind=kind,
        rings=chat_id != tx.answering,
        params=params or {},
        bundle=bundle,
        dedup_key=dedup_key,
        not_before=not_before or tx.now,
        created_at=tx.now,
    )
    _queue(tx, message)
    return True


WROTE, PICTURE = "wrote", "picture"
"""Parameters of a message from one person to another: the text, and Telegram's id of a photo."""

STRUCK = frozenset({"link", WROTE, PICTURE})
"""Parameters that go once a message is sent or given up: an invite admits anybody who has its link, and
what people write to each other is nobody else's business.
"""


def end(row: OutboxMessage, status: OutboxStatus, error: str = "") -> None:
    """Note what became of a message: sent, dropped or failed."""
    row.status, row.leased_until, row.leased_by = status, None, None
    row.error = without_secrets(error)
    row.params = _without_struck(row.params)


def _without_struck(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name not in STRUCK}


# Not by objects: it runs for each message.
_SENT = (
    update(OutboxMessage.__table__)  # type: ignore[arg-type]
    .where(OutboxMessage.id.in_(bindparam("ids", expanding=True)))
    .values(
        status=OutboxStatus.SENT,
        leased_until=null(),
        leased_by=null(),
        error="",
        sent_at=bindparam("now"),
        message_id=bindparam("message"),
    )
)
_STRIKE = (
    update(OutboxMessage.__table__)  # type: ignore[arg-type]
    .where(OutboxMessage.id == bindparam("one"))
    .values(params=bindparam("rest"))
)


def sent(tx: Tx, params: Mapping[int, Mapping[str, Any]], message_id: int | None) -> None:
    """Note that messages were sent as this one; `params` are theirs, by their ids."""
    connection = tx.session.connection()
    if params:
        connection.execute(_SENT, {"ids": list(params), "now": tx.now, "message": message_id})
    for one, its in params.items():
        if not STRUCK.isdisjoint(its):
            connection.execute(_STRIKE, {"one": one, "rest": _without_struck(its)})


def drop(session: Session, those: ColumnElement[bool], reason: str) -> None:
    """Drop these messages, as far as they wait or are on their way."""
    alive = OutboxMessage.status.in_([OutboxStatus.PENDING, OutboxStatus.SENDING])
    for row in session.scalars(select(OutboxMessage).where(those, alive).with_for_update()):
        end(row, OutboxStatus.DROPPED, reason)
    session.flush()


def was_said(session: Session, dedup_key: str) -> bool:
    """Return whether a message with this deduplication key was queued before."""
    return session.scalar(_SAID, {"key": dedup_key}) is not None
