"""The organization's locations."""

from db.models import Conversation as Row
from handlers.i18n.texts import Texts
from handlers.inventory.named_lists import Kind, conversation_of, to_inventory
from handlers.inventory.views.named_lists import About, Entry, Words
from handlers.ui import routes
from handlers.ui.conversation import Conversation
from handlers.ui.form import short
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
    said = t.plural("{n} thing is kept here.", "{n} things are kept here.", items)
    return About(place.name, (said,), place.disabled_at is not None)


def _add(step: Request, actor: Actor, row: Row, name: str) -> int:
    return locations.add(step.by(actor), name).id


def _rename(step: Request, actor: Actor, number: int, name: str) -> object:
    return locations.rename(step.by(actor), number, name)


def _switch(step: Request, actor: Actor, number: int, on: bool) -> object:
    return locations.switch(step.by(actor), number, on=on)


PLACES: Conversation = conversation_of(
    Kind(routes.PLACES, routes.PLACES, _words, _entries, _about, _add, _rename, _switch, to_inventory)
)
