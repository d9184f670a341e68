"""Rentals: booking, cards, lists, requests and their answers."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.rentals import calendar_hints, cards, extension, lists, refusals
from handlers.rentals.booking import buttons, conversation
from handlers.rentals.changes import buttons as changes
from handlers.rentals.changes import moving
from handlers.rentals.changes.views import Verb as ChangeVerb
from handlers.rentals.custody import set_date
from handlers.rentals.custody.buttons import Verb as Custody
from handlers.rentals.late import conflicts as late_conflicts
from handlers.rentals.pieces import piece_picker
from handlers.rentals.requests import approval, pending_requests
from handlers.ui.callbacks import Verb
from handlers.ui.registry import (
    ADMIN,
    ANYBODY,
    LENDER,
    MEMBER,
    OWN,
    OWN_OR_LENDER,
    OWN_STILL,
    Act,
    Command,
    Feature,
    Hint,
    ListOfRentals,
    Look,
    MessageKind,
    Right,
    Where,
)
from services.access import rights
from services.availability import reallocation
from services.messaging import kinds, notifications
from services.messaging import pending_requests as piles
from services.rentals.late import conflicts as late

FEATURE = Feature(
    commands=(
        Command("items", N_("See the equipment"), Where.PRIVATE, Role.USER, True, conversation.begin_browse),
        Command("rent", N_("Borrow something"), Where.PRIVATE, Role.USER, True, conversation.begin_rent),
        Command(
            "rentals",
            N_("Your rentals, past and present"),
            Where.PRIVATE,
            Role.USER,
            False,
            lists.command(lists.mine),
            OWN_STILL,
        ),
        Command("extend", N_("Keep something longer"), Where.PRIVATE, Role.USER, True, lists.extend),
        Command(
            "return", N_("Bring something back"), Where.PRIVATE, Role.USER, True, lists.bring_back, OWN_STILL
        ),
        Command("out", N_("What is out"), Where.BOTH, Role.LENDER, False, lists.out_command),
        Command(
            "move",
            N_("Move the due dates of a day"),
            Where.BOTH,
            Role.ADMIN,
            True,
            moving.begin,
            rights.MOVE_DUE_DATES,
        ),
        Command("overdue", N_("What is overdue"), Where.BOTH, Role.LENDER, False, lists.overdue_command),
    ),
    buttons=(
        Act(Verb.APPROVE, approval.approve, rights.APPROVE),
        Act(Verb.DECLINE, approval.decline, rights.APPROVE),
        Look(Verb.PILE, pending_requests.turn, LENDER),
        Act(Verb.APPROVE_ALL, pending_requests.approve_all, rights.APPROVE),
        Act(ChangeVerb.CHANGE, changes.change, rights.CHANGE),
        Act(ChangeVerb.APPROVE_SOME, changes.approve_some, rights.APPROVE),
        Act(ChangeVerb.PROPOSE, changes.propose, rights.APPROVE),
        Act(ChangeVerb.TAKE_IT, changes.take_it, rights.CHANGE),
        Act(ChangeVerb.NO_THANKS, changes.no_thanks, rights.CHANGE),
        Act(ChangeVerb.MORE_TIME, changes.more_time, rights.GIVE_TIME),
        Act(ChangeVerb.MOVE, moving.tapped, rights.MOVE_DUE_DATES),
        Act(Verb.EXTEND, approval.extend, rights.EXTEND, Where.PRIVATE),
        Act(Custody.SET_DATE, set_date.begin_setting, rights.SET_DATE),
        Act(Verb.GRANT, approval.grant, rights.APPROVE),
        Act(Verb.REFUSE, approval.refuse, rights.APPROVE),
        Look(Verb.CANCEL_RENTAL, approval.ask_to_cancel, rights.CANCEL),
        Act(Verb.CANCEL_SURELY, approval.cancel, rights.CANCEL),
        # In a group it is the desk's card, whosever the rental is.
        Act(Verb.SHOW_RENTAL, cards.show, rights.SEE_RENTAL, in_group=LENDER),
        # Redraws a card that is in the chat.
        Act(Verb.RENTAL_CARD, cards.redraw, Right(Role.USER, own=True, former=True)),
        Look(Verb.SOME_OUT, piece_picker.some_out, OWN_OR_LENDER),
        Look(Verb.SOME_BACK, piece_picker.some_back, OWN_OR_LENDER),
        Look(Verb.SWAP, piece_picker.swap, rights.SWAP),
        Look(Verb.SWAP_PIECE, piece_picker.swap_piece, rights.SWAP),
        Act(Verb.OTHER_EQUIPMENT, late_conflicts.other_equipment, Right(Role.ADMIN, own=True)),
        Act(Verb.OTHER_DAYS, late_conflicts.other_days, Right(Role.ADMIN, own=True)),
        Act(Verb.RENT, buttons.rent, rights.RENT, Where.PRIVATE),
        Act(Verb.RENT_INSTEAD, buttons.rent_instead, OWN),
        Act(Verb.ASK_AGAIN, buttons.ask_again, OWN, Where.PRIVATE),
        Look(Verb.LIST, lists.turn_page, Right(Role.USER, own=True, former=True)),  # each has its own right
        Hint(Verb.NOTHING, calendar_hints.why, ANYBODY),
    ),
    conversations=(
        (conversation.RENT, rights.RENT),
        (extension.EXTEND, MEMBER),  # a member's own, or any by a lender
        (set_date.TALK, MEMBER),  # which of the two, its service checks
        (approval.TALK, ADMIN),
        (moving.TALK, rights.MOVE_DUE_DATES),
    ),
    messages=(
        MessageKind(notifications.RENTAL_CARD, cards.member_card, names_organization=True),
        MessageKind(notifications.DESK_CARD, cards.desk_card, names_organization=True),
        MessageKind(piles.PILE, cards.pile),
        MessageKind(piles.PILE_DONE, cards.pile_done),
        MessageKind(kinds.REMINDER, cards.reminder, names_organization=True),
        MessageKind(kinds.DIGEST, cards.digest, names_organization=True),
        MessageKind(kinds.UNCONFIRMED, cards.unconfirmed, names_organization=True),
        MessageKind(lists.LIST, lists.draw, names_organization=True),
        MessageKind("extension_declined", cards.to_member(cards.extension_declined), names_organization=True),
        MessageKind(notifications.ONLY_PART, cards.to_member(changes.only_part), names_organization=True),
        MessageKind(kinds.LATE, late_conflicts.to_member),
        MessageKind(kinds.LATE_DESK, late_conflicts.to_desk),
        MessageKind(late.CHOSEN, late_conflicts.answer),
        MessageKind(
            notifications.PLACE_CHANGED, cards.to_member(cards.place_changed), names_organization=True
        ),
        MessageKind(reallocation.WITHDRAWN, cards.to_member(cards.withdrawn), names_organization=True),
    ),
    lists=(
        ListOfRentals("mine", lists.mine, rights.SEE_OWN_RENTALS),
        ListOfRentals("history", lists.history, OWN_STILL),
        ListOfRentals("return", lists.to_return, OWN_STILL),
        ListOfRentals("harm", lists.with_harm, OWN_STILL),
        ListOfRentals("extend", lists.to_extend, OWN_STILL),
        ListOfRentals("cancel", lists.to_cancel, OWN_STILL),
        ListOfRentals("out", lists.out, rights.SEE_RENTALS, is_shared=True),
        ListOfRentals("overdue", lists.overdue, rights.SEE_RENTALS, is_shared=True),
    ),
    refusals=refusals.WORDS,
    answers={
        "all_approved": pending_requests.answered,
        "surely": lambda t, p: approval.surely(
            t, p["rental_id"], p.get("number", p["rental_id"]), card=False
        ),
    },
)
