"""From what services return to what the API answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.models.common import Named
from api.models.inventory import CodeOut, DamageOut, EquipmentOut, FieldOut, ItemOut, KitOut, PartOut, TagOut
from api.models.people import OrganizationOut, Suspended, UserOut
from api.models.rentals import ExtensionOut, LineOut, PieceOut, RentalOut
from db.models import CustomField, DamageNote, ItemCode, Kit, Organization, Tag, User
from db.states import Described, Role
from services.core import custom_fields, identity
from services.core.hours import periods
from services.core.tx import Tx
from services.inventory.kits import Part
from services.inventory.selection import Found, FoundItem
from services.labels.qr import link
from services.rentals.listing import Details, Piece
from services.rentals.queries import Line


def texts(custom: Mapping[str, Any]) -> dict[str, str]:
    return {label: str(value) for label, value in custom.items() if value not in (None, "")}


def tag(row: Tag) -> TagOut:
    return TagOut(id=row.id, name=row.name, color=row.color, active=row.disabled_at is None)


def _fields(tx: Tx, describes: Described, custom: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that this caller may see: members those that are marked for them."""
    if tx.actor.has_role(Role.LENDER):
        return texts(custom)
    marked = tx.once(
        ("fields for members", describes),
        lambda: custom_fields.labels_for_members(tx.session, tx.organization_id, describes),
    )
    return {label: text for label, text in texts(custom).items() if label in marked}


def equipment(tx: Tx, found: Found) -> EquipmentOut:
    row = found.equipment
    return EquipmentOut(
        id=row.id,
        name=row.name,
        brand=row.brand,
        model=row.model,
        type=row.type,
        description=row.description,
        tags=[tag(one) for one in found.tags],
        fields=_fields(tx, Described.EQUIPMENT, row.custom),
        pieces=found.pieces,
        free_now=found.free_now,
        free=found.free,
        needed_role=found.needed,
        has_photo=row.photo_id is not None,
        retired=row.retired_at is not None,
        version=row.version,
    )


def item(tx: Tx, found: FoundItem, bot: str) -> ItemOut:
    """Return an item as this caller may see it."""
    row, is_lender = found.item, tx.actor.has_role(Role.LENDER)
    location = None
    if row.location_id is not None and found.location is not None:
        location = Named(id=row.location_id, name=found.location)
    return ItemOut(
        id=row.id,
        equipment=Named(id=row.equipment_id, name=found.equipment),
        code=row.code,
        label=row.label,
        condition=row.condition,
        location=location,
        is_out=found.is_out,
        fields=_fields(tx, Described.ITEM, row.custom),
        serial_number=row.serial_number if is_lender or tx.policy.serial_numbers_shown else None,
        other_codes=list(found.other_codes) if is_lender else None,
        comment=row.comment if is_lender else None,
        label_token=row.label_token if is_lender else None,
        label_link=link(bot, row.label_token) if is_lender else None,
        version=row.version,
        created_at=row.created_at,
    )


def code(row: ItemCode) -> CodeOut:
    return CodeOut(id=row.id, code=row.code, kind=row.kind)


def damage(tx: Tx, row: DamageNote) -> DamageOut:
    names = identity.names(tx.session, [row.reported_by], told_apart=False)
    return DamageOut(
        id=row.id,
        item_id=row.item_id,
        note=row.note,
        reported_by=_person(row.reported_by, names),
        created_at=row.created_at,
        closed_at=row.closed_at,
        has_photo=row.photo_id is not None,
    )


def kit(row: Kit, parts: Sequence[Part]) -> KitOut:
    return KitOut(
        id=row.id,
        name=row.name,
        parts=[
            PartOut(
                equipment=Named(id=one.equipment_id, name=one.name),
                quantity=one.quantity,
                retired=one.retired,
            )
            for one in parts
        ],
        retired=row.retired_at is not None,
        version=row.version,
    )


def custom_field(row: CustomField) -> FieldOut:
    return FieldOut(
        id=row.id,
        describes=row.describes.value,
        label=row.label,
        position=row.position,
        active=row.disabled_at is None,
        for_members=row.for_members,
    )


