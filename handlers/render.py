"""From an outbox row to a message, as late as can be: what is shown is how things stand when it is sent."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Card, ChatAccount, Conversation, OutboxMessage, Rental, User
from handlers import conversations
from handlers.desk import item_card, put_away, worklist
from handlers.i18n.texts import Texts
from handlers.maintenance import damage
from handlers.members import me, organization_switch
from handlers.members import notifications as members_notifications
from handlers.onboarding import join_requests
from handlers.organizations import views as organization_views
from handlers.rentals import card_views, lists, reminder_views
from handlers.rentals import late_conflicts as late
from handlers.rentals import pending_requests as piles
from handlers.rentals.card_views import Reader, for_another
from handlers.rentals.late_conflicts_views import withdrawn
from handlers.rentals.reminder_views import Reminded
from handlers.telegram import answers
from handlers.transfers import transfers as passing
from handlers.ui import conversation, organization_header
from handlers.ui.limits import sendable
from handlers.ui.message import Message
from handlers.ui.request import SAID, reader
from services.availability import reallocation
from services.core import identity
from services.core.errors import Refusal
from services.desk import transfer
from services.members import accounts
from services.messaging import group_chats, kinds, notifications, pending_requests
from services.organizations import closing
from services.rentals import late_conflicts, queries, reminders
from services.rentals.queries import RentalView
from services.transfers import candidates, expiry

Render = Callable[[Session, Sequence[OutboxMessage], Texts], Message | None]


def render(session: Session, rows: Sequence[OutboxMessage], now: datetime) -> Message | None:
    """The message for one row, or for all rows of a bundle. None: it no longer holds, drop it."""
    first = rows[0]
    t = reader(session, first.chat_id, now, organization_id=first.organization_id)
    message = KINDS[first.kind](session, rows, t)
    if message is None:
        return None
    if first.kind in OF_A_MEMBER:
        message = _to_whom(session, first, t, message)
    if first.kind in OF_ONE_ORGANIZATION:
        message = organization_header.named(session, first.chat_id, first.organization_id, message)
    return sendable(message)


def _to_whom(session: Session, row: OutboxMessage, t: Texts, message: Message) -> Message:
    """As it is to the member; to who stands in for them with whose it is."""
    rental = session.get_one(Rental, row.params["rental_id"])
    if accounts.leads_to(session, row.chat_id, rental.user_id):
        return message
    return for_another(t, identity.names(session, [rental.user_id])[rental.user_id], rental.id, message)


def _subject(session: Session, row: OutboxMessage) -> int:
    return session.get_one(Card, row.card_id).subject_id


def _conversation(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    row = session.get(Conversation, _subject(session, rows[0]))
    if row is None:
        return None
    state = conversations.ALL[row.name].state(row)
    return state.screen(session, row, t) if state is not None else None


def _member_card(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    rental = session.get_one(Rental, _subject(session, rows[0]))
    following = candidates.find(session, rental, t.now)
    return card_views.member_card(t, queries.view(session, rental, t.now), following)


def _desk_card(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    rental = session.get_one(Rental, _subject(session, rows[0]))
    record = queries.record(session, rental.user_id, t.now)
    view = queries.view(session, rental, t.now)
    return card_views.desk_card(
        t, view, record, _desk_reader(session, rows[0].chat_id, rental, view, t), is_reached=record.is_reached
    )


def _desk_reader(session: Session, chat_id: int, rental: Rental, v: RentalView, t: Texts) -> Reader:
    """In private nobody is shown what they may not do; whoever entered it may call it off."""
    if chat_id < 0:
        return Reader()
    try:
        actor = identity.identify(session, t.now, account_id=chat_id, organization_id=rental.organization_id)
    except Refusal:
        return Reader(approves=False)
    return Reader(approves=actor.may(v.rules.approver), cancels=rental.entered_by == actor.user_id)


def _put_away(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return put_away.draw(session, session.get_one(Card, rows[0].card_id), t)


def _day_card(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return worklist.page_of(session, _subject(session, rows[0]), t, rows[0].params.get("page", 0))


def _item_card(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return item_card.draw(session, _subject(session, rows[0]), rows[0].chat_id, t)


def _damage_card(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return damage.draw(session, _subject(session, rows[0]), t)


def _pile(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return piles.card(session, _subject(session, rows[0]), t)


def _pile_done(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return piles.worked_off(t)


def _reminder(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Each rental once, with the newest of its moments that still hold."""
    found: dict[int, Reminded] = {}
    for row in rows:
        held = reminders.still_holds(session, row, t.now)
        if held is not None:
            moment = row.params["moment"].split(":")[0]
            following = candidates.find(session, held.rental, t.now) if held.for_member else ()
            (view,) = queries.in_list(session, [held.rental], t.now)
            found[view.id] = Reminded(view, moment, following, for_member=held.for_member)
    return reminder_views.reminder(t, list(found.values())) if found else None


