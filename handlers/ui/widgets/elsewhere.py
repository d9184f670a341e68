"""Ways to what was looked for in a list and is not there, but somewhere else."""

from db.models import Conversation as Row
from handlers.i18n.texts import Texts
from handlers.ui import conversation, routes
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import Data, short
from handlers.ui.message import Button, Rows
from handlers.ui.routes import Subject
from handlers.ui.sentences.people import short_name
from services.core.tx import Tx
from services.desk import checkout
from services.inventory import listing
from services.members import directory

PEOPLE, THINGS = "people", "things"
_LONGEST = 30


def rows(tx: Tx, t: Texts, words: str, data: Data, *, but: str) -> Rows:
    """Return a button for the rental, the people and the things that the words name; not for `but`. The only
    one is named on it.
    """
    found = []
    rental = checkout.rental_by_words(tx, words)
    if rental is not None:
        found.append(
            Button(t("Rental {n}", n=rental.number).unescape(), pack(Verb.SHOW_RENTAL, rental.id, "d"))
        )
    people = directory.find(tx, words=words, per_page=1) if but != PEOPLE else None
    if people is not None and people.total == 1:
        one = people.entries[0]
        found.append(Button(short_name(one.name, _LONGEST), data(PEOPLE, str(one.user_id))))
    elif people is not None and people.total:
        label = t.plural("{n} member found", "{n} members found", people.total)
        found.append(Button(str(label), data(PEOPLE, "")))
    things = listing.find(tx, words=words, per_page=1) if but != THINGS else None
    if things is not None and things.total == 1:
        thing = things.entries[0]
        found.append(Button(short(thing.name), data(THINGS, str(thing.equipment_id))))
    elif things is not None and things.total:
        label = t.plural("{n} found in the inventory", "{n} found in the inventory", things.total)
        found.append(Button(str(label), data(THINGS, "")))
    return tuple((button,) for button in found)


def to_people(row: Row, words: str, user_id: int) -> None:
    """Go on, on the same card, with this member, or with these words among all."""
    state = routes.MEMBERS_CARD if user_id else routes.MEMBERS_LIST
    conversation.switch_to(row, routes.MEMBERS, state, Subject(words=words, user_id=user_id))


def to_things(row: Row, words: str, equipment_id: int) -> None:
    """Go on, on the same card, with this equipment, or with these words in the inventory."""
    state, kept = (routes.EQUIPMENT, "") if equipment_id else (routes.LIST, words)
    conversation.switch_to(row, routes.INVENTORY, state, Subject(words=kept, equipment_id=equipment_id))
