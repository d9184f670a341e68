"""What the cards of the inventory show, gathered from the database."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Equipment, Item, Location
from db.states import LENDABLE, ClaimStatus, Condition
from handlers.i18n.texts import Texts
from handlers.inventory.common import ABOUT_ITEM
from handlers.inventory.data import InventoryData
from handlers.inventory.views import cards as views
from handlers.inventory.views import forms
from handlers.inventory.views import items as item_views
from handlers.rentals.booking.screens import picture
from handlers.ui import routes
from handlers.ui.conversation import Screen
from handlers.ui.form import data_of, problem_of
from handlers.ui.message import Message, Picture
from handlers.ui.widgets.tags import tag_label
from services.availability import reallocation
from services.core import identity
from services.core.errors import Refusal
from services.inventory import attributes, catalog, kits, listing, tags
from services.inventory.listing import Stay
from services.maintenance import damage

Others = frozenset[str]
"""The conversations that there are besides this one: buttons lead to no other."""

FROM_LIST = (routes.BLOCK, routes.KITS, routes.PLACES, routes.TAGS, routes.FIELDS)
FROM_EQUIPMENT = (routes.BLOCK, routes.RULES, routes.LABELS)
FROM_ITEM = (routes.BLOCK, routes.LABELS)
FROM_RETIRED, FROM_RETIRED_ITEM = FROM_EQUIPMENT[1:], FROM_ITEM[1:]
"""What is not lent at all need not be blocked."""


def known(others: Others, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in wanted if name in others)


def equipment(session: Session, row: Row) -> Equipment:
    """Raises NOT_FOUND."""
    return catalog.get(session, row.organization_id or 0, InventoryData.of(row).equipment_id)


def item(session: Session, row: Row) -> Item:
    """Raises NOT_FOUND."""
    return listing.item_of(session, row.organization_id or 0, InventoryData.of(row).item_id)


def of_item(session: Session, row: Row) -> tuple[Item, Equipment]:
    found = item(session, row)
    return found, session.get_one(Equipment, found.equipment_id)


def photo(session: Session, row: Equipment) -> Picture | None:
    return picture(session, row.organization_id, row.id)


def place_name(session: Session, found: Item) -> str | None:
    place = session.get(Location, found.location_id) if found.location_id is not None else None
    return place.name if place is not None else None


def custom(session: Session, row: Equipment | Item, *, empty: bool = False) -> tuple[tuple[str, str], ...]:
    """The organisation's own fields with what they say here; with `empty` also those that say nothing."""
    labels = attributes.labels_of(session, row)
    found = ((label, str(row.custom.get(label) or "")) for label in labels)
    return tuple((label, value) for label, value in found if value or empty)


def equipment_list(others: Others) -> Screen:
    def screen(session: Session, row: Row, t: Texts) -> Message:
        kept = InventoryData.of(row)
        organization_id = row.organization_id or 0
        words, retired = kept.words, kept.retired
        view = views.ListView(
            words=words,
            retired=retired,
            page=listing.find(session, organization_id, t.now, words=words, retired=retired, page=kept.page),
            others=listing.count(session, organization_id, words=words, retired=not retired),
            leads=known(others, FROM_LIST),
            note=kept.note,
        )
        return views.equipment_list(t, view, data_of(row), problem_of(row, t))

    return screen


def equipment_card(others: Others) -> Screen:
    def screen(session: Session, row: Row, t: Texts) -> Message:
        found = equipment(session, row)
        lacking = kits.lacking(session, found.id, listing.lendable(session, found))
        view = views.EquipmentView(
            equipment_id=found.id,
            version=found.version,
            name=found.name,
            made_by=" ".join(part for part in (found.brand, found.model) if part),
            type=found.type,
            tags=tuple(tag_label(tag.name, tag.color) for tag in tags.of_equipment(session, found.id)),
            description=found.description,
            custom=custom(session, found),
            counts=listing.counts(session, found, t.now),
            retired=found.retired_at is not None,
            picture=photo(session, found),
            leads=known(others, FROM_EQUIPMENT if found.retired_at is None else FROM_RETIRED),
            kits=tuple(lacking),
            note=InventoryData.of(row).note,
        )
        return views.equipment_card(t, view, data_of(row), problem_of(row, t))

    return _or_gone(screen)


