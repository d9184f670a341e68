"""The organization's tags, and their colors."""

from markupsafe import Markup

from db.models import Conversation as Row
from handlers.i18n import field_names
from handlers.i18n.texts import Texts
from handlers.inventory.data import ListData
from handlers.inventory.lists.named_lists import Kind, conversation_of, keeper, to_inventory
from handlers.inventory.views.named_lists import About, Entry, Words
from handlers.ui import conversation, routes
from handlers.ui.conversation import Conversation
from handlers.ui.form import attempt, data_of, short
from handlers.ui.message import Button, Rows
from handlers.ui.request import Request
from handlers.ui.widgets.tags import DOTS, tag_label
from services.core.actor import Actor
from services.core.tx import Tx
from services.inventory import tags


def _words(t: Texts, row: Row) -> Words:
    return Words(
        Markup("<b>{}</b>").format(field_names.name(t, "equipment.tags")),
        t("There are none yet. Tags make long lists shorter. Equipment can have several of them."),
        t("<b>What is the tag called?</b> Write it, such as <i>winter</i>."),
    )


def _entries(tx: Tx, row: Row, t: Texts) -> list[Entry]:
    found = tags.listed(tx.of(row.organization_id), switched_off=True)
    return [
        Entry(tag.id, tag.name, f"{short(tag_label(tag.name, tag.color))} ({tag.equipment})", tag.off)
        for tag in found
    ]


def _about(tx: Tx, row: Row, t: Texts, number: int) -> About:
    tag = tags.get(tx.of(row.organization_id), number)
    known = tags.listed(tx.of(tag.organization_id), switched_off=True)
    equipment = next(one.equipment for one in known if one.id == number)
    said = t.plural("On {n} kind of equipment.", "On {n} kinds of equipment.", equipment)
    return About(tag_label(tag.name, tag.color), (said,), tag.disabled_at is not None, _palette(row, t))


def _palette(row: Row, t: Texts) -> Rows:
    data = data_of(row)
    dots = [Button(dot, data("paint", color)) for color, dot in DOTS.items()]
    return (tuple(dots[:5]), (*dots[5:], Button(str(t("No colour")), data("paint", ""))))


def _paint(step: Request, row: Row, value: str) -> None:
    actor = keeper(step)
    attempt(step, row, lambda: tags.paint(step.by(actor), ListData.of(row).id, value or None))
    conversation.render(step, row)


def _add(step: Request, actor: Actor, row: Row, name: str) -> int:
    return tags.add(step.by(actor), name).id


def _rename(step: Request, actor: Actor, number: int, name: str) -> object:
    return tags.rename(step.by(actor), number, name)


def _switch(step: Request, actor: Actor, number: int, on: bool) -> object:
    return tags.switch(step.by(actor), number, on=on)


TAGS: Conversation = conversation_of(
    Kind(
        routes.TAGS,
        routes.TAGS,
        _words,
        _entries,
        _about,
        _add,
        _rename,
        _switch,
        to_inventory,
        {"paint": _paint},
    )
)
