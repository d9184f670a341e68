"""Adding equipment and items: name, photo, one card with the rest, Save."""

from db.models import Conversation as Row
from db.models import Item
from handlers.i18n.texts import Texts
from handlers.inventory import screens
from handlers.inventory.browse import to_equipment
from handlers.inventory.common import answer, going_to, named, refuse, tap, token
from handlers.inventory.data import InventoryData
from handlers.inventory.views import add as adding_views
from handlers.inventory.views import forms
from handlers.inventory.views.forms import Option
from handlers.ui import conversation
from handlers.ui.conversation import State
from handlers.ui.form import attempt, data_of, number, problem_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import attributes, creation, listing, locations

NAME, PICTURE, NEW, TYPE, PLACE, MORE = "name", "picture", "new", "new_type", "new_place", "more"
_SHOWN = 5
"""Number of types and locations on the card itself; the others are one tap further."""


# Name and photo


def _add(step: Request, row: Row, actor: Actor, value: str) -> None:
    changes = InventoryData(new="", photo="", type="", place=None, code="")
    conversation.update(row, changes, to=NAME)


def _name_screen(tx: Tx, row: Row, t: Texts) -> Message:
    return adding_views.ask_name(t, data_of(row), problem_of(row, t))


def _named(step: Request, row: Row, actor: Actor, text: str) -> None:
    """Take a name; for existing equipment add one item, without asking for a photo where it has one."""
    _add(step, row, actor, "")

    def check() -> None:
        conversation.update(row, InventoryData(new=creation.clean_name(text)))

    if not attempt(step, row, check):
        return
    known = listing.by_name(step.by(actor), InventoryData.of(row).new)
    if known is not None:
        place = creation.usual_place(step.session, known.id)
        conversation.update(row, InventoryData(new=known.name, place=place.id if place is not None else None))
    conversation.update(row, to=NEW if known is not None and known.photo_id is not None else PICTURE)


def _add_what_was_sought(step: Request, row: Row, actor: Actor, value: str) -> None:
    _named(step, row, actor, InventoryData.of(row).words)


def _picture_screen(tx: Tx, row: Row, t: Texts) -> Message:
    return adding_views.ask_first_photo(t, InventoryData.of(row).new, data_of(row), problem_of(row, t))


def _picture_sent(step: Request, row: Row, actor: Actor, file_id: str) -> None:
    conversation.update(row, InventoryData(photo=file_id), to=NEW)


# The card with the other fields


def _new_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = InventoryData.of(row)
    organization_id, name = row.organization_id or 0, kept.new
    known = listing.by_name(tx.of(organization_id), name)
    there = listing.items_in_use(tx, known.id) if known is not None else None
    types = attributes.types(tx.of(organization_id)) if known is None else []
    places = attributes.places(tx.of(organization_id))
    type_, place_id = kept.type, kept.place
    view = adding_views.NewView(
        name=name,
        there=there,
        retired=known is not None and known.retired_at is not None,
        code=kept.code or creation.propose(tx.of(organization_id), name)[0],
        photo=bool(kept.photo),
        type=type_,
        types=tuple(Option(token(one), one, one == type_) for one in types[:_SHOWN]),
        more_types=known is None,
        place=locations.name_of(tx, place_id) or "",
        places=tuple(Option(str(i), one, i == place_id) for i, one in places[:_SHOWN]),
        more_places=True,
    )
    return adding_views.new_thing(t, view, data_of(row), problem_of(row, t))


def _type(step: Request, row: Row, actor: Actor, value: str) -> None:
    name = named(attributes.types(step.by(actor)), value) if value != "-" else ""
    conversation.update(row, InventoryData(type=name), to=NEW)


def _place(step: Request, row: Row, actor: Actor, value: str) -> None:
    place = None
    if value != "-":
        place = attributes.place_of(step.by(actor), number(value))
    conversation.update(row, InventoryData(place=place.id if place is not None else None), to=NEW)


def _code_written(step: Request, row: Row, actor: Actor, text: str) -> None:
    def check() -> None:
        conversation.update(row, InventoryData(code=creation.check_code(step.by(actor), text)))

    attempt(step, row, check)


def _save(step: Request, row: Row, actor: Actor, value: str) -> None:
    made: list[Item] = []
    kept = InventoryData.of(row)

    def save() -> None:
        made.append(
            creation.one(
                step.by(actor),
                name=kept.new,
                type_=kept.type,
                file_id=kept.photo or None,
                code=kept.code or None,
                location_id=kept.place,
            )
        )

    if attempt(step, row, save):
        _done(step, row, made)


