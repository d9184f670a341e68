"""The card of an item that a lender scanned or named by its code, with the next action as a button."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import Item, OutboxMessage
from db.states import ClaimStatus, Role
from handlers.desk import item_card_views as views
from handlers.desk.item_card_views import Happened, InHandView, Promise
from handlers.i18n.texts import Texts
from handlers.inventory import browse
from handlers.rentals.booking import conversation as booking
from handlers.ui.callbacks import Tap, number
from handlers.ui.cards import subject_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkout, counter, lookup, swaps
from services.desk.lookup import Use
from services.inventory import catalog, listing
from services.maintenance import damage
from services.messaging import notifications, outbox
from services.rentals import numbers, queries

LABEL = "i_"
"""The prefix of a label's start parameter (`?start=i_…`)."""


def show(step: Request, item: Item) -> None:
    """Send an item's card. Raises NOT_ALLOWED."""
    actor = step.actor_in(item.organization_id)
    actor.require(Role.LENDER)
    use = lookup.at_hand(step.by(actor), item).today
    # The card tells from it what has happened since.
    remembered: dict[str, int | str] = {"claim": 0}
    if use is not None:
        remembered = {"claim": use.claim.id, "status": use.claim.status}
    _draw(step, notifications.ITEM_CARD, item.id, item.organization_id, remembered)


def _draw(
    step: Request,
    kind: str,
    subject_id: int,
    organization_id: int,
    params: dict[str, int | str] | None = None,
) -> None:
    outbox.render_card(
        step.tx,
        kind,
        subject_id,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        organization_id=organization_id,
        renew=True,
        params=params,
    )


def begin(step: Request, actor: Actor, words: str, *statuses: ClaimStatus) -> bool:
    """Send the card of the rental with this number, or of the item with this code or label; return whether
    there is one.

    A number that is also a code is the rental's where it has claims in these statuses. Raises NOT_ALLOWED.
    """
    actor.require(Role.LENDER)
    rental = numbers.find(step.by(actor), words)
    fits = rental is not None and any(checkout.claims_of(step.session, rental, one) for one in statuses)
    item = None if fits else named(step.by(actor), words)
    if item is not None:
        show(step, item)
    elif rental is not None:
        _draw(step, notifications.DESK_CARD, rental.id, rental.organization_id)
    return item is not None or rental is not None


def named(tx: Tx, words: str) -> Item | None:
    """Return the item with this code or serial number, or with this label: its link, or its parameter."""
    token = words.rpartition("start=")[2]
    if token.startswith(LABEL):
        return catalog.item_by_label(tx, token.removeprefix(LABEL))
    return listing.item_by_number(tx, words)


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    described = lookup.describe(tx, subject_of(tx, rows[0]))
    item = described.item
    found = lookup.at_hand(tx, item)
    use = found.today
    happened = _happened(tx, rows[0], use)
    v = queries.view(tx, use.rental) if use is not None else None
    reader = _reader(tx, item, rows[0].chat_id)
    of = tx.of(item.organization_id)
    is_free = counter.is_free(of, item)
    needs_approval = reader is not None and not counter.goes_unasked(tx.by(reader), item)
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
            # Admins maintain the inventory.
            for_keeper=reader is not None and reader.has_role(Role.ADMIN),
            piece=next((p for p in v.pieces if p.claim_id == use.claim.id), None) if v and use else None,
            happened=_told(tx, happened) if happened is not None else None,
            instead=tuple(_promise(tx, one) for one in found.instead),
            later=_promise(tx, found.later) if found.later is not None else None,
            blocked_until=found.blocked_until,
            is_free=is_free,
            is_spare=use is not None and use.claim.status is ClaimStatus.HELD and counter.is_spare(of, item),
            needs_approval=needs_approval,
            just_given=_just_given(tx, reader) if is_free and reader is not None else None,
        ),
    )


