"""Names of the fields that all organizations have: rename one, give a hint, take over a set."""

from collections.abc import Mapping

from markupsafe import Markup

from db.models import Conversation as Row
from db.states import Described
from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.inventory.data import ListData
from handlers.inventory.lists.named_lists import keeper
from handlers.ui import conversation, routes
from handlers.ui.callbacks import number
from handlers.ui.conversation import OnTap, State
from handlers.ui.form import attempt, data_of, problem_of, short
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from handlers.ui.widgets import pager
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.organizations import standard_labels

USUAL, USUAL_ONE, USUAL_LABEL, USUAL_HINT, CODE = "usual", "usual_one", "usual_label", "usual_hint", "code"
"""States; data: page, id (the field's place in NAMES, from 1)."""

_PER_PAGE = 10


def _name(row: Row) -> str:
    place = ListData.of(row).id
    if not 1 <= place <= len(standard_labels.NAMES):
        raise Refusal(Refused.OUTDATED)
    return standard_labels.NAMES[place - 1]


def _list_screen(tx: Tx, row: Row, t: Texts) -> Message:
    known, data = standard_labels.of(tx.of(row.organization_id).organization), data_of(row)
    part = pager.cut(list(enumerate(standard_labels.NAMES, start=1)), ListData.of(row).page, _PER_PAGE)
    rows: list[tuple[Button, ...]] = []
    for place, name in part.shown:
        own = known.get(name, standard_labels.Naming()).label
        usual = str(field_names.usual(t, name))
        label = f"{usual} → {own}" if own else f"{usual} ({_kind(t, name)})"
        rows.append((Button(short(label, 48), data("usual", str(place))),))
    rows += pager.arrows(part.number, part.pages, lambda to: data("usuals", str(to)))
    rows.append(
        (Button(str(t("Take over a set")), data("code", "")), Button(str(t("Back")), data("back", "")))
    )
    text = lines(
        problem_of(row, t),
        t("<b>Usual fields</b>"),
        t("Tap one to call it something else here, such as <i>Frame number</i> for the serial number."),
    )
    return Message(text, tuple(rows))


def _kind(t: Texts, name: str) -> str:
    return {
        Described.EQUIPMENT.value: str(t("Equipment")),
        Described.ITEM.value: str(t("Individual things")),
        Described.USER.value: str(t("Members")),
    }.get(name.partition(".")[0], str(t("Rentals")))


def _one_screen(tx: Tx, row: Row, t: Texts) -> Message:
    name, data = _name(row), data_of(row)
    own = standard_labels.of(tx.of(row.organization_id).organization).get(name, standard_labels.Naming())
    text = lines(
        problem_of(row, t),
        t("<b>{name}</b> ({kind})", name=field_names.usual(t, name), kind=_kind(t, name)),
        t("Here it is called {label}.", label=own.label) if own.label else t("It has its usual name."),
        t("Hint where it is asked for: {hint}", hint=own.hint) if own.hint else None,
    )
    rows: list[tuple[Button, ...]] = [
        (Button(str(t("Rename")), data("label", "")), Button(str(t("Hint")), data("hint", "")))
    ]
    if own.label or own.hint:
        rows.append((Button(str(t("As usual")), data("clear", "")),))
    return Message(text, (*rows, (Button(str(t("Back")), data("list", "")),)))


def _ask(question: Markup, row: Row, t: Texts) -> Message:
    back = (Button(str(t("Back")), data_of(row)("one", "")),)
    return Message(lines(problem_of(row, t), question), (back,))


def _label_screen(tx: Tx, row: Row, t: Texts) -> Message:
    return _ask(
        t("<b>{name}</b>: what is it called here? Write it.", name=field_names.usual(t, _name(row))), row, t
    )


def _hint_screen(tx: Tx, row: Row, t: Texts) -> Message:
    asks = t(
        "<b>{name}</b>: which hint should be shown where it is asked for?",
        name=field_names.usual(t, _name(row)),
    )
    return _ask(asks, row, t)


def _code_screen(tx: Tx, row: Row, t: Texts) -> Message:
    code = standard_labels.code_of(standard_labels.field_set(tx.of(row.organization_id)))
    text = lines(
        problem_of(row, t),
        t("<b>Take over a set</b>"),
        t(
            "Paste the code of another organisation to add its names and its own fields here. "
            "Nothing is removed."
        ),
        t("The code of your own fields, for others:"),
        Markup("<code>{}</code>").format(code) if len(code) < _LONGEST_CODE else None,
    )
    return Message(text, ((Button(str(t("Back")), data_of(row)("list", "")),),))


_LONGEST_CODE = 3000


# Taps and words


def _set(step: Request, row: Row, *, label: str | None = None, hint: str | None = None) -> None:
    actor = keeper(step)
    if attempt(step, row, lambda: standard_labels.rename(step.by(actor), _name(row), label=label, hint=hint)):
        conversation.update(row, to=USUAL_ONE)


def _typed_label(step: Request, row: Row, text: str) -> None:
    _set(step, row, label=text)


def _typed_hint(step: Request, row: Row, text: str) -> None:
    _set(step, row, hint=text)


def _clear(step: Request, row: Row, _value: str) -> None:
    _set(step, row, label="", hint="")
    conversation.render(step, row)


def _typed_code(step: Request, row: Row, text: str) -> None:
    actor = keeper(step)
    tx = step.by(actor)
    if attempt(step, row, lambda: standard_labels.take_over(tx, standard_labels.read_code(text))):
        conversation.update(row, to=USUAL)


_open = conversation.goto(USUAL_ONE, lambda value: ListData(id=number(value) or 0))
_list = conversation.goto(USUAL, ListData(id=0))
_one = conversation.goto(USUAL_ONE)
_fields = conversation.goto(routes.FIELDS, ListData(id=0, page=0))
begin: OnTap = conversation.goto(USUAL, ListData(id=0, page=0))
_page = conversation.goto(changes=lambda value: ListData(page=number(value) or 0))

STATES: Mapping[str, State] = {
    USUAL: State(
        _list_screen, {"usual": _open, "usuals": _page, "code": conversation.goto(CODE), "back": _fields}
    ),
    USUAL_ONE: State(
        _one_screen,
        {
            "label": conversation.goto(USUAL_LABEL),
            "hint": conversation.goto(USUAL_HINT),
            "clear": _clear,
            "list": _list,
        },
    ),
    USUAL_LABEL: State(_label_screen, {"one": _one}, _typed_label),
    USUAL_HINT: State(_hint_screen, {"one": _one}, _typed_hint),
    CODE: State(_code_screen, {"list": _list}, _typed_code),
}
