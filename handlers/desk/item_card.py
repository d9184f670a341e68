"""The card of an item that a lender scanned or named by its code, with the next action as a button."""

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from db.models import Claim, Item, OutboxMessage, Rental
from db.states import ClaimStatus, RentalStatus, Role
from handlers.desk import item_card_views as views
from handlers.desk import worklist
from handlers.desk.item_card_views import InHandView
from handlers.i18n.texts import Texts
from handlers.inventory import browse
from handlers.ui.callbacks import Tap, number
from handlers.ui.cards import subject_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core import identity, periods
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkout, lookup
from services.inventory import catalog
from services.maintenance import damage
from services.messaging import notifications, outbox
from services.rentals import queries

LABEL = "i_"
"""The prefix of a label's start parameter (`?start=i_…`)."""


def show(step: Request, item: Item) -> None:
    """Send an item's card. Raises NOT_ALLOWED."""
    step.actor_in(item.organization_id).require(Role.LENDER)
    _draw(step, notifications.ITEM_CARD, item.id, item.organization_id)


def _draw(step: Request, kind: str, subject_id: int, organization_id: int) -> None:
    outbox.render_card(
        step.tx,
        kind,
        subject_id,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        organization_id=organization_id,
        renew=True,
    )


def begin(step: Request, actor: Actor, words: str, status: ClaimStatus) -> None:
    """Send the card of the rental with this number, or of the item with this code or label.

    Raises NOT_ALLOWED, and NOT_FOUND where no claim of it has this status.
    """
    actor.require(Role.LENDER)
    by_number = number(words)
    rental = lookup.rental_by_number(step.by(actor), by_number) if by_number is not None else None
    if rental is not None and checkout.claims_of(step.session, rental, status):
        _draw(step, notifications.DESK_CARD, rental.id, rental.organization_id)
        return
    item = _item(step.by(actor), words)
    use = lookup.current_use(step.tx, item.id) if item is not None else None
    if item is None or use is None or use[0].status is not status:
        raise Refusal(Refused.NOT_FOUND)
    claim, rental = use
    if is_for_the_desk(claim, rental, step.texts):
        show(step, item)
    else:
        _draw(step, notifications.DESK_CARD, rental.id, rental.organization_id)


def hand_out_command(step: Request, words: str) -> None:
    _at_desk(step, words, ClaimStatus.HELD)


def take_back_command(step: Request, words: str) -> None:
    _at_desk(step, words, ClaimStatus.OUT)


def _at_desk(step: Request, words: str, status: ClaimStatus) -> None:
    """Send the card that the command's words name, or the day's worklist without words."""
    if not words.strip():
        worklist.begin(step)
        return
    begin(step, step.active(), words.strip(), status)


def _item(tx: Tx, words: str) -> Item | None:
    """Return the item with this code, or with this label: its link, or the link's start parameter."""
    token = words.rpartition("start=")[2]
    if token.startswith(LABEL):
        return catalog.item_by_label(tx, token.removeprefix(LABEL))
    return catalog.item_by_code(tx, words)


def is_for_the_desk(claim: Claim, rental: Rental, t: Texts) -> bool:
    """Return whether the claim is out or goes out today; later ones do not matter at the desk."""
    if claim.status is ClaimStatus.OUT:
        return True
    tonight = periods.start_of_day(t.today + timedelta(days=1), t.zone)
    return rental.status in (RentalStatus.APPROVED, RentalStatus.OUT) and claim.starts_at < tonight


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    described = lookup.describe(tx, subject_of(tx, rows[0]))
    item = described.item
    use = lookup.current_use(tx, item.id)
    if use is not None and not is_for_the_desk(*use, t):
        use = None
    v = queries.view(tx, use[1]) if use is not None else None
    return views.card(
        t,
        InHandView(
            item_id=item.id,
            code=item.code,
            name=described.equipment,
            place=described.location,
            condition=item.condition,
            notes=tuple(note.note for note in damage.open_ones(tx.session, item.id)),
            rental=v,
            for_keeper=_keeps(tx, item, rows[0].chat_id, t),
            piece=next((p for p in v.pieces if p.claim_id == use[0].id), None) if v and use else None,
        ),
    )


def _keeps(tx: Tx, item: Item, chat_id: int, t: Texts) -> bool:
    """Return whether the reader is an admin, who maintains the inventory."""
    try:
        actor = identity.resolve(tx, account_id=chat_id, organization_id=item.organization_id)
    except Refusal:
        return False
    return actor.has_role(Role.ADMIN)


def keep(step: Request, tap: Tap) -> Markup | None:
    """Open the item in the inventory."""
    item = lookup.item(step.tx, tap.id)
    step.actor_in(item.organization_id).require(Role.ADMIN)
    step.turn_to(item.organization_id)
    browse.begin_at(step, item)
    return None


def hand_out(step: Request, tap: Tap) -> Markup | None:
    """Check out this item. Raises OUTDATED where the rental was allocated another one meanwhile."""
    item = lookup.item(step.tx, tap.id)
    actor = step.actor_in(item.organization_id)
    claim = lookup.claim(step.tx, number(tap.arg))
    if claim.organization_id != item.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    actor.require(Role.LENDER)
    if claim.item_id != item.id:
        raise Refusal(Refused.OUTDATED)
    checkout.hand_out(step.by(actor), claim.rental_id or 0, only=[claim.id])
    return step.texts("Handed out.")
