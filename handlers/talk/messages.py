"""Replies to a rental's card: the member's go to the desk, the desk's to the member, each with Reply."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import Message as TelegramMessage

from db.models import Conversation as Row
from db.models import OutboxMessage, Rental
from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.rentals.card_views import summed_up
from handlers.ui import conversation
from handlers.ui.callbacks import AnyVerb, Tap, pack
from handlers.ui.cards import buttons_of, replied_to
from handlers.ui.conversation import CANCEL, OVER, AboutRental, Conversation, State, nothing_stays
from handlers.ui.form import cancel, data_of, problem_of, quoted
from handlers.ui.message import Button, Message, Picture
from handlers.ui.registry import REGISTRY, Params
from handlers.ui.request import Request
from handlers.ui.sentences.people import linked, short_name
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import accounts
from services.messaging import notifications, outbox
from services.rentals import queries
from services.talk import messages as talk


class Verb(AnyVerb):
    REPLY = "rm"  # id: rental


NAME, ASK = "talk", "ask"

_LONGEST_NAME = 80


# Replies


def takes(step: Request, message: TelegramMessage) -> bool:
    """Hand on a text or photo about a rental; return False where the message is about something else.

    Raises NOT_ALLOWED, FORWARDED, PHOTO_AS_FILE, and as `talk.to_desk` and `talk.to_member`.
    """
    document = message.document
    is_file = document is not None and (document.mime_type or "").startswith("image/")
    if not (message.text or message.photo or is_file):
        return False
    asks = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    rental_id = _meant(step, message, asks)
    if rental_id is None:
        return False
    actor, rental = step.actor_about(rental_id)
    if step.place.is_group and rental.user_id == actor.user_id:
        return False  # their own, and everybody here has read it
    if message.forward_origin is not None:
        raise Refusal(Refused.FORWARDED)
    if is_file:
        raise Refusal(Refused.PHOTO_AS_FILE)
    photo = message.photo[-1].file_id if message.photo else None
    name = _hand_on(step, actor, rental, (message.caption if photo else message.text) or "", photo)
    # Of an album, the first picture comes here alone.
    step.say("handed_on", to=step.place.message_id, name=name, is_first=message.media_group_id is not None)
    if asks is not None and asks.name == NAME and AboutRental.of(asks).rental_id == rental_id:
        conversation.update(asks, to=OVER)
        conversation.render(step, asks)
    return True


def _meant(step: Request, message: TelegramMessage, asks: Row | None) -> int | None:
    """Return the rental that a message is about: that of the message replied to, or that the person writes
    about after Reply. A question about the rental comes first: then this is its answer.
    """
    replied = message.reply_to_message
    if replied is None:
        return _asked_about(asks) if not step.place.is_group else None
    card = replied_to(step.tx, message)
    if card is None:
        rental_id = talk.rental_of(step.session, step.place.chat_id, replied.message_id)
        rental_id = rental_id or _by_its_button(replied)
    elif card.kind == conversation.CARD:
        return _asked_about(asks) if asks is not None and asks.id == card.subject_id else None
    else:
        rental_id = card.subject_id if card.kind in talk.CARDS else None
    return None if rental_id is None or _is_asked(step, asks, rental_id) else rental_id


def _by_its_button(replied: TelegramMessage) -> int | None:
    """Return the rental that Reply below a message of ours is about: one that was sent twice is not known."""
    if replied.from_user is None or not replied.from_user.is_bot:
        return None
    taps = map(REGISTRY.unpack, buttons_of(replied))
    return next((tap.id for tap in taps if tap is not None and tap.verb == Verb.REPLY), None)


def _asked_about(asks: Row | None) -> int | None:
    return AboutRental.of(asks).rental_id if asks is not None and asks.name == NAME else None


def _is_asked(step: Request, asks: Row | None, rental_id: int) -> bool:
    """Return whether another question about this rental waits for this person's words."""
    if asks is None or asks.name == NAME or AboutRental.of(asks).rental_id != rental_id:
        return False
    state = REGISTRY.state(asks)
    return step.place.is_group or (state is not None and (state.text or state.photo) is not None)