def user(tx: Tx, row: User) -> UserOut:
    suspended = None
    if row.suspended_at is not None and row.is_suspended(tx.now):
        suspended = Suspended(
            since=row.suspended_at, until=row.suspended_until, reason=row.suspended_reason or ""
        )
    return UserOut(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        first_name=row.first_name,
        last_name=row.last_name,
        username=row.username,
        email=row.email,
        phone=row.phone,
        membership_id=row.membership_id,
        postal_code=row.postal_code,
        city=row.city,
        born_on=row.born_on,
        other_id=row.other_id,
        note=row.note if tx.actor.has_role(Role.ADMIN) else None,
        role=row.role,
        active=row.is_active(tx.now),
        active_from=row.active_from,
        active_until=row.active_until,
        suspended=suspended,
        in_chat=bool(identity.accounts_of(tx.session, row.id)),
        fields=texts(row.custom),
    )


def organization(row: Organization, role: Role | None) -> OrganizationOut:
    return OrganizationOut(
        id=row.id,
        name=row.name,
        number=row.number,
        email=row.email,
        phone=row.phone,
        address=row.address,
        postal_code=row.postal_code,
        city=row.city,
        other_id=row.other_id,
        comment=row.comment,
        fields=texts(row.custom),
        timezone=row.timezone,
        language=row.language,
        closed=row.closed_at is not None,
        your_role=role,
    )


def rental(tx: Tx, found: Details) -> RentalOut:
    row, names = found.rental, found.names
    # The database has it so for all but baskets.
    assert row.starts_at is not None and row.number is not None
    return RentalOut(
        id=row.id,
        number=row.number,
        status=row.status,
        member=_person(row.user_id, names) or Named(id=row.user_id, name=""),
        entered_by=_person(row.entered_by, names),
        starts_at=row.starts_at,
        due_at=row.due_at,
        first=periods.first_day(row.starts_at, tx.zone),
        last=periods.last_day_of(row.due_at, tx.zone),
        is_overdue=found.is_overdue,
        lines=[_line(one) for one in found.lines],
        items=[_piece(one, names) for one in found.pieces],
        purpose=row.purpose,
        comment=row.comment,
        fields=found.fields,
        requested_at=row.requested_at,
        expires_at=row.expires_at,
        decided_at=row.decided_at,
        decided_by=_person(row.decided_by, names),
        reason=row.reason,
        ended_at=row.ended_at,
        extension=_extension(found),
        changes_id=row.changes_id,
        is_proposed=row.proposed_by is not None,
    )


def _person(user_id: int | None, names: Mapping[int, str]) -> Named | None:
    return Named(id=user_id, name=names.get(user_id, "")) if user_id is not None else None


def _extension(found: Details) -> ExtensionOut | None:
    one = found.extension
    return ExtensionOut(id=one.id, due_at=one.due_at) if one is not None else None


def _line(line: Line) -> LineOut:
    return LineOut(
        equipment_id=line.equipment_id,
        kit_id=line.kit_id,
        name=line.name,
        quantity=line.quantity,
        parts=[_line(one) for one in line.parts],
    )


def _piece(piece: Piece, names: Mapping[int, str]) -> PieceOut:
    claim = piece.claim
    return PieceOut(
        item_id=claim.item_id,
        code=piece.item.code,
        equipment=piece.equipment,
        status=claim.status,
        location=piece.location,
        return_reported=_is_reported(claim.return_claimed_at, claim.returned_at),
        problem=claim.problem,
        out_at=claim.out_at,
        out_by=_person(claim.out_by, names),
        out_from=piece.out_from,
        returned_at=claim.returned_at,
        returned_to=_person(claim.returned_to, names),
        returned_location=piece.returned_to,
        has_return_photo=claim.returned_photo_id is not None,
    )


def _is_reported(claimed_at: datetime | None, returned_at: datetime | None) -> bool:
    return claimed_at is not None and returned_at is None
