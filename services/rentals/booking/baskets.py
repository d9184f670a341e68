"""The contents of a member's basket: equipment, items, kits, and the member's details."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from db.models import Equipment, Item, Kit, Rental, RentalLine, User
from db.states import LENDABLE, Condition, Described, RentalStatus
from services.availability import schedules
from services.availability.reservations import Lines, lines_of
from services.core import custom_fields, policy, state_machine
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import kits

LONGEST_PURPOSE = 500


def require_draft(session: Session, rental: Rental) -> None:
    """Raise ALREADY where it was sent, or discarded."""
    if rental.status is not RentalStatus.DRAFT:
        raise state_machine.already(session, rental)


def empty(session: Session, draft: Rental) -> None:
    """Take everything out of the basket, the period too."""
    session.execute(delete(RentalLine).where(RentalLine.rental_id == draft.id))
    draft.starts_at = draft.due_at = None
    draft.purpose = draft.comment = ""
    draft.custom = {}
    session.flush()


def contents(session: Session, rental_id: int) -> list[tuple[int | None, int, int, int | None]]:
    """Return what a rental asks for: kit, equipment, number, item; a kit once, with how many of it."""
    found: dict[tuple[int | None, int], tuple[int | None, int, int, int | None]] = {}
    for line in lines_of(session, rental_id):
        if line.kit_id is not None and line.kit_pieces:
            number = line.quantity // line.kit_pieces
            found.setdefault((line.kit_id, 0), (line.kit_id, line.equipment_id, number, None))
        else:
            found[None, line.equipment_id] = (None, line.equipment_id, line.quantity, line.item_id)
    return list(found.values())


def take_out(session: Session, draft: Rental, equipment_id: int) -> None:
    """Take this equipment out of the basket, even where nobody can rent it any more. Kits stay."""
    mine = (RentalLine.rental_id == draft.id) & RentalLine.kit_id.is_(None)
    session.execute(delete(RentalLine).where(mine, RentalLine.equipment_id == equipment_id))
    session.flush()


def take_out_kit(session: Session, draft: Rental, kit_id: int) -> None:
    """Take everything out of the basket that came with this kit."""
    session.execute(delete(RentalLine).where(RentalLine.rental_id == draft.id, RentalLine.kit_id == kit_id))
    session.flush()


def put(
    tx: Tx,
    draft: Rental,
    equipment_id: int,
    quantity: int,
    *,
    item_id: int | None = None,
    lines: Lines | None = None,
) -> None:
    """Have exactly `quantity` pieces of the equipment in the basket, besides those of kits; 0 takes it out.

    With `item_id`, that one item and no other. Raises NOT_FOUND, ALREADY, NOT_FOR_YOU, BAD_QUANTITY,
    NOT_ENOUGH, ITEM_NOT_LENDABLE.
    """
    require_draft(tx.session, draft)
    if quantity == 0:
        take_out(tx.session, draft, equipment_id)
        return
    equipment = tx.session.get(Equipment, equipment_id)
    if equipment is None or equipment.organization_id != tx.actor.organization_id or equipment.retired_at:
        raise Refusal(Refused.NOT_FOUND)
    pieces = schedules.pieces(tx.session, tx.actor.organization_id, [equipment_id]).get(equipment_id, 0)
    if item_id is not None:
        _lendable_item(tx.session, equipment, item_id)
    most = 1 if item_id is not None else pieces
    if quantity < 0 or quantity > most:
        raise Refusal(Refused.BAD_QUANTITY, most=most, name=equipment.name)
    lines = lines_of(tx.session, draft.id) if lines is None else lines
    found = [line for line in lines if line.equipment_id == equipment_id]
    line = next((one for one in found if one.kit_id is None), None)
    require_role(tx, draft, [equipment])
    with_kits = quantity + sum(one.quantity for one in found if one.kit_id is not None)
    if with_kits > pieces:
        raise Refusal(Refused.NOT_ENOUGH, name=equipment.name, wanted=with_kits, pieces=pieces, kit=None)
    if line is None:
        tx.session.add(
            RentalLine(rental_id=draft.id, equipment_id=equipment_id, quantity=quantity, item_id=item_id)
        )
    else:
        line.quantity = quantity
        line.item_id = item_id
    tx.session.flush()


def change_quantity(tx: Tx, draft: Rental, equipment_id: int, quantity: int) -> None:
    """Have so many pieces of what is in the basket; one of an item that was named stays that one.

    Raises as `put`.
    """
    lines = lines_of(tx.session, draft.id)
    line = next((one for one in lines if one.equipment_id == equipment_id and one.kit_id is None), None)
    item_id = line.item_id if line is not None and quantity == 1 else None
    put(tx, draft, equipment_id, quantity, item_id=item_id, lines=lines)


def _lendable_item(session: Session, equipment: Equipment, item_id: int) -> None:
    item = session.get(Item, item_id)
    if item is None or item.equipment_id != equipment.id:
        raise Refusal(Refused.NOT_FOUND)
    require_lendable(session, item)


def only_item(tx: Tx, draft: Rental) -> Item | None:
    """Return the item that is all the basket has; None where it has anything else, or any item will do."""
    lines = lines_of(tx.session, draft.id)
    if len(lines) != 1 or lines[0].item_id is None:
        return None
    return tx.session.get(Item, lines[0].item_id)


def require_lendable(session: Session, item: Item) -> None:
    """Raise ITEM_NOT_LENDABLE for an item in repair, lost, or retired by itself or with its equipment."""
    condition = item.condition
    if session.get_one(Equipment, item.equipment_id).retired_at is not None:
        condition = Condition.RETIRED
    if condition not in LENDABLE:
        raise Refusal(Refused.ITEM_NOT_LENDABLE, code=item.code, condition=condition)


def put_kit(tx: Tx, draft: Rental, kit_id: int, number: int) -> None:
    """Have the kit exactly so many times in the basket, as it is now; 0 takes it out.

    Raises NOT_FOUND (also for one that is retired), KIT_RETIRED (in the basket since before), ALREADY,
    KIT_EMPTY, NOT_FOR_YOU, and NOT_ENOUGH for the part that there is too little of.
    """
    require_draft(tx.session, draft)
    if number <= 0:
        take_out_kit(tx.session, draft, kit_id)
        return
    kit = kits.get(tx, kit_id)
    all_lines = lines_of(tx.session, draft.id)
    lines = {line.equipment_id: line for line in all_lines if line.kit_id == kit_id}
    parts = kits.parts(tx.session, kit_id)
    if lines:
        require_kits(tx.session, draft, all_lines)
    _require_kit(tx, draft, kit, parts, number, [x for x in all_lines if x.kit_id != kit_id])
    for part in parts:
        line = lines.pop(part.equipment_id, None)
        if line is None:
            line = RentalLine(rental_id=draft.id, equipment_id=part.equipment_id, kit_id=kit_id)
            tx.session.add(line)
        line.kit_pieces, line.quantity = part.quantity, number * part.quantity
    # Parts removed from the kit since.
    for line in lines.values():
        tx.session.delete(line)
    tx.session.flush()


def _require_kit(
    tx: Tx,
    draft: Rental,
    kit: Kit,
    parts: Sequence[kits.Part],
    number: int,
    others: Sequence[RentalLine],
) -> None:
    if kit.retired_at is not None:
        raise Refusal(Refused.NOT_FOUND)
    if not parts:
        raise Refusal(Refused.KIT_EMPTY, name=kit.name)
    require_role(tx, draft, [tx.session.get_one(Equipment, part.equipment_id) for part in parts])
    there_are = schedules.pieces(tx.session, draft.organization_id, [part.equipment_id for part in parts])
    for part in parts:
        wanted = number * part.quantity
        wanted += sum(line.quantity for line in others if line.equipment_id == part.equipment_id)
        pieces = there_are.get(part.equipment_id, 0)
        if wanted > pieces:
            raise Refusal(Refused.NOT_ENOUGH, name=part.name, wanted=wanted, pieces=pieces, kit=kit.name)


def require_kits(session: Session, draft: Rental, lines: Lines | None = None) -> None:
    """Raise KIT_RETIRED for a kit in the basket that has been retired."""
    lines = lines_of(session, draft.id) if lines is None else lines
    for kit_id in sorted({line.kit_id for line in lines if line.kit_id is not None}):
        kit = session.get_one(Kit, kit_id)
        if kit.retired_at is not None:
            raise Refusal(Refused.KIT_RETIRED, name=kit.name, kit_id=kit_id)


def unpack_kit(session: Session, draft: Rental, kit_id: int) -> None:
    """Keep the parts of the kit as single equipment, added to what there is already. Raises ALREADY."""
    require_draft(session, draft)
    found = lines_of(session, draft.id)
    alone = {line.equipment_id: line for line in found if line.kit_id is None}
    for line in found:
        if line.kit_id != kit_id:
            continue
        same = alone.get(line.equipment_id)
        if same is None:
            line.kit_id = line.kit_pieces = None
            continue
        same.quantity, same.item_id = same.quantity + line.quantity, None
        session.delete(line)
    session.flush()


def require_allowed(tx: Tx, draft: Rental, lines: Lines) -> None:
    """Raise NOT_FOR_YOU where the member's role may not rent something in the basket."""
    ids = [line.equipment_id for line in lines]
    require_role(tx, draft, [tx.session.get_one(Equipment, i) for i in ids])


