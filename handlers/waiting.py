"""Late, and somebody waits: the messages, drawn from how things stand when they are sent; and the choice."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup
from sqlalchemy.orm import Session

from db.models import Equipment, OutboxMessage, Rental
from db.states import RentalStatus
from handlers.callbacks import Tap, number
from handlers.message import Message
from handlers.step import Step
from handlers.texts import Texts
from handlers.views import waiting as views
from services import choosing, overview, people, waiting
from services.errors import Refusal, Refused


def to_member(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    rental = session.get_one(Rental, rows[0].params["rental_id"])
    missing = waiting.of(session, rental, t.now)
    if not missing:
        return None
    choices = choosing.find(session, rental, missing, t.now)
    return views.to_member(t, overview.view(session, rental, t.now), missing, choices)


def to_desk(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    rental = session.get_one(Rental, rows[0].params["rental_id"])
    missing = waiting.of(session, rental, t.now)
    if not missing:
        return None
    late = []
    for number_ in dict.fromkeys(one.late_rental_id for one in missing):
        user_id = session.get_one(Rental, number_).user_id
        late.append((number_, people.names(session, [user_id])[user_id]))
    return views.to_desk(
        t,
        overview.view(session, rental, t.now),
        late,
        missing,
        choosing.find(session, rental, missing, t.now),
        is_reached=bool(people.accounts_of(session, rental.user_id)),
    )


def answer(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """In the place of either: what was chosen, or what became of the rental."""
    chosen = rows[0].params
    rental = session.get_one(Rental, chosen["rental_id"])
    v = overview.view(session, rental, t.now)
    if "by" not in chosen:
        return views.ended(t, v)
    by = people.names(session, [chosen["by"]])[chosen["by"]]
    equipment = session.get(Equipment, chosen.get("equipment_id") or 0)
    is_other = chosen.get("equipment_id") != chosen.get("gone_id")
    return views.chosen(t, v, by, equipment.name if equipment is not None else None, is_other=is_other)


def other_equipment(step: Step, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    gone, _, instead = tap.arg.partition(".")
    gone_id, instead_id = number(gone), number(instead)
    if gone_id is None or instead_id is None:
        raise Refusal(Refused.OUTDATED)
    return _done(step, choosing.other_equipment(step.session, actor, tap.id, gone_id, instead_id, step.now))


def other_days(step: Step, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    try:
        first = date.fromisoformat(tap.arg)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    return _done(step, choosing.other_days(step.session, actor, tap.id, first, step.now))


def _done(step: Step, rental: Rental) -> Markup:
    if rental.status is RentalStatus.REQUESTED:
        return step.texts("Changed. It waits for an answer again.")
    return step.texts("Changed.")
