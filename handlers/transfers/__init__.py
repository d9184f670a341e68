"""Transfers from one member to the next, without the desk."""

from handlers.rentals.cards import to_member
from handlers.transfers import transfers
from handlers.ui.callbacks import Verb
from handlers.ui.registry import OWN, OWN_STILL, Act, Feature, Look, MessageKind, Where
from services.desk import transfer
from services.transfers import expiry

FEATURE = Feature(
    buttons=(
        Act(Verb.HAND_OVER, transfers.offer, OWN_STILL, Where.PRIVATE),
        Look(Verb.HAND_OVER_SOME, transfers.some, OWN_STILL, Where.PRIVATE),
        Act(Verb.HAND_OVER_BACK, transfers.take_offer_back, OWN_STILL, Where.PRIVATE),
        # For the next member:
        Act(Verb.HAND_OVER_YES, transfers.accept, OWN, Where.PRIVATE),
        Act(Verb.HAND_OVER_WRONG, transfers.accept_with_problem, OWN, Where.PRIVATE),
        Act(Verb.HAND_OVER_NO, transfers.decline, OWN_STILL, Where.PRIVATE),
    ),
    messages=(
        MessageKind(expiry.CARD, transfers.card),
        MessageKind(expiry.OFF, to_member(transfers.off)),
        MessageKind(transfer.DECLINED, to_member(transfers.declined)),
    ),
)
