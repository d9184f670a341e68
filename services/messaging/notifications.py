"""Notifications: the cards and messages that a change calls for. They are rendered when they are sent."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select

from db.models import AccountLink, Card, Claim, Equipment, Item, JoinRequest, Location, Rental, User
from db.states import ClaimStatus, Lane, RentalStatus
from services.core import identity
from services.core.tx import Tx
from services.messaging import cards, outbox, pending_requests, recipients
from services.messaging.kinds import DIGEST, REMINDER, UNCONFIRMED

RENTAL_CARD = "rental"
"""The member's card of one rental, in private."""

DESK_CARD = "desk"
"""The approvers' and lenders' card of one rental."""

PUT_AWAY_CARD = "put_away"
"""The question where returned items were put, to the person who took them back; its subject is the return."""

ADMISSION_CARD = "admission"
"""The admins' card of a request to join."""

ITEM_CARD = "item"
"""A lender's card of an item with its current rental; its subject is the item."""

DAY_CARD = "desk_day"
"""A lender's worklist of the day, in private; its subject is the organization."""

PIECES_CARD = "pieces_at_desk"
"""A lender's list of the free pieces of what they named, in private; its subject is the organization."""

DAMAGE_CARD = "damage"
"""The admins' card of a damage note, which is its subject."""


ONLY_PART = "only_part"
"""Kind of the message to a member of whose request only a part was approved."""

PLACE_CHANGED = "place_changed"
"""Kind of the message to a member whose items now lie elsewhere than their card said."""

_ANSWERED = (
    RentalStatus.APPROVED,
    RentalStatus.DECLINED,
    RentalStatus.CANCELLED,
    RentalStatus.EXPIRED,
)
"""Statuses that a request was just given."""


def update_member_card(
    tx: Tx, rental: Rental, *, notify: bool = False, rings: bool = True, by: int | None = None
) -> None:
    """Update the member's card; with `notify=True`, send a new message so that the phone rings, or without a
    sound where `rings` says so, as for what the member stands by and sees.

    If the member cannot be reached, their stand-ins (services/messaging/recipients.py) get the desk's card,
    except for the user `by` whom it happened.
    """
    accounts = identity.accounts_of(tx.session, rental.user_id)
    for account in accounts:
        outbox.render_card(
            tx,
            RENTAL_CARD,
            rental.id,
            chat_id=account,
            organization_id=rental.organization_id,
            lane=Lane.REPLY,
            renew=notify,
            rings=rings,
        )
    for account in recipients.stand_ins(tx, rental, but=by) if notify and not accounts else ():
        outbox.render_card(
            tx,
            DESK_CARD,
            rental.id,
            chat_id=account,
            organization_id=rental.organization_id,
            lane=Lane.REPLY,
            renew=True,
        )


def update_desk_card(tx: Tx, rental: Rental, *, notify: bool = False) -> None:
    """Update the approvers' card where it was sent; with `notify=True`, send it to the current desk chats.

    Beyond a few pending requests, one goes to the pile (services/messaging/pending_requests.py) instead of
    getting a card of its own.
    """
    is_request = rental.status is RentalStatus.REQUESTED
    drawn = []
    if notify:
        organization = tx.organization_of(rental.organization_id)
        for chat, thread in identity.desk_chats(tx, organization):
            if is_request and pending_requests.takes(tx, organization, chat, thread):
                continue
            card = outbox.render_card(
                tx,
                DESK_CARD,
                rental.id,
                chat_id=chat,
                thread_id=thread,
                organization_id=rental.organization_id,
                lane=Lane.REPLY,
                renew=True,
            )
            drawn.append(card.id)
    _refresh(tx, _OF_DESK, rental, but=drawn)
    if rental.status in _ANSWERED:
        pending_requests.follow(tx, rental.organization_id)


_RENTAL: BindParameter[int] = bindparam("rental")

_THINGS = and_(
    Card.kind == ITEM_CARD, Card.subject_id.in_(select(Claim.item_id).where(Claim.rental_id == _RENTAL))
)

# Of whoever may be reminded of a rental: its member, and those who may stand in (recipients.py).
_REMINDERS = and_(
    Card.kind == REMINDER,
    Card.subject_id == bindparam("organization"),
    Card.chat_id.in_(
        select(AccountLink.account_id).where(
            or_(
                AccountLink.user_id.in_([bindparam("member"), bindparam("lender")]),
                AccountLink.user_id.in_(
                    select(Claim.out_by).where(Claim.rental_id == _RENTAL, Claim.out_by.is_not(None))
                ),
            )
        )
    ),
)

_CARDS = and_(Card.kind.in_((RENTAL_CARD, DESK_CARD)), Card.subject_id == _RENTAL)
_AT_DESK = and_(Card.kind.in_((DESK_CARD, UNCONFIRMED)), Card.subject_id == _RENTAL)

_OF_THINGS = outbox.cards_where(_THINGS)
_OF_REMINDERS = outbox.cards_where(_REMINDERS)
_OF_RENTAL = outbox.cards_where(_CARDS)
_OF_RENTAL_AND_REMINDERS = outbox.cards_where(or_(_CARDS, _REMINDERS))
_DIGEST = and_(Card.kind == DIGEST, Card.subject_id == bindparam("late"), Card.message_id.is_not(None))
_OF_DESK = outbox.cards_where(or_(_AT_DESK, _THINGS, _REMINDERS, _DIGEST))


