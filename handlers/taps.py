"""What each button does: one service call for the person who taps."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from db.models import ChatAccount, Equipment
from db.states import Role
from handlers import conversations
from handlers.desk import checkout, item_card, put_away, return_report, worklist
from handlers.i18n.texts import LANGUAGES
from handlers.maintenance import damage
from handlers.members import organization_switch
from handlers.onboarding import invites
from handlers.onboarding import join_requests as onboarding_join_requests
from handlers.rentals import approval, late_conflicts, lists, pending_requests, piece_picker
from handlers.rentals.booking import conversation
from handlers.transfers import transfers
from handlers.ui import cards
from handlers.ui import conversation as ui_conversation
from handlers.ui.callbacks import Tap, Verb
from handlers.ui.message import Message, Paper
from handlers.ui.request import Step
from services.core.errors import Refusal, Refused
from services.members import accounts
from services.messaging import group_chats, notifications, outbox
from services.onboarding import join_requests

Act = Callable[[Step, Tap], Markup | None]
"""Changes something, in one transaction; what it returns is shown for a moment."""

Look = Callable[[Step, Tap], Message | Paper]
"""Changes nothing; a message that it returns takes the place of the one tapped, a file is sent below it."""


def _converse(step: Step, tap: Tap) -> Markup | None:
    row = ui_conversation.own_row(step, tap.id)
    step.turn_to(row.organization_id)
    word, _, rest = tap.arg.partition(" ")
    conversations.ALL[row.name].tap(step, row, word, rest)
    return None


def _paper(step: Step, tap: Tap) -> Paper:
    row = ui_conversation.own_row(step, tap.id)
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
    cards.draw_here(step, rental, notifications.DESK_CARD if desk else notifications.RENTAL_CARD)
    return None


def _redraw(step: Step, tap: Tap) -> Markup | None:
    """Back from a list of pieces to the card it took the place of."""
    actor, rental = step.actor_about(tap.id)
    if rental.user_id != actor.user_id:
        actor.require_active()
    card = cards.card_here(step)
    if card is not None and (card.subject_id == tap.id or card.kind == notifications.ITEM_CARD):
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
    item = checkout.only(tap)
    equipment = step.session.get(Equipment, tap.id)
    if equipment is not None:
        turn_where_member(step, equipment.organization_id)
    conversation.begin_with(step, tap.id, item[0] if item else None, tapped=True)
    return None


def turn_where_member(step: Step, organization_id: int) -> None:
    """The thing says which of a person's organisations it is about, if it is one of them."""
    if accounts.is_linked(step.session, step.sender.account_id, organization_id):
        step.turn_to(organization_id)


def _rent_instead(step: Step, tap: Tap) -> Markup | None:
    actor, rental = step.actor_about(tap.id)
    equipment = checkout.only(tap)
    if rental.user_id != actor.user_id or equipment is None:
        raise Refusal(Refused.NOT_FOUND)
    step.turn_to(rental.organization_id)
    conversation.begin_instead(step, rental, equipment[0])
    return None


def _bind(step: Step, tap: Tap) -> Markup | None:
    bind_group(step)
    return None


def bind_group(step: Step) -> None:
    """This group is to decide for the organisation in which the person acts in private."""
    if step.sender.is_anonymous:
        raise Refusal(Refused.ANONYMOUS)
    actor = step.actor_in_private()
    organization = group_chats.bind_group(
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
    join_requests.approve(step.session, onboarding_join_requests.actor_for(step, tap.id), tap.id, step.now)
    return step.texts("Approved.")


def _turn_away(step: Step, tap: Tap) -> Markup | None:
    onboarding_join_requests.begin_turning_away(step, tap.id)
    return None


@dataclass(frozen=True)
class Taps:
    """Every verb is in exactly one of the two; a test holds them to the enumeration."""

    acts: dict[Verb, Act]
    looks: dict[Verb, Look]


TAPS = Taps(
    acts={
        Verb.CONVERSATION: _converse,
        Verb.APPROVE: approval.approve,
        Verb.DECLINE: approval.decline,
        Verb.APPROVE_ALL: pending_requests.approve_all,
        Verb.HAND_OUT: checkout.hand_out,
        Verb.PICK_UP: checkout.hand_out,
        Verb.SWAP_FOR: checkout.swap_for,
        Verb.RETURN: checkout.give_back,
        Verb.CONFIRM_RETURN: checkout.confirm_return,
        Verb.TAKE_BACK: checkout.take_back,
        Verb.PUT_AWAY: put_away.put_away,
        Verb.BACK: return_report.begin,
        Verb.BACK_SAID: return_report.say,
        Verb.PROBLEM: damage.problem,
        Verb.TAKE_OUT: damage.take_out,
        Verb.REPAIRED: damage.repaired,
        Verb.SHOW_DAMAGE: damage.show,
        Verb.LOSE_SURELY: damage.lose_surely,
        Verb.ITEM_OUT: item_card.hand_out,
        Verb.KEEP: item_card.keep,
        Verb.FOUND: damage.found,
        Verb.HAND_OVER: transfers.offer,
        Verb.HAND_OVER_BACK: transfers.take_offer_back,
        Verb.HAND_OVER_YES: transfers.accept,
        Verb.HAND_OVER_WRONG: transfers.accept_with_problem,
        Verb.HAND_OVER_NO: transfers.decline,
        Verb.EXTEND: approval.extend,
        Verb.GRANT: approval.grant,
        Verb.REFUSE: approval.refuse,
        Verb.CANCEL_SURELY: approval.cancel,
        Verb.DESK: worklist.tapped,
        Verb.SHOW_RENTAL: _show,
        Verb.RENTAL_CARD: _redraw,
        Verb.OTHER_EQUIPMENT: late_conflicts.other_equipment,
        Verb.OTHER_DAYS: late_conflicts.other_days,
        Verb.RENT: _rent,
        Verb.RENT_INSTEAD: _rent_instead,
        Verb.BIND: _bind,
        Verb.LANGUAGE: _language,
        Verb.SWITCH: organization_switch.switch,
        Verb.INVITE: invites.tapped,
        Verb.ADMIT: _admit,
        Verb.TURN_AWAY: _turn_away,
        Verb.SHOW_ADMISSION: onboarding_join_requests.show,
    },
    looks={
        Verb.SOME_OUT: piece_picker.some_out,
        Verb.SOME_BACK: piece_picker.some_back,
        Verb.HAND_OVER_SOME: transfers.some,
        Verb.SWAP: piece_picker.swap,
        Verb.SWAP_PIECE: piece_picker.swap_piece,
        Verb.BACK_PIECES: return_report.pieces,
        Verb.BACK_PIECE: return_report.piece,
        Verb.LOSE: damage.lose,
        Verb.LOSE_PIECE: damage.lose_piece,
        Verb.CANCEL_RENTAL: approval.ask_to_cancel,
        Verb.PUT_PLACES: put_away.choose,
        Verb.LIST: lists.turn_page,
        Verb.PAPER: _paper,
        Verb.PILE: pending_requests.turn,
    },
)
