"""The desk: check-out, check-in, return reports and put-away."""

from db.states import Role
from handlers.desk import (
    by_name,
    checkout,
    earlier,
    item_card,
    item_card_views,
    put_away,
    return_report,
    worklist,
)
from handlers.desk.codes import found, giving, pictures
from handlers.desk.codes import views as code_views
from handlers.desk.counter import hand_out_now, screens
from handlers.i18n.texts import N_
from handlers.rentals.cards import to_member
from handlers.ui.callbacks import Verb
from handlers.ui.registry import (
    ADMIN,
    ANYBODY,
    LENDER,
    Act,
    Command,
    Feature,
    ListOfRentals,
    Look,
    MessageKind,
    Right,
    Where,
)
from services.access import rights
from services.desk import checkin, finds
from services.messaging import notifications

FEATURE = Feature(
    commands=(
        Command("desk", N_("Today at the desk"), Where.PRIVATE, Role.LENDER, True, by_name.desk_command),
        Command(
            "handout",
            N_("Hand out: a thing, a member, a number"),
            Where.PRIVATE,
            Role.LENDER,
            True,
            by_name.hand_out_command,
        ),
        Command(
            "takeback",
            N_("Take back: a thing, a member, a number"),
            Where.PRIVATE,
            Role.LENDER,
            True,
            by_name.take_back_command,
        ),
    ),
    buttons=(
        Act(Verb.HAND_OUT, checkout.hand_out, rights.PICK_UP, ends_reminder=True),
        Act(Verb.PICK_UP, checkout.hand_out, rights.PICK_UP, Where.PRIVATE, ends_reminder=True),
        Act(Verb.SWAP_FOR, checkout.swap_for, rights.SWAP),
        Act(Verb.RETURN, checkout.give_back, rights.GIVE_BACK, Where.PRIVATE, ends_reminder=True),
        Act(Verb.CONFIRM_RETURN, checkout.confirm_return, rights.TAKE_BACK, ends_reminder=True),
        Act(Verb.NOT_BACK, checkout.not_back, rights.TAKE_BACK, ends_reminder=True),
        Act(Verb.TAKE_BACK, checkout.take_back, rights.TAKE_BACK, ends_reminder=True),
        Act(Verb.PUT_AWAY, put_away.put_away, LENDER),  # and members where the rules ask no lender
        Look(Verb.PUT_PLACES, put_away.choose, LENDER),
        Act(Verb.OUT_EARLIER, earlier.begin_out, rights.TAKE_BACK),
        Act(Verb.BACK_EARLIER, earlier.begin_back, rights.TAKE_BACK),
        Act(Verb.BACK, return_report.begin, LENDER),
        Act(Verb.BACK_SAID, return_report.say, LENDER),
        Look(Verb.BACK_PIECES, return_report.pieces, LENDER),
        Look(Verb.BACK_PIECE, return_report.piece, LENDER),
        Act(Verb.ITEM_OUT, item_card.hand_out, LENDER),
        Act(item_card_views.Verb.INSTEAD, item_card.hand_out_instead, LENDER),
        Act(item_card_views.Verb.HAND_OUT_NOW, hand_out_now.begin, LENDER),
        Act(item_card_views.Verb.RENT_THIS, item_card.rent, LENDER, Where.PRIVATE),
        Act(item_card_views.Verb.NEXT, item_card.show_next, LENDER),
        Act(code_views.Verb.GIVE_CODE, giving.begin, LENDER, Where.PRIVATE),
        Act(code_views.Verb.FOUND_IT, found.found, ANYBODY, Where.PRIVATE),
        Act(Verb.KEEP, item_card.keep, ADMIN, Where.PRIVATE),
        # On their own rentals, the same as elsewhere.
        Act(Verb.DESK, worklist.tapped, Right(Role.LENDER, own=True), Where.PRIVATE),
    ),
    conversations=((hand_out_now.TALK, LENDER), (giving.TALK, LENDER), (earlier.TALK, rights.TAKE_BACK)),
    messages=(
        MessageKind(notifications.PUT_AWAY_CARD, put_away.card),
        MessageKind(checkin.CONTRADICTED, to_member(checkout.contradicted), names_organization=True),
        MessageKind(notifications.DAY_CARD, worklist.card),
        MessageKind(notifications.ITEM_CARD, item_card.card),
        MessageKind(notifications.PIECES_CARD, by_name.pieces),
        MessageKind(finds.FOUND, found.told, names_organization=True),
    ),
    lists=(ListOfRentals("desk", worklist.turn_page, LENDER),),
    answers={
        by_name.SHOWN: by_name.shown,
        "give_code": giving.offered,
        "code_given": giving.given,
        "unknown_code": giving.unknown,
        "no_code": lambda t, p: code_views.no_code(t),
        "somebodys_card": lambda t, p: code_views.somebodys_card(t),
        "card_unknown": lambda t, p: code_views.card_unknown(t),
        "not_read": lambda t, p: code_views.not_read(t, p["refused"]),
        "one_at_a_time": lambda t, p: code_views.one_at_a_time(t),
        "whose": found.shown,
        "not_handed_out": lambda t, p: screens.nothing(t),
        "nothing_changed": lambda t, p: earlier.nothing(t),
        "finder_told": lambda t, p: code_views.finder_told(t, p["organization"]),
    },
    on_reply=return_report.takes,
    on_picture=pictures.read,
)
