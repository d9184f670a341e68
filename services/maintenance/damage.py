"""Damage notes: reported by whoever has or lends the item, open until somebody has repaired it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, DamageNote, Equipment, Item, Photo, Rental
from db.states import LENDABLE, ClaimStatus, Condition, Lane, Role
from services.availability.reallocation import Loss
from services.core import audit, identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.inventory import catalog, condition
from services.maintenance import photos
from services.messaging import notifications, outbox

LONGEST_NOTE = 500


def get(tx: Tx, note_id: int) -> DamageNote:
    """Return a damage note, for a LENDER or its reporter. Raises NOT_FOUND."""
    found = tx.session.get(DamageNote, note_id)
    if found is None or found.organization_id != tx.actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    if found.reported_by != tx.actor.user_id and not tx.actor.has_role(Role.LENDER):
        raise Refusal(Refused.NOT_FOUND)
    return found


def find(tx: Tx, note_id: int) -> DamageNote | None:
    """Return a damage note of any organization; None where there is none."""
    return tx.session.get(DamageNote, note_id)


def damaged_item(tx: Tx, row: DamageNote) -> Item:
    """Return the item that a damage note is about."""
    return tx.session.get_one(Item, row.item_id)


def item_concerned(tx: Tx, *, item_id: int, claim_id: int) -> Item | None:
    """Return the item with this id, or of this claim where `item_id` is 0; None where there is neither."""
    claim = tx.session.get(Claim, claim_id)
    if not item_id and claim is not None:
        item_id = claim.item_id
    return tx.session.get(Item, item_id) if item_id else None


@dataclass(frozen=True)
class Described:
    """A damage note with its item, the equipment's name, and the claim and photo where it has them."""

    note: DamageNote
    item: Item
    equipment: str
    claim: Claim | None
    photo: Photo | None


def describe(tx: Tx, note_id: int) -> Described:
    """Return a damage note with all that its card shows. Raises NoResultFound."""
    row = tx.session.get_one(DamageNote, note_id)
    item = damaged_item(tx, row)
    return Described(
        row,
        item,
        tx.session.get_one(Equipment, item.equipment_id).name,
        tx.session.get(Claim, row.claim_id) if row.claim_id is not None else None,
        tx.session.get(Photo, row.photo_id) if row.photo_id is not None else None,
    )


def open_ones(session: Session, item_id: int) -> Sequence[DamageNote]:
    """Return the item's open damage notes, the oldest first."""
    return session.scalars(
        select(DamageNote).filter_by(item_id=item_id, closed_at=None).order_by(DamageNote.id)
    ).all()


def of_item(session: Session, item_id: int, *, open_only: bool) -> Sequence[DamageNote]:
    """Return the item's damage notes, the oldest first."""
    if open_only:
        return open_ones(session, item_id)
    return session.scalars(select(DamageNote).filter_by(item_id=item_id).order_by(DamageNote.id)).all()


def open_note(tx: Tx, item_id: int, note: str, *, claim_id: int | None = None) -> DamageNote:
    """Open a damage note. Requires LENDER, or the member who has the item (`claim_id`).

    An item that is not out is damaged from now on; one that is out, when it is returned. Raises NOT_FOUND,
    NOT_ALLOWED, TEXT_EXPECTED, TOO_MUCH_TEXT.
    """
    item = catalog.get_item(tx, item_id)
    _require_may_say(tx, item, claim_id)
    note = _words(note)
    row = DamageNote(
        organization_id=item.organization_id,
        item_id=item.id,
        claim_id=claim_id,
        note=note,
        reported_by=tx.actor.user_id,
        created_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    _audit(tx, row, "damage", note=note)
    is_out = tx.session.scalar(select(Claim.id).filter_by(item_id=item.id, status=ClaimStatus.OUT))
    if is_out is None:
        condition.mark_damaged(tx, item, damage=row.id)
    return row


def report(tx: Tx, rental_id: int, claim_id: int | None, note: str) -> DamageNote:
    """Report a problem with one piece of a rental that is out, on the rental and as a damage note.

    Without `claim_id` it is about the whole rental, and the damage note is about its first item. Raises as
    `checkin.report_problem` does, TEXT_EXPECTED.
    """
    only = None if claim_id is None else [claim_id]
    rental = checkin.report_problem(tx, rental_id, note=note, only=only)
    if claim_id is None:
        claim_id = min(claim.id for claim in checkout.claims_of(tx.session, rental, ClaimStatus.OUT))
    claim = tx.session.get_one(Claim, claim_id)
    return open_note(tx, claim.item_id, note, claim_id=claim_id)


def _words(note: str) -> str:
    note = note.strip()
    if not note:
        raise Refusal(Refused.TEXT_EXPECTED)
    if len(note) > LONGEST_NOTE:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NOTE)
    return note


