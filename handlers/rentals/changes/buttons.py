"""The buttons that change what was agreed: by the member, by those who answer, by the desk."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import OutboxMessage
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.rentals import extension
from handlers.rentals.booking import conversation
from handlers.rentals.changes import views
from handlers.ui import callbacks
from handlers.ui.callbacks import Tap, number, pack
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from services.core.tx import Tx
from services.inventory import catalog
from services.rentals import approval, queries
from services.rentals.changes import contents, proposals


def _revision(tap: Tap) -> int | None:
    return number(tap.arg)


def change(step: Request, tap: Tap) -> Markup | None:
    """Open the rental as the basket that it was."""
    actor, rental = step.actor_about(tap.id)
    step.turn_to(rental.organization_id)
    if step.place.is_group and rental.user_id != actor.user_id:
        actor.require(Role.LENDER)  # all of the group see it: nothing is given away
    draft = contents.begin(step.by(actor), tap.id, _revision(tap))
    conversation.begin_change(step, draft, actor.organization_id)
    return None


def _answer(step: Request, tap: Tap, *, days: bool) -> None:
    actor, rental = step.actor_about(tap.id)
    tx = step.by(actor)
    approval.require_open(tx, rental)
    step.turn_to(rental.organization_id)
    draft = contents.begin(tx, tap.id, _revision(tap))
    conversation.begin_change(step, draft, actor.organization_id, days=days)


def approve_some(step: Request, tap: Tap) -> Markup | None:
    """Open a request, to take out what cannot be had."""
    _answer(step, tap, days=False)
    return None


def propose(step: Request, tap: Tap) -> Markup | None:
    """Open a request at its days."""
    _answer(step, tap, days=True)
    return None


def take_it(step: Request, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    proposals.take(step.by(actor), tap.id, revision=_revision(tap))
    return step.texts("Approved.")


def no_thanks(step: Request, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    proposals.refuse(step.by(actor), tap.id, revision=_revision(tap))
    return step.texts("The request waits for an answer as you asked it.")


def more_time(step: Request, tap: Tap) -> Markup | None:
    extension.begin(step, tap.id, by_desk=True)
    return None


def only_part(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    params = rows[0].params
    rental = queries.rental(tx, params["rental_id"])
    own = tx.of(rental.organization_id)
    less = [(catalog.get(own, equipment_id).name, number) for equipment_id, number in params["less"]]
    show = Button(str(t("Show the rental")), pack(callbacks.Verb.SHOW_RENTAL, rental.id))
    return views.only_part(t, rental.number or 0, less, show)
