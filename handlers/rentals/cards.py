"""Cards and messages about rentals, drawn from the state at the time of sending."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from db.models import OutboxMessage, Rental
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.rentals import card_views, reminder_views
from handlers.rentals.card_views import for_another
from handlers.rentals.desk_buttons import Reader
from handlers.rentals.late import views as late_conflicts_views
from handlers.rentals.late.views import withdrawn as withdrawn_message
from handlers.rentals.pieces import piece_picker
from handlers.rentals.reminder_views import Digest, Reminded, Some
from handlers.rentals.requests import pending_requests as piles
from handlers.ui.callbacks import Tap
from handlers.ui.cards import draw_here, shown_here, subject_of
from handlers.ui.message import Message
from handlers.ui.registry import Render
from handlers.ui.request import Request
from services.availability import reallocation
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import accounts
from services.messaging import kinds, notifications, outbox
from services.messaging import pending_requests as pending
from services.rentals import obstacles, queries, records, reminders, returns, waiting
from services.rentals.queries import RentalView
from services.rentals.reminding import reminder_cards
from services.rentals.reminding.reminder_cards import Entry
from services.transfers import candidates
from services.transfers.candidates import Successor

_OF_SEVERAL = (notifications.ITEM_CARD, kinds.REMINDER)
"""Cards whose subject is no rental, though their buttons are about some."""

ASKED_FOR = {"asked_for": True}
"""The parameters of a card that somebody wants to act on, though a pile lists it."""


def show(step: Request, tap: Tap) -> Markup | None:
    """Show the rental's card at the end of the chat: the desk's with `d`, else the member's own."""
    actor, rental = step.actor_about(tap.id)
    own = rental.user_id == actor.user_id
    desk = tap.arg == "d" or step.place.is_group or (not own and actor.has_role(Role.LENDER))
    if desk:
        actor.require(Role.LENDER)
    elif not own:
        raise Refusal(Refused.NOT_FOUND)
    kind = notifications.DESK_CARD if desk else notifications.RENTAL_CARD
    draw_here(step, rental, kind, params=ASKED_FOR)
    return None


def redraw(step: Request, tap: Tap) -> Markup | None:
    """Return from a list of pieces to the card whose place it took."""
    actor, rental = step.actor_about(tap.id)
    if rental.user_id != actor.user_id:
        actor.require_active()
    card = shown_here(step)
    if card is not None and (card.subject_id == tap.id or card.kind in _OF_SEVERAL):
        outbox.render_card(
            step.tx,
            card.kind,
            card.subject_id,
            chat_id=card.chat_id,
            thread_id=card.thread_id,
            organization_id=card.organization_id,
        )
    return None


