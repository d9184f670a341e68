"""Data of the inventory's cards, gathered by services."""

from collections.abc import Callable

from db.models import Conversation as Row
from db.models import Equipment, Item
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
from handlers.ui.widgets import elsewhere
from handlers.ui.widgets.tags import tag_label
from services.availability import reallocation
from services.core import identity
from services.core.errors import Refusal
from services.core.tx import Tx
from services.inventory import attributes, catalog, kits, listing, locations, tags
from services.inventory.codes import stickers
from services.inventory.listing import Stay
from services.maintenance import damage

Others = frozenset[str]
"""The conversations besides this one; buttons lead to no others."""

FROM_LIST = (routes.BLOCK, routes.KITS, routes.PLACES, routes.TAGS, routes.FIELDS)
FROM_EQUIPMENT = (routes.BLOCK, routes.RULES, routes.LABELS)
FROM_ITEM = (routes.BLOCK, routes.LABELS)
FROM_RETIRED, FROM_RETIRED_ITEM = FROM_EQUIPMENT[1:], FROM_ITEM[1:]
"""Without BLOCK: retired things need no block."""


def known(others: Others, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in wanted if name in others)


def equipment(tx: Tx, row: Row) -> Equipment:
    """Return the open equipment. Raises NOT_FOUND."""
    return catalog.get(tx.of(row.organization_id), InventoryData.of(row).equipment_id)


def item(tx: Tx, row: Row) -> Item:
    """Return the open item. Raises NOT_FOUND."""
    return catalog.get_item(tx.of(row.organization_id), InventoryData.of(row).item_id)


def of_item(tx: Tx, row: Row) -> tuple[Item, Equipment]:
    found = item(tx, row)
    return found, catalog.get(tx.of(row.organization_id), found.equipment_id)


def photo(tx: Tx, row: Equipment) -> Picture | None:
    return picture(tx, row.organization_id, row.id)


def place_name(tx: Tx, found: Item) -> str | None:
    return locations.name_of(tx, found.location_id)


