"""Custom fields: the kinds of things they describe, then the fields of one in their order."""

from db.models import Conversation as Row
from db.states import Described
from handlers.i18n.texts import Texts, lines
from handlers.inventory.data import ListData
from handlers.inventory.field_names import screens as field_names
from handlers.inventory.lists.named_lists import Kind, conversation_of, keeper, to_inventory
from handlers.inventory.views.named_lists import About, Entry, Words
from handlers.ui import conversation, routes
from handlers.ui.conversation import Conversation, State
from handlers.ui.form import attempt, data_of, problem_of, short
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from services.core import custom_fields
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx

OF = "of"
"""The state of the list of one kind; data: describes."""


def described(t: Texts, what: Described) -> str:
    return {
        Described.EQUIPMENT: str(t("Equipment")),
        Described.ITEM: str(t("Individual things")),
        Described.USER: str(t("Members")),
        Described.RENTAL: str(t("Rentals")),
        Described.ORGANIZATION: str(t("The organisation")),
    }[what]


def _choice(tx: Tx, row: Row, t: Texts) -> Message:
    data = data_of(row)
    rows: list[tuple[Button, ...]] = []
    for what in Described:
        count = len(custom_fields.of(tx.session, row.organization_id or 0, what))
        rows.append((Button(f"{described(t, what)} ({count})", data("of", what.value)),))
    rows.append((Button(str(t("Usual fields")), data("usuals", "")),))
    rows.append((Button(str(t("Back")), data("back", "")),))
    text = lines(
        problem_of(row, t),
        t("<b>Your own fields</b>"),
        t("What else do you want to know? Rental fields are asked for in the basket."),
    )
    return Message(text, tuple(rows))


def _open(step: Request, row: Row, value: str) -> None:
    try:
        what = Described(value)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    conversation.update(row, ListData(describes=what.value, words="", page=0), to=OF)
    conversation.render(step, row)


_back = conversation.goto(routes.FIELDS, ListData(describes="", words="", page=0))


def _describes(row: Row) -> Described:
    return Described(ListData.of(row).describes)


def _words(t: Texts, row: Row) -> Words:
    what = described(t, _describes(row))
    return Words(
        t("<b>Your own fields: {what}</b>", what=what.lower()),
        t("There are none yet."),
        t("<b>What is the field called?</b> Write it, such as <i>Size</i>."),
    )


def _entries(tx: Tx, row: Row, t: Texts) -> list[Entry]:
    found = custom_fields.of(tx.session, row.organization_id or 0, _describes(row), switched_off=True)
    return [Entry(f.id, f.label, short(f.label), f.disabled_at is not None) for f in found]


def _about(tx: Tx, row: Row, t: Texts, number: int) -> About:
    field = custom_fields.get(tx.session, row.organization_id or 0, number)
    order = custom_fields.of(tx.session, field.organization_id, field.describes, switched_off=True)
    place, data = order.index(field) + 1, data_of(row)
    moves = []
    if place > 1:
        moves.append(Button(str(t("Up")), data("move", str(place - 1))))
    if place < len(order):
        moves.append(Button(str(t("Down")), data("move", str(place + 1))))
    rows = [tuple(moves)] if moves else []
    seen = None
    if field.describes in custom_fields.SHOWN_TO_MEMBERS:
        word = str(t("Lenders only")) if field.for_members else str(t("Show to members"))
        rows.append((Button(word, data("show", "0" if field.for_members else "1")),))
        seen = t("Members see it.") if field.for_members else t("Only lenders see it.")
    said = t("{what}: number {place} of {n}.", what=described(t, field.describes), place=place, n=len(order))
    told = (said, seen) if seen is not None else (said,)
    return About(field.label, told, field.disabled_at is not None, tuple(rows))


def _move(step: Request, row: Row, value: str) -> None:
    """Move a field. The button carries the new position, so that a double tap does not move it twice."""
    actor = keeper(step)
    if not (value.isascii() and value.isdigit() and len(value) < 6):
        raise Refusal(Refused.OUTDATED)
    attempt(step, row, lambda: custom_fields.move(step.by(actor), ListData.of(row).id, int(value)))
    conversation.render(step, row)


def _show(step: Request, row: Row, value: str) -> None:
    actor, shown = keeper(step), value == "1"
    number = ListData.of(row).id
    attempt(step, row, lambda: custom_fields.mark(step.by(actor), number, for_members=shown))
    conversation.render(step, row)


def _add(step: Request, actor: Actor, row: Row, label: str) -> int:
    return custom_fields.add(step.by(actor), _describes(row), label).id


def _rename(step: Request, actor: Actor, number: int, label: str) -> object:
    return custom_fields.rename(step.by(actor), number, label)


def _switch(step: Request, actor: Actor, number: int, on: bool) -> object:
    return custom_fields.switch(step.by(actor), number, on=on)


FIELDS: Conversation = conversation_of(
    Kind(
        *(routes.FIELDS, OF, _words, _entries, _about, _add, _rename, _switch, _back),
        taps={"move": _move, "show": _show},
    ),
    {
        routes.FIELDS: State(_choice, {"of": _open, "usuals": field_names.begin, "back": to_inventory}),
        **field_names.STATES,
    },
)
