"""Editing equipment and items field by field, and the photo."""

from collections.abc import Callable

from markupsafe import Markup

from db.models import Conversation as Row
from db.models import Equipment, Item
from handlers.i18n.texts import Texts
from handlers.inventory import screens
from handlers.inventory.browse import to_card
from handlers.inventory.common import ABOUT_ITEM, answer, going_to, named, save, tap, thing, token
from handlers.inventory.data import InventoryData
from handlers.inventory.views import forms
from handlers.inventory.views.forms import FieldLine, Option
from handlers.ui import conversation
from handlers.ui.conversation import State
from handlers.ui.form import data_of, number, problem_of
from handlers.ui.message import Message, Picture
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import attributes, creation, editing, tags
from services.inventory.codes import stickers

FIELDS, VALUE, CHOICE, PHOTO = "fields", "value", "choice", "photo"
_OWN = "own "
"""Prefix of a custom field's token on its button."""

_EQUIPMENT_FIELDS = ("name", "type", "brand", "model", "description", "tags")
_ITEM_FIELDS = ("code", "serial_number", "other_codes", "location", "label", "comment")
_CHOICES = ("type", "tags", "location", "other_codes")
_SEVERAL = ("tags", "other_codes")
_NEEDED = ("name", "code")


def _about(tx: Tx, row: Row) -> tuple[Equipment | Item, Equipment]:
    """Return the thing that is edited, and the equipment that it is or belongs to."""
    if InventoryData.of(row).about == ABOUT_ITEM:
        return screens.of_item(tx, row)
    found = screens.equipment(tx, row)
    return found, found


def _called(found: Equipment | Item, of: Equipment) -> str:
    return f"{found.code} · {of.name}" if isinstance(found, Item) else of.name


def _tag_ids(tx: Tx, equipment: Equipment) -> set[int]:
    return {tag.id for tag in tags.of_equipment(tx.session, equipment.id)}


def _now(tx: Tx, found: Equipment | Item, field: str) -> str:
    if isinstance(found, Item) and field == "location":
        return screens.place_name(tx, found) or ""
    if field == "other_codes":
        return ", ".join(row.code for row in stickers.listed(tx.session, found.id))
    if isinstance(found, Equipment) and field == "tags":
        chosen = _tag_ids(tx, found)
        return ", ".join(name for i, name in attributes.tags(tx.of(found.organization_id)) if i in chosen)
    return str(getattr(found, field) or "")


# Fields


def _fields_screen(tx: Tx, row: Row, t: Texts) -> Message:
    found, of = _about(tx, row)
    ours = _ITEM_FIELDS if isinstance(found, Item) else _EQUIPMENT_FIELDS
    lines = [
        FieldLine(f"{field} {found.version}", forms.field_name(t, field), _now(tx, found, field))
        for field in ours
    ]
    lines += [
        FieldLine(f"{_OWN}{token(label)} {found.version}", label, value)
        for label, value in screens.custom(tx, found, empty=True)
    ]
    return forms.field_list(
        t,
        _called(found, of),
        screens.photo(tx, of),
        lines,
        InventoryData.of(row).fields_page,
        data_of(row),
        problem_of(row, t),
    )


def _fields_page(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, InventoryData(fields_page=number(value)))


def _field(step: Request, row: Row, actor: Actor, value: str) -> None:
    """Ask for this field's value; the button carries the version of the thing that was seen."""
    field, _, seen = value.rpartition(" ")
    found = thing(step, row)
    label = None
    if field.startswith(_OWN):
        label, field = named(attributes.labels_of(step.session, found), field.removeprefix(_OWN)), "own"
    elif field not in (_ITEM_FIELDS if isinstance(found, Item) else _EQUIPMENT_FIELDS):
        raise Refusal(Refused.OUTDATED)
    state = CHOICE if field in _CHOICES else VALUE
    conversation.update(
        row, InventoryData(field=field, label=label, version=number(seen), choices_page=0), to=state
    )


# A typed value


def _value_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = InventoryData.of(row)
    found, of = _about(tx, row)
    field, label = kept.field, kept.label
    now = str(found.custom.get(label) or "") if label is not None else _now(tx, found, field)
    view = forms.ValueView(
        about=_called(found, of),
        field=label if label is not None else forms.field_name(t, field),
        now=now,
        clearable=field not in _NEEDED,
        picture=screens.photo(tx, of),
        hint=t.hint(forms.key_of(field)) if label is None else "",
    )
    return forms.ask_value(t, view, data_of(row), problem_of(row, t))


def _written(step: Request, row: Row, actor: Actor, text: str) -> None:
    kept = InventoryData.of(row)
    tx, seen, field, label = step.by(actor), kept.version, kept.field, kept.label
    found = thing(step, row)

    def work() -> None:
        if isinstance(found, Item):
            if label is not None:
                editing.edit_item_custom(tx, found.id, label=label, text=text, seen=seen)
            else:
                editing.edit_item(tx, found.id, field=field, text=text, seen=seen)
        elif label is not None:
            editing.edit_equipment_custom(tx, found.id, label=label, text=text, seen=seen)
        else:
            editing.edit_equipment(tx, found.id, field=field, text=text, seen=seen)

    _save(step, row, work)


def _save(step: Request, row: Row, work: Callable[[], object]) -> None:
    if save(step, row, work):
        to_card(row)


