"""Cards of messages and outbox rows, and rendering a rental's card at the end of a chat."""

from typing import Any

from telegram import Message as TelegramMessage

from db.models import Card, Conversation, Item, Organization, OutboxMessage, Rental
from handlers.ui.message import fingerprint
from handlers.ui.request import UNKNOWN, Request
from services.core.tx import Tx
from services.messaging import cards, notifications, outbox
from services.messaging.kinds import REMINDER
from services.messaging.tidying import leftovers


def card_here(step: Request) -> Card | None:
    """Return the card whose message was tapped; None for reminders, which may be about several."""
    card = shown_here(step)
    return card if card is not None and card.kind != REMINDER else None


def shown_here(step: Request) -> Card | None:
    """Return the card whose message was tapped, be it a reminder; None for messages that are no card.

    It is looked up once: while an update is handled, no message becomes a card's.
    """
    if step.shown_card is UNKNOWN:
        step.shown_card = card_of(step.tx, step.place.chat_id, step.place.message_id)
    return step.shown_card if isinstance(step.shown_card, Card) else None


def card_of(tx: Tx, chat_id: int, message_id: int | None) -> Card | None:
    """Return the card that this message shows; None for messages that show none."""
    return cards.shown_by(tx.session, chat_id, message_id) if message_id is not None else None


def replied_to(tx: Tx, message: TelegramMessage) -> Card | None:
    """Return the card that this message replies to, be it by a copy of it; None where it is none."""
    replied = message.reply_to_message
    if replied is None:
        return None
    chat_id, message_id = message.chat.id, replied.message_id
    card = card_of(tx, chat_id, message_id)
    if card is not None:
        return card
    return leftovers.meant(tx.session, chat_id, message_id, fingerprint(buttons_of(replied)))


def buttons_of(message: TelegramMessage) -> list[str]:
    """Return the callback data of a sent message's buttons, in order."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup is not None else ()
    return [str(button.callback_data or "") for row in rows for button in row]


def draw_here(step: Request, rental: Rental, kind: str, *, params: dict[str, Any] | None = None) -> None:
    """Render the rental's card at the end of this chat. `params`: as for `outbox.render_card`."""
    outbox.render_card(
        step.tx,
        kind,
        rental.id,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        organization_id=rental.organization_id,
        renew=True,
        params=params,
    )


def draw_own(step: Request, rental: Rental, item: Item | None) -> None:
    """Render the member's card of the rental, with this piece of it first, where one was named."""
    params = {"item": item.id} if item is not None else None
    draw_here(step, rental, notifications.RENTAL_CARD, params=params)


def subject_of(tx: Tx, row: OutboxMessage) -> int:
    """Return the id of the row that the card of this outbox message is about."""
    return cards.subject_of(tx.session, row)


def organization_of(tx: Tx, row: Conversation | OutboxMessage) -> Organization:
    """Return the organization that a conversation or a message is about. Raises LookupError for none."""
    if row.organization_id is None:
        raise LookupError("about no organization")
    return tx.organization_of(row.organization_id)
