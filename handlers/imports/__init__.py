"""Imports of files that are sent to the bot: inventory and members."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.imports import afterwards, card, holders, plan, refusals, upload
from handlers.imports.plan_views import Verb as Verbs
from handlers.ui.callbacks import Verb
from handlers.ui.registry import ADMIN, LENDER, Act, Command, Feature, Handle, Look, MessageKind, Where
from services.imports import jobs, runs

FEATURE = Feature(
    commands=(
        Command("import", N_("Import the inventory"), Where.PRIVATE, Role.ADMIN, False, upload.command),
    ),
    buttons=(
        Handle(Verb.IMPORT_AS, upload.chosen, ADMIN),
        Handle(Verb.LINKS, upload.links, ADMIN),
        Act(card.Verb.CANCEL_IMPORT, card.cancel, ADMIN, where=Where.PRIVATE),
        Act(Verbs.IMPORT_LIST, plan.confirm, ADMIN, where=Where.PRIVATE, wakes_imports=True),
        Act(Verbs.LIST_CHOOSE, plan.choose, ADMIN, where=Where.PRIVATE, wakes_imports=True),
        Look(Verbs.LIST_PLAN, plan.show, ADMIN, where=Where.PRIVATE),
        Look(Verbs.LIST_FIRST, plan.first_five, ADMIN, where=Where.PRIVATE),
        Look(Verbs.LIST_COLUMNS, plan.columns, ADMIN, where=Where.PRIVATE),
        Look(Verbs.LIST_COLUMN, plan.column, ADMIN, where=Where.PRIVATE),
        Look(afterwards.Verb.IMPORT_RUN, afterwards.show, ADMIN, where=Where.PRIVATE),
        Look(afterwards.Verb.ASK_UNDO, afterwards.ask, ADMIN, where=Where.PRIVATE),
        Look(afterwards.Verb.HOLDERS, holders.show, LENDER, where=Where.PRIVATE),
        Act(afterwards.Verb.HAND_OUT_LISTED, holders.hand_out, LENDER, where=Where.PRIVATE),
        Act(afterwards.Verb.ADDRESS_OF, afterwards.settle, ADMIN, where=Where.PRIVATE),
        Act(afterwards.Verb.UNDO, afterwards.do, ADMIN, where=Where.PRIVATE),
    ),
    messages=(MessageKind(jobs.CARD, card.draw), MessageKind(runs.CARD, afterwards.draw)),
    refusals=refusals.WORDS,
    on_file=upload.sent,
)