def _clear(step: Request, row: Row, actor: Actor, value: str) -> None:
    _written(step, row, actor, "")


# A chosen value


def _choice_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = InventoryData.of(row)
    found, of = _about(tx, row)
    field = kept.field
    several = field in _SEVERAL
    hint = t("Tap those that fit, or write a new one.") if several else t("Tap it, or write a new one.")
    view = forms.ChoiceView(
        about=_called(found, of),
        field=forms.field_name(t, field),
        hint=_hint_for_codes(t) if field == "other_codes" else hint,
        options=_options(tx, found, field),
        page=kept.choices_page,
        back="card" if several else "edit",
        clearable=not several and bool(_now(tx, found, field)),
        picture=screens.photo(tx, of),
        done=several,
    )
    return forms.choose(t, view, data_of(row), problem_of(row, t))


def _hint_for_codes(t: Texts) -> Markup:
    return t("Codes of stickers on it. Tap one to remove it, or write a new one.")


def _options(tx: Tx, found: Equipment | Item, field: str) -> tuple[Option, ...]:
    if field == "other_codes":
        return tuple(
            Option(str(row.id), row.code, chosen=True) for row in stickers.listed(tx.session, found.id)
        )
    if isinstance(found, Item):
        places = attributes.places(tx.of(found.organization_id))
        return tuple(Option(str(i), name, i == found.location_id) for i, name in places)
    if field == "type":
        types = attributes.types(tx.of(found.organization_id))
        return tuple(Option(token(name), name, name == found.type) for name in types)
    chosen = _tag_ids(tx, found)
    # Buttons carry the state they lead to, so that a double tap does not undo itself.
    return tuple(
        Option(f"{i}{'-' if i in chosen else '+'}", name, i in chosen)
        for i, name in attributes.tags(tx.of(found.organization_id))
    )


def _pick(step: Request, row: Row, actor: Actor, value: str) -> None:
    tx, found = step.by(actor), thing(step, row)
    seen = InventoryData.of(row).version
    if InventoryData.of(row).field == "other_codes":
        save(step, row, lambda: stickers.remove(tx, found.id, number(value)))
    elif isinstance(found, Item):
        place = None if value == "-" else number(value)
        _save(
            step,
            row,
            lambda: attributes.move_item(step.by(actor), found.id, location_id=place, seen=seen),
        )
    elif InventoryData.of(row).field == "type":
        name = "" if value == "-" else named(attributes.types(tx), value)
        _written(step, row, actor, name)
    else:
        _tag(step, row, actor, found, number(value[:-1]), on=value[-1:] == "+")


def _tag(step: Request, row: Row, actor: Actor, found: Equipment, tag_id: int, *, on: bool) -> None:
    save(
        step,
        row,
        lambda: attributes.tag_equipment(step.by(actor), found.id, tag_id=tag_id, on=on),
    )


def _choice_written(step: Request, row: Row, actor: Actor, text: str) -> None:
    """Set one of the existing choices, or a new one."""
    tx, found, seen = step.by(actor), thing(step, row), InventoryData.of(row).version
    if InventoryData.of(row).field == "other_codes":
        save(step, row, lambda: stickers.add(tx, found.id, text))
    elif isinstance(found, Item):

        def move() -> None:
            place = attributes.named_place(tx, text)
            attributes.move_item(tx, found.id, location_id=place.id, seen=seen)

        _save(step, row, move)
    elif InventoryData.of(row).field == "type":

        def retype() -> None:
            name = creation.clean_type(tx, text)
            editing.edit_equipment(tx, found.id, field="type", text=name, seen=seen)

        _save(step, row, retype)
    else:

        def add() -> None:
            tag = attributes.named_tag(tx, text)
            attributes.tag_equipment(tx, found.id, tag_id=tag.id, on=True)

        save(step, row, add)


def _choices_page(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, InventoryData(choices_page=number(value)))


# Photo


def _photo(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, InventoryData(version=number(value)), to=PHOTO)


def _photo_screen(tx: Tx, row: Row, t: Texts) -> Message:
    found = screens.equipment(tx, row)
    picture: Picture | None = screens.photo(tx, found)
    return forms.ask_photo(t, found.name, picture, data_of(row), problem_of(row, t))


def _photo_sent(step: Request, row: Row, actor: Actor, file_id: str | None) -> None:
    _save(
        step,
        row,
        lambda: attributes.set_photo(
            step.by(actor),
            InventoryData.of(row).equipment_id,
            file_id=file_id or None,
            seen=InventoryData.of(row).version,
        ),
    )


def _no_photo(step: Request, row: Row, actor: Actor, value: str) -> None:
    _photo_sent(step, row, actor, None)


STATES: dict[str, State] = {
    FIELDS: State(_fields_screen, {"field": tap(_field), "fields": tap(_fields_page)}),
    VALUE: State(_value_screen, {"clear": tap(_clear)}, answer(_written)),
    CHOICE: State(
        _choice_screen, {"pick": tap(_pick), "choices": tap(_choices_page)}, answer(_choice_written)
    ),
    PHOTO: State(_photo_screen, {"no_photo": tap(_no_photo)}, photo=answer(_photo_sent)),
}

MOVES: dict[str, conversation.OnTap] = {
    "edit": tap(going_to(FIELDS), about_a_thing=True),
    "photo": tap(_photo, about_a_thing=True),
}
"""Buttons of the cards that lead to these states."""
