"""Damage, loss, and blocks."""

from handlers.maintenance import blocks, damage, problem_report
from handlers.ui.callbacks import Verb
from handlers.ui.registry import ADMIN, LENDER, Act, Feature, Look, MessageKind
from services.access import rights
from services.messaging import notifications

FEATURE = Feature(
    buttons=(
        Act(Verb.PROBLEM, damage.problem, rights.REPORT_PROBLEM),
        Act(Verb.TAKE_OUT, damage.take_out, LENDER),
        Act(Verb.REPAIRED, damage.repaired, ADMIN),
        Act(Verb.SHOW_DAMAGE, damage.show, LENDER),
        Look(Verb.LOSE, damage.lose, LENDER),
        Look(Verb.LOSE_PIECE, damage.lose_piece, LENDER),
        Act(Verb.LOSE_SURELY, damage.lose_surely, LENDER),
        Act(Verb.FOUND, damage.found, LENDER),
    ),
    conversations=((problem_report.TALK, rights.REPORT_PROBLEM), (blocks.BLOCKING, rights.KEEP_INVENTORY)),
    messages=(MessageKind(notifications.DAMAGE_CARD, damage.card),),
)
