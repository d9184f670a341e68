"""A thing, a place or a member named at the desk: leads on to the rentals of it, or to what is free of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.models import Item, OutboxMessage
from db.states import ClaimStatus
from handlers.desk import item_card, worklist
from handlers.desk.counter import hand_out_now
from handlers.desk.item_card_views import Verb as ItemVerb
from handlers.i18n.texts import Texts
from handlers.rentals import rental_labels
from handlers.ui import cards
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import by_name, lookup
from services.inventory import catalog
from services.members import directory
from services.messaging import notifications, outbox
from services.rentals import queries

SHOWN = "named_at_desk"
"""The answer with the rentals of the thing, the place or the people that were named."""

_OUT = (ClaimStatus.OUT,)


def hand_out_command(step: Request, words: str) -> None:
    """Take the words of /handout: a code joins what is being handed out, if anything is."""
    words = words.strip()
    if not hand_out_now.takes(step, words):
        _command(step, words, ClaimStatus.HELD)


def take_back_command(step: Request, words: str) -> None:
    _command(step, words.strip(), ClaimStatus.OUT)


def desk_command(step: Request, words: str) -> Message | None:
    """Send the day's worklist, that of other days, or what the words name, which may be called like a day."""
    words = words.strip()
    days = date_range.days_said(step.texts, words)
    if days is not None and not directory.called(step.by(step.active()), words):
        if days != (step.texts.today, step.texts.today):
            return worklist.ahead(step, *days)
        words = ""
    _command(step, words, ClaimStatus.HELD, ClaimStatus.OUT)
    return None


def _command(step: Request, words: str, *statuses: ClaimStatus) -> None:
    """Send what the command's words name, or the day's worklist without words."""
    if not words:
        worklist.begin(step)
        return
    actor = step.active()
    if not item_card.begin(step, actor, words, *statuses):
        lead_on(step, actor, words, *statuses)


def lead_on(step: Request, actor: Actor, words: str, *statuses: ClaimStatus) -> None:
    """Show the only rental with claims in these statuses of what is named, else what there is to choose from.

    Of one member it is their card. Raises NOT_FOUND where nothing and nobody is called so.
    """
    tx = step.by(actor)
    members = directory.find(tx, words=words, per_page=by_name.MOST).entries
    named = by_name.look_up(tx, words, [one.user_id for one in members])
    if not named.is_known:
        raise Refusal(Refused.NOT_FOUND)
    if len(members) == 1 and not (named.equipment_ids or named.place_ids):
        hand_out_now.begin_for(step, actor, members[0].user_id, joins=statuses == (ClaimStatus.HELD,))
        return
    found = by_name.rentals(tx, named, statuses)
    if len(found) == 1:
        cards.draw_here(step, found[0], notifications.DESK_CARD)
        return
    goes_out = ClaimStatus.HELD in statuses
    items = by_name.free(tx, named) if goes_out and not found else []
    if items:
        send_pieces(step, actor, words, items)
        return
    others = [] if found or not goes_out else by_name.rentals(tx, named, _OUT)
    views = queries.in_list(tx, found or others)
    labels = rental_labels.labels(step.texts, views, desk=True)
    step.say(
        SHOWN,
        words=words[:200],
        goes_out=goes_out,
        is_out=bool(others),
        rentals=[[v.id, label] for v, label in zip(views, labels, strict=True)],
    )


def is_out(tx: Tx, words: str) -> bool:
    """Return whether something that is called so is out."""
    return bool(by_name.rentals(tx, by_name.look_up(tx, words), _OUT))


def name_of(tx: Tx, named: by_name.Named, words: str) -> str:
    """Return the name of the only equipment that is named, else the words."""
    ids = named.equipment_ids
    return catalog.get(tx, ids[0]).name if len(ids) == 1 else words


def send_pieces(step: Request, actor: Actor, words: str, items: Sequence[Item]) -> None:
    """Offer pieces to hand out, a button each."""
    outbox.render_card(
        step.by(actor),
        notifications.PIECES_CARD,
        actor.organization_id,
        chat_id=step.place.chat_id,
        renew=True,
        params={"words": words[:200], "items": [item.id for item in items]},
    )


def pieces(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Return the pieces, a button each; one that went out since keeps its row, and leads to its rental."""
    kept = rows[0].params or outbox.asked_with(tx, rows[0])
    if not kept:
        return None
    found, is_any_free = [], False
    for item_id in kept["items"]:
        one = lookup.describe(tx, item_id)
        label, use = short(f"{one.item.code} · {one.equipment}", 40), lookup.at_hand(tx, one.item).today
        if use is not None and use.claim.status is ClaimStatus.OUT:
            found.append(Button(f"✓ {label}", pack(Verb.SHOW_RENTAL, use.rental.id, "d")))
        else:
            found.append(Button(label, pack(ItemVerb.HAND_OUT_NOW, item_id)))
            is_any_free = True
    words = short(kept["words"], 60)
    if is_any_free:
        text = t("Nobody is picking up “{words}” today. Hand out now:", words=words)
    else:
        text = t("“{words}”: nothing to hand out now. Out:", words=words)
    return Message(text, tuple((button,) for button in found))


def shown(t: Texts, p: Mapping[str, Any]) -> Message:
    """Return the rentals, a button each."""
    words = short(p["words"], 60)
    if p["rentals"] and p["is_out"]:
        text = t("“{words}”: nothing to hand out now. Out:", words=words)
    elif p["rentals"]:
        text = t("“{words}”: which rental?", words=words)
    elif p["goes_out"]:
        text = t("“{words}”: nobody is picking it up today, and none is free now.", words=words)
    else:
        text = t("“{words}”: none of it is out.", words=words)
    rentals = [(Button(label, pack(Verb.SHOW_RENTAL, id_, "d")),) for id_, label in p["rentals"]]
    return Message(text, tuple(rentals))
