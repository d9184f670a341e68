"""Keeping the places: where things lie."""

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from handlers.conversation import Conversation
from handlers.inventory import names
from handlers.inventory.named import Kind, conversation_of, to_inventory
from handlers.step import Step
from handlers.texts import Texts
from handlers.views.named import About, Entry, Words
from handlers.views.rent import short
from services import places
from services.people import Actor


def _words(t: Texts, row: Row) -> Words:
    return Words(
        t("<b>Places</b>"),
        t("There are none yet. A place is a room, a shelf, a box: where things lie."),
        t("<b>What is the place called?</b> Write it, such as <i>Cellar, shelf 2</i>."),
    )


def _entries(session: Session, row: Row, t: Texts) -> list[Entry]:
    found = places.listed(session, row.organization_id or 0, switched_off=True)
    return [Entry(p.id, p.name, f"{short(p.name)} ({p.items})", p.off) for p in found]


def _about(session: Session, row: Row, t: Texts, number: int) -> About:
    place = places.get(session, row.organization_id or 0, number)
    known = places.listed(session, place.organization_id, switched_off=True)
    items = next(one.items for one in known if one.id == number)
    said = t.plural("{n} thing lies here.", "{n} things lie here.", items)
    return About(place.name, (said,), place.disabled_at is not None)


def _add(step: Step, actor: Actor, row: Row, name: str) -> int:
    return places.add(step.session, actor, step.now, name).id


def _rename(step: Step, actor: Actor, number: int, name: str) -> object:
    return places.rename(step.session, actor, step.now, number, name)


def _switch(step: Step, actor: Actor, number: int, on: bool) -> object:
    return places.switch(step.session, actor, step.now, number, on=on)


PLACES: Conversation = conversation_of(
    Kind(names.PLACES, names.PLACES, _words, _entries, _about, _add, _rename, _switch, to_inventory)
)
