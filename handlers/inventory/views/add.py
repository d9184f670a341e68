"""Views for adding equipment and items: name, photo, number."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.inventory.views.cards import Problem
from handlers.inventory.views.forms import Option
from handlers.ui.form import Data, short, side_by_side
from handlers.ui.limits import cut, fit
from handlers.ui.message import Button, Message, Picture


def ask_name(t: Texts, data: Data, problem: Problem) -> Message:
    text = lines(
        problem,
        t("<b>What is it called?</b> Write its name."),
        t("If there is something with that name already, this adds one more of it."),
    )
    return Message(text, ((Button(str(t("Cancel")), data("list", "")),),))


def ask_first_photo(t: Texts, name: str, data: Data, problem: Problem) -> Message:
    text = lines(
        problem, Markup("<b>{}</b>").format(cut(name, 200)), t("Send me a photo of it, or tap Skip.")
    )
    skip, stop = Button(str(t("Skip")), data("skip", "")), Button(str(t("Cancel")), data("list", ""))
    return Message(text, ((skip, stop),))


@dataclass(frozen=True)
class NewView:
    """Equipment that is about to be added. `there`: its items so far; None where the name is new."""

    name: str
    there: int | None
    retired: bool
    code: str
    photo: bool
    type: str
    types: tuple[Option, ...]
    more_types: bool
    place: str
    places: tuple[Option, ...]
    more_places: bool


def new_thing(t: Texts, v: NewView, data: Data, problem: Problem) -> Message:
    """Show the rest before saving; type and location are optional."""
    if v.there is None:
        heading = t("<b>New: {name}</b>", name=cut(v.name, 200))
    else:
        heading = t("<b>One more: {name}</b>", name=cut(v.name, 200))
    there = t.plural("There is already {n}.", "There are already {n}.", v.there) if v.there else None
    text = fit(
        problem,
        heading,
        there,
        t("It was retired, and will be in use again.") if v.retired else None,
        field_names.line(t, "item.code", Markup("<code>{}</code>").format(v.code)),
        field_names.line(t, "equipment.type", v.type),
        field_names.line(t, "item.location", cut(v.place, 100)),
        t("With a photo") if v.photo else None,
        t("Write another code to use that one."),
    )
    rows = [
        *_options("", v.types, "type", Button(str(t("Other type")), data("types", "0")), v.more_types, data),
        *_options(
            "📍 ", v.places, "place", Button(str(t("Other place")), data("places", "0")), v.more_places, data
        ),
        (Button(str(t("Save")), data("save", "")), Button(str(t("Cancel")), data("list", ""))),
    ]
    return Message(text, tuple(rows))


def _options(
    sign: str, options: tuple[Option, ...], word: str, other: Button, more: bool, data: Data
) -> list[tuple[Button, ...]]:
    buttons = [Button(("✓ " if o.chosen else sign) + short(o.name, 24), data(word, o.value)) for o in options]
    if more:
        buttons.append(other)
    return side_by_side(buttons)


def ask_number(
    t: Texts,
    name: str,
    next_code: str,
    place: str | None,
    picture: Picture | None,
    data: Data,
    problem: Problem,
) -> Message:
    text = lines(
        problem,
        t("<b>How many more of {name}?</b>", name=cut(name, 200)),
        t("Tap or write a number; the first gets the code <code>{code}</code>.", code=next_code),
        t("Or write the code of a single one."),
        field_names.line(t, "item.location", cut(place or "", 100)),
    )
    numbers = tuple(Button(str(n), data("many", str(n))) for n in (1, 2, 3, 5, 10))
    return Message(text, (numbers, (Button(str(t("Back")), data("card", "")),)), picture=picture)


def added(t: Texts, codes: Sequence[str]) -> str:
    """Return the card's confirmation once the items are saved."""
    if len(codes) == 1:
        return str(t("Added: {code}", code=codes[0]).striptags())
    return str(
        t.plural(
            "Added {n} item: {first}",
            "Added {n} items: {first} to {last}",
            len(codes),
            first=codes[0],
            last=codes[-1],
        ).striptags()
    )