def require_role(tx: Tx, draft: Rental, equipment: Sequence[Equipment]) -> None:
    """Raise NOT_FOR_YOU where the member's role may not rent one of these."""
    require_role_of(tx, draft.organization_id, draft.user_id, equipment)


def require_role_of(tx: Tx, organization_id: int, user_id: int, equipment: Sequence[Equipment]) -> None:
    """Raise NOT_FOR_YOU as `require_role` does, where there is no basket yet."""
    organization = tx.organization_of(organization_id)
    role = tx.session.get_one(User, user_id).role
    for one in equipment:
        needed = policy.of(organization, one).who_may_rent
        if not role.covers(needed):
            raise Refusal(Refused.NOT_FOR_YOU, needed=needed, name=one.name)


def set_purpose(session: Session, draft: Rental, purpose: str) -> None:
    """Set the basket's purpose. Raises ALREADY, TOO_MUCH_TEXT."""
    require_draft(session, draft)
    purpose = purpose.strip()
    if len(purpose) > LONGEST_PURPOSE:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_PURPOSE)
    draft.purpose = purpose
    session.flush()


def set_comment(session: Session, draft: Rental, comment: str) -> None:
    """Set what else the member wants to say; an empty text removes it. Raises ALREADY, TOO_MUCH_TEXT."""
    require_draft(session, draft)
    comment = comment.strip()
    if len(comment) > LONGEST_PURPOSE:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_PURPOSE)
    draft.comment = comment
    session.flush()


def set_detail(session: Session, draft: Rental, field_id: int, text: str) -> None:
    """Set the value of one of the organization's custom fields of rentals; an empty text removes it.

    Raises ALREADY, NOT_FOUND, TOO_MUCH_TEXT.
    """
    require_draft(session, draft)
    field = custom_fields.get(session, draft.organization_id, field_id)
    if field.describes is not Described.RENTAL or field.disabled_at is not None:
        raise Refusal(Refused.NOT_FOUND)
    draft.custom = custom_fields.changed(draft.custom, field.label, text)
    session.flush()