def to_member(render: Render) -> Render:
    """Render as for the member; for a stand-in with the member's name."""

    def rendered(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
        message, row = render(tx, rows, t), rows[0]
        if message is None:
            return None
        rental = queries.rental(tx, row.params["rental_id"])
        if accounts.leads_to(tx.session, row.chat_id, rental.user_id):
            return message
        name = identity.names(tx.session, [rental.user_id])[rental.user_id]
        return for_another(t, name, rental.id, message)

    return rendered


def member_card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    rental = queries.rental(tx, subject_of(tx, rows[0]))
    following = candidates.find(tx, rental)
    view = _view(tx, rental)
    card = card_views.member_card(t, view, following, rows[0].params.get("item"))
    return piece_picker.in_list(t, view, card, rows[0].params, is_desk=False)


def desk_card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    rental = queries.rental(tx, subject_of(tx, rows[0]))
    record = records.of(tx, rental.user_id)
    view = _view(tx, rental)
    reader = _desk_reader(tx, rows[0].chat_id, rental, view, in_pile=_is_in_pile(tx, rows[0], rental))
    following = returns.following(tx, rental.id) if view.waiting_back else ()
    card = card_views.desk_card(t, view, record, reader, is_reached=record.is_reached, following=following)
    return piece_picker.in_list(t, view, card, rows[0].params, is_desk=True)


def _view(tx: Tx, rental: Rental) -> RentalView:
    """Return the rental's view, gathered once for all its cards that are drawn in one transaction."""
    return tx.once(("view", rental.id), lambda: queries.view(tx, rental))


def _is_in_pile(tx: Tx, row: OutboxMessage, rental: Rental) -> bool:
    """Return whether the chat's pile lists the request, and nobody asked for its own card since."""
    return pending.shows(tx.session, rental, row.chat_id) and not outbox.asked_with(tx, row).get("asked_for")


def _desk_reader(tx: Tx, chat_id: int, rental: Rental, v: RentalView, *, in_pile: bool) -> Reader:
    """Return the reader's rights, all of them in a group; whoever entered the rental may cancel it."""
    if chat_id < 0:
        return Reader(approves=not in_pile)
    try:
        actor = identity.resolve(tx, account_id=chat_id, organization_id=rental.organization_id)
    except Refusal:
        return Reader(approves=False)
    return Reader(
        approves=actor.has_role(v.rules.approver) and not in_pile,
        cancels=rental.entered_by == actor.user_id,
        answers=v.proposed_by is not None and not identity.accounts_of(tx.session, rental.user_id),
    )


def pile(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return piles.card(tx, subject_of(tx, rows[0]), t)


def pile_done(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return piles.all_answered(t)


def reminder(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Render what a person is to do; once nothing is left of it, how it ended, without buttons.

    None where nothing was shown and nothing holds.
    """
    found = reminder_cards.content(tx, rows)
    if not found.entries:
        return None
    views = queries.in_list(tx, [one.rental for one in found.entries])
    shown = [
        Reminded(view, one.moment, _following(tx, one, found.entries), for_member=one.for_member, was=one.was)
        for view, one in zip(views, found.entries, strict=True)
    ]
    return replace(reminder_views.reminder(t, shown), is_news=found.is_news)


def _following(tx: Tx, one: Entry, together: Sequence[Entry]) -> Sequence[Successor]:
    if not one.for_member or one.moment is None:
        return ()
    beside = [other.rental.id for other in together if other.for_member and other.rental is not one.rental]
    return candidates.in_place(tx, one.rental, beside)


def digest(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    own = tx.of(rows[0].organization_id)
    most = reminder_views.MOST_IN_DIGEST
    told = Digest(
        asked=_some(tx, waiting.unanswered(own, most=most)),
        overdue=_some(tx, reminders.overdue(own, per_page=most)),
        said_back=_some(tx, _first([one.rental for one in returns.unconfirmed(own)], most)),
        in_vain=_some(tx, _first(obstacles.in_vain(own), most)),
    )
    return reminder_views.digest(t, told) if told else None


def _first(rentals: Sequence[Rental], most: int) -> tuple[Sequence[Rental], int]:
    return rentals[:most], len(rentals)


def _some(tx: Tx, found: tuple[Sequence[Rental], int]) -> Some:
    return Some(queries.in_list(tx, found[0]), found[1])


def unconfirmed(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Render a return to confirm, with who has the items next; without buttons once it is settled.

    None where it was settled before it was shown.
    """
    card = outbox.card_of(tx, rows[0]) if rows[0].card_id is not None else None
    rental = queries.rental(tx, card.subject_id if card is not None else rows[0].params["rental_id"])
    view = queries.view(tx, rental)
    following = returns.following(tx, rental.id) if view.waiting_back else []
    if following:
        return reminder_views.unconfirmed(t, view, following)
    if card is None or card.message_id is None:
        return None
    return reminder_views.confirmed(t, view)


def extension_declined(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    params = rows[0].params
    due_at = datetime.fromisoformat(params["due_at"])
    rental = queries.rental(tx, params["rental_id"])
    if rental.due_at is None:
        return Message(
            t(
                "Rental {id}: your date, {moment}, was declined. It has no date yet.",
                id=rental.number,
                moment=t.moment(due_at),
            )
        )
    return Message(
        t(
            "Rental {id} cannot be kept until {moment}. It is still due {due}.",
            id=rental.number,
            moment=t.moment(due_at),
            due=t.moment(rental.due_at or due_at),
        )
    )


def place_changed(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    params = rows[0].params
    rental = queries.rental(tx, params["rental_id"])
    return late_conflicts_views.place_changed(t, rental.id, rental.number or 0, params["things"])


def withdrawn(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    params = rows[0].params
    rental = queries.rental(tx, params["rental_id"])
    offers = [
        offer
        for equipment_id, _, _ in params["things"]
        for offer in reallocation.instead(tx, rental, equipment_id)
    ]
    return withdrawn_message(
        t,
        queries.view(tx, rental),
        [(name, number) for _, name, number in params["things"]],
        params["reason"],
        list(dict(offers).items())[: reallocation.OFFERS],
        cancelled=params["cancelled"],
        for_member=accounts.leads_to(tx.session, rows[0].chat_id, rental.user_id),
    )
