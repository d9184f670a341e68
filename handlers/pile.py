"""Requests that pile up: the card with all of them, and answering them all."""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup
from sqlalchemy.orm import Session

from db.models import Rental
from db.states import Role
from handlers.callbacks import Tap, number
from handlers.message import Message
from handlers.step import Step
from handlers.texts import Texts
from handlers.views import pile as views
from handlers.views.refusals import keep
from services import decisions, overview, people, pile
from services.errors import Refusal, Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAR = 10**17
"""Microseconds: the year 5138."""


def card(session: Session, organization_id: int, t: Texts, page: int = 0) -> Message:
    """The pile as it stands."""
    total = pile.count(session, organization_id)
    if not total:
        return views.worked_off(t)
    page = min(page, -(-total // views.PER_PAGE) - 1)
    found = pile.page(session, organization_id, page=page, per_page=views.PER_PAGE)
    return views.pile(t, organization_id, [overview.view(session, r, t.now) for r in found], page, total)


def turn(step: Step, tap: Tap) -> Message:
    """Another page of it, in place of this one."""
    step.actor_in(tap.id).require(Role.LENDER)
    page = number(tap.arg)
    if page is None or page > 100_000:
        raise Refusal(Refused.OUTDATED)
    return card(step.session, tap.id, step.texts, page)


def approve_all(step: Step, tap: Tap) -> Markup | None:
    """Yes to all that was in the list when it was drawn."""
    actor = step.actor_in(tap.id)
    drawn = number(tap.arg)
    if drawn is None:
        raise Refusal(Refused.OUTDATED)
    # A number made by hand may be far beyond all dates.
    until = min(_EPOCH + timedelta(microseconds=min(drawn, _FAR)), step.now)
    done = decisions.approve_all(step.session, actor, step.now, until=until)
    refused = []
    for rental_id, refusal in done.refused[: views.MOST_NAMED]:
        rental = step.session.get_one(Rental, rental_id)
        names = people.names(step.session, [rental.user_id])
        refused.append([rental_id, names[rental.user_id], keep(refusal)])
    step.say(
        "all_approved",
        name=actor.name,
        approved=done.approved,
        refused=refused,
        more=len(done.refused) - len(refused),
        left=done.left,
    )
    return step.texts.plural("{n} approved.", "{n} approved.", done.approved)
