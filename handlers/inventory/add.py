"""Something new, or more of something: name, photo, one card with the rest, Save."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Item, Location
from db.states import Condition
from handlers.i18n.texts import Texts
from handlers.inventory import screens
from handlers.inventory.browse import to_equipment
from handlers.inventory.common import answer, named, refuse, tap, token
from handlers.inventory.views import add as adding_views
from handlers.inventory.views import forms
from handlers.inventory.views.forms import Option
from handlers.ui import conversation
from handlers.ui.conversation import State
from handlers.ui.form import attempt, data_of, number, problem_of
from handlers.ui.message import Message
from handlers.ui.request import Step
from services.core.errors import Refused
from services.core.identity import Actor
from services.inventory import attributes, creation, listing

NAME, PICTURE, NEW, TYPE, PLACE, MORE = "name", "picture", "new", "new_type", "new_place", "more"
_SHOWN = 5
"""Types and places that are on the card itself; the others are one tap further."""


# Name and photo


def _add(step: Step, row: Row, actor: Actor, value: str) -> None:
    conversation.move(row, NAME, **dict.fromkeys(("new", "photo", "type", "place", "code")))


def _name_screen(session: Session, row: Row, t: Texts) -> Message:
    return adding_views.ask_name(t, data_of(row), problem_of(row, t))


def _named(step: Step, row: Row, actor: Actor, text: str) -> None:
    """A new name; or one that there is: one more of it, with no question for a photo where it has one."""
    _add(step, row, actor, "")

    def check() -> None:
        conversation.move(row, new=creation.clean_name(text))

    if not attempt(step, row, check):
        return
    known = listing.by_name(step.session, actor.organization_id, row.data["new"])
    if known is not None:
        place = creation.usual_place(step.session, known.id)
        conversation.move(row, new=known.name, place=place.id if place is not None else None)
    conversation.move(row, NEW if known is not None and known.photo_id is not None else PICTURE)


def _add_what_was_sought(step: Step, row: Row, actor: Actor, value: str) -> None:
    _named(step, row, actor, row.data.get("words", ""))


def _picture_screen(session: Session, row: Row, t: Texts) -> Message:
    return adding_views.ask_first_photo(t, row.data["new"], data_of(row), problem_of(row, t))


def _picture_sent(step: Step, row: Row, actor: Actor, file_id: str) -> None:
    conversation.move(row, NEW, photo=file_id)


def _skip(step: Step, row: Row, actor: Actor, value: str) -> None:
    conversation.move(row, NEW)


# The card with the rest


def _new_screen(session: Session, row: Row, t: Texts) -> Message:
    organization_id, name = row.organization_id or 0, row.data["new"]
    known = listing.by_name(session, organization_id, name)
    there = None
    if known is not None:
        there = session.scalar(
            select(func.count(Item.id)).where(
                Item.equipment_id == known.id, Item.condition != Condition.RETIRED
            )
        )
    types = attributes.types(session, organization_id) if known is None else []
    places = attributes.places(session, organization_id)
    type_, place_id = row.data.get("type", ""), row.data.get("place")
    place = session.get(Location, place_id) if place_id is not None else None
    view = adding_views.NewView(
        name=name,
        there=there,
        retired=known is not None and known.retired_at is not None,
        code=row.data.get("code") or creation.propose(session, organization_id, name)[0],
        photo="photo" in row.data,
        type=type_,
        types=tuple(Option(token(one), one, one == type_) for one in types[:_SHOWN]),
        more_types=known is None,
        place=place.name if place is not None else "",
        places=tuple(Option(str(i), one, i == place_id) for i, one in places[:_SHOWN]),
        more_places=True,
    )
    return adding_views.new_thing(t, view, data_of(row), problem_of(row, t))


def _type(step: Step, row: Row, actor: Actor, value: str) -> None:
    name = named(attributes.types(step.session, actor.organization_id), value) if value != "-" else None
    conversation.move(row, NEW, type=name)


def _place(step: Step, row: Row, actor: Actor, value: str) -> None:
    place = None
    if value != "-":
        place = attributes.place_of(step.session, actor.organization_id, number(value))
    conversation.move(row, NEW, place=place.id if place is not None else None)


def _code_written(step: Step, row: Row, actor: Actor, text: str) -> None:
    def check() -> None:
        conversation.move(row, code=creation.check_code(step.session, actor.organization_id, text))

    attempt(step, row, check)


def _save(step: Step, row: Row, actor: Actor, value: str) -> None:
    made: list[Item] = []

    def save() -> None:
        made.append(
            creation.one(
                step.session,
                actor,
                step.now,
                name=row.data["new"],
                type_=row.data.get("type", ""),
                file_id=row.data.get("photo"),
                code=row.data.get("code"),
                location_id=row.data.get("place"),
            )
        )

    if attempt(step, row, save):
        _done(step, row, made)


def _done(step: Step, row: Row, made: list[Item]) -> None:
    codes = [item.code for item in made]
    row.data = {key: row.data[key] for key in ("words", "page") if key in row.data}
    to_equipment(row, made[0].equipment_id, note=adding_views.added(step.texts, codes))


# Another type, another place


def _types(step: Step, row: Row, actor: Actor, value: str) -> None:
    conversation.move(row, TYPE, choices_page=number(value or "0"))


def _places(step: Step, row: Row, actor: Actor, value: str) -> None:
    conversation.move(row, PLACE, choices_page=number(value or "0"))


def _back_to_new(step: Step, row: Row, actor: Actor, value: str) -> None:
    conversation.move(row, NEW)


def _type_screen(session: Session, row: Row, t: Texts) -> Message:
    types, chosen = attributes.types(session, row.organization_id or 0), row.data.get("type")
    options = tuple(Option(token(name), name, name == chosen) for name in types)
    return _choice(row, t, "type", options, clearable=chosen is not None)


def _place_screen(session: Session, row: Row, t: Texts) -> Message:
    places, chosen = attributes.places(session, row.organization_id or 0), row.data.get("place")
    options = tuple(Option(str(i), name, i == chosen) for i, name in places)
    return _choice(row, t, "location", options, clearable=chosen is not None)


def _choice(row: Row, t: Texts, field: str, options: tuple[Option, ...], *, clearable: bool) -> Message:
    view = forms.ChoiceView(
        about=row.data["new"],
        field=str(forms.field_name(t, field)),
        hint=t("Tap it, or write a new one."),
        options=options,
        page=row.data.get("choices_page", 0),
        back="new",
        clearable=clearable,
        picture=None,
    )
    return forms.choose(t, view, data_of(row), problem_of(row, t))


def _choices_page(step: Step, row: Row, actor: Actor, value: str) -> None:
    conversation.move(row, choices_page=number(value))


def _type_written(step: Step, row: Row, actor: Actor, text: str) -> None:
    def check() -> None:
        conversation.move(
            row, NEW, type=creation.clean_type(step.session, actor.organization_id, text) or None
        )

    attempt(step, row, check)


def _place_written(step: Step, row: Row, actor: Actor, text: str) -> None:
    def check() -> None:
        conversation.move(row, NEW, place=attributes.named_place(step.session, actor, text, step.now).id)

    attempt(step, row, check)


# More of it


def _more(step: Step, row: Row, actor: Actor, value: str) -> None:
    conversation.move(row, MORE)


def _more_screen(session: Session, row: Row, t: Texts) -> Message:
    found = screens.equipment(session, row)
    code = creation.propose(session, found.organization_id, found.name)[0]
    place = creation.usual_place(session, found.id)
    return adding_views.ask_number(
        t,
        found.name,
        code,
        place.name if place is not None else None,
        screens.photo(session, found),
        data_of(row),
        problem_of(row, t),
    )


def _many(step: Step, row: Row, actor: Actor, value: str) -> None:
    _add_items(step, row, actor, number=number(value))


def _more_written(step: Step, row: Row, actor: Actor, text: str) -> None:
    """A number, or the code of a single one."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        if len(text) > 4:
            refuse(row, Refused.OUT_OF_RANGE, least=1, most=creation.MOST_AT_ONCE)
            return
        _add_items(step, row, actor, number=int(text))
    else:
        _add_items(step, row, actor, code=text)


def _add_items(step: Step, row: Row, actor: Actor, *, number: int = 1, code: str | None = None) -> None:
    made: list[Item] = []
    equipment_id = row.data["equipment_id"]
    place = creation.usual_place(step.session, equipment_id)
    place_id = place.id if place is not None else None

    def add() -> None:
        made.extend(
            creation.items(
                step.session, actor, equipment_id, step.now, number=number, code=code, location_id=place_id
            )
        )

    if attempt(step, row, add):
        _done(step, row, made)


_CHOOSING = {"choices": tap(_choices_page), "new": tap(_back_to_new)}

STATES: dict[str, State] = {
    NAME: State(_name_screen, {}, answer(_named)),
    PICTURE: State(_picture_screen, {"skip": tap(_skip)}, photo=answer(_picture_sent)),
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
    "more": tap(_more, about_a_thing=True),
}
"""To these, from the cards."""
