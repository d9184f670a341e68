"""Late conflicts: messages, drawn from the state at the time of sending, and the choice of an alternative."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from db.models import OutboxMessage, Rental
from db.states import RentalStatus
from handlers.i18n.texts import Texts
from handlers.rentals.late import views as views
from handlers.ui.callbacks import Tap, number
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import catalog
from services.rentals import queries
from services.rentals.late import alternatives
from services.rentals.late import conflicts as late_conflicts


def to_member(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    rental = queries.rental(tx, rows[0].params["rental_id"])
    missing = late_conflicts.of(tx, rental)
    if not missing:
        return None
    choices = alternatives.find(tx, rental, missing)
    return views.to_member(t, queries.view(tx, rental), missing, choices)


def to_desk(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    rental = queries.rental(tx, rows[0].params["rental_id"])
    missing = late_conflicts.of(tx, rental)
    if not missing:
        return None
    late = []
    for rental_id in dict.fromkeys(one.late_rental_id for one in missing):
        other = queries.rental(tx, rental_id)
        name = identity.names(tx.session, [other.user_id])[other.user_id]
        late.append((rental_id, other.number or 0, name))
    return views.to_desk(
        t,
        queries.view(tx, rental),
        late,
        missing,
        alternatives.find(tx, rental, missing),
        is_reached=bool(identity.accounts_of(tx.session, rental.user_id)),
    )


def answer(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Replace either message by the choice, or the end of the rental."""
    chosen = rows[0].params
    rental = queries.rental(tx, chosen["rental_id"])
    v = queries.view(tx, rental)
    if "by" not in chosen:
        return views.ended(t, v)
    by = identity.names(tx.session, [chosen["by"]])[chosen["by"]]
    equipment = catalog.find(tx, chosen.get("equipment_id") or 0)
    is_other = chosen.get("equipment_id") != chosen.get("gone_id")
    return views.chosen(t, v, by, equipment.name if equipment is not None else None, is_other=is_other)


def other_equipment(step: Request, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    gone, _, instead = tap.arg.partition(".")
    gone_id, instead_id = number(gone), number(instead)
    if gone_id is None or instead_id is None:
        raise Refusal(Refused.OUTDATED)
    return _done(step, alternatives.other_equipment(step.by(actor), tap.id, gone_id, instead_id))


def other_days(step: Request, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    try:
        first = date.fromisoformat(tap.arg)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    return _done(step, alternatives.other_days(step.by(actor), tap.id, first))


def _done(step: Request, rental: Rental) -> Markup:
    if rental.status is RentalStatus.REQUESTED:
        return step.texts("Changed. It is waiting for an answer again.")
    return step.texts("Changed.")
