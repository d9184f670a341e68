"""What is in a member's basket: single equipment, items, kits, and what the member says about it."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from db.models import Equipment, Item, Kit, Organization, Rental, RentalLine, User
from db.states import LENDABLE, Condition, Described, RentalStatus, Role
from services.availability import schedules
from services.availability.reservations import Lines, lines_of
from services.core import custom_fields, policy, state_machine
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import kits

LONGEST_PURPOSE = 500


def require_draft(session: Session, rental: Rental) -> None:
    """Raise ALREADY where it was sent, or thrown away."""
    if rental.status is not RentalStatus.DRAFT:
        raise state_machine.already(session, rental)


def empty(session: Session, draft: Rental) -> None:
    """Take everything out of the basket, the period too."""
    session.execute(delete(RentalLine).where(RentalLine.rental_id == draft.id))
    draft.starts_at = draft.due_at = None
    draft.purpose = ""
    draft.custom = {}
    session.flush()


def take_out(session: Session, draft: Rental, equipment_id: int) -> None:
    """Take this equipment out of the basket, even where nobody can rent it any more. Kits stay."""
    mine = (RentalLine.rental_id == draft.id) & RentalLine.kit_id.is_(None)
    session.execute(delete(RentalLine).where(mine, RentalLine.equipment_id == equipment_id))
    session.flush()


def take_out_kit(session: Session, draft: Rental, kit_id: int) -> None:
    """The same for all that came with this kit."""
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
    """Have exactly `quantity` pieces of the equipment in the basket, beside what its kits bring; none takes
    it out.

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
    require_role(tx.session, draft, [equipment])
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


def _lendable_item(session: Session, equipment: Equipment, item_id: int) -> None:
    item = session.get(Item, item_id)
    if item is None or item.equipment_id != equipment.id:
        raise Refusal(Refused.NOT_FOUND)
    require_lendable(session, item)


def require_lendable(session: Session, item: Item) -> None:
    """Raises ITEM_NOT_LENDABLE for what is in repair, lost, or retired by itself or with all of its kind."""
    condition = item.condition
    if session.get_one(Equipment, item.equipment_id).retired_at is not None:
        condition = Condition.RETIRED
    if condition not in LENDABLE:
        raise Refusal(Refused.ITEM_NOT_LENDABLE, code=item.code, condition=condition)


def put_kit(tx: Tx, draft: Rental, kit_id: int, number: int) -> None:
    """Have the kit exactly so many times in the basket, as it is now; none takes it out.

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
    _require_kit(tx.session, draft, kit, parts, number, [x for x in all_lines if x.kit_id != kit_id])
    for part in parts:
        line = lines.pop(part.equipment_id, None)
        if line is None:
            line = RentalLine(rental_id=draft.id, equipment_id=part.equipment_id, kit_id=kit_id)
            tx.session.add(line)
        line.kit_pieces, line.quantity = part.quantity, number * part.quantity
    # What was taken out of the kit since.
    for line in lines.values():
        tx.session.delete(line)
    tx.session.flush()


def _require_kit(
    session: Session,
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
    require_role(session, draft, [session.get_one(Equipment, part.equipment_id) for part in parts])
    there_are = schedules.pieces(session, draft.organization_id, [part.equipment_id for part in parts])
    for part in parts:
        wanted = number * part.quantity
        wanted += sum(line.quantity for line in others if line.equipment_id == part.equipment_id)
        pieces = there_are.get(part.equipment_id, 0)
        if wanted > pieces:
            raise Refusal(Refused.NOT_ENOUGH, name=part.name, wanted=wanted, pieces=pieces, kit=kit.name)


def require_kits(session: Session, draft: Rental, lines: Lines | None = None) -> None:
    """Raise KIT_RETIRED for a kit in the basket that is not rented any more."""
    lines = lines_of(session, draft.id) if lines is None else lines
    for kit_id in sorted({line.kit_id for line in lines if line.kit_id is not None}):
        kit = session.get_one(Kit, kit_id)
        if kit.retired_at is not None:
            raise Refusal(Refused.KIT_RETIRED, name=kit.name, kit_id=kit_id)


def loosen(session: Session, draft: Rental, kit_id: int) -> None:
    """Keep what came with the kit as things by themselves, beside those that are there. Raises ALREADY."""
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


def require_allowed(session: Session, draft: Rental, lines: Lines) -> None:
    """Raise NOT_FOR_YOU where something in the basket is not for people of the member's role."""
    ids = [line.equipment_id for line in lines]
    require_role(session, draft, [session.get_one(Equipment, i) for i in ids])


def require_role(session: Session, draft: Rental, equipment: Sequence[Equipment]) -> None:
    organization = session.get_one(Organization, draft.organization_id)
    role = session.get_one(User, draft.user_id).role
    for one in equipment:
        needed = who_may_rent(organization, one)
        if not role.covers(needed):
            raise Refusal(Refused.NOT_FOR_YOU, needed=needed, name=one.name)


def who_may_rent(organization: Organization, equipment: Equipment) -> Role:
    """From which role on."""
    return policy.of(organization, equipment).who_may_rent


def set_purpose(session: Session, draft: Rental, purpose: str) -> None:
    """Raises ALREADY, TOO_MUCH_TEXT."""
    require_draft(session, draft)
    purpose = purpose.strip()
    if len(purpose) > LONGEST_PURPOSE:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_PURPOSE)
    draft.purpose = purpose
    session.flush()


def set_detail(session: Session, draft: Rental, field_id: int, text: str) -> None:
    """What the organisation's own field of rentals says; nothing takes it away.

    Raises ALREADY, NOT_FOUND, TOO_MUCH_TEXT.
    """
    require_draft(session, draft)
    field = custom_fields.get(session, draft.organization_id, field_id)
    if field.describes is not Described.RENTAL or field.disabled_at is not None:
        raise Refusal(Refused.NOT_FOUND)
    draft.custom = custom_fields.changed(draft.custom, field.label, text)
    session.flush()
