"""Optional reports on returned items: the condition of each, a photo, a description."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Card, Claim, DamageNote, Equipment, Item, Photo, Rental, Return
from db.states import Condition, Role
from services.availability.reallocation import Loss
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import condition as inventory_condition
from services.inventory import locations
from services.maintenance import damage, photos
from services.messaging import notifications, outbox
from services.rentals.booking import request

SAYABLE = (Condition.OK, Condition.DAMAGED, Condition.IN_REPAIR, Condition.LOST)
"""Conditions that can be reported at a return; LOST is for an item that was checked in by mistake."""


@dataclass(frozen=True)
class Back:
    """An item of a return. `condition` is as reported, None where it was not.

    `problem` is what was reported about it while it was out.
    """

    claim_id: int
    item_id: int
    code: str
    name: str
    condition: Condition | None
    has_photo: bool
    problem: str = ""


def pieces(tx: Tx, return_id: int) -> list[Back]:
    """Return the items of a return by code, without those that went out again since. Raises NOT_FOUND."""
    return [
        Back(
            claim.id,
            item.id,
            item.code,
            tx.session.get_one(Equipment, item.equipment_id).name,
            claim.returned_condition,
            claim.returned_photo_id is not None,
            claim.problem,
        )
        for claim, item in _claims(tx, return_id)
    ]


def _claims(tx: Tx, return_id: int) -> list[tuple[Claim, Item]]:
    return locations.still_there(tx.session, locations.get_return(tx, return_id))


def last_asked(session: Session, chat_id: int, since: datetime) -> int | None:
    """Return the newest return after `since` that was asked about in this chat."""
    return session.scalar(
        select(Return.id)
        .join(Card, (Card.kind == notifications.PUT_AWAY_CARD) & (Card.subject_id == Return.id))
        .where(Card.chat_id == chat_id, Return.returned_at > since)
        .order_by(Return.id.desc())
        .limit(1)
    )


def wants_words(session: Session, return_id: int) -> bool:
    """Return whether an item was reported not to be fine, and no damage note says why."""
    row = session.get_one(Return, return_id)
    bad = [
        claim.id
        for claim, _ in locations.still_there(session, row)
        if claim.returned_condition not in (None, Condition.OK)
    ]
    said = select(DamageNote.id).where(DamageNote.claim_id.in_(bad))
    return bool(bad) and session.scalar(said) is None


def say(tx: Tx, return_id: int, item_id: int, condition: Condition, *, reason: str = "") -> list[Loss]:
    """Report an item's condition at a return. OK takes back what was reported at this return before.

    A worse condition that is known otherwise is kept. The rentals that lose the item are returned, and their
    members read `reason`. Requires LENDER. Raises NOT_ALLOWED, NOT_FOUND, and OUTDATED where it went out
    again.
    """
    tx.actor.require(Role.LENDER)
    known = {item.id: claim for claim, item in _claims(tx, return_id)}
    claim = known.get(item_id)
    if claim is None or condition not in SAYABLE:
        raise Refusal(Refused.OUTDATED)
    if claim.returned_condition is condition:
        return []
    claim_id, is_now = claim.id, tx.session.get_one(Item, item_id).condition
    before = claim.condition_before or is_now
    wanted = _becomes(before, condition)
    told: list[Loss] = []
    if wanted is not is_now:
        told = inventory_condition.change(tx, item_id, wanted, reason=reason, at_return=return_id)
        tx.session.get_one(Claim, claim_id).condition_before = before
    tx.session.get_one(Claim, claim_id).returned_condition = condition
    audit.rental(
        tx,
        tx.session.get_one(Rental, tx.session.get_one(Return, return_id).rental_id),
        "condition",
        items=[item_id],
        condition=condition,
        **{"return": return_id},
    )
    tx.session.flush()
    damage.redraw(tx, item_id)
    return told


def _becomes(before: Condition, condition: Condition) -> Condition:
    """Return an item's condition after this report, when it was `before`."""
    stays = before is Condition.RETIRED or condition is Condition.OK
    return before if stays or (condition is Condition.DAMAGED and before is not Condition.OK) else condition


def add_photo(
    tx: Tx, return_id: int, file_id: str | None = None, *, content: bytes | None = None
) -> list[Back]:
    """Add a photo of the items reported not to be fine, else of all items of the return. Requires LENDER.

    Raises NOT_ALLOWED, NOT_FOUND, and OUTDATED where all of it went out again.
    """
    tx.actor.require(Role.LENDER)
    found = _concerned(tx, return_id)
    if not found:
        raise Refusal(Refused.OUTDATED)
    photo = photos.add(tx, file_id, content)
    former, shown = {claim.returned_photo_id for claim, _ in found}, set()
    for claim, _ in found:
        claim.returned_photo_id = photo.id
        for note in tx.session.scalars(select(DamageNote).filter_by(claim_id=claim.id, photo_id=None)):
            note.photo_id = photo.id
            shown.add(note.item_id)
    for photo_id in former:
        photos.drop_unused(tx, photo_id)
    audit.rental(
        tx,
        tx.session.get_one(Rental, tx.session.get_one(Return, return_id).rental_id),
        "photo",
        items=[item.id for _, item in found],
        **{"return": return_id},
    )
    tx.session.flush()
    for item_id in shown:
        damage.redraw(tx, item_id)
    ids = [claim.id for claim, _ in found]
    return [one for one in pieces(tx, return_id) if one.claim_id in ids]


def add_photo_of_last(tx: Tx, rental_id: int, content: bytes) -> None:
    """Add a photo to the newest return of a rental. Raises as `add_photo` does; OUTDATED without a return."""
    request.get(tx, rental_id)
    tx.actor.require(Role.LENDER)
    return_id = locations.last_return(tx.session, rental_id)
    if return_id is None:
        raise Refusal(Refused.OUTDATED)
    add_photo(tx, return_id, content=content)
    outbox.refresh_card(tx, kind=notifications.PUT_AWAY_CARD, subject_id=return_id)


def _concerned(tx: Tx, return_id: int) -> list[tuple[Claim, Item]]:
    every = _claims(tx, return_id)
    bad = [one for one in every if one[0].returned_condition not in (None, Condition.OK)]
    return bad or every


def photo_of(tx: Tx, rental_id: int, item_id: int) -> Photo | None:
    """Return the photo of an item of a rental as it came back; None where there is none."""
    return tx.session.scalar(
        select(Photo)
        .join(Claim, Claim.returned_photo_id == Photo.id)
        .where(Claim.rental_id == rental_id, Claim.item_id == item_id)
        .order_by(Claim.id.desc())
        .limit(1)
    )


def write_down(tx: Tx, return_id: int, text: str) -> Sequence[DamageNote]:
    """Open damage notes on the items reported not to be fine, or on the only item of the return; the desk is
    told.

    Raises NOT_ALLOWED, NOT_FOUND, TAP_EXPECTED where the item is ambiguous, and as `damage.open_note` does.
    """
    tx.actor.require(Role.LENDER)
    found = _concerned(tx, return_id)
    if len(found) > 1 and all(claim.returned_condition in (None, Condition.OK) for claim, _ in found):
        raise Refusal(Refused.TAP_EXPECTED)
    about = [(claim.id, item.id, claim.returned_photo_id) for claim, item in found]
    notes = []
    for claim_id, item_id, photo_id in about:
        note = damage.open_note(tx, item_id, text, claim_id=claim_id)
        note.photo_id = photo_id
        notes.append(note)
    tx.session.flush()
    for note in notes:
        damage.tell(tx, note)
    return notes
