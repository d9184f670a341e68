"""Damage, loss, and blocks."""

from handlers.maintenance import blocks, damage, problem_report
from handlers.ui.callbacks import Verb
from handlers.ui.registry import ADMIN, LENDER, OWN_OR_LENDER, Act, Feature, Look, MessageKind
from services.messaging import notifications

FEATURE = Feature(
    buttons=(
        Act(Verb.PROBLEM, damage.problem, OWN_OR_LENDER),
        Act(Verb.TAKE_OUT, damage.take_out, LENDER),
        Act(Verb.REPAIRED, damage.repaired, ADMIN),
        Act(Verb.SHOW_DAMAGE, damage.show, LENDER),
        Look(Verb.LOSE, damage.lose, LENDER),
        Look(Verb.LOSE_PIECE, damage.lose_piece, LENDER),
        Act(Verb.LOSE_SURELY, damage.lose_surely, LENDER),
        Act(Verb.FOUND, damage.found, LENDER),
    ),
    conversations=((problem_report.TALK, OWN_OR_LENDER), (blocks.BLOCKING, ADMIN)),
    messages=(MessageKind(notifications.DAMAGE_CARD, damage.card),),
)
