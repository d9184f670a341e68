"""Several things of one picture, on one card: how each stands, and what can be done with them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from db.models import Conversation as Row
from db.models import Item
from db.states import ClaimStatus
from handlers.desk import put_away
from handlers.desk.codes import views
from handlers.desk.codes.views import Promised, ThingView
from handlers.desk.data import HandOutData
from handlers.i18n.texts import Texts
from handlers.ui import conversation
from handlers.ui.conversation import OnTap
from handlers.ui.form import attempt, data_of, number, problem_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core import identity
from services.core.tx import Tx
from services.desk import checkin, checkout, counter, lookup
from services.desk.lookup import Use
from services.messaging import notifications

TAKEN_BACK = "taken_back"
"""The outcome of the card where that is what was done."""


def _uses(tx: Tx, row: Row) -> list[tuple[Item, Use | None]]:
    """Return the items with the rental that each is out with, or goes out with today."""
    items = [lookup.item(tx, item_id) for item_id in HandOutData.of(row).items]
    return [(item, lookup.at_hand(tx, item).today) for item in items]


def screen(tx: Tx, row: Row, t: Texts) -> Message:
    uses = _uses(tx, row)
    of = tx.of(row.organization_id or 0)
    members = {use.rental.user_id for _, use in uses if use is not None}
    names = identity.names(tx.session, members)
    things = []
    promised: dict[int, list[str]] = defaultdict(list)
    for item, use in uses:
        name = lookup.describe(tx, item.id).equipment
        member = names[use.rental.user_id] if use is not None else ""
        is_out = use is not None and use.claim.status is ClaimStatus.OUT
        if use is not None and not is_out:
            promised[use.rental.id].append(member)
        things.append(
            ThingView(
                item.code,
                name,
                is_free=use is None and counter.is_free(of, item),
                holder=member if is_out else "",
                goes_to="" if is_out else member,
            )
        )
    rentals = [Promised(rental_id, names[0], len(names)) for rental_id, names in promised.items()]
    kept = HandOutData.of(row)
    beside = views.left_out(t, kept.unknown, kept.foreign)
    return views.several(t, things, rentals, beside, kept.done, problem_of(row, t), data_of(row))


def over(tx: Tx, row: Row, t: Texts) -> Message | None:
    """Return how the card ends where the things were taken back; None for any other end."""
    kept = HandOutData.of(row)
    if kept.outcome != TAKEN_BACK:
        return None
    return views.taken_back(t, [lookup.item(tx, item_id).code for item_id in kept.items])


def free(tx: Tx, item_ids: Sequence[int]) -> tuple[int, ...]:
    """Return those of the items that can be handed out now."""
    return tuple(i for i in item_ids if counter.is_free(tx, lookup.item(tx, i)))


def _claims(tx: Tx, row: Row, status: ClaimStatus) -> dict[int, dict[int, int]]:
    """Return item by claim of those in this status, by rental."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for item, use in _uses(tx, row):
        if use is not None and use.claim.status is status:
            found[use.rental.id][use.claim.id] = item.id
    return found


def _take_back(step: Request, row: Row, _value: str) -> None:
    """Take back all that are out, whoever has them."""
    tx = step.by(step.active())
    claims = _claims(tx, row, ClaimStatus.OUT)

    def work() -> None:
        counter.require_lender(tx)
        for rental_id, of_rental in claims.items():
            put_away.ask(step, checkin.take_back(tx, rental_id, only=list(of_rental)))

    if claims and attempt(step, row, work):
        items = tuple(item_id for of_rental in claims.values() for item_id in of_rental.values())
        conversation.update(row, HandOutData(items=items))
        conversation.end(step, row, TAKEN_BACK)
    else:
        conversation.render(step, row)


def _hand_out_promised(step: Request, row: Row, value: str) -> None:
    """Hand out those that go out with this rental today; the card becomes the rental's, or keeps the rest."""
    tx, rental_id = step.by(step.active()), number(value)
    of_rental = _claims(tx, row, ClaimStatus.HELD).get(rental_id, {})
    if not of_rental or not attempt(
        step, row, lambda: checkout.hand_out(tx, rental_id, only=list(of_rental))
    ):
        conversation.render(step, row)
        return
    left = tuple(i for i in HandOutData.of(row).items if i not in of_rental.values())
    if not left:
        conversation.hand_card_over(step, row, kind=notifications.DESK_CARD, subject_id=rental_id)
        return
    conversation.update(row, HandOutData(items=left, done=rental_id))
    conversation.render(step, row)


ON: Mapping[str, OnTap] = {"back": _take_back, "promised": _hand_out_promised}
