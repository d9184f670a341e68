"""A thing that a lender holds: scanned, or called by its code. Its card does what is done next in one tap."""

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from db.models import Claim, Equipment, Item, Location, OutboxMessage, Rental
from db.states import ClaimStatus, RentalStatus, Role
from handlers.desk import item_card_views as views
from handlers.desk import worklist
from handlers.desk.item_card_views import InHandView
from handlers.i18n.texts import Texts
from handlers.inventory import browse
from handlers.ui.callbacks import Tap, number
from handlers.ui.cards import subject_of
from handlers.ui.message import Message
from handlers.ui.request import Step
from services.core import identity, periods
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkout
from services.inventory import catalog
from services.maintenance import damage
from services.messaging import notifications, outbox
from services.rentals import queries

LABEL = "i_"
"""How what a label's code says begins (`?start=i_…`)."""


def show(step: Step, item: Item) -> None:
    """Its card, at the end of the chat. Raises NOT_ALLOWED."""
    step.actor_in(item.organization_id).require(Role.LENDER)
    _draw(step, notifications.ITEM_CARD, item.id, item.organization_id)


def _draw(step: Step, kind: str, subject_id: int, organization_id: int) -> None:
    outbox.render_card(
        step.tx,
        kind=kind,
        subject_id=subject_id,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        organization_id=organization_id,
        renew=True,
    )


def begin(step: Step, actor: Actor, words: str, status: ClaimStatus) -> None:
    """`/handout` and `/takeback`: the rental with this number, or the item with this code or label.

    Raises NOT_ALLOWED, and NOT_FOUND where nothing of it is in this status.
    """
    actor.require(Role.LENDER)
    rental = _by_number(step.by(actor), words)
    if rental is not None and checkout.claims_of(step.session, rental, status):
        _draw(step, notifications.DESK_CARD, rental.id, rental.organization_id)
        return
    item = _item(step.by(actor), words)
    claim = checkout.current_claim(step.tx, item.id) if item is not None else None
    rental = step.session.get(Rental, claim.rental_id) if claim is not None and claim.rental_id else None
    if item is None or claim is None or rental is None or claim.status is not status:
        raise Refusal(Refused.NOT_FOUND)
    if is_for_the_desk(claim, rental, step.texts):
        show(step, item)
    else:
        _draw(step, notifications.DESK_CARD, rental.id, rental.organization_id)


def hand_out_command(step: Step, words: str) -> None:
    _at_desk(step, words, ClaimStatus.HELD)


def take_back_command(step: Step, words: str) -> None:
    _at_desk(step, words, ClaimStatus.OUT)


def _at_desk(step: Step, words: str, status: ClaimStatus) -> None:
    """The desk's card of the rental with this number, or of the item with this code or label."""
    if not words.strip():
        worklist.begin(step)
        return
    begin(step, step.active(), words.strip(), status)


def _by_number(tx: Tx, words: str) -> Rental | None:
    id_ = number(words)
    rental = tx.session.get(Rental, id_) if id_ is not None else None
    if rental is None or rental.organization_id != tx.actor.organization_id or not rental.requested_at:
        return None
    return rental


def _item(tx: Tx, words: str) -> Item | None:
    """By its code, or by what its label says: the link, or the end of it."""
    token = words.rpartition("start=")[2]
    if token.startswith(LABEL):
        return catalog.item_by_label(tx, token.removeprefix(LABEL))
    return catalog.item_by_code(tx, words)


def is_for_the_desk(claim: Claim, rental: Rental, t: Texts) -> bool:
    """It is out, or goes out today: what somebody has for later concerns nobody who holds it now."""
    if claim.status is ClaimStatus.OUT:
        return True
    tonight = periods.start_of_day(t.today + timedelta(days=1), t.zone)
    return rental.status in (RentalStatus.APPROVED, RentalStatus.OUT) and claim.starts_at < tonight


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    item = tx.session.get_one(Item, subject_of(tx, rows[0]))
    claim = checkout.current_claim(tx, item.id)
    rental = tx.session.get(Rental, claim.rental_id) if claim is not None and claim.rental_id else None
    if claim is not None and (rental is None or not is_for_the_desk(claim, rental, t)):
        rental = None
    v = queries.view(tx, rental) if rental is not None else None
    place = tx.session.get(Location, item.location_id) if item.location_id is not None else None
    return views.card(
        t,
        InHandView(
            item_id=item.id,
            code=item.code,
            name=tx.session.get_one(Equipment, item.equipment_id).name,
            place=place.name if place is not None else None,
            condition=item.condition,
            notes=tuple(note.note for note in damage.open_ones(tx.session, item.id)),
            rental=v,
            for_keeper=_keeps(tx, item, rows[0].chat_id, t),
            piece=next((p for p in v.pieces if claim and p.claim_id == claim.id), None) if v else None,
        ),
    )


def _keeps(tx: Tx, item: Item, chat_id: int, t: Texts) -> bool:
    """Whether who reads it looks after the inventory."""
    try:
        actor = identity.resolve(tx, account_id=chat_id, organization_id=item.organization_id)
    except Refusal:
        return False
    return actor.has_role(Role.ADMIN)


def keep(step: Step, tap: Tap) -> Markup | None:
    """To its card in the inventory."""
    item = step.session.get(Item, tap.id)
    if item is None:
        raise Refusal(Refused.NOT_FOUND)
    step.actor_in(item.organization_id).require(Role.ADMIN)
    step.turn_to(item.organization_id)
    browse.begin_at(step, item)
    return None


def hand_out(step: Step, tap: Tap) -> Markup | None:
    """This very item. Raises OUTDATED where the rental is to get another one by now."""
    item, claim_id = step.session.get(Item, tap.id), number(tap.arg)
    if item is None:
        raise Refusal(Refused.NOT_FOUND)
    actor = step.actor_in(item.organization_id)
    claim = step.session.get(Claim, claim_id) if claim_id is not None else None
    if claim is None or claim.rental_id is None or claim.organization_id != item.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    actor.require(Role.LENDER)
    if claim.item_id != item.id:
        raise Refusal(Refused.OUTDATED)
    checkout.hand_out(step.by(actor), claim.rental_id, only=[claim.id])
    return step.texts("Handed out.")
