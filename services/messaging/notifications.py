"""Which cards and messages a change calls for. Rows only: the wording is drawn when they are sent."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from db.models import Card, Claim, JoinRequest, Rental, User
from db.states import Lane, RentalStatus
from services.core import identity
from services.core.tx import Tx
from services.messaging import outbox, pending_requests, recipients

RENTAL_CARD = "rental"
"""The member's card of one rental, in private."""

DESK_CARD = "desk"
"""The same rental as those see it who decide and hand out."""

PUT_AWAY_CARD = "put_away"
"""The question where things were put that came back, to whoever took them; its subject is the hand-over."""
ADMISSION_CARD = "admission"
"""Somebody asks to become a member, as those see it who decide."""

ITEM_CARD = "item"
"""One thing in a lender's hand: whose it is now; its subject is the item."""

DAY_CARD = "desk_day"
"""The day at the desk, for a lender in private; its subject is the organisation."""

DAMAGE_CARD = "damage"
"""What is wrong with an item, for those who decide; its subject is the damage note."""


_ANSWERED = (
    RentalStatus.APPROVED,
    RentalStatus.DECLINED,
    RentalStatus.CANCELLED,
    RentalStatus.EXPIRED,
)
"""What a request may have become a moment ago."""


def update_member_card(tx: Tx, rental: Rental, *, notify: bool = False, by: int | None = None) -> None:
    """Draw the member's card; with `notify` anew at the end of the chat, so that the phone is heard.

    Where nobody can write to the member, whoever stands in for them gets the desk's card
    (services/messaging/recipients.py); not the user `by` whom it happened.
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
    """Draw the card of those who decide; with `notify` where they are now, else wherever it already is.

    A request among many goes to the pile instead of having a card of its own
    (services/messaging/pending_requests.py).
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
    outbox.refresh_cards(tx, _at_desk(rental), lane=Lane.REPLY, but=drawn)
    if rental.status in _ANSWERED:
        pending_requests.follow(tx, rental.organization_id)


def _at_desk(rental: Rental) -> ColumnElement[bool]:
    """SQL: the desk's cards of a rental, and those of its things."""
    return or_(and_(Card.kind == DESK_CARD, Card.subject_id == rental.id), _of_things(rental))


def _of_things(rental: Rental) -> ColumnElement[bool]:
    things = select(Claim.item_id).where(Claim.rental_id == rental.id)
    return and_(Card.kind == ITEM_CARD, Card.subject_id.in_(things))


def refresh_item_card(tx: Tx, item_id: int) -> None:
    """The cards of one thing at the desk, wherever they are."""
    outbox.refresh_card(tx, kind=ITEM_CARD, subject_id=item_id, lane=Lane.REPLY)


def redraw(tx: Tx, rental: Rental) -> None:
    """Draw the cards that there are of a rental again, the member's and the desk's. Nobody hears of it."""
    outbox.refresh_cards(tx, and_(Card.kind.in_((RENTAL_CARD, DESK_CARD)), Card.subject_id == rental.id))
    outbox.refresh_cards(tx, _of_things(rental), lane=Lane.REPLY)


def tell_member(tx: Tx, rental: Rental, kind: str, **params: Any) -> None:
    """A message of its own to the member, or to whoever stands in: what the card would say too quietly."""
    for account in recipients.accounts(tx, rental):
        outbox.send(
            tx,
            kind,
            chat_id=account,
            params={"rental_id": rental.id, **params},
            organization_id=rental.organization_id,
            lane=Lane.REPLY,
        )


def tell_user(tx: Tx, user: User, kind: str, accounts: Iterable[int] | None = None, **params: Any) -> None:
    """A message about themselves, to all of a person's accounts, or to these."""
    for account in identity.accounts_of(tx.session, user.id) if accounts is None else accounts:
        tell_account(tx, account, user.organization_id, kind, user_id=user.id, **params)


def tell_account(tx: Tx, account_id: int, organization_id: int, kind: str, **params: Any) -> None:
    """The same to an account that leads to nobody there, or not any more."""
    outbox.send(tx, kind, chat_id=account_id, params=params, organization_id=organization_id, lane=Lane.REPLY)


def update_join_request_card(tx: Tx, request: JoinRequest, *, notify: bool = False) -> None:
    """Draw the card of somebody who asks to join; with `notify` where those who decide are now."""
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