def _is_for_desk(step: Request, actor: Actor, rental: Rental) -> bool:
    """Return whether this person writes as the rental's member. Raises NOT_ALLOWED for who may do neither."""
    if rental.user_id == actor.user_id and not step.place.is_group:
        return True
    actor.require(Role.LENDER)
    return False


def _hand_on(step: Request, actor: Actor, rental: Rental, text: str, photo: str | None) -> str | None:
    """Send it to the other side; return the name of the member that it goes to, None for the desk."""
    if _is_for_desk(step, actor, rental):
        talk.to_desk(step.by(actor), rental, text, photo)
        return None
    talk.to_member(step.by(actor), rental, text, photo)
    return identity.names(step.session, [rental.user_id])[rental.user_id]


def handed_on(t: Texts, p: Params) -> Message:
    """Confirm below what was written, without a sound. `is_first`: the first picture of an album."""
    name = p["name"]
    if p["is_first"]:
        text = (
            t("✓ The first photo is sent to {name}. Send the others one by one.", name=name)
            if name
            else t("✓ The first photo is sent. Send the others one by one.")
        )
    else:
        text = t("✓ Sent to {name}.", name=name) if name else t("✓ Sent. The answer comes here.")
    return Message(text, replies_to=p["to"], silent=True)


# After Reply


def begin(step: Request, tap: Tap) -> Markup | None:
    """Ask for the text."""
    actor, rental = step.actor_about(tap.id)
    _is_for_desk(step, actor, rental)
    row = conversation.start(
        step, NAME, ASK, AboutRental(rental_id=rental.id), organization_id=rental.organization_id
    )
    conversation.render(step, row, renew=True)
    return None


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    rental = queries.rental(tx, AboutRental.of(row).rental_id)
    about = _about(tx, rental, t)
    if row.chat_id > 0 and accounts.leads_to(tx.session, row.account_id, rental.user_id):
        text = t("What would you like to say about {rental}?", rental=about)
    else:
        name = identity.names(tx.session, [rental.user_id])[rental.user_id]
        text = t("What would you like to say to {name} about {rental}?", name=name, rental=about)
    return Message(lines(problem_of(row, t), text), ((cancel(t, data_of(row)),),))


def _typed(step: Request, row: Row, text: str) -> None:
    """Hand on a text; `takes` is asked first, so this is for what reaches the conversation in another way."""
    actor, rental = step.actor_about(AboutRental.of(row).rental_id)
    name = _hand_on(step, actor, rental, text, None)
    step.say("handed_on", to=step.place.message_id, name=name, is_first=False)
    conversation.update(row, to=OVER)


TALK = Conversation(NAME, {ASK: State(_screen, text=_typed), OVER: State(nothing_stays)}, CANCEL)


# The message


def draw(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Render the message, below the rental's card where the chat has one."""
    row = rows[0]
    sender = talk.sender(tx.session, row)
    if sender is None:
        return None
    user, account_id = sender
    rental = queries.rental(tx, row.params["rental_id"])
    is_for_desk = user.id == rental.user_id
    who, about = linked(short_name(user.name_for_others(), _LONGEST_NAME), account_id), _about(tx, rental, t)
    if is_for_desk:
        heading = t("💬 {name} ({rental}):", name=who, rental=about)
    else:
        heading = t("💬 {name}, about {rental}:", name=who, rental=about)
    photo, wrote = row.params.get(outbox.PICTURE), row.params.get(outbox.WROTE)
    kind = notifications.DESK_CARD if is_for_desk else notifications.RENTAL_CARD
    return Message(
        lines(heading, quoted(wrote, talk.LONGEST) if wrote else None),
        ((Button(str(t("Reply")), pack(Verb.REPLY, rental.id)),),),
        picture=Picture(0, photo, None) if photo else None,
        replies_to=talk.below(tx.session, row, kind),
    )


def _about(tx: Tx, rental: Rental, t: Texts) -> str:
    """Return a rental as people speak of it: `Tent, Fri 4 Dec – Sun 6 Dec`."""
    (view,) = queries.in_list(tx, [rental])
    return f"{summed_up(view)}, {t.period(view.starts_at, view.due_at)}"
