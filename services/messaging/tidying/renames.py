"""Cards that show a name or a code which was changed: those of rentals that go on are updated."""

from sqlalchemy import ColumnElement, and_, exists, or_, select

from db.models import AccountLink, Card, Claim, Item, Rental, RentalLine
from db.states import ClaimStatus, RentalStatus
from services.core.tx import Tx
from services.messaging import outbox
from services.messaging.kinds import REMINDER, UNCONFIRMED
from services.messaging.notifications import DESK_CARD, ITEM_CARD, RENTAL_CARD

_GOES_ON = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT)


def of_equipment(tx: Tx, equipment_id: int) -> None:
    """Update the cards that name this equipment."""
    items = select(Item.id).where(Item.equipment_id == equipment_id)
    has_line = exists().where(RentalLine.rental_id == Rental.id, RentalLine.equipment_id == equipment_id)
    _update(tx, has_line, and_(Card.kind == ITEM_CARD, Card.subject_id.in_(items)))


def of_item(tx: Tx, item_id: int) -> None:
    """Update the cards that name this item by its code."""
    has_claim = exists().where(Claim.rental_id == Rental.id, Claim.item_id == item_id)
    is_named = exists().where(RentalLine.rental_id == Rental.id, RentalLine.item_id == item_id)
    _update(tx, or_(has_claim, is_named), and_(Card.kind == ITEM_CARD, Card.subject_id == item_id))


def of_location(tx: Tx, location_id: int) -> None:
    """Update the cards that say that something is to be fetched at this location."""
    is_there = exists().where(
        Claim.rental_id == Rental.id,
        Claim.status == ClaimStatus.HELD,
        Claim.item_id == Item.id,
        Item.location_id == location_id,
    )
    _update(tx, is_there)


def of_member(tx: Tx, user_id: int) -> None:
    """Update the cards that name this member."""
    _update(tx, Rental.user_id == user_id)


def _update(tx: Tx, those: ColumnElement[bool], *others: ColumnElement[bool]) -> None:
    """Update the cards of the rentals for which `those` holds, the reminders of them, and `others`."""
    tx.session.flush()
    goes_on = and_(Rental.organization_id == tx.organization_id, Rental.status.in_(_GOES_ON), those)
    rentals = select(Rental.id).where(goes_on)
    members = select(AccountLink.account_id).join(Rental, Rental.user_id == AccountLink.user_id)
    its = Card.kind.in_((RENTAL_CARD, DESK_CARD, UNCONFIRMED)) & Card.subject_id.in_(rentals)
    reminders = and_(
        Card.kind == REMINDER,
        Card.subject_id == tx.organization_id,
        Card.chat_id.in_(members.where(goes_on)),
    )
    outbox.refresh_cards(tx, or_(its, reminders, *others))
