"""What each button does: one service call for the person who taps. The verbs are in handlers/callbacks.py."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from db.models import ChatAccount, Claim, Equipment, Extension, Rental
from db.states import Role
from handlers import (
    admitting,
    conversation,
    conversations,
    extending,
    lists,
    pieces,
    putting,
    rent,
    several,
    small_talks,
)
from handlers.callbacks import Tap, Verb, number
from handlers.message import Message
from handlers.papers import Paper
from handlers.step import Step
from handlers.texts import LANGUAGES
from handlers.views import answers
from services import (
    accounts,
    admissions,
    decisions,
    extensions,
    handovers,
    invites,
    notices,
    organizations,
    outbox,
)
from services.errors import Refusal, Refused
from services.people import Actor

Act = Callable[[Step, Tap], Markup | None]
"""Changes something, in one transaction; what it returns is shown for a moment."""

Look = Callable[[Step, Tap], Message | Paper]
"""Changes nothing; a message that it returns takes the place of the one tapped, a file is sent below it."""


def _converse(step: Step, tap: Tap) -> Markup | None:
    row = conversation.own_row(step, tap.id)
    step.turn_to(row.organization_id)
    word, _, rest = tap.arg.partition(" ")
    conversations.ALL[row.name].tap(step, row, word, rest)
    return None


def _paper(step: Step, tap: Tap) -> Paper:
    row = conversation.own_row(step, tap.id)
    state = conversations.ALL[row.name].state(row)
    if state is None or state.paper is None:
        raise Refusal(Refused.OUTDATED)
    return state.paper(step, row, tap.arg)


def _only(tap: Tap) -> list[int] | None:
    """One piece, or None for all of them."""
    if not tap.arg:
        return None
    id_ = number(tap.arg)
    if id_ is None:
        raise Refusal(Refused.OUTDATED)
    return [id_]


def _member_sees(step: Step, rental: Rental) -> None:
    """Tapped on a reminder: the rental's card follows, with what can be done next."""
    if not step.place.is_group and pieces.card_here(step) is None:
        notices.show_member(step.session, step.now, rental, news=True)


def _lender_sees(step: Step, actor: Actor, rental: Rental) -> None:
    """The same on a reminder about somebody else's."""
    if rental.user_id == actor.user_id:
        _member_sees(step, rental)
    elif not step.place.is_group and pieces.card_here(step) is None:
        draw_here(step, rental, notices.DESK_CARD)


def _at_desk(step: Step, rental_id: int) -> tuple[Actor, Rental]:
    """Who acts on what lenders do. In the group others see the card too, and learn who may."""
    actor, rental = step.actor_about(rental_id)
    if step.place.is_group and rental.user_id != actor.user_id:
        actor.require(Role.LENDER)
    return actor, rental


