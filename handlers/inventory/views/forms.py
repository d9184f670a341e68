"""Questions of the inventory: field, value, choice, photo, confirmation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zlib import crc32

from markupsafe import Markup

from db.states import Condition, Described
from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.inventory.views.cards import Problem, listed
from handlers.rentals.late.views import losses_told
from handlers.ui.form import Data, short
from handlers.ui.limits import Spare, cut, fit
from handlers.ui.message import Button, Message, Picture
from handlers.ui.refusals import condition_name
from handlers.ui.widgets import pager
from services.availability.reallocation import Loss
from services.inventory.listing import Stay
from services.organizations import standard_labels

PER_PAGE = 10
CHOICES_PER_PAGE = 12


def field_name(t: Texts, field: str) -> str:
    """Return what one of our own fields is called here."""
    return str(t("Other codes")) if field == "other_codes" else field_names.name(t, key_of(field))


def key_of(field: str) -> str:
    """Return the name under which an organization can rename a field."""
    of_equipment = standard_labels.FIELDS[Described.EQUIPMENT]
    return f"{'equipment' if field in of_equipment else 'item'}.{field}"


def _back(t: Texts, data: Data, word: str) -> Button:
    return Button(str(t("Back")), data(word, ""))


@dataclass(frozen=True)
class FieldLine:
    """A field with its present value in `now`; `value` is carried by its button."""

    value: str
    name: str
    now: str


def field_list(
    t: Texts,
    about: str,
    picture: Picture | None,
    fields: Sequence[FieldLine],
    page: int,
    data: Data,
    problem: Problem,
) -> Message:
    part = pager.cut(fields, page, PER_PAGE)
    rows = [
        (
            Button(
                short(f"{short(f.name.rstrip(': '), 24)}: {f.now or '–'}".replace("\n", " "), 48),
                data("field", f.value),
            ),
        )
        for f in part.shown
    ]
    text = lines(problem, Markup("<b>{}</b>").format(cut(about, 200)), t("What do you want to change?"))
    return Message(
        text,
        (
            *rows,
            *pager.arrows(part.number, part.pages, lambda to: data("fields", str(to))),
            (_back(t, data, "card"),),
        ),
        picture=picture,
    )


@dataclass(frozen=True)
class ValueView:
    about: str
    field: str
    now: str
    clearable: bool
    picture: Picture | None
    hint: str = ""


def ask_value(t: Texts, v: ValueView, data: Data, problem: Problem) -> Message:
    text = fit(
        problem,
        t("<b>{field}</b> of {name}", field=cut(v.field, 60), name=cut(v.about, 120)),
        Spare(v.now, t("Now:") + Markup(" <code>"), Markup("</code>")) if v.now else None,
        Markup("{}").format(v.hint) if v.hint else None,
        t("Write what it should be."),
    )
    row = [_back(t, data, "edit")]
    if v.clearable and v.now:
        row.insert(0, Button(str(t("Clear")), data("clear", "")))
    return Message(text, (tuple(row),), picture=v.picture)


@dataclass(frozen=True)
class Option:
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class ChoiceView:
    """A choice of one, or of several: tapped or typed. `back`: the value of the Back button."""

    about: str
    field: str
    hint: Markup
    options: tuple[Option, ...]
    page: int
    back: str
    clearable: bool
    picture: Picture | None
    done: bool = False


def choose(t: Texts, v: ChoiceView, data: Data, problem: Problem) -> Message:
    part = pager.cut(v.options, v.page, CHOICES_PER_PAGE)
    buttons = [
        Button(("✓ " if o.chosen else "") + short(o.name, 28), data("pick", o.value)) for o in part.shown
    ]
    rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    foot = [Button(str(t("Done") if v.done else t("Back")), data(v.back, ""))]
    if v.clearable:
        foot.insert(0, Button(str(t("None")), data("pick", "-")))
    text = fit(problem, t("<b>{field}</b> of {name}", field=v.field, name=cut(v.about, 160)), v.hint)
    return Message(
        text,
        (*rows, *pager.arrows(part.number, part.pages, lambda to: data("choices", str(to))), tuple(foot)),
        picture=v.picture,
    )


def ask_photo(t: Texts, about: str, picture: Picture | None, data: Data, problem: Problem) -> Message:
    row = [_back(t, data, "card")]
    if picture is not None:
        row.insert(0, Button(str(t("Remove the photo")), data("no_photo", "")))
    text = lines(problem, Markup("<b>{}</b>").format(cut(about, 200)), t("Send me a photo of it."))
    return Message(text, (tuple(row),), picture=picture)


def surely_equipment(
    t: Texts,
    name: str,
    items: int,
    losses: Sequence[Loss],
    yes: str,
    picture: Picture | None,
    data: Data,
    problem: Problem,
    *,
    kits: Sequence[str] = (),
) -> Message:
    text = lines(
        problem,
        t("<b>Retire {name}?</b>", name=cut(name, 100)),
        t.plural(
            "It leaves the catalogue, with {n} item. You can bring it back.",
            "It leaves the catalogue, with {n} items. You can bring it back.",
            items,
        ),
        _kits_lost(t, kits),
        *losses_told(t, losses),
    )
    # A caption below a photo has no room for names of any length.
    return Message(text, (_yes_no(t, yes, data),), picture=picture if not losses else None)


def surely_item(
    t: Texts,
    code: str,
    name: str,
    condition: Condition,
    losses: Sequence[Loss],
    yes: str,
    picture: Picture | None,
    data: Data,
    problem: Problem,
    *,
    holder: Stay | None = None,
    kits: Sequence[str] = (),
) -> Message:
    code, name = cut(code, 60), cut(name, 60)
    if condition is Condition.RETIRED:
        heading = t("<b>Retire {code}?</b> ({name})", code=code, name=name)
    else:
        heading = t(
            "<b>{code}: {condition}?</b> ({name})",
            code=code,
            name=name,
            condition=condition_name(t, condition),
        )
    text = lines(
        problem,
        heading,
        t("It is no longer lent out. You can bring it back into use.")
        if condition is Condition.RETIRED
        else None,
        t(
            "{name} has it (rental {id}), and will no longer be asked for it.",
            name=cut(holder.name, 40),
            id=holder.number,
        )
        if holder is not None
        else None,
        _kits_lost(t, kits),
        *losses_told(t, losses),
    )
    # A caption below a photo has no room for names of any length.
    return Message(text, (_yes_no(t, yes, data),), picture=picture if not losses else None)


def _kits_lost(t: Texts, kits: Sequence[str]) -> Markup | None:
    if not kits:
        return None
    return t.plural(
        "This kit can then no longer be rented: {kits}",
        "These kits can then no longer be rented: {kits}",
        len(kits),
        kits=listed(kits),
    )


def yes_to(losses: Collection[int]) -> str:
    """Return the Yes button's value: it confirms these losses, and none that came since."""
    return f"{crc32(repr(sorted(losses)).encode()):08x}"


def _yes_no(t: Texts, yes: str, data: Data) -> tuple[Button, ...]:
    return Button(str(t("Yes")), data("yes", yes)), Button(str(t("No")), data("card", ""))


def closed(t: Texts) -> Message:
    return Message(t("The inventory is closed. /inventory opens it again."))