def _happened(tx: Tx, row: OutboxMessage, use: Use | None) -> Use | None:
    """Return what was handed out, taken back or lost since the card was asked for; None for nothing."""
    kept = outbox.asked_with(tx, row)
    if "claim" not in kept:
        return None  # asked for before the card remembered anything
    before = lookup.last_use(tx, kept["claim"])
    if before is not None and before.claim.status in _ACTS and before.claim.status != kept["status"]:
        return before
    if use is not None and use.claim.status is ClaimStatus.OUT and use.claim.id != kept["claim"]:
        return use
    return None


_ACTS = (ClaimStatus.OUT, ClaimStatus.RETURNED, ClaimStatus.LOST)


def _told(tx: Tx, use: Use) -> Happened:
    return Happened(use.claim.status, use.rental.id, use.rental.number or 0, _member(tx, use))


def _member(tx: Tx, use: Use) -> str:
    return identity.names(tx.session, [use.rental.user_id])[use.rental.user_id]


def _promise(tx: Tx, use: Use) -> Promise:
    code = lookup.item(tx, use.claim.item_id).code
    may_fetch = identity.people(tx.session, [use.rental.user_id])[use.rental.user_id].is_active(tx.now)
    return Promise(
        use.claim.id,
        use.rental.id,
        use.rental.number or 0,
        _member(tx, use),
        code,
        use.claim.starts_at,
        may_fetch,
    )


def _reader(tx: Tx, item: Item, chat_id: int) -> Actor | None:
    """Return who reads the card in this chat; None in a group, and for whoever is no member any more."""
    try:
        return identity.resolve(tx, account_id=chat_id, organization_id=item.organization_id)
    except Refusal:
        return None


def _just_given(tx: Tx, reader: Actor) -> tuple[int, str] | None:
    rental = counter.just_given(tx.by(reader))
    return (rental.id, identity.names(tx.session, [rental.user_id])[rental.user_id]) if rental else None


def keep(step: Request, tap: Tap) -> Markup | None:
    """Open the item in the inventory."""
    item = lookup.item(step.tx, tap.id)
    step.actor_in(item.organization_id).require(Role.ADMIN)
    step.turn_to(item.organization_id)
    browse.begin_at(step, item)
    return None


def hand_out(step: Request, tap: Tap) -> Markup | None:
    """Check out this item. Raises OUTDATED where the rental was allocated another one meanwhile."""
    item, actor, claim_id = _tapped(step, tap)
    claim = lookup.claim(step.tx, claim_id)
    if claim.item_id != item.id:
        raise Refusal(Refused.OUTDATED)
    checkout.hand_out(step.by(actor), claim.rental_id or 0, only=[claim.id])
    return step.texts("Handed out.")


def _tapped(step: Request, tap: Tap) -> tuple[Item, Actor, int]:
    """Return the item, the lender and the claim of a tap. Raises NOT_FOUND, NOT_ALLOWED."""
    item = lookup.item(step.tx, tap.id)
    actor = step.actor_in(item.organization_id)
    claim = lookup.claim(step.tx, number(tap.arg))
    if claim.organization_id != item.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    actor.require(Role.LENDER)
    return item, actor, claim.id


def hand_out_instead(step: Request, tap: Tap) -> Markup | None:
    """Hand out this item for a rental of today that has another one."""
    item, actor, claim_id = _tapped(step, tap)
    swaps.hand_out_instead(step.by(actor), claim_id, item.id)
    return step.texts("Handed out.")


def rent(step: Request, tap: Tap) -> Markup | None:
    """Begin to rent this very item, for later or with approval."""
    item = lookup.item(step.tx, tap.id)
    step.actor_in(item.organization_id).require(Role.LENDER)
    step.turn_to(item.organization_id)
    booking.begin_with(step, item.equipment_id, item.id, tapped=True)
    return None


def show_next(step: Request, tap: Tap) -> Markup | None:
    """Send the item's card anew, with what is next to do."""
    show(step, lookup.item(step.tx, tap.id))
    return None