def _approve(step: Step, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    decisions.approve(step.session, actor, tap.id, step.now)
    return step.texts("Approved.")


def _decline(step: Step, tap: Tap) -> Markup | None:
    small_talks.begin_decline(step, tap.id)
    return None


def _hand_out(step: Step, tap: Tap) -> Markup | None:
    actor, rental = _at_desk(step, tap.id)
    handovers.hand_out(step.session, actor, tap.id, step.now, only=_only(tap))
    _lender_sees(step, actor, rental)
    return step.texts("Have fun!") if tap.verb is Verb.PICK_UP else step.texts("Handed out.")


def _swap_for(step: Step, tap: Tap) -> Markup | None:
    claim = step.session.get(Claim, tap.id)
    item = _only(tap)
    if claim is None or claim.rental_id is None or item is None:
        raise Refusal(Refused.NOT_FOUND)
    actor, _ = step.actor_about(claim.rental_id)
    handovers.swap(step.session, actor, tap.id, item[0], step.now)
    return step.texts("Swapped.")


def _give_back(step: Step, tap: Tap) -> Markup | None:
    actor, rental = step.actor_about(tap.id)
    handovers.give_back(step.session, actor, tap.id, step.now, only=_only(tap))
    _member_sees(step, rental)
    return step.texts("Thank you!")


def _confirm_return(step: Step, tap: Tap) -> Markup | None:
    actor, rental = _at_desk(step, tap.id)
    handovers.confirm_return(step.session, actor, tap.id, step.now)
    putting.ask(step, rental)
    return step.texts("Confirmed.")


def _take_back(step: Step, tap: Tap) -> Markup | None:
    actor, rental = _at_desk(step, tap.id)
    handovers.take_back(step.session, actor, tap.id, step.now, only=_only(tap))
    putting.ask(step, rental)
    _lender_sees(step, actor, rental)
    return step.texts("Taken back.")


def _problem(step: Step, tap: Tap) -> Markup | None:
    small_talks.begin_problem(step, tap.id)
    return None


def _extend(step: Step, tap: Tap) -> Markup | None:
    extending.begin(step, tap.id)
    return None


def _extension_actor(step: Step, extension_id: int) -> Actor:
    extension = step.session.get(Extension, extension_id)
    if extension is None:
        raise Refusal(Refused.NOT_FOUND)
    return step.actor_about(extension.rental_id)[0]


def _grant(step: Step, tap: Tap) -> Markup | None:
    extensions.grant(step.session, _extension_actor(step, tap.id), tap.id, step.now)
    return step.texts("Extended.")


def _refuse(step: Step, tap: Tap) -> Markup | None:
    extensions.decline(step.session, _extension_actor(step, tap.id), tap.id, step.now)
    return step.texts("Declined.")


def _ask_to_cancel(step: Step, tap: Tap) -> Message:
    """The question takes the place of the card, as the lists of pieces do."""
    actor, _ = step.actor_about(tap.id)
    decisions.require_cancellable(step.session, actor, tap.id)
    return answers.surely(step.texts, tap.id, card=pieces.card_here(step) is not None)


def _cancel(step: Step, tap: Tap) -> Markup | None:
    actor, _ = step.actor_about(tap.id)
    decisions.cancel(step.session, actor, tap.id, step.now)
    return step.texts("Cancelled.")


def _show(step: Step, tap: Tap) -> Markup | None:
    """The rental's card at the end of the chat: the desk's with `d`, else the member's own."""
    actor, rental = step.actor_about(tap.id)
    desk = tap.arg == "d" or step.place.is_group
    if desk:
        actor.require(Role.LENDER)
    elif rental.user_id != actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    draw_here(step, rental, notices.DESK_CARD if desk else notices.RENTAL_CARD)
    return None


def draw_here(step: Step, rental: Rental, kind: str) -> None:
    outbox.draw(
        step.session,
        step.now,
        kind=kind,
        subject_id=rental.id,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        organization_id=rental.organization_id,
        renew=True,
    )


def _redraw(step: Step, tap: Tap) -> Markup | None:
    """Back from a list of pieces to the card it took the place of."""
    step.actor_about(tap.id)
    card = pieces.card_here(step)
    if card is not None and card.subject_id == tap.id:
        outbox.draw(
            step.session,
            step.now,
            kind=card.kind,
            subject_id=card.subject_id,
            chat_id=card.chat_id,
            thread_id=card.thread_id,
            organization_id=card.organization_id,
        )
    return None


def _rent(step: Step, tap: Tap) -> Markup | None:
    item = _only(tap)
    equipment = step.session.get(Equipment, tap.id)
    if equipment is not None:
        turn_where_member(step, equipment.organization_id)
    rent.begin_with(step, tap.id, item[0] if item else None, tapped=True)
    return None


def turn_where_member(step: Step, organization_id: int) -> None:
    """The thing says which of a person's organisations it is about, if it is one of them."""
    if accounts.is_linked(step.session, step.sender.account_id, organization_id):
        step.turn_to(organization_id)


def _rent_instead(step: Step, tap: Tap) -> Markup | None:
    actor, rental = step.actor_about(tap.id)
    equipment = _only(tap)
    if rental.user_id != actor.user_id or equipment is None:
        raise Refusal(Refused.NOT_FOUND)
    step.turn_to(rental.organization_id)
    rent.begin_instead(step, rental, equipment[0])
    return None


def _bind(step: Step, tap: Tap) -> Markup | None:
    bind_group(step)
    return None


def bind_group(step: Step) -> None:
    """This group is to decide for the organisation in which the person acts in private."""
    if step.sender.is_anonymous:
        raise Refusal(Refused.ANONYMOUS)
    actor = step.actor_in_private()
    organization = organizations.bind_group(
        step.session,
        actor,
        step.now,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        title=step.place.title,
    )
    step.say("group_bound", once=step.key("group_bound"), organization=organization.name)


def _language(step: Step, tap: Tap) -> Markup | None:
    if tap.arg not in LANGUAGES:
        raise Refusal(Refused.OUTDATED)
    account = step.session.get_one(ChatAccount, step.sender.account_id)
    if account.language == tap.arg:
        return step.texts("From now on I write English.")
    account.language = tap.arg
    step.session.flush()
    step.say("language_set")
    return None


def _invite(step: Step, tap: Tap) -> Markup | None:
    try:
        role = Role(tap.arg)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    make_invite(step, role)
    return None


def make_invite(step: Step, role: Role, uses: int = 1, days: int = invites.DAYS) -> None:
    """One link per message and role: a button tapped twice does not open a second door."""
    actor = step.active()
    once = step.key(f"invite:{role}")
    if outbox.was_said(step.session, once):
        return
    token = invites.make(step.session, actor, step.now, role=role, uses=uses, days=days)
    link = f"https://t.me/{step.bot_username}?start={token}"
    step.say("invite", once=once, role=role, link=link, uses=uses, days=days)


def _admit(step: Step, tap: Tap) -> Markup | None:
    admissions.approve(step.session, admitting.actor_for(step, tap.id), tap.id, step.now)
    return step.texts("Approved.")


def _turn_away(step: Step, tap: Tap) -> Markup | None:
    admitting.begin_turning_away(step, tap.id)
    return None


@dataclass(frozen=True)
class Taps:
    """Every verb is in exactly one of the two; a test holds them to the enumeration."""

    acts: dict[Verb, Act]
    looks: dict[Verb, Look]


TAPS = Taps(
    acts={
        Verb.CONVERSATION: _converse,
        Verb.APPROVE: _approve,
        Verb.DECLINE: _decline,
        Verb.HAND_OUT: _hand_out,
        Verb.PICK_UP: _hand_out,
        Verb.SWAP_FOR: _swap_for,
        Verb.RETURN: _give_back,
        Verb.CONFIRM_RETURN: _confirm_return,
        Verb.TAKE_BACK: _take_back,
        Verb.PUT_AWAY: putting.put_away,
        Verb.PROBLEM: _problem,
        Verb.EXTEND: _extend,
        Verb.GRANT: _grant,
        Verb.REFUSE: _refuse,
        Verb.CANCEL_SURELY: _cancel,
        Verb.SHOW_RENTAL: _show,
        Verb.RENTAL_CARD: _redraw,
        Verb.RENT: _rent,
        Verb.RENT_INSTEAD: _rent_instead,
        Verb.BIND: _bind,
        Verb.LANGUAGE: _language,
        Verb.SWITCH: several.switch,
        Verb.INVITE: _invite,
        Verb.ADMIT: _admit,
        Verb.TURN_AWAY: _turn_away,
    },
    looks={
        Verb.SOME_OUT: pieces.some_out,
        Verb.SOME_BACK: pieces.some_back,
        Verb.SWAP: pieces.swap,
        Verb.SWAP_PIECE: pieces.swap_piece,
        Verb.CANCEL_RENTAL: _ask_to_cancel,
        Verb.PUT_PLACES: putting.choose,
        Verb.LIST: lists.turn_page,
        Verb.PAPER: _paper,
    },
)