def reword(tx: Tx, note_id: int, note: str) -> DamageNote:
    """Replace the text of a damage note, also on the rental. Raises NOT_FOUND, as `open_note` does."""
    row = get(tx, note_id)
    before, row.note = row.note, _words(note)
    claim = tx.session.get(Claim, row.claim_id) if row.claim_id is not None else None
    rental = tx.session.get(Rental, claim.rental_id) if claim is not None and claim.rental_id else None
    if rental is not None:
        for one in tx.session.scalars(select(Claim).where(Claim.rental_id == rental.id, Claim.problem != "")):
            one.problem = f"\n{one.problem}\n".replace(f"\n{before}\n", f"\n{row.note}\n").strip()
        notifications.redraw(tx, rental)
    tx.session.flush()
    _audit(tx, row, "damage_words", note=row.note)
    return row


def _require_may_say(tx: Tx, item: Item, claim_id: int | None) -> None:
    claim = tx.session.get(Claim, claim_id) if claim_id is not None else None
    if claim_id is not None and (claim is None or claim.item_id != item.id):
        raise Refusal(Refused.NOT_FOUND)
    rental = tx.session.get(Rental, claim.rental_id) if claim is not None and claim.rental_id else None
    if rental is None or rental.user_id != tx.actor.user_id:
        tx.actor.require(Role.LENDER)


def add_photo(
    tx: Tx, note_id: int, file_id: str | None = None, *, content: bytes | None = None
) -> DamageNote:
    """Set the photo of a damage note by its Telegram file id, or by its bytes. Raises NOT_FOUND."""
    row = get(tx, note_id)
    before = tx.session.get(Photo, row.photo_id) if row.photo_id is not None else None
    if before is not None and content is not None and before.content == content:
        return row
    row.photo_id = photos.add(tx, file_id, content).id
    photos.drop_unused(tx, before.id if before is not None else None)
    _audit(tx, row, "damage_photo")
    return row


def tell(tx: Tx, row: DamageNote, *, not_before: datetime | None = None) -> None:
    """Send the damage card to the desk, not before `not_before`: a photo may be on its way."""
    for chat, thread in identity.desk_chats(tx, tx.organization_of(row.organization_id)):
        outbox.render_card(
            tx,
            notifications.DAMAGE_CARD,
            row.id,
            chat_id=chat,
            thread_id=thread,
            organization_id=row.organization_id,
            lane=Lane.NOTICE,
            renew=True,
            not_before=not_before,
        )


def take_out(tx: Tx, note_id: int) -> list[Loss]:
    """Take the damaged item out of lending for repair; return the losses as `condition.change` does.

    Requires LENDER. Raises NOT_FOUND, NOT_ALLOWED, DAMAGE_CLOSED.
    """
    row = get(tx, note_id)
    item = damaged_item(tx, row)
    if row.closed_at is not None:
        raise _closed(tx.session, row)
    tx.actor.require(Role.LENDER)
    told: list[Loss] = []
    if item.condition in LENDABLE:
        told = condition.change(tx, item.id, Condition.IN_REPAIR, reason=row.note, damage=row.id)
    redraw(tx, row.item_id)
    return told


def close(tx: Tx, note_id: int) -> DamageNote:
    """Close a damage note as repaired; without other open notes the item can be lent again. Requires ADMIN.

    Lost and retired items keep their condition. Raises NOT_FOUND, NOT_ALLOWED, DAMAGE_CLOSED.
    """
    row = get(tx, note_id)
    tx.session.refresh(row, with_for_update=True)
    if row.closed_at is not None:
        raise _closed(tx.session, row)
    tx.actor.require(Role.ADMIN)
    row.closed_at, row.closed_by = tx.now, tx.actor.user_id
    tx.session.flush()
    _audit(tx, row, "repaired")
    item = damaged_item(tx, row)
    if not open_ones(tx.session, item.id) and item.condition in (Condition.DAMAGED, Condition.IN_REPAIR):
        condition.change(tx, item.id, Condition.OK, damage=row.id)
    redraw(tx, row.item_id)
    return row


def redraw(tx: Tx, item_id: int) -> None:
    """Refresh all cards of this item's damage notes."""
    for note_id in tx.session.scalars(
        select(DamageNote.id).filter_by(item_id=item_id).order_by(DamageNote.id)
    ):
        outbox.refresh_card(tx, kind=notifications.DAMAGE_CARD, subject_id=note_id, lane=Lane.REPLY)


def _closed(session: Session, row: DamageNote) -> Refusal:
    names = identity.names(session, [row.closed_by])
    return Refusal(Refused.DAMAGE_CLOSED, by=names.get(row.closed_by) if row.closed_by else None)


def _audit(tx: Tx, row: DamageNote, action: str, **details: Any) -> None:
    audit.note(tx, action, "item", row.item_id, damage=row.id, **details)
