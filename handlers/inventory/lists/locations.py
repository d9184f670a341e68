"""The organization's locations."""

from markupsafe import Markup

from db.models import Conversation as Row
from handlers.i18n.texts import Texts, lines
from handlers.inventory.data import ListData
from handlers.inventory.lists.named_lists import ONE, Kind, conversation_of, keeper, to_inventory
from handlers.inventory.merging import places as place_merging
from handlers.inventory.views.named_lists import About, Entry, Words
from handlers.ui import conversation, routes
from handlers.ui.conversation import Conversation, State
from handlers.ui.form import attempt, data_of, problem_of, short
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.tx import Tx
from services.inventory import locations


def _words(t: Texts, row: Row) -> Words:
    return Words(
        t("<b>Places</b>"),
        t("There are none yet. A place is a room, a shelf, a box: where things are kept."),
        t("<b>What is the place called?</b> Write it, such as <i>Cellar, shelf 2</i>."),
    )


def _entries(tx: Tx, row: Row, t: Texts) -> list[Entry]:
    found = locations.listed(tx.of(row.organization_id), switched_off=True)
    return [Entry(p.id, p.name, f"{short(p.name)} ({p.items})", p.off) for p in found]


def _about(tx: Tx, row: Row, t: Texts, number: int) -> About:
    place = locations.get(tx.of(row.organization_id), number)
    known = locations.listed(tx.of(place.organization_id), switched_off=True)
    items = next(one.items for one in known if one.id == number)
    told = (Markup("{}").format(place.description),) if place.description else ()
    describe = Button(str(t("Description")), data_of(row)("describe", ""))
    said = t.plural("{n} thing is kept here.", "{n} things are kept here.", items)
    rows = [describe, Button(str(t("Merge")), data_of(row)("merging", ""))][: 2 if len(known) > 1 else 1]
    return About(place.name, (*told, said), place.disabled_at is not None, (tuple(rows),))


def _add(step: Request, actor: Actor, row: Row, name: str) -> int:
    return locations.add(step.by(actor), name).id


def _rename(step: Request, actor: Actor, number: int, name: str) -> object:
    return locations.rename(step.by(actor), number, name)


def _switch(step: Request, actor: Actor, number: int, on: bool) -> object:
    return locations.switch(step.by(actor), number, on=on)


# Its description

DESCRIBE = "describe"


def _description_screen(tx: Tx, row: Row, t: Texts) -> Message:
    place = locations.get(tx.of(row.organization_id), ListData.of(row).id)
    now = place.description
    asks = lines(
        t("<b>{name}</b>: how is it found? Write it, such as <i>left of the stairs</i>.", name=place.name),
        t("Members see it when they pick something up there."),
        t("Now: {value}", value=now) if now else None,
    )
    back = Button(str(t("Back")), data_of(row)("back", ""))
    clear = (Button(str(t("Remove")), data_of(row)("clear", "")),)
    return Message(lines(problem_of(row, t), asks), (clear, (back,)) if now else ((back,),))


def _described(step: Request, row: Row, text: str) -> None:
    actor, number = keeper(step), ListData.of(row).id
    if attempt(step, row, lambda: locations.describe(step.by(actor), number, text)):
        conversation.update(row, to=ONE)


def _undescribed(step: Request, row: Row, _value: str) -> None:
    _described(step, row, "")
    conversation.render(step, row)


PLACES: Conversation = conversation_of(
    Kind(
        *(routes.PLACES, routes.PLACES, _words, _entries, _about, _add, _rename, _switch, to_inventory),
        taps={"describe": conversation.goto(DESCRIBE), "merging": place_merging.begin},
    ),
    {
        DESCRIBE: State(
            _description_screen, {"clear": _undescribed, "back": conversation.goto(ONE)}, _described
        ),
        **place_merging.STATES,
    },
)