def custom(tx: Tx, row: Equipment | Item, *, empty: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the custom fields with their values; with `empty` also those without a value."""
    labels = attributes.labels_of(tx.session, row)
    found = ((label, str(row.custom.get(label) or "")) for label in labels)
    return tuple((label, value) for label, value in found if value or empty)


def equipment_list(others: Others) -> Screen:
    def screen(tx: Tx, row: Row, t: Texts) -> Message:
        kept = InventoryData.of(row)
        organization_id = row.organization_id or 0
        words, retired = kept.words, kept.retired
        those = tx.of(organization_id)
        page = listing.find(those, words=words, retired=retired, page=kept.page)
        nowhere = words and not page.total
        view = views.ListView(
            words=words,
            retired=retired,
            page=page,
            others=listing.count(those, words=words, retired=not retired),
            elsewhere=elsewhere.rows(those, t, words, data_of(row), but=elsewhere.THINGS) if nowhere else (),
            leads=known(others, FROM_LIST),
            note=kept.note,
        )
        return views.equipment_list(t, view, data_of(row), problem_of(row, t))

    return screen


def equipment_card(others: Others) -> Screen:
    def screen(tx: Tx, row: Row, t: Texts) -> Message:
        found = equipment(tx, row)
        lacking = kits.lacking(tx.session, found.id, listing.lendable(tx.session, found))
        view = views.EquipmentView(
            equipment_id=found.id,
            version=found.version,
            name=found.name,
            made_by=" ".join(part for part in (found.brand, found.model) if part),
            type=found.type,
            tags=tuple(tag_label(tag.name, tag.color) for tag in tags.of_equipment(tx.session, found.id)),
            description=found.description,
            custom=custom(tx, found),
            counts=listing.counts(tx, found),
            retired=found.retired_at is not None,
            picture=photo(tx, found),
            leads=known(others, FROM_EQUIPMENT if found.retired_at is None else FROM_RETIRED),
            kits=tuple(lacking),
            note=InventoryData.of(row).note,
        )
        return views.equipment_card(t, view, data_of(row), problem_of(row, t))

    return _or_gone(screen)


def item_card(others: Others) -> Screen:
    def screen(tx: Tx, row: Row, t: Texts) -> Message:
        found, of = of_item(tx, row)
        lacking = kits.lacking(tx.session, of.id, listing.lendable(tx.session, of))
        view = item_views.ItemView(
            version=found.version,
            name=of.name,
            code=found.code,
            label=found.label,
            serial_number=found.serial_number,
            other_codes=tuple(row.code for row in stickers.listed(tx.session, found.id)),
            place=place_name(tx, found),
            condition=found.condition,
            comment=found.comment,
            custom=custom(tx, found),
            damages=damages(tx, found),
            stays=tuple(listing.stays(tx, [found.id])),
            equipment_retired=of.retired_at is not None,
            picture=photo(tx, of),
            leads=known(others, FROM_ITEM if found.condition in LENDABLE else FROM_RETIRED_ITEM),
            kits=tuple(lacking) if found.condition not in LENDABLE else (),
            note=InventoryData.of(row).note,
        )
        return item_views.item_card(t, view, data_of(row), problem_of(row, t))

    return _or_gone(screen)


def _or_gone(screen: Callable[[Tx, Row, Texts], Message]) -> Screen:
    """Return the screen, or one that shows nothing where the thing is gone."""

    def draw(tx: Tx, row: Row, t: Texts) -> Message | None:
        try:
            return screen(tx, row, t)
        except Refusal:
            return None

    return draw


def items(tx: Tx, row: Row, t: Texts) -> Message:
    found = equipment(tx, row)
    page = listing.items(tx, found.id, page=InventoryData.of(row).items_page)
    return item_views.item_list(t, found.name, photo(tx, found), page, data_of(row), problem_of(row, t))


def concerned(tx: Tx, row: Row) -> list[int]:
    """Return the items that would leave lending: one, or all of an equipment."""
    if InventoryData.of(row).about == ABOUT_ITEM:
        return [item(tx, row).id]
    return [one.id for one in catalog.items_of(tx.session, equipment(tx, row).id)]


def holder(tx: Tx, row: Row) -> Stay | None:
    """Return the current claim on the item that would leave lending, if it is out."""
    if InventoryData.of(row).about != ABOUT_ITEM:
        return None
    stays = listing.stays(tx.at(row.updated_at), [item(tx, row).id])
    return next((stay for stay in stays if stay.status is ClaimStatus.OUT), None)


def damages(tx: Tx, found: Item) -> tuple[item_views.Damage, ...]:
    rows = damage.open_ones(tx.session, found.id)
    names = identity.names(tx.session, [one.reported_by for one in rows])
    return tuple(
        item_views.Damage(
            one.id, one.note, names.get(one.reported_by or 0, ""), one.created_at, one.photo_id is not None
        )
        for one in rows
    )


def surely(tx: Tx, row: Row, t: Texts) -> Message:
    """Ask for confirmation, with the rentals that lose something."""
    kept = InventoryData.of(row)
    data, problem = data_of(row), problem_of(row, t)
    ids, giving_up = concerned(tx, row), kept.giving_up
    losses = [loss for loss in reallocation.affected(tx, ids) if loss.rental_id in giving_up]
    yes = forms.yes_to(giving_up)
    kits_lost = _kits_lost(tx, row, ids)
    if kept.about == ABOUT_ITEM:
        found, of = of_item(tx, row)
        condition = kept.condition or Condition.OK
        return forms.surely_item(
            t,
            found.code,
            of.name,
            condition,
            losses,
            yes,
            photo(tx, of),
            data,
            problem,
            holder=holder(tx, row),
            kits=kits_lost,
        )
    of = equipment(tx, row)
    pieces = listing.items_in_use(tx, of.id)
    return forms.surely_equipment(
        t, of.name, pieces, losses, yes, photo(tx, of), data, problem, kits=kits_lost
    )


def _kits_lost(tx: Tx, row: Row, item_ids: list[int]) -> list[str]:
    """Return the kits that can be rented with these items, but not without."""
    of = equipment(tx, row)
    before = kits.lacking(tx.session, of.id, listing.lendable(tx.session, of))
    left = listing.lendable(tx.session, of, without=item_ids)
    return [name for name in kits.lacking(tx.session, of.id, left) if name not in before]


def over(tx: Tx, row: Row, t: Texts) -> Message:
    return forms.closed(t)