def _digest(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    overdue = reminders.overdue(session, rows[0].params["organization_id"], t.now)
    return reminder_views.digest(t, queries.in_list(session, overdue, t.now)) if overdue else None


def _said(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return answers.answer(t, rows[0].params)


def _unreachable(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    account = session.get(ChatAccount, rows[0].params["account_id"])
    user = session.get(User, rows[0].params.get("user_id") or 0)
    name = user.name if user is not None else account.first_name if account is not None else ""
    return Message(
        t("{name} has blocked the bot and gets no more reminders. Please call or write.", name=name)
    )


def _group_lost(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return Message(
        t(
            "I am not in “{title}” any more. Requests come to you in private now; "
            "/pending shows those that wait.",
            title=rows[0].params["title"],
        )
    )


def _extension_declined(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    params = rows[0].params
    due_at = datetime.fromisoformat(params["due_at"])
    rental = session.get_one(Rental, params["rental_id"])
    return Message(
        t(
            "Rental {id} cannot be kept until {moment}. It is still due {due}.",
            id=rental.id,
            moment=t.moment(due_at),
            due=t.moment(rental.due_at or due_at),
        )
    )


def _withdrawn(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    params = rows[0].params
    rental = session.get_one(Rental, params["rental_id"])
    offers = [
        offer
        for equipment_id, _, _ in params["things"]
        for offer in reallocation.instead(session, rental, equipment_id, t.now)
    ]
    return withdrawn(
        t,
        queries.view(session, rental, t.now),
        [(name, number) for _, name, number in params["things"]],
        params["reason"],
        list(dict(offers).items())[: reallocation.OFFERS],
        cancelled=params["cancelled"],
        for_member=accounts.leads_to(session, rows[0].chat_id, rental.user_id),
    )


def _organization_closed(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    params = rows[0].params
    return organization_views.closed_notice(t, params["organization"], params["now_in"])


def _fault(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return Message(t("Something went wrong on our side. Nothing was changed; the operator has been told."))


def _operator_fault(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    values = {key: str(value)[:300] for key, value in rows[0].params.items()}
    return Message(t("Update set aside after five failures: {what}", what=values))


def _list(session: Session, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return lists.draw(session, rows[0].chat_id, rows[0].params, t.now)


KINDS: dict[str, Render] = {
    conversation.CARD: _conversation,
    notifications.RENTAL_CARD: _member_card,
    notifications.DESK_CARD: _desk_card,
    notifications.PUT_AWAY_CARD: _put_away,
    notifications.DAMAGE_CARD: _damage_card,
    notifications.ITEM_CARD: _item_card,
    notifications.DAY_CARD: _day_card,
    pending_requests.PILE: _pile,
    pending_requests.PILE_DONE: _pile_done,
    kinds.REMINDER: _reminder,
    kinds.DIGEST: _digest,
    SAID: _said,
    lists.LIST: _list,
    "unreachable": _unreachable,
    group_chats.LOST: _group_lost,
    "extension_declined": _extension_declined,
    kinds.LATE: late.to_member,
    kinds.LATE_DESK: late.to_desk,
    late_conflicts.CHOSEN: late.answer,
    expiry.CARD: passing.card,
    expiry.OFF: passing.off,
    transfer.DECLINED: passing.declined,
    reallocation.WITHDRAWN: _withdrawn,
    closing.CLOSED_NOTICE: _organization_closed,
    organization_switch.SWITCHED: organization_switch.switched,
    **me.KINDS,
    "fault": _fault,
    "operator_fault": _operator_fault,
    notifications.ADMISSION_CARD: join_requests.card,
    **members_notifications.KINDS,
}


OF_A_MEMBER = frozenset({"extension_declined", transfer.DECLINED, expiry.OFF, reallocation.WITHDRAWN})
"""What `notices.tell_member` says."""

OF_ONE_ORGANIZATION = frozenset(
    {
        conversation.CARD,
        notifications.RENTAL_CARD,
        notifications.DESK_CARD,
        notifications.ADMISSION_CARD,
        kinds.REMINDER,
        kinds.DIGEST,
        lists.LIST,
        "unreachable",
        "extension_declined",
        reallocation.WITHDRAWN,
    }
)
"""Whoever is in more than one reads above these which one it is; the others name it, where it matters."""