def _done(step: Request, row: Row, made: list[Item]) -> None:
    codes = [item.code for item in made]
    kept = InventoryData.of(row)
    conversation.reset(row, InventoryData(words=kept.words, page=kept.page))
    to_equipment(row, made[0].equipment_id, note=adding_views.added(step.texts, codes))


# Another type, another location


def _types(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, InventoryData(choices_page=number(value or "0")), to=TYPE)


def _places(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, InventoryData(choices_page=number(value or "0")), to=PLACE)


def _type_screen(tx: Tx, row: Row, t: Texts) -> Message:
    types, chosen = attributes.types(tx.of(row.organization_id)), InventoryData.of(row).type
    options = tuple(Option(token(name), name, name == chosen) for name in types)
    return _choice(row, t, "type", options, clearable=bool(chosen))


def _place_screen(tx: Tx, row: Row, t: Texts) -> Message:
    places, chosen = attributes.places(tx.of(row.organization_id)), InventoryData.of(row).place
    options = tuple(Option(str(i), name, i == chosen) for i, name in places)
    return _choice(row, t, "location", options, clearable=chosen is not None)


def _choice(row: Row, t: Texts, field: str, options: tuple[Option, ...], *, clearable: bool) -> Message:
    kept = InventoryData.of(row)
    view = forms.ChoiceView(
        about=kept.new,
        field=forms.field_name(t, field),
        hint=t("Tap it, or write a new one."),
        options=options,
        page=kept.choices_page,
        back="new",
        clearable=clearable,
        picture=None,
    )
    return forms.choose(t, view, data_of(row), problem_of(row, t))


def _choices_page(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, InventoryData(choices_page=number(value)))


def _type_written(step: Request, row: Row, actor: Actor, text: str) -> None:
    def check() -> None:
        conversation.update(row, InventoryData(type=creation.clean_type(step.by(actor), text)), to=NEW)

    attempt(step, row, check)


def _place_written(step: Request, row: Row, actor: Actor, text: str) -> None:
    def check() -> None:
        conversation.update(row, InventoryData(place=attributes.named_place(step.by(actor), text).id), to=NEW)

    attempt(step, row, check)


# More items


def _more_screen(tx: Tx, row: Row, t: Texts) -> Message:
    found = screens.equipment(tx, row)
    code = creation.propose(tx.of(found.organization_id), found.name)[0]
    place = creation.usual_place(tx.session, found.id)
    return adding_views.ask_number(
        t,
        found.name,
        code,
        place.name if place is not None else None,
        screens.photo(tx, found),
        data_of(row),
        problem_of(row, t),
    )


def _many(step: Request, row: Row, actor: Actor, value: str) -> None:
    _add_items(step, row, actor, number=number(value))


def _more_written(step: Request, row: Row, actor: Actor, text: str) -> None:
    """Take a number of items, or the code of a single one."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        if len(text) > 4:
            refuse(row, Refused.OUT_OF_RANGE, least=1, most=creation.MOST_AT_ONCE)
            return
        _add_items(step, row, actor, number=int(text))
    else:
        _add_items(step, row, actor, code=text)


def _add_items(step: Request, row: Row, actor: Actor, *, number: int = 1, code: str | None = None) -> None:
    made: list[Item] = []
    equipment_id = InventoryData.of(row).equipment_id
    place = creation.usual_place(step.session, equipment_id)
    place_id = place.id if place is not None else None

    def add() -> None:
        made.extend(
            creation.items(step.by(actor), equipment_id, number=number, code=code, location_id=place_id)
        )

    if attempt(step, row, add):
        _done(step, row, made)


_CHOOSING = {"choices": tap(_choices_page), "new": tap(going_to(NEW))}

STATES: dict[str, State] = {
    NAME: State(_name_screen, {}, answer(_named)),
    PICTURE: State(_picture_screen, {"skip": tap(going_to(NEW))}, photo=answer(_picture_sent)),
    NEW: State(
        _new_screen,
        {
            "type": tap(_type),
            "place": tap(_place),
            "types": tap(_types),
            "places": tap(_places),
            "save": tap(_save),
        },
        answer(_code_written),
    ),
    TYPE: State(_type_screen, {"pick": tap(_type), **_CHOOSING}, answer(_type_written)),
    PLACE: State(_place_screen, {"pick": tap(_place), **_CHOOSING}, answer(_place_written)),
    MORE: State(_more_screen, {"many": tap(_many)}, answer(_more_written)),
}

MOVES: dict[str, conversation.OnTap] = {
    "add": tap(_add),
    "addthis": tap(_add_what_was_sought),
    "more": tap(going_to(MORE), about_a_thing=True),
}
"""Buttons of the cards that lead to these states."""