def item_card(others: Others) -> Screen:
    def screen(session: Session, row: Row, t: Texts) -> Message:
        found, of = of_item(session, row)
        lacking = kits.lacking(session, of.id, listing.lendable(session, of))
        view = item_views.ItemView(
            version=found.version,
            name=of.name,
            code=found.code,
            label=found.label,
            serial_number=found.serial_number,
            place=place_name(session, found),
            condition=found.condition,
            comment=found.comment,
            custom=custom(session, found),
            damages=damages(session, found),
            stays=tuple(listing.stays(session, [found.id], t.now)),
            equipment_retired=of.retired_at is not None,
            picture=photo(session, of),
            leads=known(others, FROM_ITEM if found.condition in LENDABLE else FROM_RETIRED_ITEM),
            kits=tuple(lacking) if found.condition not in LENDABLE else (),
            note=InventoryData.of(row).note,
        )
        return item_views.item_card(t, view, data_of(row), problem_of(row, t))

    return _or_gone(screen)


def _or_gone(screen: Callable[[Session, Row, Texts], Message]) -> Screen:
    """Nothing is shown of what is not there."""

    def draw(session: Session, row: Row, t: Texts) -> Message | None:
        try:
            return screen(session, row, t)
        except Refusal:
            return None

    return draw


def items(session: Session, row: Row, t: Texts) -> Message:
    found = equipment(session, row)
    page = listing.items(session, found.id, t.now, page=InventoryData.of(row).items_page)
    return item_views.item_list(t, found.name, photo(session, found), page, data_of(row), problem_of(row, t))


def concerned(session: Session, row: Row) -> list[int]:
    """The items that would not be lent any more: one, or all of an equipment."""
    if InventoryData.of(row).about == ABOUT_ITEM:
        return [item(session, row).id]
    return [one.id for one in catalog.items_of(session, equipment(session, row).id)]


def holder(session: Session, row: Row) -> Stay | None:
    """With whom the item is that would not be lent any more."""
    if InventoryData.of(row).about != ABOUT_ITEM:
        return None
    stays = listing.stays(session, [item(session, row).id], row.updated_at)
    return next((stay for stay in stays if stay.status is ClaimStatus.OUT), None)


def damages(session: Session, found: Item) -> tuple[item_views.Damage, ...]:
    rows = damage.open_ones(session, found.id)
    names = identity.names(session, [one.reported_by for one in rows])
    return tuple(
        item_views.Damage(
            one.id, one.note, names.get(one.reported_by or 0, ""), one.created_at, one.photo_id is not None
        )
        for one in rows
    )


def surely(session: Session, row: Row, t: Texts) -> Message:
    """Not lent any more? And who loses something by that."""
    kept = InventoryData.of(row)
    data, problem = data_of(row), problem_of(row, t)
    ids, giving_up = concerned(session, row), kept.giving_up
    losses = [loss for loss in reallocation.affected(session, ids, t.now) if loss.rental_id in giving_up]
    yes = forms.yes_to(giving_up)
    kits_lost = _kits_lost(session, row, ids)
    if kept.about == ABOUT_ITEM:
        found, of = of_item(session, row)
        condition = kept.condition or Condition.OK
        return forms.surely_item(
            t,
            found.code,
            of.name,
            condition,
            losses,
            yes,
            photo(session, of),
            data,
            problem,
            holder=holder(session, row),
            kits=kits_lost,
        )
    of = equipment(session, row)
    pieces = session.scalar(
        select(func.count(Item.id)).where(Item.equipment_id == of.id, Item.condition != Condition.RETIRED)
    )
    return forms.surely_equipment(
        t, of.name, pieces or 0, losses, yes, photo(session, of), data, problem, kits=kits_lost
    )


def _kits_lost(session: Session, row: Row, item_ids: list[int]) -> list[str]:
    """The kits that could be rented with these items, and cannot without."""
    of = equipment(session, row)
    before = kits.lacking(session, of.id, listing.lendable(session, of))
    left = listing.lendable(session, of, without=item_ids)
    return [name for name in kits.lacking(session, of.id, left) if name not in before]


def over(session: Session, row: Row, t: Texts) -> Message:
    return forms.closed(t)