_LISTED = (RentalStatus.OUT, RentalStatus.RETURNED)
"""Statuses of what is, or was until now, on the day's list of what is overdue."""


def _refresh(
    tx: Tx, query: Select[Card], rental: Rental, *, lane: Lane = Lane.REPLY, but: Collection[int] = ()
) -> None:
    """Update the cards of one of the statements above, for this rental."""
    is_late = rental.status in _LISTED and rental.due_at is not None and rental.due_at <= tx.now
    values = {
        # The day's list has what is overdue: it changes with that alone.
        "late": rental.organization_id if is_late else 0,
        "rental": rental.id,
        "organization": rental.organization_id,
        "member": rental.user_id,
        "lender": rental.entered_by or rental.user_id,
    }
    outbox.refresh_selected(tx, query, values, lane=lane, but=but)


def update_reminders(tx: Tx, rental: Rental) -> None:
    """Update the reminders of a rental, wherever they are; the desk's card takes them with it."""
    _refresh(tx, _OF_REMINDERS, rental)


def refresh_item_card(tx: Tx, item_id: int) -> None:
    """Update the desk's cards of an item, wherever they are."""
    outbox.refresh_card(tx, kind=ITEM_CARD, subject_id=item_id, lane=Lane.REPLY)


def refresh_pieces(tx: Tx, chat_id: int) -> None:
    """Update the list of pieces in this chat, where there is one, with the same pieces."""
    card = cards.find(tx.session, PIECES_CARD, tx.organization_id, chat_id)
    if card is not None:
        params = outbox.last_params(tx, card.id)
        outbox.render_card(tx, PIECES_CARD, card.subject_id, chat_id=chat_id, params=params)


def redraw(tx: Tx, rental: Rental, *, with_reminders: bool = True) -> None:
    """Update the existing cards of a rental, the member's and the desk's, without notifying anybody."""
    _refresh(tx, _OF_RENTAL_AND_REMINDERS if with_reminders else _OF_RENTAL, rental, lane=Lane.NOTICE)
    _refresh(tx, _OF_THINGS, rental)


def tell_member(tx: Tx, rental: Rental, kind: str, **params: Any) -> None:
    """Send a separate message to the member, or their stand-ins, which a card would not announce enough."""
    for account in recipients.accounts(tx, rental):
        outbox.send(
            tx,
            kind,
            chat_id=account,
            params={"rental_id": rental.id, **params},
            organization_id=rental.organization_id,
            lane=Lane.REPLY,
        )


def tell_places(tx: Tx, rental: Rental, things: Sequence[Sequence[str | None]]) -> None:
    """Tell a member that what they are to fetch lies elsewhere: name, code and place of each."""
    if rental.status in (RentalStatus.APPROVED, RentalStatus.OUT):
        tell_member(tx, rental, PLACE_CHANGED, things=[list(one) for one in things])


def item_moved(tx: Tx, item: Item, before: int | None) -> None:
    """Tell the member who fetches an item next that it lies elsewhere; update the cards of all who will."""
    if before is None or before == item.location_id:
        return
    tx.session.flush()
    rentals = tx.session.scalars(
        select(Rental)
        .join(Claim, Claim.rental_id == Rental.id)
        .where(
            Claim.item_id == item.id,
            Claim.status == ClaimStatus.HELD,
            Claim.blocked_until > tx.now,
            Rental.status.in_((RentalStatus.APPROVED, RentalStatus.OUT)),
        )
        .order_by(Claim.starts_at)
    ).all()
    if not rentals:
        return
    name = tx.session.get_one(Equipment, item.equipment_id).name
    place = tx.session.get(Location, item.location_id) if item.location_id is not None else None
    tell_places(tx, rentals[0], [[name, item.code, place.name if place is not None else None]])
    for rental in rentals:
        redraw(tx, rental)


def tell_user(tx: Tx, user: User, kind: str, accounts: Iterable[int] | None = None, **params: Any) -> None:
    """Send a message about themselves to all of a member's accounts, or to the given ones."""
    for account in identity.accounts_of(tx.session, user.id) if accounts is None else accounts:
        tell_account(tx, account, user.organization_id, kind, user_id=user.id, **params)


def tell_account(tx: Tx, account_id: int, organization_id: int, kind: str, **params: Any) -> None:
    """Send a message to an account, which need not be linked to a member of this organization any more."""
    outbox.send(tx, kind, chat_id=account_id, params=params, organization_id=organization_id, lane=Lane.REPLY)


def update_join_request_card(tx: Tx, request: JoinRequest, *, notify: bool = False) -> None:
    """Update the card of a request to join; with `notify=True`, send it to the current desk chats."""
    if notify:
        organization = tx.organization_of(request.organization_id)
        for chat, thread in identity.desk_chats(tx, organization):
            outbox.render_card(
                tx,
                ADMISSION_CARD,
                request.id,
                chat_id=chat,
                thread_id=thread,
                organization_id=request.organization_id,
                renew=True,
            )
    outbox.refresh_card(tx, kind=ADMISSION_CARD, subject_id=request.id, lane=Lane.REPLY)
