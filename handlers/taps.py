"""What each button does: one service call for the person who taps. The verbs are in handlers/callbacks.py."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from db.models import ChatAccount, Equipment
from db.states import Role
from handlers import (
    admitting,
    conversation,
    conversations,
    damages,
    desk,
    handing,
    in_hand,
    inviting,
    lists,
    passing_on,
    pieces,
    pile,
    putting,
    rent,
    requests,
    returned,
    several,
    waiting,
)
from handlers.callbacks import Tap, Verb
from handlers.message import Message
from handlers.papers import Paper
from handlers.step import Step
from handlers.texts import LANGUAGES
from services import (
    accounts,
    admissions,
    notices,
    organizations,
    outbox,
)
from services.errors import Refusal, Refused

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


def _show(step: Step, tap: Tap) -> Markup | None:
    """The rental's card at the end of the chat: the desk's with `d`, else the member's own."""
    actor, rental = step.actor_about(tap.id)
    own = rental.user_id == actor.user_id
    desk = tap.arg == "d" or step.place.is_group or (not own and actor.may(Role.LENDER))
    if desk:
        actor.require(Role.LENDER)
    elif not own:
        raise Refusal(Refused.NOT_FOUND)
    pieces.draw_here(step, rental, notices.DESK_CARD if desk else notices.RENTAL_CARD)
    return None


def _redraw(step: Step, tap: Tap) -> Markup | None:
    """Back from a list of pieces to the card it took the place of."""
    actor, rental = step.actor_about(tap.id)
    if rental.user_id != actor.user_id:
        actor.require_active()
    card = pieces.card_here(step)
    if card is not None and (card.subject_id == tap.id or card.kind == notices.ITEM_CARD):
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
    item = handing.only(tap)
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
    equipment = handing.only(tap)
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
        Verb.APPROVE: requests.approve,
        Verb.DECLINE: requests.decline,
        Verb.APPROVE_ALL: pile.approve_all,
        Verb.HAND_OUT: handing.hand_out,
        Verb.PICK_UP: handing.hand_out,
        Verb.SWAP_FOR: handing.swap_for,
        Verb.RETURN: handing.give_back,
        Verb.CONFIRM_RETURN: handing.confirm_return,
        Verb.TAKE_BACK: handing.take_back,
        Verb.PUT_AWAY: putting.put_away,
        Verb.BACK: returned.begin,
        Verb.BACK_SAID: returned.say,
        Verb.PROBLEM: damages.problem,
        Verb.TAKE_OUT: damages.take_out,
        Verb.REPAIRED: damages.repaired,
        Verb.SHOW_DAMAGE: damages.show,
        Verb.LOSE_SURELY: damages.lose_surely,
        Verb.ITEM_OUT: in_hand.hand_out,
        Verb.KEEP: in_hand.keep,
        Verb.FOUND: damages.found,
        Verb.HAND_OVER: passing_on.offer,
        Verb.HAND_OVER_BACK: passing_on.take_offer_back,
        Verb.HAND_OVER_YES: passing_on.accept,
        Verb.HAND_OVER_WRONG: passing_on.accept_with_problem,
        Verb.HAND_OVER_NO: passing_on.decline,
        Verb.EXTEND: requests.extend,
        Verb.GRANT: requests.grant,
        Verb.REFUSE: requests.refuse,
        Verb.CANCEL_SURELY: requests.cancel,
        Verb.DESK: desk.tapped,
        Verb.SHOW_RENTAL: _show,
        Verb.RENTAL_CARD: _redraw,
        Verb.OTHER_EQUIPMENT: waiting.other_equipment,
        Verb.OTHER_DAYS: waiting.other_days,
        Verb.RENT: _rent,
        Verb.RENT_INSTEAD: _rent_instead,
        Verb.BIND: _bind,
        Verb.LANGUAGE: _language,
        Verb.SWITCH: several.switch,
        Verb.INVITE: inviting.tapped,
        Verb.ADMIT: _admit,
        Verb.TURN_AWAY: _turn_away,
        Verb.SHOW_ADMISSION: admitting.show,
    },
    looks={
        Verb.SOME_OUT: pieces.some_out,
        Verb.SOME_BACK: pieces.some_back,
        Verb.HAND_OVER_SOME: passing_on.some,
        Verb.SWAP: pieces.swap,
        Verb.SWAP_PIECE: pieces.swap_piece,
        Verb.BACK_PIECES: returned.pieces,
        Verb.BACK_PIECE: returned.piece,
        Verb.LOSE: damages.lose,
        Verb.LOSE_PIECE: damages.lose_piece,
        Verb.CANCEL_RENTAL: requests.ask_to_cancel,
        Verb.PUT_PLACES: putting.choose,
        Verb.LIST: lists.turn_page,
        Verb.PAPER: _paper,
        Verb.PILE: pile.turn,
    },
)
