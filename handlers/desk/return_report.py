"""Return reports: conditions tapped on the question after a return, and photos and notes replied to it."""

from datetime import timedelta

from markupsafe import Markup
from telegram import Message as TelegramMessage

from db.models import Card
from db.states import Condition, Role
from handlers.desk import put_away
from handlers.desk import return_views as views
from handlers.i18n.texts import Texts
from handlers.maintenance.damage_views import out_of_lending
from handlers.ui import conversation
from handlers.ui.callbacks import Tap, number
from handlers.ui.cards import replied_to
from handlers.ui.conversation import AboutRental
from handlers.ui.message import Message
from handlers.ui.refusals import condition_name
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.desk import lookup
from services.inventory import locations
from services.maintenance import return_report
from services.messaging import notifications, outbox

_LATELY = timedelta(hours=1)
"""The time after a return in which a photo in private belongs to it without being a reply."""


def _actor(step: Request, return_id: int) -> Actor:
    """Return the lender who acts on a return. Raises NOT_FOUND, NOT_ALLOWED."""
    actor, _ = step.actor_about(locations.rental_of_return(step.session, return_id))
    actor.require(Role.LENDER)
    return actor


def begin(step: Request, tap: Tap) -> Markup | None:
    """Send the question about a rental's last return, from its card."""
    actor, rental = step.actor_about(tap.id)
    actor.require(Role.LENDER)
    return_id = locations.last_return(step.session, rental.id)
    if return_id is None:
        raise Refusal(Refused.OUTDATED)
    put_away.draw_question(step, return_id, rental.organization_id, renew=True)
    return None


def say(step: Request, tap: Tap) -> Markup | None:
    """Store the tapped condition of an item."""
    name, _, which = tap.arg.partition(" ")
    item_id = number(which)
    if name not in return_report.SAYABLE or item_id is None:
        raise Refusal(Refused.OUTDATED)
    actor, condition = _actor(step, tap.id), Condition(name)
    told = return_report.say(
        step.by(actor), tap.id, item_id, condition, reason=_reason(step, actor, condition)
    )
    outbox.refresh_card(step.tx, kind=notifications.PUT_AWAY_CARD, subject_id=tap.id)
    if not told:
        return step.texts("Noted.")
    return out_of_lending(step.texts, lookup.item(step.tx, item_id).code, len(told))


def _reason(step: Request, actor: Actor, condition: Condition) -> str:
    """Return the reason for members who lose the item, in the organization's language."""
    t = Texts(step.by(actor).organization.language)
    return str(condition_name(t, condition)).capitalize()


def pieces(step: Request, tap: Tap) -> Message:
    """Ask which of several items is not fine."""
    actor, page = _actor(step, tap.id), number(tap.arg)
    if page is None:
        raise Refusal(Refused.OUTDATED)
    return views.which_piece(step.texts, tap.id, return_report.pieces(step.by(actor), tap.id), page)


def piece(step: Request, tap: Tap) -> Message:
    actor = _actor(step, tap.id)
    found = return_report.pieces(step.by(actor), tap.id)
    one = next((back for back in found if back.item_id == number(tap.arg)), None)
    if one is None:
        raise Refusal(Refused.OUTDATED)
    return views.one_piece(step.texts, tap.id, one, is_all=len(found) == 1)


# Replies


def takes(step: Request, message: TelegramMessage) -> bool:
    """Store a photo or note about a return; return False where the message is about something else.

    Raises NOT_ALLOWED, PHOTO_AS_FILE, TEXT_EXPECTED, TOO_MUCH_TEXT, TAP_EXPECTED, OUTDATED.
    """
    picture_as_file = (message.document is not None) and (message.document.mime_type or "").startswith(
        "image/"
    )
    if not (message.photo or message.text or picture_as_file):
        return False
    return_id = _meant(step, message)
    if return_id is None:
        return False
    if picture_as_file:
        raise Refusal(Refused.PHOTO_AS_FILE)
    if message.forward_origin is not None:
        raise Refusal(Refused.FORWARDED)
    actor = _actor(step, return_id)
    if message.photo:
        return_report.add_photo(step.by(actor), return_id, message.photo[-1].file_id)
    words = (message.caption if message.photo else message.text) or ""
    if words.strip():
        return_report.write_down(step.by(actor), return_id, words)
    put_away.draw_question(step, return_id, actor.organization_id, renew=True)
    return True


def _meant(step: Request, message: TelegramMessage) -> int | None:
    """Return the return that a message is about: the one replied to, or in private the last one.

    The last one takes photos, and notes while an item is reported as not fine.
    """
    replied, card = message.reply_to_message, replied_to(step.tx, message)
    if card is not None:
        return _return_on(step, card, is_photo=bool(message.photo))
    if step.place.is_group or replied is not None:
        return None
    row = conversation.asked(step)
    if message.photo:
        state = REGISTRY.state(row) if row is not None else None
        return _last_here(step) if state is None or state.photo is None else None
    return_id = _last_here(step) if row is None and message.text else None
    return return_id if return_id is not None and return_report.wants_words(step.session, return_id) else None


def items_asked_about(step: Request) -> set[int]:
    """Return the items of the return that a photo in this private chat is taken to be of just now."""
    return_id = _last_here(step)
    if return_id is None:
        return set()
    tx = step.by(_actor(step, return_id))
    return {one.item_id for one in return_report.pieces(tx, return_id)}


def _return_on(step: Request, card: Card, *, is_photo: bool) -> int | None:
    if card.kind == notifications.PUT_AWAY_CARD:
        return card.subject_id
    asks = conversation.asked(step)
    is_answer = asks is not None and AboutRental.of(asks).rental_id == card.subject_id
    if card.kind == notifications.DESK_CARD and is_photo and not is_answer:
        return locations.last_return(step.session, card.subject_id)
    return None


def _last_here(step: Request) -> int | None:
    """Return the last return that a lender was asked about in this chat within `_LATELY`."""
    return_id = return_report.last_asked(step.session, step.place.chat_id, step.now - _LATELY)
    if return_id is None:
        return None
    actor, _ = step.actor_about(locations.rental_of_return(step.session, return_id))
    return return_id if actor.has_role(Role.LENDER) else None
